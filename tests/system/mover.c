/*
 * mover TEST ...: a client of the process `disk`, for disk.py.  Says of each
 * thing that it tries `good`, or what came in place of what was wanted.
 */
#include <segments.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE_SEGMENTS (KERNE_PAGE / KERNE_SEGMENT)
#define MOST 64 /* messages at once */

static uint64_t disk;
static struct kerne_segments about;

static char pages[MOST][KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static char large[512 * 1024];

/* ---- patterns ------------------------------------------------------------ */

static void fill(void *area, uint64_t first, uint64_t segments, uint64_t seed)
{
    uint64_t *word = area;
    for (uint64_t i = 0; i < segments * KERNE_SEGMENT / 8; i++) {
        word[i] = (first * KERNE_SEGMENT / 8 + i) * 0x9e3779b97f4a7c15 ^ seed;
    }
}

static bool is_filled(const void *area, uint64_t first, uint64_t segments,
                      uint64_t seed)
{
    const uint64_t *word = area;
    uint64_t i = 0, words = segments * KERNE_SEGMENT / 8;
    while (i < words &&
           word[i] ==
               ((first * KERNE_SEGMENT / 8 + i) * 0x9e3779b97f4a7c15 ^ seed)) {
        i++;
    }
    return i == words;
}

static void say(const char *what, bool is_good)
{
    printf("%s: %s\n", what, is_good ? "good" : "WRONG");
}

/* ---- one at a time ------------------------------------------------------- */

static void write_pattern(uint64_t first, uint64_t segments, uint64_t seed)
{
    struct kerne_segments_done done;
    fill(large, first, segments, seed);
    kerne_segments_output(disk, first, large, segments, &done);
    say("output", done.result == KERNE_r_normal && done.segments == segments);
    kerne_segments_flush(disk, &done);
    say("flush", done.result == KERNE_r_normal);
}

static void read_pattern(uint64_t first, uint64_t segments, uint64_t seed)
{
    struct kerne_segments_done done;
    memset(large, 0xee, segments * KERNE_SEGMENT);
    kerne_segments_input(disk, first, large, segments, &done);
    say("input", done.result == KERNE_r_normal && done.segments == segments &&
                     is_filled(large, first, segments, seed));
}

static void show(const char *what, const struct kerne_segments_done *done)
{
    printf("%s: result %lu, status %lu, %lu segments: %s\n", what,
           (unsigned long)done->result, (unsigned long)done->status,
           (unsigned long)done->segments, kerne_segments_text(done));
}

static void try_all(uint64_t segment)
{
    struct kerne_segments_done done;
    kerne_segments_input(disk, segment, large, 8, &done);
    show("input", &done);
    kerne_segments_output(disk, segment, large, 8, &done);
    show("output", &done);
    kerne_segments_flush(disk, &done);
    show("flush", &done);
}

static void sense(void)
{
    struct kerne_segments_done done;
    if (kerne_segments_sense(disk, &about, &done) == KERNE_r_normal) {
        printf("sense: %lu segments, %s, %lu at most, %lu best\n",
               (unsigned long)about.all,
               about.is_writable ? "writable" : "read only",
               (unsigned long)about.largest, (unsigned long)about.best);
    } else {
        show("sense", &done);
    }
}

/* ---- many at once -------------------------------------------------------- */

static void send(uint64_t operation, uint64_t grant, unsigned i, uint64_t first,
                 uint64_t *ret_buffer)
{
    struct kerne_words message = kerne_segments_message(
        operation, grant, pages[i], PAGE_SEGMENTS, first + i * PAGE_SEGMENTS);
    if (kerne_send_message(disk, &message, ret_buffer) != KERNE_r_normal) {
        kerne_give_up("mover: no buffer");
    }
}

static bool all_done(const uint64_t *buffer, unsigned count)
{
    bool is_good = true;
    for (unsigned i = 0; i < count; i++) {
        struct kerne_words answer;
        is_good &= kerne_wait_answer(buffer[i], &answer) == KERNE_r_normal &&
                   answer.w[KERNE_WORD_BYTES] == KERNE_PAGE;
    }
    return is_good;
}

static void flight(unsigned count)
{
    uint64_t buffer[MOST] = { 0 }, first = 2000;
    for (unsigned i = 0; i < count; i++) {
        fill(pages[i], first + i * PAGE_SEGMENTS, PAGE_SEGMENTS, 7);
        send(KERNE_OUTPUT, KERNE_GRANT_READ, i, first, &buffer[i]);
    }
    say("outputs in flight", all_done(buffer, count));
    memset(pages, 0, sizeof pages);
    for (unsigned i = 0; i < count; i++) {
        send(KERNE_INPUT, KERNE_GRANT_WRITE, i, first, &buffer[i]);
    }
    bool is_good = all_done(buffer, count);
    for (unsigned i = 0; i < count; i++) {
        is_good &=
            is_filled(pages[i], first + i * PAGE_SEGMENTS, PAGE_SEGMENTS, 7);
    }
    say("inputs in flight", is_good);
}

/* Regretted in all stages: an area of which the pages must then stay as they
 * are, whatever the disk does. */
static void regret(unsigned rounds)
{
    uint64_t buffer[MOST] = { 0 };
    bool is_good = true;
    for (unsigned round = 0; round < rounds; round++) {
        memset(pages, 0x55, sizeof pages);
        for (unsigned i = 0; i < MOST; i++) {
            send(KERNE_INPUT, KERNE_GRANT_WRITE, i, 0, &buffer[i]);
        }
        for (unsigned i = 0; i < round % MOST; i++) {
            struct kerne_words answer;
            kerne_wait_answer(buffer[i], &answer);
        }
        for (unsigned i = round % MOST; i < MOST; i++) {
            kerne_regret_message(buffer[i]);
            memset(pages[i], 0x55, KERNE_PAGE);
        }
        struct kerne_segments_done done;
        is_good &= kerne_segments_flush(disk, &done) == KERNE_r_normal;
        for (unsigned i = round % MOST; i < MOST; i++) {
            for (unsigned k = 0; k < KERNE_PAGE; k++) {
                is_good &= pages[i][k] == 0x55;
            }
        }
    }
    say("regret", is_good);
}

/* Asks for more than the driver has slots, and waits for ever. */
static void hang(void)
{
    struct kerne_words message;
    uint64_t buffer;
    for (unsigned i = 0; i < MOST; i++) {
        message = kerne_segments_message(KERNE_INPUT, KERNE_GRANT_WRITE, large,
                                         sizeof large / KERNE_SEGMENT, 0);
        (void)kerne_send_message(disk, &message, &buffer);
    }
    for (;;) { (void)kerne_wait_message(); }
}

/* ---- what cannot be ------------------------------------------------------ */

static void refusals(void)
{
    const uint64_t a = (uint64_t)large, in = KERNE_OPERATION(3, 2),
                   out = KERNE_OPERATION(5, 1), all = about.all;
    const struct {
        const char *what;
        uint64_t w[4], result, status;
    } tries[] = {
        { "no grant", { KERNE_OPERATION(3, 0), a, a + 512, 0 }, 3, 64 },
        { "the other grant", { KERNE_OPERATION(3, 1), a, a + 512, 0 }, 3, 64 },
        { "output, other grant",
          { KERNE_OPERATION(5, 2), a, a + 512, 0 },
          3,
          64 },
        { "half a segment", { in, a, a + 256, 0 }, 3, 64 },
        { "a byte more", { in, a, a + 513, 0 }, 3, 64 },
        { "backwards", { in, a + 512, a, 0 }, 3, 64 },
        { "all addresses", { in, 0, ~UINT64_C(511), 0 }, 2, 65 },
        { "no area of its own", { out, 0, 512, 0 }, 4, KERNE_r_missing },
        { "not an address", { out, 1ull << 60, (1ull << 60) + 512, 0 }, 4, 27 },
        { "one beyond", { in, a, a + 1024, all - 1 }, 2, 65 },
        { "the end", { in, a, a + 512, all }, 2, 65 },
        { "an overflow", { in, a, a + 1024, UINT64_MAX }, 2, 65 },
        { "another one", { out, a, a + 1024, UINT64_MAX - 1 }, 2, 65 },
        { "bytes overflow", { out, a, a + 512, UINT64_C(1) << 55 }, 2, 65 },
        { "nothing at the end", { in, a, a, all }, 1, 0 },
        { "the last one", { in, a, a + 512, all - 1 }, 1, 0 },
        { "another operation", { KERNE_OPERATION(7, 3), a, a + 512, 0 }, 3, 0 },
        { "none", { UINT64_MAX, a, a + 512, 0 }, 3, 0 },
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct kerne_words message = { { 0 } }, answer;
        memcpy(&message, tries[i].w, sizeof tries[i].w);
        uint64_t result = kerne_converse(disk, &message, &answer);
        if (result == tries[i].result && answer.w[0] == tries[i].status) {
            say(tries[i].what, true);
        } else {
            printf("%s: WRONG: result %lu, status %lu\n", tries[i].what,
                   (unsigned long)result, (unsigned long)answer.w[0]);
        }
    }
}

int main(int argc, char **argv)
{
    uint64_t number[4] = { 0 };
    const char *test = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc && i < 6; i++) {
        number[i - 2] = strtoull(argv[i], NULL, 0);
    }
    disk = kerne_find("disk");
    sense();
    if (strcmp(test, "write") == 0) {
        write_pattern(number[0], number[1], number[2]);
    } else if (strcmp(test, "read") == 0) {
        read_pattern(number[0], number[1], number[2]);
    } else if (strcmp(test, "try") == 0) {
        try_all(number[0]);
    } else if (strcmp(test, "flight") == 0) {
        flight((unsigned)number[0]);
    } else if (strcmp(test, "regret") == 0) {
        regret((unsigned)number[0]);
    } else if (strcmp(test, "hang") == 0) {
        hang();
    } else if (strcmp(test, "refusals") == 0) {
        refusals();
    }
    return 0;
}
