#include "nest.h"

#include "command.h"
#include "control.h"
#include "description.h"
#include "making.h"
#include "operator.h"

#include <program.h>
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
#define OWN_BUFFERS (2 * SYSTEM_BUFFERS) /* that it keeps, and has in use */
#define NAMES 3 /* that a system presents: console, terminal, clock */
#define LETTERS_KEPT 10

/* ---- what they get ------------------------------------------------------ */

static void describe_innermost(const struct system *system,
                               struct description *d)
{
    d->image = true;
    d->bytes = INNERMOST_BYTES;
    d->buffers = INNERMOST_BUFFERS;
    d->processes = INNERMOST_PROCESSES;
    d->tables = making_tables(system, d);
}

/* From what one gets to what the one around it gets: as much more as it needs
 * for itself and for one program of the usual kind. */
static void describe_around(const struct system *system, uint64_t bytes_of_one,
                            struct description *d)
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
    d->tables += making_tables(system, &own) + making_tables(system, &program);
}

static void describe_tower(struct system *system, const char *name,
                           uint64_t systems, uint64_t bytes_of_one)
{
    struct description *d = &system->description;
    description_begin(system, name);
    system->chosen = NULL;
    describe_innermost(system, d);
    for (uint64_t i = 1; i < systems; i++) {
        describe_around(system, bytes_of_one, d);
    }
    snprintf(d->program, sizeof d->program,
             systems == 1 ? SYSTEM_FILE : SYSTEM_FILE " nest %lu",
             (unsigned long)(systems - 1));
}

/* The storage that a system takes for itself; 0: refused, in words. */
static uint64_t bytes_of_system(struct system *system)
{
    struct archive_member file;
    struct executable program;
    if (archive_find(&system->image, SYSTEM_FILE, &file) &&
        executable_check(file.bytes, file.size, &program) == EXECUTABLE_SOUND) {
        return loader_needed(&program);
    }
    operator_refuse(system, "name unknown: the boot image has no program "
                            "`" SYSTEM_FILE "`, of which a tower is made");
    return 0;
}

/* ---- their names -------------------------------------------------------- */

/* The name that many levels further in: s3 is two further in than s, s12 than
 * s10. */
static void name_further_in(const struct system *system, uint64_t levels,
                            char ret_name[KERNE_NAME_BYTES])
{
    const char *own = system->name;
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

static void tell(struct system *system, const char *first, uint64_t systems)
{
    char last[KERNE_NAME_BYTES];
    name_further_in(system, systems, last);
    if (systems == 1) {
        operator_print(system, "%s is made under %s; your lines go to it",
                       first, system->name);
    } else {
        operator_print(system,
                       "%lu systems are made, %s under %s and so on, up to %s; "
                       "your lines go to %s",
                       (unsigned long)systems, first, system->name, last, last);
    }
    operator_print(system,
                   "`halt` there brings you to the system around it; ESC, and "
                   "then %s, back here",
                   system->name);
}

bool nest_command(struct system *system)
{
    uint64_t systems, bytes;
    char name[KERNE_NAME_BYTES];
    if (!command_number(system, "nest", "how many systems", &systems)) {
        return false;
    }
    if (systems < 1 || systems > NEST_MOST) {
        return operator_refuse(system,
                               "not allowed: nest %lu: a tower has 1 to %u "
                               "systems; the innermost can make another tower",
                               (unsigned long)systems, NEST_MOST);
    }
    name_further_in(system, 1, name);
    if (!description_name_is_free(system, name) ||
        (bytes = bytes_of_system(system)) == 0) {
        return false;
    }
    describe_tower(system, name, systems, bytes);
    if (!making_init(system)) { return false; }
    if (!system->line_is_argument) { tell(system, name, systems); }
    console_pass(&system->console, name);
    return control_done(system, name, child_start(system->chosen));
}
