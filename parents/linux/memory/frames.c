#include <memory/frames.h>

#include <kerne.h>
#include <loop.h>
#include <memory/slots.h>
#include <memory/swap.h>
#include <string.h>

#define RUNS 16
#define NO_FRAME UINT32_MAX

struct frame {
    uint32_t users;
    uint32_t next_free; /* of a frame in use: its slot */
};

/* For each page from `base` on, whether it is a frame or not. */
static struct frame *table;
static uint64_t base, pages, all, available;
static uint32_t first_free = NO_FRAME;
uint64_t frames_kept = FRAMES_RESERVED, frames_warned = FRAMES_RESERVED;

/* What is no frame has so many users for ever. */
#define NOT_A_FRAME UINT32_MAX

static struct frame *frame_of(uint64_t address)
{
    uint64_t number = (address - base) / KERNE_PAGE;
    return number < pages && table[number].users != NOT_A_FRAME ? &table[number]
                                                                : NULL;
}

static void give(struct storage_run run)
{
    uint64_t number = (run.first - base) / KERNE_PAGE;
    for (uint64_t i = run.pages; i-- > 0;) {
        table[number + i] = (struct frame){ 0, first_free };
        first_free = (uint32_t)(number + i);
    }
    all += run.pages;
    available += run.pages;
}

/* The first of the runs, the longest, has the table at its end. */
void frames_begin(struct storage *storage)
{
    struct storage_run run[RUNS];
    unsigned runs = 0;
    uint64_t last = 0;
    base = UINT64_MAX;
    while (runs < RUNS && storage_longest(storage) > 0) {
        run[runs] = storage_take(storage, storage_longest(storage));
        uint64_t end = run[runs].first + run[runs].pages * KERNE_PAGE;
        base = run[runs].first < base ? run[runs].first : base;
        last = end > last ? end : last;
        runs++;
    }
    if (runs == 0) { return; }
    pages = (last - base) / KERNE_PAGE;
    uint64_t bytes = pages * sizeof *table;
    uint64_t own = (bytes + KERNE_PAGE - 1) / KERNE_PAGE;
    if (own >= run[0].pages) {
        pages = 0;
        return;
    }
    run[0].pages -= own;
    table = (struct frame *)(run[0].first + run[0].pages * KERNE_PAGE);
    memset(table, 0xff, bytes);
    while (runs > 0) { give(run[--runs]); }
}

static uint64_t take_of_few(void)
{
    loop_due |= LOOP_FRAMES;
    if (available > frames_kept) { return frame_take_reserved(); }
    (void)swap_makes_room();
    return 0;
}

uint64_t frame_take(void)
{
    return available > frames_warned ? frame_take_reserved() : take_of_few();
}

uint64_t frame_take_reserved(void)
{
    uint32_t number = first_free;
    if (number == NO_FRAME) { return 0; }
    first_free = table[number].next_free;
    table[number].users = 1;
    table[number].next_free = NO_FRAME;
    available--;
    return base + (uint64_t)number * KERNE_PAGE;
}

/* Larger blocks than memset's: a page is most of what a fault costs. */
static void clear(uint64_t frame)
{
    struct block {
        uint64_t word[32];
    } *block = (struct block *)frame;
    for (unsigned i = 0; i < KERNE_PAGE / sizeof *block; i++) {
        for (unsigned j = 0; j < 32; j++) { block[i].word[j] = 0; }
    }
}

uint64_t frame_take_zeroed(void)
{
    uint64_t frame = frame_take();
    if (frame != 0) { clear(frame); }
    return frame;
}

void frame_use(uint64_t address)
{
    struct frame *frame = frame_of(address);
    if (frame != NULL) { frame->users++; }
}

void frame_drop(uint64_t address)
{
    struct frame *frame = frame_of(address);
    if (frame == NULL || --frame->users > 0) { return; }
    if (frame->next_free != NO_FRAME) { slot_drop(frame->next_free); }
    frame->next_free = first_free;
    first_free = (uint32_t)(frame - table);
    available++;
}

bool frame_is_ours_alone(uint64_t address)
{
    const struct frame *frame = frame_of(address);
    return frame != NULL && frame->users == 1;
}

bool frame_slot(uint64_t address, uint64_t *ret_slot)
{
    const struct frame *frame = frame_of(address);
    if (frame == NULL || frame->next_free == NO_FRAME) { return false; }
    *ret_slot = frame->next_free;
    return true;
}

void frame_set_slot(uint64_t address, uint64_t slot)
{
    frame_of(address)->next_free = (uint32_t)slot;
}

void frame_forget_slot(uint64_t address)
{
    struct frame *frame = frame_of(address);
    if (frame == NULL || frame->next_free == NO_FRAME) { return; }
    slot_drop(frame->next_free);
    frame->next_free = NO_FRAME;
}

uint64_t frames_free(void) { return available; }

uint64_t frames_all(void) { return all; }
