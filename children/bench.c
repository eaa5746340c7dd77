/*
 * bench: what some functions of the nucleus cost, in instructions.
 *
 * Each line is the least and the greatest of ROUNDS measurements with the
 * counter of retired instructions, less what reading the counter costs.  They
 * are exact only when the machine counts instructions (`-icount shift=0`);
 * otherwise the counter follows the host's clock, and bench says so.
 * `./check bench` measures more, against limits.
 */
#include "kin.h"

#include <stdio.h>

#define ROUNDS 32
#define SERVER 0

static char server_stack[KIN_STACK_BYTES] __attribute__((aligned(16)));
static char page[KERNE_PAGE] __attribute__((aligned(4096)));
static const struct kerne_words none;

/* ---- the other party, a child -------------------------------------------- */

enum bench_operation {
    ANSWER = 40,     /* served by converse's partner, serve */
    USE_FOUR = 41,   /* from now on wait message and send answer */
    FETCH_PAGE = 42, /* answer 1, word 0: what copying the area cost */
};

static uint64_t instructions(void)
{
    uint64_t count;
    __asm__ volatile("rdinstret %0" : "=r"(count));
    return count;
}

static uint64_t fetch_cost(uint64_t buffer)
{
    static char own[KERNE_PAGE] __attribute__((aligned(4096)));
    uint64_t bytes;
    uint64_t start = instructions();
    (void)kerne_general_copy(buffer, KERNE_FETCH, 0, own, sizeof(own), &bytes);
    return instructions() - start;
}

static void serve_by_two_calls(void)
{
    for (;;) {
        struct kerne_received message = kerne_wait_message();
        (void)kerne_send_answer(message.buffer, KERNE_r_normal, &none);
    }
}

static void server(void)
{
    struct kerne_words answer = none;
    uint64_t buffer = 0;
    for (;;) {
        struct kerne_received message =
            kerne_serve(buffer, KERNE_r_normal, &answer);
        buffer = message.buffer;
        switch (kerne_operation_of(&message.words)) {
        case FETCH_PAGE:
            answer.w[KERNE_WORD_STATUS] = fetch_cost(buffer);
            break;
        case USE_FOUR:
            (void)kerne_send_answer(buffer, KERNE_r_normal, &none);
            serve_by_two_calls();
            break;
        default: break;
        }
    }
}

/* ---- what is measured ---------------------------------------------------- */

static uint64_t nothing(void)
{
    uint64_t start = instructions();
    return instructions() - start;
}

static uint64_t null_call(void)
{
    uint64_t start = instructions();
    (void)kerne_get_clock();
    return instructions() - start;
}

static uint64_t converse(void)
{
    struct kerne_words message = { { KERNE_OPERATION(ANSWER, 0), 1, 2, 3 } };
    struct kerne_words answer;
    uint64_t start = instructions();
    (void)kerne_converse(KERNE_ADDRESS(0, SERVER), &message, &answer);
    return instructions() - start;
}

static uint64_t send_and_wait(void)
{
    struct kerne_words message = { { KERNE_OPERATION(ANSWER, 0), 1, 2, 3 } };
    struct kerne_words answer;
    uint64_t buffer;
    uint64_t start = instructions();
    (void)kerne_send_message(KERNE_ADDRESS(0, SERVER), &message, &buffer);
    (void)kerne_wait_answer(buffer, &answer);
    return instructions() - start;
}

static uint64_t copy(void)
{
    struct kerne_words answer;
    struct kerne_words message =
        kerne_area(FETCH_PAGE, KERNE_GRANT_READ, page, sizeof(page));
    (void)kerne_converse(KERNE_ADDRESS(0, SERVER), &message, &answer);
    return answer.w[KERNE_WORD_STATUS];
}

/* ---- the table ----------------------------------------------------------- */

struct range {
    uint64_t least;
    uint64_t greatest;
};

/* The first rounds touch pages for the first time; they do not count. */
static struct range measure(uint64_t (*once)(void))
{
    struct range range = { UINT64_MAX, 0 };
    for (int i = -4; i < ROUNDS; i++) {
        uint64_t cost = once();
        if (i >= 0) {
            range.least = cost < range.least ? cost : range.least;
            range.greatest = cost > range.greatest ? cost : range.greatest;
        }
    }
    return range;
}

static void print(const char *what, uint64_t (*once)(void), uint64_t reading)
{
    struct range range = measure(once);
    printf("%-32s %8llu %8llu\n", what,
           (unsigned long long)(range.least - reading),
           (unsigned long long)(range.greatest - reading));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        printf("bench: expected no arguments; got `%s`\n", argv[1]);
        return 1;
    }
    struct kin kin = {
        .creation = { .name = "server",
                      .number = SERVER,
                      .tables = KIN_TABLES,
                      .mask = KERNE_MASK_ALL },
        .begin = server,
        .stack = server_stack,
    };
    uint64_t result = kin_make(&kin);
    if (result != KERNE_r_normal) {
        kerne_give_up("bench: cannot make its server: %s; give bench 1 "
                      "process, 4 buffers and 6 tables",
                      kerne_result_text(result));
    }
    struct range reading = measure(nothing);
    if (reading.least != reading.greatest) {
        printf("This machine does not count instructions (QEMU without "
               "-icount shift=0):\nthe figures follow the host's clock and "
               "mean nothing.\n");
    }
    printf("%-32s %8s %8s\n", "instructions", "least", "most");
    print("null call (get clock)", null_call, reading.least);
    print("converse, served by serve", converse, reading.least);
    print("copy of 4096 bytes", copy, reading.least);
    (void)kerne_ask(KERNE_ADDRESS(0, SERVER), USE_FOUR, 0, 0,
                    &(struct kerne_words){ { 0 } });
    print("the same by the four calls", send_and_wait, reading.least);
    (void)kerne_remove(kin.reference);
    return 0;
}
