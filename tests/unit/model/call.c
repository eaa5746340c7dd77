/* Calls in the model: whose function it is, and how it ends. */
#include "model.h"

void model_result(int p, enum kerne_result result)
{
    model.process[p].x[T2] = result;
}

void model_words(int p, const uint64_t words[KERNE_WORDS])
{
    uint64_t *x = model.process[p].x;
    for (int i = 0; i < 6; i++) { x[A0 + 1 + i] = words[i]; }
    x[T0] = words[6];
    x[T1] = words[7];
}

/* The descendant that a reference means to the caller. */
enum kerne_result model_find(int caller, uint64_t reference, int *ret_p)
{
    int p = model_by_reference(reference);
    if (p == NOBODY || p == caller || !model_is_within(p, caller)) {
        return KERNE_r_not_descendant;
    }
    *ret_p = p;
    return KERNE_r_normal;
}

static bool is_function(uint64_t number)
{
    switch (number) {
#define KERNE_FUNCTION(function, name, handler) case function:
#include <functions.def>
#undef KERNE_FUNCTION
        return true;
    default: return false;
    }
}

static bool is_allowed(int p)
{
    uint64_t number = model.process[p].x[A7];
    return is_function(number) &&
           (model.process[p].mask & KERNE_MASK_BIT(number)) != 0;
}

static void zero_registers(int p)
{
    uint64_t *x = model.process[p].x;
    x[RA] = x[T3] = x[T3 + 1] = x[T3 + 2] = x[T3 + 3] = 0;
}

/* What the end of the wait brings holds nothing until then. */
static void forget_words(int p)
{
    static const uint64_t none[KERNE_WORDS];
    model_words(p, none);
    if (model.process[p].wait != KERNE_WAITS_EVENT) { model_result(p, 0); }
}

/* A result, or for functions that tell events: 32 + kind, + 4 if the last one
 * is gone, + 8 if what was to be answered is. */
static unsigned how_it_ended(int p, uint64_t called, enum model_outcome outcome)
{
    const uint64_t *x = model.process[p].x;
    switch (outcome) {
    case WAITS_IN_CALL: return SEEN_WAITS;
    case BROKE: return SEEN_BREAKS;
    case ENDS: break;
    }
    switch (called) {
    case KERNE_wait_message:
    case KERNE_wait_event:
    case KERNE_test_event:
    case KERNE_serve:
        return (unsigned)(32 + KERNE_EVENT_KIND(x[T2]) +
                          (x[T2] & KERNE_EVENT_LAST_GONE) / 0x4000 +
                          (x[T2] & KERNE_EVENT_ANSWER_GONE) / 0x4000);
    default: return (unsigned)x[T2];
    }
}

/* p's function, which it may call. */
void model_carry_out(int p)
{
    uint64_t function = model.process[p].x[A7];
    enum model_outcome outcome = ENDS;
    if (!model_message_function(p, &outcome) &&
        !model_process_function(p, &outcome) &&
        !model_registers_function(p, &outcome) &&
        !model_name_function(p, &outcome) &&
        !model_storage_function(p, &outcome) &&
        !model_external_function(p, &outcome) &&
        !model_break_function(p, &outcome) &&
        !model_describe_function(p, &outcome)) {
        model_disagrees("the model lacks a function of functions.def");
    }
    seen_end(function, how_it_ended(p, function, outcome));
    if (outcome == ENDS) { model.process[p].x[PC] += 4; }
    if (outcome != BROKE) { zero_registers(p); }
    if (outcome == WAITS_IN_CALL) { forget_words(p); }
}

void model_call(int p)
{
    const uint64_t *x = model.process[p].x;
    model.process[p].repeats = false;
    if (is_allowed(p)) {
        model_carry_out(p);
        return;
    }
    uint64_t words[KERNE_WORDS] = { KERNE_BREAK_CALL, x[A7] };
    for (int i = 0; i < 6; i++) { words[2 + i] = x[A0 + i]; }
    seen_end(x[A7], SEEN_REFUSED);
    model_raise(p, p, words);
}
