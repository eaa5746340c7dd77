/* Pseudo processes: names that a parent declares among its children. */
#include "actor.h"
#include "harness.h"

static void expect_answered(const struct actor_client *client)
{
    struct kerne_words answer = actor_answer(&client->message);
    expect_result(client->result, normal);
    expect_words(&client->answer, &answer);
}

/* The declarer serves it itself: it learns which number was addressed. */
static void to_its_declarer(void)
{
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 60), 1, 2, 3);
    struct test_child child;
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "console", 60, KERNE_SELF, &pseudo), normal));
    require(child_run(&child, "client", 3, actor_client, &client));
    struct kerne_received message = kerne_wait_message();
    expect_equal(message.sender, (KERNE_ADDRESS(0, 3) | KERNE_SENDER_PSEUDO |
                                  UINT64_C(60) << 32));
    expect_equal(KERNE_SENDER_ADDRESS(message.sender), KERNE_ADDRESS(0, 3));
    expect_equal(KERNE_SENDER_ADDRESSED(message.sender), 60);
    struct kerne_words answer = actor_answer(&message.words);
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, &answer),
                  normal);
    require(expect_rests(&child));
    expect_answered(&client);
    child_remove(&child);
    expect_result(kerne_remove(pseudo), normal);
}

static void to_a_child(void)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 60), 1, 2, 3);
    struct test_child servant;
    struct test_child child;
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "disk", 60, KERNE_ADDRESS(0, 4), &pseudo),
        normal));
    require(child_run(&servant, "server", 4, actor_server, &server));
    require(child_run(&child, "client", 3, actor_client, &client));
    require(expect_rests(&child));
    expect_answered(&client);
    expect_equal(
        server.last.sender,
        (KERNE_ADDRESS(1, 3) | KERNE_SENDER_PSEUDO | UINT64_C(60) << 32));
    child_remove(&child);
    child_remove(&servant);
    expect_result(kerne_remove(pseudo), normal);
}

/* The server is found anew at each send. */
static void resolved_at_each_send(void)
{
    struct kerne_words answer;
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "disk", 60, KERNE_ADDRESS(0, 4), &pseudo),
        normal));
    expect_result(kerne_converse(KERNE_ADDRESS(0, 60), WORDS(1), &answer),
                  does_not_exist);
    for (unsigned i = 0; i < 2; i++) {
        struct actor_server server = { 0 };
        struct test_child servant;
        require(child_run(&servant, "server", 4, actor_server, &server));
        expect_result(kerne_converse(KERNE_ADDRESS(0, 60), WORDS(i), &answer),
                      normal);
        expect_equal(server.served, 1);
        expect_equal(server.last.words.w[0], i);
        expect_equal(server.last.sender,
                     (KERNE_PARENT | KERNE_SENDER_PSEUDO | UINT64_C(60) << 32));
        child_remove(&servant);
    }
    expect_result(kerne_converse(KERNE_ADDRESS(0, 60), WORDS(1), &answer),
                  does_not_exist);
    expect_result(kerne_remove(pseudo), normal);
}

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

/* So it is, too, when all conversations are direct switches. */
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

static void vacant(void)
{
    struct kerne_words answer;
    uint64_t address;
    uint64_t pseudo;
    require(expect_result(
        kerne_create_pseudo(0, "reserved", 60, KERNE_VACANT, &pseudo), normal));
    expect_result(kerne_look_up("reserved", &address), normal);
    expect_equal(address, KERNE_ADDRESS(0, 60));
    expect_result(kerne_converse(address, WORDS(1), &answer), does_not_exist);
    expect_equal(answer.w[0], 0);
    expect_result(kerne_remove(pseudo), normal);
    expect_result(kerne_look_up("reserved", &address), name_unknown);
}

/* A name for the clock, for a child that may not look as far as to it. */
static void to_an_external_process(void)
{
    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(1, 61), KERNE_OPERATION(KERNE_SENSE, 0));
    struct test_child child;
    uint64_t pseudo;
    uint64_t before = kerne_get_clock();
    require(expect_result(
        kerne_create_pseudo(0, "time", 61, family_clock(), &pseudo), normal));
    require(
        child_run(&child, "client", 3, actor_client, &client, .horizon = 1));
    require(expect_rests(&child));
    expect_result(client.result, normal);
    expect_equal(client.answer.w[0], 0);
    expect(client.answer.w[1] >= before);
    expect(client.answer.w[1] <= kerne_get_clock());
    child_remove(&child);
    expect_result(kerne_remove(pseudo), normal);
}

/* A pseudo process of a child's, served by what that child can address. */
static void on_behalf_of_a_child(void)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 9), 5);
    struct test_child servant;
    struct test_child system;
    struct test_child inner;
    uint64_t pseudo;
    require(child_run(&servant, "server", 4, actor_server, &server));
    require(expect_result(
        child_make(&system, "system", 5, actor_rest, 0, .processes = 2),
        normal));
    uint64_t mine = family_free(1);
    require(expect_result(kerne_create_pseudo(system.reference, "disk", 9,
                                              KERNE_ADDRESS(1, 4), &pseudo),
                          normal));
    expect_equal(family_free(1), mine);
    expect_equal(family_describe(system.reference, KERNE_DESCRIBE_CLAIM, 1, 1),
                 1);
    require(child_run(&inner, "inner", 6, actor_client, &client,
                      .behalf_of = system.reference));
    require(expect_result(kerne_start(system.reference), normal));
    require(expect_rests(&inner));
    expect_answered(&client);
    expect_equal(server.last.sender,
                 (KERNE_ADDRESS(1, 5) | KERNE_SENDER_INSIDE |
                  KERNE_SENDER_PSEUDO | UINT64_C(9) << 32));
    child_remove(&system);
    child_remove(&servant);
}

static void costs_a_process_claim(void)
{
    uint64_t free_before = family_free(1);
    uint64_t pseudo[TEST_PROCESSES];
    uint64_t count = 0;
    uint64_t result;
    char name[] = "p00";
    for (;; count++) {
        name[1] = (char)('0' + count / 10);
        name[2] = (char)('0' + count % 10);
        uint64_t made;
        result = kerne_create_pseudo(0, name, count, KERNE_SELF, &made);
        if (result != KERNE_r_normal) { break; }
        require(expect(count < TEST_PROCESSES));
        pseudo[count] = made;
    }
    expect_result_of("a pseudo process too many", result, KERNE_r_no_processes);
    expect_equal(count, free_before);
    for (uint64_t i = 0; i < count; i++) {
        expect_result(kerne_remove(pseudo[i]), normal);
        expect_result(kerne_remove(pseudo[i]), not_descendant);
    }
    expect_equal(family_free(1), free_before);
}

static void refusals(void)
{
    static const struct kerne_register_file file;
    uint64_t pseudo;
    uint64_t other;
    require(expect_result(kerne_create_pseudo(0, "one", 1, KERNE_SELF, &pseudo),
                          normal));
    expect_result(kerne_create_pseudo(0, "one", 2, KERNE_SELF, &other),
                  name_taken);
    expect_result(kerne_create_pseudo(0, "two", 1, KERNE_SELF, &other),
                  number_taken);
    expect_result(
        kerne_create_pseudo(0, "two", KERNE_CHILDREN, KERNE_SELF, &other),
        number_out_of_range);
    expect_result(kerne_create_pseudo(0, "Two", 2, KERNE_SELF, &other),
                  name_ill_formed);
    expect_result(kerne_create_pseudo(12345, "two", 2, KERNE_SELF, &other),
                  not_descendant);
    struct test_child child;
    expect_result(child_make(&child, "one", 2, actor_rest, 0), name_taken);
    expect_result(child_make(&child, "two", 1, actor_rest, 0), number_taken);
    expect_result(kerne_start(pseudo), bad_argument);
    expect_result(kerne_stop(pseudo), bad_argument);
    expect_result(kerne_modify(pseudo, &file), bad_argument);
    expect_result(kerne_remove(pseudo), normal);
}

/* Two that name each other, and one that names itself: nobody. */
static void circle_means_nobody(void)
{
    uint64_t one;
    uint64_t two;
    uint64_t self;
    struct kerne_words answer;
    require(expect_result(
        kerne_create_pseudo(0, "one", 1, KERNE_ADDRESS(0, 2), &one), normal));
    require(expect_result(
        kerne_create_pseudo(0, "two", 2, KERNE_ADDRESS(0, 1), &two), normal));
    require(expect_result(
        kerne_create_pseudo(0, "self", 3, KERNE_ADDRESS(0, 3), &self), normal));
    expect_result(kerne_converse(KERNE_ADDRESS(0, 1), WORDS(0), &answer),
                  does_not_exist);
    expect_result(kerne_converse(KERNE_ADDRESS(0, 2), WORDS(0), &answer),
                  does_not_exist);
    expect_result(kerne_converse(KERNE_ADDRESS(0, 3), WORDS(0), &answer),
                  does_not_exist);
    expect_result(kerne_remove(one), normal);
    expect_result(kerne_remove(two), normal);
    expect_result(kerne_remove(self), normal);
}

const struct test tests[] = {
    { .name = "pseudo.to_its_declarer", .function = to_its_declarer },
    { .name = "pseudo.to_a_child", .function = to_a_child },
    { .name = "pseudo.resolved_at_each_send",
      .function = resolved_at_each_send },
    { .name = "pseudo.resolved_anew_beside_conversations",
      .function = resolved_anew_beside_conversations },
    { .name = "pseudo.vacant", .function = vacant },
    { .name = "pseudo.to_an_external_process",
      .function = to_an_external_process },
    { .name = "pseudo.on_behalf_of_a_child", .function = on_behalf_of_a_child },
    { .name = "pseudo.costs_a_process_claim",
      .function = costs_a_process_claim },
    { .name = "pseudo.refusals", .function = refusals },
    { .name = "pseudo.circle_means_nobody", .function = circle_means_nobody },
    { NULL },
};
