/*
 * pelter NAME MESSAGES SEED: sends messages of random words to a server of
 * segments, and to an area of it if it is a store: for disk.py and store.py.
 * Each is answered, with a result that there is, or regretted; the words are
 * those that come near to something.
 */
#include <backing.h>
#include <segments.h>
#include <stdio.h>
#include <stdlib.h>

#define AREA 5        /* the child number of its area */
#define UNDER_WAY 6   /* messages at once */
#define SEGMENTS 4096 /* about as many as there are */

static char room[4 * KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static uint64_t seed;

static uint64_t dice(uint64_t sides)
{
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (seed >> 33) % sides;
}

/* An area of its own, whole or in part; or none that is. */
static void put_area(struct kerne_words *words)
{
    static const uint64_t bytes[] = { 0, 1, 511, 512, 513, 1024, 4096, 8192 };
    static const uint64_t far[] = {
        0, 8, UINT64_C(1) << 40, UINT64_C(1) << 63, -UINT64_C(512), UINT64_MAX,
    };
    uint64_t first = dice(3) > 0 ? (uint64_t)room + dice(KERNE_PAGE)
                                 : far[dice(sizeof far / sizeof *far)];
    words->w[1] = first;
    words->w[2] = first + bytes[dice(sizeof bytes / sizeof *bytes)];
    if (dice(8) == 0) { words->w[2] = far[dice(sizeof far / sizeof *far)]; }
}

static void put_name(uint64_t words[2])
{
    static const char *const names[] = {
        "pelted", "other",           "third",    "",     "Bad",
        "a b",    "fifteen_letters", "\xff\xff", "more",
    };
    char name[KERNE_NAME_BYTES] = { 0 };
    const char *chosen = names[dice(sizeof names / sizeof *names)];
    strncpy(name, chosen, sizeof name - (dice(8) > 0));
    if (dice(8) == 0) { name[dice(sizeof name)] = (char)dice(256); }
    memcpy(words, name, sizeof name);
}

static uint64_t number(void)
{
    static const uint64_t numbers[] = {
        0,          1,          8,        100,
        383,        384,        SEGMENTS, UINT64_C(1) << 32,
        UINT64_MAX, UINT64_MAX, 65535,    UINT64_C(1) << 63,
    };
    return dice(3) == 0
               ? dice(SEGMENTS)
               : numbers[dice(sizeof numbers / sizeof *numbers)] - dice(9);
}

static struct kerne_words random_message(void)
{
    static const uint64_t operations[] = { 0, 3, 5, 24, 26, 30, 64 };
    uint64_t operation = dice(2) == 0 ? operations[dice(7)] : dice(66);
    struct kerne_words words = { { KERNE_OPERATION(operation, dice(4)) } };
    if (dice(20) == 0) { words.w[0] |= dice(64) << 58; }
    if (dice(2) == 0) {
        put_area(&words);
    } else {
        put_name(&words.w[1]);
    }
    for (int i = 3; i < 8; i++) { words.w[i] = number(); }
    if (dice(4) == 0) { put_name(&words.w[3]); }
    return words;
}

/* Sends some, and regrets what was not answered before a later one was.  Of
 * what the server has received the buffers come back when it answers. */
static bool pelt(uint64_t address)
{
    uint64_t buffer[UNDER_WAY] = { 0 };
    struct kerne_words answer;
    for (int i = 0; i < UNDER_WAY; i++) {
        struct kerne_words words = random_message();
        (void)kerne_send_message(address, &words, &buffer[i]);
    }
    uint64_t result = kerne_ask(address, KERNE_SENSE, 0, 0, &answer);
    for (int i = 0; i < UNDER_WAY; i++) { kerne_regret_message(buffer[i]); }
    return result == KERNE_r_no_buffers ||
           (result >= KERNE_r_normal && result <= KERNE_r_does_not_exist);
}

int main(int argc, char **argv)
{
    if (argc < 4) { return 2; }
    struct kerne_use use = { .address = kerne_find(argv[1]) };
    uint64_t server = use.address, wrong = 0;
    struct kerne_words answer;
    seed = strtoull(argv[3], NULL, 0);
    if (kerne_backing_ask(server, KERNE_BACKING_CREATE, "own", 64, 0,
                          &answer) == KERNE_r_normal) {
        kerne_use(server, "own", AREA, KERNE_USE_WRITE, &use);
    }
    for (uint64_t i = strtoull(argv[2], NULL, 0); i >= UNDER_WAY;
         i -= UNDER_WAY) {
        wrong += !pelt(dice(2) > 0 ? server : use.address);
    }
    printf("%lu rounds were answered wrongly: %s\n", (unsigned long)wrong,
           wrong == 0 ? "good" : "WRONG");
    return 0;
}
