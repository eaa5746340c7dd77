/* Remove: what becomes of everything that the removed had; and references. */
#include "actor.h"
#include "harness.h"

static struct test_child child;
static struct test_child other;

/* Every function that takes a reference, on one that is none (any more). */
static void expect_no_descendant(uint64_t reference)
{
    static const struct kerne_register_file file;
    struct kerne_words words;
    struct kerne_creation creation = {
        .parent = reference,
        .name = "x",
        .number = 1,
        .tables = 1,
    };
    uint64_t ret;
    expect_result(kerne_start(reference), not_descendant);
    expect_result(kerne_stop(reference), not_descendant);
    expect_result(kerne_modify(reference, &file), not_descendant);
    expect_result(kerne_remove(reference), not_descendant);
    expect_result(kerne_set_share(reference, 100), not_descendant);
    expect_result(kerne_set_claims(reference, 0, 0, 1), not_descendant);
    expect_result(kerne_include_user(reference, 10), not_descendant);
    expect_result(kerne_exclude_user(reference, 10), not_descendant);
    expect_result(kerne_map(reference, 0x1000, 0x1000, 1, 1, &ret),
                  not_descendant);
    expect_result(kerne_unmap(reference, 0x1000, 1, &ret), not_descendant);
    expect_result(
        kerne_describe(reference, KERNE_DESCRIBE_PROCESS, 0, &ret, &words),
        not_descendant);
    expect_result(kerne_create(&creation, &ret), not_descendant);
    expect_result(kerne_create_pseudo(reference, "x", 1, KERNE_SELF, &ret),
                  not_descendant);
}

static void stale_reference(void)
{
    require(child_run(&child, "child", 3, actor_rest, 0));
    uint64_t old = child.reference;
    expect_result(child_remove(&child), normal);
    expect_no_descendant(old);
    for (unsigned i = 0; i < 50; i++) { /* its place is used again */
        require(child_run(&child, "child", 3, actor_rest, 0));
        expect(child.reference != old);
        expect_result(kerne_stop(old), not_descendant);
        expect_result(child_remove(&child), normal);
    }
    expect_no_descendant(old);
}

static void guessed_reference(void)
{
    require(child_run(&child, "child", 3, actor_rest, 0));
    uint64_t it = child.reference;
    const uint64_t guesses[] = {
        1,
        4095,
        UINT64_C(1) << 32,
        UINT64_C(1) << 63,
        UINT64_MAX,
        it + 1,
        it - 1,
        ~it,
        it + (UINT64_C(1) << 44),
        it << 1,
        it ^ UINT64_C(1) << 63,
    };
    for (unsigned i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
        expect_no_descendant(guesses[i]);
    }
    expect_result(child_remove(&child), normal);
}

static void try_references(uint64_t unused)
{
    (void)unused;
    expect_no_descendant(other.reference); /* sibling */
    expect_no_descendant(child.reference); /* itself */
    expect_no_descendant(child.told);      /* its parent */
}

/* A reference is good for those above that process only: not for itself, its
 * siblings, or those below. */
static void reference_of_another(void)
{
    require(child_run(&other, "other", 4, actor_rest, 0));
    require(expect_result(
        child_make(&child, "child", 3, try_references, 0, .processes = 1),
        normal));
    child.told = harness_reference();
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(family_suspended(other.reference), 0);
    expect_result(child_remove(&child), normal);
    expect_result(child_remove(&other), normal);
}

/* A buffer is not a process. */
static void buffer_as_reference(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(0), &buffer), normal);
    expect_no_descendant(buffer);
    expect_result(kerne_regret_message(buffer), normal);
}

static volatile uint64_t counter;

static void of_a_running_child(void)
{
    counter = 0;
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    family_nap(3000);
    expect(counter > 0);
    expect_result(child_remove(&child), normal);
    uint64_t last = counter;
    family_nap(3000);
    expect_equal(counter, last);
}

static void never_started(void)
{
    require(
        expect_result(child_make(&child, "child", 3, actor_rest, 0), normal));
    expect_result(child_remove(&child), normal);
}

static void in_a_wait(void)
{
    static struct actor_server server;
    static struct actor_client client;
    client = CLIENT_OF(KERNE_PARENT, 1);
    require(child_run(&child, "server", 3, actor_server, &server));
    require(expect_waits(&child, KERNE_WAITS_MESSAGE));
    expect_result(child_remove(&child), normal);
    require(child_run(&child, "rest", 3, actor_rest, 0));
    require(expect_waits(&child, KERNE_WAITS_EVENT));
    expect_result(child_remove(&child), normal);
    require(child_run(&child, "client", 3, actor_client, &client));
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    expect_result(child_remove(&child), normal);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
}

static uint64_t free_buffers(void)
{
    return family_describe(0, KERNE_DESCRIBE_CLAIM, 0, 1);
}

/* What a server has received from one that is removed is the caller's, who may
 * regret it; the answer is none then. */
static void what_it_had_sent(void)
{
    static struct actor_client client;
    uint64_t before = free_buffers(), inherited;
    struct kerne_words sent;
    client = CLIENT_OF(KERNE_PARENT, 1);
    for (int answers = 0; answers < 2; answers++) {
        require(child_run(&child, "client", 3, actor_client, &client));
        uint64_t received = kerne_wait_message().buffer;
        expect_result(child_remove(&child), normal);
        expect_equal(free_buffers(), before - 1);
        expect_result(
            kerne_describe(0, KERNE_DESCRIBE_SENT, 0, &inherited, &sent),
            normal);
        expect_equal(inherited, received);
        expect_equal(sent.w[2], KERNE_INHERITED);
        if (answers == 0) {
            expect_result(kerne_regret_message(inherited), normal);
        }
        expect_result(kerne_send_answer(received, KERNE_r_normal, WORDS(0)),
                      gone);
        expect_equal(free_buffers(), before);
        expect_result(kerne_regret_message(inherited), gone);
    }
}

static void trap(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("ebreak" : : : "a0", "memory");
}

/* Its break is withdrawn from whoever holds it, or has it in the queue. */
static void in_a_break(void)
{
    require(child_run(&child, "breaker", 3, trap, 0));
    require(expect_waits(&child, KERNE_WAITS_BREAK));
    uint64_t queued = kerne_wait_event(0).buffer;
    expect_result(child_remove(&child), normal);
    expect_result(kerne_get_event(queued), gone);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);

    require(child_run(&child, "breaker", 3, trap, 0));
    uint64_t held = family_next().buffer;
    expect_result(child_remove(&child), normal);
    expect_result(family_answer_break(held, KERNE_GO_ON, 0), gone);
}

static unsigned count_below(uint64_t reference)
{
    unsigned count = 0;
    uint64_t below = family_describe(reference, KERNE_DESCRIBE_TREE, 0, 1);
    while (below != 0) {
        count += 1 + count_below(below);
        below = family_describe(below, KERNE_DESCRIBE_TREE, 0, 2);
    }
    return count;
}

/* A family of thirteen, all busy; the claims of the caller are whole after
 * it. */
static void of_a_whole_family(void)
{
    static struct test_child family[13];
    static const char *const names[] = { "a", "b", "c" };
    struct family_claims before;
    struct family_claims after;
    family_claims(0, &before);
    require(child_run(&family[0], "top", 3, actor_spin, &counter,
                      .processes = 12, .buffers = 50));
    for (unsigned i = 1; i < 13; i++) {
        unsigned parent = (i - 1) / 3;
        require(child_run(&family[i], names[(i - 1) % 3], i, actor_spin,
                          &counter, .behalf_of = family[parent].reference,
                          .processes = i <= 3 ? 3 : 0,
                          .buffers = i <= 3 ? 13 : 1));
    }
    family_nap(2000);
    expect_equal(count_below(family[0].reference), 12);
    expect_result(child_remove(&family[0]), normal);
    family_claims(0, &after);
    for (unsigned kind = 0; kind < 3; kind++) {
        expect_words(&after.claim[kind], &before.claim[kind]);
    }
    expect_no_descendant(family[12].reference);
    expect_no_descendant(family[1].reference);
}

/* Name and number are free at once. */
static void name_and_number_are_free(void)
{
    for (unsigned i = 0; i < 100; i++) {
        require(child_run(&child, "same", 3, actor_rest, 0));
        expect_result(child_remove(&child), normal);
    }
}

/* The clock interrupts while a large tree is removed: a delay that ends in
 * the middle is not answered later than the whole removal takes. */
static void lets_interrupts_in(void)
{
    uint64_t left;
    struct kerne_words answer;
    uint64_t buffer;
    require(expect_result(
        child_make(&child, "large", 3, actor_rest, 0, .tables = 40), normal));
    for (uint64_t i = 0; i < 30; i++) { /* 15,360 windows */
        expect_result(kerne_map(child.reference,
                                UINT64_C(0x10001000) + i * KERNE_LARGE_PAGE,
                                family_arena(), 512, KERNE_READ, &left),
                      normal);
    }
    uint64_t before = kerne_get_clock();
    uint64_t due = family_ticks(200);
    expect_result(
        kerne_send_message(family_clock(),
                           WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), due),
                           &buffer),
        normal);
    expect_result(child_remove(&child), normal);
    uint64_t all = kerne_get_clock() - before;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect(answer.w[1] - before >= due);
    expect(all > 2 * due);
    expect(answer.w[1] - before < due + all / 2);
}

const struct test tests[] = {
    { .name = "process.reference.stale", .function = stale_reference },
    { .name = "process.reference.guessed", .function = guessed_reference },
    { .name = "process.reference.of_another",
      .function = reference_of_another },
    { .name = "process.reference.buffer", .function = buffer_as_reference },
    { .name = "process.remove.of_a_running_child",
      .function = of_a_running_child },
    { .name = "process.remove.never_started", .function = never_started },
    { .name = "process.remove.in_a_wait", .function = in_a_wait },
    { .name = "process.remove.what_it_had_sent",
      .function = what_it_had_sent },
    { .name = "process.remove.in_a_break", .function = in_a_break },
    { .name = "process.remove.of_a_whole_family",
      .function = of_a_whole_family },
    { .name = "process.remove.name_and_number_are_free",
      .function = name_and_number_are_free },
    { .name = "process.remove.lets_interrupts_in",
      .function = lets_interrupts_in },
    { NULL },
};
