#include "harness.h"

#include "tap.h"

#include <parent.h>

/*
 * The deadline of a test is counted by one message to the clock, which is
 * always under way and is sent anew at each answer; so the root's claims are
 * the same before and after every test.
 */
#define WATCH_MICROSECONDS 100000
#define WATCHES_PER_SECOND (1000000 / WATCH_MICROSECONDS)

static uint64_t watch;
static struct test_child process;

static void watch_begin(void)
{
    expect_result(
        kerne_send_message(KERNE_ADDRESS(0, KERNE_EXTERNAL),
                           WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                 family_ticks(WATCH_MICROSECONDS)),
                           &watch),
        normal);
}

/* A test in the root itself gets an empty queue. */
static void watch_end(void)
{
    struct kerne_words answer;
    expect_result(kerne_wait_answer(watch, &answer), normal);
}

static void test_begin(uint64_t argument)
{
    const struct test *test = (const struct test *)argument;
    test->function();
    struct kerne_words answer;
    kerne_converse(KERNE_PARENT, WORDS(KERNE_OPERATION(KERNE_FINIS, 0)),
                   &answer);
}

static void lend(uint64_t first, uint64_t bytes, uint64_t rights)
{
    expect_result(family_lend(process.reference, first, bytes, rights), normal);
}

static void give_lines(uint64_t lines)
{
    for (unsigned line = 1; line < KERNE_LINES; line++) {
        if (lines & LINE_SET(line)) {
            expect_result(kerne_include_user(process.reference, line), normal);
        }
    }
}

static bool test_make(const struct test *test)
{
    uint64_t result = child_make(
        &process, "test", TEST_NUMBER, test_begin, test,
        .buffers = test->buffers ? test->buffers : TEST_BUFFERS,
        .processes = test->processes ? test->processes : TEST_PROCESSES,
        .tables = test->tables ? test->tables : TEST_TABLES);
    if (!expect_result_of("making the test's process", result,
                          KERNE_r_normal)) {
        return false;
    }
    lend(family_arena(), ARENA_BYTES, KERNE_READ | KERNE_WRITE | KERNE_EXECUTE);
    if (test->devices) {
        lend(UART_PAGE, KERNE_PAGE, KERNE_READ | KERNE_WRITE);
        lend(CLOCK_PAGE, KERNE_PAGE, KERNE_READ | KERNE_WRITE);
    }
    give_lines(test->lines);
    return true;
}

static const char *break_name(uint64_t kind)
{
    static const char *const names[] = {
        "no break",
        "a call",
        "a page fault",
        "an illegal instruction",
        "a misaligned access",
        "a breakpoint",
        "a refused access",
    };
    return kind < sizeof names / sizeof names[0] ? names[kind] : "unknown";
}

static void report_break(const struct kerne_received *event)
{
    expect(!"the test's process breaks");
    tap_print("# the test breaks: %s, words", break_name(event->words.w[0]));
    for (unsigned i = 1; i < KERNE_WORDS; i++) {
        tap_print(" %#lx", event->words.w[i]);
    }
    tap_print(", pc %#lx\n", child_register(process.reference, 0));
}

static void print_process(uint64_t reference, const struct kerne_words *words)
{
    static const char *const waits[] = {
        "nothing", "a message", "an answer", "an event", "its break's answer",
    };
    char name[KERNE_NAME_BYTES];
    memcpy(name, words->w, sizeof name);
    uint64_t wait = words->w[3] & 0xff;
    tap_print("# %s waits for %s, suspended by %#lx, pc %#lx, ra %#lx\n", name,
              wait < 5 ? waits[wait] : "?", words->w[3] >> 8 & 0xff,
              child_register(reference, 0), child_register(reference, 1));
}

/* At a deadline: what each process of the test waits for. */
static void print_tree(uint64_t reference)
{
    while (reference) {
        struct kerne_words words;
        uint64_t next;
        if (kerne_describe(reference, KERNE_DESCRIBE_PROCESS, 0, &next,
                           &words) != KERNE_r_normal) {
            return;
        }
        print_process(reference, &words);
        print_tree(family_describe(reference, KERNE_DESCRIBE_TREE, 0, 1));
        reference = family_describe(reference, KERNE_DESCRIBE_TREE, 0, 2);
    }
}

/* Serves the test's process until it has finished, breaks, or is late.  The
 * message that it has finished, or 0; any other is unintelligible. */
static uint64_t test_serve(const struct test *test)
{
    unsigned left =
        (test->seconds ? test->seconds : TEST_SECONDS) * WATCHES_PER_SECOND;
    for (;;) {
        struct kerne_received event = family_next();
        bool own = KERNE_SENDER_ADDRESS(event.sender) ==
                       KERNE_ADDRESS(0, TEST_NUMBER) &&
                   !(event.sender & KERNE_SENDER_INSIDE);
        switch (KERNE_EVENT_KIND(event.event)) {
        case KERNE_ANSWER:
            watch_begin();
            if (--left == 0) {
                expect(!"the test is late");
                print_tree(process.reference);
                return 0;
            }
            break;
        case KERNE_BREAK: report_break(&event); return 0;
        default:
            if (own && event.words.w[0] == KERNE_OPERATION(KERNE_FINIS, 0)) {
                return event.buffer;
            }
            kerne_send_answer(event.buffer, KERNE_r_unintelligible, WORDS(0));
        }
    }
}

static void expect_none(const char *label, enum kerne_describe what)
{
    uint64_t next;
    struct kerne_words words;
    expect_result_of(label,
                     kerne_describe(process.reference, what, 0, &next, &words),
                     KERNE_r_no_more);
}

/* The test's process has ended of itself, and its message about that, not yet
 * answered, is the one buffer that it still uses. */
static void check_leftovers(const struct family_claims *before)
{
    static const char *const kinds[] = {
        "free message buffers left by the test",
        "free processes left by the test",
        "free tables left by the test",
        "free interrupt lines left by the test",
    };
    struct family_claims after;
    family_claims(process.reference, &after);
    for (unsigned i = 0; i < 4; i++) {
        uint64_t used = i == 0 ? 1 : 0;
        expect_equal_of(kinds[i], after.claim[i].w[1] + used,
                        before->claim[i].w[1]);
        expect_equal_of("given by the test to children", after.claim[i].w[3],
                        before->claim[i].w[3]);
    }
    expect_equal_of(
        "a child left by the test",
        family_describe(process.reference, KERNE_DESCRIBE_TREE, 0, 1), 0);
    expect_none("a message held by the test", KERNE_DESCRIBE_HELD);
}

static void run_in_process(const struct test *test)
{
    struct family_claims before;
    if (!test_make(test)) { return; }
    family_claims(process.reference, &before);
    expect_result(kerne_start(process.reference), normal);
    uint64_t finis = test_serve(test);
    if (finis != 0) {
        if (expect_failures() == 0) { check_leftovers(&before); }
        kerne_send_answer(finis, KERNE_r_normal, WORDS(0));
    }
    expect_result_of("removing the test", child_remove(&process),
                     KERNE_r_normal);
}

static void run_in_root(const struct test *test)
{
    watch_end();
    test->function();
    watch_begin();
}

/* Devices as they were at power-on; the UART also serves this output. */
static void reset_devices(void)
{
    *UART_INTERRUPTS = 0;
    *(volatile uint32_t *)(CLOCK_PAGE + 0x10) = 0;
    *(volatile uint32_t *)(CLOCK_PAGE + 0x14) = 1;
    *(volatile uint32_t *)(CLOCK_PAGE + 0x1c) = 1;
}

static void run(const struct test *test)
{
    struct family_claims before;
    family_claims(0, &before);
    if (test->as_root) {
        run_in_root(test);
    } else {
        run_in_process(test);
    }
    reset_devices();
    family_expect_claims(&before);
    expect(family_reset());
    if (expect_failures() == 0 && expect_skipped() != NULL) {
        tap_skip(test->name, expect_skipped());
    } else {
        tap_result(expect_failures() == 0, test->name);
    }
    expect_print();
    expect_forget();
}

int main(void)
{
    tap_begin();
    family_prepare();
    watch_begin();
    if (expect_failures()) {
        expect_print();
        tap_power_off(1);
    }
    for (const struct test *test = tests; test->name; test++) { run(test); }
    tap_end();
}
