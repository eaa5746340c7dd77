/*
 * Breaks: what a process cannot do itself becomes a message to its parent.
 *
 * B1  Each process has one buffer for its breaks, outside of all claims; it is
 *     in use exactly while the process waits in a break.
 * B2  A break is reported to the parent of the culprit: the process itself,
 *     or, for storage, the one above it whose window is missing.
 * B3  With set interrupt, a process gets the breaks of which it is the culprit
 *     first, once.
 *
 * The "running after error" of 1969, made a conversation.
 */
#include "nucleus.h"

static struct buffer *break_buffer(const struct process *p)
{
    return buffer_at(nucleus.break_buffers + process_index(p));
}

/* The process gets its own break, if it has asked for that and its area can be
 * written. */
static bool interrupt_self(struct process *p, const uint64_t words[KERNE_WORDS])
{
    uint64_t area = p->area, physical, missing;
    struct process *culprit;
    p->area = 0;
    if (area == 0) { return false; }
    for (unsigned i = 0; i < KERNE_AREA_BYTES / 8; i++) {
        if (storage_touch(p, area + 8 * i, KERNE_WRITE, &physical, &culprit,
                          &missing) != KERNE_r_normal) { return false; }
        *(uint64_t *)machine_physical(physical) =
            i < KERNE_WORDS ? words[i] : p->x[i - KERNE_WORDS];
    }
    p->x[R_PC] = area + KERNE_AREA_BYTES;
    return true;
}

static _Noreturn void root_broke(const uint64_t words[KERNE_WORDS])
{
    static const char *const kinds[] = { /* from KERNE_BREAK_CALL on */
        "a call beyond its mask, function ", "a page fault at ",
        "an illegal instruction ", "a misaligned access at ",
        "a breakpoint at ", "a refused access at ",
    };
    machine_print("\nroot broke: ");
    machine_print(kinds[words[0] - KERNE_BREAK_CALL]);
    machine_print_number(words[1]);
    machine_print(", pc ");
    machine_print_number(process_at(ROOT)->x[R_PC]);
    machine_print("\nIt has no parent: the machine halts.\n");
    machine_halt(2);
}

/* p waits in a break, whose words stand in their place, and for which the
 * culprit's parent is asked.  Or it goes on in its own interrupt routine.
 * Cost: constant. */
enum kerne_result break_raise(struct process *p, struct process *culprit)
{
    struct buffer *b = break_buffer(p);
    if (p->area != 0 && culprit == p && interrupt_self(p, b->words)) {
        return AGAIN;
    }
    if (culprit->parent == 0) { root_broke(b->words); }
    struct process *parent = process_parent(culprit);
    b->sender = process_index(p);
    b->account = time_account(p);
    b->account_generation = (uint16_t)process_at(b->account)->identity;
    b->from = KERNE_ADDRESS(0, culprit->number) |
              (culprit != p ? KERNE_SENDER_INSIDE : 0);
    p->culprit = process_index(culprit);
    p->wait = KERNE_WAITS_BREAK;
    p->wait_for = b->identity;
    p->epoch = nucleus.epoch;
    message_deliver(b, parent);
    return WAITS;
}

/* The break for a page that the culprit lacks, at its address; `fault` is the
 * address that p touched. */
enum kerne_result break_page_fault(struct process *p, uint64_t fault,
                              struct process *culprit, uint64_t address,
                              uint64_t access)
{
    uint64_t *words = break_words(p);
    words[0] = KERNE_BREAK_PAGE_FAULT;
    words[1] = address;
    words[2] = access;
    words[3] = culprit == p ? p->x[R_PC] : 0;
    words[4] = culprit != p;
    words[5] = words[6] = words[7] = 0;
    p->fault = fault;
    return break_raise(p, culprit);
}

/* p goes on behind its call, which gives the value, or behind its instruction,
 * which has four bytes if it cannot be read. */
static void go_on(struct process *p, uint64_t kind, uint64_t value)
{
    struct process *culprit;
    uint64_t bytes = 4, physical, missing;
    if (kind == KERNE_BREAK_CALL) {
        p->x[R_A0] = value;
    } else if (storage_touch(p, p->x[R_PC], KERNE_EXECUTE, &physical, &culprit,
                             &missing) == KERNE_r_normal) {
        bytes = machine_instruction_bytes(machine_physical(physical));
    }
    p->x[R_PC] += bytes;
}

/* The answer to a break that its receiver holds.  A result other than normal
 * means: stay stopped.  Cost: constant; "not mine" climbs what is between. */
enum kerne_result break_answer(struct buffer *b, enum kerne_result result,
                               const uint64_t words[KERNE_WORDS])
{
    struct process *p = process_at(b->sender);
    const struct process *culprit = process_at(p->culprit);
    uint64_t action = result == KERNE_r_normal ? words[0] : KERNE_STAY, address;
    bool open = culprit == p ? action == KERNE_STAY || action == KERNE_GO_ON
                             : action == KERNE_NOT_MINE;
    REFUSE(!open && action != KERNE_AGAIN, bad_argument);
    p->wait = KERNE_WAITS_NOT;
    message_hold_remove(b);
    claim_return(b);
    if (action == KERNE_STAY) {
        p->held_out |= KERNE_HELD_STOP;
        nucleus.epoch++;
        return KERNE_r_normal;
    }
    if (action == KERNE_GO_ON) { go_on(p, b->words[0], words[1]); }
    if (action == KERNE_NOT_MINE && p->fault == BREAK_OF_COPY) {
        copy_ends(p); /* a page of the sender, which nobody brings */
    } else if (action == KERNE_NOT_MINE) {
        struct process *next = process_at(p->display[culprit->depth + 1]);
        uint64_t epoch = p->epoch; /* it has not run since */
        if (storage_address_in(p, p->fault, next, &address)) {
            break_page_fault(p, p->fault, next, address, b->words[2]);
            p->epoch = epoch;
            REFUSE(p->wait == KERNE_WAITS_BREAK, normal);
        }
    }
    message_resume(p, false, p->held_out == 0 && p->epoch == nucleus.epoch);
    return KERNE_r_normal;
}

/* p is being removed: its break, if it is in one, is nobody's any more. */
void break_withdraw(struct process *p)
{
    struct buffer *b = break_buffer(p);
    if (b->state == KERNE_QUEUED) { message_withdraw(b); }
    if (b->state == KERNE_RECEIVED) {
        message_hold_remove(b);
        claim_return(b);
    }
}

/* 0.  Cost: constant. */
enum kerne_result break_set_interrupt(struct process *p)
{
    uint64_t area = p->x[R_A0];
    REFUSE(area % 8 != 0 || area > STORAGE_LIMIT - KERNE_AREA_BYTES,
           bad_address);
    p->area = area;
    return KERNE_r_normal;
}
