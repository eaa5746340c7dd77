#include "children.h"

#include <calls.h>
#include <skeleton.h>
#include <stdio.h>
#include <text.h>

/* A child that makes children of its own gives each of them so many tables. */
#define TABLES_FOR_EACH_PROCESS 3

/* ---- the table ---------------------------------------------------------- */

struct child *child_next(struct children *children, const struct child *before)
{
    size_t i = before == NULL ? 0 : (size_t)(before - children->table) + 1;
    while (i < CHILDREN_MAX && children->table[i].state == CHILD_NONE) { i++; }
    return i < CHILDREN_MAX ? &children->table[i] : NULL;
}

struct child *child_named(struct children *children, const char *name)
{
    struct child *child = child_next(children, NULL);
    while (child != NULL && strcmp(child->name, name) != 0) {
        child = child_next(children, child);
    }
    return child;
}

struct child *child_numbered(struct children *children, uint64_t number)
{
    struct child *child = child_next(children, NULL);
    while (child != NULL && child->number != number) {
        child = child_next(children, child);
    }
    return child;
}

struct child *child_referred(struct children *children, uint64_t reference)
{
    struct child *child = child_next(children, NULL);
    while (child != NULL && child->reference != reference) {
        child = child_next(children, child);
    }
    return child;
}

uint64_t children_granted(struct children *children, enum kerne_claim claim)
{
    uint64_t sum = 0;
    struct child *child = NULL;
    while ((child = child_next(children, child)) != NULL) {
        sum += child->granted[claim];
    }
    return sum;
}

/* A free entry, with this name and the lowest number from there on that is
 * free; null: refused. */
static struct child *find_entry(struct parent *parent, const char *name,
                                uint64_t number)
{
    while (child_numbered(&parent->children, number) != NULL) { number++; }
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &parent->children.table[i];
        if (child->state == CHILD_NONE) {
            *child = (struct child){ .number = number };
            strncpy(child->name, name, sizeof child->name - 1);
            return child;
        }
    }
    parent_refuse(parent, REFUSED_PLAINLY,
                  "no internals: there is room for %u children, and there are "
                  "as many; remove one first",
                  CHILDREN_MAX);
    return NULL;
}

/* True if the nucleus has done it; else why not. */
static bool done(struct parent *parent, const char *what, const char *name,
                 uint64_t result)
{
    return result == KERNE_r_normal ||
           parent_refuse(parent, REFUSED_PLAINLY, "not allowed: %s%s: %s", what,
                         name, kerne_result_text(result));
}

/* ---- creation ----------------------------------------------------------- */

static uint64_t pages_of(uint64_t bytes)
{
    return bytes == 0 ? 1 : (bytes - 1) / KERNE_PAGE + 1;
}

uint64_t child_tables(const struct child_order *order)
{
    return loader_tables(LOADER_USUAL_BASE, pages_of(order->bytes),
                         order->image, order->device_tree) +
           DEVICES_CHILD_TABLES + TABLES_FOR_EACH_PROCESS * order->processes;
}

/* Has the parent what the child is to get?  `besides` follows the number that
 * is wanted, where the child itself takes one more; `one` or `many` follows the
 * number that there is. */
static bool suffices(struct parent *parent, const char *what, uint64_t wanted,
                     const char *besides, uint64_t available, const char *one,
                     const char *many)
{
    uint64_t itself = besides[0] != '\0';
    return (available >= itself && wanted <= available - itself) ||
           parent_refuse(parent, REFUSED_PLAINLY,
                         "%s: %lu%s wanted, %lu %s free", what,
                         (unsigned long)wanted, besides,
                         (unsigned long)available, available == 1 ? one : many);
}

static bool claims_suffice(struct parent *parent,
                           const struct child_order *order)
{
    struct accounts own;
    (void)accounts_read(0, &own);
    uint64_t buffers = own.claim[KERNE_CLAIM_BUFFERS].free;
    uint64_t kept = parent->buffers_kept;
    return suffices(parent, "no buffers", order->buffers, "",
                    buffers > kept ? buffers - kept : 0, "message buffer is",
                    "message buffers are") &&
           suffices(parent, "no internals", order->processes,
                    " and 1 for the process itself",
                    own.claim[KERNE_CLAIM_PROCESSES].free, "process is",
                    "processes are") &&
           suffices(parent, "no tables", order->tables, "",
                    own.claim[KERNE_CLAIM_TABLES].free, "window table is",
                    "window tables are");
}

static struct storage_run take_storage(struct parent *parent, uint64_t bytes)
{
    struct storage *storage = &parent->storage;
    struct storage_run run = { 0, pages_of(bytes) };
    if (parent->load == NULL) { run = storage_take(storage, run.pages); }
    if (run.pages == 0) {
        parent_refuse(parent, REFUSED_PLAINLY,
                      "no core: %s wanted, the largest free stretch is %s",
                      text_of_size(bytes).is,
                      text_of_size(storage_longest(storage) * KERNE_PAGE).is);
    }
    return run;
}

bool child_create(struct parent *parent, const struct child_order *order,
                  struct child **ret_child)
{
    struct child *child = find_entry(parent, order->name, 0);
    if (child == NULL) { return false; }
    child->run = take_storage(parent, order->bytes);
    if (child->run.pages == 0) { return false; }
    if (order->number != NULL) { child->number = *order->number; }
    struct kerne_creation creation = {
        .name = order->name,
        .number = child->number,
        .buffers = order->buffers,
        .processes = order->processes,
        .tables = order->tables,
        .mask = order->mask,
        .share = order->share,
        .horizon = 1,
    };
    if (!claims_suffice(parent, order) ||
        !done(parent, "create ", order->name,
              kerne_create(&creation, &child->reference))) {
        storage_return(&parent->storage, child->run);
        return false;
    }
    child->state = CHILD_CREATED;
    child->image = order->image;
    child->device_tree = order->device_tree;
    child->granted[KERNE_CLAIM_BUFFERS] = order->buffers;
    child->granted[KERNE_CLAIM_PROCESSES] = order->processes;
    child->granted[KERNE_CLAIM_TABLES] = order->tables;
    *ret_child = child;
    return true;
}

bool child_create_pseudo(struct parent *parent, const char *name,
                         uint64_t server, struct child **ret_child)
{
    return child_create_numbered(parent, name, 0, server, ret_child);
}

bool child_create_numbered(struct parent *parent, const char *name,
                           uint64_t least, uint64_t server,
                           struct child **ret_child)
{
    struct child *child = find_entry(parent, name, least);
    if (child == NULL) { return false; }
    uint64_t result =
        kerne_create_pseudo(0, name, child->number, server, &child->reference);
    if (result != KERNE_r_normal) {
        return parent_refuse(parent, REFUSED_PLAINLY,
                             "not allowed: `%s` is not presented: %s", name,
                             kerne_result_text(result));
    }
    child->state = CHILD_PSEUDO;
    child->server = server;
    *ret_child = child;
    return true;
}

bool child_point_pseudo(struct parent *parent, struct child *pseudo,
                        uint64_t server)
{
    uint64_t result = kerne_remove(pseudo->reference);
    if (result == KERNE_r_normal) {
        result = kerne_create_pseudo(0, pseudo->name, pseudo->number, server,
                                     &pseudo->reference);
        pseudo->server = server;
    }
    return done(parent, "", pseudo->name, result);
}

/* ---- its device --------------------------------------------------------- */

void parent_learn_devices(struct parent *parent)
{
    devices_read(&parent->devices, parent->start->device_tree);
}

const char *device_holder(struct parent *parent, const struct device *device)
{
    const struct child *child =
        child_referred(&parent->children, device->holder);
    return device->holder == 0 ? parent->name
           : child == NULL     ? "-"
                               : child->name;
}

static const char *line_name(const struct device *device)
{
    static char name[KERNE_NAME_BYTES];
    snprintf(name, sizeof name, "line%u", (unsigned)device->line);
    return name;
}

/* Children see their siblings: a line that stands further out needs a name. */
static bool present_line(struct parent *parent, const struct device *device)
{
    uint64_t address;
    struct child *pseudo = NULL;
    if (kerne_look_up(line_name(device), &address) != KERNE_r_normal ||
        address >> 16 == 0) {
        return true;
    }
    bool is_made =
        child_create_pseudo(parent, line_name(device), address, &pseudo);
    if (pseudo != NULL) { pseudo->is_own = true; }
    return is_made;
}

/* Of the devices that nobody has any more. */
static void withdraw_lines(struct parent *parent)
{
    for (unsigned i = 0; i < parent->devices.count; i++) {
        const struct device *device = &parent->devices.table[i];
        struct child *name = child_named(&parent->children, line_name(device));
        if (device->holder == 0 && name != NULL && name->is_own) {
            child_remove(parent, name);
        }
    }
}

bool child_lend(struct parent *parent, struct child *child,
                struct device *device)
{
    bool is_lent =
        present_line(parent, device) &&
        done(parent, "", child->name, device_lend(device, child->reference));
    withdraw_lines(parent);
    return is_lent;
}

uint64_t child_take_back(struct parent *parent, struct device *device)
{
    uint64_t result = device_take_back(device, false);
    withdraw_lines(parent);
    return result;
}

/* ---- its name ----------------------------------------------------------- */

bool child_is_name(struct parent *parent, const char *name)
{
    return text_is_name(name) ||
           parent_refuse(parent, REFUSED_PLAINLY,
                         "name ill-formed: `%s`; a name has at most 15 of a-z "
                         "0-9 - _ and begins with a letter",
                         name);
}

/* ---- its program -------------------------------------------------------- */

const char *child_words(const char *command,
                        char ret_file[ARCHIVE_NAME_BYTES + 1])
{
    const char *first = command + strspn(command, " ");
    int bytes = (int)strcspn(first, " ");
    snprintf(ret_file, ARCHIVE_NAME_BYTES + 1, "%.*s", bytes, first);
    return first + bytes + strspn(first + bytes, " ");
}

bool child_find_file(struct parent *parent, const char *command,
                     struct archive_member *ret_file,
                     const char **ret_arguments)
{
    char name[ARCHIVE_NAME_BYTES + 1]; /* of a longer one there is no file */
    *ret_arguments = child_words(command, name);
    enum archive_result result =
        archive_find(&parent->start->image, name, ret_file);
    return result == ARCHIVE_MEMBER ||
           parent_refuse(parent, REFUSED_NO_FILE,
                         "name unknown: the boot image has no file `%s`%s",
                         name,
                         result == ARCHIVE_DAMAGED ? ", and is damaged" : "");
}

bool child_check_file(struct parent *parent, const char *name,
                      const uint8_t *file, uint64_t there, uint64_t bytes,
                      struct executable *ret_program)
{
    const char *flaw = executable_check_head(file, there, bytes, ret_program);
    return flaw == NULL ||
           parent_refuse(parent, REFUSED_PLAINLY, "not allowed: the file %s %s",
                         name, flaw);
}

bool child_suits(struct parent *parent, const struct child *child,
                 const char *file, const struct executable *program,
                 const char *arguments)
{
    uint64_t needed = loader_needed(program);
    uint64_t bytes = child->run.pages * KERNE_PAGE;
    if (needed > bytes || bytes > EXECUTABLE_ADDRESS_END - program->first) {
        return parent_refuse(
            parent, REFUSED_TOO_BIG, "program too big: %s needs %s, %s has %s",
            file, text_of_size(needed).is, child->name, text_of_size(bytes).is);
    }
    return strlen(arguments) < KERNE_ARGUMENT_BYTES ||
           parent_refuse(parent, REFUSED_PLAINLY,
                         "syntax error: the arguments of %s are longer than "
                         "%u characters",
                         file, KERNE_ARGUMENT_BYTES - 1);
}

bool child_load(struct parent *parent, struct child *child, const char *command)
{
    struct archive_member file;
    struct executable program;
    const char *arguments;
    return child_find_file(parent, command, &file, &arguments) &&
           child_check_file(parent, file.name, file.bytes, file.size, file.size,
                            &program) &&
           child_suits(parent, child, file.name, &program, arguments) &&
           child_load_program(parent, child, file.bytes, &program, arguments);
}

bool child_load_program(struct parent *parent, struct child *child,
                        const uint8_t *file, const struct executable *program,
                        const char *arguments)
{
    const struct loader_order order = {
        .child = child->reference,
        .run = child->run,
        .program = program,
        .file = file,
        .arguments = arguments,
        .ticks_per_second = parent->start->ticks_per_second,
        .image = child->image,
        .device_tree = child->device_tree,
    };
    uint64_t result = parent->load != NULL ? parent->load(parent, child, &order)
                                           : loader_load(&order);
    if (result == KERNE_r_no_tables) {
        return parent_refuse(
            parent, REFUSED_LOAD_TABLES, "no tables: %s needs %lu, it has %lu",
            child->name,
            (unsigned long)loader_tables(program->first, child->run.pages,
                                         child->image, child->device_tree),
            (unsigned long)child->granted[KERNE_CLAIM_TABLES]);
    }
    if (!done(parent, "load ", child->name, result)) { return false; }
    child->base = program->first;
    child->state = CHILD_LOADED;
    return true;
}

/* ---- start and stop ----------------------------------------------------- */

bool child_start(struct parent *parent, struct child *child)
{
    bool is_done = done(parent, "", child->name, kerne_start(child->reference));
    if (is_done) { child->state = CHILD_STARTED; }
    return is_done;
}

bool child_stop(struct parent *parent, struct child *child)
{
    bool is_done = done(parent, "", child->name, kerne_stop(child->reference));
    if (is_done) { child->state = CHILD_STOPPED; }
    return is_done;
}

/* ---- removal ------------------------------------------------------------ */

/* The buffers of children that no longer exist come back, whoever has received
 * their messages, and even if he never answers. */
static void regret_inherited(void)
{
    struct kerne_sent_record sent;
    uint64_t last = 0, buffer = 0;
    while (kerne_describe_sent(0, &buffer, &sent) == KERNE_r_normal) {
        if (sent.regret == KERNE_INHERITED) {
            kerne_regret_message(buffer);
            buffer = last;
        }
        last = buffer;
    }
}

bool child_remove(struct parent *parent, struct child *child)
{
    if (child->state != CHILD_PSEUDO) {
        kerne_stop(child->reference);
        devices_take_back_all(&parent->devices, child->reference);
        withdraw_lines(parent);
    }
    if (!done(parent, "", child->name, kerne_remove(child->reference))) {
        return false;
    }
    regret_inherited();
    if (child->use != 0) { kerne_regret_message(child->use); }
    if (parent->unload != NULL) { parent->unload(parent, child); }
    storage_return(&parent->storage, child->run);
    console_removed(&parent->console, child->name);
    *child = (struct child){ .state = CHILD_NONE };
    if (!parent->is_hasty) { console_flush(&parent->console); }
    return true;
}
