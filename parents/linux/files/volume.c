#include <files/volume.h>

#include <backing.h>
#include <calls.h>
#include <files/mounts.h>
#include <files/volume_pages.h>
#include <files/node.h>
#include <loop.h>
#include <processes/carriers.h>
#include <skeleton.h>
#include <string.h>
#include <waiting/time.h>
#include <waiting/timer.h>

#define AREA "linux"
#define PAGE_SEGMENTS (KERNE_PAGE / KERNE_SEGMENT)
#define GROWTH 64                         /* pages more at once, at least */
#define COMMIT_AFTER UINT64_C(5000000000) /* nanoseconds */
#define SLACK 4               /* pages that a commit may need beside all that */
#define NAMES_OF_A_PAGE 8     /* entries with long names */
#define NUMBERS_OF_A_PAGE 512 /* and numbers of pages, at least */

struct volume volume;

static void ring(struct alarm *alarm)
{
    (void)alarm;
    (void)volume_commit();
}

static struct alarm commit_alarm = { .ring = ring };

/* ---- the area ------------------------------------------------------------ */

static bool ask(uint64_t operation, uint64_t word_3, uint64_t word_4,
                struct kerne_words *ret_answer)
{
    return kerne_backing_ask(volume.store, operation, AREA, word_3, word_4,
                             ret_answer) == KERNE_r_normal;
}

/* In use again, if the store has been started anew since. */
static bool use(void)
{
    if (volume.use.buffer != 0) { return true; }
    return kerne_use(volume.store, AREA, volume.number, KERNE_USE_WRITE,
                     &volume.use) == KERNE_r_normal;
}

bool volume_answer(uint64_t buffer)
{
    if (buffer == 0 || buffer != volume.use.buffer) { return false; }
    (void)kerne_remove(volume.use.reference);
    volume.use.buffer = 0;
    return true;
}

bool volume_read(uint64_t page, uint64_t frame)
{
    struct kerne_segments_done done;
    return use() && kerne_segments_input(
                        volume.use.address, page * PAGE_SEGMENTS, (void *)frame,
                        PAGE_SEGMENTS, &done) == KERNE_r_normal;
}

bool volume_write(uint64_t page, const void *bytes, uint64_t count)
{
    struct kerne_segments_done done;
    return use() && kerne_segments_output(
                        volume.use.address, page * PAGE_SEGMENTS, bytes,
                        count / KERNE_SEGMENT, &done) == KERNE_r_normal;
}

/* What is in use for writing keeps its size; so it is not for a moment. */
static bool resize(uint64_t pages)
{
    struct kerne_words answer;
    if (pages > VOLUME_PAGES_MOST || !use()) { return false; }
    kerne_use_end(&volume.use);
    volume.use.buffer = 0;
    bool is_done = ask(KERNE_BACKING_SIZE, pages * PAGE_SEGMENTS, 0, &answer);
    if (is_done) { volume.pages = pages; }
    return use() && is_done;
}

static bool grow(void)
{
    uint64_t more = volume.pages / 8 > GROWTH ? volume.pages / 8 : GROWTH;
    return resize(volume.pages + more) || resize(volume.pages + SLACK);
}

/* ---- free pages ---------------------------------------------------------- */

static uint64_t in_use(uint64_t word)
{
    return volume.live[word] | volume.durable[word] | volume.next[word];
}

static uint64_t count_free(void)
{
    uint64_t all = 0;
    for (uint64_t i = 0; i * 64 < volume.pages; i++) {
        for (uint64_t set = ~in_use(i); set != 0; set &= set - 1) { all++; }
    }
    return all - (64 - volume.pages % 64) % 64;
}

/* What a commit needs beside the pages that are reserved. */
static uint64_t needed_by_index(void)
{
    return SLACK + volume.index_pages + volume.names / NAMES_OF_A_PAGE +
           (volume.used + volume.reserved) / NUMBERS_OF_A_PAGE;
}

static bool has_room(void)
{
    uint64_t free = count_free();
    uint64_t needed = volume.reserved + needed_by_index();
    volume.room = free > needed ? free - needed : 0;
    return volume.room > 0;
}

static bool make_room(void)
{
    if (volume.room > 0 || has_room()) { return true; }
    if (grow() && has_room()) { return true; }
    /* What was removed is free behind a commit. */
    return !volume.is_committing && volume_commit() == 0 && has_room();
}

bool volume_reserve(void)
{
    if (!make_room()) { return false; }
    volume.room--;
    volume.reserved++;
    volume_changed();
    return true;
}

bool volume_reserve_name(void)
{
    if (!make_room()) { return false; }
    if (++volume.names % NAMES_OF_A_PAGE == 0) { volume.room--; }
    return true;
}

void volume_release(void) { volume.reserved--; }

void volume_free(uint64_t page)
{
    bit_clear(volume.live, page);
    volume.used--;
}

uint64_t volume_take(void)
{
    uint64_t words = (volume.pages + 63) / 64;
    for (uint64_t i = 0; i < words; i++) {
        uint64_t word = (volume.hand + i) % words, set = ~in_use(word);
        uint64_t page = set == 0 ? 0 : word * 64 + bits_lowest(set);
        if (set == 0 || page >= volume.pages) { continue; }
        volume.hand = word;
        return page;
    }
    return grow() ? volume_take() : 0;
}

bool volume_room(uint64_t *ret_all, uint64_t *ret_free)
{
    struct kerne_words answer;
    if (!volume.is_there) { return false; }
    uint64_t free = 0;
    if (kerne_ask(volume.store, KERNE_SENSE, 0, 0, &answer) == KERNE_r_normal) {
        free = answer.w[KERNE_WORD_FREE_SEGMENTS] / PAGE_SEGMENTS;
    }
    *ret_all = volume.pages + free;
    (void)has_room();
    *ret_free = volume.room + free;
    return true;
}

bool volume_is_there(void) { return volume.is_there; }

/* ---- commits ------------------------------------------------------------- */

void volume_changed(void)
{
    if (!volume.is_there || volume.is_changed) { return; }
    volume.is_changed = true;
    alarm_set(&commit_alarm, time_now() + COMMIT_AFTER);
}

static long write_root(uint64_t first)
{
    static uint8_t segment[KERNE_SEGMENT];
    struct kerne_segments_done done;
    struct root *root = (struct root *)segment;
    *root = (struct root){ .version = VOLUME_VERSION,
                           .generation = volume.generation,
                           .first = first };
    memcpy(root->magic, VOLUME_MAGIC, sizeof root->magic);
    root->sum = volume_sum(root, offsetof(struct root, sum));
    return volume_write(0, segment, sizeof segment) &&
                   kerne_segments_flush(volume.use.address, &done) ==
                       KERNE_r_normal
               ? 0
               : -LINUX_EIO;
}

/* Whatever became of the root: what either leads to is not free. */
static long commit(void)
{
    uint64_t first;
    volume.generation++;
    long result = index_write(&first);
    bool has_index = result == 0;
    if (has_index) { result = write_root(first); }
    for (uint64_t i = 0; i < VOLUME_PAGES_MOST / 64; i++) {
        if (has_index) {
            volume.durable[i] =
                volume.next[i] | (result == 0 ? 0 : volume.durable[i]);
        }
        volume.next[i] = 0;
    }
    return result;
}

long volume_commit(void)
{
    if (!volume.is_changed || volume.is_committing) { return 0; }
    volume.is_committing = true;
    volume.is_changed = false;
    alarm_forget(&commit_alarm);
    long result = commit();
    volume.is_committing = false;
    volume.room = 0;
    if (result == 0) { volume.names = 0; }
    if (result != 0) { volume_changed(); }
    return result;
}

/* ---- beginning and end --------------------------------------------------- */

static bool find_area(const char **ret_why)
{
    struct kerne_words answer;
    uint64_t flags = KERNE_AREA_PERMANENT | KERNE_AREA_PRIVATE;
    uint64_t result = kerne_backing_ask(volume.store, KERNE_BACKING_LOOK_UP,
                                        AREA, 0, 0, &answer);
    if (result == KERNE_r_rejected &&
        answer.w[KERNE_WORD_STATUS] == KERNE_BACKING_NO_AREA) {
        result = kerne_backing_ask(volume.store, KERNE_BACKING_CREATE, AREA,
                                   GROWTH * PAGE_SEGMENTS, flags, &answer);
    }
    volume.pages = answer.w[KERNE_WORD_AREA_SIZE] / PAGE_SEGMENTS;
    *ret_why = kerne_backing_text(result, answer.w[KERNE_WORD_STATUS]);
    if (result != KERNE_r_normal) { return false; }
    if (!carrier_number(&volume.number)) { return false; }
    result = kerne_use(volume.store, AREA, volume.number, KERNE_USE_WRITE,
                       &volume.use);
    *ret_why = kerne_backing_text(result, volume.use.status);
    return result == KERNE_r_normal;
}

void volume_begin(void)
{
    const char *why;
    struct kerne_words answer;
    if (kerne_look_up(VOLUME_NAME, &volume.store) != KERNE_r_normal ||
        kerne_ask(volume.store, KERNE_SENSE, 0, 0, &answer) ==
            KERNE_r_does_not_exist) {
        return;
    }
    volume.is_there = find_area(&why) && index_read(&why);
    if (volume.is_there) {
        mount_note(&(struct mount){ "store", "/" VOLUME_NAME, "kerne", "rw" });
    } else {
        parent_say(&linux_parent,
                   "there is no /store, the area `" AREA "` of the store: %s",
                   why);
        volume_end();
    }
}

void volume_end(void)
{
    if (volume.is_there && volume_commit() != 0) {
        parent_say(&linux_parent, "what was last changed in /store could not "
                                  "be written to the store, and is lost");
    }
    if (volume.use.buffer != 0) { kerne_use_end(&volume.use); }
    volume.use.buffer = 0;
    volume.is_there = false;
}
