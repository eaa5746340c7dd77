/*
 * General copy with wrong arguments, and describe with wrong cursors: like
 * arguments.c, for the two functions that take most.
 */
#include "attack.h"

#define CALL(function, ...)                 \
    {                                       \
        .a7 = KERNE_##function, __VA_ARGS__ \
    }

#define UPPER UINT64_C(0xffffffc000000000)
#define USER_END (UINT64_C(1) << 38)
#define NUCLEUS UINT64_C(0xffffffc080200000)
#define AREA_BYTES 64

static uint8_t area[AREA_BYTES];
static uint8_t own[AREA_BYTES];

/* A message of one's own to oneself, with this area, received. */
static uint64_t granted(uint64_t grant, uint64_t first, uint64_t last)
{
    uint64_t buffer;
    expect_result(kerne_send_message(
                      KERNE_SELF,
                      WORDS(KERNE_OPERATION(KERNE_SENSE, grant), first, last),
                      &buffer),
                  normal);
    expect_result(kerne_get_event(buffer), normal);
    return buffer;
}

static void drop(uint64_t buffer)
{
    struct kerne_words words;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_result(kerne_wait_answer(buffer, &words), normal);
}

#define COPY(label, register, values, expected, ...)                      \
    {                                                                     \
        label, CALL(general_copy, __VA_ARGS__), REGISTER_A0 + (register), \
            (values), COUNT(values), (expected)                           \
    }

static void copy_arguments(void)
{
    const uint64_t no_directions[] = { 2, 3, UINT64_C(1) << 32, UINT64_MAX };
    const uint64_t beyond[] = {
        /* the area's end, as offset */
        AREA_BYTES - 7, AREA_BYTES,     AREA_BYTES + 1,     UINT64_C(1) << 63,
        UINT64_MAX,     UINT64_MAX - 7, 0 - (uint64_t)area, UPPER,
    };
    const uint64_t too_long[] = {
        AREA_BYTES + 1,  UINT64_MAX,        UINT64_C(1) << 63,
        UINT64_MAX - 63, UINT64_C(1) << 32, 0 - (uint64_t)area,
    };
    const uint64_t nowhere[] = {
        /* own addresses */
        0,          USER_END,       UPPER,        NUCLEUS,
        UINT64_MAX, UINT64_MAX - 7, USER_END - 8, UINT64_C(1) << 63,
    };
    const uint64_t none[] = { 0 };
    uint64_t both = granted(3, (uint64_t)area, (uint64_t)area + AREA_BYTES);
    uint64_t read = granted(1, (uint64_t)area, (uint64_t)area + AREA_BYTES);
    uint64_t write = granted(2, (uint64_t)area, (uint64_t)area + AREA_BYTES);
    uint64_t mine = (uint64_t)own;
#define BUT .a0 = both, .a3 = mine, .a4 = 8
    const struct attempt attempts[] = {
        COPY("copy: direction", 1, no_directions, RESULT(bad_argument), BUT),
        COPY("copy: offset", 2, beyond, RESULT(no_grant), BUT),
        COPY("copy: length", 4, too_long, RESULT(no_grant), .a0 = both,
             .a3 = mine),
        COPY("copy: own address, fetch", 3, nowhere,
             BROKE | RESULT(bad_address), BUT),
        COPY("copy: own address, store", 3, nowhere,
             BROKE | RESULT(bad_address), BUT, .a1 = KERNE_STORE),
        COPY("copy: nothing is granted to be written", 2, none,
             RESULT(no_grant), .a0 = read, .a1 = KERNE_STORE, .a3 = mine,
             .a4 = 8),
        COPY("copy: nothing is granted to be read", 2, none, RESULT(no_grant),
             .a0 = write, .a3 = mine, .a4 = 8),
    };
#undef BUT
    attack_with(attempts, COUNT(attempts));
    drop(both);
    drop(read);
    drop(write);
}

/* Areas that are none: the receiver is told, and never breaks for them. */
static void granted_areas(void)
{
    static const struct {
        uint64_t first;
        uint64_t last;
    } areas[] = {
        { 64, 0 },
        { UINT64_MAX, 0 },
        { 1, 0 },
        { 0, 0 },
        { UPPER, UPPER + 64 },
        { NUCLEUS, NUCLEUS + 64 },
        { USER_END, USER_END + 64 },
        { UINT64_MAX - 63, UINT64_MAX },
        { UINT64_C(1) << 63, UINT64_MAX },
        { UINT64_C(1) << 39, UINT64_MAX },
    };
    for (unsigned i = 0; i < COUNT(areas); i++) {
        uint64_t buffer = granted(3, areas[i].first, areas[i].last);
        const uint64_t length[] = { 1, 64 };
        const struct attempt attempts[] = {
            COPY("copy: from no area", 4, length,
                 RESULT(no_grant) | RESULT(missing) | RESULT(bad_address),
                 .a0 = buffer, .a3 = (uint64_t)own),
            COPY("copy: to no area", 4, length,
                 RESULT(no_grant) | RESULT(missing) | RESULT(bad_address),
                 .a0 = buffer, .a1 = KERNE_STORE, .a3 = (uint64_t)own),
        };
        attack_with(attempts, COUNT(attempts));
        drop(buffer);
    }
}

/* Nothing at all is copied without a fault, wherever it would go. */
static void nothing(void)
{
    const uint64_t anywhere[] = { 0, (uint64_t)own, UPPER, UINT64_MAX };
    uint64_t buffer = granted(3, (uint64_t)area, (uint64_t)area + AREA_BYTES);
    const struct attempt attempts[] = {
        COPY("copy: nothing", 3, anywhere, RESULT(normal) | RESULT(bad_address),
             .a0 = buffer, .a2 = AREA_BYTES),
    };
    attack_with(attempts, COUNT(attempts));
    drop(buffer);
}

/* A wrong copy has changed neither side. */
static void copies(void)
{
    memset(area, 0x5a, sizeof area);
    memset(own, 0xa5, sizeof own);
    copy_arguments();
    granted_areas();
    nothing();
    for (unsigned i = 0; i < AREA_BYTES; i++) {
        expect_equal(area[i], 0x5a);
        expect_equal(own[i], 0xa5);
    }
}

/* ---- describe ----------------------------------------------------------- */

static void cursors(void)
{
    const uint64_t not_zero[] = { 1, 255, UINT64_MAX, UINT64_C(1) << 63 };
    const uint64_t no_claims[] = { 5, 255, UINT64_MAX };
    const uint64_t no_pages[] = { UINT64_C(1) << 26, UINT64_MAX, UPPER };
    const uint64_t no_buffers[] = {
        1,
        scene.stale,
        scene.foreign,
        scene.itself,
        UINT64_MAX,
        NUCLEUS,
        UINT64_C(0x7fffffff00000000),
    };
    const uint64_t no_sent[] = { scene.held, scene.queued, scene.foreign };
    const uint64_t no_held[] = { scene.sent, scene.queued, scene.answer };
    const uint64_t no_event[] = { scene.sent, scene.held };
#define CURSOR(what, values, expected)                                   \
    {                                                                    \
        "describe: cursor", CALL(describe, .a1 = KERNE_DESCRIBE_##what), \
            REGISTER_A0 + 2, (values), COUNT(values), (expected)         \
    }
#define PIECE (RESULT(bad_argument) | RESULT(no_more))
    const struct attempt attempts[] = {
        CURSOR(PROCESS, not_zero, RESULT(normal)), /* ignored */
        CURSOR(TREE, not_zero, RESULT(normal)),
        CURSOR(CLAIM, no_claims, PIECE),
        CURSOR(WINDOW, no_pages, PIECE),
        CURSOR(EVENT, no_buffers, RESULT(gone)),
        CURSOR(HELD, no_buffers, RESULT(gone)),
        CURSOR(SENT, no_buffers, RESULT(gone)),
        CURSOR(WORDS, no_buffers, RESULT(gone)),
        CURSOR(EVENT, no_event, RESULT(gone)),
        CURSOR(HELD, no_held, RESULT(gone)),
        CURSOR(SENT, no_sent, RESULT(gone)),
    };
#undef CURSOR
#undef PIECE
    attack_with(attempts, COUNT(attempts));
}

static void general_copies(void) { attack_run(copies); }

static void describe_cursors(void) { attack_run(cursors); }

const struct test tests[] = {
    { .name = "hostile.general_copies", .function = general_copies },
    { .name = "hostile.describe_cursors", .function = describe_cursors },
    { NULL, .function = NULL },
};
