/*
 * A million calls with random registers, by several children at once, each
 * with children that do the same: no panic, no harm to their neighbours, and
 * when all is removed nothing is lost.
 *
 * The test is the intruders' parent: it ends their breaks, answers them sooner
 * or later, and when one waits too long begins it anew or makes another.
 */
#include "intruder.h"
#include "neighbour.h"
#include "private.h"

#include <harness.h>
#include <settle.h>
#include <tap.h>

#define SEED 4000
#define CALLS 1000000
#define INTRUDERS 4
#define NEIGHBOURS 3
#define COUNTER 0 /* numbers among the neighbours */
#define ASKER 1
#define ANSWERER 2
#define NEIGHBOURS_SHARE 10 /* they would use all that they get */
#define FIRST_NEIGHBOUR 1   /* child numbers */
#define FIRST_INTRUDER 10
#define KEPT 24 /* messages to the test, for a while */
#define STEP_MICROSECONDS 200
#define PATIENCE 2 /* steps in a wait */

static struct {
    uint64_t reference;
    uint64_t calls; /* of its predecessors in the same place */
    unsigned waits; /* so many looks in a row */
} intruders[INTRUDERS];

static uint64_t neighbours[NEIGHBOURS];
static struct dice dice;
static uint64_t alarm_buffer;
static uint64_t kept[KEPT];
static uint64_t breaks;
static uint64_t begun_anew;
static uint64_t replaced;

static uint64_t block_of(unsigned place)
{
    return family_arena() + place * INTRUDER_PAGES * KERNE_PAGE;
}

static struct intruder *intruder_at(unsigned i)
{
    return (struct intruder *)block_of(i);
}

static struct neighbour *neighbour_at(unsigned i)
{
    return (struct neighbour *)block_of(INTRUDERS + i);
}

/* ---- making ------------------------------------------------------------- */

static uint64_t create(const char *name, uint64_t number, uint64_t buffers,
                       uint64_t processes, uint64_t tables, uint64_t share)
{
    struct test_child child;
    expect_result(child_make(&child, name, number, NULL, 0, .unmapped = true,
                             .buffers = buffers, .processes = processes,
                             .tables = tables, .share = share),
                  normal);
    return child.reference;
}

static void make_intruder(unsigned i)
{
    static const char *const names[INTRUDERS] = { "h0", "h1", "h2", "h3" };
    intruders[i].reference =
        create(names[i], FIRST_INTRUDER + i, 20, 4, 20, KERNE_SHARE);
    intruders[i].waits = 0;
    intruder_prepare(intruder_at(i), 100 + i, INTRUDER_PAGES, dice_word(&dice));
    expect_result(private_start(intruders[i].reference, intruder_run,
                                block_of(i), INTRUDER_PAGES),
                  normal);
}

static void make_neighbours(void)
{
    static const char *const names[NEIGHBOURS] = { "counter", "asker",
                                                   "answerer" };
    static void (*const functions[NEIGHBOURS])(uint64_t) = {
        neighbour_count,
        neighbour_ask,
        neighbour_answer,
    };
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        neighbours[i] = create(names[i], FIRST_NEIGHBOUR + i, 4, CHILD_NONE,
                               PRIVATE_TABLES, NEIGHBOURS_SHARE);
        memset(neighbour_at(i), 0, PRIVATE_KEPT_PAGES * KERNE_PAGE);
        neighbour_at(i)->partner =
            KERNE_ADDRESS(1, FIRST_NEIGHBOUR + (i == ASKER ? ANSWERER : ASKER));
        expect_result(private_start(neighbours[i], functions[i],
                                    block_of(INTRUDERS + i), INTRUDER_PAGES),
                      normal);
    }
}

/* ---- the parent of the intruders ---------------------------------------- */

static unsigned intruder_of(uint64_t sender)
{
    uint64_t number = KERNE_SENDER_ADDRESS(sender) - FIRST_INTRUDER;
    return number < INTRUDERS ? (unsigned)number : INTRUDERS;
}

/* A call that broke is passed over; what cannot go on begins anew. */
static void end_break(const struct kerne_received *r)
{
    unsigned i = intruder_of(r->sender);
    breaks++;
    if (!expect(i < INTRUDERS) || (r->sender & KERNE_SENDER_INSIDE)) {
        family_answer_break(r->buffer, KERNE_NOT_MINE, 0);
        return;
    }
    bool at_call = r->words.w[0] == KERNE_BREAK_CALL ||
                   (r->words.w[0] == KERNE_BREAK_PAGE_FAULT &&
                    r->words.w[3] == (uint64_t)registers_call_here);
    if (at_call) {
        family_answer_break(r->buffer, KERNE_GO_ON, dice_word(&dice) >> 24);
        return;
    }
    private_set_registers(intruders[i].reference, intruder_run, block_of(i));
    family_answer_break(r->buffer, KERNE_AGAIN, 0);
    begun_anew++;
}

static void alarm(void)
{
    expect_result(
        kerne_send_message(KERNE_ADDRESS(0, KERNE_EXTERNAL),
                           WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                 family_ticks(STEP_MICROSECONDS)),
                           &alarm_buffer),
        normal);
}

/* A message stays unanswered until another one takes its place. */
static void keep(const struct kerne_received *message)
{
    uint64_t *place = &kept[dice_below(&dice, KEPT)];
    if (*place != 0) {
        kerne_send_answer(*place, 1 + dice_below(&dice, 5), &message->words);
    }
    *place = message->buffer;
}

/* Takes events until the alarm. */
static void serve_until_alarm(void)
{
    for (;;) {
        struct kerne_received r = family_next();
        if (r.buffer == alarm_buffer) { return; }
        if (KERNE_EVENT_KIND(r.event) == KERNE_BREAK) {
            end_break(&r);
        } else if (KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE) {
            keep(&r);
        }
    }
}

/* What the intruder itself has found wrong with the nucleus. */
static void expect_no_fault(const struct intruder *h)
{
    if (h->faults != 0) {
        expect_equal_of(h->fault, h->word, 0);
        expect_equal_of("register", h->number, 0);
        expect_equal_of("was", h->was, 0);
        expect_equal_of("after this function", h->function, 0);
    }
}

static void replace(unsigned i)
{
    expect_result(kerne_remove(intruders[i].reference), normal);
    intruders[i].calls += intruder_at(i)->calls;
    expect_no_fault(intruder_at(i));
    make_intruder(i);
    replaced++;
}

static bool waits(uint64_t reference)
{
    uint64_t wait = family_wait(reference);
    return wait != KERNE_WAITS_NOT && wait != KERNE_WAITS_BREAK;
}

/* One that waits for long is stopped, and begins anew when it is started; now
 * and then it is thrown away, with all that it holds. */
static void look_after(unsigned i)
{
    uint64_t reference = intruders[i].reference;
    intruders[i].waits = waits(reference) ? intruders[i].waits + 1 : 0;
    if (intruders[i].waits < PATIENCE) { return; }
    intruders[i].waits = 0;
    if (dice_one_in(&dice, 8)) {
        replace(i);
        return;
    }
    expect_result(kerne_stop(reference), normal);
    expect_result(private_set_registers(reference, intruder_run, block_of(i)),
                  normal);
    expect_result(kerne_start(reference), normal);
    begun_anew++;
}

static uint64_t calls(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < INTRUDERS; i++) {
        sum += intruders[i].calls + intruder_at(i)->calls;
    }
    return sum;
}

/* ---- the test ----------------------------------------------------------- */

static void expect_no_harm(void)
{
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        const struct neighbour *n = neighbour_at(i);
        expect(n->rounds > 100);
        if (!expect_equal(n->harm, 0)) {
            expect_equal_of("what a neighbour found", n->actual, n->expected);
        }
    }
    for (unsigned i = 0; i < INTRUDERS; i++) {
        expect_no_fault(intruder_at(i));
    }
}

static void random_calls(void)
{
    dice = dice_from(SEED);
    make_neighbours();
    for (unsigned i = 0; i < INTRUDERS; i++) { make_intruder(i); }
    while (calls() < CALLS && expect_failures() == 0) {
        alarm();
        serve_until_alarm();
        for (unsigned i = 0; i < INTRUDERS; i++) { look_after(i); }
    }
    tap_print("# %lu calls, %lu breaks ended; intruders: %lu begun anew, %lu "
              "replaced; neighbours: %lu rounds of the counter, %lu "
              "conversations of the pair\n",
              calls(), breaks, begun_anew, replaced,
              neighbour_at(COUNTER)->rounds, neighbour_at(ASKER)->rounds);
    expect_no_harm();
    for (unsigned i = 0; i < INTRUDERS; i++) {
        expect_result(kerne_remove(intruders[i].reference), normal);
    }
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        expect_result(kerne_remove(neighbours[i]), normal);
    }
    settle();
}

const struct test tests[] = {
    { "hostile.random_calls", random_calls, .as_root = true },
    { NULL },
};
