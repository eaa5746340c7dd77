/*
 * General copy, of the RC 8000: the receiver of a message copies to or from
 * the area that the message grants.
 *
 * G1  Each step looks buffer, grant and pages up anew; how far it came stands
 *     in the caller's registers.
 * G2  The receiver never waits for a pager of its client: a page of the sender
 *     that is missing is a break only when the parent to whom it would be
 *     reported is above the receiver too; one of a sender that is stopped, or
 *     has one above it that is, is just missing.
 * G3  What is copied is paid for by the account of its message.
 */
#include "hart.h"

_Static_assert(KERNE_GRANT_READ == KERNE_READ, "grants are like rights");
_Static_assert(KERNE_GRANT_WRITE == KERNE_WRITE, "grants are like rights");

#define UNALIGNED_STEP 512 /* bytes that one step copies one by one */

/* Four words, read before they are written. */
static inline void copy_words(uint64_t *to, const uint64_t *from)
{
    uint64_t w0 = from[0], w1 = from[1], w2 = from[2], w3 = from[3];
    to[0] = w0, to[1] = w1, to[2] = w2, to[3] = w3;
}

/* Copies within one page on both sides: all of it in one step, if both begin
 * at words.  The two may overlap.  Returns how much. */
static uint64_t copy_in_page(uint8_t *to, const uint8_t *from, uint64_t length)
{
    uint64_t t = (uintptr_t)to % KERNE_PAGE, f = (uintptr_t)from % KERNE_PAGE;
    uint64_t limit = KERNE_PAGE - (t > f ? t : f);
    bool words = (t | f) % 8 == 0;
    if (!words && limit > UNALIGNED_STEP) { limit = UNALIGNED_STEP; }
    if (length > limit) { length = limit; }
    const uint64_t *w = (const uint64_t *)from;
    uint64_t *v = (uint64_t *)to, n = words ? length / 32 : 0;
    for (uint64_t i = n / 8; i > 0; i--, w += 32, v += 32) {
#pragma GCC unroll 8
        for (int k = 0; k < 32; k += 4) { copy_words(v + k, w + k); }
    }
    for (uint64_t i = n % 8; i > 0; i--, w += 4, v += 4) { copy_words(v, w); }
    for (uint64_t i = n * 32; i < length; i++) { to[i] = from[i]; }
    return length;
}

/* Checks the call.  What it needs of the sender's area is a right, and as a
 * grant has the same number. */
static enum kerne_result check(const struct process *p, const struct buffer *b,
                               uint64_t access)
{
    const uint64_t *x = p->x;
    uint64_t offset = x[R_A2], own = x[R_A3], length = x[R_A4];
    REFUSE(b->state != KERNE_RECEIVED || b->receiver != p || b->regretted,
           gone);
    REFUSE(x[R_A1] > KERNE_STORE || x[R_A5] > length, bad_argument);
    uint64_t area = b->words[2] - b->words[1];
    REFUSE(b->is_break || (b->words[0] & access) == 0 ||
               b->words[1] > b->words[2] || offset > area ||
               length > area - offset,
           no_grant);
    REFUSE(own > STORAGE_LIMIT || length > STORAGE_LIMIT - own, bad_address);
    return KERNE_r_normal;
}

/* Cost: constant; a constant for each level, if something was stopped since the
 * sender was last asked for. */
static enum kerne_result step(struct process *p, struct buffer *b,
                              uint64_t access)
{
    struct process *sender = b->sender;
    uint64_t *done = &p->x[R_A5], *length = &p->x[R_A4];
    uint64_t theirs = b->words[1] + p->x[R_A2] + *done;
    struct touch at, mine;
    if (*done == *length) { return KERNE_r_normal; }
    REFUSE(sender->stops != nucleus.stops && process_is_suspended(sender, NULL),
           missing);
    sender->stops = nucleus.stops;
    if (!storage_touch(sender, theirs, access, &at)) {
        const struct process *pager = at.culprit->parent;
        REFUSE(at.address >= STORAGE_LIMIT || pager == NULL || pager == p ||
                   !process_is_within(p, pager),
               missing);
        return break_fault(p, KERNE_BREAK_PAGE_FAULT, BREAK_OF_COPY, at.culprit,
                           at.address, access, IN_COPY);
    }
    uint64_t own = p->x[R_A3] + *done, own_access = access ^ 3;
    if (!storage_touch(p, own, own_access, &mine)) {
        return break_fault(p, KERNE_BREAK_PAGE_FAULT, own, mine.culprit,
                           mine.address, own_access, IN_COPY);
    }
    REFUSE(!storage_is_ram(at.physical) || !storage_is_ram(mine.physical),
           bad_address);
    const struct touch *from = access == KERNE_READ ? &at : &mine;
    const struct touch *to = access == KERNE_READ ? &mine : &at;
    *done += copy_in_page(machine_physical(to->physical),
                          machine_physical(from->physical), *length - *done);
    if ((to->rights & KERNE_EXECUTE) != 0) { machine_code_stored(); }
    return *done == *length ? KERNE_r_normal : AGAIN;
}

/* 84.  a5 counts the bytes done.  Cost: a constant for each step, and the
 * loads and stores: eight bytes each where both sides are aligned to 8. */
enum kerne_result copy_general(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    uint64_t access = p->x[R_A1] == KERNE_FETCH ? KERNE_READ : KERNE_WRITE;
    enum kerne_result result = check(p, b, access);
    if (result == KERNE_r_normal) {
        if (p->serving != b) { /* it took another one later */
            link_remove(&b->event);
            queue_work_on(p, b);
            time_change_account(p);
        }
        result = step(p, b, access);
    } else {
        p->x[R_A5] = 0;
    }
    if (result != AGAIN && result != WAITS) { p->x[R_A0] = p->x[R_A5]; }
    return result;
}
