/* Input from a file, at the times that it says. */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "options.h"

#define LATER 100000 /* nanoseconds, when the device takes no more now */

static const char *rest, *end; /* of the file; null: there is none */
static const char *file;       /* its name */
static uint64_t when;          /* the next byte, */
static unsigned next;          /* which is this one */

static _Noreturn void refuse(void)
{
    give_up("%s: a line is a time in nanoseconds, a blank, and bytes in "
            "hexadecimal, and no time is before that of the line above",
            file);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static unsigned digit(char c)
{
    if (is_digit(c)) { return (unsigned)(c - '0'); }
    if (c < 'a' || c > 'f') { refuse(); }
    return (unsigned)(c - 'a') + 10;
}

static void read_time(void)
{
    uint64_t time = 0;
    const char *first = rest;
    for (; rest < end && is_digit(*rest) && rest - first < 19; rest++) {
        time = 10 * time + (uint64_t)(*rest - '0');
    }
    if (rest == first || rest == end || *rest++ != ' ' || time < when) {
        refuse();
    }
    when = time;
}

/* The byte behind the last one, perhaps of the next line. */
static void advance(bool is_first)
{
    bool at_line = is_first;
    for (; rest < end && (*rest == '\n' || *rest == '#'); rest++) {
        at_line = true;
        while (*rest != '\n' && rest + 1 < end) { rest++; }
    }
    if (rest == end) {
        when = MACHINE_NEVER;
        return;
    }
    if (at_line) { read_time(); }
    if (end - rest < 2) { refuse(); }
    next = 16 * digit(rest[0]) + digit(rest[1]);
    rest += 2;
}

void replay_begin(const char *path)
{
    uint64_t bytes;
    file = path;
    rest = file_read(path, &bytes);
    end = rest + bytes;
    advance(true);
}

uint64_t replay_next(void) { return rest != NULL ? when : MACHINE_NEVER; }

void replay_type(struct machine *m)
{
    while (replay_next() <= machine_clock(m)) {
        unsigned char byte = (unsigned char)next;
        if (machine_type(m, &byte, 1) == 0) {
            when = machine_clock(m) + LATER;
            return;
        }
        advance(false);
    }
}
