/*
 * The commands: their names, what follows them, and what they do.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include "system.h"

struct command {
    const char *name;
    const char *arguments; /* as they are written in a usage line */
    const char *summary;   /* at most 46 characters */
    const char *details;   /* lines, each at most 78 characters */
    const char *example;
    bool (*perform)(struct system *system);
};

/* The commands in the order in which help lists them, ended by a null name.
 * A command without `perform` heads a group; its summary is the heading. */
extern const struct command command_table[];

/* The command of this name; null: none. */
const struct command *command_named(const char *name);

/* Takes the next command of the line and performs it. */
void command_perform(struct system *system);

/* For commands: the next word of the line, or a refusal that says that `what`
 * is missing after `command`, and null. */
const char *command_word(struct system *system, const char *command,
                         const char *what);

/* The same for a number. */
bool command_number(struct system *system, const char *command,
                    const char *what, uint64_t *ret_number);

#endif
