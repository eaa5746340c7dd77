/*
 * Trees that grow at random and are thrown away, thousands of times.  The
 * root takes part: it makes, stops, starts and removes what it finds, and
 * answers what comes to it.  After each round it removes all, and owns again
 * exactly what it owned before.
 */
#include "settle.h"
#include "worker.h"

#include <program.h>
#include <tap.h>

#define SEED 1969
#define ROUNDS 2000
#define STEPS 12

static struct worker self;
static uint64_t all_actions;
static uint64_t all_made;

/* A seed other than the usual one, as the boot's argument. */
static uint64_t seed(void)
{
    uint64_t number = 0;
    for (const char *c = kerne_start_record->arguments; *c; c++) {
        if (*c >= '0' && *c <= '9') {
            number = number * 10 + (uint64_t)(*c - '0');
        }
    }
    return number ? number : SEED;
}

/* Half of all breaks are remedied, so that the tree goes on. */
static void answer_events(void)
{
    for (;;) {
        struct kerne_received r = kerne_test_event(0);
        if (KERNE_EVENT_KIND(r.event) == KERNE_NO_EVENT) { return; }
        expect_result(kerne_get_event(r.buffer), normal);
        if (KERNE_EVENT_KIND(r.event) == KERNE_BREAK &&
            dice_one_in(&self.dice, 2)) {
            family_answer_break(r.buffer, KERNE_GO_ON, 0);
        } else if (KERNE_EVENT_KIND(r.event) != KERNE_ANSWER) {
            *worker_any(&self, self.held) = r.buffer;
        }
    }
}

/* The root may have given all of its buffers away: then nobody else runs
 * until the round is over. */
static void nap(uint64_t microseconds)
{
    struct kerne_words words = {
        { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), family_ticks(microseconds) },
    };
    worker_allow(
        "a nap",
        kerne_converse(KERNE_ADDRESS(0, KERNE_EXTERNAL), &words, &words),
        RESULT(normal) | RESULT(no_buffers));
}

static void step(void)
{
    uint64_t actions = 1 + dice_below(&self.dice, 6);
    for (uint64_t i = 0; i < actions; i++) {
        if (dice_one_in(&self.dice, 3)) {
            worker_message(&self);
        } else {
            worker_control(&self);
        }
    }
    answer_events();
    nap(20 + dice_below(&self.dice, 200));
}

/* From the first or by chance from any place in the list of children. */
static void remove_children(void)
{
    uint64_t child;
    while ((child = family_describe(0, KERNE_DESCRIBE_TREE, 0, 1)) != 0) {
        uint64_t sibling;
        while (dice_one_in(&self.dice, 2) &&
               (sibling = family_describe(child, KERNE_DESCRIBE_TREE, 0, 2)) !=
                   0) {
            child = sibling;
        }
        if (!expect_result(kerne_remove(child), normal)) { return; }
    }
}

static bool same_claims(const struct family_claims *before)
{
    struct family_claims after;
    bool same = true;
    family_claims(0, &after);
    for (unsigned i = 0; i < 4; i++) {
        same &= expect_words(&after.claim[i], &before->claim[i]);
    }
    return same;
}

static bool round_of(uint64_t number)
{
    struct family_claims before;
    memset(&self, 0, offsetof(struct worker, stack));
    self.dice = dice_from(seed() + number);
    family_claims(0, &before);
    for (unsigned i = 0; i < STEPS; i++) { step(); }
    all_actions += workers_actions();
    all_made += workers_made();
    remove_children();
    settle();
    workers_forget();
    return same_claims(&before) && expect_failures() == 0;
}

static void remark(const char *text, uint64_t number)
{
    tap_remark();
    tap_text(text);
    tap_number(number);
    tap_text("\n");
}

static void grow(void)
{
    remark("seed ", seed());
    for (uint64_t i = 0; i < ROUNDS; i++) {
        if (!round_of(i)) {
            remark("failed in round ", i);
            return;
        }
    }
    remark("workers made: ", all_made);
    remark("actions of theirs: ", all_actions);
    expect(all_made > ROUNDS);
    expect(all_actions > ROUNDS * 10);
}

const struct test tests[] = {
    { .name = "tree.grow_and_throw_away", .function = grow, .as_root = true },
    { NULL, .function = NULL },
};
