/*
 * The invariants, each named as in the file that it belongs to.
 *
 * A walk over the tree checks every living process; what it finds is summed up
 * for the rules about the whole.
 */
#ifndef KERNE_CHECKS
#define KERNE_CHECKS 1
#endif
#include "check.h"
#include "hart.h"

#define HOLDS(check)                           \
    do {                                       \
        const char *broken = (check);          \
        if (broken != NULL) { return broken; } \
    } while (0)
#define REQUIRE(condition, rule) HOLDS((condition) ? NULL : (rule))

struct sums {
    uint64_t processes, windows;
    uint64_t free, used, external; /* buffers */
};

/* The records r of a ring, which are its members by the link named. */
#define EACH(type, r, head, member)                                 \
    const struct type *r = link_record((head)->next, type, member); \
    &r->member != (head);                                           \
    r = link_record(r->member.next, type, member)

/* Does each link lead back?  Then what begins at the head ends there. */
static bool is_ring(const struct link *head)
{
    const struct link *l = head;
    do {
        if (l->next == NULL || l->next->previous != l) { return false; }
        l = l->next;
    } while (l != head);
    return true;
}

static bool is_dying(const struct process *p)
{
    return (p->suspended & KERNE_SUSPENDED_DYING) != 0;
}

/* ---- messages ---------------------------------------------------------- */

static const char *check_queue(const struct process *p)
{
    REQUIRE(is_ring(&p->events), "M1: a queue's links disagree");
    REQUIRE(is_ring(&p->messages), "M1: the links among messages disagree");
    const struct link *message = p->messages.next;
    for (EACH(buffer, b, &p->events, event)) {
        if (b->state == KERNE_QUEUED) {
            REQUIRE(b->receiver == p, "M1: a message in a foreign queue");
            REQUIRE(&b->message == message,
                    "M1: a message is not among the messages");
            message = message->next;
        } else {
            REQUIRE(b->state == KERNE_ANSWERED && b->sender == p,
                    "M1: an event in a foreign queue");
            REQUIRE(!b->regretted, "M3: an answer to a regretted message");
        }
    }
    REQUIRE(message == &p->messages, "M1: a message that is not in the queue");
    return NULL;
}

static const char *check_held(const struct process *p)
{
    const struct buffer *serving = p->serving;
    REQUIRE(serving == NULL ||
                (serving->state == KERNE_RECEIVED && serving->receiver == p),
            "M2: a process works on a message that it does not hold");
    REQUIRE(is_ring(&p->held), "M2: the links of held messages");
    for (EACH(buffer, b, &p->held, event)) {
        REQUIRE(b->state == KERNE_RECEIVED && b->receiver == p,
                "M2: a held message is not its holder's");
        REQUIRE(b != serving, "M2: what it works on is among those aside");
    }
    return NULL;
}

/* Of those that are quick, but in a break. */
static const char *check_quick(struct process *p, const struct buffer *b)
{
    REQUIRE(p->serving == NULL || process_wait(p) == KERNE_WAITS_ANSWER,
            "M5: quick to take an event, and works on a message");
    REQUIRE(process_wait(p) != KERNE_WAITS_EVENT || p->wait_for == 0,
            "M5: quick to take an event, and has seen one");
    REQUIRE(process_wait(p) != KERNE_WAITS_ANSWER ||
                (p->wait ^ this_hart->quick) >= WAIT_EPOCH ||
                b->account == time_account(p)->identity,
            "M5: quick to take an answer that another pays for");
    return NULL;
}

static const char *check_wait(struct process *p)
{
    const struct buffer *b = message_find(p->wait_for);
    /* what it waits for may have been taken already */
    if (is_dying(p)) { return NULL; }
    REQUIRE(p->suspended == 0 || (p->wait ^ this_hart->quick) >= WAIT_EPOCH,
            "T4: suspended, and nothing seems to be against its going on");
    bool quick = (p->wait & WAIT_QUICK) != 0;
    switch (process_wait(p)) {
    case KERNE_WAITS_NOT:
        REQUIRE(!quick, "M5: quick, and does not wait");
        return NULL;
    case KERNE_WAITS_MESSAGE:
        REQUIRE(link_is_empty(&p->messages),
                "M4: it waits, and a message is there");
        return quick ? check_quick(p, b) : NULL;
    case KERNE_WAITS_ANSWER:
        REQUIRE(b->sender == p, "M4: it waits for an answer that cannot come");
        REQUIRE(!b->regretted, "M3: it waits, and has regretted the message");
        REQUIRE(b->state != KERNE_ANSWERED, "M4: it waits, and has its answer");
        return quick ? check_quick(p, b) : NULL;
    case KERNE_WAITS_EVENT:
        REQUIRE(link_is_empty(&p->events) || p->events.previous == &b->event,
                "M4: it waits, and an event is there");
        return quick ? check_quick(p, b) : NULL;
    case KERNE_WAITS_BREAK:
        REQUIRE(!quick || p->culprit == p, "M5: quick, and not its own fault");
        return NULL;
    }
    return "M4: an unknown wait";
}

static const char *check_break(const struct process *p)
{
    const struct buffer *b = p->breaks;
    bool used = b->state != KERNE_FREE;
    REQUIRE(b->is_break, "B1: the buffer of a process's breaks");
    REQUIRE(!used || b->sender == p, "B1: another's break");
    REQUIRE(is_dying(p) || used == (process_wait(p) == KERNE_WAITS_BREAK),
            "B1: in a break that nobody knows of, or known to be, and in none");
    return NULL;
}

/* ---- claims ------------------------------------------------------------ */

static const char *check_buffers(const struct process *p, struct sums *sums)
{
    uint32_t used = 0;
    REQUIRE(is_ring(&p->in_use), "L3: the links of a claim");
    for (EACH(buffer, b, &p->in_use, claim)) {
        REQUIRE(b->sender == p && !b->is_break,
                "L3: a buffer of another claim");
        REQUIRE((b->state == KERNE_FREE) == (b == p->spare),
                "L3: a free buffer in use, or a spare one that is not free");
        sums->external += b->state == KERNE_RECEIVED && b->receiver == NULL;
        used++;
    }
    REQUIRE(used == claim_used(p, BUFFERS), "L3: the count of buffers in use");
    sums->free += p->claims[BUFFERS].free;
    sums->used += used;
    return NULL;
}

/* ---- the tree ---------------------------------------------------------- */

/* Of a pseudo process, too: it has none, and no claims. */
static const char *check_children(const struct process *p)
{
    static const char *const rules[CLAIMS] = { "L1: buffers", "L1: processes",
                                               "L1: tables" };
    uint64_t children = 0, given[CLAIMS] = { 0 };
    REQUIRE(is_ring(&p->children), "P1: the links among children");
    for (EACH(process, child, &p->children, sibling)) {
        REQUIRE(child->parent == p, "P1: a child's parent");
        children++;
        for (int i = 0; i < CLAIMS; i++) {
            given[i] += child->claims[i].received;
        }
    }
    REQUIRE(children == claim_used(p, PROCESSES), "L1: the count of children");
    for (int i = 0; i < CLAIMS; i++) {
        const struct claim *c = &p->claims[i];
        REQUIRE(given[i] == c->given && given[i] + c->free <= c->received,
                rules[i]);
    }
    return NULL;
}

static const char *check_names(const struct process *p)
{
    uint64_t living = 0;
    for (EACH(process, child, &p->children, sibling)) {
        living += !is_dying(child);
    }
    for (int i = 0; i < NAME_CHAINS; i++) {
        struct process *const *by = &p->table->named[i];
        for (; *by != NULL; by = &(*by)->next_named) {
            REQUIRE((*by)->parent == p && (*by)->named_by == by && living-- > 0,
                    "N3: the chains of names");
        }
    }
    REQUIRE(living == 0, "N3: a child is in no chain");
    return NULL;
}

static const char *check_place(const struct process *p)
{
    const struct process *parent = p->parent;
    unsigned links = 0;
    REQUIRE(process_at(p->display[p->depth]) == p, "N1: the display's own end");
    if (parent == NULL) { return NULL; }
    REQUIRE(p->depth == parent->depth + 1, "P1: the depth");
    for (int i = 0; i < p->depth; i++) {
        REQUIRE(p->display[i] == parent->display[i], "N1: the display");
    }
    REQUIRE((parent->table->child[p->number] == process_index(p)) ==
                !is_dying(p),
            "N2: the slot of a child number");
    REQUIRE((name_child(parent, p->name, &links) == p) == !is_dying(p),
            "N3: a child is not found by its name");
    return NULL;
}

static const char *check_time(const struct process *p)
{
    REQUIRE(p->stops != nucleus.stops || !process_is_suspended(p, NULL),
            "P4: a process that is suspended, and knows all stops");
    REQUIRE(p->credit >= -(int64_t)nucleus.slice,
            "T3: a debt of more than a slice");
    REQUIRE(is_ring(&p->turns), "T1: the links of a ring");
    for (EACH(process, child, &p->turns, turn)) {
        REQUIRE(child->parent == p, "T1: another's child in a ring");
    }
    if (!process_is_ready(p) || p == this_hart->current ||
        p == this_hart->handoff || process_is_suspended(p, NULL)) {
        return NULL;
    }
    for (; p->parent != NULL; p = p->parent) {
        REQUIRE(!link_is_empty(&p->turn),
                "T1: a ready process is not in the rings");
    }
    return NULL;
}

/* ---- storage ----------------------------------------------------------- */

/* Does the entry stand in its frame's list, and its origin, if it has one,
 * behind it? */
static bool is_in_list(uint64_t frame, uint64_t *entry, const uint64_t *origin)
{
    uint64_t *all = (uint64_t *)nucleus.nodes;
    uint64_t index = frame - nucleus.first_frame;
    uint64_t last = nucleus.frame_count;
    uint64_t i = nucleus.frames[index < last ? index : last];
    bool seen = false;
    for (; i != 0 && &all[i] != origin; i = WINDOW(&all[i])->next) {
        seen = seen || &all[i] == entry;
    }
    return seen && (i != 0) == (origin != NULL);
}

bool check_root_page(uint64_t page, uint64_t *ret_frame, uint64_t *ret_rights)
{
    struct table_entry at = storage_find(process_at(ROOT), page);
    if (!machine_entry_is_leaf(*at.entry)) { return false; }
    *ret_frame = machine_entry_frame(*at.entry) +
                 (page & ((UINT64_C(1) << at.shift) - 1));
    *ret_rights = machine_entry_rights(*at.entry);
    return true;
}

static const char *check_entry(const struct process *p, uint64_t *entry)
{
    const struct process *parent = p->parent;
    uint32_t window = WINDOW(entry)->onto;
    const uint64_t *origin = NULL;
    uint64_t frame, rights;
    if (parent->parent == NULL) {
        REQUIRE(check_root_page(WINDOW_PAGE(window), &frame, &rights),
                "S2: an entry for a page that the root lacks");
    } else {
        origin = storage_entry(parent, WINDOW_PAGE(window));
        REQUIRE(origin != NULL && *origin != 0,
                "S3: what an entry was composed from is not cached");
        frame = machine_entry_frame(*origin);
        rights = machine_entry_rights(*origin);
    }
    REQUIRE(machine_entry_frame(*entry) == frame, "S2: the frame of an entry");
    REQUIRE(machine_entry_rights(*entry) == (rights & WINDOW_RIGHTS(window)),
            "S2: the rights of an entry");
    REQUIRE(is_in_list(frame, entry, origin),
            "S3: an entry is not in its frame's list before its origin");
    return NULL;
}

struct tables {
    uint64_t count, windows;
};

/* The table with so many levels below it, and those; half of a highest one is
 * the nucleus's. */
static const char *check_tables(const struct process *p, struct node *n,
                                int levels, struct tables *found)
{
    found->count++;
    for (int i = 0; i < (levels == 2 ? NODE_ENTRIES / 2 : NODE_ENTRIES); i++) {
        uint64_t *entry = &n->entry[i];
        if (levels > 0 && machine_entry_is_table(*entry)) {
            struct node *below = machine_page(machine_entry_frame(*entry));
            HOLDS(check_tables(p, below, levels - 1, found));
        } else if (levels == 0 && WINDOW(entry)->onto != 0) {
            HOLDS(*entry != 0 ? check_entry(p, entry) : NULL);
            found->windows++;
        }
    }
    return NULL;
}

/* The windows are looked at with who pays for them. */
static const char *check_storage(const struct process *p, struct sums *sums)
{
    const struct process *payer = p->windows->payer;
    bool pays = payer == p;
    struct tables found = { 0 };
    HOLDS(pays ? check_tables(p, p->windows, 2, &found) : NULL);
    REQUIRE(!pays || found.windows == p->windows->pages,
            "S1: the count of windows");
    sums->windows += found.windows;
    found.count += p->table != p->windows;
    REQUIRE(is_ring(&p->sharers), "S5: the links among those that share");
    for (EACH(process, other, &p->sharers, sharers)) {
        REQUIRE(other->parent == p->parent && other->windows == p->windows,
                "S5: not the same windows, or no siblings");
        pays = pays || payer == other;
    }
    REQUIRE(pays && p->table->payer == p, "S5: who pays for tables");
    REQUIRE(found.count == claim_used(p, TABLES), "L1: the tables in use");
    return NULL;
}

/* ---- the whole --------------------------------------------------------- */

static const char *check_process(struct process *p, struct sums *sums,
                                 bool thorough)
{
    sums->processes++;
    HOLDS(check_place(p));
    HOLDS(check_children(p));
    if (p->is_pseudo) { return NULL; }
    HOLDS(check_queue(p));
    HOLDS(check_held(p));
    HOLDS(check_wait(p));
    HOLDS(check_break(p));
    HOLDS(check_buffers(p, sums));
    HOLDS(check_time(p));
    HOLDS(thorough ? check_names(p) : NULL);
    return thorough ? check_storage(p, sums) : NULL;
}

static struct process *next_in_tree(struct process *p)
{
    if (!link_is_empty(&p->children)) {
        return link_record(p->children.next, process, sibling);
    }
    while (p->parent != NULL && p->sibling.next == &p->parent->children) {
        p = p->parent;
    }
    return p->parent != NULL ? link_record(p->sibling.next, process, sibling)
                             : NULL;
}

static const char *check_externals(const struct sums *sums)
{
    uint64_t held = nucleus.heap_size;
    for (uint32_t i = 1; i <= nucleus.heap_size; i++) {
        const struct buffer *b = nucleus.heap[i];
        REQUIRE(b->place == i &&
                    (i == 1 || nucleus.heap[i / 2]->deadline <= b->deadline),
                "E1: the clock's heap");
    }
    for (uint32_t n = 1; n < KERNE_LINES; n++) {
        const struct line *line = &nucleus.lines[n];
        const struct process *user = line->user;
        REQUIRE(user == process_at(ROOT) ||
                    (user->parent != NULL && !user->is_pseudo),
                "E3: the user of a line does not live");
        REQUIRE(line->waiting == NULL || line->waiting->sender == user,
                "E2: at a line waits another than its user");
        held += line->waiting != NULL;
    }
    REQUIRE(held == sums->external, "M2: what external processes hold");
    return NULL;
}

/* All claims together are the pool.  Of what was never used, a buffer is kept
 * for the breaks of each record that was never used, and one for record 0. */
static const char *check_pool(const struct sums *sums)
{
    uint64_t breaks = nucleus.process_limit - nucleus.never_used_process + 1;
    uint64_t free = nucleus.buffer_limit - nucleus.never_used_buffer;
    REQUIRE(breaks <= free, "L2: a break's buffer has been given away");
    for (const struct link *l = nucleus.free_buffer; l != NULL; l = l->next) {
        REQUIRE(link_record(l, buffer, claim)->state == KERNE_FREE,
                "L2: a used buffer is free");
        REQUIRE(free++ < nucleus.buffer_limit, "L2: a circle of free buffers");
    }
    REQUIRE(free - breaks == sums->free,
            "L2: the pool and the claims disagree");
    return NULL;
}

const char *check_current(void)
{
    struct process *p = this_hart->current;
    const struct process *account = this_hart->account;
    /* idle, or in the middle of a trap */
    if (p == NULL || this_hart->must_settle) { return NULL; }
    bool pays_right = this_hart->posted != NULL || account == time_account(p);
    REQUIRE(!process_is_suspended(p, NULL),
            "P3: a process that is suspended runs");
    REQUIRE(pays_right || account == p,
            "T3: time is charged to another account");
    REQUIRE(pays_right || (this_hart->quick & WAIT_NEVER) != 0,
            "M5: someone is quick for whom works for another, and pays itself");
    for (int i = 0; i < p->depth; i++) {
        REQUIRE(!process_is_ready(process_at(p->display[i])),
                "T2: a process runs before one above it");
    }
    return NULL;
}

static const char *check(bool thorough, struct sums *sums)
{
    *sums = (struct sums){ 0 };
    for (struct process *p = process_at(ROOT); p != NULL; p = next_in_tree(p)) {
        HOLDS(check_process(p, sums, thorough));
        REQUIRE(sums->processes < nucleus.process_limit, "P1: a circle");
    }
    HOLDS(thorough ? check_pool(sums) : NULL);
    return check_externals(sums);
}

const char *check_rules(void)
{
    struct sums sums;
    return check(true, &sums);
}

/* With many processes and buffers not each call is checked, and with many
 * windows storage more seldom than each 256th, as free lists are otherwise, so
 * that checking costs a constant factor. */
void check_all(void)
{
    static uint64_t calls, due, due_thorough;
    struct sums sums;
    if (++calls < due) { return; }
    bool thorough = calls >= due_thorough;
    const char *rule = check(thorough, &sums);
    rule = rule != NULL ? rule : check_current();
    due = calls + (sums.processes + sums.used) / 32;
    if (thorough) { due_thorough = calls + 256 + sums.windows / 16; }
    if (rule != NULL) { panic(rule); }
}
