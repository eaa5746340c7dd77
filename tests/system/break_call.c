/*
 * Calls that break: outside of the mask, and of foreign children; and what
 * reads a counter without the right to.  Calls of no function at all are with
 * the suite hostile (functions.c).
 */
#include "actor.h"
#include "harness.h"

#define FOREIGN 64 /* no function of the nucleus */

static const struct {
    uint64_t number;
    const char *name;
} functions[] = {
#define KERNE_FUNCTION(number, name, handler) { (number), #name },
#include <functions.def>
#undef KERNE_FUNCTION
};

static struct test_child child;
static struct kerne_registers given;

static void call(uint64_t function)
{
    given = (struct kerne_registers){
        function, 10, 11, 12, 13, 14, 15, 16, 5, 6, 7,
    };
    kerne_call(&given);
}

/* The break of that call; its buffer. */
static uint64_t expect_call(const char *name, uint64_t function)
{
    static const unsigned other[] = { 16, 5, 6, 7 }; /* no words */
    struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
    expect_words(&event.words,
                 WORDS(KERNE_BREAK_CALL, function, 10, 11, 12, 13, 14, 15));
    for (unsigned i = 0; i < sizeof other / sizeof other[0]; i++) {
        expect_equal_of(name, child_register(child.reference, other[i]),
                        other[i]);
    }
    return event.buffer;
}

/* Only a0 has changed. */
static void expect_value(const char *name, uint64_t function, uint64_t value)
{
    const struct kerne_registers expected = {
        function, value, 11, 12, 13, 14, 15, 16, 5, 6, 7,
    };
    if (memcmp(&given, &expected, sizeof given) != 0) {
        expect_equal_of(name, given.a0, value);
        expect(!"only a0 has changed");
    }
}

/* One function at a time is lacking: its call breaks, and no other. */
static void outside_of_the_mask(void)
{
    for (unsigned i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const char *name = functions[i].name;
        uint64_t number = functions[i].number;
        require(child_run(&child, "caller", 3, call, number,
                          .without = KERNE_MASK_BIT(number)));
        uint64_t buffer = expect_call(name, number);
        expect_result_of(name, family_answer_break(buffer, KERNE_GO_ON, 4711),
                         KERNE_r_normal);
        require(expect_rests(&child));
        expect_value(name, number, 4711);
        if (number != KERNE_wait_event) {
            expect_waits(&child, KERNE_WAITS_EVENT);
        }
        child_remove(&child);
    }
}

/* ---- foreign children --------------------------------------------------- */

/* The parent emulates the call, with results in several registers. */
static void parent_sets_registers(void)
{
    require(child_run(&child, "foreign", 3, call, FOREIGN, .foreign = true));
    uint64_t buffer = expect_call("foreign", FOREIGN);
    expect_result(child_set_register(child.reference, 11, 111), normal);
    expect_result(child_set_register(child.reference, 7, 77), normal);
    expect_result(family_answer_break(buffer, KERNE_GO_ON, 100), normal);
    family_next(); /* it rests by a call */
    expect_equal(given.a1, 111);
    expect_equal(given.t2, 77);
    given.a1 = 11;
    given.t2 = 7;
    expect_value("foreign", FOREIGN, 100);
    child_remove(&child);
}

/* Many calls, each one conversation. */
static void foreign_calls(uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds; i++) {
        struct kerne_registers r = { .a7 = FOREIGN, .a0 = i, .a1 = 2 * i };
        kerne_call(&r);
        if (r.a0 != 3 * i) { return; }
        given.a0 = i + 1;
    }
}

static void many(void)
{
    given.a0 = 0;
    require(
        child_run(&child, "foreign", 3, foreign_calls, 1000, .foreign = true));
    struct kerne_received event = family_next();
    for (uint64_t i = 0; i < 1000; i++) {
        require(expect_equal(event.words.w[1], FOREIGN));
        require(expect_equal(event.words.w[2], i));
        event = kerne_serve(
            event.buffer, KERNE_r_normal,
            WORDS(KERNE_GO_ON, event.words.w[2] + event.words.w[3]));
        require(expect_equal(event.event, KERNE_BREAK));
    }
    expect_equal(given.a0, 1000);
    child_remove(&child);
}

/* Tried again, with the number of another function: it is that function. */
static void again_as_another_function(void)
{
    require(child_run(&child, "caller", 3, call, 9999));
    uint64_t buffer = expect_call("caller", 9999);
    expect_result(child_set_register(child.reference, 17, KERNE_get_clock),
                  normal);
    uint64_t before = kerne_get_clock();
    expect_result(family_answer_break(buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&child));
    expect(given.a0 >= before);
    expect(given.a0 <= kerne_get_clock());
    expect_equal(given.t2, KERNE_r_normal);
    child_remove(&child);
}

/* ---- counters ----------------------------------------------------------- */

static volatile uint64_t counted;

#define READER(counter)                                      \
    static void read_##counter(uint64_t unused)              \
    {                                                        \
        (void)unused;                                        \
        uint64_t value;                                      \
        __asm__ volatile("rd" #counter " %0" : "=r"(value)); \
        counted = value;                                     \
    }
READER(cycle)
READER(time)
READER(instret)

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
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&child));
    expect_equal(counted, 12345);
    child_remove(&child);
}

static void counter_of_cycles(void) { counter(read_cycle, 0xc00); }

static void counter_of_time(void) { counter(read_time, 0xc01); }

static void counter_of_instructions(void) { counter(read_instret, 0xc02); }

const struct test tests[] = {
    { .name = "break.call.outside_of_the_mask",
      .function = outside_of_the_mask },
    { .name = "break.call.parent_sets_registers",
      .function = parent_sets_registers },
    { .name = "break.call.many_foreign", .function = many },
    { .name = "break.call.again_as_another_function",
      .function = again_as_another_function },
    { .name = "break.counters.rdcycle", .function = counter_of_cycles },
    { .name = "break.counters.rdtime", .function = counter_of_time },
    { .name = "break.counters.rdinstret", .function = counter_of_instructions },
    { NULL },
};
