#include <files/content.h>

#include <files/volume.h>
#include <kerne.h>
#include <memory/frames.h>
#include <memory/pool.h>
#include <string.h>

#define ROOM_FIRST 8
#define TABLE_BYTES (CONTENT_SMALL * sizeof(uint64_t))

/* Of all contents: files have half of the storage at most, as a tmpfs of
 * Linux's, so that programs go on when it is full. */
static uint64_t own_pages;

static const char zeros[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));

/* ---- tables -------------------------------------------------------------- */

uint64_t *content_slot(const struct content *content, uint64_t number)
{
    if (number < CONTENT_SMALL) {
        return number < content->room ? &content->small[number] : NULL;
    }
    if (content->large == NULL) { return NULL; }
    uint64_t *table = content->large[number / CONTENT_SMALL];
    return table == NULL ? NULL : &table[number % CONTENT_SMALL];
}

static void grow_small(struct content *content, uint64_t number)
{
    unsigned room = content->room == 0 ? ROOM_FIRST : content->room;
    while (room <= number) { room *= 2; }
    uint64_t *larger = pool_take(room * sizeof *larger);
    if (larger == NULL) { return; }
    if (content->room != 0) {
        memcpy(larger, content->small, content->room * sizeof *larger);
        pool_return(content->small, content->room * sizeof *larger);
    }
    content->small = larger;
    content->room = room;
}

uint64_t *content_slot_make(struct content *content, uint64_t number)
{
    uint64_t *slot = content_slot(content, number);
    if (slot != NULL) { return slot; }
    if (number < CONTENT_SMALL) {
        grow_small(content, number);
    } else {
        if (content->large == NULL) { content->large = pool_take(TABLE_BYTES); }
        if (content->large == NULL) { return NULL; }
        content->large[number / CONTENT_SMALL] = pool_take(TABLE_BYTES);
    }
    return content_slot(content, number);
}

/* ---- pages --------------------------------------------------------------- */

uint64_t content_own_page(const struct content *content, uint64_t number)
{
    const uint64_t *slot = content_slot(content, number);
    return slot == NULL ? 0 : slot_frame(*slot);
}

static bool is_away(const uint64_t *slot)
{
    return slot != NULL && slot_disk(*slot) != 0 && slot_frame(*slot) == 0;
}

/* Brings a page that is in the volume only. */
static bool load(uint64_t *slot)
{
    uint64_t frame = frame_take();
    if (frame == 0) { return false; }
    if (!volume_read(slot_disk(*slot), frame)) {
        frame_drop(frame);
        return false;
    }
    *slot |= frame / KERNE_PAGE;
    own_pages++;
    return true;
}

/* How many of the image's bytes belong to a page. */
static uint64_t from_base(const struct content *content, uint64_t number)
{
    uint64_t first = number * KERNE_PAGE;
    uint64_t bytes =
        first < content->base_bytes ? content->base_bytes - first : 0;
    return bytes < KERNE_PAGE ? bytes : KERNE_PAGE;
}

static uint64_t make_page(struct content *content, uint64_t number)
{
    uint64_t *slot = content_slot_make(content, number);
    if (slot == NULL || (is_away(slot) && !load(slot))) { return 0; }
    if (*slot != 0) { return slot_frame(*slot); }
    if (2 * own_pages >= frames_all() && !content->is_made) { return 0; }
    uint64_t bytes = from_base(content, number);
    uint64_t frame = bytes == KERNE_PAGE ? frame_take() : frame_take_zeroed();
    if (frame != 0) {
        memcpy((void *)frame, content->base + number * KERNE_PAGE, bytes);
        *slot = frame / KERNE_PAGE;
        content->pages++;
        own_pages++;
    }
    return frame;
}

/* It will be written; in /store there must be room for that. */
static uint64_t page_to_write(struct content *content, uint64_t number)
{
    uint64_t page = make_page(content, number);
    if (page == 0 || !content->is_kept) { return page; }
    uint64_t *slot = content_slot(content, number);
    if (!(*slot & SLOT_DIRTY) && !volume_reserve()) { return 0; }
    *slot |= SLOT_DIRTY;
    return page;
}

uint64_t content_page(struct content *content, uint64_t number, bool own)
{
    if (own) { return page_to_write(content, number); }
    uint64_t page = content_in_place(content, number);
    return page != 0 ? page : make_page(content, number);
}

/* ---- bytes --------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

const char *content_at(const struct content *content, uint64_t offset,
                       uint64_t *ret_bytes)
{
    uint64_t number = offset / KERNE_PAGE, within = offset % KERNE_PAGE;
    uint64_t bytes = least(KERNE_PAGE - within, content->size - offset);
    if (content->is_kept) {
        uint64_t *slot = content_slot(content, number);
        if (is_away(slot) && !load(slot)) { return NULL; }
    }
    uint64_t own = content_own_page(content, number);
    *ret_bytes = bytes;
    if (own != 0) { return (const char *)own + within; }
    if (offset < content->base_bytes) {
        *ret_bytes = least(bytes, content->base_bytes - offset);
        return content->base + offset;
    }
    return zeros + within;
}

char *content_place(struct content *content, uint64_t offset,
                    uint64_t *ret_bytes)
{
    uint64_t page = page_to_write(content, offset / KERNE_PAGE);
    uint64_t within = offset % KERNE_PAGE;
    *ret_bytes = KERNE_PAGE - within;
    return page == 0 ? NULL : (char *)page + within;
}

static void drop_page(struct content *content, uint64_t *slot)
{
    if (slot == NULL || *slot == 0) { return; }
    if (slot_frame(*slot) != 0) {
        frame_drop(slot_frame(*slot));
        own_pages--;
    }
    if (*slot & SLOT_DIRTY) { volume_release(); }
    if (slot_disk(*slot) != 0) { volume_free(slot_disk(*slot)); }
    *slot = 0;
    content->pages--;
}

static void drop_from(struct content *content, uint64_t number)
{
    for (uint64_t i = number; i < content->room; i++) {
        drop_page(content, &content->small[i]);
    }
    if (number == 0) {
        pool_return(content->small, content->room * sizeof *content->small);
        content->small = NULL;
        content->room = 0;
    }
    if (content->large == NULL) { return; }
    for (uint64_t i = 1; i < CONTENT_SMALL; i++) {
        uint64_t *table = content->large[i], first = i * CONTENT_SMALL;
        if (table == NULL || number >= first + CONTENT_SMALL) { continue; }
        for (uint64_t j = 0; j < CONTENT_SMALL; j++) {
            if (first + j >= number) { drop_page(content, &table[j]); }
        }
        if (number > first) { continue; }
        pool_return(table, TABLE_BYTES);
        content->large[i] = NULL;
    }
    if (number <= CONTENT_SMALL) {
        pool_return(content->large, TABLE_BYTES);
        content->large = NULL;
    }
}

/* The page in which it then ends has zeros behind that. */
static bool cut_last(struct content *content, uint64_t size)
{
    uint64_t number = size / KERNE_PAGE, within = size % KERNE_PAGE;
    const uint64_t *slot = content_slot(content, number);
    if (within == 0 || slot == NULL || *slot == 0) { return true; }
    uint64_t last = page_to_write(content, number);
    if (last == 0) { return false; }
    memset((char *)last + within, 0, KERNE_PAGE - within);
    return true;
}

bool content_resize(struct content *content, uint64_t size)
{
    if (size > CONTENT_MOST) { return false; }
    if (size <= content->size) {
        if (!cut_last(content, size)) { return false; }
        drop_from(content, (size + KERNE_PAGE - 1) / KERNE_PAGE);
        content->base_bytes = least(content->base_bytes, size);
    }
    content->size = size;
    return true;
}

bool content_fill(struct content *content, uint64_t from, uint64_t to)
{
    for (uint64_t i = from / KERNE_PAGE; i * KERNE_PAGE < to; i++) {
        if (page_to_write(content, i) == 0) { return false; }
    }
    return true;
}

/* In one page. */
static bool clear_part(struct content *content, uint64_t from, uint64_t bytes)
{
    uint64_t number = from / KERNE_PAGE, within = from % KERNE_PAGE;
    uint64_t *slot = content_slot(content, number);
    bool has_own = slot != NULL && *slot != 0;
    bool is_whole = within == 0 && (bytes == KERNE_PAGE ||
                                    from + bytes == content->size);
    if (from_base(content, number) == 0) {
        if (!has_own) { return true; }
        uint64_t frame = slot_frame(*slot);
        if (is_whole && (frame == 0 || frame_is_ours_alone(frame))) {
            drop_page(content, slot);
            return true;
        }
    }
    uint64_t page = page_to_write(content, number);
    if (page != 0) { memset((void *)(page + within), 0, bytes); }
    return page != 0;
}

bool content_clear(struct content *content, uint64_t from, uint64_t to)
{
    to = least(to, content->size);
    while (from < to) {
        uint64_t part = least(KERNE_PAGE - from % KERNE_PAGE, to - from);
        if (!clear_part(content, from, part)) { return false; }
        from += part;
    }
    return true;
}

static void forget_page(struct content *content, uint64_t *slot)
{
    if (slot_frame(*slot) == 0 || *slot & SLOT_DIRTY) { return; }
    frame_drop(slot_frame(*slot));
    *slot &= ~(SLOT_DIRTY - 1);
    own_pages--;
    content->pages -= *slot == 0;
}

void content_forget(struct content *content)
{
    for (uint64_t i = 0; i * KERNE_PAGE < content->size; i++) {
        uint64_t *slot = content_slot(content, i);
        if (slot != NULL) { forget_page(content, slot); }
    }
}

uint64_t content_read(const struct content *content, void *to, uint64_t offset,
                      uint64_t bytes)
{
    uint64_t done = 0, part = 0;
    while (done < bytes && offset + done < content->size) {
        const char *from = content_at(content, offset + done, &part);
        if (from == NULL) { break; }
        part = least(part, bytes - done);
        memcpy((char *)to + done, from, part);
        done += part;
    }
    return done;
}
