/*
 * Interrupt lines, with the alarm of the real-time clock and the UART's
 * "transmitter empty" as sources.
 */
#include "actor.h"
#include "harness.h"

#define AWAIT KERNE_OPERATION(KERNE_LINE_AWAIT, 0)

/* The goldfish real-time clock. */
#define CLOCK_REGISTER(offset) (*(volatile uint32_t *)(CLOCK_PAGE + (offset)))
#define CLOCK_ALARM_LOW CLOCK_REGISTER(0x08)
#define CLOCK_ALARM_HIGH CLOCK_REGISTER(0x0c)
#define CLOCK_ENABLE CLOCK_REGISTER(0x10)
#define CLOCK_CLEAR_ALARM CLOCK_REGISTER(0x14)
#define CLOCK_CLEAR_INTERRUPT CLOCK_REGISTER(0x1c)

#define ROUNDS 20

#define UART_INTERRUPTS (*(volatile uint8_t *)(UART_PAGE + 1))
#define UART_TRANSMITTER_EMPTY 2

static uint64_t line_address(uint64_t line) { return family_external(line); }

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

static uint64_t await_line(uint64_t line)
{
    uint64_t buffer;
    expect_result(kerne_send_message(line_address(line), WORDS(AWAIT), &buffer),
                  normal);
    return buffer;
}

static uint64_t answer_of(uint64_t buffer)
{
    struct kerne_words answer;
    return kerne_wait_answer(buffer, &answer);
}

static bool is_pending(void)
{
    return KERNE_EVENT_KIND(kerne_test_event(0).event) == KERNE_NO_EVENT;
}

static void answers_at_the_interrupt(void)
{
    for (unsigned i = 0; i < 5; i++) {
        uint64_t buffer = await_line(LINE_CLOCK);
        family_nap(2000);
        expect(is_pending());
        set_alarm();
        expect_result(answer_of(buffer), normal);
        clear_alarm();
    }
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
    expect(is_pending());
    set_alarm();
    expect_result(answer_of(buffer), normal);
    clear_alarm();
}

/* One answer for each message, however long the level stays. */
static void one_answer_each(void)
{
    uint64_t buffer = await_line(LINE_CLOCK);
    set_alarm();
    expect_result(answer_of(buffer), normal);
    family_nap(3000);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    clear_alarm();
}

static void uart_transmitter(void)
{
    for (unsigned i = 0; i < 3; i++) {
        uint64_t buffer = await_line(LINE_UART);
        family_nap(1000);
        expect(is_pending());
        UART_INTERRUPTS = UART_TRANSMITTER_EMPTY;
        expect_result(answer_of(buffer), normal);
        UART_INTERRUPTS = 0;
    }
}

static void two_lines_at_once(void)
{
    uint64_t clock = await_line(LINE_CLOCK);
    uint64_t uart = await_line(LINE_UART);
    UART_INTERRUPTS = UART_TRANSMITTER_EMPTY;
    expect_result(answer_of(uart), normal);
    UART_INTERRUPTS = 0;
    family_nap(1000);
    expect(is_pending());
    set_alarm();
    expect_result(answer_of(clock), normal);
    clear_alarm();
}

static void regretted(void)
{
    uint64_t free_before = family_free(0);
    uint64_t buffer = await_line(LINE_CLOCK);
    expect_result(kerne_regret_message(buffer), normal);
    expect_equal(family_free(0), free_before);
    set_alarm();
    family_nap(2000);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_result(answer_of(await_line(LINE_CLOCK)), normal);
    clear_alarm();
}

static void unknown_operation(void)
{
    struct kerne_words answer;
    expect_result(kerne_converse(line_address(LINE_CLOCK),
                                 WORDS(KERNE_OPERATION(2, 0)), &answer),
                  unintelligible);
    expect_result(kerne_converse(line_address(LINE_CLOCK),
                                 WORDS(KERNE_OPERATION(KERNE_INPUT, 0)),
                                 &answer),
                  unintelligible);
}

/* Who is no user gets result 2, whatever else it asks. */
static void not_a_user(void)
{
    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(2, KERNE_EXTERNAL + LINE_CLOCK), AWAIT);
    struct test_child child;
    struct kerne_words answer;
    require(child_run(&child, "client", 3, actor_client, &client));
    require(expect_rests(&child));
    expect_result(client.result, rejected);
    child_remove(&child);
    expect_result(kerne_converse(line_address(5), WORDS(AWAIT), &answer),
                  rejected);
    expect_result(kerne_converse(line_address(63), WORDS(AWAIT), &answer),
                  rejected);
}

static uint64_t lines_of(uint64_t reference, unsigned word)
{
    return family_describe(reference, KERNE_DESCRIBE_CLAIM, 3, word);
}

/* The right moves to the child, and back; while the child has it, the parent
 * is no user. */
static void include_and_exclude(void)
{
    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(2, KERNE_EXTERNAL + LINE_CLOCK), AWAIT);
    struct test_child child;
    struct kerne_words answer;
    require(expect_result(
        child_make(&child, "driver", 3, actor_client, &client), normal));
    expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
    expect_result(kerne_include_user(child.reference, LINE_CLOCK), normal);
    expect_equal(lines_of(0, 0), LINE_SET(LINE_CLOCK));
    expect_equal(lines_of(0, 1), 0);
    expect_equal(lines_of(0, 3), LINE_SET(LINE_CLOCK));
    expect_equal(lines_of(child.reference, 0), LINE_SET(LINE_CLOCK));
    expect_equal(lines_of(child.reference, 1), LINE_SET(LINE_CLOCK));
    expect_result(
        kerne_converse(line_address(LINE_CLOCK), WORDS(AWAIT), &answer),
        rejected);
    expect_result(kerne_start(child.reference), normal);
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    set_alarm();
    require(expect_rests(&child));
    expect_result(client.result, normal);
    clear_alarm();
    expect_result(kerne_exclude_user(child.reference, LINE_CLOCK), normal);
    expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
    expect_equal(lines_of(child.reference, 0), 0);
    uint64_t buffer = await_line(LINE_CLOCK);
    set_alarm();
    expect_result(answer_of(buffer), normal);
    clear_alarm();
    child_remove(&child);
}

static void include_refusals(void)
{
    struct test_child one;
    struct test_child two;
    require(expect_result(
        child_make(&one, "one", 3, actor_rest, 0, .processes = 1), normal));
    require(expect_result(child_make(&two, "two", 4, actor_rest, 0), normal));
    expect_result(kerne_include_user(one.reference, 5), not_user);
    expect_result(kerne_exclude_user(one.reference, 5), not_user);
    expect_result(kerne_exclude_user(one.reference, LINE_CLOCK), not_user);
    expect_result(kerne_include_user(one.reference, LINE_CLOCK), normal);
    expect_result(kerne_include_user(one.reference, LINE_CLOCK), line_in_use);
    expect_result(kerne_include_user(two.reference, LINE_CLOCK), line_in_use);
    expect_result(kerne_exclude_user(two.reference, LINE_CLOCK), not_user);
    expect_result(kerne_exclude_user(one.reference, LINE_CLOCK), normal);
    expect_result(kerne_include_user(two.reference, LINE_CLOCK), normal);
    expect_result(kerne_include_user(one.reference, 0), bad_argument);
    expect_result(kerne_include_user(one.reference, KERNE_LINES), bad_argument);
    expect_result(kerne_exclude_user(one.reference, UINT64_MAX), bad_argument);
    expect_result(kerne_include_user(0, LINE_CLOCK), not_descendant);
    child_remove(&one);
    child_remove(&two);
    expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
}

/* A line that a child has lent on is nobody's to take from that child; it is
 * taken from the one who holds it, or comes back when that one dies. */
static void lent_on(void)
{
    struct test_child outer;
    struct test_child inner;
    require(expect_result(
        child_make(&outer, "outer", 3, actor_rest, 0, .processes = 1), normal));
    require(expect_result(child_make(&inner, "inner", 4, actor_rest, 0,
                                     .behalf_of = outer.reference),
                          normal));
    for (unsigned round = 0; round < 2; round++) {
        expect_result(kerne_include_user(inner.reference, LINE_CLOCK), normal);
        expect_equal(lines_of(inner.reference, 1), LINE_SET(LINE_CLOCK));
        expect_equal(lines_of(outer.reference, 0), LINE_SET(LINE_CLOCK));
        expect_equal(lines_of(outer.reference, 3), LINE_SET(LINE_CLOCK));
        expect_result(kerne_exclude_user(outer.reference, LINE_CLOCK),
                      line_in_use);
        if (round == 0) {
            expect_result(kerne_exclude_user(inner.reference, LINE_CLOCK),
                          normal);
            expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
            expect_equal(lines_of(outer.reference, 0), 0);
        }
    }
    expect_result(child_remove(&inner), normal);
    expect_equal(lines_of(outer.reference, 1), LINE_SET(LINE_CLOCK));
    expect_equal(lines_of(0, 3), LINE_SET(LINE_CLOCK));
    expect_result(child_remove(&outer), normal);
    expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
}

/* A driver that dies while it waits, with an interrupt due: the line is its
 * parent's again, and its successor gets the interrupt. */
static void driver_dies(void)
{
    for (unsigned i = 0; i < 3; i++) {
        struct actor_client client =
            CLIENT_OF(KERNE_ADDRESS(2, KERNE_EXTERNAL + LINE_CLOCK), AWAIT);
        struct test_child child;
        require(expect_result(
            child_make(&child, "driver", 3, actor_client, &client), normal));
        expect_result(kerne_include_user(child.reference, LINE_CLOCK), normal);
        expect_result(kerne_start(child.reference), normal);
        require(expect_waits(&child, KERNE_WAITS_ANSWER));
        if (i == 1) {
            expect_result(kerne_stop(child.reference), normal);
            set_alarm(); /* answered, and never taken */
            family_nap(2000);
        }
        if (i == 2) { set_alarm(); }
        expect_result(child_remove(&child), normal);
        expect_equal(lines_of(0, 1), LINE_SET(LINE_CLOCK));
        family_nap(2000);
        if (i == 0) { set_alarm(); }
        CLOCK_ENABLE = 1; /* tells its level anew, as above */
        expect_result(answer_of(await_line(LINE_CLOCK)), normal);
        clear_alarm();
    }
}

/* Taken away while its user waits: the message is answered, for a wait that
 * could only last for ever would harm. */
static void excluded_while_it_waits(void)
{
    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(2, KERNE_EXTERNAL + LINE_CLOCK), AWAIT);
    struct test_child child;
    require(expect_result(
        child_make(&child, "driver", 3, actor_client, &client), normal));
    expect_result(kerne_include_user(child.reference, LINE_CLOCK), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    expect_result(kerne_exclude_user(child.reference, LINE_CLOCK), normal);
    require(expect_rests(&child));
    expect_result(client.result, rejected);
    uint64_t buffer = await_line(LINE_CLOCK);
    set_alarm();
    expect_result(answer_of(buffer), normal);
    clear_alarm();
    child_remove(&child);
}

static volatile uint64_t counter;
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
    struct test_child driver;
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

#define RTC .lines = LINE_SET(LINE_CLOCK), .devices = true

const struct test tests[] = {
    { .name = "external.line.answers_at_the_interrupt",
      .function = answers_at_the_interrupt,
      RTC },
    { .name = "external.line.not_lost_between",
      .function = not_lost_between,
      RTC },
    { .name = "external.line.one_answer_each",
      .function = one_answer_each,
      RTC },
    { .name = "external.line.uart_transmitter",
      .function = uart_transmitter,
      .lines = LINE_SET(LINE_UART),
      .devices = true },
    { .name = "external.line.two_at_once",
      .function = two_lines_at_once,
      .lines = LINE_SET(LINE_UART) | LINE_SET(LINE_CLOCK),
      .devices = true },
    { .name = "external.line.regretted", .function = regretted, RTC },
    { .name = "external.line.unknown_operation",
      .function = unknown_operation,
      RTC },
    { .name = "external.line.not_a_user", .function = not_a_user, RTC },
    { .name = "external.line.include_and_exclude",
      .function = include_and_exclude,
      RTC },
    { .name = "external.line.include_refusals",
      .function = include_refusals,
      RTC },
    { .name = "external.line.lent_on", .function = lent_on, RTC },
    { .name = "external.line.driver_dies", .function = driver_dies, RTC },
    { .name = "external.line.excluded_while_it_waits",
      .function = excluded_while_it_waits,
      RTC },
    { .name = "external.line.driver_precedes_a_spinner",
      .function = driver_precedes_a_spinner,
      RTC },
    { NULL },
};
