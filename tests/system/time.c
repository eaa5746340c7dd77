/*
 * Time: shares among siblings, and to whose account it goes, by the machine's
 * clock and the nucleus's quick ways.  Proportions are checked, with wide
 * margins, never durations.  The rules tests/unit/time.c says, and trees of
 * shares are in tests/tree/shares.c.
 */
#include "way.h"

#define MEASURE 700000 /* microseconds: some 27 slices */

static volatile uint64_t counter[3];
static struct test_child child[3];

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

/* ---- shares ------------------------------------------------------------- */

/* By their accounts, and by what they have done. */
static void unequal_shares(void)
{
    require(spinner(0, "one", 100));
    require(spinner(1, "three", 300));
    family_nap(MEASURE);
    expect_ratio(time_of(&child[1], 0), time_of(&child[0], 0), 3, 1);
    expect_ratio(counter[1], counter[0], 3, 1);
    remove_all(2);
}

/* ---- who precedes ------------------------------------------------------- */

#define TIMES 4 /* the first time goes the general way */

static volatile uint64_t sent, asked;

/* Sends to its parent, and goes on; `by_serve`: for each message, which it
 * answers behind that. */
static void send_and_go_on(uint64_t by_serve)
{
    uint64_t last = 0, own;
    for (unsigned i = 0; i < TIMES; i++) {
        if (by_serve) {
            last = kerne_serve(last, KERNE_r_normal, WORDS(0)).buffer;
        }
        kerne_send_message(KERNE_PARENT, WORDS(1), &own);
        sent++;
    }
}

static void ask_often(uint64_t unused)
{
    (void)unused;
    struct kerne_words answer;
    while (kerne_converse(KERNE_ADDRESS(1, 0), WORDS(0), &answer) ==
           KERNE_r_normal) {
        asked++;
    }
}

/* A child that wakes its parent runs no further before it, not even to answer
 * a client. */
static void parent_precedes_at_once(void)
{
    for (uint64_t by_serve = 0; by_serve < 2; by_serve++) {
        uint64_t buffer[TIMES];
        sent = asked = 0;
        require(child_run(&child[0], "server", 0, send_and_go_on, by_serve));
        require(child_run(&child[1], "client", 1, ask_often, 0));
        require(spinner(2, "spinner", 0));
        for (unsigned i = 0; i < TIMES; i++) {
            buffer[i] = kerne_wait_message().buffer;
            expect_equal(sent, i);
            expect_equal(asked, by_serve ? i : 0);
        }
        for (unsigned i = 0; i < TIMES; i++) {
            kerne_send_answer(buffer[i], KERNE_r_normal, WORDS(0));
        }
        remove_all(3);
    }
}

/* ---- accounts ----------------------------------------------------------- */

#define WORK 4000 /* microseconds of work for one message */

/* Works before it answers. */
static void working_server(uint64_t unused)
{
    uint64_t last = 0;
    for (;;) {
        last = way_next(last, WORDS(unused)).buffer;
        uint64_t end = kerne_get_clock() + family_ticks(WORK);
        while (kerne_get_clock() < end) {}
    }
}

static void ask_some(uint64_t address)
{
    struct kerne_words answer;
    for (unsigned i = 0; i < TIMES; i++) {
        expect_result(way_ask(address, WORDS(0), &answer), normal);
    }
}

/* What a server does for a client is charged to the client. */
static void charged_to_the_client(void)
{
    uint64_t ticks = TIMES * family_ticks(WORK);
    require(child_run(&child[0], "server", 0, working_server, 0));
    require(way_waits(&child[0]));
    uint64_t before = time_of(&child[0], 0);
    require(child_run(&child[1], "client", 1, ask_some, KERNE_ADDRESS(1, 0)));
    require(expect_rests(&child[1]));
    expect(time_of(&child[1], 0) >= ticks * 95 / 100);
    expect(time_of(&child[0], 0) - before < ticks / 100);
    remove_all(2);
}

/* What a parent does for its child is charged to the child too; and to all
 * nodes above it. */
static void work_of_a_parent(void)
{
    uint64_t ticks = TIMES * family_ticks(WORK);
    require(
        child_run(&child[0], "system", 0, working_server, 0, .processes = 1));
    require(child_run(&child[1], "inner", 1, ask_some, KERNE_PARENT,
                      .behalf_of = child[0].reference));
    require(expect_rests(&child[1]));
    expect(time_of(&child[1], 0) > ticks * 95 / 100);
    expect(time_of(&child[0], 0) < ticks * 5 / 100);
    expect(time_of(&child[0], 1) >= time_of(&child[1], 0));
    remove_all(1);
}

static void send_and_spin(uint64_t unused)
{
    (void)unused;
    uint64_t own;
    kerne_send_message(KERNE_PARENT, WORDS(0), &own);
    sent++;
    for (;;) {}
}

/* Also when one message comes behind the answer to another, and nobody had to
 * wait. */
static void each_message_by_its_sender(void)
{
    uint64_t ticks = family_ticks(WORK);
    sent = 0;
    require(child_run(&child[0], "one", 0, send_and_spin, 0));
    require(child_run(&child[1], "two", 1, send_and_spin, 0));
    require(expect_becomes(&sent, 2));
    struct kerne_received first = way_next(0, WORDS(0));
    struct kerne_received second = way_next(first.buffer, WORDS(0));
    expect_equal(second.sender, child_address(&child[1]));
    uint64_t before = time_of(&child[1], 0), end = kerne_get_clock() + ticks;
    while (kerne_get_clock() < end) {}
    expect(time_of(&child[1], 0) - before >= ticks * 95 / 100);
    kerne_send_answer(second.buffer, KERNE_r_normal, WORDS(0));
    remove_all(2);
}

/* Two that hand work to each other without end never let the nucleus choose of
 * itself; yet a deadline is kept.  The client spends its own share: a sibling,
 * which only computes, gets no less than both together. */
static void flooding_costs_the_flooder(void)
{
    static struct actor_server server;
    server.served = 0;
    require(child_run(&child[0], "server", 0, actor_serve, &server));
    require(child_run(&child[1], "flooder", 1, ask_often, 0));
    require(spinner(2, "worker", 0));
    uint64_t worst = 0;
    for (unsigned i = 0; i < MEASURE / 3000; i++) {
        uint64_t begin = kerne_get_clock();
        family_nap(3000);
        uint64_t late = kerne_get_clock() - begin - family_ticks(3000);
        worst = late > worst ? late : worst;
    }
    expect(worst < family_ticks(2000));
    expect(server.served > 100);
    uint64_t flooder = time_of(&child[1], 0);
    uint64_t worker = time_of(&child[2], 0);
    expect(worker >= flooder * 3 / 4);
    expect(flooder >= worker / 4);
    expect(time_of(&child[0], 0) < worker / 4);
    remove_all(3);
}

WAY_FUNCTION(charged_to_the_client)
WAY_FUNCTION(work_of_a_parent)
WAY_FUNCTION(each_message_by_its_sender)

const struct test tests[] = {
    { .name = "time.share.unequal", .function = unequal_shares },
    { .name = "time.parent_precedes_at_once",
      .function = parent_precedes_at_once },
    { .name = "time.account.charged_to_the_client",
      .function = charged_to_the_client_each_way },
    { .name = "time.account.work_of_a_parent",
      .function = work_of_a_parent_each_way },
    { .name = "time.account.each_message_by_its_sender",
      .function = each_message_by_its_sender_each_way },
    { .name = "time.account.flooding_costs_the_flooder",
      .function = flooding_costs_the_flooder },
    { NULL },
};
