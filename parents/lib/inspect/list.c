#include "inspect.h"
#include "tree.h"

#include <stdio.h>
#include <text.h>

/* ---- list: the tree ----------------------------------------------------- */

/* Name, state, what it waits for; storage, buffers, processes, tables; time. */
enum { COLUMN_STORAGE = 3, COLUMN_TIME = 7, COLUMNS = 8 };
#define DEEPEST_INDENT 3
#define DEPTH_COLUMNS 6 /* "     4:": deeper, a number stands for the indent */

/* So many columns.  A text that is longer than its column pushes what is behind
 * it, as far as there are no blanks to spare; one divides it from the next in
 * any case. */
static void say_row(struct parent *parent, unsigned columns,
                    const char *const text[COLUMNS])
{
    /* Where names, states and waits begin, and where the others end. */
    static const size_t places[COLUMNS] = { 0, 16, 25, 43, 53, 62, 72, 79 };
    char row[160];
    size_t used = 0;
    for (unsigned i = 0; i < columns; i++) {
        size_t at = places[i] - (i < COLUMN_STORAGE ? 0 : strlen(text[i]));
        size_t blanks = used < at ? at - used : used != 0;
        used += (size_t)snprintf(row + used, sizeof row - used, "%*s%s",
                                 (int)blanks, "", text[i]);
    }
    parent_say(parent, "%s", row);
}

/* "4094", "16k": of what is counted in thousands. */
static struct text count_of(uint64_t count)
{
    struct text text;
    bool is_large = count >= 10000;
    snprintf(text.is, sizeof text.is, is_large ? "%luk" : "%lu",
             (unsigned long)(is_large ? count / 1024 : count));
    return text;
}

/* "2/16": of a claim, how much is not free, and how much was received. */
static struct text used_of(const struct kerne_claim_record *claim)
{
    struct text text;
    snprintf(text.is, sizeof text.is, "%.10s/%.10s",
             count_of(claim->received - claim->free).is,
             count_of(claim->received).is);
    return text;
}

static const char *state_of(const struct tree_node *node,
                            enum child_state state)
{
    /* A parent knows better than the nucleus how its child has ended. */
    static const char *const states[] = {
        [CHILD_CREATED] = "created",   [CHILD_LOADED] = "loaded",
        [CHILD_BROKEN] = "broken",     [CHILD_GAVE_UP] = "gave up",
        [CHILD_FINISHED] = "finished", [CHILD_PSEUDO] = "stands for",
    };
    const struct kerne_process_record *process = &node->process;
    if (node->reference == 0) { return "running"; }
    if (states[state] != NULL) { return states[state]; }
    if (process->suspended & KERNE_SUSPENDED_DYING) { return "dying"; }
    if (process->waits == KERNE_WAITS_BREAK) { return "broken"; }
    if (process->suspended & KERNE_SUSPENDED_STOP) { return "stopped"; }
    if (process->suspended & KERNE_SUSPENDED_ABOVE) { return "held"; }
    return process->waits == KERNE_WAITS_NOT ? "ready" : "waiting";
}

/* What it waits for, and whom.  A child that has ended is stopped, and waits
 * for what its parent does with it. */
static const char *wait_of(const struct tree_node *node, enum child_state state,
                           char whom[KERNE_NAME_BYTES])
{
    static const char *const words[] = {
        [KERNE_WAITS_NOT] = "",
        [KERNE_WAITS_MESSAGE] = "message",
        [KERNE_WAITS_EVENT] = "event",
        [KERNE_WAITS_BREAK] = "its parent",
    };
    if (state == CHILD_BROKEN) { return "its parent"; }
    if (state == CHILD_GAVE_UP || state == CHILD_FINISHED) {
        return node->parent->process.name;
    }
    if (state == CHILD_PSEUDO) {
        tree_words(node->parent, node->process.server, whom);
    } else if (node->process.waits == KERNE_WAITS_ANSWER) {
        tree_words(node, tree_awaited(node), whom);
    } else {
        return words[node->process.waits];
    }
    return whom;
}

/* Where it is in the tree is shown by an indent; deeper, by a number. */
static struct text name_of(const struct tree_node *node)
{
    struct text text;
    int depth = (int)node->process.depth;
    const char *name = node->process.name;
    if (depth <= DEEPEST_INDENT) {
        snprintf(text.is, sizeof text.is, "%*s%s", 2 * depth, "", name);
    } else {
        snprintf(text.is, sizeof text.is, "%*d:%s", DEPTH_COLUMNS, depth, name);
    }
    return text;
}

/* Returns the time that was charged to it, in ticks. */
static uint64_t list_node(struct parent *parent, const struct tree_node *node,
                          const struct child *child, bool is_short)
{
    struct accounts accounts = { .time = { .own = 0 } };
    const struct kerne_claim_record *claim = accounts.claim;
    char whom[KERNE_NAME_BYTES];
    enum child_state state = node->process.is_pseudo ? CHILD_PSEUDO
                             : child == NULL         ? CHILD_STARTED
                                                     : child->state;
    unsigned columns = state == CHILD_PSEUDO ? COLUMN_STORAGE
                       : is_short            ? COLUMN_TIME
                                             : COLUMNS;
    if (state != CHILD_PSEUDO && !accounts_read(node->reference, &accounts)) {
        return 0;
    }
    uint64_t pages = claim[KERNE_CLAIM_STORAGE].received;
    if (node->reference == 0) { pages = parent->storage.pages; }
    if (state == CHILD_CREATED) { /* no windows yet, but it was lent this */
        pages = child->run.pages;
    }
    say_row(parent, columns,
            (const char *const[COLUMNS]){
                name_of(node).is,
                state_of(node, state),
                wait_of(node, state, whom),
                text_of_size(pages * KERNE_PAGE).is,
                used_of(&claim[KERNE_CLAIM_BUFFERS]).is,
                used_of(&claim[KERNE_CLAIM_PROCESSES]).is,
                used_of(&claim[KERNE_CLAIM_TABLES]).is,
                text_of_time(accounts.time.own).is,
            });
    return accounts.time.own;
}

static void list_time(struct parent *parent, const char *whose, uint64_t ticks)
{
    parent_say(parent, "%-39s%40s", whose, text_of_time(ticks).is);
}

/* What no row has been charged: the column adds up to all that the parent
 * answers for, which is, of the root, all the time that there was. */
static void list_other_times(struct parent *parent, uint64_t listed)
{
    struct kerne_time_record own;
    (void)kerne_describe_time(0, &own);
    uint64_t all = own.with_all_below;
    list_time(parent, "processes that are gone",
              all > listed ? all - listed : 0);
    list_time(parent, "idle", own.idle);
    list_time(parent, "firmware", own.firmware);
}

void inspect_list(struct parent *parent, bool is_short)
{
    static struct tree tree;
    uint64_t listed = 0;
    tree_gather(&tree);
    say_row(parent, is_short ? COLUMN_TIME : COLUMNS,
            (const char *const[COLUMNS]){ "name", "state", "waits for",
                                          "storage", "buf", "int", "tables",
                                          "time/s" });
    for (const struct tree_node *node = tree.node; node != NULL;
         node = tree_next(node)) {
        const struct child *child =
            child_referred(&parent->children, node->reference);
        bool is_of_parent =
            child == NULL ? node->reference == 0 : child->is_own;
        if (!is_short || !is_of_parent) {
            listed += list_node(parent, node, child, is_short);
        }
    }
    if (tree.is_cut) {
        parent_say(parent, "(there are more than these %u)", TREE_NODES);
    }
    if (!is_short) { list_other_times(parent, listed); }
}

/* ---- files: what can be loaded ------------------------------------------ */

void inspect_files(struct parent *parent)
{
    struct archive_member file;
    uint64_t cursor = 0;
    enum archive_result result;
    while ((result = archive_next(&parent->start->image, &cursor, &file)) ==
           ARCHIVE_MEMBER) {
        struct executable executable;
        if (executable_check(file.bytes, file.size, &executable) == NULL) {
            uint64_t bytes = loader_needed(&executable);
            parent_say(parent, "%-15s program, wants size %luk or more",
                       file.name, (unsigned long)bytes / 1024);
        } else {
            parent_say(parent, "%-15s file, %s", file.name,
                       text_of_size(file.size).is);
        }
    }
    if (result == ARCHIVE_DAMAGED) {
        parent_say(parent, "(what follows in the boot image is damaged)");
    }
}

/* ---- devices ------------------------------------------------------------ */

void inspect_devices(struct parent *parent)
{
    const struct devices *devices = &parent->devices;
    parent_learn_devices(parent);
    if (devices->count == 0) {
        parent_say(parent, "%s has no devices of its own", parent->name);
        return;
    }
    parent_say(parent, "line  device  registers   who has it");
    for (unsigned i = 0; i < devices->count; i++) {
        const struct device *device = &devices->table[i];
        char line[8] = "-";
        if (device->line != 0) {
            snprintf(line, sizeof line, "%u", (unsigned)device->line);
        }
        parent_say(parent, "%4s  %-6s  0x%08lx  %s", line, device_name(device),
                   (unsigned long)device->address,
                   device_holder(parent, device));
    }
}
