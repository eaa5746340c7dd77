#include "help.h"

#include "command.h"
#include "operator.h"

#include <program.h>
#include <stdio.h>

#define ROW_BYTES 76

static void list_all(struct system *system)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        char usage[32];
        if (c->perform == NULL) {
            operator_print(system, "%s", c->summary);
            continue;
        }
        snprintf(usage, sizeof usage, "%s %s", c->name, c->arguments);
        operator_print(system, "  %-22s %s", usage, c->summary);
    }
    operator_print(system, "Several commands may stand on a line; the first "
                           "that fails ends it.");
}

/* Prints a text line by line. */
static void print_lines(struct system *system, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        operator_print(system, "  %.*s", (int)length, text);
        text += length;
        text += *text == '\n';
    }
}

static void list_functions(struct system *system)
{
    static const char *const names[] = {
#define KERNE_FUNCTION(number, name, handler) #name,
#include <functions.def>
#undef KERNE_FUNCTION
        "counters",
    };
    char row[ROW_BYTES + 32] = "";
    size_t used = 0;
    operator_print(system, "  The functions:");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (used + strlen(names[i]) + 1 > ROW_BYTES) {
            operator_print(system, "   %s", row);
            used = 0;
        }
        used +=
            (size_t)snprintf(row + used, sizeof row - used, " %s", names[i]);
    }
    operator_print(system, "   %s", row);
}

bool help_command(struct system *system)
{
    const char *name = line_take(&system->line);
    if (name == NULL || name[0] == '\0') {
        list_all(system);
        return true;
    }
    const struct command *command = command_named(name);
    if (command == NULL) {
        return operator_refuse(system,
                               "syntax error: `%s` is no command; `help` lists "
                               "them",
                               name);
    }
    operator_print(system, "%s%s%s: %s", command->name,
                   command->arguments[0] == '\0' ? "" : " ", command->arguments,
                   command->summary);
    print_lines(system, command->details);
    if (strcmp(name, "function") == 0) { list_functions(system); }
    operator_print(system, "  Example:  %s", command->example);
    return true;
}
