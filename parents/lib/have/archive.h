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
#include <stdint.h>

#define ARCHIVE_NAME_BYTES 101 /* a name of 100 characters and its end */

struct archive_member {
    char name[ARCHIVE_NAME_BYTES];
    const uint8_t *bytes;
    uint64_t size;
};

enum archive_result {
    ARCHIVE_MEMBER,
    ARCHIVE_END,
    ARCHIVE_DAMAGED, /* a header that is none, or a file cut short */
};

/* The next ordinary file from *cursor on (0: the first); moves *cursor behind
 * it.  Folders, links and the like are passed over.  *ret_member is written
 * with ARCHIVE_MEMBER only.  An archive may be empty. */
enum archive_result archive_next(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member);

/* The first file of this name, as far as the archive is sound. */
enum archive_result archive_find(const struct kerne_range *archive,
                                 const char *name,
                                 struct archive_member *ret_member);
