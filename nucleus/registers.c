/*
 * The registers of a process, moved as a whole to or from an area of one above
 * it.  Nothing is moved until all of the area is there.  Those of floating
 * point are not set in a process that is said not to have used it.
 */
#include "hart.h"

#define BYTES offsetof(struct kerne_register_file, floats)
_Static_assert(offsetof(struct process, f) + 32 * 8 == BYTES,
               "a process begins with its registers, in their order");

/* The process has been set, and does not run.  A wait other than that in a
 * break ends. */
static void mend(struct process *p, bool floats)
{
    p->x[R_PC] &= ~UINT64_C(1);
    p->fcsr &= 0xff;
    p->special &= (uint8_t)~SPECIAL_FLOATS;
    if (floats) { machine_fp_begin(p); }
    if (!process_is_ready(p) && process_wait(p) != KERNE_WAITS_BREAK) {
        queue_resume(p, false, false);
    }
}

/* 62.  To be set, a process must not run: something from it up to the caller is
 * stopped, or the caller holds its break.  Then a wait is repeated at start, at
 * the pc as it then is.  Cost: constant, and a constant for each level between.
 */
enum kerne_result registers_modify(struct process *caller)
{
    struct process *p;
    uint64_t area = caller->x[R_A1], direction = caller->x[R_A2], first, last;
    bool store = direction == KERNE_STORE;
    uint64_t access = store ? KERNE_READ : KERNE_WRITE;
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE(direction > KERNE_STORE, bad_argument);
    REFUSE(area % 8 != 0 || area > STORAGE_LIMIT - BYTES - 8, bad_address);
    bool in_hand =
        p->breaks->state == KERNE_RECEIVED && p->breaks->receiver == caller;
    REFUSE(store && !in_hand && !process_is_suspended(p, caller), not_stopped);
    TRY(break_unless_touched(caller, area, access, IN_CALL, &first));
    REFUSE(!storage_is_ram(first), bad_address);
    TRY(break_unless_touched(caller, area + BYTES, access, IN_CALL, &last));
    REFUSE(!storage_is_ram(last), bad_address);
    uint64_t *floats = machine_physical(last);
    uint64_t left = KERNE_PAGE - area % KERNE_PAGE;
    bool all = !store || *floats != 0;
    uint64_t size = all ? BYTES : offsetof(struct process, f);
    uint64_t length = left < size ? left : size, rest = size - length;
    char *begins = machine_physical(first), *here = (char *)p;
    uint64_t *ends = floats - (BYTES - length) / 8;
    call_clear_outputs(p);
    if (store) {
        __builtin_memcpy(here, begins, length);
        if (rest > 0) { __builtin_memcpy(here + length, ends, rest); }
        mend(p, *floats != 0);
    } else {
        __builtin_memcpy(begins, here, length);
        if (rest > 0) { __builtin_memcpy(ends, here + length, rest); }
        *floats = (p->special & SPECIAL_FLOATS) != 0;
    }
    return KERNE_r_normal;
}
