/* Calls that break: unknown, outside of the mask, and of foreign children. */
#include "actor.h"
#include "harness.h"

static const struct {
    uint64_t number;
    const char *name;
} functions[] = {
#define KERNE_FUNCTION(number, name, handler) { (number), #name },
#include <functions.def>
#undef KERNE_FUNCTION
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

static struct test_child child;
static struct kerne_registers asked;
static struct kerne_registers given;

static void call(uint64_t unused)
{
    (void)unused;
    given = asked;
    kerne_call(&given);
}

static void ask(uint64_t function)
{
    asked = (struct kerne_registers){
        .a7 = function,
        .a0 = 10,
        .a1 = 11,
        .a2 = 12,
        .a3 = 13,
        .a4 = 14,
        .a5 = 15,
        .a6 = 16,
        .t0 = 5,
        .t1 = 6,
        .t2 = 7,
    };
}

/* The break of that call, and its answer with a value. */
static void expect_call(const char *name, uint64_t function)
{
    struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
    struct kerne_words expected = { { KERNE_BREAK_CALL, function, 10, 11, 12,
                                      13, 14, 15 } };
    expect_words(&event.words, &expected);
    expect_equal(child_register(child.reference, 16), 16);
    expect_equal(child_register(child.reference, 5), 5);
    expect_equal(child_register(child.reference, 6), 6);
    expect_equal(child_register(child.reference, 7), 7);
    expect_result_of(
        name, family_answer_break(event.buffer, KERNE_GO_ON, 4711 + function),
        KERNE_r_normal);
}

/* Only a0 has changed. */
static void expect_value(const char *name, uint64_t function)
{
    expect_equal_of(name, given.a0, 4711 + function);
    expect_equal_of(name, given.a1, 11);
    expect_equal_of(name, given.a5, 15);
    expect_equal_of(name, given.a6, 16);
    expect_equal_of(name, given.a7, function);
    expect_equal_of(name, given.t0, 5);
    expect_equal_of(name, given.t2, 7);
}

static void break_one(const char *name, uint64_t function,
                      const struct child_options *options)
{
    ask(function);
    require(expect_result_of(
        name, child_make_with(&child, "caller", 3, call, 0, options),
        KERNE_r_normal));
    expect_result(kerne_start(child.reference), normal);
    if (expect_waits(&child, KERNE_WAITS_BREAK)) {
        expect_call(name, function);
        require(expect_rests(&child));
        expect_value(name, function);
    }
    child_remove(&child);
}

static bool is_function(uint64_t number)
{
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        if (functions[i].number == number) { return true; }
    }
    return false;
}

/* Every number that is no function: no other function is meant by it. */
static void unknown_function(void)
{
    static const uint64_t far[] = {
        4096,
        UINT64_C(1) << 32,
        (UINT64_C(1) << 32) + KERNE_send_message,
        UINT64_C(1) << 63,
        (UINT64_C(1) << 63) + KERNE_describe,
        UINT64_MAX - 79,
        UINT64_MAX,
    };
    struct child_options options = { .foreign = false };
    for (uint64_t number = 0; number < 300; number++) {
        if (!is_function(number)) {
            break_one("unknown function", number, &options);
        }
    }
    for (unsigned i = 0; i < sizeof far / sizeof far[0]; i++) {
        break_one("unknown function", far[i], &options);
    }
}

static void outside_of_the_mask(void)
{
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        struct child_options options = {
            .without = KERNE_MASK_BIT(functions[i].number),
        };
        break_one(functions[i].name, functions[i].number, &options);
    }
}

/* The other functions still work in a child that lacks one. */
static void the_rest_of_the_mask(void)
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, 1);
    require(child_run(&child, "client", 3, actor_client, &client,
                      .without = KERNE_MASK_BIT(KERNE_converse) |
                                 KERNE_MASK_BIT(KERNE_serve)));
    struct kerne_received message = kerne_wait_message();
    expect_equal(KERNE_EVENT_KIND(message.event), KERNE_MESSAGE);
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    require(expect_rests(&child));
    expect_result(client.result, normal);
    child_remove(&child);
}

/* A foreign child has no function at all: known and unknown break alike. */
static void foreign(void)
{
    struct child_options options = { .foreign = true };
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        ask(functions[i].number);
        require(expect_result(
            child_make_with(&child, "foreign", 3, call, 0, &options), normal));
        expect_result(kerne_start(child.reference), normal);
        expect_call(functions[i].name, functions[i].number);
        struct kerne_received event = family_next(); /* it rests by a call */
        expect_equal(event.words.w[0], KERNE_BREAK_CALL);
        expect_equal(event.words.w[1], KERNE_wait_event);
        expect_value(functions[i].name, functions[i].number);
        child_remove(&child);
    }
}

/* Many calls, each one conversation. */
static void foreign_calls(uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds; i++) {
        struct kerne_registers r = { .a7 = 64, .a0 = i, .a1 = 2 * i };
        kerne_call(&r);
        if (r.a0 != 3 * i) { return; }
        given.a0 = i + 1;
    }
}

static void many_foreign_calls(void)
{
    given.a0 = 0;
    require(
        child_run(&child, "foreign", 3, foreign_calls, 1000, .foreign = true));
    struct kerne_received event = family_next();
    for (uint64_t i = 0; i < 1000; i++) {
        require(expect_equal(event.words.w[1], 64));
        require(expect_equal(event.words.w[2], i));
        event = kerne_serve(
            event.buffer, KERNE_r_normal,
            WORDS(KERNE_GO_ON, event.words.w[2] + event.words.w[3]));
        require(expect_equal(event.event, KERNE_BREAK));
    }
    expect_equal(given.a0, 1000);
    child_remove(&child);
}

/* The parent emulates the call, with results in several registers. */
static void parent_sets_registers_of_a_call(void)
{
    struct child_options options = { .foreign = true };
    ask(64);
    require(expect_result(
        child_make_with(&child, "foreign", 3, call, 0, &options), normal));
    expect_result(kerne_start(child.reference), normal);
    struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
    expect_result(child_set_register(child.reference, 11, 111), normal);
    expect_result(child_set_register(child.reference, 7, 77), normal);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 100), normal);
    family_next();
    expect_equal(given.a0, 100);
    expect_equal(given.a1, 111);
    expect_equal(given.a2, 12);
    expect_equal(given.t2, 77);
    child_remove(&child);
}

/* Tried again, with the number of another function: it is that function. */
static void again_as_another_function(void)
{
    ask(9999);
    require(child_run(&child, "caller", 3, call, 0));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
    expect_result(child_set_register(child.reference, 17, KERNE_get_clock),
                  normal);
    uint64_t before = kerne_get_clock();
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&child));
    expect(given.a0 >= before);
    expect(given.a0 <= kerne_get_clock());
    expect_equal(given.t2, KERNE_r_normal);
    child_remove(&child);
}

static volatile uint64_t counted;

static void read_time(uint64_t unused)
{
    (void)unused;
    uint64_t value;
    __asm__ volatile("rdtime %0" : "=r"(value));
    counted = value;
}

static void read_cycle(uint64_t unused)
{
    (void)unused;
    uint64_t value;
    __asm__ volatile("rdcycle %0" : "=r"(value));
    counted = value;
}

static void read_instret(uint64_t unused)
{
    (void)unused;
    uint64_t value;
    __asm__ volatile("rdinstret %0" : "=r"(value));
    counted = value;
}

/* With the bit of the mask it works; without it, it breaks, so that a parent
 * can own its children's time. */
static void counter(void (*reader)(uint64_t), uint64_t csr)
{
    counted = 0;
    require(child_run(&child, "reader", 3, reader, 0));
    require(expect_rests(&child));
    expect(counted > 0);
    child_remove(&child);

    counted = 0;
    require(child_run(&child, "reader", 3, reader, 0,
                      .without = KERNE_MASK_COUNTERS));
    for (unsigned i = 0; i < 1000 && !child.at_rest &&
                         family_wait(child.reference) != KERNE_WAITS_BREAK;
         i++) {
        family_nap(1000);
    }
    if (csr == 0xc01 && child.at_rest && counted != 0) {
        expect_skip("the firmware answers rdtime before the nucleus sees it");
        child_remove(&child);
        return;
    }
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[1] & 0x7f, 0x73);
    expect_equal(event.words.w[1] >> 20, csr);
    uint64_t target = event.words.w[1] >> 7 & 31;
    expect_result(child_set_register(child.reference, (unsigned)target, 12345),
                  normal);
    expect_result(child_set_register(child.reference, 0, event.words.w[3] + 4),
                  normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&child));
    expect_equal(counted, 12345);
    child_remove(&child);
}

static void counter_of_cycles(void) { counter(read_cycle, 0xc00); }

static void counter_of_time(void) { counter(read_time, 0xc01); }

static void counter_of_instructions(void) { counter(read_instret, 0xc02); }

const struct test tests[] = {
    { .name = "break.call.unknown_function", .function = unknown_function },
    { .name = "break.call.outside_of_the_mask",
      .function = outside_of_the_mask },
    { .name = "break.call.the_rest_of_the_mask",
      .function = the_rest_of_the_mask },
    { .name = "break.call.foreign", .function = foreign },
    { .name = "break.call.many_foreign", .function = many_foreign_calls },
    { .name = "break.call.parent_sets_registers",
      .function = parent_sets_registers_of_a_call },
    { .name = "break.call.again_as_another_function",
      .function = again_as_another_function },
    { .name = "break.counters.rdcycle", .function = counter_of_cycles },
    { .name = "break.counters.rdtime", .function = counter_of_time },
    { .name = "break.counters.rdinstret", .function = counter_of_instructions },
    { NULL },
};
