/*
 * Stop and start of a family.  Start also starts the descendants that were
 * stopped along with the child; a stopped process still receives, and its
 * interrupted wait is repeated at restart; siblings whose storage overlaps are
 * swapped by their parent: stop A, output A, input B, start B.
 */
#include "actor.h"
#include "harness.h"

#define PLACE UINT64_C(0x90000000)

static struct test_child parent;
static struct test_child son;
static struct test_child daughter;
static struct actor_server of_son;
static struct actor_server of_daughter;

static void parent_of_servers(uint64_t unused)
{
    (void)unused;
    require(child_run(&son, "son", 1, actor_server, &of_son));
    require(child_run(&daughter, "daughter", 2, actor_serve, &of_daughter));
}

static bool make_family(void)
{
    of_son.served = of_daughter.served = 0;
    return child_run(&parent, "parent", 3, parent_of_servers, 0, .processes = 2,
                     .buffers = 12) &&
           expect_rests(&parent) && expect_waits(&son, KERNE_WAITS_MESSAGE) &&
           expect_waits(&daughter, KERNE_WAITS_EVENT);
}

static struct actor_client client;

/* A client inside the family, of one of the two. */
static void ask_son(uint64_t unused)
{
    (void)unused;
    client = CLIENT_OF(KERNE_ADDRESS(0, 1), 30);
    actor_client((uint64_t)&client);
}

static uint64_t state(const struct test_child *who)
{
    return family_describe(who->reference, KERNE_DESCRIBE_PROCESS, 0, 3);
}

/* Waiting for message, for start by ancestor: the wait is not lost. */
static void descendants_wait_for_start_by_ancestor(void)
{
    require(make_family());
    expect_equal(state(&son), KERNE_WAITS_MESSAGE);
    expect_result(kerne_stop(parent.reference), normal);
    expect_equal(state(&parent),
                 (KERNE_WAITS_EVENT | KERNE_SUSPENDED_STOP << 8));
    expect_equal(state(&son),
                 (KERNE_WAITS_MESSAGE | KERNE_SUSPENDED_ABOVE << 8));
    expect_equal(state(&daughter),
                 (KERNE_WAITS_EVENT | KERNE_SUSPENDED_ABOVE << 8));
    expect_result(kerne_start(parent.reference), normal);
    expect_equal(state(&parent), KERNE_WAITS_EVENT);
    expect_equal(state(&son), KERNE_WAITS_MESSAGE);
    expect_equal(state(&daughter), KERNE_WAITS_EVENT);
    child_remove(&parent);
}

/* The parent is given something to do: it asks its son. */
static void parent_asks_its_son(void)
{
    expect_result(child_set_function(&parent, ask_son, 0), normal);
}

/* One of the family is stopped by itself: a start of the whole leaves it so,
 * and it receives all the same. */
static void start_leaves_who_was_stopped_before(void)
{
    require(make_family());
    expect_result(kerne_stop(son.reference), normal);
    expect_result(kerne_stop(parent.reference), normal);
    parent_asks_its_son();
    client.result = 0;
    expect_result(kerne_start(parent.reference), normal);
    expect_equal(state(&son),
                 (KERNE_WAITS_MESSAGE | KERNE_SUSPENDED_STOP << 8));
    expect_equal(state(&daughter), KERNE_WAITS_EVENT);
    require(expect_waits(&parent, KERNE_WAITS_ANSWER));
    family_nap(2000);
    expect_equal(of_son.served, 0);
    uint64_t next;
    struct kerne_words words;
    expect_result(
        kerne_describe(son.reference, KERNE_DESCRIBE_EVENT, 0, &next, &words),
        normal);
    expect_equal(words.w[0], KERNE_MESSAGE);
    expect_equal(words.w[1], KERNE_PARENT);
    expect_result(kerne_start(son.reference), normal);
    require(expect_becomes(&client.result, KERNE_r_normal));
    expect_equal(client.answer.w[0], 31);
    expect_equal(of_son.served, 1);
    child_remove(&parent);
}

/* A conversation inside a family that is stopped and started all the time
 * loses nothing and doubles nothing. */
#define ROUNDS 3000
static volatile uint64_t rounds;

static void ask_often(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        struct kerne_words answer;
        uint64_t buffer;
        if (kerne_send_message(KERNE_ADDRESS(0, 1 + i % 2), WORDS(i),
                               &buffer) != KERNE_r_normal ||
            kerne_wait_answer(buffer, &answer) != KERNE_r_normal ||
            answer.w[0] != i + 1) {
            return;
        }
        rounds++;
    }
}

static void stopped_and_started_all_the_time(void)
{
    require(make_family());
    rounds = 0;
    child_run_anew(&parent, ask_often, 0);
    static struct test_child *const victims[] = { &parent, &son, &daughter };
    for (unsigned i = 0; i < 60 && rounds < ROUNDS; i++) {
        const struct test_child *victim = victims[i % 3];
        family_nap(200);
        expect_result(kerne_stop(victim->reference), normal);
        family_nap(100);
        expect_result(kerne_start(victim->reference), normal);
    }
    require(expect_becomes(&rounds, ROUNDS));
    expect_equal(of_son.served, ROUNDS / 2);
    expect_equal(of_daughter.served, ROUNDS / 2);
    child_remove(&parent);
}

/* Counts in its own storage, which it has at PLACE. */
static void count_in_place(uint64_t unused)
{
    (void)unused;
    for (;;) { ++*(volatile uint64_t *)PLACE; }
}

static uint64_t image[2][KERNE_PAGE / 8];

/* Two that are made for the same page take turns in it. */
static void swapping(void)
{
    static const char *const names[] = { "one", "two" };
    static struct test_child child[2];
    volatile uint64_t *page = (volatile uint64_t *)family_arena();
    uint64_t left;
    for (unsigned i = 0; i < 2; i++) {
        memset(image[i], 0, sizeof image[i]);
        image[i][0] = (i + 1) * UINT64_C(1000000000000);
        require(expect_result(
            child_make(&child[i], names[i], i, count_in_place, 0, .tables = 6),
            normal));
        expect_result(kerne_map(child[i].reference, PLACE, family_arena(), 1,
                                KERNE_READ | KERNE_WRITE, &left),
                      normal);
    }
    for (unsigned turn = 0; turn < 20; turn++) {
        unsigned i = turn % 2;
        uint64_t before = image[i][0];
        memcpy((void *)page, image[i], sizeof image[i]);
        expect_result(kerne_start(child[i].reference), normal);
        for (unsigned nap = 0; nap < 500 && *page == before; nap++) {
            family_nap(1000);
        }
        expect_result(kerne_stop(child[i].reference), normal);
        memcpy(image[i], (const void *)page, sizeof image[i]);
        expect(image[i][0] > before);
        expect_equal(image[i][0] / UINT64_C(1000000000000), i + 1);
    }
    child_remove(&child[0]);
    child_remove(&child[1]);
}

const struct test tests[] = {
    { .name = "family.descendants_wait_for_start_by_ancestor",
      .function = descendants_wait_for_start_by_ancestor },
    { .name = "family.start_leaves_who_was_stopped_before",
      .function = start_leaves_who_was_stopped_before },
    { .name = "family.stopped_and_started_all_the_time",
      .function = stopped_and_started_all_the_time },
    { .name = "family.swapping", .function = swapping },
    { NULL },
};
