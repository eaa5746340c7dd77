#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned points, failures;
static char remarks[8192];

void tap_begin(void)
{
    printf("TAP version 14\n");
    setvbuf(stdout, NULL, _IOLBF, 0);
}

void tap_remark(const char *format, ...)
{
    size_t length = strlen(remarks);
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)snprintf(remarks + length, sizeof remarks - length,
                               "# ");
    vsnprintf(remarks + length, sizeof remarks - length, format, arguments);
    va_end(arguments);
    length = strlen(remarks);
    snprintf(remarks + length, sizeof remarks - length, "\n");
}

void tap_point(bool good, const char *name)
{
    printf("%s %u - %s\n", good ? "ok" : "not ok", ++points, name);
    failures += !good;
    if (!good) {
        printf("%s", remarks);
    }
    remarks[0] = '\0';
}

int tap_end(void)
{
    printf("1..%u\n", points);
    return failures == 0 && points > 0 ? 0 : 1;
}
