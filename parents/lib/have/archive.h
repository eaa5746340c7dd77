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
#include <stdbool.h>
#include <stdint.h>

#define ARCHIVE_NAME_BYTES 101 /* a name of 100 characters and its end */

struct archive {
    const uint8_t *bytes;
    uint64_t size;
};

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

/* The image that a start record tells of; of no bytes, if there is none. */
struct archive archive_lent(const struct kerne_start *start);

/* The next ordinary file from *cursor on (0: the first); moves *cursor behind
 * it.  Folders, links and the like are passed over.  *ret_member is written
 * with ARCHIVE_MEMBER only. */
enum archive_result archive_next(const struct archive *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member);

/* The first file of this name, as far as the archive is sound. */
bool archive_find(const struct archive *archive, const char *name,
                  struct archive_member *ret_member);

/* Is there anything that is no archive?  Files behind it are not found. */
bool archive_is_damaged(const struct archive *archive);

/* The file that a command names: its first word, or the beginning of one that
 * is longer than any file's name.  Returns what follows, without blanks. */
#define ARCHIVE_WORD_BYTES (ARCHIVE_NAME_BYTES + 1)
const char *archive_command(const char *command,
                            char ret_name[ARCHIVE_WORD_BYTES]);
