/*
 * Time: shares among siblings, and to whose account it goes.  Proportions are
 * checked, with wide margins, never durations.
 */
#include "actor.h"
#include "harness.h"

#define MEASURE 700000 /* microseconds: some 27 slices */

static volatile uint64_t counter[12];
static struct test_child child[12];

static uint64_t time_of(const struct test_child *which, unsigned word)
{
    return family_describe(which->reference, KERNE_DESCRIBE_TIME, 0, word);
}

static bool spinner(unsigned i, const char *name, uint64_t share)
{
    counter[i] = 0;
    return child_run(&child[i], name, i, actor_spin, &counter[i],
                     .share = share, .buffers = CHILD_NONE);
}

/* a : b is x : y, within a fourth. */
static bool expect_ratio_at(struct expect_place place, uint64_t a, uint64_t b,
                            uint64_t x, uint64_t y)
{
    uint64_t permille = b == 0 ? 0 : a * 1000 / b;
    uint64_t wanted = x * 1000 / y;
    if (permille * 4 >= wanted * 3 && permille * 4 <= wanted * 5) {
        return true;
    }
    return expect_note(place, EXPECT_NUMBER, permille, wanted);
}
#define expect_ratio(a, b, x, y)                                              \
    expect_ratio_at(EXPECT_PLACE(#a " in thousandths of " #b), (a), (b), (x), \
                    (y))

static void remove_all(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        expect_result(child_remove(&child[i]), normal);
    }
}

static void equal_shares(void)
{
    require(spinner(0, "one", 0));
    require(spinner(1, "two", 0));
    require(spinner(2, "three", 0));
    family_nap(MEASURE);
    expect_ratio(time_of(&child[0], 0), time_of(&child[1], 0), 1, 1);
    expect_ratio(time_of(&child[1], 0), time_of(&child[2], 0), 1, 1);
    expect_ratio(counter[0], counter[1], 1, 1);
    expect_ratio(counter[1], counter[2], 1, 1);
    remove_all(3);
}

static void unequal_shares(void)
{
    require(spinner(0, "one", 100));
    require(spinner(1, "three", 300));
    family_nap(MEASURE);
    expect_ratio(time_of(&child[1], 0), time_of(&child[0], 0), 3, 1);
    expect_ratio(counter[1], counter[0], 3, 1);
    remove_all(2);
}

static void share_is_changed(void)
{
    require(spinner(0, "one", 100));
    require(spinner(1, "other", 100));
    family_nap(MEASURE / 4);
    expect_result(kerne_set_share(child[1].reference, 400), normal);
    expect_equal(
        family_describe(child[1].reference, KERNE_DESCRIBE_PROCESS, 0, 6), 400);
    uint64_t before[2] = { time_of(&child[0], 0), time_of(&child[1], 0) };
    family_nap(MEASURE);
    expect_ratio(time_of(&child[1], 0) - before[1],
                 time_of(&child[0], 0) - before[0], 4, 1);
    remove_all(2);
}

static void share_refusals(void)
{
    require(spinner(0, "one", 0));
    expect_result(kerne_set_share(child[0].reference, 0), bad_argument);
    expect_result(kerne_set_share(child[0].reference, 1001), bad_argument);
    expect_result(kerne_set_share(child[0].reference, UINT64_C(1) << 32),
                  bad_argument);
    expect_result(kerne_set_share(0, 100), not_descendant);
    expect_result(kerne_set_share(child[0].reference, 1), normal);
    expect_result(kerne_set_share(child[0].reference, 1000), normal);
    remove_all(1);
}

static void parent_of_spinners(uint64_t first)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    for (uint64_t i = 0; i < 4; i++) {
        require(child_run(&child[first + i], names[i], i, actor_spin,
                          &counter[first + i], .buffers = CHILD_NONE));
    }
}

/* A subtree gets its share, however many processes it holds. */
static void share_of_a_subtree(void)
{
    require(
        child_run(&child[0], "many", 0, parent_of_spinners, 2, .processes = 4));
    require(expect_rests(&child[0]));
    require(spinner(1, "one", 0));
    uint64_t before = time_of(&child[0], 1);
    family_nap(2 * MEASURE); /* to each of the many, an eighth of it */
    expect_ratio(time_of(&child[0], 1) - before, time_of(&child[1], 1), 1, 1);
    expect_ratio(time_of(&child[2], 0), time_of(&child[5], 0), 1, 1);
    expect_equal(time_of(&child[1], 0), time_of(&child[1], 1));
    remove_all(2);
}

/* Time that one does not want goes to the others. */
static void unused_time_goes_to_the_others(void)
{
    require(child_run(&child[0], "idle", 0, actor_rest, 0, .share = 1000));
    require(spinner(1, "busy", 1));
    uint64_t begin = kerne_get_clock();
    family_nap(MEASURE / 4);
    uint64_t passed = kerne_get_clock() - begin;
    expect_ratio(time_of(&child[1], 0), passed, 1, 1);
    remove_all(2);
}

/* A stopped process gets no time, and no credit for it afterwards. */
static void stopped_gets_none(void)
{
    require(spinner(0, "one", 0));
    require(spinner(1, "two", 0));
    family_nap(MEASURE / 4);
    expect_result(kerne_stop(child[0].reference), normal);
    uint64_t at_stop = time_of(&child[0], 0);
    family_nap(MEASURE);
    expect_equal(time_of(&child[0], 0), at_stop);
    expect_result(kerne_start(child[0].reference), normal);
    uint64_t before[2] = { time_of(&child[0], 0), time_of(&child[1], 0) };
    family_nap(MEASURE);
    expect_ratio(time_of(&child[0], 0) - before[0],
                 time_of(&child[1], 0) - before[1], 1, 1);
    remove_all(2);
}

/* A process that spins does not delay its parent. */
static void parent_precedes_its_children(void)
{
    require(spinner(0, "one", 1000));
    uint64_t worst = 0;
    for (unsigned i = 0; i < 50; i++) {
        uint64_t begin = kerne_get_clock();
        family_nap(1000);
        uint64_t late = kerne_get_clock() - begin - family_ticks(1000);
        worst = late > worst ? late : worst;
    }
    expect(worst < family_ticks(20000));
    remove_all(1);
}

static volatile uint64_t went_on;

static void send_and_go_on(uint64_t by_serve)
{
    uint64_t buffer = by_serve ? kerne_wait_message().buffer : 0;
    uint64_t own;
    kerne_send_message(KERNE_PARENT, WORDS(1), &own);
    went_on = 1;
    if (by_serve) { kerne_serve(buffer, KERNE_r_normal, WORDS(0)); }
    child_rest();
}

static struct actor_client client[2];

/* A child that wakes its parent runs no further before it, not even to answer
 * a client. */
static void parent_precedes_at_once(void)
{
    for (uint64_t by_serve = 0; by_serve < 2; by_serve++) {
        went_on = 0;
        client[0] = CLIENT_OF(KERNE_ADDRESS(1, 0), 1);
        require(child_run(&child[0], "server", 0, send_and_go_on, by_serve));
        require(child_run(&child[1], "client", 1, actor_converse, &client[0]));
        uint64_t buffer = kerne_wait_message().buffer;
        expect_equal(went_on, 0);
        expect_equal(client[0].result, 0);
        expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)),
                      normal);
        require(expect_becomes(&went_on, 1));
        remove_all(2);
    }
}

#define WORK 40000 /* microseconds of work for one message */

/* Works before it answers. */
static void working_server(uint64_t by_serve)
{
    uint64_t buffer = 0;
    for (;;) {
        struct kerne_received message =
            by_serve ? kerne_serve(buffer, KERNE_r_normal, WORDS(0))
                     : kerne_wait_message();
        uint64_t end = kerne_get_clock() + family_ticks(WORK);
        while (kerne_get_clock() < end) {}
        buffer = message.buffer;
        if (!by_serve) { kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)); }
    }
}

/* What a server does for a client is charged to the client. */
static void charged_to_the_client(void (*client_does)(uint64_t),
                                  uint64_t by_serve)
{
    client[0] = CLIENT_OF(KERNE_ADDRESS(1, 0), 1);
    require(child_run(&child[0], "server", 0, working_server, by_serve));
    family_nap(2000);
    uint64_t before = time_of(&child[0], 0);
    require(child_run(&child[1], "client", 1, client_does, &client[0]));
    require(expect_rests(&child[1]));
    uint64_t own = time_of(&child[0], 0) - before;
    uint64_t its = time_of(&child[1], 0);
    expect(its >= family_ticks(WORK) * 95 / 100);
    expect(own < family_ticks(WORK) / 100);
    remove_all(2);
}

static void account_of_a_message(void)
{
    charged_to_the_client(actor_client, 0);
    charged_to_the_client(actor_client, 1);
}

static void account_of_converse(void)
{
    charged_to_the_client(actor_converse, 0);
    charged_to_the_client(actor_converse, 1);
}

/* What a parent does for its child is charged to the child too; and to all
 * nodes above it. */
static void account_of_a_parents_work(void)
{
    client[0] = CLIENT_OF(KERNE_PARENT, 1);
    require(
        child_run(&child[0], "system", 0, working_server, 0, .processes = 1));
    require(child_run(&child[1], "inner", 1, actor_client, &client[0],
                      .behalf_of = child[0].reference));
    require(expect_rests(&child[1]));
    expect(time_of(&child[1], 0) > family_ticks(WORK) * 3 / 4);
    expect(time_of(&child[0], 0) < family_ticks(WORK) / 4);
    expect(time_of(&child[0], 1) >= time_of(&child[1], 0));
    remove_all(1);
}

static void flood(uint64_t unused)
{
    (void)unused;
    struct kerne_words answer;
    while (kerne_converse(KERNE_ADDRESS(1, 0), WORDS(0), &answer) ==
           KERNE_r_normal) {
        counter[11]++;
    }
}

/* A client that floods a server spends its own share: its sibling, which only
 * computes, gets no less than both together. */
static void flooding_costs_the_flooder(void)
{
    static struct actor_server server;
    server.served = 0;
    require(child_run(&child[0], "server", 0, actor_serve, &server));
    require(spinner(1, "worker", 0));
    require(child_run(&child[2], "flooder", 2, flood, 0));
    family_nap(MEASURE);
    expect(server.served > 100);
    uint64_t worker = time_of(&child[1], 0);
    uint64_t flooder = time_of(&child[2], 0);
    expect(worker >= flooder * 3 / 4);
    expect(flooder >= worker / 4);
    expect(time_of(&child[0], 0) < worker / 4);
    remove_all(3);
}

/* Two that hand work to each other without end never let the nucleus choose of
 * itself; yet a deadline is kept, and a sibling has its time. */
static void direct_switches_do_not_delay(void)
{
    static struct actor_server server;
    server.served = 0;
    require(child_run(&child[0], "server", 0, actor_serve, &server));
    require(child_run(&child[1], "flooder", 1, flood, 0));
    require(spinner(2, "worker", 0));
    uint64_t worst = 0;
    for (unsigned i = 0; i < 100; i++) {
        uint64_t begin = kerne_get_clock();
        family_nap(3000);
        uint64_t late = kerne_get_clock() - begin - family_ticks(3000);
        worst = late > worst ? late : worst;
    }
    expect(worst < family_ticks(2000));
    expect(server.served > 100);
    expect(time_of(&child[2], 0) >= time_of(&child[1], 0) * 3 / 4);
    remove_all(3);
}

/* Of all that the root has, the parts add up to what the clock says. */
static void everything_is_charged(void)
{
    struct kerne_words before;
    struct kerne_words after;
    uint64_t next;
    uint64_t begin = kerne_get_clock();
    expect_result(kerne_describe(0, KERNE_DESCRIBE_TIME, 0, &next, &before),
                  normal);
    require(spinner(0, "one", 0));
    family_nap(MEASURE / 4);
    family_nap(MEASURE / 4);
    expect_result(child_remove(&child[0]), normal);
    family_nap(MEASURE / 4);
    expect_result(kerne_describe(0, KERNE_DESCRIBE_TIME, 0, &next, &after),
                  normal);
    uint64_t passed = kerne_get_clock() - begin;
    uint64_t charged = after.w[1] - before.w[1];
    uint64_t idle = after.w[3] - before.w[3];
    expect(after.w[1] >= after.w[0]);
    expect(idle > passed / 6);
    expect(charged > passed / 3);
    expect(charged + idle <= passed + family_ticks(5000));
    expect(charged + idle >= passed - passed / 10);
}

static void clock_goes_on(void)
{
    uint64_t last = kerne_get_clock();
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t now = kerne_get_clock();
        require(expect(now >= last));
        last = now;
    }
}

const struct test tests[] = {
    { .name = "time.get_clock", .function = clock_goes_on },
    { .name = "time.share.equal", .function = equal_shares },
    { .name = "time.share.unequal", .function = unequal_shares },
    { .name = "time.share.changed", .function = share_is_changed },
    { .name = "time.share.refusals", .function = share_refusals },
    { .name = "time.share.of_a_subtree", .function = share_of_a_subtree },
    { .name = "time.share.unused_goes_to_the_others",
      .function = unused_time_goes_to_the_others },
    { .name = "time.stopped_gets_none", .function = stopped_gets_none },
    { .name = "time.parent_precedes_its_children",
      .function = parent_precedes_its_children },
    { .name = "time.account.of_a_message", .function = account_of_a_message },
    { .name = "time.account.of_converse", .function = account_of_converse },
    { .name = "time.account.of_a_parents_work",
      .function = account_of_a_parents_work },
    { .name = "time.account.flooding_costs_the_flooder",
      .function = flooding_costs_the_flooder },
    { .name = "time.parent_precedes_at_once",
      .function = parent_precedes_at_once },
    { .name = "time.direct_switches_do_not_delay",
      .function = direct_switches_do_not_delay },
    { .name = "time.account.everything_is_charged",
      .function = everything_is_charged,
      .as_root = true },
    { NULL },
};
