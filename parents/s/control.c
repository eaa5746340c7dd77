#include "control.h"

/* To follow "it is ...", and what can then be done. */
static const struct {
    const char *state, *remedy;
} words[] = {
    [CHILD_NONE] = { "gone", "" },
    [CHILD_CREATED] = { "created, but not loaded", "`load` loads its program" },
    [CHILD_LOADED] = { "loaded, but not started", "`start` starts it" },
    [CHILD_STARTED] = { "running", "`stop` stops it, `remove` removes it" },
    [CHILD_STOPPED] = { "stopped", "`start` lets it go on" },
    [CHILD_BROKEN] = { "broken", "`start` tries that instruction again, "
                                 "`remove run` makes it anew" },
    [CHILD_GAVE_UP] = { "there, but gave up", "`remove run` makes it anew" },
    [CHILD_FINISHED] = { "there, but has finished",
                         "`remove run` makes it anew" },
    [CHILD_PSEUDO] = { "a name for another process", "`remove` removes it" },
};

const char *control_state(const struct child *child)
{
    return words[child->state].state;
}

static const char *remedy(const struct child *child)
{
    return child->is_own ? "s itself needs it" : words[child->state].remedy;
}

void control_show(const struct child *child)
{
    say("%s is %s; %s", child->name, control_state(child), remedy(child));
}

bool control_refuse_state(const struct child *child)
{
    return refuse("not allowed: %s %s: it is %s; %s", s.command, child->name,
                  control_state(child), remedy(child));
}

bool control_has_program(const struct child *child)
{
    return child->state != CHILD_CREATED ||
           refuse("not allowed: %s has no program yet; `load` loads it",
                  child->name);
}

bool control_has_failed(const struct child *child)
{
    return child->state == CHILD_BROKEN || child->state == CHILD_GAVE_UP;
}

bool control_done(const struct child *child, uint64_t result)
{
    return result == KERNE_r_normal ||
           refuse("not allowed: %s %s: %s", s.command, child->name,
                  kerne_result_text(result));
}

struct child *control_chosen(void)
{
    const char *name = s.description.name;
    if (s.chosen == NULL && name[0] == '\0') {
        refuse("process unknown: none is chosen; `proc NAME` chooses one, `new "
               "NAME` begins another");
    } else if (s.chosen == NULL) {
        refuse("process unknown: %s does not exist; `run` creates, loads and "
               "starts it, `proc NAME` chooses another",
               name);
    }
    return s.chosen;
}

struct child *control_process(void)
{
    struct child *child = control_chosen();
    if (child == NULL || child->state != CHILD_PSEUDO) { return child; }
    refuse("not allowed: %s is no process, but a name for another one",
           child->name);
    return NULL;
}

struct child *control_changeable(void)
{
    struct child *child = control_chosen();
    if (child == NULL) { return NULL; }
    if (!child->is_own) { return control_process(); }
    refuse("not allowed: %s %s: s itself needs it to talk to you", s.command,
           child->name);
    return NULL;
}

/* ---- names -------------------------------------------------------------- */

bool control_is_real(const char *name)
{
    return strcmp(name, "terminal") == 0 || strcmp(name, "clock") == 0;
}

struct child *control_next_name(const struct child *child,
                                const struct child *before)
{
    struct child *name = child_next(&s.parent.children, before);
    while (name != NULL &&
           (name->state != CHILD_PSEUDO || child->state == CHILD_PSEUDO ||
            name->server != KERNE_ADDRESS(0, child->number))) {
        name = child_next(&s.parent.children, name);
    }
    return name;
}

void control_warn_of_names(const struct child *child)
{
    struct child *name = NULL;
    while (child->state != CHILD_STARTED &&
           (name = control_next_name(child, name)) != NULL) {
        say("%s is not to be had until %s runs: it is %s", name->name,
            child->name, control_state(child));
    }
}
