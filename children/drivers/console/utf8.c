#include "utf8.h"

#include <stdio.h>

struct range {
    uint32_t first, last;
};

/* By the first byte: the length, and the first character that has it. */
static size_t length_of(unsigned char first, uint32_t *ret_least)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = 0;
    if (first < 0x80) {
        length = 1;
    } else if (first >= 0xc2 && first < 0xe0) {
        length = 2;
    } else if (first >= 0xe0 && first < 0xf0) {
        length = 3;
    } else if (first >= 0xf0 && first < 0xf5) {
        length = 4;
    }
    *ret_least = least[length];
    return length;
}

/* Some good text begins with these `used` bytes of `length`, which make up
 * `code`, if what is still to come is as small, or as large, as can be. */
static bool can_be_good(uint32_t code, uint32_t least, size_t missing)
{
    uint32_t low = code << 6 * missing;
    uint32_t high = low | ((UINT32_C(1) << 6 * missing) - 1);
    bool surrogate = low >= 0xd800 && high <= 0xdfff;
    return high >= least && low <= 0x10ffff && !surrogate;
}

size_t utf8_decode(const char *text, size_t bytes, uint32_t *ret_code)
{
    uint32_t least;
    if (bytes == 0) { return 0; }
    unsigned char first = (unsigned char)text[0];
    size_t length = length_of(first, &least);
    *ret_code = UTF8_BAD;
    if (length == 0) { return 1; }
    uint32_t code = length == 1 ? first : first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (i == bytes) { return 0; }
        unsigned char c = (unsigned char)text[i];
        code = code << 6 | (c & 0x3f);
        if ((c & 0xc0) != 0x80 || !can_be_good(code, least, length - 1 - i)) {
            return 1;
        }
    }
    *ret_code = code;
    return length;
}

size_t utf8_encode(uint32_t code, char ret_text[UTF8_LONGEST])
{
    if (code < 0x80) {
        ret_text[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        ret_text[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    ret_text[0] = (char)((0xf00u >> length & 0xff) | code);
    return length;
}

size_t utf8_last(const char *text, size_t bytes)
{
    size_t length = 0;
    while (length < bytes) {
        length++;
        if ((text[bytes - length] & 0xc0) != 0x80) { break; }
    }
    return length;
}

static bool is_among(uint32_t code, const struct range *range, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= range[i].first && code <= range[i].last) { return true; }
    }
    return false;
}
#define IS_AMONG(code, ranges) \
    is_among(code, ranges, sizeof(ranges) / sizeof((ranges)[0]))

unsigned utf8_columns(uint32_t code)
{
    static const struct {
        uint32_t columns, first, last;
    } table[] = {
#define RANGE(columns, first, last) { columns, first, last },
#include "columns.def"
#undef RANGE
    };
    size_t low = 0, high = sizeof(table) / sizeof(table[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code < table[middle].first) {
            high = middle;
        } else if (code > table[middle].last) {
            low = middle + 1;
        } else {
            return table[middle].columns;
        }
    }
    return 1;
}

size_t utf8_text_columns(const char *text, size_t bytes)
{
    size_t columns = 0, length;
    for (size_t at = 0; at < bytes; at += length) {
        uint32_t code = 0;
        length = utf8_decode(text + at, bytes - at, &code);
        if (length == 0) { break; }
        columns += utf8_columns(code);
    }
    return columns;
}

bool utf8_is_shown(uint32_t code)
{
    static const struct range hidden[] = {
        { 0x00, 0x1f },       { 0x7f, 0x9f },     { 0xad, 0xad },
        { 0x61c, 0x61c },     { 0x180e, 0x180e }, { 0x200b, 0x200b },
        { 0x200e, 0x200f },   { 0x2028, 0x202e }, { 0x2060, 0x206f },
        { 0xd800, 0xdfff },   { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff },
        { 0xfff0, 0xfffb },   { 0xfffe, 0xffff }, { 0x1d173, 0x1d17a },
        { 0xe0000, 0xe00ff },
    };
    return code <= 0x10ffff && (code & 0xfffe) != 0xfffe &&
           !IS_AMONG(code, hidden);
}

bool utf8_is_unseen(uint32_t code)
{
    static const struct range unseen[] = {
        { 0x34f, 0x34f },     { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
        { 0x180b, 0x180f },   { 0x200c, 0x200d }, { 0x3164, 0x3164 },
        { 0xfe00, 0xfe0f },   { 0xffa0, 0xffa0 }, { 0x1bca0, 0x1bca3 },
        { 0xe0100, 0xe0fff },
    };
    return IS_AMONG(code, unseen);
}

bool utf8_is_blank(uint32_t code)
{
    static const struct range blank[] = {
        { '\t', '\t' },     { ' ', ' ' },       { 0xa0, 0xa0 },
        { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x202f, 0x202f },
        { 0x205f, 0x205f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },
    };
    return IS_AMONG(code, blank);
}

size_t utf8_escape(uint32_t code, char byte,
                   char ret_text[UTF8_ESCAPE_LONGEST + 1])
{
    const char *format = "\\U%08lx";
    if (code == UTF8_BAD || code < 0x80) {
        format = "\\x%02lx";
        code = (unsigned char)byte;
    } else if (code <= 0xffff) {
        format = "\\u%04lx";
    }
    return (size_t)snprintf(ret_text, UTF8_ESCAPE_LONGEST + 1, format,
                            (unsigned long)code);
}
