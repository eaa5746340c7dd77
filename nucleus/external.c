/*
 * External processes: the clock, and one for each interrupt line.  They are
 * children of the root with fixed numbers, and answered for by the nucleus.
 *
 * E1  A message that the clock holds stands in its heap, the earliest first.
 * E2  A line is enabled exactly while a message of its user waits at it.
 * E3  A line that a process has received is its own, or of one below it.
 */
#include "nucleus.h"

#define CLOCK 0 /* external process; line n is n */
#define STEP 16

static void answer(struct buffer *b, enum kerne_result result, uint64_t word)
{
    for (int i = 0; i < KERNE_WORDS; i++) { b->words[i] = i == 1 ? word : 0; }
    message_answer(b, result);
}

/* ---- the clock --------------------------------------------------------- */

static void heap_set(uint32_t place, uint32_t index)
{
    nucleus.heap[place] = index;
    buffer_at(index)->link[MESSAGES].next = place;
}

static uint64_t heap_deadline(uint32_t place)
{
    return place > nucleus.heap_size ? UINT64_MAX
                                     : buffer_at(nucleus.heap[place])->deadline;
}

/* Puts a buffer where it belongs, at `place` or above or below. */
static void heap_settle(uint32_t place, uint32_t index)
{
    uint64_t deadline = buffer_at(index)->deadline;
    for (uint32_t next;; place = next) {
        next = place * 2;
        if (heap_deadline(next + 1) < heap_deadline(next)) { next++; }
        if (place > 1 && heap_deadline(place / 2) > deadline) {
            next = place / 2;
        } else if (heap_deadline(next) >= deadline) {
            break;
        }
        heap_set(place, nucleus.heap[next]);
    }
    heap_set(place, index);
}

/* Its place is taken by the last, or, behind the end, by itself. */
static void heap_remove(const struct buffer *b)
{
    uint32_t last = nucleus.heap[nucleus.heap_size--];
    heap_settle(b->link[MESSAGES].next, last);
}

uint64_t external_deadline(void) { return heap_deadline(1); }

/* Answers those whose time has come; what remains interrupts again. */
void external_clock(uint64_t now)
{
    for (int i = 0; i < STEP && external_deadline() <= now; i++) {
        struct buffer *b = buffer_at(nucleus.heap[1]);
        heap_remove(b);
        answer(b, KERNE_r_normal, now);
    }
}

static void clock_receive(struct buffer *b, uint64_t operation)
{
    uint64_t now = machine_time(), when = b->words[1];
    if (operation == KERNE_SENSE) { when = now; }
    if (operation == KERNE_CLOCK_DELAY) {
        when = when < UINT64_MAX - now ? now + when : UINT64_MAX;
    }
    if (operation > KERNE_CLOCK_UNTIL) {
        answer(b, KERNE_r_unintelligible, 0);
    } else if (when <= now) {
        answer(b, KERNE_r_normal, now);
    } else {
        b->deadline = when;
        heap_settle(++nucleus.heap_size, buffer_index(b));
        if (nucleus.heap[1] == buffer_index(b)) { time_arm(); }
    }
}

/* ---- interrupt lines --------------------------------------------------- */

/* Nobody waits at the line any more; who did gets this result, or nothing. */
static void line_clear(uint32_t number, enum kerne_result result)
{
    uint32_t waiting = nucleus.lines[number].waiting;
    nucleus.lines[number].waiting = 0;
    machine_line_enable(number, false);
    if (waiting != 0 && result != KEPT) {
        answer(buffer_at(waiting), result, 0);
    }
}

void external_interrupt(uint32_t line) { line_clear(line, KERNE_r_normal); }

/* The right to a line goes to another; who waits with the old one is told. */
static void line_pass(uint32_t number, const struct process *user)
{
    nucleus.lines[number].user = process_index(user);
    line_clear(number, KERNE_r_rejected);
}

/* The lines of a process that is being removed are its parent's again. */
void external_release(struct process *p)
{
    for (uint32_t n = 1; n < KERNE_LINES && p->lines >> n != 0; n++) {
        if ((p->lines >> n & 1) != 0) { line_pass(n, process_parent(p)); }
    }
    p->lines = 0;
}

/* A line passes from the caller to one below it, or back. */
static enum kerne_result pass(struct process *caller, bool include)
{
    struct process *p;
    uint64_t number = caller->x[R_A1], line = UINT64_C(1) << (number & 63);
    TRY(process_find_internal(caller, &p));
    REFUSE(number == 0 || number >= KERNE_LINES, bad_argument);
    const struct process *from = include ? caller : p;
    if (nucleus.lines[number].user != process_index(from)) {
        REFUSE((from->lines & line) != 0, line_in_use);
        return KERNE_r_not_user;
    }
    line_pass((uint32_t)number, include ? p : caller);
    for (; p != caller; p = process_parent(p)) {
        p->lines = include ? p->lines | line : p->lines & ~line;
    }
    return KERNE_r_normal;
}

/* 12.  Cost: constant, and a constant for each level between. */
enum kerne_result external_include(struct process *p) { return pass(p, true); }

/* 14.  Cost: as for include user. */
enum kerne_result external_exclude(struct process *p) { return pass(p, false); }

/* ---- both -------------------------------------------------------------- */

/* A message for an external process: answered, or held until its event. */
void external_receive(struct buffer *b, uint32_t external)
{
    struct line *line = &nucleus.lines[external];
    uint64_t operation = b->words[0] >> 2;
    b->external = (uint16_t)external;
    if (external == CLOCK) {
        clock_receive(b, operation);
    } else if (line->user != b->sender || line->waiting != 0) {
        answer(b, KERNE_r_rejected, 0);
    } else if (operation != KERNE_LINE_AWAIT) {
        answer(b, KERNE_r_unintelligible, 0);
    } else {
        line->waiting = buffer_index(b);
        machine_line_enable(external, true);
    }
}

/* A message that an external process holds is withdrawn. */
void external_drop(struct buffer *b)
{
    if (b->external == CLOCK) {
        heap_remove(b);
    } else {
        line_clear(b->external, KEPT);
    }
}

/* `clock`, `line1` to `line63`. */
static uint64_t external_name(uint64_t number)
{
    uint64_t digits = '0' + number;
    if (number == CLOCK) { return 0x6b636f6c63; /* "clock" */ }
    if (number > 9) { digits = '0' + number / 10 + ('0' + number % 10) * 256; }
    return 0x656e696c + (digits << 32); /* "line" */
}

bool external_look_up(const uint64_t name[2], uint64_t *ret_number)
{
    uint64_t n = 0;
    while (n < KERNE_LINES && external_name(n) != name[0]) { n++; }
    if (n == KERNE_LINES || name[1] != 0) { return false; }
    *ret_number = KERNE_EXTERNAL + n;
    return true;
}
