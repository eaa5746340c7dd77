/*
 * Stand-ins: any process, external ones included, can be replaced by another
 * of the same name, and who talks to it cannot tell.
 */
#include "actor.h"
#include "harness.h"

static struct test_child original;
static struct test_child stand_in;
static struct test_child user;

/* Answers each message with what it is told to, in word 0. */
static void answer_always(uint64_t what)
{
    uint64_t buffer = 0;
    for (;;) {
        struct kerne_received message =
            kerne_serve(buffer, KERNE_r_normal, WORDS(what));
        buffer = message.buffer;
    }
}

struct using
{
    const char *name;
    uint64_t rounds;
    volatile uint64_t done;
    volatile uint64_t result[4];
    volatile uint64_t told[4];
    uint64_t operation;
    uint64_t word;
};
static struct using using;

/* A program that knows a name: it looks it up once, and talks when it is
 * told to (by a message from its parent). */
static void use_by_name(uint64_t unused)
{
    uint64_t address = 0;
    (void)unused;
    expect_result(kerne_look_up(using.name, &address), normal);
    for (uint64_t i = 0; i < using.rounds; i++) {
        struct kerne_words answer;
        using.result[i] = kerne_converse(
            address, WORDS(using.operation, using.word), &answer);
        using.told[i] = answer.w[0];
        using.done = i + 1;
        struct kerne_received go = kerne_wait_message();
        kerne_send_answer(go.buffer, KERNE_r_normal, WORDS(0));
    }
}

static void next_round(void)
{
    struct kerne_words answer;
    expect_result(kerne_converse(child_address(&user), WORDS(0), &answer),
                  normal);
}

/* A restarted server has its old name and its old address. */
static void process_of_the_same_name(void)
{
    using = (struct using){ .name = "printer", .rounds = 3 };
    require(child_run(&original, "printer", 7, answer_always, 1111));
    require(child_run(&user, "user", 1, use_by_name, 0));
    require(expect_becomes(&using.done, 1));
    expect_result(child_remove(&original), normal);
    next_round();
    require(expect_becomes(&using.done, 2));
    require(child_run(&stand_in, "printer", 7, answer_always, 2222));
    next_round();
    require(expect_becomes(&using.done, 3));
    expect_result(using.result[0], normal);
    expect_equal(using.told[0], 1111);
    expect_result(using.result[1], does_not_exist);
    expect_result(using.result[2], normal);
    expect_equal(using.told[2], 2222);
    next_round();
    require(expect_rests(&user));
    child_remove(&user);
    child_remove(&stand_in);
}

/* A pseudo process, pointed at one and then at another. */
static void pseudo_process(void)
{
    uint64_t pseudo;
    using = (struct using){ .name = "console", .rounds = 2 };
    require(child_run(&original, "terminal", 7, answer_always, 1111));
    require(child_run(&stand_in, "window", 8, answer_always, 2222));
    require(expect_result(
        kerne_create_pseudo(0, "console", 60, KERNE_ADDRESS(0, 7), &pseudo),
        normal));
    require(child_run(&user, "user", 1, use_by_name, 0));
    require(expect_becomes(&using.done, 1));
    expect_result(kerne_remove(pseudo), normal);
    require(expect_result(
        kerne_create_pseudo(0, "console", 60, KERNE_ADDRESS(0, 8), &pseudo),
        normal));
    next_round();
    require(expect_becomes(&using.done, 2));
    expect_equal(using.told[0], 1111);
    expect_equal(using.told[1], 2222);
    next_round();
    require(expect_rests(&user));
    child_remove(&user);
    child_remove(&original);
    child_remove(&stand_in);
    expect_result(kerne_remove(pseudo), normal);
}

struct checking {
    uint64_t real; /* address of the process that it stands in for */
    volatile uint64_t seen;
    struct kerne_words message[4];
    struct kerne_words answer[4];
};
static struct checking checking;

/* CHECKIO of 1970: passes every message on to the real process and the answer
 * back, and writes both down. */
static void checkio(uint64_t unused)
{
    (void)unused;
    for (;;) {
        struct kerne_received message = kerne_wait_message();
        struct kerne_words answer;
        uint64_t i = checking.seen;
        uint64_t result =
            kerne_converse(checking.real, &message.words, &answer);
        checking.message[i % 4] = message.words;
        checking.answer[i % 4] = answer;
        checking.seen = i + 1;
        kerne_send_answer(message.buffer, result, &answer);
    }
}

static void passes_on_and_writes_down(void)
{
    using = (struct using){
        .name = "tape", .rounds = 2, .operation = 12, .word = 34
    };
    checking = (struct checking){ .real = KERNE_ADDRESS(1, 7) };
    require(child_run(&original, "realtape", 7, answer_always, 1111));
    require(child_run(&stand_in, "tape", 8, checkio, 0));
    require(child_run(&user, "user", 1, use_by_name, 0));
    require(expect_becomes(&using.done, 1));
    expect_result(child_remove(&original), normal);
    next_round();
    require(expect_becomes(&using.done, 2));
    expect_result(using.result[0], normal);
    expect_equal(using.told[0], 1111);
    expect_result(using.result[1], does_not_exist);
    expect_equal(checking.seen, 2);
    expect_words(&checking.message[0], WORDS(12, 34));
    expect_words(&checking.answer[0], WORDS(1111));
    next_round();
    require(expect_rests(&user));
    child_remove(&user);
    child_remove(&stand_in);
}

/* An external process is replaced for those inside only: the user's clock is
 * the stand-in, its parent's is the real one. */
static void external_process(void)
{
    using = (struct using){
        .name = "clock",
        .rounds = 1,
        .word = UINT64_MAX,
        .operation = KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
    };
    uint64_t address;
    require(child_run(&stand_in, "clock", 8, answer_always, 1969));
    require(child_run(&user, "user", 1, use_by_name, 0));
    require(expect_becomes(&using.done, 1));
    expect_result(using.result[0], normal);
    expect_equal(using.told[0], 1969);
    next_round();
    require(expect_rests(&user));
    child_remove(&user);
    child_remove(&stand_in);
    expect_result(kerne_look_up("clock", &address), normal);
    expect_equal(address, family_clock());
}

const struct test tests[] = {
    { .name = "stand_in.process_of_the_same_name",
      .function = process_of_the_same_name },
    { .name = "stand_in.pseudo_process", .function = pseudo_process },
    { .name = "stand_in.passes_on_and_writes_down",
      .function = passes_on_and_writes_down },
    { .name = "stand_in.external_process", .function = external_process },
    { NULL },
};
