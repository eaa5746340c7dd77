/*
 * Removal in the middle of conversations.  Receiver removed: its clients get
 * dummy answers.  Sender removed: its messages stay where they are, and the
 * buffer is freed at the answer.
 */
#include "actor.h"
#include "harness.h"

static const char *const names[] = { "a", "b", "c", "d" };
static struct actor_client client[4];
static struct actor_server server;
static struct test_child child[4];
static struct test_child servant;

static bool make_clients(unsigned count, uint64_t address)
{
    for (uint64_t i = 0; i < count; i++) {
        client[i] = CLIENT_OF(address, i);
        if (!child_run(&child[i], names[i], i, actor_client, &client[i],
                       .buffers = 1) ||
            !expect_waits(&child[i], KERNE_WAITS_ANSWER)) {
            return false;
        }
    }
    return true;
}

static void remove_clients(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        expect_result(child_remove(&child[i]), normal);
    }
}

/* Every client learns it, and whether its message had been received. */
static void receiver_with_queued_and_received(void)
{
    server.served = 0;
    require(child_run(&servant, "server", 9, actor_hold, &server));
    require(make_clients(4, KERNE_ADDRESS(1, 9)));
    require(expect_rests(&servant));
    expect_equal(server.last.words.w[0], 0);
    expect_result(child_remove(&servant), normal);
    for (unsigned i = 0; i < 4; i++) {
        require(expect_rests(&child[i]));
        expect_result(client[i].result, does_not_exist);
        expect_equal(client[i].answer.w[0],
                     i == 0 ? KERNE_HAD_BEEN_RECEIVED : 0);
    }
    remove_clients(4);
}

/* Inside the servant: its child holds one message of the servant's, and the
 * servant waits for the answer. */
static void ask_an_inner_holder(uint64_t unused)
{
    static struct test_child inner;
    static struct actor_client own;
    (void)unused;
    require(child_run(&inner, "inner", 5, actor_hold, &server));
    own = CLIENT_OF(child_address(&inner), 1);
    actor_client((uint64_t)&own);
}

/* The receiver goes with all that is inside of it, whose conversations with
 * each other leave nothing behind. */
static void receiver_with_a_family(void)
{
    uint64_t free_before = family_free(0);
    server.served = 0;
    require(child_run(&servant, "system", 9, ask_an_inner_holder, 0,
                      .processes = 1));
    require(make_clients(2, KERNE_ADDRESS(1, 9)));
    require(expect_becomes(&server.served, 1));
    expect_result(child_remove(&servant), normal);
    for (unsigned i = 0; i < 2; i++) {
        require(expect_rests(&child[i]));
        expect_result(client[i].result, does_not_exist);
        expect_equal(client[i].answer.w[0], 0);
    }
    remove_clients(2);
    expect_equal(family_free(0), free_before);
}

/* In 1969 it was served as any other.  Here it goes with its sender. */
static void sender_with_queued_message(void)
{
    uint64_t free_before = family_free(0);
    require(make_clients(1, KERNE_PARENT));
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_MESSAGE);
    expect_result(child_remove(&child[0]), normal);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_equal(family_free(0), free_before);
}

static void sender_with_received_message(void)
{
    uint64_t free_before = family_free(0);
    require(make_clients(1, KERNE_PARENT));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(child_remove(&child[0]), normal);
    expect_equal(family_free(0), free_before - 1);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), gone);
    expect_equal(family_free(0), free_before);
}

/* A client removed while its server works: the server notices nothing but the
 * result of its answer, and serves the next. */
static void client_of_a_working_server(void)
{
    uint64_t free_before = family_free(0);
    server.served = 0;
    require(child_run(&servant, "server", 9, actor_hold, &server));
    require(make_clients(2, KERNE_ADDRESS(1, 9)));
    require(expect_rests(&servant));
    expect_result(child_remove(&child[0]), normal);
    expect_equal(family_describe(servant.reference, KERNE_DESCRIBE_HELD, 0, 0),
                 KERNE_MESSAGE);
    expect_result(child_remove(&servant), normal);
    require(expect_rests(&child[1]));
    expect_result(client[1].result, does_not_exist);
    expect_result(child_remove(&child[1]), normal);
    expect_equal(family_free(0), free_before);
}

/* Both sides, in both orders, with messages queued and received. */
static void both_sides(void)
{
    uint64_t free_before = family_free(0);
    for (unsigned round = 0; round < 2; round++) {
        server.served = 0;
        require(child_run(&servant, "server", 9, actor_hold, &server));
        require(make_clients(3, KERNE_ADDRESS(1, 9)));
        if (round == 0) {
            remove_clients(3);
            expect_result(child_remove(&servant), normal);
        } else {
            expect_result(child_remove(&servant), normal);
            remove_clients(3);
        }
        expect_equal(family_free(0), free_before);
    }
}

/* Two that hold a message of each other, and wait for the answers. */
struct peer {
    uint64_t other;
    volatile uint64_t result;
};

static void talk_to_each_other(uint64_t argument)
{
    struct peer *peer = (struct peer *)argument;
    struct kerne_words answer;
    uint64_t buffer;
    kerne_send_message(KERNE_ADDRESS(1, peer->other), WORDS(1), &buffer);
    kerne_wait_message();
    peer->result = kerne_wait_answer(buffer, &answer);
}

static void one_of_two_that_wait_for_each_other(void)
{
    static struct peer peer[2];
    peer[0] = (struct peer){ .other = 1 };
    peer[1] = (struct peer){ .other = 0 };
    require(child_run(&child[0], "one", 0, talk_to_each_other, &peer[0]));
    require(child_run(&child[1], "two", 1, talk_to_each_other, &peer[1]));
    require(expect_waits(&child[0], KERNE_WAITS_ANSWER));
    require(expect_waits(&child[1], KERNE_WAITS_ANSWER));
    expect_result(child_remove(&child[0]), normal);
    require(expect_rests(&child[1]));
    expect_result(peer[1].result, does_not_exist);
    expect_result(child_remove(&child[1]), normal);
}

/* An answer that its sender never took goes with the sender. */
static void answer_not_taken(void)
{
    uint64_t free_before = family_free(0);
    require(make_clients(1, KERNE_PARENT));
    expect_result(kerne_stop(child[0].reference), normal);
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_result(child_remove(&child[0]), normal);
    expect_equal(family_free(0), free_before);
}

const struct test tests[] = {
    { .name = "removal.receiver_with_queued_and_received",
      .function = receiver_with_queued_and_received },
    { .name = "removal.receiver_with_a_family",
      .function = receiver_with_a_family },
    { .name = "removal.sender_with_queued_message",
      .function = sender_with_queued_message },
    { .name = "removal.sender_with_received_message",
      .function = sender_with_received_message },
    { .name = "removal.client_of_a_working_server",
      .function = client_of_a_working_server },
    { .name = "removal.both_sides", .function = both_sides },
    { .name = "removal.one_of_two_that_wait_for_each_other",
      .function = one_of_two_that_wait_for_each_other },
    { .name = "removal.answer_not_taken", .function = answer_not_taken },
    { NULL },
};
