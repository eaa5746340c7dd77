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
#include "hart.h"

/* The process gets its own break, if it has asked for that and its area can be
 * written. */
static bool interrupt_self(struct process *p)
{
    uint64_t area = p->area;
    struct touch at;
    p->area = 0;
    for (unsigned i = 0; i < KERNE_AREA_BYTES / 8; i++) {
        if (!storage_touch(p, area + 8 * i, KERNE_WRITE, &at) ||
            !storage_is_ram(at.physical)) {
            return false;
        }
        *(uint64_t *)machine_physical(at.physical) =
            i < KERNE_WORDS ? p->breaks->words[i] : p->x[i - KERNE_WORDS];
    }
    p->x[R_PC] = area + KERNE_AREA_BYTES;
    return true;
}

static _Noreturn void root_broke(const struct process *root)
{
    static const char *const kinds[] = {
        /* from KERNE_BREAK_CALL on */
        "a call beyond its mask, function ",
        "a page fault at ",
        "an illegal instruction ",
        "a misaligned access at ",
        "a breakpoint at ",
        "a refused access at ",
    };
    machine_print("\nroot broke: ");
    machine_print_number(kinds[root->breaks->words[0] - KERNE_BREAK_CALL],
                         root->breaks->words[1]);
    machine_print_number(", pc ", root->x[R_PC]);
    machine_print("\nIt has no parent: the machine halts.\n");
    machine_halt(2);
}

/* p waits in a break, whose words stand in their place, and for which the
 * culprit's parent is asked.  Or it goes on in its own interrupt routine.  Does
 * not return if the parent is quick, and p stored: then it is told at once, if
 * the machine can.  Cost: constant. */
enum kerne_result break_raise(struct process *p, struct process *culprit,
                              bool stored)
{
    struct buffer *b = p->breaks;
    if (p->area != 0 && culprit == p && interrupt_self(p)) { return AGAIN; }
    if (culprit->parent == NULL) { root_broke(p); }
    if (stored && culprit == p && p->parent->wait == this_hart->quick &&
        this_hart->handoff == NULL && !this_hart->must_settle) {
        machine_break(p);
    }
    b->account = time_payer(p)->identity;
    b->from = KERNE_ADDRESS(0, culprit->number) |
              (culprit != p ? KERNE_SENDER_INSIDE : 0);
    p->culprit = culprit;
    queue_wait(p, KERNE_WAITS_BREAK, b->identity, culprit == p);
    queue_deliver(b, culprit->parent);
    return WAITS;
}

/* A break other than by a call, of the culprit at its address; `fault` is the
 * address that p touched, or that its general copy did. */
enum kerne_result break_fault(struct process *p, enum kerne_break kind,
                              uint64_t fault, struct process *culprit,
                              uint64_t address, uint64_t access,
                              enum break_where where)
{
    bool copies = where == IN_COPY;
    uint64_t *words = p->breaks->words;
    struct process *parent = culprit->parent; /* null: the machine will halt */
    words[0] = kind;
    words[1] = address;
    words[2] = access;
    words[3] = culprit == p ? p->x[R_PC] : 0;
    words[4] = culprit != p;
    words[5] = copies;
    words[6] = copies && parent != NULL ? address_of_sender(p, parent) : 0;
    words[7] = 0;
    p->fault = fault;
    return break_raise(p, culprit,
                       where == IN_PROGRAM && p == this_hart->current);
}

/* An address of p is made accessible, or p breaks for it. */
enum kerne_result break_unless_touched(struct process *p, uint64_t address,
                                       uint64_t access, enum break_where where,
                                       uint64_t *ret_physical)
{
    struct touch at;
    if (!storage_touch(p, address, access, &at)) {
        return break_fault(p, KERNE_BREAK_PAGE_FAULT, address, at.culprit,
                           at.address, access, where);
    }
    *ret_physical = at.physical;
    return KERNE_r_normal;
}

/* The program of p could not access an address: now it can, or p breaks. */
void break_page_fault(struct process *p, uint64_t address, uint64_t access)
{
    uint64_t physical;
    if (break_unless_touched(p, address, access, IN_PROGRAM, &physical) ==
        KERNE_r_normal) {
        /* See compose(). */
        machine_forget(p->windows->payer->space_number, address);
    }
}

/* p goes on behind its call, which gives the value, or behind its instruction,
 * which has four bytes if it cannot be read. */
static void go_on(struct process *p, uint64_t value)
{
    struct touch at;
    uint64_t bytes = 4;
    if (p->breaks->words[0] == KERNE_BREAK_CALL) {
        p->x[R_A0] = value;
    } else if (storage_touch(p, p->x[R_PC], KERNE_EXECUTE, &at)) {
        bytes = machine_instruction_bytes(machine_physical(at.physical));
    }
    p->x[R_PC] += bytes;
}

/* The break is offered to the next parent downwards.  False: there is nobody
 * whom it concerns; a copy ends there, for want of a page of the sender. */
static bool forward(struct process *p)
{
    uint64_t address, began = p->wait & -WAIT_EPOCH; /* it has not run since */
    if (p->fault == BREAK_OF_COPY) {
        p->x[R_A0] = p->x[R_A5];
        call_end(p, KERNE_r_missing);
        return false;
    }
    struct process *next = process_at(p->display[p->culprit->depth + 1]);
    if (!storage_address_in(p, p->fault, next, &address)) { return false; }
    bool waits =
        break_fault(p, KERNE_BREAK_PAGE_FAULT, p->fault, next, address,
                    p->breaks->words[2],
                    p->breaks->words[5] != 0 ? IN_COPY : IN_CALL) == WAITS;
    p->wait = p->wait % WAIT_EPOCH + began;
    return waits;
}

/* The answer to a break that its receiver holds.  Cost: constant; "not mine"
 * climbs what is between. */
enum kerne_result break_answer(struct buffer *b, uint64_t action,
                               uint64_t value)
{
    struct process *p = b->sender;
    bool known = p->culprit == p ? action == KERNE_STAY || action == KERNE_GO_ON
                                 : action == KERNE_NOT_MINE;
    REFUSE(!known && action != KERNE_AGAIN, bad_argument);
    queue_remove(b);
    claim_return(b);
    if (action == KERNE_STAY) { process_suspend(p, KERNE_SUSPENDED_STOP); }
    if (action == KERNE_GO_ON) { go_on(p, value); }
    if (action != KERNE_NOT_MINE || !forward(p)) {
        queue_resume(p, false, time_may_switch_to(p));
    }
    return KERNE_r_normal;
}

/* p is being removed: its break, if it is in one, is nobody's any more. */
void break_withdraw(struct process *p)
{
    struct buffer *b = p->breaks;
    if (b->state == KERNE_FREE) { return; }
    b->regretted = KERNE_INHERITED; /* so it leaves its receiver's hands */
    queue_withdraw(b);
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
