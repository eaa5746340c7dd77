/*
 * What a direct switch between two processes must carry over besides the
 * registers of the call: storage, floating point, the right to the counters.
 */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define ROUNDS 500
#define SERVER 4

static struct test_child server;
static struct test_child client;
static volatile uint64_t rounds;

struct way {
    bool converse;
    bool serve;
};
static struct way way;

static const struct way ways[] = {
    { true, true },
    { true, false },
    { false, true },
    { false, false },
};

static bool ask(uint64_t word, struct kerne_words *ret_answer)
{
    uint64_t to = KERNE_ADDRESS(1, SERVER);
    uint64_t buffer;
    if (way.converse) {
        return kerne_converse(to, WORDS(word), ret_answer) == KERNE_r_normal;
    }
    return kerne_send_message(to, WORDS(word), &buffer) == KERNE_r_normal &&
           kerne_wait_answer(buffer, ret_answer) == KERNE_r_normal;
}

/* The next message; `answer` goes to the last one. */
static struct kerne_received next(uint64_t last, uint64_t answer)
{
    if (way.serve) { return kerne_serve(last, KERNE_r_normal, WORDS(answer)); }
    if (last != 0) { kerne_send_answer(last, KERNE_r_normal, WORDS(answer)); }
    return kerne_wait_message();
}

/* Each has a page of its own at the same address. */
static void serve_with_page(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (;;) {
        last = next(last, *(volatile uint64_t *)WINDOW).buffer;
        ++*(volatile uint64_t *)WINDOW;
    }
}

static void ask_with_page(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        struct kerne_words answer = { { 0 } };
        require(expect(ask(i, &answer)));
        require(expect_equal(answer.w[0], 1000000 + i + 1));
        require(expect_equal(*(volatile uint64_t *)WINDOW, i));
        ++*(volatile uint64_t *)WINDOW;
        rounds++;
    }
}

static bool make_with_page(struct test_child *child, const char *name,
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

static void remove_both(void)
{
    child_remove(&client);
    child_remove(&server);
}

static void storage(void)
{
    for (unsigned i = 0; i < 4; i++) {
        way = ways[i];
        rounds = 0;
        require(make_with_page(&server, "server", SERVER, serve_with_page, 1,
                               1000000));
        require(make_with_page(&client, "client", 5, ask_with_page, 2, 0));
        require(expect_rests(&client));
        expect_equal(rounds, ROUNDS);
        remove_both();
    }
}

/* Puts a number into fs0, and expects it to be there still. */
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
        last = next(last, i).buffer;
        require(expect_equal(float_there(), i << 32));
    }
}

static void serve_without_float(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (uint64_t i = 0;; i++) { last = next(last, i).buffer; }
}

static void ask_with_float(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        struct kerne_words answer;
        put_float(~i);
        require(expect(ask(i, &answer)));
        require(expect_equal(float_there(), ~i));
        rounds++;
    }
}

static void floating_point(void)
{
    for (unsigned i = 0; i < 8; i++) {
        way = ways[i % 4];
        rounds = 0;
        require(child_run(&server, "server", SERVER,
                          i < 4 ? serve_with_float : serve_without_float, 0));
        require(child_run(&client, "client", 5, ask_with_float, 0));
        require(expect_rests(&client));
        expect_equal(rounds, ROUNDS);
        expect_equal(server.at_rest, 0);
        remove_both();
    }
}

/* Raises a flag of floating point without changing a register of it. */
static void ask_with_flag(uint64_t unused)
{
    uint64_t flags, ignored;
    struct kerne_words answer;
    (void)unused;
    put_float(UINT64_C(0x3ff8000000000000)); /* 1.5 */
    require(expect(ask(0, &answer)));
    __asm__ volatile("fcvt.w.d %0, fs0" : "=r"(ignored));
    require(expect(ask(1, &answer)));
    __asm__ volatile("frflags %0" : "=r"(flags));
    expect_equal(flags, 1); /* inexact */
}

static void floating_point_flags(void)
{
    for (unsigned i = 0; i < 4; i++) {
        way = ways[i];
        require(child_run(&server, "server", SERVER, serve_without_float, 0));
        require(child_run(&client, "client", 5, ask_with_flag, 0));
        require(expect_rests(&client));
        remove_both();
    }
}

static volatile uint64_t cycles;

static void serve_with_counter(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (;;) {
        uint64_t value;
        last = next(last, 0).buffer;
        __asm__ volatile("rdcycle %0" : "=r"(value));
        cycles = value;
    }
}

static void ask_and_count(uint64_t unused)
{
    struct kerne_words answer;
    uint64_t value;
    (void)unused;
    require(expect(ask(0, &answer)));
    __asm__ volatile("rdcycle %0" : "=r"(value));
    rounds++;
}

/* The server may read the counters, its client may not. */
static void right_to_the_counters(void)
{
    for (unsigned i = 0; i < 4; i++) {
        way = ways[i];
        rounds = cycles = 0;
        require(child_run(&server, "server", SERVER, serve_with_counter, 0));
        require(child_run(&client, "client", 5, ask_and_count, 0,
                          .without = KERNE_MASK_COUNTERS));
        require(expect_waits(&client, KERNE_WAITS_BREAK));
        expect_break(&client, KERNE_BREAK_ILLEGAL);
        expect_equal(rounds, 0);
        expect(cycles != 0);
        remove_both();
    }
}

/* A client that stands deeper than its server, and addresses it by way of a
 * pseudo process. */
static struct kerne_received seen;

static void serve_and_keep(uint64_t unused)
{
    uint64_t last = 0;
    (void)unused;
    for (;;) {
        seen = next(last, seen.words.w[0] + 1);
        last = seen.buffer;
    }
}

static struct actor_client inner_client;

static void parent_of_client(uint64_t unused)
{
    struct test_child inner;
    uint64_t pseudo;
    (void)unused;
    inner_client = CLIENT_OF(KERNE_ADDRESS(1, 9), 41);
    require(expect_result(
        kerne_create_pseudo(0, "disk", 9, KERNE_ADDRESS(1, SERVER), &pseudo),
        normal));
    require(child_run(&inner, "inner", 1,
                      way.converse ? actor_converse : actor_client,
                      &inner_client));
    require(expect_rests(&inner));
    child_remove(&inner);
    expect_result(kerne_remove(pseudo), normal);
}

static void from_inside_by_a_pseudo_process(void)
{
    for (unsigned i = 0; i < 4; i++) {
        way = ways[i];
        require(child_run(&server, "server", SERVER, serve_and_keep, 0));
        require(child_run(&client, "system", 5, parent_of_client, 0,
                          .processes = 2));
        require(expect_rests(&client));
        expect_result(inner_client.result, normal);
        expect_equal(inner_client.answer.w[0], 42);
        expect_equal(seen.sender, (KERNE_ADDRESS(1, 5) | KERNE_SENDER_INSIDE |
                                   KERNE_SENDER_PSEUDO | UINT64_C(9) << 32));
        remove_both();
    }
}

/* ---- work handed over by one who goes on --------------------------------- */

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
        require(child_run(&client, "client", 5, hand_and_spin, alone[i]));
        struct kerne_received done = family_next();
        expect(in_time);
        kerne_send_answer(done.buffer, KERNE_r_normal, WORDS(0));
        remove_both();
    }
}

const struct test tests[] = {
    { .name = "direct_switch.storage", .function = storage },
    { .name = "direct_switch.floating_point", .function = floating_point },
    { .name = "direct_switch.floating_point_flags",
      .function = floating_point_flags },
    { .name = "direct_switch.right_to_the_counters",
      .function = right_to_the_counters },
    { .name = "direct_switch.from_inside_by_a_pseudo_process",
      .function = from_inside_by_a_pseudo_process },
    { .name = "direct_switch.work_handed_over_by_one_who_goes_on",
      .function = work_handed_over_by_one_who_goes_on,
      .as_root = true },
    { NULL },
};
