#include "choose.h"

#include "arguments.h"
#include "dice.h"
#include "pick.h"

/* Trees grow by themselves, so that there is always somebody to talk to. */
static bool grow(int p, uint64_t x[32])
{
    int child = pick_descendant(p);
    if (child != NOBODY && model.process[child].stopped) {
        x[A7] = KERNE_start_internal_process;
        x[A0] = model.process[child].reference;
        return true;
    }
    if (model_used_processes(p) < 3 && model_free_processes(p) > 0) {
        x[A7] = KERNE_create_internal_process;
        return true;
    }
    return false;
}

/* A good parent or server: takes what comes, and answers it. */
static bool tend(int p, uint64_t x[32])
{
    int held = model_next_held(p, NOBODY);
    int event = model_next_event(p, NOBODY);
    if (held != NOBODY && dice_percent(60)) {
        x[A7] = dice_percent(70) ? KERNE_send_answer : KERNE_serve;
        arguments_of_answer(p, x);
        x[A0] = model.buffer[held].identity;
        arguments_of_action(x);
        return true;
    }
    if (event != NOBODY) {
        x[A7] = dice_percent(50) ? KERNE_get_event : KERNE_serve;
        x[A0] = x[A7] == KERNE_serve ? 0 : model.buffer[event].identity;
        return true;
    }
    return false;
}

static void choose_by_weight(int p, const struct choose_profile *profile,
                             uint64_t x[32])
{
    uint64_t sum = 0;
    for (int i = 0; profile->weights[i].weight != 0; i++) {
        sum += profile->weights[i].weight;
    }
    uint64_t chance = dice(sum);
    int i = 0;
    while (chance >= profile->weights[i].weight) {
        chance -= profile->weights[i++].weight;
    }
    x[A7] = profile->weights[i].function;
    arguments(p, x);
}

void choose_call(int p, const struct choose_profile *profile, uint64_t x[32])
{
    uint64_t chance = dice(100);
    for (int i = 1; i < 32; i++) { x[i] = dice_word(); }
    if (chance < 15 && grow(p, x)) {
        if (x[A7] == KERNE_create_internal_process) {
            arguments_of_creation(p, x);
        }
    } else if (chance < 15 || chance > 40 || !tend(p, x)) {
        choose_by_weight(p, profile, x);
    }
    if (dice_percent(1)) { x[A7] = dice_percent(50) ? dice(160) : dice_word(); }
}

/* ---- the root ---------------------------------------------------------- */

static bool is_soon(const struct model_buffer *b)
{
    return b->state == KERNE_ANSWERED ||
           (b->external == 0 && b->deadline < model.now + 100000);
}

bool choose_root_is_timed(void)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->sender == MODEL_ROOT &&
            buffer->external == 0 && is_soon(buffer)) {
            return true;
        }
    }
    return false;
}

static bool has_message(int p)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->state == KERNE_QUEUED &&
            buffer->receiver == p) {
            return true;
        }
    }
    return false;
}

static bool would_wait(int p, const uint64_t x[32])
{
    int b = model_by_identity(x[A0]);
    switch (x[A7]) {
    case KERNE_wait_event:
    case KERNE_serve: return model_next_event(p, NOBODY) == NOBODY;
    case KERNE_wait_message: return !has_message(p);
    case KERNE_wait_answer:
        return b != NOBODY && model.buffer[b].state != KERNE_ANSWERED;
    case KERNE_converse: return true;
    default: return false;
    }
}

/* For the root: something will come that ends this wait. */
static bool will_end(const uint64_t x[32])
{
    int b = model_by_identity(x[A0]);
    switch (x[A7]) {
    case KERNE_wait_event:
    case KERNE_serve: return choose_root_is_timed();
    case KERNE_converse:
        if (x[A0] >> 32 == 0) {
            return x[A0] == KERNE_EXTERNAL && x[A0 + 2] < 10000;
        }
        return b == NOBODY || is_soon(&model.buffer[b]);
    default: return b != NOBODY && is_soon(&model.buffer[b]);
    }
}

static bool is_another_ready(int p)
{
    for (int q = 0; q < MODEL_PROCESSES; q++) {
        if (q != p && model.process[q].alive && !model.process[q].is_pseudo &&
            model.process[q].wait == KERNE_WAITS_NOT &&
            !model_is_suspended(q)) {
            return true;
        }
    }
    return false;
}

/* Addresses of its own that the root may hand to the nucleus. */
static bool may_touch(const uint64_t x[32])
{
    const struct model_page *last = &model.page[13];
    uint64_t first = model.page[0].page * KERNE_PAGE;
    uint64_t end = (last->page + 1) * KERNE_PAGE;
    switch (x[A7]) {
    case KERNE_general_copy:
        return x[A0 + 3] >= first && x[A0 + 3] < end &&
               x[A0 + 4] <= end - x[A0 + 3];
    case KERNE_modify_internal_process:
        return x[A0 + 1] >= first &&
               x[A0 + 1] <= end - sizeof(struct kerne_register_file);
    case KERNE_physical_address: return x[A0] >= first && x[A0] < end;
    default: return true;
    }
}

static bool root_may(const uint64_t x[32])
{
    switch (x[A7]) {
#define KERNE_FUNCTION(function, name, handler) case function:
#include <functions.def>
#undef KERNE_FUNCTION
        break;
    default: return false;
    }
    return may_touch(x) && !(x[A7] == KERNE_remove_process &&
                             x[A0] == model.process[1].reference);
}

bool choose_may(int p, const uint64_t x[32])
{
    if (p == MODEL_ROOT && !root_may(x)) { return false; }
    if (!would_wait(p, x)) { return true; }
    return p == MODEL_ROOT ? will_end(x) || dice(2000) == 0
                           : dice_percent(is_another_ready(p) ? 30 : 3);
}
