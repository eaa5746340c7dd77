#include "make.h"

#include "command.h"
#include "control.h"
#include "describe.h"
#include "family.h"

/* There must be something described that does not exist yet. */
static bool is_described(const char *command)
{
    const char *name = s.description.name;
    if (s.chosen != NULL) { return control_refuse_state(command, s.chosen); }
    if (name[0] == '\0') {
        return refuse("process unknown: `%s` needs a name first: new NAME %s",
                      command, command);
    }
    return describe_name_is_free(name);
}

bool do_create(const char *command)
{
    struct child_order order = describe_order(&s.description);
    struct child *child;
    if (!is_described(command) ||
        !done(child_create(&s.parent, &order, &child))) {
        return false;
    }
    *made_of(child) = s.description;
    s.chosen = child;
    return true;
}

static bool names_a_file(void)
{
    const char *program = s.description.program;
    return program[strspn(program, " ")] != '\0' ||
           refuse("name unknown: the description names no file; `prog FILE` "
                  "does");
}

bool do_load(const char *command)
{
    struct child *child = control_changeable(command);
    if (child == NULL) { return false; }
    if (child->state != CHILD_CREATED) {
        return refuse("not allowed: load %s: it is %s; remove it, and create "
                      "it anew",
                      child->name, control_state(child));
    }
    return names_a_file() &&
           done(child_load(&s.parent, child, s.description.program));
}

bool make_child(const char *command)
{
    struct archive_member file;
    const char *program = s.description.program;
    const char *arguments;
    if (!is_described(command) || !names_a_file() ||
        !done(child_find_file(&s.parent, program, &file, &arguments)) ||
        !do_create(command)) {
        return false;
    }
    bool is_loaded = done(child_load(&s.parent, s.chosen, program));
    if (!is_loaded) { family_remove(s.chosen); }
    return is_loaded;
}

bool do_init(const char *command) { return make_child(command); }

bool do_run(const char *command)
{
    return make_child(command) && done(child_start(&s.parent, s.chosen));
}
