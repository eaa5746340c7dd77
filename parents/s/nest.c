/*
 * A tower of systems: the same program under itself, N times.
 *
 * It is a script of ordinary commands, which makes one system.  That makes the
 * next one by the command that is its argument, `nest N`, as if that had been
 * typed.
 */
#include "command.h"
#include "describe.h"

#include <stdio.h>
#include <stdlib.h>

#define NEST_MOST 32

/* The innermost has room for some programs that need nothing unusual. */
#define INNERMOST_KBYTES (5 * 1024)
#define INNERMOST_BUFFERS 100
#define INNERMOST_PROCESSES 60

/* A system around another one has as much more as it needs for itself, and for
 * one ordinary program beside the other one.  Itself: the storage of s, the
 * buffers that it keeps and as many in use, the next one, and the names
 * `console`, `terminal`, `clock` and `store`. */
#define AROUND_KBYTES 500
#define AROUND_BUFFERS (2 * S_BUFFERS + USUAL_BUFFERS)
#define AROUND_PROCESSES (1 + 4 + 1 + USUAL_PROCESSES)

#define LETTERS_KEPT 10

/* The name that many levels further in: s3 is two further in than s, s12 than
 * s10. */
static void name_further_in(uint64_t levels, char ret_name[KERNE_NAME_BYTES])
{
    const char *own = s.parent.name;
    size_t letters = strlen(own);
    while (letters > 1 && own[letters - 1] >= '0' && own[letters - 1] <= '9') {
        letters--;
    }
    uint64_t number = strtoul(own + letters, NULL, 10);
    number += own[letters] == '\0'; /* s is the first of them */
    int kept = letters < LETTERS_KEPT ? (int)letters : LETTERS_KEPT;
    snprintf(ret_name, KERNE_NAME_BYTES, "%.*s%u", kept, own,
             (unsigned)((number + levels) % 100000));
}

static void introduce(const char *first, uint64_t systems)
{
    char last[KERNE_NAME_BYTES];
    name_further_in(systems, last);
    if (systems == 1) {
        say("%s is made under %s; your lines go to it", first, s.parent.name);
    } else {
        say("%lu systems are made, %s under %s and so on, up to %s; "
            "your lines go to %s",
            (unsigned long)systems, first, s.parent.name, last, last);
    }
    say("`halt` there brings you to the system around it; ESC, and "
        "then %s, back here",
        s.parent.name);
}

static void write_script(const char *name, unsigned long systems,
                         char ret_script[KERNE_LINE_BYTES])
{
    unsigned long around = systems - 1;
    char first_line[32] = "";
    if (around > 0) {
        snprintf(first_line, sizeof first_line, " nest %lu", around);
    }
    snprintf(ret_script, KERNE_LINE_BYTES,
             "new %s size %luk buf %lu internal %lu image prog \"s%s\" run",
             name, INNERMOST_KBYTES + around * AROUND_KBYTES,
             INNERMOST_BUFFERS + around * AROUND_BUFFERS,
             INNERMOST_PROCESSES + around * AROUND_PROCESSES, first_line);
}

bool do_nest(void)
{
    uint64_t systems;
    char name[KERNE_NAME_BYTES];
    char script[KERNE_LINE_BYTES];
    struct archive_member file;
    if (!take_number("how many systems", &systems)) { return false; }
    if (systems < 1 || systems > NEST_MOST) {
        return refuse("not allowed: nest %lu: a tower has 1 to %u systems",
                      (unsigned long)systems, NEST_MOST);
    }
    if (archive_find(&s.parent.start->image, "s", &file) != ARCHIVE_MEMBER) {
        return refuse("name unknown: the boot image has no file `s`");
    }
    name_further_in(1, name);
    write_script(name, systems, script);
    if (!command_script(script)) { return false; }
    if (!s.line_is_argument) { introduce(name, systems); }
    console_pass(&s.parent.console, name);
    return true;
}
