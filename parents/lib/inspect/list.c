#include "inspect.h"
#include "tree.h"

#include <stdio.h>
#include <text.h>

/* ---- list: the tree ----------------------------------------------------- */

enum column {
    COLUMN_NAME,
    COLUMN_STATE,
    COLUMN_WAIT,
    COLUMN_STORAGE,
    COLUMN_BUFFERS,
    COLUMN_PROCESSES,
    COLUMN_TABLES,
    COLUMN_TIME,
    COLUMNS,
};
#define DEEPEST_INDENT 3
#define DEPTH_COLUMNS 6 /* "     4:": deeper, a number stands for the indent */

/* A text that is longer than its column pushes what is behind it, as far as
 * there are no blanks to spare; one divides it from the next in any case. */
static void say_row(struct parent *parent, const char *const text[COLUMNS])
{
    static const struct {
        bool is_end; /* the text ends there, and does not begin */
        size_t at;
    } places[COLUMNS] = {
        [COLUMN_NAME] = { false, 0 },    [COLUMN_STATE] = { false, 16 },
        [COLUMN_WAIT] = { false, 25 },   [COLUMN_STORAGE] = { true, 43 },
        [COLUMN_BUFFERS] = { true, 53 }, [COLUMN_PROCESSES] = { true, 62 },
        [COLUMN_TABLES] = { true, 72 },  [COLUMN_TIME] = { true, 79 },
    };
    char row[160];
    size_t used = 0;
    for (unsigned i = 0; i < COLUMNS; i++) {
        if (text[i] == NULL) { continue; }
        size_t length = strlen(text[i]), at = places[i].at;
        if (places[i].is_end) { at = at > length ? at - length : 0; }
        size_t blanks = used < at ? at - used : used != 0;
        used += (size_t)snprintf(row + used, sizeof row - used, "%*s%s",
                                 (int)blanks, "", text[i]);
    }
    parent_say(parent, "%s", row);
}

/* "2/16": of a claim, how much is not free, and how much was received. */
static struct text used_of(const struct kerne_claim_record *claim)
{
    struct text text;
    snprintf(text.is, sizeof text.is, "%.10s/%.10s",
             text_of_count(claim->received - claim->free).is,
             text_of_count(claim->received).is);
    return text;
}

/* A parent knows better than the nucleus how a child of its own has ended:
 * such a child is stopped, and waits for what its parent does with it. */
static const struct {
    const char *state;
    bool waits;
} ended[] = {
    [CHILD_CREATED] = { "created", false },
    [CHILD_LOADED] = { "loaded", false },
    [CHILD_BROKEN] = { "broken", true },
    [CHILD_GAVE_UP] = { "gave up", true },
    [CHILD_FINISHED] = { "finished", true },
    [CHILD_PSEUDO] = { NULL, false },
};

static const char *state_of(const struct tree_node *node,
                            const struct child *child)
{
    const struct kerne_process_record *process = &node->process;
    if (node->reference == 0) { return "running"; }
    if (child != NULL && ended[child->state].state != NULL) {
        return ended[child->state].state;
    }
    if (process->suspended & KERNE_SUSPENDED_DYING) { return "dying"; }
    if (process->waits == KERNE_WAITS_BREAK) { return "broken"; }
    if (process->suspended & KERNE_SUSPENDED_STOP) { return "stopped"; }
    if (process->suspended & KERNE_SUSPENDED_ABOVE) { return "held"; }
    return process->waits == KERNE_WAITS_NOT ? "ready" : "waiting";
}

/* What it waits for, and whom. */
static const char *wait_of(const struct tree_node *node,
                           const struct child *child,
                           char whom[KERNE_NAME_BYTES])
{
    static const char *const words[] = {
        [KERNE_WAITS_NOT] = "",        [KERNE_WAITS_MESSAGE] = "message",
        [KERNE_WAITS_EVENT] = "event", [KERNE_WAITS_BREAK] = "its parent",
        [KERNE_WAITS_ANSWER] = NULL,
    };
    if (node->reference != 0 && child != NULL && ended[child->state].waits) {
        return child->state == CHILD_BROKEN ? "its parent"
                                            : node->parent->process.name;
    }
    if (node->process.waits != KERNE_WAITS_ANSWER) {
        return words[node->process.waits];
    }
    tree_words(node, tree_awaited(node), whom);
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

static void list_process(struct parent *parent, const struct tree_node *node,
                         const struct accounts *accounts, bool is_short)
{
    const struct child *child =
        child_referred(&parent->children, node->reference);
    char whom[KERNE_NAME_BYTES];
    uint64_t pages = accounts->claim[KERNE_CLAIM_STORAGE].received;
    if (node->reference == 0) {
        pages = parent->storage.pages;
    } else if (child != NULL && child->state == CHILD_CREATED) {
        pages = child->run.pages; /* it has no windows yet, but was lent this */
    }
    const struct kerne_claim_record *claim = accounts->claim;
    struct text time =
        text_of_time(accounts->time.own, parent->start->ticks_per_second);
    say_row(parent,
            (const char *const[COLUMNS]){
                [COLUMN_NAME] = name_of(node).is,
                [COLUMN_STATE] = state_of(node, child),
                [COLUMN_WAIT] = wait_of(node, child, whom),
                [COLUMN_STORAGE] = text_of_size(pages * KERNE_PAGE).is,
                [COLUMN_BUFFERS] = used_of(&claim[KERNE_CLAIM_BUFFERS]).is,
                [COLUMN_PROCESSES] = used_of(&claim[KERNE_CLAIM_PROCESSES]).is,
                [COLUMN_TABLES] = used_of(&claim[KERNE_CLAIM_TABLES]).is,
                [COLUMN_TIME] = is_short ? NULL : time.is,
            });
}

/* Returns the time that was charged to it, in ticks. */
static uint64_t list_node(struct parent *parent, const struct tree_node *node,
                          bool is_short)
{
    struct accounts accounts = { .time = { .own = 0 } };
    char whom[KERNE_NAME_BYTES];
    if (node->process.is_pseudo) {
        tree_words(node->parent, node->process.server, whom);
        say_row(parent, (const char *const[COLUMNS]){
                            [COLUMN_NAME] = name_of(node).is,
                            [COLUMN_STATE] = "stands for",
                            [COLUMN_WAIT] = whom,
                        });
    } else if (accounts_read(node->reference, &accounts)) {
        list_process(parent, node, &accounts, is_short);
    }
    return accounts.time.own;
}

static void list_time(struct parent *parent, const char *whose, uint64_t ticks)
{
    struct text time = text_of_time(ticks, parent->start->ticks_per_second);
    say_row(parent, (const char *const[COLUMNS]){
                        [COLUMN_NAME] = whose, [COLUMN_TIME] = time.is });
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

/* The parent, and the processes and names that it needs itself. */
static bool is_of_parent(struct parent *parent, const struct tree_node *node)
{
    const struct child *child =
        child_referred(&parent->children, node->reference);
    return node->reference == 0 || (child != NULL && child->is_own);
}

void inspect_list(struct parent *parent, bool is_short)
{
    static struct tree tree;
    uint64_t listed = 0;
    tree_gather(&tree);
    say_row(parent, (const char *const[COLUMNS]){
                        "name", "state", "waits for", "storage", "buf", "int",
                        "tables", is_short ? NULL : "time/s" });
    for (const struct tree_node *node = tree.node; node != NULL;
         node = tree_next(node)) {
        if (!is_short || !is_of_parent(parent, node)) {
            listed += list_node(parent, node, is_short);
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
