/*
 * General copy: what is copied is paid for by whoever sent the message.  On the
 * released nucleus: of the checks, one in 256 costs as much as many copies, and
 * whoever is served then pays for it.
 */
#include "actor.h"
#include "harness.h"

#define ROUNDS 100
#define SERVER 5
#define PAGES 4
#define AREA_BYTES (PAGES * (uint64_t)KERNE_PAGE)

/* Takes two messages, and copies much for the first, little for the last. */
static void copy_for_two(uint64_t unused)
{
    (void)unused;
    static uint8_t own[AREA_BYTES];
    uint64_t bytes;
    uint64_t large = kerne_wait_message().buffer;
    uint64_t small = kerne_wait_message().buffer;
    for (unsigned i = 0; i < ROUNDS; i++) {
        kerne_general_copy(large, KERNE_FETCH, 0, own, AREA_BYTES, &bytes);
        kerne_general_copy(small, KERNE_FETCH, 0, own, 64, &bytes);
    }
}

/* Lends the server its storage, and waits for the answer. */
static bool run_client(struct test_child *child, const char *name,
                       uint64_t number)
{
    static struct actor_client client;
    uint64_t address = family_arena(), left;
    client =
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), KERNE_OPERATION(KERNE_OUTPUT, 3),
                  address, address + AREA_BYTES);
    return expect_result(child_make(child, name, number, actor_client, &client,
                                    .tables = 5),
                         normal) &&
           expect_result(kerne_map(child->reference, address, address, PAGES,
                                   KERNE_READ | KERNE_WRITE, &left),
                         normal) &&
           expect_result(kerne_start(child->reference), normal) &&
           expect_waits(child, KERNE_WAITS_ANSWER);
}

static uint64_t time_of(const struct test_child *child)
{
    return family_describe(child->reference, KERNE_DESCRIBE_TIME, 0, 0);
}

static void each_for_its_own(void)
{
    struct test_child server, large, small;
    require(child_run(&server, "server", SERVER, copy_for_two, 0));
    require(run_client(&large, "large", 1));
    require(run_client(&small, "small", 2));
    require(expect_rests(&server));
    expect(time_of(&large) > 5 * time_of(&small));
    expect(time_of(&small) > 5 * time_of(&server));
    child_remove(&server);
    child_remove(&large);
    child_remove(&small);
}

const struct test tests[] = {
    { .name = "copy.pays.each_for_its_own", .function = each_for_its_own },
    { NULL },
};
