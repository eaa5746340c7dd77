/*
 * Work on another's account: in a system, `account` has a share of 1 and
 * `innocent` one of 100; beside the system stand outsiders, who take what
 * `account` sends and work on it without end.  Whatever they do, the system has
 * its share, and the innocent has its share of that; and nothing of it outlives
 * those who did it.  On the released nucleus, in slices of 0.1 ms.
 */
#include <actor.h>
#include <harness.h>
#include <tap.h>

#define MEASURE 100000 /* microseconds */
#define WARM_UP 5000
#define AFTERWARDS 5000
#define SLICE 100
#define DEEP 8
#define OUTSIDERS 5
#define FORKS 4

enum { ACCOUNT, INNOCENT };             /* numbers in the system */
enum { SYSTEM = OUTSIDERS, NEIGHBOUR }; /* and beside it */

static struct test_child outsider[OUTSIDERS], level[DEEP + 1], neighbour;
static struct test_child account, innocent, forked[FORKS];
static volatile uint64_t counter;
static uint64_t depth, outsiders;
static uint8_t stacks[DEEP + 3 + FORKS][CHILD_STACK_BYTES]
    __attribute__((aligned(16)));
static uint64_t up; /* from who sends to the children of the root */

static uint64_t time_of(const struct test_child *which)
{
    return family_describe(which->reference, KERNE_DESCRIBE_TIME, 0, 1);
}

/* ---- what the account does ---------------------------------------------- */

static uint64_t address_of(uint64_t number)
{
    return KERNE_ADDRESS(up, number);
}

static void send_to_all(uint64_t ret_sent[OUTSIDERS])
{
    for (uint64_t i = 0; i < outsiders; i++) {
        kerne_send_message(address_of(i), WORDS(0), &ret_sent[i]);
    }
}

static void sends_once(uint64_t spins)
{
    uint64_t sent[OUTSIDERS];
    send_to_all(sent);
    if (spins) { actor_spin((uint64_t)&counter); }
}

static void converses(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0;; i = (i + 1) % outsiders) {
        kerne_converse(address_of(i), WORDS(0), WORDS(0));
    }
}

static void regrets(uint64_t unused)
{
    (void)unused;
    for (;;) {
        uint64_t sent[OUTSIDERS];
        send_to_all(sent);
        for (uint64_t i = 0; i < 1000; i++) { counter++; }
        for (uint64_t i = 0; i < outsiders; i++) {
            kerne_regret_message(sent[i]);
        }
    }
}

static void forks(uint64_t unused)
{
    static const char names[FORKS][2] = { "a", "b", "c", "d" };
    (void)unused;
    up++;
    for (;;) {
        for (uint64_t i = 0; i < FORKS; i++) {
            require(child_run(&forked[i], names[i], i, sends_once, 1,
                              .buffers = OUTSIDERS,
                              .stack = (uint64_t)stacks[i]));
        }
        family_nap(3000);
        for (uint64_t i = 0; i < FORKS; i++) { child_remove(&forked[i]); }
    }
}

/* ---- what the outsiders do ---------------------------------------------- */

static void take_and_spin(uint64_t unused)
{
    (void)unused;
    kerne_wait_message();
    actor_spin((uint64_t)&counter);
}

/* Takes whatever comes, answers late, and never waits for long. */
static void take_and_answer(uint64_t work)
{
    for (;;) {
        uint64_t buffer = kerne_wait_message().buffer;
        for (uint64_t i = 0; i < work; i++) { counter++; }
        kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
    }
}

/* Takes one more when it can, and spins meanwhile on the last. */
static void take_all(uint64_t work)
{
    uint64_t buffer = kerne_wait_message().buffer;
    for (;;) {
        for (uint64_t i = 0; i < work; i++) { counter++; }
        struct kerne_received next = kerne_test_event(0);
        if (KERNE_EVENT_KIND(next.event) == KERNE_MESSAGE) {
            kerne_get_event(next.buffer);
            kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
            buffer = next.buffer;
        }
    }
}

/* ---- the scene ---------------------------------------------------------- */

static void (*account_does)(uint64_t);
static void (*outsider_does)(uint64_t);

static void make_level(uint64_t at);

static void system_at(uint64_t at)
{
    if (at < depth) {
        make_level(at + 1);
        return;
    }
    require(child_run(&account, "account", ACCOUNT, account_does, 1, .share = 1,
                      .processes = FORKS, .buffers = (FORKS + 2) * OUTSIDERS,
                      .stack = (uint64_t)stacks[FORKS]));
    require(child_run(&innocent, "innocent", INNOCENT, actor_spin, &counter,
                      .buffers = CHILD_NONE,
                      .stack = (uint64_t)stacks[FORKS + 1]));
}

static void make_level(uint64_t at)
{
    require(child_run(&level[at], "system", SYSTEM, system_at, at,
                      .processes = FORKS + 2 + depth - at,
                      .buffers = (FORKS + 3) * OUTSIDERS,
                      .stack = (uint64_t)stacks[FORKS + 1 + at]));
}

static void make_outsiders(void)
{
    static const char names[OUTSIDERS][2] = { "a", "b", "c", "d", "e" };
    for (uint64_t i = 0; i < outsiders; i++) {
        require(child_run(&outsider[i], names[i], i, outsider_does, 1000));
    }
}

/* What the innocent got of what it was due, in thousandths, while so many of
 * share 100 computed, the system included. */
static uint64_t measure(uint64_t microseconds, uint64_t many)
{
    uint64_t before = time_of(&innocent), begin = kerne_get_clock();
    family_nap(microseconds);
    uint64_t due = (kerne_get_clock() - begin) * 100 / 101 / many;
    return (time_of(&innocent) - before) * 1000 / due;
}

/* Afterwards the innocent waits for two turns at most. */
#define DUE 980
#define DUE_AFTERWARDS (DUE - 2 * 1000 * SLICE / AFTERWARDS)

static void besiege(void)
{
    up = depth + 1;
    make_outsiders();
    make_level(1);
    family_nap(WARM_UP);
    uint64_t got = measure(MEASURE, outsiders + 1);
    for (uint64_t i = 0; i < outsiders; i++) { child_remove(&outsider[i]); }
    child_remove(&account);
    require(
        child_run(&neighbour, "neighbour", NEIGHBOUR, actor_spin, &counter));
    uint64_t afterwards = measure(AFTERWARDS, 2);
    expect_result(child_remove(&neighbour), normal);
    expect_result(child_remove(&level[1]), normal);
    if (!expect(got >= DUE) || !expect(afterwards >= DUE_AFTERWARDS)) {
        tap_print("# of what it was due, in thousandths: %lu, and afterwards "
                  "%lu\n",
                  got, afterwards);
    }
}

static void besiege_at(uint64_t this_depth, uint64_t many)
{
    static void (*const accounts[])(uint64_t) = { sends_once, converses,
                                                  regrets, forks };
    static void (*const others[])(uint64_t) = { take_and_spin, take_and_answer,
                                                take_all };
    depth = this_depth;
    outsiders = many;
    for (unsigned i = 0; i < 12; i++) {
        account_does = accounts[i / 3];
        outsider_does = others[i % 3];
        besiege();
    }
}

static void one_at_depth_1(void) { besiege_at(1, 1); }
static void five_at_depth_1(void) { besiege_at(1, 5); }
static void one_at_depth_8(void) { besiege_at(DEEP, 1); }
static void five_at_depth_8(void) { besiege_at(DEEP, 5); }

const struct test tests[] = {
    { "outsider.one_at_depth_1", one_at_depth_1, .as_root = true },
    { "outsider.five_at_depth_1", five_at_depth_1, .as_root = true },
    { "outsider.one_at_depth_8", one_at_depth_8, .as_root = true },
    { "outsider.five_at_depth_8", five_at_depth_8, .as_root = true },
    { NULL },
};
