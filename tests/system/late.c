/*
 * late serve: stands for the console; holds each input a while, and fills its
 * area with its word 3 then.  What is said to it it drops.
 *
 * late TAG ROUNDS [disk]: asks it, or a disk, so often for an area full of TAG,
 * of a disk from segment TAG on, computing meanwhile; and finishes with 1 if
 * anything else came in, or if an answer said that it had come and it had not.
 *
 * late line: asks the console for a line, touches so many other pages until
 * there is an answer that a parent that pages has put out the one for the line,
 * and prints the line.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define HELD 16
#define DELAY 8000 /* microseconds */
#define WORDS (8 * KERNE_PAGE / sizeof(uint64_t))

static uint64_t area[WORDS] __attribute__((aligned(4096)));

/* ---- the server ---------------------------------------------------------- */

static struct kerne_received held[HELD];
static unsigned count;

static void answer(uint64_t buffer, uint64_t result, uint64_t status,
                   uint64_t bytes)
{
    (void)kerne_send_answer(buffer, result,
                            &(struct kerne_words){ { status, bytes } });
}

static void store(const struct kerne_received *input)
{
    uint64_t copied, bytes = kerne_area_bytes(&input->words, KERNE_GRANT_WRITE);
    for (uint64_t i = 0; i < WORDS; i++) { area[i] = input->words.w[3]; }
    uint64_t result =
        kerne_general_copy(input->buffer, KERNE_STORE, 0, area, bytes, &copied);
    bool is_done = result == KERNE_r_normal;
    answer(input->buffer, is_done ? KERNE_r_normal : KERNE_r_malfunction,
           is_done ? 0 : result, copied);
}

static _Noreturn void serve(void)
{
    const uint64_t clock = kerne_find("clock");
    const struct kerne_words wait = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                        kerne_ticks(DELAY) } };
    uint64_t alarm;
    (void)kerne_send_message(clock, &wait, &alarm);
    for (;;) {
        struct kerne_received event =
            kerne_serve(0, 0, &(struct kerne_words){ { 0 } });
        if (KERNE_EVENT_KIND(event.event) == KERNE_ANSWER) {
            while (count > 0) { store(&held[--count]); }
            (void)kerne_send_message(clock, &wait, &alarm);
        } else if (kerne_operation_of(&event.words) == KERNE_INPUT &&
                   count < HELD) {
            held[count++] = event;
        } else {
            answer(event.buffer, KERNE_r_normal, 0,
                   kerne_area_bytes(&event.words, KERNE_GRANT_READ));
        }
    }
}

/* ---- the client ---------------------------------------------------------- */

static void touch_all(void)
{
    const struct kerne_range *storage = &kerne_start_record->storage[0];
    for (uint64_t page = storage->first; page + KERNE_PAGE < storage->last;
         page += KERNE_PAGE) {
        (void)*(volatile char *)page;
    }
}

static int read_line(void)
{
    const uint64_t console = kerne_find("console");
    static char line[KERNE_LINE_BYTES + 1] __attribute__((aligned(4096)));
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, line, KERNE_LINE_BYTES);
    struct kerne_words answer;
    uint64_t buffer;
    size_t bytes;
    printf("late asks\n");
    (void)kerne_send_message(console, &message, &buffer);
    do {
        touch_all();
    } while (kerne_test_event(0).buffer != buffer);
    if (kerne_wait_answer(buffer, &answer) != KERNE_r_normal) {
        printf("late asks again: %s\n",
               kerne_result_text(answer.w[KERNE_WORD_STATUS]));
        (void)kerne_input(console, line, KERNE_LINE_BYTES, &bytes);
    }
    printf("late has %s", line);
    return 0;
}

/* Computes until the answer is there, as one that does not wait would. */
static uint64_t ask(uint64_t console, uint64_t tag, struct kerne_words *answer)
{
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, area, sizeof area);
    uint64_t buffer;
    message.w[3] = tag;
    (void)kerne_send_message(console, &message, &buffer);
    while (kerne_test_event(0).buffer != buffer) {}
    return kerne_wait_answer(buffer, answer);
}

static bool holds(uint64_t tag, bool all)
{
    for (uint64_t i = 0; i < WORDS; i++) {
        if (area[i] != tag && (all || area[i] != 0)) { return false; }
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "line") == 0) { return read_line(); }
    if (argc < 3) { serve(); }
    const uint64_t console = kerne_find(argc > 3 ? argv[3] : "console");
    uint64_t tag = strtoull(argv[1], NULL, 10);
    uint64_t rounds = strtoull(argv[2], NULL, 10);
    bool wrong = false;
    for (uint64_t round = 0; round < rounds; round++) {
        struct kerne_words answer;
        memset(area, 0, sizeof area);
        bool came = ask(console, tag, &answer) == KERNE_r_normal;
        wrong = wrong || !holds(tag, came);
    }
    return wrong;
}
