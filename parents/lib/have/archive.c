#include "archive.h"

#include <stdbool.h>
#include <string.h>
#include <tar.h>

#define BLOCK sizeof(struct archive_header)

uint64_t archive_octal(const char *field, size_t bytes)
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
static bool is_sound(const struct archive_header *header)
{
    const size_t bytes = sizeof header->checksum;
    return memcmp(header->magic, TMAGIC, TMAGLEN - 1) == 0 &&
           archive_octal(header->checksum, bytes) ==
               sum(header, BLOCK) - sum(header->checksum, bytes) + bytes * ' ';
}

/* The name as people write it; one with a prefix (a deep path) is cut. */
static void copy_name(const struct archive_header *header,
                      char ret_name[ARCHIVE_NAME_BYTES])
{
    const size_t dot = memcmp(header->name, "./", 2) == 0 ? 2 : 0;
    size_t length = strnlen(header->name + dot, sizeof header->name - dot);
    memcpy(ret_name, header->name + dot, length);
    ret_name[length] = '\0';
}

enum archive_result archive_step(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member)
{
    uint64_t all =
        archive->first < archive->last ? archive->last - archive->first : 0;
    if (*cursor + BLOCK > all) { return ARCHIVE_END; }
    const struct archive_header *header =
        (const struct archive_header *)(archive->first + *cursor);
    uint64_t left = all - *cursor - BLOCK;
    uint64_t size = archive_octal(header->size, sizeof header->size);
    if (sum(header, BLOCK) == 0) { return ARCHIVE_END; }
    if (!is_sound(header) || size > left) { return ARCHIVE_DAMAGED; }
    *cursor += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    copy_name(header, ret_member->name);
    ret_member->header = header;
    ret_member->bytes = (const uint8_t *)(header + 1);
    ret_member->size = size;
    return ARCHIVE_MEMBER;
}

enum archive_result archive_next(const struct kerne_range *archive,
                                 uint64_t *cursor,
                                 struct archive_member *ret_member)
{
    enum archive_result result;
    do {
        result = archive_step(archive, cursor, ret_member);
    } while (result == ARCHIVE_MEMBER && ret_member->header->type != REGTYPE &&
             ret_member->header->type != AREGTYPE);
    return result;
}

enum archive_result archive_find(const struct kerne_range *archive,
                                 const char *name,
                                 struct archive_member *ret_member)
{
    enum archive_result result;
    uint64_t cursor = 0;
    do {
        result = archive_next(archive, &cursor, ret_member);
    } while (result == ARCHIVE_MEMBER && strcmp(ret_member->name, name) != 0);
    return result;
}
