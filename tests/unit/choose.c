#include "choose.h"

#include "arguments.h"
#include "dice.h"
#include "pick.h"

/* Trees grow by themselves, so that there is always somebody to talk to. */
static bool grow(const struct model_process *p, uint64_t x[32])
{
    const struct model_process *child = pick_descendant(p);
    if (child != NULL && child->stopped) {
        x[A7] = KERNE_start_internal_process;
        x[A0] = child->reference;
        return true;
    }
    if (model_used(p, OF_PROCESSES) < 3 && model_free(p, OF_PROCESSES) > 0) {
        x[A7] = KERNE_create_internal_process;
        arguments_of_creation(p, x);
        return true;
    }
    return false;
}

/* A good parent or server: takes what comes, and answers it. */
static bool tend(const struct model_process *p, uint64_t x[32])
{
    const struct model_buffer *held = model_next(p, KERNE_DESCRIBE_HELD, NULL);
    const struct model_buffer *event =
        model_next(p, KERNE_DESCRIBE_EVENT, NULL);
    if (held != NULL && dice_percent(60)) {
        x[A7] = dice_percent(70) ? KERNE_send_answer : KERNE_serve;
        arguments_of_answer(p, x);
        x[A0] = held->identity;
        arguments_of_action(x);
        return true;
    }
    if (event != NULL) {
        x[A7] = dice_percent(50) ? KERNE_get_event : KERNE_serve;
        x[A0] = x[A7] == KERNE_serve ? 0 : event->identity;
        return true;
    }
    return false;
}

bool choose_touch(enum choose_profile profile)
{
    static const uint64_t percent[CHOOSE_PROFILES] = { 2, 3, 25 };
    return dice_percent(percent[profile]);
}

/* How often each function is called, in relation to the others, in control,
 * messages, storage. */
static const struct {
    uint64_t function, weight[CHOOSE_PROFILES];
} weights[] = {
    { KERNE_set_interrupt, { 3, 6, 20 } },
    { KERNE_process_description, { 10, 10, 6 } },
    { KERNE_include_user, { 12, 12, 12 } },
    { KERNE_exclude_user, { 8, 8, 10 } },
    { KERNE_send_message, { 40, 110, 60 } },
    { KERNE_wait_answer, { 40, 40, 20 } },
    { KERNE_wait_message, { 15, 40, 40 } },
    { KERNE_send_answer, { 70, 70, 70 } },
    { KERNE_wait_event, { 25, 70, 40 } },
    { KERNE_get_event, { 25, 60, 30 } },
    { KERNE_get_clock, { 3, 3, 2 } },
    { KERNE_create_internal_process, { 70, 70, 80 } },
    { KERNE_start_internal_process, { 100, 60, 90 } },
    { KERNE_stop_internal_process, { 130, 30, 15 } },
    { KERNE_modify_internal_process, { 12, 12, 20 } },
    { KERNE_remove_process, { 3, 7, 12 } },
    { KERNE_test_event, { 20, 20, 16 } },
    { KERNE_create_pseudo_process, { 12, 12, 6 } },
    { KERNE_regret_message, { 20, 20, 6 } },
    { KERNE_general_copy, { 20, 20, 80 } },
    { KERNE_set_share, { 20, 4, 3 } },
    { KERNE_set_claims, { 20, 4, 8 } },
    { KERNE_converse, { 160, 60, 25 } },
    { KERNE_serve, { 20, 70, 70 } },
    { KERNE_map, { 6, 30, 200 } },
    { KERNE_unmap, { 4, 4, 40 } },
    { KERNE_physical_address, { 4, 4, 15 } },
    { KERNE_describe, { 30, 30, 25 } },
    { KERNE_sender_path, { 15, 15, 5 } },
};
#define FUNCTIONS (sizeof weights / sizeof *weights)

static void choose_by_weight(const struct model_process *p,
                             enum choose_profile profile, uint64_t x[32])
{
    uint64_t sum = 0;
    for (size_t i = 0; i < FUNCTIONS; i++) {
        sum += weights[i].weight[profile];
    }
    uint64_t chance = dice(sum);
    size_t i = 0;
    while (chance >= weights[i].weight[profile]) {
        chance -= weights[i++].weight[profile];
    }
    x[A7] = weights[i].function;
    arguments(p, x);
}

static void some_call(const struct model_process *p,
                      enum choose_profile profile, uint64_t x[32])
{
    uint64_t chance = dice(100);
    bool chosen = chance < 15 ? grow(p, x) : chance <= 40 && tend(p, x);
    if (!chosen) { choose_by_weight(p, profile, x); }
    if (dice_percent(1)) { x[A7] = dice_percent(50) ? dice(160) : dice_word(); }
}

/* ---- who may do what --------------------------------------------------- */

static bool would_wait(const struct model_process *p, const uint64_t x[32])
{
    const struct model_buffer *b = model_by_identity(x[A0]);
    const struct model_buffer *event =
        model_next(p, KERNE_DESCRIBE_EVENT, NULL);
    switch (x[A7]) {
    case KERNE_wait_event:
    case KERNE_serve: return event == NULL;
    case KERNE_wait_message:
        while (event != NULL && event->state != KERNE_QUEUED) {
            event = model_next(p, KERNE_DESCRIBE_EVENT, event);
        }
        return event == NULL;
    case KERNE_wait_answer: return b != NULL && b->state != KERNE_ANSWERED;
    case KERNE_converse: return true;
    default: return false;
    }
}

static bool is_another_ready(const struct model_process *p)
{
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        const struct model_process *q = &model.process[i];
        if (q != p && q->alive && !q->is_pseudo && q->wait == KERNE_WAITS_NOT &&
            !model_is_suspended(q)) {
            return true;
        }
    }
    return false;
}

/* Addresses of its own that the root may hand to the nucleus. */
static bool may_touch(const uint64_t x[32])
{
    uint64_t first = model.page[0].page * KERNE_PAGE, address, bytes = 0;
    uint64_t end = (model.page[13].page + 1) * KERNE_PAGE;
    switch (x[A7]) {
    case KERNE_general_copy:
        address = x[A0 + 3];
        bytes = x[A0 + 4];
        break;
    case KERNE_modify_internal_process:
        address = x[A0 + 1];
        bytes = sizeof(struct kerne_register_file);
        break;
    case KERNE_physical_address: address = x[A0]; break;
    default: return true;
    }
    return address >= first && address < end && bytes <= end - address;
}

/* The root must not break, nor wait (but see below); others go on while they
 * are the only one that does. */
static bool may(const struct model_process *p, const uint64_t x[32])
{
    bool waits = would_wait(p, x);
    if (p != MODEL_ROOT) {
        return !waits || dice_percent(is_another_ready(p) ? 30 : 3);
    }
    return !waits && model_is_function(x[A7]) && may_touch(x) &&
           !(x[A7] == KERNE_remove_process &&
             x[A0] == model.process[1].reference);
}

/* Will the clock wake the root? */
static bool is_timed(void)
{
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        const struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->sender == MODEL_ROOT && b->external == 0 &&
            b->deadline < model.now + 100000) {
            return true;
        }
    }
    return false;
}

/* The root goes to wait for the clock, or for whatever comes before. */
static void root_waits(uint64_t x[32])
{
    const struct model_buffer *held =
        model_next(MODEL_ROOT, KERNE_DESCRIBE_HELD, NULL);
    x[A7] = KERNE_serve;
    x[A0] = held != NULL ? held->identity : 0;
    x[T2] = KERNE_r_normal;
    arguments_of_action(x);
    if (!is_timed() && model_free(MODEL_ROOT, OF_BUFFERS) > 0) {
        x[A7] = KERNE_send_message;
        x[A0] = KERNE_EXTERNAL;
        x[A0 + 1] = KERNE_OPERATION(KERNE_CLOCK_DELAY, 0);
        x[A0 + 2] = 400 + dice(8000);
    }
}

void choose_call(const struct model_process *p, enum choose_profile profile,
                 uint64_t x[32])
{
    for (int i = 1; i < 32; i++) { x[i] = dice_word(); }
    if (p == MODEL_ROOT && dice_percent(75)) {
        root_waits(x);
        return;
    }
    do {
        some_call(p, profile, x);
    } while (!may(p, x));
}
