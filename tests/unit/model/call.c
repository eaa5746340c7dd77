/* Calls in the model: whose function it is, and how it ends. */
#include "model.h"

bool model_is_function(uint64_t number)
{
    switch (number) {
#define KERNE_FUNCTION(function, name, handler) case function:
#include <functions.def>
#undef KERNE_FUNCTION
        return true;
    default: return false;
    }
}

void model_tell(struct model_process *p, const uint64_t words[KERNE_WORDS])
{
    for (int i = 0; i < 6; i++) { p->x[A0 + 1 + i] = words[i]; }
    p->x[T0] = words[6];
    p->x[T1] = words[7];
}

enum kerne_result model_find(const struct model_process *caller,
                             uint64_t reference, struct model_process **ret_p)
{
    struct model_process *p = model_by_reference(reference);
    if (p == NULL || p == caller || !model_is_within(p, caller)) {
        return KERNE_r_not_descendant;
    }
    *ret_p = p;
    return KERNE_r_normal;
}

enum kerne_result model_internal(const struct model_process *caller,
                                 uint64_t reference,
                                 struct model_process **ret_p)
{
    enum kerne_result result = model_find(caller, reference, ret_p);
    return result == KERNE_r_normal && (*ret_p)->is_pseudo
               ? KERNE_r_bad_argument
               : result;
}

static unsigned do_function(struct model_process *p)
{
    switch (p->x[A7]) {
#define KERNE_FUNCTION(function, name, handler) \
    case function:                              \
        return model_##name(p);
#include <functions.def>
#undef KERNE_FUNCTION
    default: model_disagrees("what is no function is carried out");
    }
}

/* p's function, which it may call.  What the end of a wait brings holds nothing
 * until then. */
void model_carry_out(struct model_process *p)
{
    uint64_t function = p->x[A7], *x = p->x;
    unsigned end = do_function(p);
    seen_end(function, end);
    if (end == MODEL_BREAKS) { return; }
    x[RA] = x[T3] = x[T3 + 1] = x[T3 + 2] = x[T3 + 3] = 0;
    if (end == MODEL_WAITS) {
        model_tell(p, model_none);
        if (p->wait != KERNE_WAITS_EVENT) { x[T2] = 0; }
        return;
    }
    if (end < MODEL_EVENT) { x[T2] = end; }
    x[PC] += 4;
}

void model_call(struct model_process *p)
{
    const uint64_t *x = p->x;
    p->repeats = false;
    if (model_is_function(x[A7]) && (p->mask & KERNE_MASK_BIT(x[A7])) != 0) {
        model_carry_out(p);
        return;
    }
    uint64_t words[KERNE_WORDS] = { KERNE_BREAK_CALL, x[A7] };
    for (int i = 0; i < 6; i++) { words[2 + i] = x[A0 + i]; }
    seen_end(x[A7], MODEL_REFUSED);
    model_raise(p, p, words);
}
