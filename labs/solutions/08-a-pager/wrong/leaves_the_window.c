/* A pager with fewer pages than its child uses, but leaves the old windows open.
 *
 *     FRAMES PROGRAM ARGUMENTS */
#include <describe.h>
#include <region.h>
#include <skeleton.h>
#include <stdlib.h>

#define FRAMES_MAX 8
#define NOBODY REGION_PAGES

/* What there is for the child's pages: so many frames, and room for what is
 * out, which stands for a disk. */
static char frame[FRAMES_MAX][KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static char room[REGION_PAGES][KERNE_PAGE];
static uint64_t page_in[FRAMES_MAX]; /* NOBODY: the frame is free */
static uint64_t frames;

static struct parent mine;
static struct child *child;

/* Opens the window of a page onto its frame; anew, it is untouched. */
static bool open_page(uint64_t f)
{
    uint64_t left;
    return kerne_map(child->reference, region_address(page_in[f]),
                     (uint64_t)frame[f], 1, KERNE_READ | KERNE_WRITE,
                     &left) == KERNE_r_normal;
}

__attribute__((unused)) static void close_page(uint64_t f)
{
    uint64_t left;
    kerne_unmap(child->reference, region_address(page_in[f]), 1, &left);
}

/* Was the page in this frame touched since it was opened? */
static bool is_touched(uint64_t f)
{
    struct kerne_window_record window;
    uint64_t cursor = region_address(page_in[f]) / KERNE_PAGE;
    return kerne_describe_window(child->reference, &cursor, &window) ==
               KERNE_r_normal &&
           window.touched > 0;
}

/* The clock: a page that was touched since it was asked last stays. */
static uint64_t choose(void)
{
    static uint64_t hand;
    while (page_in[hand] != NOBODY && is_touched(hand)) {
        (void)open_page(hand);
        hand = (hand + 1) % frames;
    }
    uint64_t chosen = hand;
    hand = (hand + 1) % frames;
    return chosen;
}

/* Brings this page of the region; false: it cannot be. */
static bool bring(uint64_t page)
{
    uint64_t f = choose();
    if (page_in[f] != NOBODY) {
        memcpy(room[page_in[f]], frame[f], KERNE_PAGE);
    }
    page_in[f] = page;
    memcpy(frame[f], room[page], KERNE_PAGE);
    return open_page(f);
}

/* The page of the region with this address; NOBODY: none. */
static uint64_t page_of(uint64_t address)
{
    uint64_t page = (address - REGION) / REGION_STEP;
    bool is_there = address >= REGION && page < REGION_PAGES &&
                    (address - REGION) % REGION_STEP < KERNE_PAGE;
    return is_there ? page : NOBODY;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    const struct kerne_words again = { { KERNE_AGAIN } };
    const uint64_t *w = received->words.w;
    bool is_done = parent == &mine &&
                   KERNE_EVENT_KIND(received->event) == KERNE_BREAK &&
                   w[KERNE_WORD_BREAK] == KERNE_BREAK_PAGE_FAULT &&
                   page_of(w[KERNE_WORD_ADDRESS]) != NOBODY &&
                   bring(page_of(w[KERNE_WORD_ADDRESS]));
    if (is_done) {
        kerne_send_answer(received->buffer, KERNE_r_normal, &again);
    }
    return is_done;
}

int main(void)
{
    char *command;
    mine.event = event;
    parent_begin(&mine);
    parent_needs_image(&mine);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    frames = strtoul(mine.start->arguments, &command, 10);
    if (frames < 1 || frames > FRAMES_MAX) {
        kerne_give_up("1 to %u frames, please", FRAMES_MAX);
    }
    for (uint64_t f = 0; f < frames; f++) { page_in[f] = NOBODY; }
    struct child_order order = parent_order(&mine, 1);
    child = parent_make(&mine, command + strspn(command, " "), &order);
    if (child == NULL) { return 1; }
    child_start(&mine, child);
    return parent_serve(&mine);
}
