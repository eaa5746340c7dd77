/*
 * External processes: the clock, and interrupt lines, with the alarm of the
 * real-time clock and the UART's "transmitter empty" as sources.  What they
 * understand, and whose a line is, tests/unit/external.c says.
 */
#include "actor.h"
#include "harness.h"

static volatile uint64_t counter;

/* To the clock, 0, or to a line. */
static uint64_t send(uint64_t number, uint64_t operation, uint64_t word)
{
    uint64_t buffer;
    expect_result(kerne_send_message(family_external(number),
                                     WORDS(operation, word), &buffer),
                  normal);
    return buffer;
}

static bool nothing_yet(void)
{
    return KERNE_EVENT_KIND(kerne_test_event(0).event) == KERNE_NO_EVENT;
}

/* ---- the clock ---------------------------------------------------------- */

#define DELAY KERNE_OPERATION(KERNE_CLOCK_DELAY, 0)
#define UNTIL KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0)

static uint64_t clock_answer(uint64_t operation, uint64_t word)
{
    struct kerne_words answer;
    expect_result(kerne_wait_answer(send(0, operation, word), &answer), normal);
    expect_words(&answer, WORDS(0, answer.w[1]));
    return answer.w[1];
}

/* Never early, and not late, though another spins, and others wait for what
 * never comes. */
static void in_time(void)
{
    static const uint64_t microseconds[] = { 0, 1, 100, 700, 5000, 30000 };
    uint64_t longest = send(0, DELAY, UINT64_MAX);
    uint64_t never = send(0, UNTIL, UINT64_MAX);
    struct test_child child;
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    for (unsigned i = 0; i < 4 * 6; i++) {
        uint64_t ticks = family_ticks(microseconds[i / 4]);
        uint64_t before = kerne_get_clock();
        uint64_t told = i % 2 ? clock_answer(DELAY, ticks)
                              : clock_answer(UNTIL, before + ticks);
        expect(told - before >= ticks);
        expect(told - before < ticks + family_ticks(2000));
        expect(kerne_get_clock() >= told);
    }
    expect(counter > 0);
    expect(nothing_yet());
    expect_result(kerne_regret_message(longest), normal);
    expect_result(kerne_regret_message(never), normal);
    child_remove(&child);
}

/* ---- lines -------------------------------------------------------------- */

#define AWAIT KERNE_OPERATION(KERNE_LINE_AWAIT, 0)

/* The goldfish real-time clock. */
#define CLOCK_REGISTER(offset) (*(volatile uint32_t *)(CLOCK_PAGE + (offset)))
#define CLOCK_ALARM_LOW CLOCK_REGISTER(0x08)
#define CLOCK_ALARM_HIGH CLOCK_REGISTER(0x0c)
#define CLOCK_ENABLE CLOCK_REGISTER(0x10)
#define CLOCK_CLEAR_ALARM CLOCK_REGISTER(0x14)
#define CLOCK_CLEAR_INTERRUPT CLOCK_REGISTER(0x1c)

#define ROUNDS 20

/* An alarm whose time has come already: the line is high at once.  (Its clock
 * is the host's, so a later time would mean nothing here.) */
static void set_alarm(void)
{
    CLOCK_ENABLE = 1;
    CLOCK_ALARM_HIGH = 0;
    CLOCK_ALARM_LOW = 0;
}

static void clear_alarm(void)
{
    CLOCK_CLEAR_ALARM = 1;
    CLOCK_CLEAR_INTERRUPT = 1;
    CLOCK_ENABLE = 0;
}

static uint64_t await_line(uint64_t line) { return send(line, AWAIT, 0); }

static uint64_t answer_of(uint64_t buffer)
{
    struct kerne_words answer;
    return kerne_wait_answer(buffer, &answer);
}

/* An interrupt that nobody waits for is answered at the next message; and one
 * whose cause is still there, at each further message.  (For the latter the
 * device must tell its level anew: QEMU's controller does not ask.) */
static void not_lost_between(void)
{
    set_alarm();
    family_nap(3000);
    expect_result(answer_of(await_line(LINE_CLOCK)), normal);
    CLOCK_ENABLE = 1;
    expect_result(answer_of(await_line(LINE_CLOCK)), normal);
    clear_alarm();
    uint64_t buffer = await_line(LINE_CLOCK);
    family_nap(3000);
    expect(nothing_yet());
    set_alarm();
    expect_result(answer_of(buffer), normal);
    clear_alarm();
}

/* Each line for itself, and one answer for each message. */
static void two_lines_at_once(void)
{
    for (unsigned i = 0; i < 3; i++) {
        uint64_t clock = await_line(LINE_CLOCK);
        uint64_t uart = await_line(LINE_UART);
        family_nap(1000);
        expect(nothing_yet());
        *UART_INTERRUPTS = UART_WHEN_EMPTY;
        expect_result(answer_of(uart), normal);
        *UART_INTERRUPTS = 0;
        family_nap(1000);
        expect(nothing_yet());
        set_alarm();
        expect_result(answer_of(clock), normal);
        clear_alarm();
    }
}

/* ---- drivers ------------------------------------------------------------ */

static struct actor_client client;
static struct test_child driver;

/* A child that has the line, and waits for its interrupt. */
static void run_driver(void)
{
    client = CLIENT_OF(KERNE_ADDRESS(2, KERNE_EXTERNAL + LINE_CLOCK), AWAIT);
    require(expect_result(
        child_make(&driver, "driver", 3, actor_client, &client), normal));
    expect_result(kerne_include_user(driver.reference, LINE_CLOCK), normal);
    expect_result(kerne_start(driver.reference), normal);
    require(expect_waits(&driver, KERNE_WAITS_ANSWER));
}

/* While the child has the line, its parent is no user; then it is. */
static void include_and_exclude(void)
{
    run_driver();
    expect_result(answer_of(await_line(LINE_CLOCK)), rejected);
    set_alarm();
    require(expect_rests(&driver));
    expect_result(client.result, normal);
    clear_alarm();
    expect_result(kerne_exclude_user(driver.reference, LINE_CLOCK), normal);
    uint64_t buffer = await_line(LINE_CLOCK);
    set_alarm();
    expect_result(answer_of(buffer), normal);
    clear_alarm();
    child_remove(&driver);
}

/* A driver that dies while it waits, before, between or after an interrupt: the
 * line is its parent's again, and its successor gets the interrupt. */
static void driver_dies(void)
{
    for (unsigned i = 0; i < 3; i++) {
        run_driver();
        if (i == 1) {
            expect_result(kerne_stop(driver.reference), normal);
            set_alarm(); /* answered, and never taken */
            family_nap(2000);
        }
        if (i == 2) { set_alarm(); }
        expect_result(child_remove(&driver), normal);
        family_nap(2000);
        if (i == 0) { set_alarm(); }
        CLOCK_ENABLE = 1; /* tells its level anew, as above */
        expect_result(answer_of(await_line(LINE_CLOCK)), normal);
        clear_alarm();
    }
}

static volatile uint64_t came[ROUNDS];
static volatile uint64_t interrupts;

static void drive(uint64_t unused)
{
    (void)unused;
    while (interrupts < ROUNDS) {
        require(expect_result(answer_of(await_line(LINE_CLOCK)), normal));
        came[interrupts] = kerne_get_clock();
        interrupts++;
    }
}

/* A driver is not delayed by a sibling that spins, whatever its share and
 * wherever it is in its slice. */
static void driver_precedes_a_spinner(void)
{
    struct test_child spinner;
    interrupts = 0;
    require(
        child_run(&spinner, "spinner", 3, actor_spin, &counter, .share = 1000));
    require(expect_result(
        child_make(&driver, "driver", 4, drive, 0, .share = 10), normal));
    expect_result(kerne_include_user(driver.reference, LINE_CLOCK), normal);
    expect_result(kerne_start(driver.reference), normal);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        require(expect_waits(&driver, KERNE_WAITS_ANSWER));
        family_nap(1000 + 7000 * i);
        uint64_t before = kerne_get_clock();
        set_alarm();
        clear_alarm();
        require(expect_becomes(&interrupts, i + 1));
        expect(came[i] - before < family_ticks(2000));
    }
    child_remove(&spinner);
    child_remove(&driver);
}

#define LINES \
    .lines = LINE_SET(LINE_CLOCK) | LINE_SET(LINE_UART), .devices = true

const struct test tests[] = {
    { .name = "external.clock.in_time", .function = in_time },
    { "external.line.not_lost_between", not_lost_between, LINES },
    { "external.line.two_at_once", two_lines_at_once, LINES },
    { "external.line.include_and_exclude", include_and_exclude, LINES },
    { "external.line.driver_dies", driver_dies, LINES },
    { "external.line.driver_precedes_a_spinner", driver_precedes_a_spinner,
      LINES },
    { NULL },
};
