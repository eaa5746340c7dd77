/*
 * General copy.  The client's area lies in the arena, which the children do
 * not have unless it is mapped into them.
 */
#include "actor.h"
#include "harness.h"

#define AREA_PAGES 3
#define AREA_BYTES (AREA_PAGES * (uint64_t)KERNE_PAGE)
#define ALL (KERNE_READ | KERNE_WRITE)

static uint8_t own[AREA_BYTES];

/* A message to oneself that grants [first, last), received. */
static uint64_t grant(unsigned rights, uint64_t first, uint64_t last)
{
    uint64_t buffer;
    expect_result(kerne_send_message(
                      KERNE_SELF,
                      WORDS(KERNE_OPERATION(3, rights), first, last), &buffer),
                  normal);
    expect_equal(kerne_wait_message().buffer, buffer);
    return buffer;
}

static void finish(uint64_t buffer)
{
    struct kerne_words answer;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_result(kerne_wait_answer(buffer, &answer), normal);
}

static void expect_copy_at(struct expect_place place, uint64_t buffer,
                           uint64_t direction, uint64_t offset,
                           const void *address, uint64_t length,
                           uint64_t result, uint64_t bytes)
{
    uint64_t copied;
    uint64_t actual =
        kerne_general_copy(buffer, (enum kerne_direction)direction, offset,
                           address, length, &copied);
    expect_note(place, EXPECT_RESULT, actual, result);
    if (actual == KERNE_r_normal || actual == KERNE_r_missing) {
        expect_note(place, EXPECT_NUMBER, copied, bytes);
    }
}
#define expect_copy(buffer, direction, offset, address, length, result, bytes) \
    expect_copy_at(EXPECT_PLACE("copy"), (buffer), (direction), (offset),      \
                   (address), (length), KERNE_r_##result, (bytes))

static uint8_t pattern(uint64_t index, uint8_t seed)
{
    return (uint8_t)(index * 7 + index / 256 + seed);
}

static void fill(uint8_t *area, uint64_t bytes, uint8_t seed)
{
    for (uint64_t i = 0; i < bytes; i++) { area[i] = pattern(i, seed); }
}

/* Fetches and stores stretches that begin and end anywhere. */
static void every_alignment(void)
{
    static const uint64_t offsets[] = { 0, 1, 7, 8, 4095, 4096, 5000 };
    static const uint64_t lengths[] = { 1, 3, 8, 64, 4095, 4096, 4097, 7000 };
    uint8_t *area = (uint8_t *)family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ | KERNE_GRANT_WRITE,
                            (uint64_t)area, (uint64_t)area + AREA_BYTES);
    for (unsigned i = 0; i < 7; i++) {
        for (unsigned j = 0; j < 8; j++) {
            uint64_t offset = offsets[i];
            uint64_t length = lengths[j];
            uint8_t *mine = own + (i + j) % 8;
            fill(area, AREA_BYTES, 1);
            memset(own, 0, sizeof own);
            expect_copy(buffer, KERNE_FETCH, offset, mine, length, normal,
                        length);
            require(expect(memcmp(mine, area + offset, length) == 0));
            require(expect(mine[length] == 0));

            fill(own, AREA_BYTES, 99);
            expect_copy(buffer, KERNE_STORE, offset, mine, length, normal,
                        length);
            require(expect(memcmp(mine, area + offset, length) == 0));
            require(
                expect(area[offset + length] == pattern(offset + length, 1)));
        }
    }
    finish(buffer);
}

static void between_processes(void)
{
    static uint8_t area[100];
    fill(area, sizeof area, 5);
    struct actor_client client =
        CLIENT_OF(KERNE_PARENT, KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ),
                  (uint64_t)area, (uint64_t)area + sizeof area);
    struct test_child child;
    require(child_run(&child, "client", 3, actor_client, &client));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_copy(buffer, KERNE_FETCH, 0, own, 100, normal, 100);
    expect(memcmp(own, area, 100) == 0);
    expect_copy(buffer, KERNE_STORE, 0, own, 100, no_grant, 0);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_copy(buffer, KERNE_FETCH, 0, own, 100, gone, 0);
    require(expect_rests(&child));
    child_remove(&child);
}

static void grant_of_a_direction(void)
{
    uint64_t area = family_arena();
    uint64_t buffer = grant(0, area, area + 16);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, no_grant, 0);
    expect_copy(buffer, KERNE_STORE, 0, own, 8, no_grant, 0);
    finish(buffer);
    buffer = grant(KERNE_GRANT_READ, area, area + 16);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, normal, 8);
    expect_copy(buffer, KERNE_STORE, 0, own, 8, no_grant, 0);
    finish(buffer);
    buffer = grant(KERNE_GRANT_WRITE, area, area + 16);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, no_grant, 0);
    expect_copy(buffer, KERNE_STORE, 0, own, 8, normal, 8);
    finish(buffer);
}

/* Up to the last byte of the area, and not one beyond: that is not granted,
 * and nothing is copied. */
static void ends_with_the_area(void)
{
    uint8_t *area = (uint8_t *)family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ | KERNE_GRANT_WRITE,
                            (uint64_t)area, (uint64_t)area + 100);
    memset(own, 0, sizeof own);
    fill(area, 200, 3);
    expect_copy(buffer, KERNE_FETCH, 0, own, 100, normal, 100);
    expect_equal(own[99], pattern(99, 3));
    expect_equal(own[100], 0);
    memset(own, 0xee, sizeof own);
    expect_copy(buffer, KERNE_FETCH, 0, own, 101, no_grant, 0);
    expect_copy(buffer, KERNE_FETCH, 90, own, 11, no_grant, 0);
    expect_copy(buffer, KERNE_FETCH, 100, own, 1, no_grant, 0);
    expect_copy(buffer, KERNE_STORE, 50, own, 51, no_grant, 0);
    expect_copy(buffer, KERNE_FETCH, 1, own, UINT64_MAX, no_grant, 0);
    expect_equal(own[0], 0xee);
    expect_equal(area[50], pattern(50, 3));
    expect_copy(buffer, KERNE_STORE, 50, own, 50, normal, 50);
    expect_equal(area[49], pattern(49, 3));
    expect_equal(area[99], 0xee);
    expect_equal(area[100], pattern(100, 3));
    finish(buffer);
}

static void offset_beyond_the_area(void)
{
    uint64_t area = family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ, area, area + 100);
    static const uint64_t offsets[] = { 101, 4096, UINT64_C(1) << 63,
                                        UINT64_MAX - 7, UINT64_MAX };
    memset(own, 0x5a, 64);
    for (unsigned i = 0; i < 5; i++) {
        expect_copy(buffer, KERNE_FETCH, offsets[i], own, 8, no_grant, 0);
        expect_copy(buffer, KERNE_FETCH, offsets[i], own, 0, no_grant, 0);
        expect_equal(own[0], 0x5a);
    }
    finish(buffer);
}

static void nothing_at_all(void)
{
    uint64_t area = family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ, area, area + 100);
    expect_copy(buffer, KERNE_FETCH, 0, own, 0, normal, 0);
    finish(buffer);
    buffer = grant(KERNE_GRANT_READ, area, area);
    expect_copy(buffer, KERNE_FETCH, 0, own, 0, normal, 0);
    expect_copy(buffer, KERNE_FETCH, 0, own, 1, no_grant, 0);
    finish(buffer);
}

/* An area that ends before it begins, or lies where no storage can be. */
static void area_without_meaning(void)
{
    uint64_t area = family_arena();
    const uint64_t ranges[][2] = {
        { area + 100, area },
        { UINT64_MAX - 7, 8 },
        { UINT64_C(1) << 38, (UINT64_C(1) << 38) + 64 },
        { UINT64_MAX - 4095, UINT64_MAX },
        { 0, UINT64_MAX },
        { UINT64_C(0xffffffff80200000), UINT64_C(0xffffffff80200100) },
    };
    memset(own, 0x5a, 64);
    for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        struct actor_client client = CLIENT_OF(
            KERNE_PARENT, KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ),
            ranges[i][0], ranges[i][1]);
        struct test_child child;
        require(child_run(&child, "client", 3, actor_client, &client));
        uint64_t buffer = kerne_wait_message().buffer;
        uint64_t none = ranges[i][0] > ranges[i][1];
        uint64_t bytes;
        expect_result_of(
            "copy of no storage",
            kerne_general_copy(buffer, KERNE_FETCH, 0, own, 64, &bytes),
            none ? KERNE_r_no_grant : KERNE_r_missing);
        expect_equal(bytes, 0);
        expect_equal(own[0], 0x5a);
        expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)),
                      normal);
        require(expect_rests(&child));
        child_remove(&child);
    }
}

static void direction_without_meaning(void)
{
    uint64_t area = family_arena();
    uint64_t buffer =
        grant(KERNE_GRANT_READ | KERNE_GRANT_WRITE, area, area + 64);
    expect_copy(buffer, 2, 0, own, 8, bad_argument, 0);
    expect_copy(buffer, UINT32_MAX, 0, own, 8, bad_argument, 0);
    finish(buffer);
}

/* The receiver's own range may not wrap around; where it has no storage, it
 * breaks as it would if it stored there itself. */
static void own_range_wraps_around(void)
{
    uint64_t area = family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ, area, area + 64);
    expect_copy(buffer, KERNE_FETCH, 0, (void *)(UINT64_MAX - 32), 64,
                bad_address, 0);
    expect_copy(buffer, KERNE_FETCH, 0, (void *)UINT64_MAX, 2, bad_address, 0);
    finish(buffer);
}

/* The grant ends at once when the sender regrets. */
static void ends_with_regret(void)
{
    uint64_t area = family_arena();
    uint64_t buffer = grant(KERNE_GRANT_READ, area, area + 64);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, normal, 8);
    expect_result(kerne_regret_message(buffer), normal);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, gone, 0);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), gone);
}

/* A queued message grants nothing yet. */
static void before_it_is_received(void)
{
    uint64_t area = family_arena();
    uint64_t buffer;
    expect_result(
        kerne_send_message(
            KERNE_SELF, WORDS(KERNE_OPERATION(5, 1), area, area + 8), &buffer),
        normal);
    expect_copy(buffer, KERNE_FETCH, 0, own, 8, gone, 0);
    expect_result(kerne_regret_message(buffer), normal);
}

/* A device page is mapped, and is nevertheless not copied. */
static void device_page(void)
{
    uint64_t buffer = grant(KERNE_GRANT_READ, CLOCK_PAGE, CLOCK_PAGE + 64);
    uint64_t bytes = 0;
    memset(own, 0x5a, 64);
    uint64_t result =
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, 64, &bytes);
    expect(result != KERNE_r_normal);
    expect_equal(own[0], 0x5a);
    finish(buffer);
}

const struct test tests[] = {
    { .name = "copy.every_alignment", .function = every_alignment },
    { .name = "copy.between_processes", .function = between_processes },
    { .name = "copy.grant_of_a_direction", .function = grant_of_a_direction },
    { .name = "copy.ends_with_the_area", .function = ends_with_the_area },
    { .name = "copy.offset_beyond_the_area",
      .function = offset_beyond_the_area },
    { .name = "copy.nothing_at_all", .function = nothing_at_all },
    { .name = "copy.area_without_meaning", .function = area_without_meaning },
    { .name = "copy.direction_without_meaning",
      .function = direction_without_meaning },
    { .name = "copy.own_range_wraps_around",
      .function = own_range_wraps_around },
    { .name = "copy.ends_with_regret", .function = ends_with_regret },
    { .name = "copy.before_it_is_received", .function = before_it_is_received },
    { .name = "copy.device_page", .function = device_page, .devices = true },
    { NULL },
};
