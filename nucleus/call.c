/*
 * Calls: from the trap to the function and back.
 *
 * C1  A process whose call is done goes on behind it; one that waits, or has
 *     more to do, keeps its pc at the call and its arguments in its registers,
 *     so that the call can be repeated.  Once it is done, t3 to t6 and ra are
 *     zero; a break in a call leaves them.  While it waits, these and those
 *     that its event will set, words and result, hold nothing.
 * C2  A function outside of the caller's mask, or that does not exist, is a
 *     break of the caller.
 */
#include "hart.h"

struct nucleus nucleus;

#define KERNE_FUNCTION(number, name, handler) \
    enum kerne_result handler(struct process *p);
#include <functions.def>
#undef KERNE_FUNCTION

static enum kerne_result (*const functions[64])(struct process *p) = {
#define KERNE_FUNCTION(number, name, handler) [CALL_INDEX(number)] = handler,
#include <functions.def>
#undef KERNE_FUNCTION
};

/* The call at p's pc ends as its function says. */
void call_end(struct process *p, enum kerne_result result)
{
    if (result == WAITS || result == AGAIN) { return; }
    if (result != RESULT_SET) { p->x[R_RESULT] = result; }
    p->x[R_PC] += 4;
    call_zero(p);
}

/* While p waits, the registers that its event will set, and those that the end
 * of the call zeroes, hold nothing.  (The result of a wait for an event is one
 * of its arguments until then.) */
void call_clear_outputs(struct process *p)
{
    enum kerne_wait wait = process_wait(p);
    if (wait == KERNE_WAITS_NOT || wait == KERNE_WAITS_BREAK) { return; }
    queue_not_quick(p);
    if (wait != KERNE_WAITS_EVENT) { p->x[R_RESULT] = 0; }
    call_set_words(p, NOBODYS->words);
    call_zero(p);
}

/* The function that p calls, if it is within its mask: an even number below 96,
 * or one of the 16 from 128 on.  False: it is not. */
static inline bool do_function(struct process *p)
{
    uint64_t number = p->x[R_FUNCTION], index = number - 80;
    if (number < 96 && number % 2 == 0) {
        index = number / 2;
    } else if (number - 128 >= 16) {
        return false;
    }
    if (functions[index] == NULL || (p->mask >> index & 1) == 0) {
        return false;
    }
    call_end(p, functions[index](p));
    return true;
}

/* The call at which p's pc stands, or a break. */
void call_do(struct process *p)
{
    uint64_t *words = p->breaks->words;
    if (do_function(p)) { return; }
    words[0] = KERNE_BREAK_CALL;
    words[1] = p->x[R_FUNCTION];
    for (int i = 0; i < 6; i++) { words[2 + i] = p->x[R_A0 + i]; }
    break_raise(p, p, true);
}

/* The same to the end of the trap, for one that can do without the registers
 * that C functions keep: a break needs them, and so may a call of who gets its
 * own breaks.  Returns who goes on; null: it can not, and nothing is done. */
struct process *call_quick(struct process *p)
{
    return p->area == 0 && do_function(p) ? time_next(p) : NULL;
}

/* A rule of the nucleus itself is broken.  Never because of a process. */
void panic(const char *what)
{
    machine_print("panic: ");
    machine_print(what);
    machine_print("\nThis is a fault of the nucleus; please report it.\n");
    machine_halt(3);
}
