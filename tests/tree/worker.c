#include "worker.h"

uint8_t worker_pages[WORKER_PAGES][KERNE_PAGE]
    __attribute__((aligned(KERNE_PAGE)));

static struct worker workers[WORKERS];
static uint64_t made;

uint64_t worker_allow(const char *function, uint64_t result, uint64_t results)
{
    if (result >= 64 || !(results >> result & 1)) {
        expect_result_of(function, result, KERNE_r_normal);
    }
    return result;
}

void workers_forget(void)
{
    for (unsigned i = 0; i < WORKERS && i < made; i++) {
        memset(&workers[i], 0, offsetof(struct worker, stack));
    }
    made = 0;
}

uint64_t workers_made(void) { return made; }

uint64_t workers_actions(void)
{
    uint64_t actions = 0;
    for (unsigned i = 0; i < WORKERS && i < made; i++) {
        actions += workers[i].actions;
    }
    return actions;
}

static void work(uint64_t argument)
{
    struct worker *self = (struct worker *)argument;
    for (;;) {
        uint64_t kind = dice_below(&self->dice, 10);
        if (kind < 6) {
            worker_message(self);
        } else if (kind < 8) {
            worker_control(self);
        } else {
            worker_wait_or_break(self);
        }
        self->actions++;
    }
}

/* ---- making workers ----------------------------------------------------- */

/* A part of what is free; sometimes all of it, rarely more. */
static uint64_t part_of(struct dice *dice, uint64_t free, uint64_t most)
{
    if (dice_one_in(dice, 20)) { return free + 1; }
    uint64_t end = dice_one_in(dice, 3) || free < most ? free : most;
    return dice_below(dice, end + 1);
}

static uint64_t free_of(uint64_t parent, uint64_t kind)
{
    return family_describe(parent, KERNE_DESCRIBE_CLAIM, kind, 1);
}

static uint64_t create(struct dice *dice, uint64_t parent, uint64_t *ret_child)
{
    static const char *const names[] = {
        "amber", "birch", "cedar", "daisy", "elder", "fern", "gorse", "hazel",
    };
    struct kerne_words words = { { 0 } };
    uint64_t next;
    kerne_describe(parent, KERNE_DESCRIBE_PROCESS, 0, &next, &words);
    struct kerne_creation creation = {
        .parent = parent,
        .name = names[dice_below(dice, 8)],
        .number = dice_below(dice, 8),
        .buffers = part_of(dice, free_of(parent, 0), 24),
        .processes = part_of(dice, free_of(parent, 1), 12),
        .tables = CHILD_TABLES + part_of(dice, free_of(parent, 2), 24),
        .mask = words.w[5],
        .horizon = dice_below(dice, 5),
        .closed = dice_one_in(dice, 4),
        .share = dice_below(dice, 3) * 50,
    };
    return worker_allow("create", kerne_create(&creation, ret_child),
                        CONTROL_RESULTS | RESULT(no_buffers) |
                            RESULT(no_processes) | RESULT(no_tables) |
                            RESULT(name_taken) | RESULT(number_taken) |
                            RESULT(too_deep) | RESULT(horizon_exceeded));
}

/* An ancestor may have started it meanwhile, or removed it. */
static void lend_and_start(struct worker *w, uint64_t child)
{
    uint64_t all = KERNE_READ | KERNE_WRITE | KERNE_EXECUTE;
    uint64_t results = CONTROL_RESULTS | RESULT(not_stopped);
    if (worker_allow("map", child_map_program(child, all),
                     CONTROL_RESULTS | RESULT(no_tables)) != KERNE_r_normal) {
        return;
    }
    worker_allow("modify",
                 child_set_registers(child, (uint64_t)work,
                                     (uint64_t)w->stack + WORKER_STACK_BYTES,
                                     (uint64_t)w),
                 results);
    worker_allow("start", kerne_start(child), results);
}

/* Only a parent can lend storage: a child made for another stays empty. */
void worker_make(struct worker *maker, uint64_t parent)
{
    uint64_t child;
    if (create(&maker->dice, parent, &child) != KERNE_r_normal) { return; }
    *worker_any(maker, maker->below) = child;
    if (parent != 0 || dice_one_in(&maker->dice, 8)) { return; }
    uint64_t index = __atomic_fetch_add(&made, 1, __ATOMIC_SEQ_CST);
    if (index < WORKERS) {
        struct worker *w = &workers[index];
        w->dice = dice_from(dice_word(&maker->dice));
        lend_and_start(w, child);
    }
}
