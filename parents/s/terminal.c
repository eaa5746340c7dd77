#include "terminal.h"

#include "family.h"
#include "power.h"

#include <program.h>
#include <stdio.h>

#define DRIVER_FILE "console"
#define DRIVER_BYTES (256 * 1024)
#define DRIVER_BUFFERS 8
/* A driver that ends more often than that in so many seconds is of no use. */
#define RESTARTS 5
#define RESTARTS_SECONDS 10

/* ---- the driver --------------------------------------------------------- */

static struct child *create_driver(struct system *system)
{
    struct child_order order = {
        .name = "terminal",
        .bytes = DRIVER_BYTES,
        .buffers = DRIVER_BUFFERS,
        .tables = loader_tables(LOADER_USUAL_BASE, DRIVER_BYTES) +
                  DEVICES_CHILD_TABLES,
        .mask = system->mask & ~KERNE_MASK_BIT(KERNE_physical_address),
    };
    struct child *child;
    uint64_t result =
        child_create(&system->children, &system->storage, &order, &child);
    if (result != KERNE_r_normal) {
        char text[128];
        snprintf(text, sizeof text, "the console's driver is not created: %s",
                 result == CHILD_r_no_storage ? "too little storage is free"
                                              : kerne_result_text(result));
        power_give_up(system, text);
    }
    return child;
}

static void load_driver(struct system *system, struct child *child,
                        const struct device *uart)
{
    char arguments[KERNE_ARGUMENT_BYTES];
    struct archive_member file;
    if (!archive_find(&system->image, DRIVER_FILE, &file)) {
        power_give_up(system, archive_is_damaged(&system->image)
                                  ? "the boot image is damaged: what is left "
                                    "of it has no file `" DRIVER_FILE "`"
                                  : "the boot image has no file `" DRIVER_FILE
                                    "`");
    }
    snprintf(arguments, sizeof arguments, "uart=0x%lx line=%lu parent=%s",
             (unsigned long)uart->address, (unsigned long)uart->line,
             system->name);
    struct loader_report report =
        child_load(child, file.bytes, file.size, arguments,
                   system->start->ticks_per_second);
    if (report.result != LOADER_DONE) {
        char text[128];
        snprintf(text, sizeof text,
                 "the file `" DRIVER_FILE "` is not loaded: it %s",
                 report.result == LOADER_FILE ? executable_words(report.file)
                                              : "needs more than it gets");
        power_give_up(system, text);
    }
}

static void start_driver(struct system *system)
{
    struct device *uart = device_of_kind(&system->devices, DEVICE_UART);
    if (uart == NULL) {
        power_give_up(system, "there is neither a process `console` in sight "
                              "nor a UART of its own");
    }
    struct child *child = create_driver(system);
    load_driver(system, child, uart);
    uint64_t result = device_lend(uart, child->reference);
    if (result == KERNE_r_normal) { result = child_start(child); }
    if (result != KERNE_r_normal) {
        power_give_up(system, kerne_result_text(result));
    }
    system->terminal = child;
    system->console.address = KERNE_ADDRESS(0, child->number);
}

void terminal_restart(struct system *system)
{
    struct child *chosen = system->chosen;
    bool was_chosen = chosen == system->terminal;
    family_remove(system, system->terminal);
    uint64_t now = kerne_get_clock();
    uint64_t seconds = RESTARTS_SECONDS;
    if (now - system->restarted_at >
        seconds * system->start->ticks_per_second) {
        system->restarts = 0;
    }
    system->restarted_at = now;
    if (++system->restarts > RESTARTS) {
        power_give_up(system, "the console's driver ends again and again");
    }
    start_driver(system);
    system->chosen = was_chosen ? system->terminal : chosen;
    terminal_present(system);
}

/* ---- the names ---------------------------------------------------------- */

static struct child *present(struct system *system, const char *name,
                             uint64_t server)
{
    struct child *child = NULL;
    uint64_t result =
        child_create_pseudo(&system->children, name, server, &child);
    if (result != KERNE_r_normal) {
        char text[128];
        snprintf(text, sizeof text, "it cannot present `%s`: %s", name,
                 kerne_result_text(result));
        power_give_up(system, text);
    }
    return child;
}

void terminal_present(struct system *system)
{
    if (system->presented_console->server != system->console.address) {
        child_point_pseudo(system->presented_console, system->console.address);
    }
}

void terminal_begin(struct system *system)
{
    bool there_is_one =
        kerne_look_up("console", &system->console.address) == KERNE_r_normal;
    if (there_is_one) {
        present(system, "terminal", system->console.address);
    } else {
        start_driver(system);
    }
    system->presented_console =
        present(system, "console", system->console.address);
    /* Children see their siblings: what stands further out needs a name. */
    if (system->clock != KERNE_VACANT && system->clock >> 16 != 0) {
        present(system, "clock", system->clock);
    }
}

bool terminal_is_real(const char *name)
{
    return strcmp(name, "terminal") == 0 || strcmp(name, "clock") == 0;
}

bool terminal_needs(const struct system *system, const struct child *child)
{
    return child == system->terminal || child == system->presented_console ||
           (child->state == CHILD_PSEUDO &&
            (child->server == system->console.address ||
             child->server == system->clock) &&
            terminal_is_real(child->name));
}
