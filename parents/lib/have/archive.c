#include "archive.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <tar.h>

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

/* Octal digits, ended by a blank, a zero or the end of the field; of anything
 * else, more than any archive has. */
static uint64_t octal(const char *field, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes && field[i] != ' ' && field[i] != '\0'; i++) {
        if (field[i] < '0' || field[i] > '7') { return UINT64_MAX; }
        value = value << 3 | (uint64_t)(field[i] - '0');
    }
    return value;
}

static uint64_t sum(const void *field, size_t bytes)
{
    const uint8_t *byte = field;
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i++) { sum += byte[i]; }
    return sum;
}

/* The checksum is that of the header, its own field counted as blanks. */
static bool is_sound(const struct header *header)
{
    const size_t bytes = sizeof header->checksum;
    return memcmp(header->magic, TMAGIC, TMAGLEN - 1) == 0 &&
           octal(header->checksum, bytes) ==
               sum(header, BLOCK) - sum(header->checksum, bytes) + bytes * ' ';
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

enum archive_result archive_next(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member)
{
    uint64_t all =
        archive->first < archive->last ? archive->last - archive->first : 0;
    while (*cursor + BLOCK <= all) {
        const uint8_t *at = (const uint8_t *)archive->first + *cursor;
        const struct header *header = (const struct header *)at;
        uint64_t left = all - *cursor - BLOCK;
        uint64_t size = octal(header->size, sizeof header->size);
        if (sum(header, BLOCK) == 0) { return ARCHIVE_END; }
        if (!is_sound(header) || size > left) { return ARCHIVE_DAMAGED; }
        uint64_t padded = (size + BLOCK - 1) / BLOCK * BLOCK;
        *cursor += BLOCK + (padded < left ? padded : left);
        if (header->type == REGTYPE || header->type == AREGTYPE) {
            copy_name(header, ret_member->name);
            ret_member->bytes = at + BLOCK;
            ret_member->size = size;
            return ARCHIVE_MEMBER;
        }
    }
    return ARCHIVE_END;
}

enum archive_result archive_find(const struct kerne_range *archive,
                                 const char *name,
                                 struct archive_member *ret_member)
{
    struct archive_member member;
    enum archive_result result;
    uint64_t cursor = 0;
    do {
        result = archive_next(archive, &cursor, &member);
    } while (result == ARCHIVE_MEMBER && strcmp(member.name, name) != 0);
    if (result == ARCHIVE_MEMBER) { *ret_member = member; }
    return result;
}
