/*
 * keepsake hold: makes a temporary area, uses it, and stays.
 * keepsake leave SECONDS: makes a permanent area, writes into it without a
 * flush, and finishes after so long.
 * keepsake flush: flushes the store, again and again.
 * keepsake count: says one number after the other, each once it is durable.
 * keepsake STEPS [SEED]: a client of the process `store`, for store.py.  Makes,
 * writes, reads, renames, resizes, flushes and removes areas of its own, at
 * random, and looks whether they hold what it put there; the last is left.
 */
#include <backing.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER 3
#define MOST_PAGES 24
#define MOST (MOST_PAGES * KERNE_PAGE / KERNE_SEGMENT)

static uint64_t store;
static uint64_t seed;
static uint64_t wrong;
static char own[KERNE_NAME_BYTES];
static unsigned version; /* of the area's name */
static struct kerne_use use;
static uint64_t segments; /* of the area; all with a stamp */
static uint64_t stamps[MOST];
static uint64_t area[MOST][KERNE_SEGMENT / 8];

static uint64_t dice(uint64_t n)
{
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (seed >> 33) % n;
}

static void check(const char *what, uint64_t result)
{
    if (result != KERNE_r_normal) {
        printf("%s: WRONG: %s\n", what, kerne_result_text(result));
        exit(1);
    }
}

static const char *name(void)
{
    static char text[2 * KERNE_NAME_BYTES];
    snprintf(text, sizeof text, "%s-%u", own, version);
    return text;
}

_Noreturn static void hold(void)
{
    struct kerne_words answer;
    check("create", kerne_backing_ask(store, KERNE_BACKING_CREATE, "held", 8, 0,
                                      &answer));
    check("use", kerne_use(store, "held", NUMBER, KERNE_USE_WRITE, &use));
    printf("held\n");
    for (;;) { (void)kerne_delay(kerne_ticks(1000000)); }
}

static int leave(uint64_t seconds)
{
    struct kerne_words answer;
    struct kerne_segments_done done;
    check("create", kerne_backing_ask(store, KERNE_BACKING_CREATE, "left", 8,
                                      KERNE_AREA_PERMANENT, &answer));
    check("use", kerne_use(store, "left", NUMBER, KERNE_USE_WRITE, &use));
    memcpy(area[0], "kilroy", 7);
    check("output", kerne_segments_output(use.address, 0, area, 1, &done));
    (void)kerne_delay(kerne_ticks(seconds * 1000000));
    return 0;
}

_Noreturn static void flush(void)
{
    struct kerne_segments_done done;
    for (;;) { check("flush", kerne_segments_flush(store, &done)); }
}

_Noreturn static void count(void)
{
    struct kerne_words answer;
    struct kerne_segments_done done;
    (void)kerne_backing_ask(store, KERNE_BACKING_CREATE, "count", 8,
                            KERNE_AREA_PERMANENT, &answer);
    check("use", kerne_use(store, "count", NUMBER, KERNE_USE_WRITE, &use));
    check("input", kerne_segments_input(use.address, 0, area, 1, &done));
    for (;;) {
        area[0][0]++;
        check("output", kerne_segments_output(use.address, 0, area, 1, &done));
        check("flush", kerne_segments_flush(use.address, &done));
        printf("%lu\n", (unsigned long)area[0][0]);
    }
}

/* What one of the same name may have left that was removed. */
static void forget(void)
{
    struct kerne_words answer;
    (void)kerne_backing_ask(store, KERNE_BACKING_REMOVE, name(), 0, 0, &answer);
}

static void ask(uint64_t operation, uint64_t word_3, uint64_t word_4)
{
    struct kerne_words answer;
    check("ask",
          kerne_backing_ask(store, operation, name(), word_3, word_4, &answer));
    if (operation == KERNE_BACKING_CREATE) {
        segments = answer.w[KERNE_WORD_AREA_SIZE];
    }
}

static void begin_use(void)
{
    check("use", kerne_use(store, name(), NUMBER, KERNE_USE_WRITE, &use));
}

static void fill(uint64_t first, uint64_t count)
{
    uint64_t stamp = dice(1 << 30) + 1;
    for (uint64_t i = 0; i < count; i++) {
        stamps[first + i] = stamp + i;
        for (uint64_t k = 0; k < KERNE_SEGMENT / 8; k++) {
            area[i][k] = (stamp + i) * 0x9e3779b97f4a7c15 + k;
        }
    }
}

static void verify(uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        uint64_t stamp = stamps[first + i];
        for (uint64_t k = 0; k < KERNE_SEGMENT / 8; k++) {
            uint64_t word = stamp == 0 ? 0 : stamp * 0x9e3779b97f4a7c15 + k;
            wrong += area[i][k] != word;
        }
    }
}

static void move(bool is_output)
{
    struct kerne_segments_done done;
    uint64_t first = dice(segments);
    uint64_t count = dice(dice(4) == 0 ? segments : 12) + 1;
    if (count > segments - first) { count = segments - first; }
    if (is_output) {
        fill(first, count);
        check("output",
              kerne_segments_output(use.address, first, area, count, &done));
    } else {
        check("input",
              kerne_segments_input(use.address, first, area, count, &done));
        verify(first, count);
    }
}

/* What is not done by way of the area in use. */
static void change(void)
{
    uint64_t words[2];
    uint64_t wanted = (dice(MOST_PAGES) + 1) * 8;
    kerne_use_end(&use);
    if (dice(3) == 0) {
        ask(KERNE_BACKING_REMOVE, 0, 0);
        memset(stamps, 0, sizeof stamps);
        version++;
        forget();
        ask(KERNE_BACKING_CREATE, wanted, KERNE_AREA_PERMANENT);
    } else if (dice(2) == 0) {
        version++;
        kerne_name(name(), words);
        forget();
        version--;
        ask(KERNE_BACKING_RENAME, words[0], words[1]);
        version++;
    } else {
        ask(KERNE_BACKING_SIZE, wanted, 0);
        for (uint64_t i = wanted; i < MOST; i++) { stamps[i] = 0; }
        segments = wanted;
    }
    begin_use();
}

int main(int argc, char **argv)
{
    struct kerne_process_record record;
    struct kerne_segments_done done;
    (void)kerne_describe_process(0, &record);
    snprintf(own, sizeof own, "%.8s", record.name);
    store = kerne_find("store");
    if (argc > 1 && strcmp(argv[1], "hold") == 0) { hold(); }
    if (argc > 1 && strcmp(argv[1], "flush") == 0) { flush(); }
    if (argc > 1 && strcmp(argv[1], "count") == 0) { count(); }
    if (argc > 2 && strcmp(argv[1], "leave") == 0) {
        return leave(strtoull(argv[2], NULL, 0));
    }
    seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    forget();
    ask(KERNE_BACKING_CREATE, 64, KERNE_AREA_PERMANENT);
    begin_use();
    for (unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
         left > 0; left--) {
        uint64_t what = dice(20);
        if (what == 0) {
            change();
        } else if (what < 4) {
            check("flush", kerne_segments_flush(use.address, &done));
        } else {
            move(what < 14);
        }
    }
    kerne_use_end(&use);
    printf("%s: %s, %lu words wrong\n", own, wrong == 0 ? "good" : "WRONG",
           (unsigned long)wrong);
    return 0;
}
