/* General copy and who is stopped: its storage stays as it is. */
#include "actor.h"
#include "harness.h"

#define DEPTH 12
#define SERVER 5
#define PAGES 4
#define AREA_BYTES (PAGES * (uint64_t)KERNE_PAGE)

static struct test_child level[DEPTH + 1];
static struct actor_client client;

static void lend(const struct test_child *child, uint64_t first, uint64_t pages)
{
    uint64_t left;
    uint64_t address = family_arena() + first * KERNE_PAGE;
    expect_result(kerne_map(child->reference, address, address, pages,
                            KERNE_READ | KERNE_WRITE, &left),
                  normal);
}

static struct actor_client grant_to(uint64_t receiver)
{
    return CLIENT_OF(receiver, KERNE_OPERATION(KERNE_OUTPUT, 3), family_arena(),
                     family_arena() + AREA_BYTES);
}

static void expect_copy(uint64_t buffer, uint64_t result, uint64_t expected)
{
    static uint8_t own[64];
    uint64_t bytes = 1;
    expect_result_of(
        "fetch",
        kerne_general_copy(buffer, KERNE_FETCH, 8, own, sizeof own, &bytes),
        result);
    expect_equal(bytes, expected);
    expect_result_of(
        "store",
        kerne_general_copy(buffer, KERNE_STORE, 8, own, sizeof own, &bytes),
        result);
    expect_equal(bytes, expected);
}

/* The lowest of a chain of children sends to the test; none of those between
 * runs. */
static bool make_chain(void)
{
    uint64_t above = 0;
    client = grant_to(KERNE_ADDRESS(DEPTH, SERVER));
    for (uint64_t depth = 1; depth <= DEPTH; depth++) {
        uint64_t below = DEPTH - depth;
        if (!expect_result(child_make(&level[depth], "level", 3, actor_client,
                                      &client, .behalf_of = above,
                                      .processes = below, .buffers = 1 + below,
                                      .tables = 5 * (1 + below)),
                           normal)) {
            return false;
        }
        lend(&level[depth], 0, PAGES);
        above = level[depth].reference;
    }
    for (uint64_t depth = 1; depth < DEPTH; depth++) {
        expect_result(child_set_function(&level[depth], actor_rest, 0), normal);
    }
    for (uint64_t depth = DEPTH; depth > 0; depth--) {
        expect_result(kerne_start(level[depth].reference), normal);
    }
    return true;
}

static void at_every_level(void)
{
    uint64_t name;
    require(expect_result(
        kerne_create_pseudo(0, "server", SERVER, KERNE_SELF, &name), normal));
    require(make_chain());
    uint64_t buffer = kerne_wait_message().buffer;
    expect_copy(buffer, KERNE_r_normal, 64);
    for (uint64_t depth = 1; depth <= DEPTH; depth++) {
        expect_result(kerne_stop(level[depth].reference), normal);
        expect_copy(buffer, KERNE_r_missing, 0);
        expect_result(kerne_start(level[depth].reference), normal);
        expect_copy(buffer, KERNE_r_normal, 64);
    }
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    child_remove(&level[1]);
    kerne_remove(name);
}

static void send_and_trap(uint64_t unused)
{
    (void)unused;
    uint64_t buffer;
    kerne_send_message(KERNE_PARENT, &client.message, &buffer);
    __asm__ volatile("ebreak");
}

/* Stopped by its parent's answer to a break; in the break itself it is not. */
static void by_an_answer(void)
{
    client = grant_to(KERNE_PARENT);
    require(expect_result(
        child_make(&level[1], "client", 3, send_and_trap, 0, .tables = 5),
        normal));
    lend(&level[1], 0, PAGES);
    expect_result(kerne_start(level[1].reference), normal);
    uint64_t buffer = kerne_wait_message().buffer;
    struct kerne_received r = expect_break(&level[1], KERNE_BREAK_BREAKPOINT);
    expect_copy(buffer, KERNE_r_normal, 64);
    expect_result(family_answer_break(r.buffer, KERNE_STAY, 0), normal);
    expect_copy(buffer, KERNE_r_missing, 0);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    child_remove(&level[1]);
}

struct copying {
    volatile uint64_t result;
    volatile uint64_t bytes;
};

static void copy_whole(uint64_t argument)
{
    static uint8_t own[AREA_BYTES];
    struct copying *copying = (struct copying *)argument;
    uint64_t bytes;
    uint64_t buffer = kerne_wait_message().buffer;
    copying->result =
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes);
    copying->bytes = bytes;
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
}

/* Stopped midway, here while the receiver waits for a page of its: what was
 * copied until then is counted, and the page does not help. */
static void counts_what_was_copied(void)
{
    struct copying copying = { 0, 0 };
    struct test_child server;
    require(child_run(&server, "server", SERVER, copy_whole, &copying));
    client = grant_to(KERNE_ADDRESS(1, SERVER));
    require(expect_result(
        child_make(&level[1], "client", 3, actor_client, &client, .tables = 5),
        normal));
    lend(&level[1], 0, 2);
    expect_result(kerne_start(level[1].reference), normal);
    struct kerne_received r = family_next();
    expect_equal(r.sender, child_address(&level[1]) | KERNE_SENDER_INSIDE);
    expect_equal(r.words.w[5], 1);
    expect_equal(r.words.w[6], child_address(&server));
    expect_result(kerne_stop(level[1].reference), normal);
    lend(&level[1], 2, 2);
    expect_result(family_answer_break(r.buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&server));
    expect_result(copying.result, missing);
    expect_equal(copying.bytes, 2 * KERNE_PAGE);
    child_remove(&level[1]);
    child_remove(&server);
}

const struct test tests[] = {
    { .name = "copy.stopped.at_every_level", .function = at_every_level },
    { .name = "copy.stopped.by_an_answer", .function = by_an_answer },
    { .name = "copy.stopped.counts_what_was_copied",
      .function = counts_what_was_copied },
    { NULL },
};
