/* Names, look-up from the inside outwards, and the path of a sender. */
#include "actor.h"
#include "harness.h"

struct look_up {
    const char *name;
    volatile uint64_t result;
    volatile uint64_t address;
};

static void look_up(uint64_t argument)
{
    struct look_up *found = (struct look_up *)argument;
    uint64_t address;
    found->result = kerne_look_up(found->name, &address);
    found->address = address;
}

/* What a child of the test with this horizon finds under a name. */
static uint64_t child_looks_up(const char *name, uint64_t horizon,
                               uint64_t *ret_address)
{
    struct look_up found = { .name = name };
    struct test_child child;
    if (!child_run(&child, "looker", 40, look_up, &found, .horizon = horizon) ||
        !expect_rests(&child)) {
        return 0;
    }
    child_remove(&child);
    *ret_address = found.address;
    return found.result;
}

static void own_child(void)
{
    struct test_child child;
    uint64_t address;
    require(
        expect_result(child_make(&child, "abc", 17, actor_rest, 0), normal));
    expect_result(kerne_look_up("abc", &address), normal);
    expect_equal(address, KERNE_ADDRESS(0, 17));
    expect_result(kerne_look_up("abd", &address), name_unknown);
    expect_result(kerne_look_up("ab", &address), name_unknown);
    expect_result(kerne_look_up("abcd", &address), name_unknown);
    child_remove(&child);
    expect_result(kerne_look_up("abc", &address), name_unknown);
}

static void outwards(void)
{
    struct test_child sibling;
    uint64_t address;
    require(expect_result(child_make(&sibling, "sibling", 5, actor_rest, 0),
                          normal));
    expect_result(child_looks_up("sibling", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(1, 5));
    expect_result(child_looks_up("looker", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(1, 40));
    expect_result(child_looks_up("test", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(2, TEST_NUMBER));
    expect_result(child_looks_up("clock", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(2, KERNE_EXTERNAL));
    expect_result(child_looks_up("line10", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(2, KERNE_EXTERNAL + 10));
    expect_result(child_looks_up("nobody", 0, &address), name_unknown);
    child_remove(&sibling);
}

static void horizon_ends_it(void)
{
    struct test_child sibling;
    uint64_t address;
    require(expect_result(child_make(&sibling, "sibling", 5, actor_rest, 0),
                          normal));
    expect_result(child_looks_up("sibling", CHILD_NONE, &address),
                  name_unknown);
    expect_equal(address, 0); /* and not how far it looked */
    expect_result(child_looks_up("sibling", 1, &address), normal);
    expect_result(child_looks_up("clock", 1, &address), name_unknown);
    expect_result(child_looks_up("clock", 2, &address), normal);
    child_remove(&sibling);
}

static void nearest_declaration_wins(void)
{
    struct test_child clock;
    uint64_t address;
    expect_result(kerne_look_up("clock", &address), normal);
    expect_equal(address, KERNE_ADDRESS(1, KERNE_EXTERNAL));
    require(
        expect_result(child_make(&clock, "clock", 6, actor_rest, 0), normal));
    expect_result(kerne_look_up("clock", &address), normal);
    expect_equal(address, KERNE_ADDRESS(0, 6));
    expect_result(child_looks_up("clock", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(1, 6));
    child_remove(&clock);
    expect_result(child_looks_up("clock", 0, &address), normal);
    expect_equal(address, KERNE_ADDRESS(2, KERNE_EXTERNAL));
}

/* What another system has inside is not seen from outside. */
static void inside_is_invisible(void)
{
    struct test_child system;
    struct test_child inner;
    uint64_t address;
    require(expect_result(
        child_make(&system, "system", 7, actor_rest, 0, .processes = 1),
        normal));
    require(expect_result(child_make(&inner, "inner", 8, actor_rest, 0,
                                     .behalf_of = system.reference),
                          normal));
    expect_result(kerne_look_up("inner", &address), name_unknown);
    expect_result(child_looks_up("inner", 0, &address), name_unknown);
    child_remove(&system);
}

static void ill_formed(void)
{
    static const char *const wrong[] = {
        "",    "A",   "1a",  "-a",  "_a",   "aB",
        "a b", "a.b", "a/b", "a\n", "\377", "abcdefghijklmnop",
    };
    uint64_t address;
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct test_child child;
        expect_result_of(wrong[i],
                         child_make(&child, wrong[i], 3, actor_rest, 0),
                         KERNE_r_name_ill_formed);
        expect_result_of(wrong[i], kerne_look_up(wrong[i], &address),
                         KERNE_r_name_ill_formed);
    }
    struct kerne_registers r = {
        /* sixteen bytes, no end; "a", 0, "b" */
        .a7 = KERNE_process_description,
        .a1 = UINT64_C(0x6161616161616161),
        .a2 = UINT64_C(0x6161616161616161),
    };
    kerne_call(&r);
    expect_result(r.t2, name_ill_formed);
    r = (struct kerne_registers){ .a7 = KERNE_process_description,
                                  .a1 = 0x620061 };
    kerne_call(&r);
    expect_result(r.t2, name_ill_formed);
}

static void well_formed(void)
{
    static const char *const names[] = {
        "a", "z9", "a-b_c", "abcdefghijklmno", "x--", "a1234567", "a12345678",
    };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct test_child child;
        uint64_t address;
        require(expect_result_of(names[i],
                                 child_make(&child, names[i], 3, actor_rest, 0),
                                 KERNE_r_normal));
        expect_result_of(names[i], kerne_look_up(names[i], &address),
                         KERNE_r_normal);
        expect_equal(address, KERNE_ADDRESS(0, 3));
        child_remove(&child);
    }
}

static bool name_is(uint64_t buffer, uint64_t level, const char *expected)
{
    char name[KERNE_NAME_BYTES];
    return expect_result_of(expected, kerne_sender_path(buffer, level, name),
                            KERNE_r_normal) &&
           expect(strncmp(name, expected, sizeof name) == 0);
}

static struct actor_client path_client;

/* Makes the next system inside, until the innermost is a client. */
static void nest(uint64_t depth)
{
    static const char *const names[] = { "boss", "job", "step" };
    struct test_child child;
    if (depth == 3) {
        path_client = CLIENT_OF(KERNE_ADDRESS(5, TEST_NUMBER), 1);
        actor_client((uint64_t)&path_client);
        return;
    }
    require(child_run(&child, names[depth], depth, nest, depth + 1,
                      .processes = depth == 2 ? CHILD_NONE : 2 - depth,
                      .closed = depth == 1 && path_client.address == 1));
    require(expect_rests(&child));
    child_remove(&child);
}

static void path_of_a_sender(void)
{
    char name[KERNE_NAME_BYTES];
    struct test_child child;
    path_client.address = 0;
    require(child_run(&child, "nest", 9, nest, 0, .processes = 3));
    struct kerne_received message = kerne_wait_message();
    expect_equal(message.sender, KERNE_ADDRESS(0, 9) | KERNE_SENDER_INSIDE);
    expect(name_is(message.buffer, 0, "nest"));
    expect(name_is(message.buffer, 1, "boss"));
    expect(name_is(message.buffer, 2, "job"));
    expect(name_is(message.buffer, 3, "step"));
    expect_result(kerne_sender_path(message.buffer, 4, name), no_more);
    expect_result(kerne_sender_path(message.buffer, UINT64_MAX, name), no_more);
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_result(kerne_sender_path(message.buffer, 0, name), gone);
    require(expect_rests(&child));
    child_remove(&child);
}

/* A closed system is named itself, and nothing inside it. */
static void path_ends_at_a_closed_system(void)
{
    char name[KERNE_NAME_BYTES];
    struct test_child child;
    path_client.address = 1;
    require(child_run(&child, "nest", 9, nest, 0, .processes = 3));
    uint64_t buffer = kerne_wait_message().buffer;
    expect(name_is(buffer, 0, "nest"));
    expect(name_is(buffer, 1, "boss"));
    expect(name_is(buffer, 2, "job"));
    expect_result(kerne_sender_path(buffer, 3, name), no_more);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    require(expect_rests(&child));
    child_remove(&child);
}

static struct kerne_received told;
static volatile uint64_t path_of_parent;

static void ask_path_of_parent(uint64_t unused)
{
    char name[KERNE_NAME_BYTES];
    (void)unused;
    told = kerne_wait_message();
    path_of_parent = kerne_sender_path(told.buffer, 0, name);
    kerne_send_answer(told.buffer, KERNE_r_normal, WORDS(0));
}

/* A path never names an ancestor of the receiver. */
static void path_of_the_parent(void)
{
    struct test_child child;
    struct kerne_words answer;
    path_of_parent = 0;
    require(child_run(&child, "child", 3, ask_path_of_parent, 0));
    expect_result(kerne_converse(child_address(&child), WORDS(0), &answer),
                  normal);
    expect_result(path_of_parent, no_more);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "name.look_up.own_child", .function = own_child },
    { .name = "name.look_up.outwards", .function = outwards },
    { .name = "name.look_up.horizon_ends_it", .function = horizon_ends_it },
    { .name = "name.look_up.nearest_declaration_wins",
      .function = nearest_declaration_wins },
    { .name = "name.look_up.inside_is_invisible",
      .function = inside_is_invisible },
    { .name = "name.ill_formed", .function = ill_formed },
    { .name = "name.well_formed", .function = well_formed },
    { .name = "name.sender_path", .function = path_of_a_sender },
    { .name = "name.sender_path.of_the_parent",
      .function = path_of_the_parent },
    { .name = "name.sender_path.ends_at_a_closed_system",
      .function = path_ends_at_a_closed_system },
    { NULL },
};
