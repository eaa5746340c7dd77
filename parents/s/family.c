#include "family.h"

#include "control.h"
#include "describe.h"

#include <stdio.h>

#define DRIVER_BUFFERS 8
/* A driver that ends more often than that in so many microseconds is of no
 * use. */
#define RESTARTS 5
#define RESTARTS_WITHIN 10000000

/* The store has an eighth of the storage of s, within these; but at most a
 * third. */
#define STORE_LEAST (6 * 1024 * 1024)
#define STORE_MOST (64 * 1024 * 1024)

struct driver terminal = {
    .name = "terminal",
    .of = "console",
    .command = "console uart=0x%lx line=%lu parent=%s",
    .kind = DEVICE_UART,
    .bytes = 256 * 1024,
    .buffers = DRIVER_BUFFERS,
    .withheld = KERNE_MASK_BIT(KERNE_physical_address),
};
static const struct driver store = {
    .name = "store",
    .of = "disk",
    .command = "store make shared",
    .kind = DEVICE_DISK,
    .buffers = 80,
    .processes = 8,
    .has_image = true,
};
static const struct driver bare = {
    .name = "disk",
    .of = "disk",
    .command = "disk", /* it finds its device by the device tree */
    .kind = DEVICE_DISK,
    .bytes = 1280 * 1024,
    .buffers = DRIVER_BUFFERS,
};
struct driver disk;

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

/* What the driver is made of, as the operator would describe it. */
static struct description description_of(const struct driver *driver,
                                         const struct device *device)
{
    struct description d = {
        .order = { .bytes = driver->bytes,
                   .buffers = driver->buffers,
                   .processes = driver->processes,
                   .mask = s.parent.mask & ~driver->withheld,
                   .share = KERNE_SHARE },
        .image = driver->has_image,
    };
    strcpy(d.name, driver->name);
    snprintf(d.program, sizeof d.program, driver->command,
             (unsigned long)device->address, (unsigned long)device->line,
             s.parent.name);
    return d;
}

/* False: refused, and nothing is left of it. */
static bool start_driver(struct driver *driver)
{
    struct parent *parent = &s.parent;
    struct device *device = device_of_kind(&parent->devices, driver->kind);
    if (device == NULL) {
        return parent_refuse(parent, REFUSED_PLAINLY,
                             "there is neither a process `%s` in sight nor a "
                             "device for one",
                             driver->of);
    }
    struct description d = description_of(driver, device);
    struct child_order order = describe_order(&d);
    order.device_tree = parent->start->device_tree;
    order.tables = child_tables(&order);
    if (driver->has_image) { /* its own driver has all that storage, too */
        order.tables += order.bytes / KERNE_LARGE_PAGE + 2;
    }
    d.order.tables = order.tables;
    driver->child = parent_make(parent, d.program, &order);
    if (driver->child == NULL) { return false; }
    *made_of(driver->child) = d;
    driver->child->is_own = driver == &terminal;
    return child_lend(parent, driver->child, device) &&
           child_start(parent, driver->child);
}

/* A store, if there is one in the image, and storage for it. */
static void choose_disk(void)
{
    uint64_t all = s.parent.storage.pages * KERNE_PAGE;
    uint64_t part = all / 8 < STORE_MOST ? all / 8 : STORE_MOST;
    struct archive_member file;
    disk = store;
    disk.bytes = part > STORE_LEAST ? part : STORE_LEAST;
    if (disk.bytes > all / 3 || archive_find(&s.parent.start->image, store.name,
                                             &file) != ARCHIVE_MEMBER) {
        disk = bare;
    }
}

static void start_disk(void)
{
    bool is_there = start_driver(&disk);
    if (!is_there && disk.child == NULL && disk.has_image) {
        disk = bare;
        is_there = start_driver(&disk);
        if (is_there) {
            tell("store does not run: %s; the disk has its bare driver, `disk`",
                 s.parent.refusal);
        }
    }
    if (!is_there && disk.child != NULL) {
        tell("%s does not run: %s", disk.name, s.parent.refusal);
    }
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
    choose_disk();
    start_disk();
    (void)catalog_has_store(&s.catalog); /* one further out gets a name */
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
    catalog_removed(&s.catalog, child);
    *made_of(child) = (struct description){ .name = "" };
    if (s.chosen == child) { s.chosen = NULL; }
    if (s.making == child) { s.making = NULL; }
    if (s.catalog.outer == child) { s.catalog.outer = NULL; }
    if (s.catalog.using == child) { s.catalog.using = NULL; }
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
    bool was_store =
        child != s.catalog.outer && strcmp(child->name, store.name) == 0;
    withdraw_names(child);
    bool is_removed = remove_child(child);
    if (is_removed && was_store) { (void)catalog_has_store(&s.catalog); }
    return is_removed;
}

/* It says why; others may have the disk.  Removed, since its clients wait. */
static void give_up_store(struct child *child)
{
    bool was_own = child == disk.child;
    say("store %s; s has removed it", s.parent.ending);
    if (!family_remove(child) || !was_own) { return; }
    disk = bare;
    start_disk();
    if (disk.child != NULL) { say("the disk has its bare driver, `disk`"); }
}

void family_undo(void)
{
    struct child *child = s.making;
    s.making = NULL;
    if (child != NULL) { family_remove(child); }
}

bool family_ended(struct parent *parent, struct child *child)
{
    if (child->state == CHILD_GAVE_UP &&
        strcmp(child->name, store.name) == 0) {
        give_up_store(child);
        return true;
    }
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
