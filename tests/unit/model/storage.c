/* Windows and general copy in the model. */
#include <string.h>

#include "model.h"

/* ---- where a page is --------------------------------------------------- */

struct model_page *model_page(uint64_t page)
{
    for (unsigned i = 0; i < model.pages; i++) {
        if (model.page[i].page == page) { return &model.page[i]; }
    }
    return NULL;
}

struct model_window *model_window(const struct model_process *p, uint64_t page)
{
    for (unsigned i = 0; i < p->set->windows; i++) {
        if (p->set->window[i].page == page) { return &p->set->window[i]; }
    }
    return NULL;
}

static void mark_touched(const struct model_process *p, uint64_t page)
{
    for (; p != MODEL_ROOT; p = p->parent) {
        struct model_window *window = model_window(p, page);
        window->touched = true;
        page = window->onto;
    }
}

struct model_way model_way(struct model_process *p, uint64_t page,
                           uint64_t access)
{
    struct model_way way = { false, page, 7, p };
    uint64_t at = page;
    if (page >= MODEL_PAGE_LIMIT) { return way; }
    for (struct model_process *q = p; q != MODEL_ROOT; q = q->parent) {
        const struct model_window *window = model_window(q, at);
        way.culprit = q;
        way.page = at;
        if (window == NULL || (window->rights & access) != access) {
            return way;
        }
        way.rights &= window->rights;
        at = window->onto;
    }
    const struct model_page *there = model_page(at);
    if (there == NULL || (there->rights & access) != access) { return way; }
    if (access != 0) { mark_touched(p, page); }
    return (struct model_way){ true, at, way.rights & there->rights, NULL };
}

uint8_t *model_byte(struct model_process *p, uint64_t address, uint64_t access)
{
    struct model_way way = model_way(p, address / KERNE_PAGE, access);
    return way.is_open ? &model_page(way.page)->bytes[address % KERNE_PAGE]
                       : NULL;
}

bool model_is_device(struct model_process *p, uint64_t address)
{
    struct model_way way = model_way(p, address / KERNE_PAGE, 0);
    return way.is_open && model_page(way.page)->is_device;
}

bool model_touch(struct model_process *p, uint64_t address, uint64_t access,
                 uint64_t *ret_physical)
{
    struct model_way way = model_way(p, address / KERNE_PAGE, access);
    *ret_physical = way.page * KERNE_PAGE + address % KERNE_PAGE;
    if (!way.is_open) { model_page_fault(p, address, access, false); }
    p->repeats = false;
    return way.is_open;
}

unsigned model_physical_address(struct model_process *p)
{
    uint64_t address = p->x[A0];
    struct model_way way = model_way(p, address / KERNE_PAGE, KERNE_READ);
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT) {
        return KERNE_r_bad_address;
    }
    if (!way.is_open) {
        return model_page_fault(p, address, KERNE_READ, false);
    }
    p->x[A0] = way.page * KERNE_PAGE + address % KERNE_PAGE;
    return KERNE_r_normal;
}

/* ---- map and unmap ----------------------------------------------------- */

static bool is_range(uint64_t address, uint64_t pages)
{
    uint64_t page = address / KERNE_PAGE;
    return address % KERNE_PAGE == 0 && page <= MODEL_PAGE_LIMIT &&
           pages <= MODEL_PAGE_LIMIT - page;
}

/* Does p wait in a break of its own for this page? */
static bool is_awaited(const struct model_process *p, uint64_t page)
{
    if (p->wait != KERNE_WAITS_BREAK || p->culprit != p) { return false; }
    const struct model_buffer *b = model_by_identity(p->wait_for);
    return b->words[0] == KERNE_BREAK_PAGE_FAULT &&
           b->words[1] / KERNE_PAGE == page;
}

static bool open_window(const struct model_process *p, uint64_t page,
                        uint64_t onto, uint64_t rights)
{
    const struct model_process *payer = model_next_sharer(p, NULL);
    struct model_window *window = model_window(p, page);
    if (window == NULL) {
        if (p->set->windows == MODEL_WINDOWS) {
            model_disagrees("more windows are open than the model has");
        }
        uint64_t free = model_free(payer, OF_TABLES);
        uint64_t used = model_used(payer, OF_TABLES);
        window = &p->set->window[p->set->windows++];
        window->page = page;
        if (model_used(payer, OF_TABLES) - used > free) {
            p->set->windows--;
            return false;
        }
    }
    window->onto = onto;
    window->rights = rights;
    window->touched = is_awaited(p, page);
    return true;
}

unsigned model_map(struct model_process *caller)
{
    uint64_t *address = &caller->x[A0 + 1], *onto = &caller->x[A0 + 2];
    uint64_t *pages = &caller->x[A0 + 3], rights = caller->x[A0 + 4];
    struct model_process *p;
    enum kerne_result result = model_internal(caller, caller->x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (!is_range(*address, *pages) || !is_range(*onto, *pages)) {
        return KERNE_r_bad_address;
    }
    if (rights == 0 || rights > 7 || rights == KERNE_WRITE ||
        rights == (KERNE_WRITE | KERNE_EXECUTE)) {
        return KERNE_r_bad_argument;
    }
    for (; *pages > 0; --*pages) {
        if (!open_window(p, *address / KERNE_PAGE, *onto / KERNE_PAGE,
                         rights)) {
            return KERNE_r_no_tables;
        }
        *address += KERNE_PAGE;
        *onto += KERNE_PAGE;
    }
    return KERNE_r_normal;
}

unsigned model_unmap(struct model_process *caller)
{
    uint64_t *x = caller->x;
    uint64_t first = x[A0 + 1] / KERNE_PAGE, pages = x[A0 + 3];
    struct model_process *p;
    enum kerne_result result = model_internal(caller, x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (!is_range(x[A0 + 1], pages)) { return KERNE_r_bad_address; }
    struct model_set *set = p->set;
    for (unsigned i = set->windows; i-- > 0;) {
        if (set->window[i].page - first < pages) {
            set->window[i] = set->window[--set->windows];
        }
    }
    x[A0 + 1] += pages * KERNE_PAGE;
    x[A0 + 3] = 0;
    return KERNE_r_normal;
}

/* ---- general copy ------------------------------------------------------ */

enum { DIRECTION = A0 + 1, OFFSET, OWN, LENGTH, COPIED };

static enum kerne_result check_copy(const struct model_process *p,
                                    const struct model_buffer *b)
{
    const uint64_t *x = p->x;
    uint64_t grant =
        x[DIRECTION] == KERNE_FETCH ? KERNE_GRANT_READ : KERNE_GRANT_WRITE;
    if (!model_is_in(p, KERNE_DESCRIBE_HELD, b) || b->sender == NULL ||
        b->regretted) {
        return KERNE_r_gone;
    }
    if (x[DIRECTION] > KERNE_STORE || x[COPIED] > x[LENGTH]) {
        return KERNE_r_bad_argument;
    }
    uint64_t area = b->words[2] - b->words[1];
    if (b->is_break || (b->words[0] & grant) == 0 ||
        b->words[2] < b->words[1] || x[OFFSET] > area ||
        x[LENGTH] > area - x[OFFSET]) {
        return KERNE_r_no_grant;
    }
    uint64_t limit = MODEL_PAGE_LIMIT * KERNE_PAGE;
    return x[OWN] > limit || x[LENGTH] > limit - x[OWN] ? KERNE_r_bad_address
                                                        : KERNE_r_normal;
}

/* A page of the sender is missing: the receiver waits for it only if whoever
 * could bring it is above the receiver too. */
static unsigned miss_page_of_sender(struct model_process *p,
                                    struct model_process *sender,
                                    uint64_t address, uint64_t access)
{
    struct model_way way = model_way(sender, address / KERNE_PAGE, access);
    const struct model_process *pager = way.culprit->parent;
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT || pager == NULL ||
        pager == p || !model_is_within(p, pager)) {
        return KERNE_r_missing;
    }
    bool inside = way.culprit != p;
    const uint64_t words[KERNE_WORDS] = {
        KERNE_BREAK_PAGE_FAULT,
        way.page * KERNE_PAGE + address % KERNE_PAGE,
        access,
        inside ? 0 : p->x[PC],
        inside,
        true,
        model_sender(p, pager),
    };
    p->repeats = true;
    model_raise(p, way.culprit, words);
    p->copying = inside;
    return MODEL_BREAKS;
}

#define LINE 32

/* As many bytes as the nucleus reads before it writes, which shows only where
 * an area is copied into itself: lines, up to the end of a page, where both
 * sides of what is left began at words. */
static uint64_t copy_at_once(uint64_t theirs, uint64_t own, uint64_t left,
                             bool begins, bool *words)
{
    uint64_t t = theirs % KERNE_PAGE;
    uint64_t o = own % KERNE_PAGE;
    uint64_t in_page = KERNE_PAGE - (t > o ? t : o);
    if (begins || t == 0 || o == 0) { *words = (t | o) % 8 == 0; }
    return *words && left >= LINE && in_page >= LINE ? LINE : 1;
}

/* What is granted, from x[COPIED] on.  The sender's page is looked at first. */
static unsigned copy(struct model_process *p, const struct model_buffer *b)
{
    uint64_t *x = p->x, bytes = 0;
    bool fetch = x[DIRECTION] == KERNE_FETCH, words = false;
    uint64_t their_access = fetch ? KERNE_READ : KERNE_WRITE;
    uint64_t own_access = fetch ? KERNE_WRITE : KERNE_READ;
    for (; x[COPIED] < x[LENGTH]; x[COPIED] += bytes) {
        uint64_t theirs = b->words[1] + x[OFFSET] + x[COPIED];
        uint64_t own = x[OWN] + x[COPIED];
        if (model_is_suspended(b->sender)) { return KERNE_r_missing; }
        uint8_t *their_byte = model_byte(b->sender, theirs, their_access);
        if (their_byte == NULL) {
            return miss_page_of_sender(p, b->sender, theirs, their_access);
        }
        uint8_t *own_byte = model_byte(p, own, own_access);
        if (own_byte == NULL) {
            return model_page_fault(p, own, own_access, true);
        }
        if (model_is_device(b->sender, theirs) || model_is_device(p, own)) {
            return KERNE_r_bad_address;
        }
        bytes = copy_at_once(theirs, own, x[LENGTH] - x[COPIED], bytes == 0,
                             &words);
        memmove(fetch ? own_byte : their_byte, fetch ? their_byte : own_byte,
                bytes);
    }
    return KERNE_r_normal;
}

unsigned model_general_copy(struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->x[A0]);
    unsigned end = check_copy(p, b);
    if (end != KERNE_r_normal) {
        p->x[COPIED] = 0;
    } else {
        if (p->serving != b) { /* it is the last one taken now */
            b->taken = ++model.serial;
            p->serving = b;
        }
        end = copy(p, b);
    }
    if (end != MODEL_BREAKS) { p->x[A0] = p->x[COPIED]; }
    return end;
}
