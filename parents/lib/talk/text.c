#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <program.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define KILO 1024u
#define MEGA (1024u * 1024u)

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

struct text text_of_time(uint64_t ticks)
{
    struct text text;
    unsigned long milliseconds = kerne_microseconds(ticks) / 1000;
    snprintf(text.is, sizeof text.is, "%lu.%03lu", milliseconds / 1000,
             milliseconds % 1000);
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

bool text_to_number(const char *text, uint64_t *ret_number)
{
    static const char units[] = "kmg"; /* each 1,024 of the one before */
    char *end;
    errno = 0;
    int base = strncasecmp(text, "0x", 2) == 0 ? 16 : 10;
    uint64_t value = strtoull(text, &end, base);
    const char *unit = strchr(units, tolower((unsigned char)*end));
    bool has_unit = *end != '\0';
    if (!isdigit((unsigned char)text[0]) || errno != 0 || unit == NULL ||
        (has_unit && end[1] != '\0')) {
        return false;
    }
    unsigned shift = has_unit ? 10 * (unsigned)(unit - units + 1) : 0;
    bool fits = value <= UINT64_MAX >> shift;
    if (fits) { *ret_number = value << shift; }
    return fits;
}

/* ---- bytes ------------------------------------------------------------- */

void text_of_bytes(uint64_t address, const uint8_t *bytes, unsigned count,
                   char ret_row[TEXT_ROW_BYTES])
{
    char text[TEXT_IN_A_ROW + 1] = "";
    size_t used = (size_t)snprintf(ret_row, TEXT_ROW_BYTES, "%10lx ",
                                   (unsigned long)address);
    for (unsigned i = 0; i < TEXT_IN_A_ROW; i++) {
        bool is_there = i < count;
        if (is_there) { text[i] = isprint(bytes[i]) ? (char)bytes[i] : '.'; }
        used += (size_t)snprintf(
            ret_row + used, TEXT_ROW_BYTES - used, is_there ? "%s%02x" : "%s  ",
            i == TEXT_IN_A_ROW / 2 ? "  " : " ", is_there ? bytes[i] : 0);
    }
    snprintf(ret_row + used, TEXT_ROW_BYTES - used, "  %s", text);
}

/* ---- names -------------------------------------------------------------- */

bool text_is_name(const char *text)
{
    uint64_t packed[2];
    kerne_name(text, packed);
    return kerne_name_is_good(packed);
}
