/*
 * Conversations between two that wait for each other, and what a direct switch
 * must carry over besides the registers of the call: storage, floating point,
 * the right to the counters.
 */
#include "way.h"

#define LETTERS 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
#define WINDOW UINT64_C(0x90000000)
#define ROUNDS 500

enum { SERVER = 4, CLIENT, OTHER }; /* child numbers */

static struct test_child server;
static struct test_child client;
static volatile uint64_t rounds;

static uint64_t ask(uint64_t word)
{
    struct kerne_words answer = { { 0 } };
    expect_result(way_ask(KERNE_ADDRESS(1, SERVER), WORDS(word), &answer),
                  normal);
    return answer.w[0];
}

static void run_both(void (*server_does)(uint64_t),
                     void (*client_does)(uint64_t))
{
    rounds = 0;
    require(child_run(&server, "server", SERVER, server_does, 0));
    require(child_run(&client, "client", CLIENT, client_does, 0));
    require(expect_rests(&client));
}

static void remove_both(void)
{
    child_remove(&client);
    child_remove(&server);
}

/* ---- conversations ------------------------------------------------------ */

#define TIMES 3 /* the first time goes the general way */

static void ask_again(uint64_t letter)
{
    for (unsigned i = 0; i < TIMES; i++) { way_client(letter); }
}

/* Whoever is to be first waits before the other starts. */
static void pair(bool server_first)
{
    struct actor_server served = { 0 };
    struct actor_client letter = CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS);
    require(expect_result(
        child_make(&server, "server", SERVER, way_server, &served), normal));
    require(expect_result(
        child_make(&client, "client", CLIENT, ask_again, &letter), normal));
    if (server_first) {
        kerne_start(server.reference);
        way_waits(&server);
    }
    kerne_start(client.reference);
    if (!server_first) {
        expect_waits(&client, KERNE_WAITS_ANSWER);
        kerne_start(server.reference);
    }
    way_answered(&client, &letter);
    expect_equal(served.served, TIMES);
    expect_equal(KERNE_EVENT_KIND(served.last.event), KERNE_MESSAGE);
    expect_equal(served.last.sender, KERNE_ADDRESS(1, CLIENT));
    expect_words(&served.last.words, &letter.message);
    expect_equal(family_describe(client.reference, KERNE_DESCRIBE_CLAIM, 0, 2),
                 0);
    remove_both();
}

static void server_first(void) { pair(true); }

static void client_first(void) { pair(false); }

static volatile uint64_t rounds_of[2];

static void ask_often(uint64_t which)
{
    for (uint64_t i = 0; i < ROUNDS; i++) {
        struct kerne_words message = { { i, which, 0, 0, i << 32 } };
        struct kerne_words answer;
        struct kerne_words expected = actor_answer(&message);
        require(expect_result(
            way_ask(KERNE_ADDRESS(1, SERVER), &message, &answer), normal));
        require(expect_words(&answer, &expected));
        rounds_of[which]++;
    }
}

/* Two clients and one server; preempted, stopped and started in between. */
static void many_with_stops_between(void)
{
    struct actor_server served = { 0 };
    struct test_child other;
    struct test_child *const all[] = { &server, &client, &other };
    rounds_of[0] = rounds_of[1] = 0;
    require(child_run(&server, "server", SERVER, way_server, &served));
    require(child_run(&client, "client", CLIENT, ask_often, 0));
    require(child_run(&other, "other", OTHER, ask_often, 1));
    for (unsigned i = 0; i < 30 && rounds_of[0] < ROUNDS; i++) {
        family_nap(100);
        expect_result(kerne_stop(all[i % 3]->reference), normal);
        family_nap(100);
        expect_result(kerne_start(all[i % 3]->reference), normal);
    }
    require(expect_rests(&client));
    require(expect_rests(&other));
    expect_equal(rounds_of[0], ROUNDS);
    expect_equal(rounds_of[1], ROUNDS);
    expect_equal(served.served, 2 * ROUNDS);
    child_remove(&other);
    remove_both();
}

/* A client that stands deeper than its server, and addresses it by way of a
 * pseudo process. */
static struct kerne_received seen;

static void serve_and_keep(uint64_t unused)
{
    (void)unused;
    for (;;) { seen = way_next(seen.buffer, WORDS(seen.words.w[0] + 1)); }
}

static void parent_of_client(uint64_t letter)
{
    struct test_child inner;
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "disk", 9, KERNE_ADDRESS(1, SERVER), &pseudo),
        normal));
    require(child_run(&inner, "inner", 1, ask_again, letter));
    require(expect_rests(&inner));
    child_remove(&inner);
    expect_result(kerne_remove(pseudo), normal);
}

static void from_inside_by_a_pseudo_process(void)
{
    struct actor_client letter = CLIENT_OF(KERNE_ADDRESS(1, 9), LETTERS);
    seen.buffer = 0;
    require(child_run(&server, "server", SERVER, serve_and_keep, 0));
    require(child_run(&client, "system", CLIENT, parent_of_client, &letter,
                      .processes = 2));
    require(expect_rests(&client));
    expect_result(letter.result, normal);
    expect_equal(letter.answer.w[0], 0x12);
    expect_equal(seen.sender, (KERNE_ADDRESS(1, CLIENT) | KERNE_SENDER_INSIDE |
                               KERNE_SENDER_PSEUDO | UINT64_C(9) << 32));
    remove_both();
}

/* ---- what a switch carries over ----------------------------------------- */

/* Each has a page of its own at the same address. */
static void serve_with_page(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (;;) {
        last = way_next(last, WORDS(*(volatile uint64_t *)WINDOW)).buffer;
        ++*(volatile uint64_t *)WINDOW;
    }
}

static void ask_with_page(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        require(expect_equal(ask(i), 1000000 + i + 1));
        require(expect_equal(*(volatile uint64_t *)WINDOW, i));
        ++*(volatile uint64_t *)WINDOW;
        rounds++;
    }
}

static bool run_with_page(struct test_child *child, const char *name,
                          uint64_t number, void (*function)(uint64_t),
                          uint64_t page, uint64_t value)
{
    uint64_t left;
    uint64_t own = family_arena() + page * KERNE_PAGE;
    *(volatile uint64_t *)own = value;
    return expect_result(
               child_make(child, name, number, function, 0, .tables = 6),
               normal) &&
           expect_result(kerne_map(child->reference, WINDOW, own, 1,
                                   KERNE_READ | KERNE_WRITE, &left),
                         normal) &&
           expect_result(kerne_start(child->reference), normal);
}

static void storage(void)
{
    rounds = 0;
    require(
        run_with_page(&server, "server", SERVER, serve_with_page, 1, 1000000));
    require(run_with_page(&client, "client", CLIENT, ask_with_page, 2, 0));
    require(expect_rests(&client));
    expect_equal(rounds, ROUNDS);
    remove_both();
}

/* Puts a number into fs0, and tells what is there. */
static void put_float(uint64_t value)
{
    __asm__ volatile("fmv.d.x fs0, %0" : : "r"(value) : "fs0");
}

static uint64_t float_there(void)
{
    uint64_t value;
    __asm__ volatile("fmv.x.d %0, fs0" : "=r"(value));
    return value;
}

static void serve_with_float(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (uint64_t i = 0;; i++) {
        put_float(i << 32);
        last = way_next(last, WORDS(i)).buffer;
        require(expect_equal(float_there(), i << 32));
    }
}

static void serve_without_float(uint64_t unused)
{
    uint64_t last = 0;
    for (;;) { last = way_next(last, WORDS(unused)).buffer; }
}

static void ask_with_float(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        put_float(~i);
        ask(i);
        require(expect_equal(float_there(), ~i));
        rounds++;
    }
}

static void floating_point_of_one(void)
{
    run_both(serve_without_float, ask_with_float);
    expect_equal(rounds, ROUNDS);
    remove_both();
}

static void floating_point_of_both(void)
{
    run_both(serve_with_float, ask_with_float);
    expect_equal(rounds, ROUNDS);
    expect_equal(server.at_rest, 0);
    remove_both();
}

/* Raises a flag of floating point without changing a register of it. */
static void ask_with_flag(uint64_t unused)
{
    uint64_t flags, ignored;
    (void)unused;
    put_float(UINT64_C(0x3ff8000000000000)); /* 1.5 */
    ask(0);
    __asm__ volatile("fcvt.w.d %0, fs0" : "=r"(ignored));
    ask(1);
    __asm__ volatile("frflags %0" : "=r"(flags));
    expect_equal(flags, 1); /* inexact */
}

static void floating_point_flags(void)
{
    run_both(serve_without_float, ask_with_flag);
    remove_both();
}

static uint64_t cycles(void)
{
    uint64_t value;
    __asm__ volatile("rdcycle %0" : "=r"(value));
    return value;
}

static void serve_with_counter(uint64_t unused)
{
    uint64_t last = 0;
    for (;;) {
        last = way_next(last, WORDS(unused)).buffer;
        rounds = cycles();
    }
}

static void ask_and_count(uint64_t unused)
{
    (void)unused;
    ask(0);
    (void)cycles();
}

/* The server may read the counters, its client may not. */
static void right_to_the_counters(void)
{
    rounds = 0;
    require(child_run(&server, "server", SERVER, serve_with_counter, 0));
    require(child_run(&client, "client", CLIENT, ask_and_count, 0,
                      .without = KERNE_MASK_COUNTERS));
    require(expect_waits(&client, KERNE_WAITS_BREAK));
    expect_break(&client, KERNE_BREAK_ILLEGAL);
    expect(rounds != 0);
    remove_both();
}

/* ---- work handed over by one who goes on -------------------------------- */

#define SLICE 256000 /* ticks */

static struct actor_server handed;
static volatile bool in_time;

static void spin_for(uint64_t ticks)
{
    for (uint64_t begin = kerne_get_clock();
         kerne_get_clock() - begin < ticks;) {
        for (volatile unsigned i = 0; i < 1000; i++) {}
    }
}

/* Sends to one that waits, having run alone for so long, and goes on. */
static void hand_and_spin(uint64_t alone)
{
    uint64_t buffer;
    struct kerne_words answer;
    kerne_converse(KERNE_ADDRESS(1, SERVER), WORDS(0), &answer);
    spin_for(alone);
    kerne_send_message(KERNE_ADDRESS(1, SERVER), WORDS(0), &buffer);
    spin_for(3 * SLICE);
    in_time = handed.served == 2;
    kerne_converse(KERNE_PARENT, WORDS(0), &answer);
}

/* Nobody is awake but these two, and no alarm is set, since the test is the
 * root: who ran alone has no slice that ends, and must have one from then on.
 */
static void work_handed_over_by_one_who_goes_on(void)
{
    static const uint64_t alone[] = { 0, 3 * SLICE };
    for (unsigned i = 0; i < 2; i++) {
        handed = (struct actor_server){ .served = 0 };
        in_time = false;
        require(child_run(&server, "server", SERVER, actor_server, &handed));
        require(expect_waits(&server, KERNE_WAITS_MESSAGE));
        require(child_run(&client, "client", CLIENT, hand_and_spin, alone[i]));
        struct kerne_received done = family_next();
        expect(in_time);
        kerne_send_answer(done.buffer, KERNE_r_normal, WORDS(0));
        remove_both();
    }
}

#define TESTS(TEST)                       \
    TEST(server_first)                    \
    TEST(client_first)                    \
    TEST(many_with_stops_between)         \
    TEST(from_inside_by_a_pseudo_process) \
    TEST(storage)                         \
    TEST(floating_point_of_one)           \
    TEST(floating_point_of_both)          \
    TEST(floating_point_flags)            \
    TEST(right_to_the_counters)
TESTS(WAY_FUNCTION)

#define ENTRY(test) \
    { .name = "direct_switch." #test, .function = test##_each_way },
const struct test tests[] = {
    TESTS(ENTRY) //
    { "direct_switch.work_handed_over_by_one_who_goes_on",
      work_handed_over_by_one_who_goes_on, .as_root = true },
    { NULL },
};
