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
#include "nucleus.h"

#define REQUIRE(condition, rule) \
    do {                         \
        if (!(condition)) {      \
            return rule;         \
        }                        \
    } while (0)

struct sums {
    uint64_t processes, nodes;
    uint64_t free, used, external; /* buffers */
};

/* ---- messages ---------------------------------------------------------- */

static const char *check_queue(const struct process *p)
{
    uint16_t index = process_index(p);
    uint32_t previous = 0, message = p->messages.first, last_message = 0;
    for (uint32_t i = p->events.first; i != 0;) {
        const struct buffer *b = buffer_at(i);
        REQUIRE(b->link[EVENTS].previous == previous,
                "M1: a queue's links disagree");
        if (b->state == KERNE_QUEUED) {
            REQUIRE(b->receiver == index, "M1: a message in a foreign queue");
            REQUIRE(i == message, "M1: a message is not among the messages");
            REQUIRE(b->link[MESSAGES].previous == last_message,
                    "M1: the links among messages disagree");
            last_message = i;
            message = b->link[MESSAGES].next;
        } else {
            REQUIRE(b->state == KERNE_ANSWERED && b->sender == index,
                    "M1: an event in a foreign queue");
        }
        previous = i;
        i = b->link[EVENTS].next;
    }
    REQUIRE(previous == p->events.last, "M1: a queue's end is wrong");
    REQUIRE(message == 0 && last_message == p->messages.last,
            "M1: the end of the messages is wrong");
    return NULL;
}

static const char *check_held(const struct process *p)
{
    bool serving = p->serving == 0;
    uint32_t previous = 0;
    for (uint32_t i = p->held.first; i != 0;
         i = buffer_at(i)->link[EVENTS].next) {
        const struct buffer *b = buffer_at(i);
        REQUIRE(b->state == KERNE_RECEIVED && b->receiver == process_index(p),
                "M2: a held message is not its holder's");
        REQUIRE(b->link[EVENTS].previous == previous,
                "M2: the links of held messages");
        serving = serving || i == p->serving;
        previous = i;
    }
    REQUIRE(serving, "M2: a process works on a message that it does not hold");
    return NULL;
}

static const char *check_wait(const struct process *p)
{
    const struct buffer *b = message_find(p->wait_for);
    if ((p->held_out & KERNE_HELD_DYING) != 0) {
        return NULL; /* what it waits for may have been taken already */
    }
    switch ((enum kerne_wait)p->wait) {
    case KERNE_WAITS_NOT:
        return NULL;
    case KERNE_WAITS_MESSAGE:
        REQUIRE(p->messages.first == 0, "M4: it waits, and a message is there");
        return NULL;
    case KERNE_WAITS_ANSWER:
        REQUIRE(b != NULL && b->sender == process_index(p),
                "M4: it waits for an answer that cannot come");
        REQUIRE(b->state != KERNE_ANSWERED, "M4: it waits, and has its answer");
        return NULL;
    case KERNE_WAITS_EVENT:
        REQUIRE(p->wait_for == 0 ? p->events.first == 0
                                 : p->events.first == 0 ||
                                       (b != NULL &&
                                        b->link[EVENTS].next == 0),
                "M4: it waits, and an event is there");
        return NULL;
    case KERNE_WAITS_BREAK:
        b = buffer_at(nucleus.break_buffers + process_index(p));
        REQUIRE(b->state != KERNE_FREE, "B1: in a break that nobody knows of");
        return NULL;
    }
    return "M4: an unknown wait";
}

static const char *check_break(const struct process *p)
{
    const struct buffer *b =
        buffer_at(nucleus.break_buffers + process_index(p));
    REQUIRE(b->is_break, "B1: the buffer of a process's breaks");
    REQUIRE((p->held_out & KERNE_HELD_DYING) != 0 ||
                (b->state == KERNE_FREE) == (p->wait != KERNE_WAITS_BREAK),
            "B1: a break's buffer in use by a process that is in none");
    return NULL;
}

/* ---- claims ------------------------------------------------------------ */

static const char *check_buffers(const struct process *p, struct sums *sums)
{
    uint32_t used = 0, previous = 0;
    for (uint32_t i = p->in_use.first; i != 0;
         i = buffer_at(i)->link[CLAIM].next) {
        const struct buffer *b = buffer_at(i);
        REQUIRE(b->owner == process_index(p), "L3: a buffer of another claim");
        REQUIRE(b->state != KERNE_FREE, "L3: a free buffer in use");
        REQUIRE(b->link[CLAIM].previous == previous,
                "L3: the links of a claim");
        REQUIRE(b->sender == b->owner || b->sender == 0,
                "M3: a message of another's claim");
        sums->external += b->state == KERNE_RECEIVED && b->receiver == 0;
        previous = i;
        used++;
    }
    REQUIRE(used == p->buffers.used, "L3: the count of buffers in use");
    sums->free += p->buffers.free;
    sums->used += used;
    return NULL;
}

static const char *check_claims(const struct process *p)
{
    uint64_t buffers = p->buffers.used, processes = 0, tables = p->tables.used;
    uint64_t lines = 0, children = 0;
    for (uint16_t c = p->first_child; c != 0; c = process_at(c)->next_sibling) {
        const struct process *child = process_at(c);
        buffers += child->buffers.received;
        processes += child->processes.received + 1;
        tables += child->tables.received;
        REQUIRE((lines & child->lines) == 0, "E3: two children have a line");
        lines |= child->lines;
        children++;
    }
    REQUIRE(children == p->processes.used, "L1: the count of children");
    REQUIRE(buffers + p->buffers.free == p->buffers.received, "L1: buffers");
    REQUIRE(processes + p->processes.free == p->processes.received,
            "L1: processes");
    REQUIRE(tables + p->tables.free == p->tables.received, "L1: tables");
    REQUIRE((lines & ~p->lines) == 0, "E3: a child has more lines");
    return NULL;
}

/* ---- the tree ---------------------------------------------------------- */

static const char *check_place(const struct process *p)
{
    uint16_t index = process_index(p);
    REQUIRE(p->display[p->depth] == index, "N1: the display's own end");
    if (p->parent == 0) {
        return NULL;
    }
    const struct process *parent = process_parent(p);
    REQUIRE(p->depth == parent->depth + 1, "P1: the depth");
    for (int i = 0; i < p->depth; i++) {
        REQUIRE(p->display[i] == parent->display[i], "N1: the display");
    }
    REQUIRE((process_children(parent)[p->number] == index) ==
                ((p->held_out & KERNE_HELD_DYING) == 0),
            "N2: the slot of a child number");
    for (uint16_t c = p->next_sibling; c != 0;
         c = process_at(c)->next_sibling) {
        const struct process *other = process_at(c);
        REQUIRE(other->parent == p->parent, "P1: a sibling's parent");
        REQUIRE(((other->held_out | p->held_out) & KERNE_HELD_DYING) != 0 ||
                    other->name[0] != p->name[0] ||
                    other->name[1] != p->name[1],
                "N3: two siblings of one name");
    }
    return NULL;
}

static bool is_held_out(const struct process *p)
{
    bool held = false;
    for (int i = 0; i <= p->depth; i++) {
        held = held || process_at(p->display[i])->held_out != 0;
    }
    return held;
}

static const char *check_time(const struct process *p)
{
    if (p->ring != 0) {
        const struct process *c = process_at(p->ring);
        do {
            REQUIRE(process_at(c->ring_next)->ring_previous ==
                        process_index(c),
                    "T1: the links of a ring");
            REQUIRE(process_parent(c) == p, "T1: another's child in a ring");
            c = process_at(c->ring_next);
        } while (c != process_at(p->ring));
    }
    if (!process_is_ready(p) || p == this_hart->current ||
        p == this_hart->handoff || is_held_out(p)) {
        return NULL;
    }
    for (int i = 1; i <= p->depth; i++) {
        REQUIRE(process_at(p->display[i])->ring_next != 0,
                "T1: a ready process is not in the rings");
    }
    return NULL;
}

/* ---- storage ----------------------------------------------------------- */

static bool is_in_list(uint64_t frame, uint32_t link, uint32_t parent_link)
{
    uint64_t index = frame - nucleus.first_frame;
    uint32_t i = index < nucleus.frame_count ? nucleus.frames[index]
                                             : nucleus.device_frames;
    bool seen = false;
    for (; i != 0;
         i = (uint32_t)(nucleus.nodes[i >> 9].window[i & 511] >> 32)) {
        seen = seen || i == link;
        if (i == parent_link) {
            return seen;
        }
    }
    return seen && parent_link == 0;
}

static const char *check_entry(struct process *p, uint64_t w, uint64_t e,
                               uint32_t link)
{
    struct process *parent = process_parent(p);
    uint64_t frame, rights, *entry;
    uint32_t parent_link = 0;
    if (parent->parent == 0) {
        REQUIRE(storage_root_page(WINDOW_PAGE(w), &frame, &rights),
                "S2: an entry for a page that the root lacks");
    } else {
        const uint64_t *above = storage_window(parent, WINDOW_PAGE(w), &entry);
        REQUIRE(above != NULL && *entry != 0,
                "S3: what an entry was composed from is not cached");
        frame = machine_entry_frame(*entry);
        rights = machine_entry_rights(*entry);
        const struct node *n = machine_page(machine_frame(
            (const void *)((uintptr_t)entry & ~(uintptr_t)(KERNE_PAGE - 1))));
        parent_link = (uint32_t)(n - nucleus.nodes) << 9 |
                      (uint32_t)(WINDOW_PAGE(w) & 511);
    }
    REQUIRE(machine_entry_frame(e) == frame, "S2: the frame of an entry");
    REQUIRE(machine_entry_rights(e) == (rights & WINDOW_RIGHTS(w)),
            "S2: the rights of an entry");
    REQUIRE(is_in_list(frame, link, parent_link),
            "S3: an entry is not in its frame's list before its origin");
    return NULL;
}

static const char *check_storage(struct process *p)
{
    uint64_t pages = 0, cached = 0;
    if (p->parent == 0) {
        return NULL;
    }
    for (uint64_t page = 0; page < UINT64_C(1) << 26; page++) {
        uint64_t *entry;
        if (!storage_next(p, page, &page)) {
            page--;
            continue;
        }
        uint64_t w = *storage_window(p, page, &entry);
        pages++;
        if (*entry != 0) {
            const struct node *n = machine_page(
                machine_frame((const void *)((uintptr_t)entry &
                                             ~(uintptr_t)(KERNE_PAGE - 1))));
            const char *rule = check_entry(
                p, w, *entry,
                (uint32_t)(n - nucleus.nodes) << 9 | (uint32_t)(page & 511));
            REQUIRE(rule == NULL, rule);
            cached++;
        }
    }
    REQUIRE(pages == p->pages, "S1: the count of windows");
    REQUIRE(cached == p->cached, "S3: the count of cached entries");
    return NULL;
}

/* ---- the whole --------------------------------------------------------- */

static const char *check_process(struct process *p, struct sums *sums,
                                 bool thorough)
{
    const char *rule = check_place(p);
    sums->processes++;
    sums->nodes += p->tables.used;
    if (p->is_pseudo) {
        return rule;
    }
    rule = rule != NULL ? rule : check_queue(p);
    rule = rule != NULL ? rule : check_held(p);
    rule = rule != NULL ? rule : check_wait(p);
    rule = rule != NULL ? rule : check_break(p);
    rule = rule != NULL ? rule : check_buffers(p, sums);
    rule = rule != NULL ? rule : check_claims(p);
    rule = rule != NULL ? rule : check_time(p);
    if (rule == NULL && thorough) {
        rule = check_storage(p);
    }
    return rule;
}

static struct process *next_in_tree(struct process *p)
{
    if (p->first_child != 0) {
        return process_at(p->first_child);
    }
    while (p->parent != 0 && p->next_sibling == 0) {
        p = process_parent(p);
    }
    return p->parent != 0 ? process_at(p->next_sibling) : NULL;
}

static const char *check_externals(const struct sums *sums)
{
    uint64_t held = nucleus.heap_size;
    for (uint32_t i = 2; i <= nucleus.heap_size; i++) {
        REQUIRE(buffer_at(nucleus.heap[i / 2])->deadline <=
                    buffer_at(nucleus.heap[i])->deadline,
                "E1: the clock's heap");
    }
    for (uint32_t n = 1; n < KERNE_LINES; n++) {
        const struct line *line = &nucleus.lines[n];
        held += line->waiting != 0;
        REQUIRE((process_at(line->user)->lines >> n & 1) != 0,
                "E3: the user of a line has not received it");
    }
    REQUIRE(held == sums->external, "M2: what external processes hold");
    return NULL;
}

/* All claims together are the pool, less those that were never used. */
static const char *check_pool(const struct sums *sums)
{
    uint64_t free = nucleus.break_buffers - nucleus.fresh_buffer;
    for (uint32_t i = nucleus.free_buffer; i != 0;
         i = buffer_at(i)->link[CLAIM].next) {
        REQUIRE(buffer_at(i)->state == KERNE_FREE, "L2: a used buffer is free");
        REQUIRE(free++ < nucleus.break_buffers, "L2: a circle of free buffers");
    }
    REQUIRE(free == sums->free, "L2: the pool and the claims disagree");
    return NULL;
}

static const char *check(bool thorough, uint64_t *ret_processes)
{
    struct sums sums = { 0 };
    for (struct process *p = process_at(ROOT); p != NULL;
         p = next_in_tree(p)) {
        const char *rule = check_process(p, &sums, thorough);
        REQUIRE(rule == NULL, rule);
        REQUIRE(sums.processes < nucleus.process_limit, "P1: a circle");
    }
    *ret_processes = sums.processes;
    const char *rule = thorough ? check_pool(&sums) : NULL;
    return rule != NULL ? rule : check_externals(&sums);
}

const char *check_rules(void)
{
    uint64_t processes;
    return check(true, &processes);
}

/* With many processes not each call is checked, so that checking costs a
 * constant factor; free lists and storage are looked at more seldom. */
void check_all(void)
{
    static uint64_t calls, due, processes;
    if (++calls < due) {
        return;
    }
    const char *rule = check(calls % 256 == 0, &processes);
    due = calls + processes / 32;
    if (rule != NULL) {
        panic(rule);
    }
}
