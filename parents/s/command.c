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
        { "ls", "`files` shows the programs, `list` the processes" },
        { "kill", "`proc NAME remove` removes a process" },
        { "to", "press ESC, and then type the name" },
    };
    for (unsigned i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (strcmp(hints[i][0], name) == 0) { return hints[i][1]; }
    }
    return "`help` lists them";
}

/* The chosen process may wait for the line that was typed to s. */
static bool chosen_waits(void)
{
    const struct child *child = s.chosen;
    struct kerne_process_record process;
    return child != NULL && child->state == CHILD_STARTED && !child->is_own &&
           kerne_describe_process(child->reference, &process) ==
               KERNE_r_normal &&
           process.waits == KERNE_WAITS_ANSWER;
}

/* Says of a word that is no command what it is, and what to type instead. */
static bool refuse_word(const char *name)
{
    char *const *word = &s.line.word[s.line.next - 1];
    const struct child *child = child_named(&s.parent.children, name);
    struct archive_member file;
    if (name[0] == '\0') {
        return refuse(
            "syntax error: an empty word is no command; `help` lists them");
    }
    if (strchr(name, ' ') != NULL) {
        return refuse("syntax error: `%s` is no command; a program with its "
                      "arguments stands behind `prog`: prog \"%s\"",
                      name, name);
    }
    if (s.line.next >= 3 && strcmp(word[-2], "prog") == 0 &&
        strchr(word[-1], ' ') == NULL) {
        return refuse("syntax error: `%s` is no command; an argument stands in "
                      "quotes with its program: prog \"%s %s\"",
                      name, word[-1], name);
    }
    if (child != NULL && child->state != CHILD_PSEUDO) {
        return refuse("syntax error: `%s` is a process, no command; `proc %s` "
                      "chooses it for the commands that follow",
                      name, name);
    }
    if (archive_find(&s.parent.start->image, name, &file) == ARCHIVE_MEMBER) {
        return refuse(
            "syntax error: `%s` is a program, no command; `new %s run` runs "
            "it",
            name, name);
    }
    if (chosen_waits()) {
        return refuse("syntax error: `%s` is no command; %s; for a line to %s, "
                      "press ESC and type %s",
                      name, hint(name), s.chosen->name, s.chosen->name);
    }
    return refuse("syntax error: `%s` is no command; %s", name, hint(name));
}

static bool is_command(const char *name)
{
    const struct command *command = command_named(name);
    return command != NULL && command->perform != NULL;
}

/* A command that takes nothing has a command behind it; what else stands there
 * was perhaps meant for it, so it is refused before anything is done. */
bool command_perform(void)
{
    const char *name = words_take(&s.line), *behind = words_look(&s.line);
    const struct command *command = command_named(name);
    if (!is_command(name)) { return refuse_word(name); }
    if (command->arguments[0] == '\0' && behind != NULL &&
        !is_command(behind)) {
        return refuse_word(words_take(&s.line));
    }
    s.command = s.catalog.command = command->name;
    return command->perform();
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
