/* The store's core: random work against a model, with a crash at any moment;
 * devices that fail; disks that lie. */
#include "rig.h"

#include <dice.h>
#include <stdlib.h>
#include <string.h>
#include <tap.h>

static struct store_work named(enum store_kind kind, const char *name,
                               uint32_t pages)
{
    struct store_work work = { .kind = kind,
                               .pages = pages,
                               .flags = STORE_PERMANENT };
    strncpy(work.name, name, STORE_NAME_BYTES - 1);
    return work;
}

/* ---- at random ----------------------------------------------------------- */

/* One in 32 has so many slots that they are in two tables, and an area that is
 * in both. */
static struct rig *random_rig(uint64_t seed)
{
    dice_state = seed;
    bool is_large = seed % 32 == 0;
    uint32_t pages = is_large ? RIG_PAGES : 48 + (uint32_t)dice(200);
    uint32_t frames = CACHE_FRAMES + (uint32_t)dice(RIG_FRAMES_MOST - 8);
    struct rig *rig = rig_make(pages, STORE_ENTRIES, frames, NULL);
    struct store_work large = named(STORE_CREATE, "large", 1030);
    rig->percent_short = 3;
    rig->largest = (uint32_t)(dice_percent(30) ? MODEL_PAGES : 16);
    if (is_large) { EQUAL(rig_do(rig, &large), STORE_DONE); }
    return rig;
}

/* So many steps; of those that crash, how many were not survived? */
static unsigned steps(struct rig *rig, unsigned count, unsigned percent_crash,
                      unsigned *ret_crashes)
{
    unsigned damaged = 0;
    uint64_t percent_work = 15 + dice(70);
    for (unsigned i = 0; i < count && tap_is_good(); i++) {
        if (dice_percent(percent_work)) {
            rig_random_work(rig);
        } else {
            rig_end_transfer(rig);
        }
        if (rig->store.phase == STORE_OPEN && !rig_is_sound(rig)) {
            tap_fail("step %u: a page is lost, or used twice", i);
        }
        if (dice_percent(percent_crash)) {
            damaged += !rig_survives(rig);
            ++*ret_crashes;
        }
        if (rig->store.phase == STORE_OFF && store_is_idle(&rig->store) &&
            (rig->disk.percent_bad == 0 || !rig_mount_again(rig))) {
            tap_fail("step %u: off: %s", i, rig->store.why);
        }
    }
    return damaged;
}

TEST("store.survives_a_crash_at_any_moment")
{
    unsigned crashes = 0;
    for (uint64_t seed = 1; seed <= 120 && tap_is_good(); seed++) {
        struct rig *rig = random_rig(seed);
        unsigned damaged = steps(rig, 500, 20, &crashes);
        if (damaged > 0) { tap_fail("seed %lu", (unsigned long)seed); }
        rig_end_all(rig);
        EXPECT(rig->store.works == NULL);
        rig_free(rig);
    }
    EXPECT(crashes > 10000);
}

TEST("store.survives_errors_of_the_device")
{
    unsigned crashes = 0;
    for (uint64_t seed = 1; seed <= 80 && tap_is_good(); seed++) {
        struct rig *rig = random_rig(seed);
        rig->disk.percent_bad = 1 + (unsigned)dice(10);
        if (steps(rig, 500, 10, &crashes) > 0) {
            tap_fail("seed %lu", (unsigned long)seed);
        }
        rig_free(rig);
    }
}

/* So that the test before can fail. */
TEST("store.is_damaged_if_the_disk_ignores_flushes")
{
    unsigned crashes = 0;
    unsigned damaged = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct rig *rig = random_rig(seed);
        rig->disk.ignores_flush = true;
        damaged += steps(rig, 300, 20, &crashes);
        rig_free(rig);
    }
    EXPECT(damaged > crashes / 2);
}

/* ---- one by one ---------------------------------------------------------- */

static struct rig *plain_rig(void)
{
    dice_state = 1;
    return rig_make(128, STORE_ENTRIES, 16, NULL);
}

/* Makes an area, and output and input of all of it. */
static struct store_work area_of(struct rig *rig, const char *name,
                                 uint32_t pages)
{
    struct store_work work = named(STORE_CREATE, name, pages);
    EQUAL(rig_do(rig, &work), STORE_DONE);
    work = rig->last_work;
    work.kind = STORE_OUTPUT;
    work.bytes = (uint64_t)pages * STORE_PAGE;
    return work;
}

static enum store_result do_kind(struct rig *rig, struct store_work *work,
                                 enum store_kind kind)
{
    work->kind = kind;
    return rig_do(rig, work);
}

TEST("store.a_full_disk_is_refused_and_loses_nothing")
{
    struct rig *rig = plain_rig();
    uint32_t slots = rig->store.geometry.slots;
    struct store_work first = area_of(rig, "first", 20);
    struct store_work second = area_of(rig, "second", 20);
    struct store_work rest = named(STORE_CREATE, "rest", slots - 39);
    EQUAL(rig_do(rig, &first), STORE_DONE);
    EQUAL(rig_do(rig, &second), STORE_DONE);
    EQUAL(rig_do(rig, &rest), STORE_DISK_FULL);
    rest = area_of(rig, "rest", slots - 40);
    EQUAL(rig_do(rig, &rest), STORE_DONE);
    EQUAL(do_kind(rig, &rest, STORE_FLUSH), STORE_DONE);
    first.pages = 21;
    EQUAL(do_kind(rig, &first, STORE_RESIZE), STORE_DISK_FULL);
    for (int i = 0; i < 20; i++) { /* with no page to spare but for copies */
        EQUAL(do_kind(rig, &first, STORE_OUTPUT), STORE_DONE);
        EQUAL(do_kind(rig, &second, STORE_OUTPUT), STORE_DONE);
    }
    EQUAL(do_kind(rig, &second, STORE_REMOVE), STORE_DONE);
    first.pages = 40; /* `rest` lies behind: one of them is moved */
    EQUAL(do_kind(rig, &first, STORE_RESIZE), STORE_DONE);
    EQUAL(do_kind(rig, &first, STORE_INPUT), STORE_DONE);
    EXPECT(rig_is_sound(rig));
    rig_free(rig);
}

static struct store_work account(enum store_kind kind, int owner,
                                 uint32_t entries, uint32_t pages)
{
    struct store_work work = { .kind = kind,
                               .entries = entries,
                               .pages = pages };
    model_owner(owner, work.owner);
    return work;
}

static void expect_left(struct rig *rig, const struct store_work *work,
                        enum store_result result, uint32_t left)
{
    EQUAL(rig_do(rig, work), result);
    EQUAL(rig->last_work.left, left);
}

/* An area of one page, which is free, lies between those that are not. */
TEST("store.what_is_given_is_nobody_elses")
{
    struct rig *rig = plain_rig();
    uint32_t slots = rig->store.geometry.slots;
    struct store_work give = account(STORE_GIVE, 1, 2, 10);
    struct store_work hole = area_of(rig, "hole", 5);
    struct store_work rest = named(STORE_CREATE, "rest", slots - 14);
    struct store_work own = named(STORE_CREATE, "own", 11);
    model_owner(1, own.owner);
    expect_left(rig, &own, STORE_NO_ENTRY_LEFT, 0);
    EQUAL(rig_do(rig, &give), STORE_DONE);
    expect_left(rig, &rest, STORE_DISK_FULL, slots - 15);
    rest.pages = slots - 15;
    EQUAL(rig_do(rig, &rest), STORE_DONE);
    EQUAL(do_kind(rig, &hole, STORE_REMOVE), STORE_DONE);
    expect_left(rig, &own, STORE_NO_PAGE_LEFT, 10);
    own.pages = 10;
    EQUAL(rig_do(rig, &own), STORE_DONE);
    own = rig->last_work;
    own.pages = 11;
    own.kind = STORE_RESIZE;
    expect_left(rig, &own, STORE_NO_PAGE_LEFT, 0);
    own.pages = 3;
    EQUAL(rig_do(rig, &own), STORE_DONE);
    own.pages = 10;
    EQUAL(rig_do(rig, &own), STORE_DONE);
    struct store_work empty = named(STORE_CREATE, "empty", 0);
    model_owner(1, empty.owner);
    EQUAL(rig_do(rig, &empty), STORE_DONE);
    strcpy(empty.name, "more");
    expect_left(rig, &empty, STORE_NO_ENTRY_LEFT, 0);
    EXPECT(rig_is_sound(rig));
    rig_free(rig);
}

TEST("store.a_full_catalog_is_refused")
{
    struct rig *rig = plain_rig();
    struct store_work give = account(STORE_GIVE, 1, STORE_ENTRIES + 1, 0);
    struct store_work area = named(STORE_CREATE, "area", 0);
    expect_left(rig, &give, STORE_CATALOG_FULL, STORE_ENTRIES);
    give.entries = STORE_ENTRIES;
    EQUAL(rig_do(rig, &give), STORE_DONE);
    expect_left(rig, &area, STORE_CATALOG_FULL, 0);
    rig_free(rig);
}

/* What the removal of an area has freed is not there after a crash. */
TEST("store.a_gift_waits_until_what_was_before_is_durable")
{
    struct rig *rig = plain_rig();
    uint32_t slots = rig->store.geometry.slots;
    struct store_work flush = { .kind = STORE_FLUSH };
    struct store_work area = area_of(rig, "area", slots);
    struct store_work give = account(STORE_GIVE, 1, 1, slots);
    EQUAL(rig_do(rig, &flush), STORE_DONE);
    EQUAL(do_kind(rig, &area, STORE_REMOVE), STORE_DONE);
    EQUAL(rig->store.generation, 2);
    EQUAL(rig_do(rig, &give), STORE_DONE);
    EQUAL(rig->store.generation, 3);
    rig->disk.percent_bad = 100;
    area = named(STORE_CREATE, "area", 1);
    model_owner(1, area.owner);
    EQUAL(rig_do(rig, &area), STORE_DONE);
    give.pages = 0;
    EQUAL(rig_do(rig, &give), STORE_MALFUNCTION);
    rig_free(rig);
}

/* Its temporary areas go, and the others are then its parent's to remove. */
TEST("store.what_is_taken_back_is_the_parents")
{
    struct rig *rig = plain_rig();
    uint32_t slots = rig->store.geometry.slots;
    struct store_work give = account(STORE_GIVE, 1, 3, 20);
    struct store_work take_back = account(STORE_TAKE_BACK, 1, 0, 0);
    struct store_work area = named(STORE_CREATE, "kept", 5);
    struct store_work all = named(STORE_CREATE, "all", slots);
    EQUAL(rig_do(rig, &give), STORE_DONE);
    model_owner(1, area.owner);
    EQUAL(rig_do(rig, &area), STORE_DONE);
    struct store_work kept = rig->last_work;
    strcpy(area.name, "goes");
    area.flags = 0;
    EQUAL(rig_do(rig, &area), STORE_DONE);
    expect_left(rig, &all, STORE_DISK_FULL, slots - 20);
    EQUAL(rig_do(rig, &take_back), STORE_DONE);
    expect_left(rig, &all, STORE_DISK_FULL, slots - 5);
    expect_left(rig, &area, STORE_NO_ENTRY_LEFT, 0);
    give.pages = 0; /* what it has already counts beside what is given */
    EQUAL(rig_do(rig, &give), STORE_DONE);
    EQUAL(do_kind(rig, &kept, STORE_REMOVE), STORE_DONE);
    area.pages = 6;
    expect_left(rig, &area, STORE_NO_PAGE_LEFT, 5);
    EQUAL(rig_do(rig, &take_back), STORE_DONE);
    EQUAL(rig_do(rig, &all), STORE_DONE);
    rig_free(rig);
}

TEST("store.what_is_not_there_is_refused")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 3);
    area.segment = 1;
    EQUAL(do_kind(rig, &area, STORE_OUTPUT), STORE_NO_SEGMENT);
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_NO_SEGMENT);
    area.segment = UINT64_MAX;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_NO_SEGMENT);
    area.bytes = 0;
    area.segment = 24;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_DONE);
    area.serial++;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_IS_GONE);
    EQUAL(do_kind(rig, &area, STORE_REMOVE), STORE_IS_GONE);
    area.serial--;
    area.entry = UINT32_MAX;
    EQUAL(do_kind(rig, &area, STORE_RESIZE), STORE_IS_GONE);
    const char *const bad[] = { "", "A", "1a", "a b", "a.b" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct store_work work = named(STORE_CREATE, bad[i], 1);
        rig_begin(rig, &work);
        EQUAL(rig->last_work.result, STORE_NAME_BAD);
    }
    rig_free(rig);
}

/* Who has used the area that was lost must not find another one there. */
TEST("store.a_serial_number_is_not_used_again_after_a_mount")
{
    struct rig *rig = plain_rig();
    struct store_work lost = area_of(rig, "lost", 1);
    EXPECT(rig_mount(rig));
    memset(&rig->model, 0, sizeof rig->model);
    struct store_work other = area_of(rig, "other", 1);
    EQUAL(other.entry, lost.entry);
    EXPECT(other.serial != lost.serial);
    rig_free(rig);
}

/* Only a disk that lies has come so far. */
TEST("store.the_last_serial_number_makes_no_store_that_cannot_be_mounted")
{
    struct rig *rig = plain_rig();
    struct store_work work = named(STORE_CREATE, "more", 1);
    rig->store.catalog.serial = (UINT64_C(1) << 63) - 1;
    area_of(rig, "last", 1);
    catalog_create(&rig->store, &work);
    EQUAL(work.result, STORE_CATALOG_FULL);
    work.kind = STORE_FLUSH;
    EQUAL(rig_do(rig, &work), STORE_DONE);
    EXPECT(rig_mount(rig));
    rig_free(rig);
}

TEST("store.a_commit_that_nobody_asked_for_keeps_what_there_is")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 16);
    EQUAL(rig_do(rig, &area), STORE_DONE);
    store_commit(&rig->store);
    rig_end_all(rig);
    EQUAL(rig->store.generation, 2);
    EXPECT(rig_mount(rig) && rig_holds(rig, &rig->model));
    store_commit(&rig->store); /* of nothing: none */
    rig_end_all(rig);
    EQUAL(rig->store.generation, 2);
    rig_free(rig);
}

/* A frame that was another area's may not become a part of this one: neither of
 * a page that has had none, nor of one whose frame has gone. */
static void write_short(bool is_written_before)
{
    struct rig *rig = plain_rig();
    struct store_work secret = area_of(rig, "secret", MODEL_PAGES);
    struct store_work area = area_of(rig, "area", 16);
    if (is_written_before) { EQUAL(rig_do(rig, &area), STORE_DONE); }
    EQUAL(rig_do(rig, &secret), STORE_DONE);
    struct model_area *model = model_named(&rig->model, "area");
    struct model_area before = *model;
    rig->percent_short = 100;
    area.bytes = STORE_PAGE;
    EQUAL(rig_do(rig, &area), STORE_SHORT);
    area.bytes = 16 * STORE_PAGE;
    rig->percent_short = 0;
    memcpy(model->stamps, before.stamps, sizeof model->stamps);
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_DONE);
    rig_free(rig);
}

TEST("store.a_short_output_shows_nothing_of_others")
{
    write_short(false);
    write_short(true);
}

TEST("store.a_page_that_cannot_be_read_spoils_no_other")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 16);
    EQUAL(rig_do(rig, &area), STORE_DONE);
    EQUAL(do_kind(rig, &area, STORE_FLUSH), STORE_DONE);
    EXPECT(rig_mount(rig));
    rig->disk.bad_page = rig->store.tables.slots[9];
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_MALFUNCTION);
    EQUAL(rig->last_work.done, 9 * STORE_PAGE);
    area.segment = 10 * STORE_PAGE_SEGMENTS;
    area.bytes = 6 * STORE_PAGE;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_DONE);
    area.segment = 9 * STORE_PAGE_SEGMENTS; /* writing it anew heals it */
    area.bytes = STORE_PAGE;
    EQUAL(do_kind(rig, &area, STORE_OUTPUT), STORE_DONE);
    area.segment = 0;
    area.bytes = 16 * STORE_PAGE;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_DONE);
    rig_free(rig);
}

TEST("store.a_device_that_cannot_write_is_told_of")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 40);
    rig->disk.percent_bad = 100;
    EQUAL(rig_do(rig, &area), STORE_MALFUNCTION);
    EQUAL(do_kind(rig, &area, STORE_FLUSH), STORE_MALFUNCTION);
    EXPECT(rig->store.works == NULL && rig->store.phase == STORE_OPEN);
    rig->disk.percent_bad = 0;
    EQUAL(do_kind(rig, &area, STORE_OUTPUT), STORE_DONE);
    EQUAL(do_kind(rig, &area, STORE_FLUSH), STORE_DONE);
    EXPECT(rig_survives(rig));
    rig_free(rig);
}

TEST("store.a_page_that_is_being_written_is_nobody_elses")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 8);
    struct store_work other = area_of(rig, "other", 8);
    rig_begin(rig, &area);
    EXPECT(disk_busy(&rig->store, TRANSFER_WRITE, TRANSFER_OF_CACHE) > 0);
    rig->store.pages.hint = rig->store.tables.slots[0];
    area.kind = STORE_REMOVE;
    rig_begin(rig, &area);
    rig_begin(rig, &other);
    rig_end_all(rig);
    EXPECT(rig_is_sound(rig));
    EQUAL(do_kind(rig, &other, STORE_INPUT), STORE_DONE);
    rig_free(rig);
}

/* A commit begins while all transfers are reading. */
TEST("store.reading_takes_no_transfer_from_a_commit")
{
    struct rig *rig = plain_rig();
    struct store_work area = area_of(rig, "area", 60);
    struct store_work flush = { .kind = STORE_FLUSH };
    EQUAL(rig_do(rig, &area), STORE_DONE);
    EQUAL(rig_do(rig, &flush), STORE_DONE);
    EXPECT(rig_mount(rig));
    area.bytes = STORE_PAGE;
    area.kind = STORE_INPUT;
    for (int i = 1; i < STORE_TRANSFERS; i++) {
        area.segment = (uint64_t)i * 3 * STORE_PAGE_SEGMENTS;
        rig_begin(rig, &area);
    }
    EXPECT(disk_transfer(&rig->store) == NULL);
    area.kind = STORE_OUTPUT;
    area.segment = 2 * STORE_PAGE_SEGMENTS;
    rig_begin(rig, &area);
    uint64_t generation = rig->store.generation;
    rig_begin(rig, &flush);
    rig_end_all(rig);
    EQUAL(rig->store.generation, generation + 1);
    EXPECT(rig_survives(rig));
    rig_free(rig);
}

/* So large that its tables need two index pages. */
TEST("store.a_large_disk")
{
    uint32_t pages = 560000;
    struct rig *rig = rig_make(pages, STORE_ENTRIES, 16, NULL);
    EQUAL(rig->store.geometry.index_pages, 2);
    struct store_work area = area_of(rig, "area", 1000);
    area.bytes = 4 * STORE_PAGE;
    EQUAL(rig_do(rig, &area), STORE_DONE);
    area.pages = rig->store.geometry.slots;
    EQUAL(do_kind(rig, &area, STORE_RESIZE), STORE_DONE);
    area.segment = (uint64_t)(area.pages - 4) * STORE_PAGE_SEGMENTS;
    struct store_work work = { .kind = STORE_FLUSH };
    EQUAL(rig_do(rig, &work), STORE_DONE);
    EXPECT(rig_mount(rig));
    EQUAL(rig->store.tables.entries[0].pages, area.pages);
    area.segment = 0;
    EQUAL(do_kind(rig, &area, STORE_INPUT), STORE_DONE);
    area.pages = 1; /* gives back slots of all tables */
    EQUAL(do_kind(rig, &area, STORE_RESIZE), STORE_DONE);
    EQUAL(rig_do(rig, &work), STORE_DONE);
    EXPECT(rig_mount(rig));
    rig_free(rig);
}

/* ---- disks that lie ------------------------------------------------------ */

struct parts {
    struct store_root *root;
    struct store_pointer *index;
    char *catalog;
    char *slots;
};

static char *page_of(struct rig *rig, uint32_t page)
{
    return rig->disk.current + (size_t)page * STORE_PAGE;
}

static struct parts parts_of(struct rig *rig)
{
    struct parts parts;
    uint32_t newest = rig->store.generation % STORE_ROOTS;
    parts.root = (struct store_root *)page_of(rig, newest);
    parts.index =
        (struct store_pointer *)page_of(rig, parts.root->index[0].page);
    parts.catalog = page_of(rig, parts.index[0].page);
    parts.slots = page_of(rig, parts.index[1].page);
    return parts;
}

static void put_right(struct rig *rig, struct store_pointer *pointer)
{
    if (pointer->page != 0 && pointer->page < rig->disk.pages) {
        pointer->sum = format_sum(page_of(rig, pointer->page), STORE_PAGE);
    }
}

/* One number on the disk becomes another one, and all sums are put right. */
static void lie(struct rig *rig)
{
    static const uint32_t values[] = {
        0, 1, 2, 64, 127, 128, UINT32_C(1) << 31, UINT32_MAX,
    };
    struct parts parts = parts_of(rig);
    char *const all[] = { (char *)parts.root, (char *)parts.index,
                          parts.catalog, parts.slots };
    char *at = all[dice(4)] + 4 * dice(dice_percent(50) ? 100 : 16);
    uint32_t word;
    memcpy(&word, at, sizeof word);
    word = dice_percent(50) ? word ^ UINT32_C(1) << dice(32)
                            : values[dice(sizeof values / sizeof *values)];
    memcpy(at, &word, sizeof word);
    put_right(rig, &parts.index[0]);
    put_right(rig, &parts.index[1]);
    put_right(rig, &parts.root->index[0]);
    parts.root->sum = 0;
    parts.root->sum = format_sum(parts.root, sizeof *parts.root);
}

/* What is mounted then is sound, and goes on to be; or it is refused, in
 * words. */
TEST("store.every_number_of_a_disk_may_be_a_lie")
{
    unsigned mounted = 0;
    struct rig *rig = plain_rig();
    struct store_work work = { .kind = STORE_FLUSH };
    for (char name[] = "a"; name[0] < 'e'; name[0]++) {
        struct store_work area = area_of(rig, name, 3);
        if (name[0] < 'c') { EQUAL(rig_do(rig, &area), STORE_DONE); }
    }
    EQUAL(rig_do(rig, &work), STORE_DONE);
    memset(page_of(rig, (rig->store.generation + 1) % STORE_ROOTS), 0,
           STORE_SEGMENT);
    char *good = malloc(128 * STORE_PAGE);
    memcpy(good, rig->disk.current, 128 * STORE_PAGE);
    uint64_t generation = rig->store.generation;
    for (uint64_t seed = 1; seed <= 20000 && tap_is_good(); seed++) {
        dice_state = seed;
        memcpy(rig->disk.current, good, 128 * STORE_PAGE);
        rig->store.generation = generation;
        rig->store.why[0] = '\0';
        lie(rig);
        if (rig_mount(rig)) {
            mounted++;
            EXPECT(rig_is_sound(rig));
        }
        EXPECT(rig->store.phase == STORE_OPEN || rig->store.why[0] != '\0');
        if (!tap_is_good()) { tap_fail("seed %lu", (unsigned long)seed); }
    }
    EXPECT(mounted > 1000 && mounted < 19000);
    free(good);
    rig_free(rig);
}
