/*
 * General copy, of the RC 8000: the receiver of a message copies to or from
 * the area that the message grants.
 *
 * G1  Each step looks buffer, grant and pages up anew; how far it came stands
 *     in the caller's registers.
 * G2  The receiver never waits for a pager of its client: a page of the sender
 *     that is missing is a break only when the parent to whom it would be
 *     reported is above the receiver too.
 */
#include "hart.h"

_Static_assert(KERNE_GRANT_READ == KERNE_READ, "grants are like rights");
_Static_assert(KERNE_GRANT_WRITE == KERNE_WRITE, "grants are like rights");

#define UNALIGNED_STEP 512 /* bytes that one step copies one by one */

/* Copies within one page on both sides: all of it in one step, if both begin
 * at words.  The two may overlap.  Returns how much. */
static uint64_t copy_in_page(uint8_t *to, const uint8_t *from, uint64_t length)
{
    uint64_t t = (uintptr_t)to % KERNE_PAGE, f = (uintptr_t)from % KERNE_PAGE;
    uint64_t limit = KERNE_PAGE - (t > f ? t : f);
    bool words = (t | f) % 8 == 0;
    if (!words && limit > UNALIGNED_STEP) { limit = UNALIGNED_STEP; }
    if (length > limit) { length = limit; }
    const uint8_t *end = from + length;
#pragma GCC unroll 4 /* where the file is built for speed */
    for (uint64_t lines = words ? length / 64 : 0; lines > 0; lines--) {
        const uint64_t *w = (const uint64_t *)from;
        uint64_t *v = (uint64_t *)to;
        uint64_t w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
        uint64_t w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7];
        v[0] = w0, v[1] = w1, v[2] = w2, v[3] = w3;
        v[4] = w4, v[5] = w5, v[6] = w6, v[7] = w7;
        from += 64;
        to += 64;
    }
    while (from < end) { *to++ = *from++; }
    return length;
}

/* Checks the call.  What it needs of the sender's area is a right, and as a
 * grant has the same number. */
static enum kerne_result check(const struct process *p, const struct buffer *b,
                               uint64_t access)
{
    const uint64_t *x = p->x;
    uint64_t offset = x[R_A2], own = x[R_A3], length = x[R_A4];
    REFUSE(b == NULL || b->state != KERNE_RECEIVED || b->receiver != p ||
           b->regretted, gone);
    REFUSE(x[R_A1] > KERNE_STORE || x[R_A5] > length, bad_argument);
    uint64_t area = b->words[2] - b->words[1];
    REFUSE(b->is_break || (b->words[0] & access) == 0 ||
           b->words[1] > b->words[2] || offset > area ||
           length > area - offset, no_grant);
    REFUSE(own > STORAGE_LIMIT || length > STORAGE_LIMIT - own, bad_address);
    return KERNE_r_normal;
}

static enum kerne_result step(struct process *p, const struct buffer *b,
                              uint64_t access)
{
    uint64_t own_page, done = p->x[R_A5];
    uint64_t own = p->x[R_A3] + done, left = p->x[R_A4] - done;
    uint64_t theirs = b->words[1] + p->x[R_A2] + done;
    struct touch their;
    REFUSE(left == 0, normal);
    if (storage_touch(b->sender, theirs, access, &their) != KERNE_r_normal) {
        const struct process *pager = their.culprit->parent;
        REFUSE(theirs >= STORAGE_LIMIT || pager == NULL || pager == p ||
               !process_is_within(p, pager), missing);
        return break_fault(p, KERNE_BREAK_PAGE_FAULT, BREAK_OF_COPY,
                           their.culprit, their.address, access);
    }
    TRY(break_unless_touched(p, own, KERNE_READ + KERNE_WRITE - access,
                             &own_page));
    REFUSE(!storage_is_ram(their.physical) || !storage_is_ram(own_page),
           bad_address);
    bool fetch = access == KERNE_READ;
    uint64_t length = copy_in_page(
        machine_physical(fetch ? own_page : their.physical),
        machine_physical(fetch ? their.physical : own_page), left);
    p->x[R_A5] += length;
    return length == left ? KERNE_r_normal : AGAIN;
}

/* 84.  a5 counts the bytes done.  Cost: a constant for each step, and the
 * loads and stores: eight bytes each where both sides are aligned to 8. */
enum kerne_result copy_general(struct process *p)
{
    const struct buffer *b = message_find(p->x[R_A0]);
    uint64_t access = p->x[R_A1] == KERNE_FETCH ? KERNE_READ : KERNE_WRITE;
    enum kerne_result result = check(p, b, access);
    if (result == KERNE_r_normal) {
        result = step(p, b, access);
    } else {
        p->x[R_A5] = 0;
    }
    if (result != AGAIN && result != WAITS) { p->x[R_A0] = p->x[R_A5]; }
    return result;
}
