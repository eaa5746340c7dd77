/*
 * External processes: the clock, and one for each interrupt line.  They are
 * children of the root with fixed numbers, and answered for by the nucleus.
 *
 * E1  A message that the clock holds stands in its heap, the earliest first,
 *     and knows its place there.
 * E2  A line is enabled exactly while a message of its user waits at it.
 * E3  A line has one user, who lives; that process and all above it have
 *     received the line.
 */
#include "hart.h"

#define CLOCK 0 /* external process; line n is n */

/* ---- the clock --------------------------------------------------------- */

/* Puts a buffer where it belongs, at `place` or above or below. */
static void heap_settle(uint64_t place, struct buffer *b)
{
    for (uint64_t next;; place = next) {
        next = place * 2;
        if (external_deadline(next + 1) < external_deadline(next)) { next++; }
        if (place > 1 && external_deadline(place / 2) > b->deadline) {
            next = place / 2;
        } else if (external_deadline(next) >= b->deadline) {
            break;
        }
        nucleus.heap[place] = nucleus.heap[next];
        nucleus.heap[place]->place = place;
    }
    nucleus.heap[place] = b;
    b->place = place;
}

/* Answers one whose time has come; the next one interrupts again. */
void external_clock(uint64_t now)
{
    struct buffer *b = nucleus.heap[1];
    external_drop(b);
    queue_reply(b, KERNE_r_normal, 0, now);
}

static void clock_receive(struct buffer *b, uint64_t operation)
{
    uint64_t now = machine_time(), when = b->words[1];
    if (operation == KERNE_CLOCK_DELAY) {
        when = when < UINT64_MAX - now ? now + when : UINT64_MAX;
    }
    if (operation > KERNE_CLOCK_UNTIL) {
        queue_reply(b, KERNE_r_unintelligible, 0, 0);
    } else if (operation == KERNE_SENSE || when <= now) {
        queue_reply(b, KERNE_r_normal, 0, now);
    } else {
        b->deadline = when;
        heap_settle(++nucleus.heap_size, b);
        if (b->place == 1) { time_arm(); }
    }
}

/* ---- interrupt lines --------------------------------------------------- */

/* Nobody waits at the line any more; who did gets this result. */
static void line_clear(uint64_t number, enum kerne_result result)
{
    struct buffer *waiting = nucleus.lines[number].waiting;
    nucleus.lines[number].waiting = NULL;
    machine_line_enable(number, false);
    if (waiting != NULL) { queue_reply(waiting, result, 0, 0); }
}

void external_interrupt(uint64_t line) { line_clear(line, KERNE_r_normal); }

/* The right to a line goes to another; who waits with the old one is told. */
static void line_transfer(uint64_t number, struct process *user)
{
    nucleus.lines[number].user = user;
    user->has_lines = true;
    line_clear(number, KERNE_r_rejected);
}

/* The lines of a process that is being removed are its parent's again. */
void external_release(struct process *p)
{
    for (uint64_t n = 1; p->has_lines && n < KERNE_LINES; n++) {
        if (nucleus.lines[n].user == p) { line_transfer(n, p->parent); }
    }
}

/* A line passes from the caller to one below it, or back. */
static enum kerne_result move(struct process *caller, bool include)
{
    struct process *p;
    uint64_t number = caller->x[R_A1];
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE(number == 0 || number >= KERNE_LINES, bad_argument);
    const struct process *from = include ? caller : p;
    const struct process *user = nucleus.lines[number].user;
    REFUSE(!process_is_within(user, from), not_user);
    REFUSE(user != from, line_in_use);
    line_transfer(number, include ? p : caller);
    return KERNE_r_normal;
}

/* 12.  Cost: constant. */
enum kerne_result external_include(struct process *p) { return move(p, true); }

/* 14.  Cost: constant. */
enum kerne_result external_exclude(struct process *p) { return move(p, false); }

/* ---- both -------------------------------------------------------------- */

/* A message for an external process: answered, or held until its event. */
void external_receive(struct buffer *b, uint64_t external)
{
    struct line *line = &nucleus.lines[external];
    uint64_t operation = b->words[0] >> 2;
    b->external = (uint8_t)external;
    if (external == CLOCK) {
        clock_receive(b, operation);
    } else if (line->user != b->sender || line->waiting != NULL) {
        queue_reply(b, KERNE_r_rejected, 0, 0);
    } else if (operation != KERNE_LINE_AWAIT) {
        queue_reply(b, KERNE_r_unintelligible, 0, 0);
    } else {
        line->waiting = b;
        machine_line_enable(external, true);
    }
}

/* A message that an external process holds leaves it.  In the heap, its place
 * is taken by the last, or, behind the end, by itself. */
void external_drop(struct buffer *b)
{
    if (b->external == CLOCK) {
        heap_settle(b->place, nucleus.heap[nucleus.heap_size--]);
    } else {
        nucleus.lines[b->external].waiting = NULL;
        machine_line_enable(b->external, false);
    }
}

/* `clock`, `line1` to `line63`, short enough for the first word.  The name is
 * well formed. */
bool external_look_up(const uint64_t name[2], uint64_t *ret_number)
{
    uint64_t first = (name[0] >> 32 & 0xff) - '0', n = first;
    uint64_t second = name[0] >> 40;
    bool is_clock = name[0] == 0x6b636f6c63; /* "clock" */
    if (second != 0) { n = first * 10 + second - '0'; }
    bool is_line = (uint32_t)name[0] == 0x656e696c /* "line" */ &&
                   first - 1 < 9 && (second == 0 || second - '0' < 10);
    *ret_number = KERNE_EXTERNAL + (is_clock ? CLOCK : n);
    return name[1] == 0 && (is_clock || (is_line && n < KERNE_LINES));
}
