/* Breaks in the model. */
#include <string.h>

#include "model.h"

/* ---- raising ----------------------------------------------------------- */

/* p handles its own break, if it has an area for it that it can write. */
static bool interrupt_self(struct model_process *p,
                           const uint64_t words[KERNE_WORDS])
{
    uint64_t area = p->area;
    p->area = 0;
    if (area == 0) { return false; }
    for (uint64_t i = 0; i < 40; i++) {
        uint64_t address = area + i * 8;
        uint8_t *at = model_byte(p, address, KERNE_WRITE);
        if (at == NULL || model_is_device(p, address)) { return false; }
        memcpy(at, i < 8 ? &words[i] : &p->x[i - 8], 8);
    }
    p->x[PC] = area + KERNE_AREA_BYTES;
    p->repeats = false;
    return true;
}

void model_raise(struct model_process *p, struct model_process *culprit,
                 const uint64_t words[KERNE_WORDS])
{
    if (culprit == p && interrupt_self(p, words)) { return; }
    if (culprit == MODEL_ROOT) {
        model_disagrees("the root broke, and the machine goes on");
    }
    struct model_buffer *b = model_take_buffer(p, seen_break(p));
    b->is_break = true;
    memcpy(b->words, words, sizeof b->words);
    b->from = model_sender(culprit, culprit->parent) |
              (culprit != p ? KERNE_SENDER_INSIDE : 0);
    p->culprit = culprit;
    p->copying = false;
    p->wait = KERNE_WAITS_BREAK;
    p->wait_for = b->identity;
    model_deliver(b, culprit->parent);
}

static void report(struct model_process *p, struct model_process *culprit,
                   uint64_t address, uint64_t access, bool copies)
{
    bool inside = culprit != p;
    const uint64_t words[KERNE_WORDS] = {
        KERNE_BREAK_PAGE_FAULT,
        address,
        access,
        inside ? 0 : p->x[PC],
        inside,
        copies,
        copies ? model_sender(p, culprit->parent) : 0,
    };
    model_raise(p, culprit, words);
}

unsigned model_page_fault(struct model_process *p, uint64_t fault,
                          uint64_t access, bool copies)
{
    struct model_way way = model_way(p, fault / KERNE_PAGE, access);
    p->repeats = true;
    p->fault = fault;
    report(p, way.culprit, way.page * KERNE_PAGE + fault % KERNE_PAGE, access,
           copies);
    return MODEL_BREAKS;
}

/* ---- answers ----------------------------------------------------------- */

static bool is_open(const struct model_process *p, uint64_t action)
{
    bool own = p->culprit == p && !p->copying;
    switch (action) {
    case KERNE_STAY:
    case KERNE_GO_ON: return own;
    case KERNE_AGAIN: return true;
    case KERNE_NOT_MINE: return !own;
    default: return false;
    }
}

/* The break is offered to the next parent downwards, if the page that p
 * touched is still known to it; else p tries again. */
static void offer_downwards(struct model_process *p, uint64_t access,
                            bool copies)
{
    struct model_process *next = p;
    uint64_t page = p->fault / KERNE_PAGE;
    for (; next->parent != p->culprit; next = next->parent) {
        const struct model_window *window = model_window(next, page);
        if (window == NULL) { return; }
        page = window->onto;
    }
    report(p, next, page * KERNE_PAGE + p->fault % KERNE_PAGE, access, copies);
}

static uint64_t instruction_bytes(struct model_process *p)
{
    const uint8_t *first = model_byte(p, p->x[PC], KERNE_EXECUTE);
    return first == NULL || (*first & 3) == 3 ? 4 : 2;
}

static void go_on(struct model_process *p, uint64_t kind, uint64_t value)
{
    p->repeats = false;
    if (kind == KERNE_BREAK_CALL) {
        p->x[A0] = value;
        p->x[PC] += 4;
    } else {
        p->x[PC] += instruction_bytes(p);
    }
}

/* A general copy ends short. */
static void end_copy(struct model_process *p)
{
    uint64_t *x = p->x;
    x[A0] = x[A0 + 5];
    x[T2] = KERNE_r_missing;
    x[PC] += 4;
    x[RA] = x[T3] = x[T3 + 1] = x[T3 + 2] = x[T3 + 3] = 0;
    p->repeats = false;
}

enum kerne_result model_break_answer(struct model_buffer *b,
                                     enum kerne_result result,
                                     const uint64_t words[KERNE_WORDS])
{
    struct model_process *p = b->sender;
    uint64_t action = result == KERNE_r_normal ? words[0] : KERNE_STAY;
    if (!is_open(p, action)) { return KERNE_r_bad_argument; }
    model_give_back(b);
    p->wait = KERNE_WAITS_NOT;
    if (action == KERNE_STAY) {
        p->stopped = true;
    } else if (action == KERNE_GO_ON) {
        go_on(p, b->words[0], words[1]);
    } else if (action == KERNE_NOT_MINE && p->copying) {
        end_copy(p);
    } else if (action == KERNE_NOT_MINE) {
        uint64_t access = b->words[2];
        offer_downwards(p, access, b->words[5] != 0);
    }
    return KERNE_r_normal;
}

unsigned model_set_interrupt(struct model_process *p)
{
    uint64_t area = p->x[A0];
    if (area % 8 != 0 ||
        area > MODEL_PAGE_LIMIT * KERNE_PAGE - KERNE_AREA_BYTES) {
        return KERNE_r_bad_address;
    }
    p->area = area;
    return KERNE_r_normal;
}
