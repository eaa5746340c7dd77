#include "way.h"

#define BYSTANDER 200 /* its number */

struct way way;

static volatile uint64_t spun;

/* Who is alone keeps its turn when it sends; so somebody else is there, and
 * computes, if only a little. */
static void test_this_way(void (*test)(void))
{
    struct test_child bystander;
    require(child_run(&bystander, "bystander", BYSTANDER, actor_spin, &spun,
                      .share = 1, .buffers = CHILD_NONE));
    test();
    child_remove(&bystander);
}

void each_way(void (*test)(void))
{
    for (unsigned i = 0; i < 4 && expect_failures() == 0; i++) {
        way = (struct way){ .converse = i & 1, .serve = i & 2 };
        test_this_way(test);
    }
}

uint64_t way_ask(uint64_t address, const struct kerne_words *message,
                 struct kerne_words *ret_answer)
{
    uint64_t buffer;
    if (way.converse) { return kerne_converse(address, message, ret_answer); }
    uint64_t result = kerne_send_message(address, message, &buffer);
    return result == KERNE_r_normal ? kerne_wait_answer(buffer, ret_answer)
                                    : result;
}

struct kerne_received way_next(uint64_t last, const struct kerne_words *answer)
{
    if (way.serve) { return kerne_serve(last, KERNE_r_normal, answer); }
    if (last != 0) { kerne_send_answer(last, KERNE_r_normal, answer); }
    return kerne_wait_message();
}

void way_client(uint64_t client)
{
    (way.converse ? actor_converse : actor_client)(client);
}

void way_server(uint64_t server)
{
    (way.serve ? actor_serve : actor_server)(server);
}

bool way_waits(const struct test_child *server)
{
    return expect_waits(server,
                        way.serve ? KERNE_WAITS_EVENT : KERNE_WAITS_MESSAGE);
}

void way_answered(const struct test_child *child,
                  const struct actor_client *client)
{
    struct kerne_words answer = actor_answer(&client->message);
    expect_rests(child);
    expect_result(client->result, normal);
    expect_words(&client->answer, &answer);
}
