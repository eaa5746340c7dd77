#include "archive.h"

#include <stddef.h>
#include <string.h>

#define BLOCK 512u

/* The header of a member, by the POSIX standard of ustar. */
struct header {
    char name[100];
    char mode[8], uid[8], gid[8];
    char size[12];
    char mtime[12];
    char checksum[8];
    char type;
    char link[100];
    char magic[6], version[2];
    char user[32], group[32];
    char device_major[8], device_minor[8];
    char prefix[155];
    char rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "size of a ustar header");

struct archive archive_lent(const struct kerne_start *start)
{
    const struct kerne_range *image = &start->image;
    return (struct archive){
        .bytes = (const uint8_t *)image->first,
        .size = image->last > image->first ? image->last - image->first : 0,
    };
}

/* Octal digits, ended by a blank, a zero or the end of the field. */
static bool octal(const char *field, size_t bytes, uint64_t *ret_value)
{
    uint64_t value = 0;
    size_t i = 0;
    while (i < bytes && field[i] == ' ') { i++; }
    size_t first = i;
    while (i < bytes && field[i] >= '0' && field[i] <= '7') {
        value = value << 3 | (uint64_t)(field[i] - '0');
        i++;
    }
    if (i == first || (i < bytes && field[i] != ' ' && field[i] != '\0')) {
        return false;
    }
    *ret_value = value;
    return true;
}

/* The sum of the header's bytes, its own field counted as blanks. */
static bool checksum_is_right(const struct header *header)
{
    const uint8_t *bytes = (const uint8_t *)header;
    size_t own = offsetof(struct header, checksum);
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        bool in_field = i >= own && i < own + sizeof header->checksum;
        sum += in_field ? (uint8_t)' ' : bytes[i];
    }
    uint64_t stored;
    return octal(header->checksum, sizeof header->checksum, &stored) &&
           stored == sum;
}

static bool is_blank(const struct header *header)
{
    const uint8_t *bytes = (const uint8_t *)header;
    for (size_t i = 0; i < BLOCK; i++) {
        if (bytes[i] != 0) { return false; }
    }
    return true;
}

/* The name as people write it; one with a prefix (a deep path) is cut. */
static void copy_name(const struct header *header,
                      char ret_name[ARCHIVE_NAME_BYTES])
{
    const char *name = header->name;
    size_t left = sizeof header->name;
    if (name[0] == '.' && name[1] == '/') {
        name += 2;
        left -= 2;
    }
    size_t length = strnlen(name, left);
    memcpy(ret_name, name, length);
    ret_name[length] = '\0';
}

enum archive_result archive_next(const struct archive *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member)
{
    for (;;) {
        uint64_t at = *cursor;
        if (at > archive->size || archive->size - at < BLOCK) {
            return ARCHIVE_END;
        }
        struct header header;
        memcpy(&header, archive->bytes + at, BLOCK);
        if (is_blank(&header)) { return ARCHIVE_END; }
        uint64_t size;
        uint64_t left = archive->size - at - BLOCK;
        if (memcmp(header.magic, "ustar", 5) != 0 ||
            !checksum_is_right(&header) ||
            !octal(header.size, sizeof header.size, &size) || size > left) {
            return ARCHIVE_DAMAGED;
        }
        uint64_t padded = (size + BLOCK - 1) / BLOCK * BLOCK;
        *cursor = at + BLOCK + (padded < left ? padded : left);
        if (header.type == '0' || header.type == '\0') {
            copy_name(&header, ret_member->name);
            ret_member->bytes = archive->bytes + at + BLOCK;
            ret_member->size = size;
            return ARCHIVE_MEMBER;
        }
    }
}

bool archive_find(const struct archive *archive, const char *name,
                  struct archive_member *ret_member)
{
    struct archive_member member;
    uint64_t cursor = 0;
    while (archive_next(archive, &cursor, &member) == ARCHIVE_MEMBER) {
        if (strcmp(member.name, name) == 0) {
            *ret_member = member;
            return true;
        }
    }
    return false;
}

bool archive_is_damaged(const struct archive *archive)
{
    struct archive_member member;
    enum archive_result result;
    uint64_t cursor = 0;
    do {
        result = archive_next(archive, &cursor, &member);
    } while (result == ARCHIVE_MEMBER);
    return result == ARCHIVE_DAMAGED;
}

const char *archive_command(const char *command,
                            char ret_name[ARCHIVE_WORD_BYTES])
{
    size_t length = strcspn(command, " ");
    size_t kept = length < ARCHIVE_WORD_BYTES ? length : ARCHIVE_WORD_BYTES - 1;
    memcpy(ret_name, command, kept);
    ret_name[kept] = '\0';
    return command + length + strspn(command + length, " ");
}
