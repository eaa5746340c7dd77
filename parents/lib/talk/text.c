#include "text.h"

#include <calls.h>
#include <ctype.h>
#include <errno.h>
#include <kerne.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KILO 1024u
#define MEGA (1024u * 1024u)
#define GIGA (1024u * 1024u * 1024u)

struct text text_of_size(uint64_t bytes)
{
    struct text text;
    unsigned long whole = (unsigned long)bytes / MEGA;
    unsigned long tenth = (unsigned long)bytes % MEGA * 10 / MEGA;
    if (bytes >= MEGA && bytes % MEGA == 0) {
        snprintf(text.is, sizeof text.is, "%lu M", whole);
    } else if (bytes >= MEGA) {
        snprintf(text.is, sizeof text.is, "%lu.%lu M", whole, tenth);
    } else if (bytes >= KILO) {
        snprintf(text.is, sizeof text.is, "%lu k", (unsigned long)bytes / KILO);
    } else {
        snprintf(text.is, sizeof text.is, "%lu", (unsigned long)bytes);
    }
    return text;
}

struct text text_of_time(uint64_t ticks, uint64_t ticks_per_second)
{
    struct text text = { "-" };
    if (ticks_per_second != 0) {
        uint64_t seconds = ticks / ticks_per_second;
        uint64_t rest = ticks % ticks_per_second;
        snprintf(text.is, sizeof text.is, "%lu.%03lu", (unsigned long)seconds,
                 (unsigned long)(rest * 1000 / ticks_per_second));
    }
    return text;
}

struct text text_of_date(uint64_t seconds)
{
    struct text text = { "a time far away" };
    struct tm parts;
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) != NULL) {
        strftime(text.is, sizeof text.is, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    return text;
}

static uint64_t unit_of(const char *suffix)
{
    if (suffix[0] == '\0') { return 1; }
    if (suffix[1] != '\0') { return 0; }
    switch (suffix[0]) {
    case 'k':
    case 'K': return KILO;
    case 'm':
    case 'M': return MEGA;
    case 'g':
    case 'G': return GIGA;
    default: return 0;
    }
}

bool text_to_number(const char *text, uint64_t *ret_number)
{
    bool is_hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = text + (is_hexadecimal ? 2 : 0);
    char *suffix;
    errno = 0;
    uint64_t value = strtoull(digits, &suffix, is_hexadecimal ? 16 : 10);
    uint64_t unit = unit_of(suffix);
    if (!isxdigit((unsigned char)digits[0]) || suffix == digits ||
        (is_hexadecimal && digits[1] == 'x') || errno != 0 || unit == 0 ||
        value > UINT64_MAX / unit) {
        return false;
    }
    *ret_number = value * unit;
    return true;
}

struct text text_of_count(uint64_t count)
{
    struct text text;
    bool is_large = count >= 10000;
    snprintf(text.is, sizeof text.is, is_large ? "%luk" : "%lu",
             (unsigned long)(is_large ? count / 1024 : count));
    return text;
}

/* ---- bytes ------------------------------------------------------------- */

void text_of_bytes(uint64_t address, const uint8_t *bytes, unsigned count,
                   char ret_row[TEXT_ROW_BYTES])
{
    char text[TEXT_IN_A_ROW + 1];
    size_t used = (size_t)snprintf(ret_row, TEXT_ROW_BYTES, "%10lx ",
                                   (unsigned long)address);
    for (unsigned i = 0; i < TEXT_IN_A_ROW; i++) {
        bool is_there = i < count;
        char c = is_there ? (char)bytes[i] : ' ';
        text[i] = '.';
        if (c >= ' ' && c <= '~') { text[i] = c; }
        used += (size_t)snprintf(
            ret_row + used, TEXT_ROW_BYTES - used, is_there ? "%s%02x" : "%s  ",
            i == TEXT_IN_A_ROW / 2 ? "  " : " ", is_there ? bytes[i] : 0);
    }
    text[TEXT_IN_A_ROW] = '\0';
    snprintf(ret_row + used, TEXT_ROW_BYTES - used, "  %s", text);
}

void text_make_printable(char *text, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i++) {
        bool is_control = (unsigned char)text[i] < ' ' || text[i] == 0x7f;
        if (is_control) { text[i] = text[i] == '\t' ? ' ' : '?'; }
    }
}

/* ---- names -------------------------------------------------------------- */

bool text_is_name(const char *text)
{
    uint64_t packed[2];
    kerne_name(text, packed);
    return kerne_name_is_good(packed);
}
