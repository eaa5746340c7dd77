#include "rig.h"

#include <dice.h>
#include <stdlib.h>
#include <string.h>
#include <tap.h>

/* ---- what the store asks of who embeds it -------------------------------- */

static struct rig *rig_of(struct store *store) { return (struct rig *)store; }

static struct rig *current; /* whose store runs */

static void begin(struct store *store, struct transfer *transfer)
{
    disk_begins(&rig_of(store)->disk, store, transfer);
}

static void finished(struct store *store, struct store_work *work)
{
    struct rig *rig = rig_of(store);
    struct rig_work *own = (struct rig_work *)work;
    own->is_busy = false;
    rig->last = work->result;
    rig->last_work = *work;
    rig->accounts.all_entries = store->geometry.entries;
    rig->accounts.all_pages = store->geometry.slots;
    model_follow(&rig->model, &rig->accounts, work);
    if (work->kind == STORE_FLUSH && work->result == STORE_DONE) {
        const struct model *durable = store->generation > rig->generation
                                          ? &rig->coming
                                          : &rig->committed;
        EXPECT(durable->version >= own->version);
    }
}

static void check_input(const struct model_area *area, uint32_t first,
                        const char *bytes, uint64_t segments)
{
    char expected[STORE_SEGMENT];
    for (uint32_t i = 0; i < segments && first + i < MODEL_SEGMENTS; i++) {
        uint32_t stamp = area->stamps[first + i];
        model_bytes(stamp, expected);
        if (stamp != MODEL_ANY &&
            memcmp(expected, bytes + i * STORE_SEGMENT, STORE_SEGMENT) != 0) {
            tap_fail("segment %u of %s is not what was put there",
                     (unsigned)(first + i), area->name);
        }
    }
}

static uint64_t copy(struct store_work *work, uint64_t offset, void *own,
                     uint64_t bytes)
{
    struct rig_work *rig_work = (struct rig_work *)work;
    struct model_area *area = model_of(&current->model, work);
    uint32_t done = (uint32_t)(offset / STORE_SEGMENT);
    uint32_t first = (uint32_t)work->segment + done;
    if (area == NULL) {
        tap_fail("a copy for an area that is gone");
        return bytes;
    }
    if (work->kind == STORE_INPUT) {
        check_input(area, first, own, bytes / STORE_SEGMENT);
        return dice_percent(current->percent_short) ? dice(bytes + 1) : bytes;
    }
    bool is_short = dice_percent(current->percent_short);
    uint64_t copied = is_short ? dice(bytes + 1) : bytes;
    current->model.version += !is_short;
    for (uint32_t i = 0; i < bytes / STORE_SEGMENT; i++) {
        char segment[STORE_SEGMENT];
        uint64_t at = i * (uint64_t)STORE_SEGMENT;
        uint64_t rest = at < copied ? copied - at : 0;
        model_bytes(rig_work->stamp + done + i, segment);
        memcpy((char *)own + at, segment,
               rest < STORE_SEGMENT ? rest : STORE_SEGMENT);
        if (first + i < MODEL_SEGMENTS) {
            area->stamps[first + i] =
                is_short ? MODEL_ANY : rig_work->stamp + done + i;
        }
    }
    return copied;
}

/* ---- making -------------------------------------------------------------- */

static void *allocate(size_t bytes)
{
    void *room = aligned_alloc(STORE_PAGE, (bytes + STORE_PAGE - 1) /
                                               STORE_PAGE * STORE_PAGE);
    if (room == NULL) { abort(); }
    return room;
}

static struct rig *make(uint32_t pages, uint32_t frames)
{
    struct rig *rig = allocate(sizeof *rig);
    memset(rig, 0, sizeof *rig);
    disk_make(&rig->disk, pages);
    struct store *store = &rig->store;
    store->begin = begin;
    store->finished = finished;
    store->copy = copy;
    store->memory_bytes =
        (uint64_t)(RIG_FRAMES_MOST + 16) * STORE_PAGE + (uint64_t)pages * 10;
    store->memory = allocate(store->memory_bytes);
    memset(store->memory, 0xa5, store->memory_bytes);
    store->disk_pages = pages;
    store->frames_most = frames;
    return rig;
}

void rig_free(struct rig *rig)
{
    if (rig->spare != NULL) { rig_free(rig->spare); }
    disk_free(&rig->disk);
    free(rig->store.memory);
    free(rig);
}

/* What is durable, and what a commit under way will make so. */
static void observe(struct rig *rig)
{
    const struct store *store = &rig->store;
    if (store->phase < STORE_OPEN) { return; }
    if (store->generation > rig->generation) {
        rig->committed = rig->coming;
        rig->generation = store->generation;
        rig->has_coming = false;
    }
    if (store->failures != rig->failures) {
        rig->failures = store->failures;
        rig->has_coming = false;
    }
    bool is_committing =
        store->phase >= STORE_COMMIT_WRITE && store->phase <= STORE_COMMIT_END;
    if (is_committing && !rig->has_coming) {
        rig->coming = rig->model;
        rig->has_coming = true;
        rig->is_root_begun = false;
    }
    if (store->phase == STORE_COMMIT_ROOT) { rig->is_root_begun = true; }
    if (store->phase == STORE_OPEN && store->works != NULL &&
        store_is_idle(store)) {
        tap_fail("work waits, and nothing is under way");
    }
}

bool rig_end_transfer(struct rig *rig)
{
    struct store *store = &rig->store;
    struct transfer *busy[STORE_TRANSFERS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < STORE_TRANSFERS; i++) {
        struct transfer *transfer = &store->transfers[i];
        if (transfer->is_busy) { busy[count++] = transfer; }
    }
    if (count == 0) { return false; }
    uint32_t at = (uint32_t)dice(count), first = at;
    current = rig;
    do { /* one, or more that end together */
        store_ended(store, busy[at], disk_does(&rig->disk, store, busy[at]));
        at = (at + 1) % count;
    } while (at != first && dice_percent(30));
    store_run(store);
    observe(rig);
    return true;
}

void rig_end_all(struct rig *rig)
{
    while (rig_end_transfer(rig)) {}
}

struct rig *rig_make(uint32_t pages, uint32_t entries, uint32_t frames,
                     const char *log)
{
    struct rig *rig = make(pages, frames);
    if (log != NULL) { disk_log_begin(&rig->disk, log); }
    EXPECT(!rig_mount(rig) && rig->store.is_blank);
    EXPECT(store_make(&rig->store, entries));
    observe(rig);
    rig_end_all(rig);
    EQUAL(rig->store.generation, 1);
    return rig;
}

bool rig_mount(struct rig *rig)
{
    store_begin(&rig->store);
    rig_end_all(rig);
    return rig->store.phase == STORE_OPEN;
}

/* ---- works --------------------------------------------------------------- */

bool rig_begin(struct rig *rig, const struct store_work *work)
{
    for (int i = 0; i < RIG_WORKS; i++) {
        struct rig_work *own = &rig->works[i];
        if (!own->is_busy) {
            *own = (struct rig_work){ .work = *work,
                                      .is_busy = true,
                                      .stamp = rig->stamp + 1,
                                      .version = rig->model.version };
            rig->stamp += (uint32_t)(work->bytes / STORE_SEGMENT);
            current = rig;
            store_work(&rig->store, &own->work);
            observe(rig);
            return true;
        }
    }
    return false;
}

enum store_result rig_do(struct rig *rig, const struct store_work *work)
{
    rig_end_all(rig);
    rig_begin(rig, work);
    rig_end_all(rig);
    return rig->last;
}

static void random_name(char ret_name[STORE_NAME_BYTES])
{
    memset(ret_name, 0, STORE_NAME_BYTES);
    ret_name[0] = (char)('a' + dice(14));
    if (dice_percent(2)) { ret_name[1 + dice(14)] = 'X'; }
}

void rig_random_work(struct rig *rig)
{
    static const enum store_kind kinds[] = {
        STORE_OUTPUT, STORE_OUTPUT, STORE_OUTPUT,    STORE_OUTPUT, STORE_OUTPUT,
        STORE_INPUT,  STORE_INPUT,  STORE_INPUT,     STORE_CREATE, STORE_CREATE,
        STORE_RENAME, STORE_RESIZE, STORE_REMOVE,    STORE_FLUSH,  STORE_GIVE,
        STORE_GIVE,   STORE_MARK,   STORE_TAKE_BACK,
    };
    struct store_work work = { .kind =
                                   kinds[dice(sizeof kinds / sizeof *kinds)] };
    const struct model_area *area = &rig->model.areas[dice(MODEL_AREAS)];
    uint32_t slots = rig->store.geometry.slots;
    work.entry = area->name[0] != '\0' ? area->entry : (uint32_t)dice(80);
    work.serial = area->serial;
    work.pages = (uint32_t)dice(dice_percent(20) ? rig->largest : 6);
    if (work.pages > slots) { work.pages = slots; }
    work.flags = (dice_percent(80) ? (uint32_t)STORE_PERMANENT : 0) |
                 (dice_percent(20) ? (uint32_t)STORE_PRIVATE : 0);
    uint32_t pages = area->pages < MODEL_PAGES ? area->pages : MODEL_PAGES;
    work.segment = dice(pages * STORE_PAGE_SEGMENTS + 1);
    work.bytes = (dice_percent(20) ? dice(60) : dice(17)) * STORE_SEGMENT;
    if (dice_percent(50)) { work.segment -= work.segment % 8; }
    random_name(work.name);
    if (dice_percent(40)) { model_owner((int)dice(MODEL_OWNERS), work.owner); }
    if (work.kind >= STORE_GIVE) {
        model_owner(1 + (int)dice(MODEL_OWNERS - 1), work.owner);
        work.entries = (uint32_t)dice(dice_percent(5) ? 100 : 5);
        work.pages = (uint32_t)dice(slots / (dice_percent(5) ? 1 : 4));
    }
    uint32_t creations = 0;
    for (int i = 0; i < RIG_WORKS; i++) {
        creations +=
            rig->works[i].is_busy && rig->works[i].work.kind == STORE_CREATE;
    }
    uint32_t used = 0;
    for (int i = 0; i < MODEL_AREAS; i++) {
        used += rig->model.areas[i].name[0] != '\0';
    }
    bool is_name = format_name_is_good(work.name, false);
    if (work.kind == STORE_CREATE && used + creations >= MODEL_AREAS) {
        return; /* the model has no room for it */
    }
    if ((work.kind == STORE_CREATE || work.kind == STORE_RENAME) && !is_name) {
        work.kind = STORE_FLUSH;
    }
    rig_begin(rig, &work);
}

/* ---- what is to hold ----------------------------------------------------- */

static bool holds(const struct rig *rig, const struct store_entry *entry,
                  const struct model_area *area)
{
    if (entry->pages != area->pages || entry->flags != area->flags ||
        memcmp(entry->owner, area->owner, sizeof entry->owner) != 0) {
        tap_remark("%s has %u pages, not %u", area->name,
                   (unsigned)entry->pages, (unsigned)area->pages);
        return false;
    }
    uint32_t known = (area->pages < MODEL_PAGES ? area->pages : MODEL_PAGES) *
                     STORE_PAGE_SEGMENTS;
    for (uint32_t i = 0; i < known; i++) {
        char expected[STORE_SEGMENT];
        char found[STORE_SEGMENT] = { 0 };
        uint32_t page =
            rig->store.tables.slots[entry->first + i / STORE_PAGE_SEGMENTS];
        if (page != 0) {
            memcpy(found,
                   rig->disk.current + (size_t)page * STORE_PAGE +
                       i % STORE_PAGE_SEGMENTS * STORE_SEGMENT,
                   sizeof found);
        }
        model_bytes(area->stamps[i], expected);
        if (area->stamps[i] != MODEL_ANY &&
            memcmp(found, expected, sizeof found) != 0) {
            tap_remark("segment %u of %s", (unsigned)i, area->name);
            return false;
        }
    }
    return true;
}

bool rig_holds(struct rig *rig, const struct model *model)
{
    struct model expected = *model;
    uint32_t areas = 0;
    model_power_off(&expected);
    for (uint32_t i = 0; i < rig->store.geometry.entries; i++) {
        const struct store_entry *entry = &rig->store.tables.entries[i];
        if (entry->serial == 0) { continue; }
        const struct model_area *area = model_named(&expected, entry->name);
        if (area == NULL) {
            tap_remark("%s should not be there", entry->name);
            return false;
        }
        if (!holds(rig, entry, area)) { return false; }
        areas++;
    }
    for (int i = 0; i < MODEL_AREAS; i++) {
        areas -= expected.areas[i].name[0] != '\0';
    }
    if (areas != 0) { tap_remark("an area is missing"); }
    return areas == 0;
}

static bool is_live(const struct store *store, uint32_t page)
{
    return store->pages.live[page / 64] >> page % 64 & 1;
}

/* Each slot is of one area at most, and those of none are counted. */
static bool slots_are_sound(const struct store *store)
{
    static uint8_t areas[RIG_PAGES]; /* that have this slot */
    uint32_t free_slots = store->geometry.slots;
    memset(areas, 0, sizeof areas);
    for (uint32_t i = 0; i < store->geometry.entries; i++) {
        const struct store_entry *entry = &store->tables.entries[i];
        for (uint32_t k = 0; k < entry->pages && entry->first + k < RIG_PAGES;
             k++) {
            if (++areas[entry->first + k] > 1) {
                tap_remark("slot %u is of two areas",
                           (unsigned)(entry->first + k));
                return false;
            }
        }
        free_slots -= entry->pages;
    }
    return free_slots == store->catalog.free_slots;
}

/* What each has is used or left, and all that is left is free. */
static bool accounts_are_sound(const struct store *store)
{
    struct account_room all = { 0 };
    for (int i = 0; i <= STORE_ACCOUNTS; i++) {
        const char *name = store->accounts[i].name;
        if (i > 0 && name[0] == '\0') { continue; }
        struct account_room room = account_room(store, name);
        all.entries += room.entries;
        all.left_entries += room.left_entries;
        all.pages += room.pages;
        all.left_pages += room.left_pages;
    }
    bool are_sound = all.entries == store->geometry.entries &&
                     all.left_entries == store->catalog.free_entries &&
                     all.pages == store->geometry.slots &&
                     all.left_pages == store->catalog.free_slots;
    if (!are_sound) {
        tap_remark("of %u and %u left, %u and %u are free",
                   (unsigned)all.left_entries, (unsigned)all.left_pages,
                   (unsigned)store->catalog.free_entries,
                   (unsigned)store->catalog.free_slots);
    }
    return are_sound;
}

bool rig_is_sound(struct rig *rig)
{
    struct store *store = &rig->store;
    static uint8_t uses[RIG_PAGES];
    memset(uses, 0, sizeof uses);
    uses[0] = uses[1] = 1;
    for (uint32_t i = 0; i < tables_items(store); i++) {
        uint32_t page = tables_pointer(store, i)->page;
        if (page != 0) { uses[page]++; }
    }
    for (uint32_t i = 0; i < store->geometry.slots; i++) {
        uint32_t page = store->tables.slots[i];
        if (page != 0) { uses[page]++; }
    }
    for (uint32_t i = 0; i < store->cache.count; i++) {
        const struct frame *frame = &store->cache.frames[i];
        if (frame->is_doomed) { uses[frame->page]++; }
    }
    uint32_t free = 0;
    for (uint32_t page = 0; page < store->geometry.pages; page++) {
        if (uses[page] != is_live(store, page)) {
            tap_remark("page %u has %u uses, and is live: %d", (unsigned)page,
                       (unsigned)uses[page], (int)is_live(store, page));
            return false;
        }
        free += uses[page] == 0 &&
                !(store->pages.durable[page / 64] >> page % 64 & 1);
    }
    return free == store->pages.free && slots_are_sound(store) &&
           accounts_are_sound(store);
}

/* What was found on the disk is what was committed; or what a commit would have
 * made so, of which the root was under way.  Null: neither. */
static const struct model *found(const struct rig *rig, uint64_t generation)
{
    if (generation == rig->generation) { return &rig->committed; }
    bool is_coming = generation == rig->generation + 1 && rig->has_coming &&
                     rig->is_root_begun;
    return is_coming ? &rig->coming : NULL;
}

static bool is_as_found(struct rig *mounted, const struct model *model)
{
    if (mounted->store.phase != STORE_OPEN) {
        tap_remark("not mounted: %s", mounted->store.why);
        return false;
    }
    if (model == NULL) {
        tap_remark("generation %lu is found",
                   (unsigned long)mounted->store.generation);
    }
    return model != NULL && rig_holds(mounted, model) && rig_is_sound(mounted);
}

bool rig_survives(struct rig *rig)
{
    if (rig->spare == NULL) {
        rig->spare = make(rig->disk.pages, rig->store.frames_most);
        rig->spare->disk.ignores_flush = rig->disk.ignores_flush;
    }
    struct rig *other = rig->spare;
    disk_crash(&rig->disk, &rig->store, &other->disk);
    rig_mount(other);
    return is_as_found(other, found(rig, other->store.generation));
}

bool rig_mount_again(struct rig *rig)
{
    unsigned percent_bad = rig->disk.percent_bad;
    rig->disk.percent_bad = 0;
    rig_mount(rig);
    rig->disk.percent_bad = percent_bad;
    const struct model *model = found(rig, rig->store.generation);
    if (!is_as_found(rig, model)) { return false; }
    rig->committed = *model;
    rig->generation = rig->store.generation;
    rig->has_coming = false;
    model_power_off(&rig->committed);
    rig->model = rig->committed;
    return true;
}
