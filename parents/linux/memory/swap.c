#include <memory/swap.h>

#include <backing.h>
#include <loop.h>
#include <memory/fault.h>
#include <memory/hands.h>
#include <memory/pool.h>
#include <memory/slots.h>
#include <processes/carriers.h>
#include <processes/process.h>
#include <skeleton.h>
#include <stdio.h>
#include <string.h>

#define STORE "store"
#define AREAS 9 /* names that are tried, for systems beside each other */
#define IN_PAGE (KERNE_PAGE / KERNE_SEGMENT)
#define TRIES 8 /* if the server is gone: its parent may start another one */

/* At most so many pages are under way: out; in for whoever touches one; and in
 * for calls, which may not wait any more where they have begun. */
enum { OUT_MOST = 8, IN_MOST = 12, IN_FOR_CALLS = 4 };
enum { WORKS = OUT_MOST + IN_MOST + IN_FOR_CALLS };

#define FRAMES_WANTED (FRAMES_RESERVED + 128)

struct mask {
    uint8_t bit[KERNE_PAGE / 8];
};

/* A page on its way. */
struct work {
    struct space *space; /* null: it has ended */
    uint64_t address;
    uint64_t frame, slot; /* a use of each; frame 0: there is no work */
    uint64_t buffer;      /* of the message */
    uint64_t bytes;       /* that are done */
    unsigned tries;
    bool is_out;
    struct queue waiting; /* who needs the page, in */
    uint64_t over;        /* a frame of what is laid over it; 0: nothing is */
    struct mask *mask;    /* which bytes */
};

static struct work works[WORKS];
static unsigned count_in, count_out;
static bool goes_out;  /* pages do: there is a store, and it takes them */
static uint64_t store; /* the area's address */
static char name[KERNE_NAME_BYTES + 1];
static struct queue room; /* who waits for a frame, or to begin work */
static struct swap_counts counts;
struct queue *swap_wanted;
struct queue swap_never;

/* ---- messages ------------------------------------------------------------ */

/* Asks for what is not done yet. */
static bool send(struct work *w)
{
    uint64_t done = w->bytes / KERNE_SEGMENT;
    struct kerne_words message =
        kerne_segments_message(w->is_out ? KERNE_OUTPUT : KERNE_INPUT,
                               w->is_out ? KERNE_GRANT_READ : KERNE_GRANT_WRITE,
                               (void *)(w->frame + w->bytes), IN_PAGE - done,
                               w->slot * IN_PAGE + done);
    return kerne_send_message(store, &message, &w->buffer) == KERNE_r_normal;
}

/* There are as many as may be under way.  Null: no buffer is left. */
static struct work *begin(const struct work *order)
{
    struct work *w = works;
    while (w->frame != 0) { w++; }
    *w = *order;
    if (!send(w)) {
        w->frame = 0;
        return NULL;
    }
    *(w->is_out ? &count_out : &count_in) += 1;
    return w;
}

/* The entry that the work is about, if it still is as it was; null: it is not,
 * or not of this space alone. */
static uint64_t *entry_of(const struct work *w, struct region **ret_region)
{
    if (w->space == NULL) { return NULL; }
    struct region *region = region_find(&w->space->regions, w->address);
    if (region == NULL || region->leaf == NULL || region->leaf->users > 1) {
        return NULL;
    }
    uint64_t *entry = &region->leaf->entry[region_index(w->address)];
    uint64_t was = w->is_out ? w->frame | ENTRY_OWN
                             : w->slot * KERNE_PAGE | ENTRY_OUT | ENTRY_OWN;
    *ret_region = region;
    return *entry == was ? entry : NULL;
}

/* That which brings the page; null: none. */
static struct work *work_in(const struct space *space, uint64_t address)
{
    struct region *region;
    for (struct work *w = works; w < works + WORKS; w++) {
        if (w->frame != 0 && !w->is_out && w->space == space &&
            w->address == address && entry_of(w, &region) != NULL) {
            return w;
        }
    }
    return NULL;
}

/* ---- in ------------------------------------------------------------------ */

void swap_wait(struct thread *t, struct queue *queue)
{
    wait_add(t, queue, &t->waiter);
    t->queue = queue;
    t->is_waiting = true;
    if (queue == &room && count_in + count_out == 0) { queue_end(&room); }
}

static bool begin_in(struct space *space, uint64_t address, uint64_t slot)
{
    bool is_call = frames_kept < FRAMES_RESERVED;
    unsigned most = is_call ? IN_MOST + IN_FOR_CALLS : IN_MOST;
    struct work order = { .space = space, .address = address, .slot = slot };
    if (count_in >= most || (order.frame = frame_take()) == 0) { return false; }
    slot_use(slot);
    struct work *w = begin(&order);
    if (w == NULL) {
        slot_drop(slot);
        frame_drop(order.frame);
        return false;
    }
    swap_wanted = &w->waiting;
    return true;
}

enum fault swap_bring(struct space *space, struct region *region,
                      uint64_t address)
{
    uint64_t entry = region->leaf->entry[region_index(address)];
    bool is_own = region_own_leaf(region) != NULL;
    struct work *w = work_in(space, address);
    if (w != NULL) {
        swap_wanted = &w->waiting;
        return FAULT_WAITS;
    }
    if (slot_is_bad(entry / KERNE_PAGE)) { return FAULT_BEYOND; }
    if (is_own && begin_in(space, address, entry / KERNE_PAGE)) {
        return FAULT_WAITS;
    }
    if (count_in + count_out > 0 || swap_makes_room()) { swap_wanted = &room; }
    return FAULT_NO_MEMORY;
}

static void lay_over(struct work *w)
{
    const char *from = (const char *)w->over;
    char *to = (char *)w->frame;
    for (unsigned i = 0; i < KERNE_PAGE; i++) {
        if (w->mask->bit[i / 8] >> i % 8 & 1) { to[i] = from[i]; }
    }
}

/* The page is there: with a window, so that it stays for a while.  Until it is
 * changed it can go again without being written. */
static void came(struct work *w)
{
    struct region *region;
    uint64_t *entry = entry_of(w, &region);
    counts.brought++;
    if (entry == NULL) {
        slot_drop(w->slot);
        frame_drop(w->frame);
        return;
    }
    *entry = w->frame | ENTRY_OWN;
    slot_drop(w->slot);
    if (w->over == 0) {
        frame_set_slot(w->frame, w->slot);
    } else {
        slot_drop(w->slot);
        lay_over(w);
    }
    (void)fault(w->space, w->address, KERNE_READ);
    swap_wanted = NULL;
}

bool swap_lay_over(const struct space *space, uint64_t address,
                   const void *bytes, uint64_t count)
{
    struct work *w = work_in(space, address / KERNE_PAGE * KERNE_PAGE);
    unsigned first = address % KERNE_PAGE;
    if (w == NULL) { return false; }
    if (w->mask == NULL) { w->mask = pool_take(sizeof *w->mask); }
    if (w->over == 0) { w->over = frame_take_reserved(); }
    if (w->mask == NULL || w->over == 0) { return false; }
    memcpy((char *)w->over + first, bytes, count);
    for (unsigned i = first; i < first + count; i++) {
        w->mask->bit[i / 8] |= (uint8_t)(1 << i % 8);
    }
    return true;
}

bool swap_is_laying(const struct space *space)
{
    for (struct work *w = works; w < works + WORKS; w++) {
        if (w->frame != 0 && w->over != 0 && w->space == space) {
            swap_wanted = &w->waiting;
            return true;
        }
    }
    return false;
}

/* ---- out ----------------------------------------------------------------- */

/* From a frame that has a slot to that. */
static void leave_frame(uint64_t *entry, uint64_t slot)
{
    slot_use(slot);
    frame_drop(*entry & ENTRY_ADDRESS);
    *entry = slot * KERNE_PAGE | ENTRY_OUT | ENTRY_OWN;
}

/* What was touched while it was written stays; but what was written is good
 * until the page is changed, for all that share it. */
static void went(struct work *w)
{
    struct region *region;
    uint64_t *entry = entry_of(w, &region);
    counts.written++;
    frame_set_slot(w->frame, w->slot);
    if (entry != NULL && !(region->readable >> region_index(w->address) & 1)) {
        leave_frame(entry, w->slot);
    }
    frame_drop(w->frame);
}

static bool is_going(uint64_t frame)
{
    const struct work *w = works;
    while (w < works + WORKS && !(w->is_out && w->frame == frame)) { w++; }
    return w < works + WORKS;
}

bool swap_send_out(struct space *space, struct region *region, unsigned index)
{
    uint64_t frame = region->leaf->entry[index] & ENTRY_ADDRESS, slot;
    struct work order = { .space = space,
                          .address = region->first + index * KERNE_PAGE,
                          .frame = frame,
                          .is_out = true };
    if (frame_slot(frame, &slot)) {
        struct leaf *leaf = region_own_leaf(region);
        if (leaf != NULL) { leave_frame(&leaf->entry[index], slot); }
        return true;
    }
    if (!frame_is_ours_alone(frame) && is_going(frame)) { return true; }
    if (count_out == OUT_MOST) { return false; }
    if (!slot_take(&order.slot)) { return true; }
    if (region_own_leaf(region) == NULL || begin(&order) == NULL) {
        slot_drop(order.slot);
        return false;
    }
    frame_use(frame);
    return true;
}

/* ---- room ---------------------------------------------------------------- */

/* Where no slot is left, only who would be ended otherwise looks for what can
 * go without one. */
bool swap_is_short(void)
{
    uint64_t wanted =
        slots_used() < slots_all() ? FRAMES_WANTED : frames_kept + 1;
    return goes_out && frames_free() + count_out < wanted;
}

bool swap_makes_room(void)
{
    hands_turn();
    if (count_out == 0 && (!goes_out || frames_free() <= frames_kept)) {
        return false;
    }
    swap_wanted = &room;
    return true;
}

/* ---- answers ------------------------------------------------------------- */

/* From now on pages stay; those that are out can still be asked for. */
static void fail(const struct work *w, uint64_t result, uint64_t status)
{
    struct kerne_segments_done done = { .result = result, .status = status };
    parent_say(&linux_parent, "%s cannot %s a page of swap: %s", name,
               w->is_out ? "keep" : "bring", kerne_segments_text(&done));
    if (w->is_out) {
        goes_out = false;
        slot_drop(w->slot);
        frame_drop(w->frame);
    } else {
        slot_spoil(w->slot);
        slot_drop(w->slot);
        frame_drop(w->frame);
    }
}

static void end(struct work *w)
{
    *(w->is_out ? &count_out : &count_in) -= 1;
    if (w->over != 0) { frame_drop(w->over); }
    pool_return(w->mask, sizeof *w->mask);
    queue_end(&w->waiting);
    w->frame = 0;
    queue_end(&room);
}

/* Whether it is to be asked for again: it was not all, or a page of ours was
 * not there, or the store begins anew. */
static bool goes_on(struct work *w, uint64_t result, const uint64_t *words)
{
    uint64_t bytes = result == KERNE_r_normal || result == KERNE_r_malfunction
                         ? words[KERNE_WORD_BYTES]
                         : 0;
    bool is_missing = result == KERNE_r_malfunction &&
                      words[KERNE_WORD_STATUS] == KERNE_r_missing;
    if (result != KERNE_r_normal && !is_missing &&
        result != KERNE_r_does_not_exist) {
        return false;
    }
    if (is_missing) { *(volatile char *)(w->frame + w->bytes); }
    if (result == KERNE_r_normal || is_missing) { w->bytes += bytes; }
    w->tries = bytes > 0 ? 0 : w->tries + 1;
    return w->bytes < KERNE_PAGE && w->tries < TRIES && send(w);
}

bool swap_answer(const struct kerne_received *received)
{
    const uint64_t *words = received->words.w;
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    struct work *w = works;
    while (w < works + WORKS &&
           (w->frame == 0 || w->buffer != received->buffer)) {
        w++;
    }
    if (w == works + WORKS) { return false; }
    if (goes_on(w, result, words)) { return true; }
    if (w->bytes < KERNE_PAGE) {
        fail(w, result, words[KERNE_WORD_STATUS]);
    } else if (w->is_out) {
        went(w);
    } else {
        came(w);
    }
    end(w);
    return true;
}

/* ---- spaces -------------------------------------------------------------- */

void swap_forget(struct space *space)
{
    if (count_in + count_out == 0) { return; }
    for (struct work *w = works; w < works + WORKS; w++) {
        if (w->space == space) { w->space = NULL; }
    }
}

/* ---- beginning ----------------------------------------------------------- */

/* The first name that no other system has taken. */
static uint64_t make_area(uint64_t address, uint64_t pages)
{
    struct kerne_words answer;
    uint64_t result = KERNE_r_rejected;
    for (unsigned i = 1; i <= AREAS && result == KERNE_r_rejected; i++) {
        snprintf(name, sizeof name, "linux-swap-%u", i);
        result =
            kerne_backing_ask(address, KERNE_BACKING_CREATE, name,
                              pages * IN_PAGE, KERNE_AREA_PRIVATE, &answer);
        if (answer.w[KERNE_WORD_STATUS] != KERNE_BACKING_NAME_TAKEN) { break; }
    }
    if (result != KERNE_r_normal) {
        kerne_give_up("swap of %lu k cannot be had of %s: %s",
                      (unsigned long)pages * (KERNE_PAGE / 1024), STORE,
                      kerne_backing_text(result, answer.w[KERNE_WORD_STATUS]));
    }
    return result;
}

void swap_begin(struct storage *storage, uint64_t pages)
{
    static struct kerne_use use;
    uint64_t address = kerne_find(STORE);
    uint32_t number;
    (void)make_area(address, pages);
    if (!carrier_number(&number)) { return; }
    uint64_t result = kerne_use(address, name, number, KERNE_USE_WRITE, &use);
    if (result != KERNE_r_normal) {
        kerne_give_up("swap cannot use %s of %s: %s", name, STORE,
                      kerne_backing_text(result, use.status));
    }
    slots_begin(storage, pages);
    store = use.address;
    goes_out = true;
    frames_warned = FRAMES_WANTED;
}

struct swap_counts swap_counts(void) { return counts; }

const char *swap_name(void) { return name[0] == '\0' ? NULL : name; }
