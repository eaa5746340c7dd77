#include "family.h"

#include "control.h"

#include <stdio.h>

#define DRIVER_FILE "console"
#define DRIVER_BYTES (256 * 1024)
#define DRIVER_BUFFERS 8
/* A driver that ends more often than that in so many microseconds is of no
 * use. */
#define RESTARTS 5
#define RESTARTS_WITHIN 10000000

_Noreturn void family_give_up(const char *text)
{
    struct device *uart = device_of_kind(&s.parent.devices, DEVICE_UART);
    char line[KERNE_TEXT_BYTES];
    snprintf(line, sizeof line, "s cannot go on: %s", text);
    if (uart != NULL) {
        if (s.terminal != NULL) { kerne_stop(s.terminal->reference); }
        device_uart_say(uart, line);
        device_uart_say(uart, "\r\n");
    }
    kerne_give_up("%s", line);
}

/* ---- the console -------------------------------------------------------- */

static void require(bool is_done)
{
    if (!is_done) { family_give_up(s.parent.refusal); }
}

static void start_driver(void)
{
    struct parent *parent = &s.parent;
    struct device *uart = device_of_kind(&parent->devices, DEVICE_UART);
    char command[KERNE_ARGUMENT_BYTES];
    if (uart == NULL) {
        family_give_up("there is neither a process `console` in sight nor a "
                       "UART of its own");
    }
    struct child_order order = {
        .name = "terminal",
        .bytes = DRIVER_BYTES,
        .buffers = DRIVER_BUFFERS,
        .mask = parent->mask & ~KERNE_MASK_BIT(KERNE_physical_address),
    };
    order.tables = child_tables(&order);
    snprintf(
        command, sizeof command, DRIVER_FILE " uart=0x%lx line=%lu parent=%s",
        (unsigned long)uart->address, (unsigned long)uart->line, parent->name);
    require(child_create(parent, &order, &s.terminal));
    s.terminal->is_own = true;
    require(child_load(parent, s.terminal, command));
    uint64_t result = device_lend(uart, s.terminal->reference);
    if (result != KERNE_r_normal) { family_give_up(kerne_result_text(result)); }
    require(child_start(parent, s.terminal));
    parent->console.address = KERNE_ADDRESS(0, s.terminal->number);
}

void family_begin(void)
{
    struct parent *parent = &s.parent;
    if (parent->console.address == KERNE_PARENT) {
        start_driver();
    } else {
        parent_present(parent, "terminal", parent->console.address);
    }
    s.console = parent_present(parent, "console", parent->console.address);
    /* Children see their siblings: what stands further out needs a name. */
    if (parent->clock != KERNE_VACANT && parent->clock >> 16 != 0) {
        parent_present(parent, "clock", parent->clock);
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
    return child_remove(&s.parent, child);
}

/* The driver is gone: another one takes its place and its number. */
static void restart_driver(void)
{
    bool was_chosen = s.chosen == s.terminal;
    uint64_t now = kerne_get_clock();
    remove_child(s.terminal);
    if (now - s.restarted_at > kerne_ticks(RESTARTS_WITHIN)) { s.restarts = 0; }
    s.restarted_at = now;
    if (++s.restarts > RESTARTS) {
        family_give_up("the console's driver ends again and again");
    }
    start_driver();
    if (was_chosen) { s.chosen = s.terminal; }
    point_console();
    say("terminal, the console's driver, %s; s has started it anew",
        s.parent.ending);
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
    if (child == s.terminal) {
        restart_driver();
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
