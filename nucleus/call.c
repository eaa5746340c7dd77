/*
 * Calls: from the trap to the function and back.
 *
 * C1  A process whose call is done goes on behind it, with t3 to t6 and ra
 *     zero; a process that waits, or has more to do, keeps its pc at the call
 *     and its arguments in its registers, so that the call can be repeated.
 * C2  A function outside of the caller's mask, or that does not exist, is a
 *     break of the caller.
 */
#include "nucleus.h"

struct nucleus nucleus;

#define KERNE_FUNCTION(number, name, handler) \
    enum kerne_result handler(struct process *p);
#include <functions.def>
#undef KERNE_FUNCTION

#define CALLS 55
static enum kerne_result (*const functions[CALLS])(struct process *p) = {
#define KERNE_FUNCTION(number, name, handler) [CALL_INDEX(number)] = handler,
#include <functions.def>
#undef KERNE_FUNCTION
};

/* A call that p may make.  Returns who goes on.  Cost: that of the function. */
struct process *call_general(struct process *p, uint64_t index)
{
    p->call = (uint16_t)index;
    call_finish(p, functions[index](p));
    return time_next(p);
}

/* A call of CALL_QUICK that p may make. */
struct process *call_quick(struct process *p, uint64_t index)
{
    switch (index) {
    case CALL_INDEX(KERNE_send_message): return fast_send(p);
    case CALL_INDEX(KERNE_converse): return fast_converse(p);
    case CALL_INDEX(KERNE_send_answer): return fast_answer(p);
    case CALL_INDEX(KERNE_serve): return fast_serve(p);
    default: return call_general(p, index);
    }
}

/* The call at which p's pc stands, or a break.  Cost: that of the function. */
void call_do(struct process *p)
{
    uint64_t number = p->x[R_FUNCTION], index = number - 80;
    if (number < 96) { index = (number & 1) == 0 ? number / 2 : CALLS; }
    if (p->mask == KERNE_MASK_FOREIGN || index >= CALLS ||
        (p->mask >> index & 1) == 0 ||
        (number >= 96 && number < 128) || functions[index] == NULL) {
        const uint64_t *x = p->x;
        uint64_t *words = break_words(p);
        words[0] = KERNE_BREAK_CALL;
        words[1] = number;
#pragma GCC unroll 6
        for (int i = 0; i < 6; i++) { words[2 + i] = x[R_A0 + i]; }
        break_raise(p, p);
        return;
    }
    p->call = (uint16_t)index;
    uint64_t pc = p->x[R_PC];
    call_finish(p, functions[index](p));
    if (p->x[R_PC] == pc + 4) { call_zero(p); }
}

/* A rule of the nucleus itself is broken.  Never because of a process. */
void panic(const char *what)
{
    machine_print("panic: ");
    machine_print(what);
    machine_print("\nThis is a fault of the nucleus; please report it.\n");
    machine_halt(3);
}
