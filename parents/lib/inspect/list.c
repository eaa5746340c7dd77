#include "inspect.h"
#include "tree.h"

#include <stdio.h>
#include <text.h>

/* ---- list: the tree ----------------------------------------------------- */

/* Where the columns begin, or end.  A text that is longer than its column
 * pushes what is behind it, as far as there are no blanks to spare. */
enum {
    STATE_BEGINS = 16,
    WAIT_BEGINS = 25,
    STORAGE_ENDS = 43,
    BUFFERS_END = 53,
    PROCESSES_END = 62,
    TABLES_END = 72,
    TIME_ENDS = CONSOLE_COLUMNS,
};
#define DEEPEST_INDENT 3
#define DEPTH_COLUMNS 6 /* "     4:": deeper, a number stands for the indent */

struct row {
    char is[160];
    size_t used;
};

/* Adds a text that is to begin at a column; a blank divides it from the one
 * before it in any case. */
static void row_begin(struct row *row, size_t column, const char *text)
{
    size_t blanks = row->used < column ? column - row->used : row->used != 0;
    int added = snprintf(row->is + row->used, sizeof row->is - row->used,
                         "%*s%s", (int)blanks, "", text);
    row->used += (size_t)added;
}

/* The same for one that is to end there. */
static void row_end(struct row *row, size_t column, const char *text)
{
    size_t length = strlen(text);
    row_begin(row, column > length ? column - length : 0, text);
}

/* The columns of a row; each text has at most 31 characters.  Without a time,
 * there is no such column. */
struct columns {
    const char *name, *state, *wait, *storage, *claim[ACCOUNTS], *time;
};

static void row_print(struct parent *parent, const struct columns *columns)
{
    struct row row = { .used = 0 };
    row_begin(&row, 0, columns->name);
    row_begin(&row, STATE_BEGINS, columns->state);
    row_begin(&row, WAIT_BEGINS, columns->wait);
    row_end(&row, STORAGE_ENDS, columns->storage);
    row_end(&row, BUFFERS_END, columns->claim[ACCOUNT_BUFFERS]);
    row_end(&row, PROCESSES_END, columns->claim[ACCOUNT_PROCESSES]);
    row_end(&row, TABLES_END, columns->claim[ACCOUNT_TABLES]);
    if (columns->time != NULL) { row_end(&row, TIME_ENDS, columns->time); }
    parent_say(parent, "%s", row.is);
}

/* "2/16": of a claim, how much is not free, and how much was received. */
static struct text used_of(const struct accounts *accounts,
                           enum account account)
{
    struct text text;
    uint64_t received = accounts->claim[account].received;
    uint64_t free = accounts->claim[account].free;
    snprintf(text.is, sizeof text.is, "%.10s/%.10s",
             text_of_count(received - free).is, text_of_count(received).is);
    return text;
}

/* What the parent knows better than the nucleus: how a child of its own has
 * ended. */
static const char *state_of_child(struct parent *parent, uint64_t reference)
{
    const struct child *child = child_referred(&parent->children, reference);
    if (child == NULL) { return NULL; }
    switch (child->state) {
    case CHILD_CREATED: return "created";
    case CHILD_LOADED: return "loaded";
    case CHILD_GAVE_UP: return "gave up";
    case CHILD_FINISHED: return "finished";
    case CHILD_BROKEN: return "broken";
    case CHILD_NONE:
    case CHILD_STARTED:
    case CHILD_STOPPED:
    case CHILD_PSEUDO: break;
    }
    return NULL;
}

static const char *state_of(struct parent *parent, const struct tree_node *node)
{
    uint64_t waits = node->waits & 0xff;
    uint64_t suspended = node->waits >> 8 & 0xff;
    if (node->reference == 0) { return "running"; }
    const char *known = state_of_child(parent, node->reference);
    if (known != NULL) { return known; }
    if (suspended & KERNE_SUSPENDED_DYING) { return "dying"; }
    if (waits == KERNE_WAITS_BREAK) { return "broken"; }
    if (suspended & KERNE_SUSPENDED_STOP) { return "stopped"; }
    if (suspended & KERNE_SUSPENDED_ABOVE) { return "held"; }
    return waits == KERNE_WAITS_NOT ? "ready" : "waiting";
}

/* A child that broke or has ended is stopped; it depends on its parent what
 * becomes of it.  True: it is one of those. */
static bool waits_for_parent(struct parent *parent, const struct tree *tree,
                             const struct tree_node *node,
                             struct text *ret_text)
{
    const struct child *child =
        child_referred(&parent->children, node->reference);
    if (node->reference == 0 || child == NULL) { return false; }
    bool broke = child->state == CHILD_BROKEN;
    bool waits = broke || child->state == CHILD_GAVE_UP ||
                 child->state == CHILD_FINISHED;
    if (waits) {
        snprintf(ret_text->is, sizeof ret_text->is, "%s",
                 broke ? "its parent" : tree->node[0].name);
    }
    return waits;
}

/* What it waits for, and whom. */
static struct text wait_of(struct parent *parent, const struct tree *tree,
                           uint16_t index)
{
    const struct tree_node *node = &tree->node[index];
    struct text text = { "" };
    char whom[KERNE_NAME_BYTES];
    if (waits_for_parent(parent, tree, node, &text)) { return text; }
    switch ((enum kerne_wait)(node->waits & 0xff)) {
    case KERNE_WAITS_NOT: break;
    case KERNE_WAITS_MESSAGE:
        snprintf(text.is, sizeof text.is, "message");
        break;
    case KERNE_WAITS_EVENT: snprintf(text.is, sizeof text.is, "event"); break;
    case KERNE_WAITS_BREAK:
        snprintf(text.is, sizeof text.is, "its parent");
        break;
    case KERNE_WAITS_ANSWER:
        tree_words(tree, index, tree_awaited(node), whom);
        snprintf(text.is, sizeof text.is, "%s", whom);
        break;
    }
    return text;
}

/* The place of a row is shown by its indent; deeper, by a number. */
static struct text name_of(const struct tree_node *node)
{
    struct text text;
    if (node->depth <= DEEPEST_INDENT) {
        snprintf(text.is, sizeof text.is, "%*s%s", 2 * (int)node->depth, "",
                 node->name);
    } else {
        snprintf(text.is, sizeof text.is, "%*u:%s", DEPTH_COLUMNS, node->depth,
                 node->name);
    }
    return text;
}

static void list_name(struct parent *parent, const struct tree *tree,
                      uint16_t index)
{
    const struct tree_node *node = &tree->node[index];
    char whom[KERNE_NAME_BYTES];
    struct row row = { .used = 0 };
    tree_words(tree, node->parent, node->buffer, whom);
    row_begin(&row, 0, name_of(node).is);
    row_begin(&row, STATE_BEGINS, "stands for");
    row_begin(&row, 0, whom);
    parent_say(parent, "%s", row.is);
}

/* Returns the time that was charged to it, in ticks. */
static uint64_t list_process(struct parent *parent, const struct tree *tree,
                             uint16_t index, bool is_short)
{
    const struct tree_node *node = &tree->node[index];
    struct accounts accounts;
    if (!accounts_read(node->reference, &accounts)) { return 0; }
    uint64_t pages = accounts.pages;
    const struct child *child =
        child_referred(&parent->children, node->reference);
    if (node->reference == 0) {
        pages = parent->storage.pages;
    } else if (child != NULL && child->state == CHILD_CREATED) {
        pages = child->run.pages; /* it has no windows yet, but was lent this */
    }
    struct text name = name_of(node);
    struct text wait = wait_of(parent, tree, index);
    struct text storage = text_of_size(pages * KERNE_PAGE);
    struct text buffers = used_of(&accounts, ACCOUNT_BUFFERS);
    struct text processes = used_of(&accounts, ACCOUNT_PROCESSES);
    struct text tables = used_of(&accounts, ACCOUNT_TABLES);
    struct text time =
        text_of_time(accounts.ticks, parent->start->ticks_per_second);
    row_print(parent, &(struct columns){
                          .name = name.is,
                          .state = state_of(parent, node),
                          .wait = wait.is,
                          .storage = storage.is,
                          .claim = { buffers.is, processes.is, tables.is },
                          .time = is_short ? NULL : time.is,
                      });
    return accounts.ticks;
}

static void list_time(struct parent *parent, const char *whose, uint64_t ticks)
{
    struct text time = text_of_time(ticks, parent->start->ticks_per_second);
    struct row row = { .used = 0 };
    row_begin(&row, 0, whose);
    row_end(&row, TIME_ENDS, time.is);
    parent_say(parent, "%s", row.is);
}

/* What no row has been charged: the column adds up to all that the parent
 * answers for,
 * which is, of the root, all the time that there was. */
static void list_other_times(struct parent *parent, uint64_t listed)
{
    struct accounts own;
    if (accounts_read(0, &own)) {
        uint64_t all = own.ticks_with_all_below;
        list_time(parent, "processes that are gone",
                  all > listed ? all - listed : 0);
        list_time(parent, "idle", own.idle);
        list_time(parent, "firmware", own.firmware);
    }
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
    tree_gather(&tree);
    row_print(parent, &(struct columns){
                          .name = "name",
                          .state = "state",
                          .wait = "waits for",
                          .storage = "storage",
                          .claim = { "buf", "int", "tables" },
                          .time = is_short ? NULL : "time/s",
                      });
    uint64_t listed = 0;
    for (uint16_t i = 0; i != TREE_NOBODY; i = tree_next(&tree, i)) {
        if (is_short && is_of_parent(parent, &tree.node[i])) { continue; }
        if (tree.node[i].is_name) {
            list_name(parent, &tree, i);
        } else {
            listed += list_process(parent, &tree, i, is_short);
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
    while ((result = archive_next(&parent->image, &cursor, &file)) ==
           ARCHIVE_MEMBER) {
        struct executable executable;
        bool is_program = executable_check(file.bytes, file.size,
                                           &executable) == EXECUTABLE_SOUND;
        if (is_program) {
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
