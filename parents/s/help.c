#include "command.h"
#include "describe.h"

#include <mask.h>
#include <stdio.h>

#define ROW_BYTES 76

/* Words in rows; flushed by a null word. */
static void row_add(const char *word)
{
    static char row[ROW_BYTES + 32];
    static size_t used;
    if (used > 0 && (word == NULL || used + strlen(word) + 1 > ROW_BYTES)) {
        say("   %s", row);
        used = 0;
    }
    if (word != NULL) {
        used += (size_t)snprintf(row + used, sizeof row - used, " %s", word);
    }
}

static void list_groups(void)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        if (c->perform == NULL) {
            row_add(NULL);
            say("%s: help %s", c->summary, c->name);
        } else {
            row_add(c->name);
        }
    }
    row_add(NULL);
    say("Several commands may stand on a line; the first that fails ends it.");
    say("`help COMMAND` explains one; `help GROUP` lists those of a group.");
}

static void list_group(const struct command *group)
{
    say("%s:", group->summary);
    for (const struct command *c = group + 1;
         c->name != NULL && c->perform != NULL; c++) {
        char usage[32];
        snprintf(usage, sizeof usage, "%s %s", c->name, c->arguments);
        say("  %-22s %s", usage, c->summary);
    }
}

static void list_functions(void)
{
    say("    The functions:");
    for (const struct mask_function *f = mask_functions; f->name != NULL; f++) {
        row_add(f->name);
    }
    row_add("counters");
    row_add(NULL);
}

static void explain(const struct command *c)
{
    say("%s%s%s: %s", c->name, c->arguments[0] == '\0' ? "" : " ", c->arguments,
        c->summary);
    say("    %s", c->details);
    if (strcmp(c->name, "function") == 0) { list_functions(); }
    say("    Example:  %s", c->example);
}

bool do_help(void)
{
    const char *name = words_take(&s.line);
    if (name == NULL || name[0] == '\0') {
        list_groups();
        return true;
    }
    const struct command *c = command_named(name);
    if (c == NULL) {
        return refuse("syntax error: `%s` is no command; `help` lists them",
                      name);
    }
    if (c->perform == NULL) {
        list_group(c);
    } else {
        explain(c);
    }
    return true;
}
