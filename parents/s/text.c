#include "text.h"

#include <kerne.h>
#include <stdio.h>
#include <string.h>

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

static bool is_leap_year(uint64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

struct text text_of_date(uint64_t seconds)
{
    static const uint64_t month_days[] = { 31, 28, 31, 30, 31, 30,
                                           31, 31, 30, 31, 30, 31 };
    struct text text;
    uint64_t day = seconds / 86400;
    uint64_t second = seconds % 86400;
    unsigned long year = 1970;
    while (day >= (is_leap_year(year) ? 366u : 365u) && year < 9999) {
        day -= is_leap_year(year) ? 366 : 365;
        year++;
    }
    unsigned long month = 0;
    for (; month < 11; month++) {
        uint64_t days = month_days[month];
        days += month == 1 && is_leap_year(year);
        if (day < days) { break; }
        day -= days;
    }
    snprintf(text.is, sizeof text.is, "%lu-%02lu-%02luT%02lu:%02lu:%02luZ",
             year, month + 1, (unsigned long)day + 1,
             (unsigned long)second / 3600, (unsigned long)second / 60 % 60,
             (unsigned long)second % 60);
    return text;
}

static int digit_of(char c, unsigned base)
{
    int digit = -1;
    if (c >= '0' && c <= '9') {
        digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
        digit = c - 'A' + 10;
    }
    return digit < (int)base ? digit : -1;
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
    unsigned base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    const char *c = text;
    uint64_t value = 0;
    for (; digit_of(*c, base) >= 0; c++) {
        uint64_t digit = (uint64_t)digit_of(*c, base);
        if (value > (UINT64_MAX - digit) / base) { return false; }
        value = value * base + digit;
    }
    uint64_t unit = unit_of(c);
    if (c == text || unit == 0 || value > UINT64_MAX / unit) { return false; }
    *ret_number = value * unit;
    return true;
}

bool text_is_name(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= KERNE_NAME_BYTES || text[0] < 'a' ||
        text[0] > 'z') {
        return false;
    }
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}
