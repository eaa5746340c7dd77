#include "family.h"

#include "control.h"

#include <stdio.h>

#define DRIVER_BUFFERS 8
/* A driver that ends more often than that in so many microseconds is of no
 * use. */
#define RESTARTS 5
#define RESTARTS_WITHIN 10000000

struct driver terminal = {
    .name = "terminal",
    .of = "console",
    .command = "console uart=0x%lx line=%lu parent=%s",
    .kind = DEVICE_UART,
    .bytes = 256 * 1024,
    .withheld = KERNE_MASK_BIT(KERNE_physical_address),
};
struct driver disk = {
    .name = "disk",
    .of = "disk",
    .command = "disk", /* it finds its device by the device tree */
    .kind = DEVICE_DISK,
    .bytes = 1280 * 1024,
};

_Noreturn void family_give_up(const char *text)
{
    struct device *uart = device_of_kind(&s.parent.devices, DEVICE_UART);
    char line[KERNE_TEXT_BYTES];
    snprintf(line, sizeof line, "s cannot go on: %s", text);
    if (uart != NULL) {
        if (terminal.child != NULL) { kerne_stop(terminal.child->reference); }
        device_uart_say(uart, line);
        device_uart_say(uart, "\r\n");
    }
    kerne_give_up("%s", line);
}

/* ---- the console -------------------------------------------------------- */

/* False: refused, and nothing is left of it. */
static bool start_driver(struct driver *driver)
{
    struct parent *parent = &s.parent;
    struct device *device = device_of_kind(&parent->devices, driver->kind);
    char command[KERNE_ARGUMENT_BYTES];
    struct child_order order = {
        .name = driver->name,
        .bytes = driver->bytes,
        .buffers = DRIVER_BUFFERS,
        .mask = parent->mask & ~driver->withheld,
        .device_tree = parent->start->device_tree,
    };
    if (device == NULL) {
        return parent_refuse(parent, REFUSED_PLAINLY,
                             "there is neither a process `%s` in sight nor a "
                             "device for one",
                             driver->of);
    }
    order.tables = child_tables(&order);
    snprintf(command, sizeof command, driver->command,
             (unsigned long)device->address, (unsigned long)device->line,
             parent->name);
    driver->child = parent_make(parent, command, &order);
    if (driver->child == NULL) { return false; }
    driver->child->is_own = driver == &terminal;
    return child_lend(parent, driver->child, device) &&
           child_start(parent, driver->child);
}

void family_begin(void)
{
    struct parent *parent = &s.parent;
    if (parent->console.address != KERNE_PARENT) {
        parent_present(parent, "terminal", parent->console.address);
    } else if (start_driver(&terminal)) {
        parent->console.address = KERNE_ADDRESS(0, terminal.child->number);
    } else {
        family_give_up(parent->refusal);
    }
    s.console = parent_present(parent, "console", parent->console.address);
    /* Children see their siblings: what stands further out needs a name. */
    if (parent->clock != KERNE_VACANT && parent->clock >> 16 != 0) {
        parent_present(parent, "clock", parent->clock);
    }
    if (!start_driver(&disk) && disk.child != NULL) {
        tell("disk does not run: %s", parent->refusal);
    }
}

/* Points the name `console` at the terminal again. */
static void point_console(void)
{
    if (s.console->server != s.parent.console.address) {
        child_point_pseudo(&s.parent, s.console, s.parent.console.address);
    }
}

static bool remove_child(struct child *child)
{
    *made_of(child) = (struct description){ .name = "" };
    if (s.chosen == child) { s.chosen = NULL; }
    if (disk.child == child) { disk.child = NULL; }
    return child_remove(&s.parent, child);
}

/* It may not end so often that it is of no use to start it anew. */
static bool is_of_use(struct driver *driver)
{
    uint64_t now = kerne_get_clock();
    if (now - driver->restarted_at > kerne_ticks(RESTARTS_WITHIN)) {
        driver->restarts = 0;
    }
    driver->restarted_at = now;
    return ++driver->restarts <= RESTARTS ||
           parent_refuse(&s.parent, REFUSED_PLAINLY,
                         "the %s's driver ends again and again", driver->of);
}

/* A driver is gone: another one takes its place and its number. */
static void restart_driver(struct driver *driver)
{
    bool was_chosen = s.chosen == driver->child;
    remove_child(driver->child);
    bool is_there = is_of_use(driver) && start_driver(driver);
    if (!is_there && driver == &terminal) { family_give_up(s.parent.refusal); }
    if (was_chosen) { s.chosen = driver->child; }
    if (driver == &terminal) { point_console(); }
    say("%s, the %s's driver, %s; %s", driver->name, driver->of,
        s.parent.ending, is_there ? "s has started it anew" : s.parent.refusal);
}

/* ---- their end ---------------------------------------------------------- */

/* The names that stand for a child that is about to go. */
static void withdraw_names(const struct child *child)
{
    struct child *name = NULL;
    while ((name = control_next_name(child, name)) != NULL) {
        if (name == s.console) {
            point_console();
            tell("console is the terminal again");
        } else {
            tell("%s is nobody's name any more", name->name);
            remove_child(name);
        }
    }
}

bool family_remove(struct child *child)
{
    withdraw_names(child);
    return done(remove_child(child));
}

bool family_ended(struct parent *parent, struct child *child)
{
    if (child == terminal.child || child == disk.child) {
        restart_driver(child == disk.child ? &disk : &terminal);
        return true;
    }
    if (child->state == CHILD_FINISHED && made_of(child)->keep) {
        say("%s %s; it stays until `proc %s remove`", child->name,
            parent->ending, child->name);
        return true;
    }
    parent_report(parent, child);
    if (child->state == CHILD_FINISHED) {
        family_remove(child);
    } else {
        say("  it stays to be looked at: proc %s registers print remove",
            child->name);
    }
    return true;
}
