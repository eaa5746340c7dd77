#include "command.h"

const struct command command_table[] = {
#define GROUP(name, heading) { #name, "", heading, "", "", NULL },
#define COMMAND(name, function, arguments, summary, details, example, history) \
    { #name, arguments, summary, details, example, do_##function },
#include "commands.def"
#undef GROUP
#undef COMMAND
    { NULL, NULL, NULL, NULL, NULL, NULL },
};

const char command_names[] =
#define GROUP(name, heading)
#define COMMAND(name, function, arguments, summary, details, example, history) \
#name " "
#include "commands.def"
#undef GROUP
#undef COMMAND
    ;

const struct command *command_named(const char *name)
{
    const struct command *command = command_table;
    while (command->name != NULL && strcmp(command->name, name) != 0) {
        command++;
    }
    return command->name == NULL ? NULL : command;
}

/* Words that people try, and what to type instead. */
static const char *hint(const char *name)
{
    static const char *const hints[][2] = {
        { "exit", "`halt` ends s, ESC brings you to another process" },
        { "quit", "`halt` ends s, ESC brings you to another process" },
        { "?", "`help` lists them" },
        { "ps", "`list` shows the processes" },
        { "kill", "`proc NAME remove` removes a process" },
    };
    for (unsigned i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (strcmp(hints[i][0], name) == 0) { return hints[i][1]; }
    }
    return "`help` lists them";
}

bool command_perform(void)
{
    const char *name = words_take(&s.line);
    const struct command *command = command_named(name);
    struct archive_member file;
    if (command != NULL && command->perform != NULL) {
        s.command = command->name;
        return command->perform();
    }
    if (name[0] == '\0') {
        return refuse(
            "syntax error: an empty word is no command; `help` lists them");
    }
    if (archive_find(&s.parent.start->image, name, &file) == ARCHIVE_MEMBER) {
        return refuse(
            "syntax error: `%s` is a program, no command; `new %s run` runs "
            "it",
            name, name);
    }
    return refuse("syntax error: `%s` is no command; %s", name, hint(name));
}

bool command_script(const char *script)
{
    struct words rest = s.line;
    bool is_done = words_read(&s.line, script, strlen(script));
    while (is_done && words_look(&s.line) != NULL) {
        is_done = command_perform();
    }
    if (is_done) { s.line = rest; }
    return is_done;
}
