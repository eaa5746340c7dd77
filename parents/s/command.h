/*
 * The commands: their names, what follows them, and what they do; from
 * commands.def.
 */
#pragma once

#include "s.h"

struct command {
    const char *name;
    const char *arguments; /* as they are written in a usage line */
    const char *summary;
    const char *details;
    const char *example;
    bool (*perform)(void); /* null: it heads a group */
};

/* In the order in which help lists them, ended by a null name. */
extern const struct command command_table[];

/* The names of the commands, each with a blank behind it. */
extern const char command_names[];

/* The command or group of this name; null: none. */
const struct command *command_named(const char *name);

/* Takes the next command of the line and performs it; false: refused. */
bool command_perform(void);

/* Performs a line of commands in place of one; false: one was refused, which
 * ends the line. */
bool command_script(const char *script);

/* What performs them.  Each takes its own words from the line, and finds the
 * name under which it was called in s.command; false: refused, which has been
 * said. */
#define GROUP(name, heading)
#define COMMAND(name, function, arguments, summary, details, example, history) \
    bool do_##function(void);
#include "commands.def"
#undef GROUP
#undef COMMAND
