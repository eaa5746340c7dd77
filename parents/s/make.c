/* Commands that make the process that is described. */
#include "command.h"
#include "control.h"
#include "describe.h"
#include "family.h"

/* There must be something described that does not exist yet. */
static bool is_described(void)
{
    const char *name = s.description.name;
    if (s.chosen != NULL) { return control_refuse_state(s.chosen); }
    if (name[0] == '\0') {
        return refuse("process unknown: `%s` needs a name first: new NAME %s",
                      s.command, s.command);
    }
    return describe_name_is_usable(name);
}

/* The one that failed under this name goes, even if the new one is then
 * refused: what that lacks may be the old one's.  It is said, because nobody
 * can look at it any more. */
static bool make_way(const char *name)
{
    struct child *failed = child_named(&s.parent.children, name);
    if (failed == NULL) { return true; }
    tell("the old %s is removed", name);
    return family_remove(failed);
}

bool do_create(void)
{
    struct child_order order = describe_order(&s.description);
    struct child *child;
    if (!is_described() || !make_way(order.name) ||
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

bool do_load(void)
{
    struct child *child = control_changeable();
    if (child == NULL) { return false; }
    if (child->state != CHILD_CREATED) {
        return refuse("not allowed: load %s: it is %s; remove it, and create "
                      "it anew",
                      child->name, control_state(child));
    }
    return names_a_file() &&
           done(child_load(&s.parent, child, s.description.program));
}

/* What cannot be loaded is not left behind. */
bool do_init(void)
{
    struct archive_member file;
    const char *program = s.description.program;
    const char *arguments;
    if (!is_described() || !names_a_file() ||
        !done(child_find_file(&s.parent, program, &file, &arguments)) ||
        !do_create()) {
        return false;
    }
    bool is_loaded = done(child_load(&s.parent, s.chosen, program));
    if (!is_loaded) { family_remove(s.chosen); }
    return is_loaded;
}

bool do_run(void)
{
    return do_init() && done(child_start(&s.parent, s.chosen));
}
