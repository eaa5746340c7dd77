/* Registers moved as a whole, in the model. */
#include <string.h>

#include "model.h"

enum { WORDS = 66, BYTES = 8 * WORDS, FCSR = 32, FLOATS = 65 };

/* Stopped below the caller, or in a break that the caller has received. */
static bool may_be_set(const struct model_process *caller,
                       const struct model_process *p)
{
    if (p->wait == KERNE_WAITS_BREAK &&
        model_is_in(caller, KERNE_DESCRIBE_HELD,
                    model_by_identity(p->wait_for))) {
        return true;
    }
    while (p != caller && !p->stopped) { p = p->parent; }
    return p != caller;
}

static uint64_t *register_at(struct model_process *p, unsigned number)
{
    return number < 32        ? &p->x[number]
           : number == FCSR   ? &p->fcsr
           : number == FLOATS ? &p->floats
                              : &p->f[number - FCSR - 1];
}

static uint64_t load(struct model_process *p, uint64_t address)
{
    uint64_t word;
    memcpy(&word, model_byte(p, address, KERNE_READ), sizeof word);
    return word;
}

static void set(struct model_process *caller, struct model_process *p,
                uint64_t area)
{
    p->floats = load(caller, area + 8 * FLOATS) != 0;
    for (unsigned i = 0; i < (p->floats ? FLOATS : FCSR + 1); i++) {
        *register_at(p, i) = load(caller, area + 8 * i);
    }
    p->x[PC] &= ~UINT64_C(1);
    p->fcsr &= 0xff;
    if (p->wait != KERNE_WAITS_NOT && p->wait != KERNE_WAITS_BREAK) {
        p->wait = KERNE_WAITS_NOT;
        p->repeats = true;
    }
}

static enum kerne_result check(const struct model_process *caller,
                               struct model_process **ret_p)
{
    uint64_t area = caller->x[A0 + 1], direction = caller->x[A0 + 2];
    enum kerne_result result = model_internal(caller, caller->x[A0], ret_p);
    if (result != KERNE_r_normal) { return result; }
    if (direction > KERNE_STORE) { return KERNE_r_bad_argument; }
    if (area % 8 != 0 || area > MODEL_PAGE_LIMIT * KERNE_PAGE - BYTES) {
        return KERNE_r_bad_address;
    }
    return direction == KERNE_STORE && !may_be_set(caller, *ret_p)
               ? KERNE_r_not_stopped
               : KERNE_r_normal;
}

unsigned model_modify_internal_process(struct model_process *caller)
{
    uint64_t area = caller->x[A0 + 1];
    bool sets = caller->x[A0 + 2] == KERNE_STORE;
    uint64_t access = sets ? KERNE_READ : KERNE_WRITE;
    struct model_process *p;
    enum kerne_result result = check(caller, &p);
    if (result != KERNE_r_normal) { return result; }
    for (unsigned i = 0; i < WORDS; i += WORDS - 1) {
        uint64_t address = area + 8 * i;
        if (model_byte(caller, address, access) == NULL) {
            return model_page_fault(caller, address, access, false);
        }
        if (model_is_device(caller, address)) { return KERNE_r_bad_address; }
    }
    for (unsigned i = 0; !sets && i < WORDS; i++) {
        memcpy(model_byte(caller, area + 8 * i, access), register_at(p, i), 8);
    }
    if (sets) { set(caller, p, area); }
    return KERNE_r_normal;
}
