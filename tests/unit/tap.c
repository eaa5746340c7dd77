#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned points, failures;
static char remarks[8192];
#define LONGEST 1000 /* one remark */

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
    if (length < sizeof remarks - LONGEST) { /* enough to read otherwise */
        length += (size_t)sprintf(remarks + length, "# ");
        vsnprintf(remarks + length, LONGEST - 4, format, arguments);
        strcat(remarks, "\n");
    }
    va_end(arguments);
}

void tap_point(bool good, const char *name)
{
    printf("%s %u - %s\n", good ? "ok" : "not ok", ++points, name);
    failures += !good;
    if (!good) { printf("%s", remarks); }
    remarks[0] = '\0';
}

int tap_end(void)
{
    printf("1..%u\n", points);
    return failures == 0 && points > 0 ? 0 : 1;
}
