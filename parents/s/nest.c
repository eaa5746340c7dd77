/*
 * A tower of systems: the same program under itself, N times.
 *
 * Each gets what the one in it needs, and beside that what it needs itself and
 * one ordinary program under it does.  It makes the next one by the command
 * that is its argument, `nest N`, as if that had been typed.
 */
#include "command.h"
#include "describe.h"
#include "make.h"

#include <stdio.h>
#include <stdlib.h>

#define SYSTEM_FILE "s"
#define NEST_MOST 32

/* The innermost has room for some programs that need nothing unusual. */
#define INNERMOST_BYTES (5 * 1024 * 1024)
#define INNERMOST_BUFFERS 100
#define INNERMOST_PROCESSES 60

/* Of a system around another one: for programs, beside the other one. */
#define SPARE_BYTES (256 * 1024)
#define OWN_BUFFERS (2 * S_BUFFERS) /* that it keeps, and has in use */
#define NAMES 3 /* that a system presents: console, terminal, clock */
#define LETTERS_KEPT 10

/* ---- what they get ------------------------------------------------------ */

static void describe_innermost(struct description *d)
{
    d->image = true;
    d->bytes = INNERMOST_BYTES;
    d->buffers = INNERMOST_BUFFERS;
    d->processes = INNERMOST_PROCESSES;
    d->tables = describe_order(d).tables;
}

/* From what one gets to what the one around it gets: as much more as it needs
 * for itself and for one program of the usual kind. */
static void describe_around(uint64_t bytes_of_one, struct description *d)
{
    const struct description program = {
        .bytes = USUAL_BYTES,
        .processes = USUAL_PROCESSES,
    };
    struct description own = { .image = true };
    d->bytes += bytes_of_one + SPARE_BYTES;
    d->buffers += OWN_BUFFERS + USUAL_BUFFERS;
    d->processes += 1 + NAMES + 1 + USUAL_PROCESSES;
    own.bytes = d->bytes;
    d->tables += describe_order(&own).tables + describe_order(&program).tables;
}

static void describe_tower(const char *name, uint64_t systems,
                           uint64_t bytes_of_one)
{
    struct description *d = &s.description;
    describe_begin(name);
    s.chosen = NULL;
    describe_innermost(d);
    for (uint64_t i = 1; i < systems; i++) { describe_around(bytes_of_one, d); }
    snprintf(d->program, sizeof d->program,
             systems == 1 ? SYSTEM_FILE : SYSTEM_FILE " nest %lu",
             (unsigned long)(systems - 1));
}

/* The storage that a system takes for itself; 0: refused, in words. */
static uint64_t bytes_of_system(void)
{
    struct archive_member file;
    struct executable program;
    if (archive_find(&s.parent.image, SYSTEM_FILE, &file) &&
        executable_check(file.bytes, file.size, &program) == EXECUTABLE_SOUND) {
        return loader_needed(&program);
    }
    refuse("name unknown: the boot image has no program "
           "`" SYSTEM_FILE "`, of which a tower is made");
    return 0;
}

/* ---- their names -------------------------------------------------------- */

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

/* ---- the command -------------------------------------------------------- */

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

bool do_nest(const char *command)
{
    uint64_t systems, bytes;
    char name[KERNE_NAME_BYTES];
    if (!take_number("how many systems", &systems)) { return false; }
    if (systems < 1 || systems > NEST_MOST) {
        return refuse("not allowed: nest %lu: a tower has 1 to %u "
                      "systems; the innermost can make another tower",
                      (unsigned long)systems, NEST_MOST);
    }
    name_further_in(1, name);
    if (!describe_name_is_free(name) || (bytes = bytes_of_system()) == 0) {
        return false;
    }
    describe_tower(name, systems, bytes);
    if (!make_child(command)) { return false; }
    if (!s.line_is_argument) { introduce(name, systems); }
    console_pass(&s.parent.console, name);
    return done(child_start(&s.parent, s.chosen));
}
