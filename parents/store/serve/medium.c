#include "medium.h"

#include <segments.h>

struct medium_state medium_state = { .fault = KERNE_SEGMENTS_DEVICE_ERROR };

void medium_sensed(struct store *store, const struct kerne_received *received,
                   const char *why)
{
    const uint64_t *w = received->words.w;
    struct kerne_segments_done done = {
        .result = KERNE_EVENT_RESULT(received->event),
        .status = w[KERNE_WORD_STATUS],
    };
    if (done.result != KERNE_r_normal) {
        kerne_give_up("it has no disk that it can use: %s",
                      why == NULL ? kerne_segments_text(&done) : why);
    }
    if (w[KERNE_WORD_BLOCK] > STORE_PAGE_SEGMENTS) {
        kerne_give_up("the disk has blocks of more than %u bytes", STORE_PAGE);
    }
    store->disk_pages = w[KERNE_WORD_ALL] / STORE_PAGE_SEGMENTS;
    medium_state.is_asked = false;
    medium_state.is_writable = w[KERNE_WORD_WRITABLE] != 0;
    store_begin(store);
}
