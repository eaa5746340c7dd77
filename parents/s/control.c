#include "control.h"

#include "command.h"
#include "description.h"
#include "family.h"
#include "operator.h"
#include "registers.h"
#include "terminal.h"

#include <program.h>

const char *control_state_words(enum child_state state)
{
    switch (state) {
    case CHILD_NONE: return "gone";
    case CHILD_CREATED: return "created, but not loaded";
    case CHILD_LOADED: return "loaded, but not started";
    case CHILD_STARTED: return "running";
    case CHILD_STOPPED: return "stopped";
    case CHILD_BROKEN: return "broken";
    case CHILD_GAVE_UP: return "there, but gave up";
    case CHILD_FINISHED: return "there, but has finished";
    case CHILD_PSEUDO: return "a name for another process";
    }
    return "there";
}

const char *control_remedy(const struct system *system,
                           const struct child *child)
{
    if (terminal_needs(system, child)) { return "s itself needs it"; }
    switch (child->state) {
    case CHILD_CREATED: return "`load` loads its program";
    case CHILD_LOADED: return "`start` starts it";
    case CHILD_STARTED: return "`stop` stops it, `remove` removes it";
    case CHILD_STOPPED: return "`start` lets it go on";
    case CHILD_BROKEN:
        return "`start` tries that instruction again, `remove run` makes it "
               "anew";
    case CHILD_GAVE_UP:
    case CHILD_FINISHED: return "`remove run` makes it anew";
    case CHILD_NONE:
    case CHILD_PSEUDO: break;
    }
    return "`remove` removes it";
}

bool control_refuse_state(struct system *system, const char *command,
                          const struct child *child)
{
    return operator_refuse(system, "not allowed: %s %s: it is %s; %s", command,
                           child->name, control_state_words(child->state),
                           control_remedy(system, child));
}

bool control_has_program(struct system *system, const struct child *child)
{
    if (child->state != CHILD_CREATED) { return true; }
    return operator_refuse(system,
                           "not allowed: %s has no program yet; `load` loads "
                           "it",
                           child->name);
}

bool control_done(struct system *system, const char *name, uint64_t result)
{
    if (result == KERNE_r_normal) { return true; }
    return operator_refuse(system, "not allowed: %s: %s", name,
                           kerne_result_text(result));
}

/* ---- which process ------------------------------------------------------ */

struct child *control_chosen(struct system *system)
{
    const char *name = system->description.name;
    if (system->chosen == NULL && name[0] == '\0') {
        operator_refuse(system, "process unknown: none is chosen; `proc NAME` "
                                "chooses one, `new NAME` begins another");
    } else if (system->chosen == NULL) {
        operator_refuse(system,
                        "process unknown: %s does not exist; `run` creates, "
                        "loads and starts it, `proc NAME` chooses another",
                        name);
    }
    return system->chosen;
}

bool control_is_process(struct system *system, const struct child *child)
{
    if (child->state != CHILD_PSEUDO) { return true; }
    return operator_refuse(system,
                           "not allowed: %s is no process, but a name for "
                           "another one",
                           child->name);
}

struct child *control_changeable(struct system *system, const char *command)
{
    struct child *child = control_chosen(system);
    if (child == NULL) { return NULL; }
    if (terminal_needs(system, child)) {
        operator_refuse(system,
                        "not allowed: %s %s: s itself needs it to talk to you",
                        child->name, command);
        return NULL;
    }
    return control_is_process(system, child) ? child : NULL;
}

bool control_proc(struct system *system)
{
    const char *name = command_word(system, "proc", "the name of a process");
    uint64_t address;
    if (name == NULL) { return false; }
    struct child *child = child_named(&system->children, name);
    if (child == NULL && kerne_look_up(name, &address) == KERNE_r_normal) {
        return operator_refuse(system, "not allowed: %s is not a child of s",
                               name);
    }
    if (child == NULL) {
        return operator_refuse(system,
                               "process unknown: s has no child `%s`; `list` "
                               "shows those that it has",
                               name);
    }
    description_take_over(system, child);
    system->chosen = child;
    return true;
}

void control_warn_of_names(struct system *system, const struct child *child)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        const struct child *name = &system->children.table[i];
        if (child->state != CHILD_STARTED && name->state == CHILD_PSEUDO &&
            name->server == KERNE_ADDRESS(0, child->number)) {
            operator_print(
                system, "%s is not to be had until %s runs: it is %s",
                name->name, child->name, control_state_words(child->state));
        }
    }
}

/* ---- start and stop ----------------------------------------------------- */

bool control_start(struct system *system)
{
    struct child *child = control_changeable(system, "start");
    if (child == NULL) { return false; }
    switch (child->state) {
    case CHILD_LOADED:
    case CHILD_STOPPED:
    case CHILD_BROKEN:
        return control_done(system, child->name, child_start(child));
    case CHILD_CREATED: return control_has_program(system, child);
    case CHILD_NONE:
    case CHILD_STARTED:
    case CHILD_GAVE_UP:
    case CHILD_FINISHED:
    case CHILD_PSEUDO: break;
    }
    return control_refuse_state(system, "start", child);
}

bool control_stop(struct system *system)
{
    struct child *child = control_changeable(system, "stop");
    if (child == NULL) { return false; }
    if (child->state != CHILD_STARTED) {
        return control_refuse_state(system, "stop", child);
    }
    if (!control_done(system, child->name, child_stop(child))) { return false; }
    control_warn_of_names(system, child);
    return true;
}

/* In 1969 the child went on in its own break routine.  Here it is stopped where
 * it stands, which is shown: that serves whoever looks for a fault, and works
 * with a program that has no such routine. */
bool control_break(struct system *system)
{
    struct child *child = control_changeable(system, "break");
    if (child == NULL || !control_has_program(system, child)) { return false; }
    if (child->state == CHILD_STARTED &&
        !control_done(system, child->name, child_stop(child))) {
        return false;
    }
    operator_print(system, "%s is %s; %s", child->name,
                   control_state_words(child->state),
                   control_remedy(system, child));
    registers_print(system, child);
    control_warn_of_names(system, child);
    return true;
}

bool control_remove(struct system *system)
{
    struct child *child = control_chosen(system);
    if (child == NULL) { return false; }
    if (child->state != CHILD_PSEUDO || terminal_needs(system, child)) {
        child = control_changeable(system, "remove");
    }
    return child != NULL &&
           control_done(system, child->name, family_remove(system, child));
}

/* ---- names -------------------------------------------------------------- */

static bool can_present(struct system *system, const struct child *child,
                        const char *name)
{
    if (!control_is_process(system, child) ||
        !description_is_name(system, name)) {
        return false;
    }
    if (terminal_is_real(name)) {
        return operator_refuse(system, "not allowed: %s is always the real one",
                               name);
    }
    if (child->state == CHILD_GAVE_UP || child->state == CHILD_FINISHED) {
        return control_refuse_state(system, "present", child);
    }
    const struct child *old = child_named(&system->children, name);
    return (old != NULL && old->state == CHILD_PSEUDO) ||
           description_name_is_free(system, name);
}

bool control_present(struct system *system)
{
    const char *name =
        command_word(system, "present", "a name, for example console");
    struct child *child = name == NULL ? NULL : control_chosen(system);
    if (child == NULL || !can_present(system, child, name)) { return false; }
    uint64_t server = KERNE_ADDRESS(0, child->number);
    struct child *pseudo = child_named(&system->children, name);
    uint64_t result =
        pseudo != NULL
            ? child_point_pseudo(pseudo, server)
            : child_create_pseudo(&system->children, name, server, &pseudo);
    if (!control_done(system, name, result)) { return false; }
    if (pseudo == system->presented_console && child != system->terminal) {
        operator_print(system,
                       "console is %s now: what others write is seen only if "
                       "%s passes it on to terminal",
                       child->name, child->name);
    }
    control_warn_of_names(system, child);
    return true;
}
