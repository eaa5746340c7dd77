/*
 * Pseudo processes, when all conversations are direct switches: what an address
 * meant last time is kept at hand, and must not be used when it means another.
 * What pseudo processes are is said by tests/unit/name.c.
 */
#include "actor.h"
#include "harness.h"

static void ask(uint64_t address)
{
    struct kerne_words answer;
    expect_result(kerne_converse(address, WORDS(1), &answer), normal);
}

static void ask_the_disk(uint64_t unused)
{
    (void)unused;
    ask(KERNE_ADDRESS(1, 60));
    ask(KERNE_ADDRESS(1, 60));
    (void)kerne_wait_message(); /* from the next one */
    ask(KERNE_ADDRESS(1, 60));
    ask(KERNE_PARENT);
}

static void have_it_declared_anew(uint64_t unused)
{
    (void)unused;
    ask(KERNE_PARENT);
    ask(KERNE_ADDRESS(1, 4)); /* which waits anew */
    ask(KERNE_ADDRESS(1, 6));
}

static void resolved_anew_beside_conversations(void)
{
    struct actor_server server[2] = { { 0 }, { 0 } };
    struct test_child child[4];
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "disk", 60, KERNE_ADDRESS(0, 4), &pseudo),
        normal));
    require(child_run(&child[0], "old", 4, actor_serve, &server[0]));
    require(child_run(&child[1], "new", 5, actor_serve, &server[1]));
    require(child_run(&child[2], "client", 6, ask_the_disk, 0));
    require(child_run(&child[3], "other", 7, have_it_declared_anew, 0));
    struct kerne_received message = kerne_serve(0, KERNE_r_normal, WORDS(0));
    expect_equal(KERNE_SENDER_ADDRESS(message.sender), KERNE_ADDRESS(0, 7));
    expect_result(kerne_remove(pseudo), normal);
    expect_result(
        kerne_create_pseudo(0, "disk", 60, KERNE_ADDRESS(0, 5), &pseudo),
        normal);
    message = kerne_serve(message.buffer, KERNE_r_normal, WORDS(0));
    expect_equal(KERNE_SENDER_ADDRESS(message.sender), KERNE_ADDRESS(0, 6));
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_equal(server[0].served, 3);
    expect_equal(server[1].served, 1);
    for (int i = 3; i >= 0; i--) { child_remove(&child[i]); }
    expect_result(kerne_remove(pseudo), normal);
}

const struct test tests[] = {
    { .name = "pseudo.resolved_anew_beside_conversations",
      .function = resolved_anew_beside_conversations },
    { NULL },
};
