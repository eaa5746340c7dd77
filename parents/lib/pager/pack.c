#include "pack.h"

#include <kerne.h>
#include <string.h>

#define WORD sizeof(uint32_t)
#define WORDS (KERNE_PAGE / WORD)
/* LZ4 wants the last five bytes to be literals, and no match to begin in the
 * last twelve. */
#define LAST_WORDS 3
#define TABLE_BITS 9

/* Four bits of a length stand in the token that begins a sequence; 15 means
 * that bytes follow, which are added, up to the first that is not 255. */
#define IN_TOKEN 15
#define LEAST_MATCH 4 /* bytes; they are not counted */

/* ---- to fewer bytes ------------------------------------------------------ */

struct writer {
    uint8_t *next;
    uint8_t *end;
    bool is_full;
};

static void put_byte(struct writer *to, size_t byte)
{
    if (to->next < to->end) {
        *to->next++ = (uint8_t)byte;
    } else {
        to->is_full = true;
    }
}

static void put_rest(struct writer *to, size_t length)
{
    if (length < IN_TOKEN) { return; }
    for (length -= IN_TOKEN; length >= 255; length -= 255) {
        put_byte(to, 255);
    }
    put_byte(to, length);
}

static void put_literals(struct writer *to, const void *literals, size_t bytes,
                         size_t match)
{
    size_t in_token = bytes < IN_TOKEN ? bytes : IN_TOKEN;
    put_byte(to, in_token << 4 | (match < IN_TOKEN ? match : IN_TOKEN));
    put_rest(to, bytes);
    if (bytes > (size_t)(to->end - to->next)) {
        to->is_full = true;
    } else {
        memcpy(to->next, literals, bytes);
        to->next += bytes;
    }
}

static void put_match(struct writer *to, size_t offset, size_t match)
{
    put_byte(to, offset & 0xff);
    put_byte(to, offset >> 8);
    put_rest(to, match);
}

static unsigned hash(uint32_t word)
{
    return (word * UINT32_C(2654435761)) >> (32 - TABLE_BITS);
}

/* So many words from `i` on are those from `before` on. */
static size_t same(const uint32_t *page, size_t before, size_t i)
{
    size_t words = 0;
    while (i + words < WORDS - LAST_WORDS + 1 &&
           page[before + words] == page[i + words]) {
        words++;
    }
    return words;
}

size_t pack(const void *page, uint8_t *ret_packed, size_t most)
{
    uint16_t seen[1 << TABLE_BITS] = { 0 }; /* where, with that hash, last */
    const uint32_t *word = page;
    struct writer to = { ret_packed, ret_packed + most, false };
    size_t literals = 0; /* begin here */
    for (size_t i = 1; i <= WORDS - LAST_WORDS && !to.is_full;) {
        uint16_t *entry = &seen[hash(word[i])];
        size_t before = *entry;
        *entry = (uint16_t)i;
        if (word[before] != word[i]) {
            i++;
            continue;
        }
        size_t words = same(word, before, i);
        size_t match = words * WORD - LEAST_MATCH;
        put_literals(&to, word + literals, (i - literals) * WORD, match);
        put_match(&to, (i - before) * WORD, match);
        literals = i += words;
    }
    put_literals(&to, word + literals, (WORDS - literals) * WORD, 0);
    return to.is_full ? 0 : (size_t)(to.next - ret_packed);
}

/* ---- and back ------------------------------------------------------------ */

struct reader {
    const uint8_t *next;
    const uint8_t *end;
};

/* 0, where there is nothing more: so a length ends. */
static size_t get_byte(struct reader *from)
{
    return from->next < from->end ? *from->next++ : 0;
}

static size_t get_length(struct reader *from, size_t in_token)
{
    size_t length = in_token, byte = 255;
    if (in_token < IN_TOKEN) { return in_token; }
    while (byte == 255) {
        byte = get_byte(from);
        length += byte;
    }
    return length;
}

bool unpack(const uint8_t *packed, size_t bytes, void *ret_page)
{
    struct reader from = { packed, packed + bytes };
    uint32_t *word = ret_page, *end = word + WORDS;
    while (from.next < from.end) {
        size_t token = get_byte(&from);
        size_t literals = get_length(&from, token >> 4);
        if (literals > (size_t)(from.end - from.next) || literals % WORD != 0 ||
            literals / WORD > (size_t)(end - word)) {
            return false;
        }
        memcpy(word, from.next, literals);
        from.next += literals;
        word += literals / WORD;
        if (from.next == from.end) { return word == end; }
        size_t offset = get_byte(&from);
        offset |= get_byte(&from) << 8;
        size_t match = get_length(&from, token & IN_TOKEN) + LEAST_MATCH;
        if (offset == 0 || (offset | match) % WORD != 0 ||
            offset / WORD > (size_t)(word - (uint32_t *)ret_page) ||
            match / WORD > (size_t)(end - word)) {
            return false;
        }
        for (const uint32_t *to = word + match / WORD; word < to; word++) {
            *word = word[-(ptrdiff_t)(offset / WORD)];
        }
    }
    return false;
}
