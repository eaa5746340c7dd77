/*
 * The boot image: a ustar archive, read where it lies.
 *
 * Whatever the archive holds, nothing outside its bytes is read.  A member
 * counts only if its header's checksum is right and all its bytes are there.
 * No nucleus is needed: this file runs natively, too.  No pointer argument may
 * be null, unless its comment says so.
 */
#pragma once

#include <kerne.h>
#include <stddef.h>
#include <stdint.h>

#define ARCHIVE_NAME_BYTES 101 /* a name of 100 characters and its end */

/* The header of a member, by the POSIX standard of ustar: texts need not end,
 * numbers are for archive_octal(). */
struct archive_header {
    char name[100];
    char mode[8], user[8], group[8];
    char size[12], modified[12], checksum[8];
    char type, link[100], magic[6], version[2];
    char user_name[32], group_name[32];
    char device_major[8], device_minor[8];
    char prefix[155], rest[12];
};
_Static_assert(sizeof(struct archive_header) == 512, "a ustar header");

struct archive_member {
    const struct archive_header *header;
    char name[ARCHIVE_NAME_BYTES];
    const uint8_t *bytes;
    uint64_t size;
};

enum archive_result {
    ARCHIVE_MEMBER,
    ARCHIVE_END,
    ARCHIVE_DAMAGED, /* a header that is none, or a file cut short */
};

/* The next member of any type from *cursor on (0: the first); moves *cursor
 * behind it.  *ret_member is written with ARCHIVE_MEMBER only; its name is that
 * of the header, without `./` before it. */
enum archive_result archive_step(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member);

/* The next ordinary file from *cursor on (0: the first); moves *cursor behind
 * it.  Folders, links and the like are passed over.  With another result
 * *ret_member means nothing.  An archive may be empty. */
enum archive_result archive_next(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member);

/* A number of a header: octal digits, ended by a blank, a zero or the end of
 * the field; of anything else, UINT64_MAX, which no field can hold. */
uint64_t archive_octal(const char *field, size_t bytes);

/* The first file of this name, as far as the archive is sound.  With another
 * result than ARCHIVE_MEMBER *ret_member means nothing. */
enum archive_result archive_find(const struct kerne_range *archive,
                                 const char *name,
                                 struct archive_member *ret_member);
