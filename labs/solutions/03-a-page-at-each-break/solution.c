/* A parent that opens a page when its child breaks for it. */
#include <describe.h>
#include <skeleton.h>

#define WINDOWS 16
#define PAGES 4096

/* What the child is to have, as it was loaded. */
static struct kerne_window_record window[WINDOWS];
static uint8_t given[PAGES]; /* rights, by page from the first window's on */

static struct parent mine;
static struct child *child;
static unsigned long touched, written;

/* Takes all windows away from the child, and notes them. */
static void close_windows(void)
{
    uint64_t left, page = 0;
    for (unsigned n = 0; n<WINDOWS; n += window[n].pages> 0) {
        struct kerne_window_record *w = &window[n];
        if (kerne_describe_window(child->reference, &page, w) !=
            KERNE_r_normal) {
            return;
        }
        kerne_unmap(child->reference, w->address, w->pages, &left);
    }
    kerne_give_up("the child has more than %u windows", WINDOWS);
}

/* Opens one page of a window. */
static bool open_page(const struct kerne_window_record *w, uint64_t offset,
                      uint64_t access)
{
    uint64_t left,
        page = (w->address + offset - window[0].address) / KERNE_PAGE;
    if (page >= PAGES) { return false; }
    touched += given[page] == 0;
    written += access == KERNE_WRITE;
    given[page] |= (uint8_t)(access | KERNE_READ);
    return kerne_map(child->reference, w->address + offset,
                     w->in_parent + offset, 1, given[page],
                     &left) == KERNE_r_normal;
}

/* Opens the page of this address; false: it may not be used so. */
static bool bring(uint64_t address, uint64_t access)
{
    for (unsigned i = 0; i < WINDOWS; i++) {
        const struct kerne_window_record *w = &window[i];
        uint64_t offset = (address - w->address) / KERNE_PAGE * KERNE_PAGE;
        if (address >= w->address && offset < w->pages * KERNE_PAGE) {
            return (w->rights & access) && open_page(w, offset, access);
        }
    }
    return false;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    const struct kerne_words again = { { KERNE_AGAIN } };
    const uint64_t *w = received->words.w;
    bool is_done = parent == &mine &&
                   KERNE_EVENT_KIND(received->event) == KERNE_BREAK &&
                   w[KERNE_WORD_BREAK] == KERNE_BREAK_PAGE_FAULT &&
                   bring(w[KERNE_WORD_ADDRESS], w[KERNE_WORD_ACCESS]);
    if (is_done) {
        kerne_send_answer(received->buffer, KERNE_r_normal, &again);
    }
    return is_done;
}

int main(void)
{
    mine.event = event;
    parent_begin(&mine);
    parent_needs_image(&mine);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    struct child_order order = parent_order(&mine, 1);
    order.image = (struct kerne_range){ 0 };
    child = parent_make(&mine, mine.start->arguments, &order);
    if (child == NULL) { return 1; }
    close_windows();
    child_start(&mine, child);
    parent_serve(&mine);
    parent_say(&mine, "touched %lu pages, wrote %lu of them", touched, written);
    return mine.status;
}
