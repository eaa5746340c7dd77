/*
 * The accounts of time: what all processes were charged, with idle time and
 * the firmware's, is what the machine has executed.
 */
#include "actor.h"
#include "harness.h"

#define MEASURE 100000 /* microseconds */
#define CLIENTS 3
#define INTERRUPTS 50
#define FAULTS 50
#define NO_PAGE UINT64_C(0x1000)

enum { SERVER, CLIENT, FAULTER = CLIENT + CLIENTS, SPINNER, MEMBERS };

static struct test_child child[MEMBERS];
static volatile uint64_t spun;

/* ---- a busy run --------------------------------------------------------- */

static void converse(uint64_t unused)
{
    struct kerne_words words = { { unused } };
    while (kerne_converse(KERNE_ADDRESS(1, SERVER), &words, &words) ==
           KERNE_r_normal) {}
}

/* Two messages are always under way, so the server finds them queued. */
static void send_and_wait(uint64_t unused)
{
    struct kerne_words words = { { unused } };
    uint64_t buffer[2];
    kerne_send_message(KERNE_ADDRESS(1, SERVER), &words, &buffer[0]);
    for (uint64_t n = 1;; n++) {
        kerne_send_message(KERNE_ADDRESS(1, SERVER), &words, &buffer[n % 2]);
        kerne_wait_answer(buffer[(n + 1) % 2], &words);
    }
}

static void fault(uint64_t unused)
{
    (void)unused;
    for (unsigned i = 0; i < FAULTS; i++) { *(volatile char *)NO_PAGE = 0; }
}

/* The UART's line, with the transmitter empty: enabled, it interrupts. */
static void take_interrupts(void)
{
    for (unsigned i = 0; i < INTERRUPTS; i++) {
        struct kerne_words words;
        uint64_t buffer;
        expect_result(kerne_send_message(
                          KERNE_ADDRESS(0, KERNE_EXTERNAL + LINE_UART),
                          WORDS(KERNE_OPERATION(KERNE_LINE_AWAIT, 0)), &buffer),
                      normal);
        *UART_INTERRUPTS = UART_WHEN_EMPTY;
        expect_result(kerne_wait_answer(buffer, &words), normal);
        *UART_INTERRUPTS = 0;
    }
}

static void serve_faults(void)
{
    for (unsigned i = 0; i < FAULTS; i++) {
        struct kerne_received r =
            expect_break(&child[FAULTER], KERNE_BREAK_PAGE_FAULT);
        family_answer_break(r.buffer, KERNE_GO_ON, 0);
    }
}

static bool begin_all(void)
{
    static struct actor_server server;
    static const char *const names[CLIENTS] = { "one", "two", "three" };
    bool good =
        child_run(&child[SERVER], "server", SERVER, actor_serve, &server);
    for (uint64_t i = 0; good && i < CLIENTS; i++) {
        good = child_run(&child[CLIENT + i], names[i], CLIENT + i,
                         i == 0 ? converse : send_and_wait, 0);
    }
    return good &&
           child_run(&child[SPINNER], "spinner", SPINNER, actor_spin, &spun) &&
           child_run(&child[FAULTER], "faulter", FAULTER, fault, 0);
}

/* ---- the sum ------------------------------------------------------------ */

struct sum {
    struct kerne_words root; /* as describe tells of its time */
    uint64_t ticks, instructions;
};

static struct sum sum_now(void)
{
    struct sum sum;
    uint64_t next;
    sum.ticks = kerne_get_clock();
    sum.instructions = instructions();
    expect_result(kerne_describe(0, KERNE_DESCRIBE_TIME, 0, &next, &sum.root),
                  normal);
    return sum;
}

/* Ticks of all accounts since then: the root's own and its children's, which
 * were made meanwhile; idle; and the firmware. */
static uint64_t charged_since(const struct sum *before, const struct sum *now)
{
    uint64_t sum = now->root.w[0] - before->root.w[0] + now->root.w[3] -
                   before->root.w[3] + now->root.w[4] - before->root.w[4];
    for (unsigned i = 0; i < MEMBERS; i++) {
        uint64_t own =
            family_describe(child[i].reference, KERNE_DESCRIBE_TIME, 0, 0);
        expect_equal(
            family_describe(child[i].reference, KERNE_DESCRIBE_TIME, 0, 1),
            own);
        sum += own;
    }
    return sum;
}

/* The same within a thousandth. */
static bool expect_near(struct expect_place place, uint64_t actual,
                        uint64_t expected)
{
    uint64_t less = actual < expected ? expected - actual : actual - expected;
    return less * 1000 <= expected ||
           expect_note(place, EXPECT_NUMBER, actual, expected);
}

/* Does the counter of instructions go on while nobody runs?  QEMU 7.2's does,
 * QEMU 10's does not. */
static bool counts_idle(uint64_t per_tick)
{
    struct sum before = sum_now();
    family_nap(MEASURE);
    struct sum now = sum_now();
    return (now.instructions - before.instructions) * 2 >
           (now.ticks - before.ticks) * per_tick;
}

static void everything_adds_up(void)
{
    uint64_t per_tick = UINT64_C(1000000000) / family_ticks(1000000);
    bool with_idle = counts_idle(per_tick);
    struct sum before = sum_now();
    family_nap(MEASURE);
    require(expect(begin_all()));
    serve_faults();
    take_interrupts();
    family_nap(MEASURE);
    for (unsigned i = SERVER; i < MEMBERS; i++) {
        expect_result(kerne_stop(child[i].reference), normal);
    }
    family_nap(MEASURE / 2);
    struct sum now = sum_now();
    uint64_t charged = charged_since(&before, &now);
    expect_near(EXPECT_PLACE("ticks charged, of those that passed"), charged,
                now.ticks - before.ticks);
    uint64_t idle = now.root.w[3] - before.root.w[3];
    expect(idle > family_ticks(MEASURE));
    expect_near(EXPECT_PLACE("instructions charged, of those executed"),
                (charged - (with_idle ? 0 : idle)) * per_tick,
                now.instructions - before.instructions);
    for (unsigned i = 0; i < MEMBERS; i++) {
        expect_result(child_remove(&child[i]), normal);
    }
}

/* From power-on: what the firmware took is what the nucleus has not seen. */
static void since_power_on(void)
{
    struct sum now = sum_now();
    uint64_t all = now.root.w[1] + now.root.w[3] + now.root.w[4];
    expect(now.root.w[4] > 0);
    expect_near(EXPECT_PLACE("ticks of all accounts"), all, now.ticks);
    expect(all >= now.ticks);
}

const struct test tests[] = {
    { "account.everything_adds_up", everything_adds_up, .as_root = true },
    { "account.since_power_on", since_power_on, .as_root = true },
    { .name = NULL },
};
