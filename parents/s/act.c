/* Commands that act on the chosen process. */
#include "command.h"
#include "control.h"
#include "describe.h"
#include "family.h"

#include <inspect.h>
#include <stdio.h>
#include <text.h>

bool do_proc(void)
{
    uint64_t address;
    const char *name = take_word("the name of a process");
    if (name == NULL) { return false; }
    struct child *child = child_named(&s.parent.children, name);
    if (child == NULL && kerne_look_up(name, &address) == KERNE_r_normal) {
        return refuse("not allowed: %s is not a child of s", name);
    }
    if (child == NULL) {
        return refuse(
            "process unknown: s has no child `%s`; `list` shows those "
            "that it has",
            name);
    }
    describe_take_over(child);
    s.chosen = child;
    return true;
}

bool do_enter(void)
{
    const struct child *child = control_changeable();
    if (child == NULL) { return false; }
    if (child->state == CHILD_FINISHED || child->state == CHILD_GAVE_UP) {
        return control_refuse_state(child);
    }
    if (!s.line_is_argument) {
        say("your lines go to %s; ESC, and then %s, brings you back",
            child->name, s.parent.name);
    }
    console_pass(&s.parent.console, child->name);
    return true;
}

/* ---- start and stop ----------------------------------------------------- */

bool do_start(void)
{
    struct child *child = control_changeable();
    if (child == NULL || !control_has_program(child)) { return false; }
    if (child->state != CHILD_LOADED && child->state != CHILD_STOPPED &&
        child->state != CHILD_BROKEN) {
        return control_refuse_state(child);
    }
    return done(child_start(&s.parent, child));
}

bool do_stop(void)
{
    struct child *child = control_changeable();
    if (child == NULL) { return false; }
    if (child->state != CHILD_STARTED) { return control_refuse_state(child); }
    if (!done(child_stop(&s.parent, child))) { return false; }
    control_warn_of_names(child);
    return true;
}

/* In 1969 the child went on in its own break routine.  Here it is stopped where
 * it stands, which is shown: that serves whoever looks for a fault, and works
 * with a program that has no such routine. */
bool do_break(void)
{
    struct child *child = control_changeable();
    if (child == NULL || !control_has_program(child)) { return false; }
    if (child->state == CHILD_STARTED && !done(child_stop(&s.parent, child))) {
        return false;
    }
    control_show(child);
    inspect_registers(&s.parent, child);
    control_warn_of_names(child);
    return true;
}

bool do_remove(void)
{
    struct child *child = control_chosen();
    if (child != NULL && child->is_own) { child = control_changeable(); }
    return child != NULL && done(family_remove(child));
}

/* ---- names -------------------------------------------------------------- */

static bool can_present(const struct child *child, const char *name)
{
    if (!describe_is_name(name)) { return false; }
    if (control_is_real(name)) {
        return refuse("not allowed: %s is always the real one", name);
    }
    if (child->state == CHILD_GAVE_UP || child->state == CHILD_FINISHED) {
        return control_refuse_state(child);
    }
    const struct child *old = child_named(&s.parent.children, name);
    return (old != NULL && old->state == CHILD_PSEUDO) ||
           describe_name_is_free(name);
}

bool do_present(void)
{
    const char *name = take_word("a name, for example console");
    const struct child *child = name == NULL ? NULL : control_process();
    if (child == NULL || !can_present(child, name)) { return false; }
    uint64_t server = KERNE_ADDRESS(0, child->number);
    struct child *pseudo = child_named(&s.parent.children, name);
    if (!done(pseudo != NULL
                  ? child_point_pseudo(&s.parent, pseudo, server)
                  : child_create_pseudo(&s.parent, name, server, &pseudo))) {
        return false;
    }
    if (pseudo == s.console && child != terminal.child) {
        say("console is %s now: what others write is seen only if %s passes it "
            "on to terminal",
            child->name, child->name);
    }
    control_warn_of_names(child);
    return true;
}

/* ---- devices ------------------------------------------------------------ */

/* The device at the line that the operator gives, and the chosen process. */
static struct device *take_device(struct child **ret_child)
{
    uint64_t line;
    if (!take_number("the number of an interrupt line", &line)) { return NULL; }
    *ret_child = control_changeable();
    if (*ret_child == NULL) { return NULL; }
    parent_learn_devices(&s.parent);
    struct device *device = device_at_line(&s.parent.devices, line);
    if (device == NULL) {
        refuse("device unknown: s has none at line %lu; `devices` lists those "
               "that it has",
               (unsigned long)line);
    }
    return device;
}

bool do_include(void)
{
    struct child *child;
    struct device *device = take_device(&child);
    if (device == NULL) { return false; }
    if (device->holder != 0) {
        return refuse("not allowed: %s has %s already",
                      device_holder(&s.parent, device), device_name(device));
    }
    if (!done(child_lend(&s.parent, child, device))) { return false; }
    say("%s has %s: registers at 0x%lx, interrupt line %lu", child->name,
        device_name(device), (unsigned long)device->address,
        (unsigned long)device->line);
    return true;
}

bool do_exclude(void)
{
    struct child *child;
    struct device *device = take_device(&child);
    if (device == NULL) { return false; }
    if (device->holder != child->reference) {
        return refuse("not allowed: %s does not have %s", child->name,
                      device_name(device));
    }
    return control_done(child, child_take_back(&s.parent, device));
}

#define NANOSECONDS 1000000000u

bool do_date(void)
{
    parent_learn_devices(&s.parent);
    const struct device *clock =
        device_of_kind(&s.parent.devices, DEVICE_CLOCK);
    if (clock != NULL && clock->holder == 0) {
        say("%s", text_of_date(device_clock_read(clock) / NANOSECONDS).is);
    } else {
        say("%s seconds after the machine was switched on; s has no clock that "
            "knows the date",
            text_of_time(kerne_get_clock()).is);
    }
    return true;
}
