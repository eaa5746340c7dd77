/* Where a pager keeps pages: what is packed and unpacked is what it was,
 * nothing that is no page harms, and a room is as a table of pages would be.
 * And the chart that it draws. */
#include <chart.h>
#include <dlfcn.h>
#include <pack.h>
#include <room.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define PAGES 80 /* of the model */

static uint32_t page[KERNE_PAGE / 4], back[KERNE_PAGE / 4];
static uint64_t dice;

static uint64_t throw(uint64_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (dice >> 33) % sides;
}

/* From all zeros to noise. */
static void make_page(void)
{
    uint64_t values = UINT64_C(1) << throw(33), repeats = 1 + throw(100);
    for (unsigned i = 0; i < KERNE_PAGE / 4; i++) {
        bool repeat = i > 8 && throw(repeats) != 0;
        page[i] = repeat ? page[i - 1 - throw(8)] : (uint32_t) throw(values);
    }
}

/* In storage of just this size, so that a sanitizer sees what is beyond. */
static uint8_t *copy_of(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size);
    memcpy(copy, bytes, size);
    return copy;
}

TEST("pack.comes_back")
{
    static uint8_t packed[2 * KERNE_PAGE];
    uint64_t smaller = 0;
    for (dice = 0; dice < 20000; dice++) {
        uint64_t seed = dice;
        make_page();
        size_t most = throw(2) == 0 ? sizeof packed : KERNE_PAGE - 1;
        size_t size = pack(page, packed, most);
        uint8_t *copy = copy_of(packed, size);
        EXPECT(size <= most);
        EXPECT(size > 0 || most < KERNE_PAGE);
        if (size > 0) {
            EXPECT(unpack(copy, size, back));
            EXPECT(memcmp(page, back, KERNE_PAGE) == 0);
            smaller += size < KERNE_PAGE / 4;
        }
        free(copy);
        dice = seed;
    }
    EXPECT(smaller > 1000);
    memset(page, 0, sizeof page);
    EXPECT(pack(page, packed, KERNE_PAGE) <= 58); /* a grain's */
}

/* liblz4, if this computer has it, reads it, too. */
TEST("pack.is_lz4")
{
    static uint8_t packed[2 * KERNE_PAGE];
    void *library = dlopen("liblz4.so.1", RTLD_NOW);
    int (*decompress)(const uint8_t *, void *, int, int) = NULL;
    if (library != NULL) {
        *(void **)&decompress = dlsym(library, "LZ4_decompress_safe");
    }
    for (dice = 0; decompress != NULL && dice < 5000; dice++) {
        uint64_t seed = dice;
        make_page();
        size_t size = pack(page, packed, sizeof packed);
        EQUAL((uint64_t)decompress(packed, back, (int)size, KERNE_PAGE),
              KERNE_PAGE);
        EXPECT(memcmp(page, back, KERNE_PAGE) == 0);
        dice = seed;
    }
}

TEST("pack.nothing_harms")
{
    static uint8_t packed[2 * KERNE_PAGE];
    uint64_t taken = 0;
    for (dice = 0; dice < 50000; dice++) {
        uint64_t seed = dice;
        size_t size = 1 + throw(300);
        if (throw(2) == 0) {
            for (size_t i = 0; i < size; i++) {
                packed[i] = (uint8_t)(throw(3) == 0 ? 255 : throw(256));
            }
        } else {
            make_page();
            size = pack(page, packed, sizeof packed);
            packed[throw(size)] = (uint8_t) throw(256);
            size -= throw(4) == 0 ? throw(size) : 0;
        }
        uint8_t *copy = copy_of(packed, size);
        uint32_t *to = malloc(KERNE_PAGE);
        taken += unpack(copy, size, to);
        free(copy);
        free(to);
        dice = seed;
    }
    EXPECT(taken < 50000); /* some changes make another page */
    EXPECT(!unpack(packed, 0, back));
}

/* A kind of room, against a table. */
static void as_a_table(struct room *(*begin)(struct storage_run run))
{
    static uint32_t model[PAGES][KERNE_PAGE / 4];
    uint32_t place[PAGES] = { 0 };
    uint64_t full = 0, most = 0;
    void *storage = aligned_alloc(KERNE_PAGE, 12 * KERNE_PAGE);
    struct room *room = begin((struct storage_run){ (uint64_t)storage, 12 });
    dice = 1;
    for (unsigned round = 0; round < 30000; round++) {
        uint64_t n = throw(PAGES);
        uint32_t before = place[n];
        if (place[n] != ROOM_NOWHERE && throw(3) == 0) {
            room->forget(room, place[n]);
            place[n] = ROOM_NOWHERE;
        } else if (throw(2) == 0) {
            make_page();
            if (room->put(room, &place[n], page)) {
                memcpy(model[n], page, sizeof page);
            } else {
                full++;
                EQUAL(place[n], before);
            }
        }
        most = room->filled > most ? room->filled : most;
        n = throw(PAGES);
        if (place[n] != ROOM_NOWHERE) {
            EXPECT(room->get(room, place[n], back));
            EXPECT(memcmp(model[n], back, sizeof back) == 0);
        }
    }
    tap_remark("full %lu times, at most %lu bytes of %lu", (unsigned long)full,
               (unsigned long)most, (unsigned long)room->bytes);
    EXPECT(full > 100 && most <= room->bytes &&
           most > room->bytes - 2 * KERNE_PAGE);
    for (unsigned n = 0; n < PAGES; n++) {
        if (place[n] != ROOM_NOWHERE) { room->forget(room, place[n]); }
    }
    EQUAL(room->filled, 0);
    free(storage);
}

TEST("room.plain_is_a_table") { as_a_table(room_plain); }
TEST("room.packed_is_a_table") { as_a_table(room_packed); }

TEST("chart.keeps_all")
{
    struct chart chart;
    char row[CHART_COLUMNS + 1];
    uint64_t now = 1000, sum = 0;
    dice = 1;
    chart_begin(&chart, now, 3);
    for (unsigned i = 0; i < 1000; i++) {
        chart_note(&chart, now);
        now += throw(i + 1);
    }
    for (unsigned i = 0; i < chart.columns; i++) { sum += chart.count[i]; }
    EQUAL(sum, 1000);
    EXPECT(chart.columns > CHART_COLUMNS / 2 - 2);
    EXPECT(chart.width * chart.columns >= now - 1000 - 1000);
    for (unsigned i = 0; i < CHART_ROWS; i++) {
        chart_row(&chart, i, row);
        EXPECT(strlen(row) <= chart.columns && strchr(row, '#') != NULL);
    }
}
