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
#include "nucleus.h"

#define UNALIGNED_STEP 512 /* bytes that one step copies one by one */

static void copy_bytes(uint8_t *to, const uint8_t *from, uint64_t length)
{
    if ((((uintptr_t)to | (uintptr_t)from | length) & 63) == 0) {
        uint64_t *t = (uint64_t *)to;
        const uint64_t *f = (const uint64_t *)from;
        for (const uint64_t *end = f + length / 8; f < end; f += 8, t += 8) {
            uint64_t w0 = f[0], w1 = f[1], w2 = f[2], w3 = f[3];
            uint64_t w4 = f[4], w5 = f[5], w6 = f[6], w7 = f[7];
            t[0] = w0, t[1] = w1, t[2] = w2, t[3] = w3;
            t[4] = w4, t[5] = w5, t[6] = w6, t[7] = w7;
        }
    } else {
        for (uint64_t i = 0; i < length; i++) { to[i] = from[i]; }
    }
}

/* How much one step may copy: within both pages; all of it if aligned. */
static uint64_t portion(uint64_t a, uint64_t b, uint64_t length)
{
    uint64_t in_a = a % KERNE_PAGE, in_b = b % KERNE_PAGE;
    uint64_t limit = KERNE_PAGE - (in_a > in_b ? in_a : in_b);
    if (length > limit) { length = limit; }
    if (((a | b) & 63) == 0 && length >= 64) { return length & ~UINT64_C(63); }
    return length < UNALIGNED_STEP ? length : UNALIGNED_STEP;
}

static bool is_storage(uint64_t physical)
{
    return physical / KERNE_PAGE - nucleus.first_frame < nucleus.frame_count;
}

/* Checks the call. */
static enum kerne_result check(const struct process *p, const struct buffer *b)
{
    const uint64_t *x = p->x;
    uint64_t offset = x[R_A2], own = x[R_A3], length = x[R_A4];
    REFUSE(b == NULL || b->state != KERNE_RECEIVED || b->sender == 0 ||
           b->receiver != process_index(p) || b->regretted, gone);
    REFUSE(x[R_A1] > KERNE_STORE || x[R_A5] > length, bad_argument);
    uint64_t area = b->words[2] - b->words[1], grant = KERNE_GRANT_READ;
    if (x[R_A1] == KERNE_STORE) { grant = KERNE_GRANT_WRITE; }
    REFUSE(b->is_break || (b->words[0] & grant) == 0 ||
           b->words[1] > b->words[2] || offset > area ||
           length > area - offset, no_grant);
    REFUSE(own > STORAGE_LIMIT || length > STORAGE_LIMIT - own, bad_address);
    return KERNE_r_normal;
}

static enum kerne_result step(struct process *p, const struct buffer *b)
{
    uint64_t their_page, own_page, missing, done = p->x[R_A5];
    uint64_t own = p->x[R_A3] + done, left = p->x[R_A4] - done;
    uint64_t theirs = b->words[1] + p->x[R_A2] + done;
    bool fetch = p->x[R_A1] == KERNE_FETCH;
    uint64_t access = fetch ? KERNE_READ : KERNE_WRITE;
    struct process *culprit;
    REFUSE(left == 0, normal);
    if (storage_touch(process_at(b->sender), theirs, access, &their_page,
                      &culprit, &missing) != KERNE_r_normal) {
        const struct process *pager = process_parent(culprit);
        REFUSE(theirs >= STORAGE_LIMIT || culprit->parent == 0 || pager == p ||
               !process_is_within(p, pager), missing);
        return break_page_fault(p, BREAK_OF_COPY, culprit, missing, access);
    }
    access = fetch ? KERNE_WRITE : KERNE_READ;
    if (storage_touch(p, own, access, &own_page, &culprit, &missing) !=
        KERNE_r_normal) {
        return break_page_fault(p, own, culprit, missing, access);
    }
    REFUSE(!is_storage(their_page) || !is_storage(own_page), bad_address);
    uint8_t *their_bytes = machine_physical(their_page);
    uint8_t *own_bytes = machine_physical(own_page);
    uint64_t length = portion(theirs, own, left);
    copy_bytes(fetch ? own_bytes : their_bytes,
               fetch ? their_bytes : own_bytes, length);
    p->x[R_A5] += length;
    return length == left ? KERNE_r_normal : AGAIN;
}

/* 84.  a5 counts the bytes done.  Cost: a constant for each step, and the
 * loads and stores: eight bytes each where both sides are aligned to 64. */
enum kerne_result copy_general(struct process *p)
{
    const struct buffer *b = message_find(p->x[R_A0]);
    enum kerne_result result = check(p, b);
    if (result != KERNE_r_normal) {
        p->x[R_A5] = 0;
    } else {
        result = step(p, b);
    }
    if (result != AGAIN && result != WAITS) { p->x[R_A0] = p->x[R_A5]; }
    return result;
}

/* The page of the sender for which p is in a break will not be brought. */
void copy_ends(struct process *p)
{
    p->x[R_A0] = p->x[R_A5];
    call_finish(p, KERNE_r_missing);
    call_zero(p);
}
