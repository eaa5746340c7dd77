#include <files/content.h>

#include <kerne.h>
#include <memory/frames.h>
#include <memory/pool.h>
#include <string.h>

#define ROOM_FIRST 8
#define TABLE_BYTES (CONTENT_SMALL * sizeof(uint64_t))

static const char zeros[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));

/* ---- tables -------------------------------------------------------------- */

/* Where the address of its own page stands; null: there is no such table. */
static uint64_t *slot_of(const struct content *content, uint64_t number)
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

static uint64_t *slot_make(struct content *content, uint64_t number)
{
    uint64_t *slot = slot_of(content, number);
    if (slot != NULL) { return slot; }
    if (number < CONTENT_SMALL) {
        grow_small(content, number);
    } else {
        if (content->large == NULL) { content->large = pool_take(TABLE_BYTES); }
        if (content->large == NULL) { return NULL; }
        content->large[number / CONTENT_SMALL] = pool_take(TABLE_BYTES);
    }
    return slot_of(content, number);
}

/* ---- pages --------------------------------------------------------------- */

uint64_t content_own_page(const struct content *content, uint64_t number)
{
    const uint64_t *slot = slot_of(content, number);
    return slot == NULL ? 0 : *slot;
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
    uint64_t *slot = slot_make(content, number);
    if (slot == NULL || *slot != 0) { return slot == NULL ? 0 : *slot; }
    uint64_t bytes = from_base(content, number);
    uint64_t frame = bytes == KERNE_PAGE ? frame_take() : frame_take_zeroed();
    if (frame != 0) {
        memcpy((void *)frame, content->base + number * KERNE_PAGE, bytes);
        *slot = frame;
        content->pages++;
    }
    return frame;
}

uint64_t content_page(struct content *content, uint64_t number, bool own)
{
    uint64_t page = own ? 0 : content_in_place(content, number);
    return page != 0 ? page : make_page(content, number);
}

/* ---- bytes --------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

const char *content_at(const struct content *content, uint64_t offset,
                       uint64_t *ret_bytes)
{
    uint64_t number = offset / KERNE_PAGE, within = offset % KERNE_PAGE;
    uint64_t bytes = least(KERNE_PAGE - within, content->size - offset);
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
    uint64_t page = make_page(content, offset / KERNE_PAGE);
    uint64_t within = offset % KERNE_PAGE;
    *ret_bytes = KERNE_PAGE - within;
    return page == 0 ? NULL : (char *)page + within;
}

static void drop_page(struct content *content, uint64_t *slot)
{
    if (slot == NULL || *slot == 0) { return; }
    frame_drop(*slot);
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

bool content_resize(struct content *content, uint64_t size)
{
    if (size > CONTENT_MOST) { return false; }
    if (size < content->size) {
        drop_from(content, (size + KERNE_PAGE - 1) / KERNE_PAGE);
        content->base_bytes = least(content->base_bytes, size);
        uint64_t last = content_own_page(content, size / KERNE_PAGE);
        uint64_t within = size % KERNE_PAGE;
        if (last != 0 && within != 0) {
            memset((char *)last + within, 0, KERNE_PAGE - within);
        }
    }
    content->size = size;
    return true;
}

uint64_t content_read(const struct content *content, void *to, uint64_t offset,
                      uint64_t bytes)
{
    uint64_t done = 0, part = 0;
    while (done < bytes && offset + done < content->size) {
        const char *from = content_at(content, offset + done, &part);
        part = least(part, bytes - done);
        memcpy((char *)to + done, from, part);
        done += part;
    }
    return done;
}
