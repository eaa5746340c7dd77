/* Registers moved as a whole, in the model. */
#include "model.h"

enum { WORDS = 66, BYTES = 8 * WORDS, FCSR = 32, FLOATS = 65 };

/* Stopped below the caller, or in a break that the caller has received. */
static bool may_be_set(int caller, int p)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->is_break && buffer->sender == p &&
            buffer->state == KERNE_RECEIVED && buffer->receiver == caller) {
            return true;
        }
    }
    for (int q = p; q != caller; q = model.process[q].parent) {
        if (model.process[q].stopped) { return true; }
    }
    return false;
}

static uint64_t *register_at(int p, unsigned number)
{
    struct model_process *process = &model.process[p];
    return number < 32        ? &process->x[number]
           : number == FCSR   ? &process->fcsr
           : number == FLOATS ? &process->floats
                              : &process->f[number - FCSR - 1];
}

static uint64_t load(int p, uint64_t address)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)*model_byte(p, address + i, KERNE_READ) << 8 * i;
    }
    return word;
}

static void store(int p, uint64_t address, uint64_t word)
{
    for (unsigned i = 0; i < 8; i++) {
        *model_byte(p, address + i, KERNE_WRITE) = (uint8_t)(word >> 8 * i);
    }
}

static void set(int caller, int p, uint64_t area)
{
    struct model_process *process = &model.process[p];
    process->floats = load(caller, area + 8 * FLOATS) != 0;
    for (unsigned i = 0; i < (process->floats ? FLOATS : FCSR + 1); i++) {
        *register_at(p, i) = load(caller, area + 8 * i);
    }
    process->x[PC] &= ~UINT64_C(1);
    process->fcsr &= 0xff;
    if (process->wait != KERNE_WAITS_NOT &&
        process->wait != KERNE_WAITS_BREAK) {
        process->wait = KERNE_WAITS_NOT;
        process->repeats = true;
    }
}

static enum kerne_result check(int caller, int *ret_p)
{
    const uint64_t *x = model.process[caller].x;
    uint64_t area = x[A0 + 1], direction = x[A0 + 2];
    enum kerne_result result = model_find(caller, x[A0], ret_p);
    if (result != KERNE_r_normal) { return result; }
    if (model.process[*ret_p].is_pseudo || direction > KERNE_STORE) {
        return KERNE_r_bad_argument;
    }
    if (area % 8 != 0 || area > MODEL_PAGE_LIMIT * KERNE_PAGE - BYTES) {
        return KERNE_r_bad_address;
    }
    return direction == KERNE_STORE && !may_be_set(caller, *ret_p)
               ? KERNE_r_not_stopped
               : KERNE_r_normal;
}

static enum model_outcome modify(int caller)
{
    uint64_t area = model.process[caller].x[A0 + 1];
    bool sets = model.process[caller].x[A0 + 2] == KERNE_STORE;
    uint64_t access = sets ? KERNE_READ : KERNE_WRITE;
    int p = NOBODY;
    enum kerne_result result = check(caller, &p);
    for (unsigned i = 0; result == KERNE_r_normal && i < WORDS;
         i += WORDS - 1) {
        uint64_t address = area + 8 * i;
        if (model_byte(caller, address, access) == NULL) {
            model.process[caller].repeats = true;
            model_page_fault(caller, address, access, false);
            return BROKE;
        }
        if (model_is_device(caller, address)) { result = KERNE_r_bad_address; }
    }
    for (unsigned i = 0; result == KERNE_r_normal && !sets && i < WORDS; i++) {
        store(caller, area + 8 * i, *register_at(p, i));
    }
    if (result == KERNE_r_normal && sets) { set(caller, p, area); }
    model_result(caller, result);
    return ENDS;
}

bool model_registers_function(int p, enum model_outcome *ret_outcome)
{
    if (model.process[p].x[A7] != KERNE_modify_internal_process) {
        return false;
    }
    *ret_outcome = modify(p);
    return true;
}
