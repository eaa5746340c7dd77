/* Windows, general copy and breaks' areas in the model. */
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

struct model_window *model_window(int p, uint64_t page)
{
    struct model_set *set = model_set(p);
    for (unsigned i = 0; i < set->windows; i++) {
        if (set->window[i].page == page) { return &set->window[i]; }
    }
    return NULL;
}

static void mark_touched(int p, uint64_t page)
{
    for (; p != MODEL_ROOT; p = model.process[p].parent) {
        struct model_window *window = model_window(p, page);
        window->touched = true;
        page = window->onto;
    }
}

bool model_resolve(int p, uint64_t page, uint64_t access, uint64_t *ret_page,
                   uint64_t *ret_rights, int *ret_culprit)
{
    uint64_t rights = KERNE_READ | KERNE_WRITE | KERNE_EXECUTE;
    *ret_culprit = p;
    *ret_page = page;
    int toucher = p;
    uint64_t touched = page;
    while (p != MODEL_ROOT) {
        const struct model_window *window = model_window(p, page);
        *ret_culprit = p;
        *ret_page = page;
        if (window == NULL || (window->rights & access) != access) {
            return false;
        }
        rights &= window->rights;
        page = window->onto;
        p = model.process[p].parent;
    }
    const struct model_page *there = model_page(page);
    if (there == NULL || (there->rights & access) != access) { return false; }
    if (access != 0) { mark_touched(toucher, touched); }
    *ret_page = page;
    *ret_rights = rights & there->rights;
    return true;
}

/* The byte of p at an address; null: it may not be accessed so. */
uint8_t *model_byte(int p, uint64_t address, uint64_t access)
{
    uint64_t page, rights;
    int culprit;
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT ||
        !model_resolve(p, address / KERNE_PAGE, access, &page, &rights,
                       &culprit)) {
        return NULL;
    }
    return &model_page(page)->bytes[address % KERNE_PAGE];
}

bool model_touch(int p, uint64_t address, uint64_t access,
                 uint64_t *ret_physical)
{
    uint64_t page, rights;
    int culprit;
    model.process[p].repeats = false;
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT ||
        !model_resolve(p, address / KERNE_PAGE, access, &page, &rights,
                       &culprit)) {
        model_page_fault(p, address, access, false);
        return false;
    }
    *ret_physical = page * KERNE_PAGE + address % KERNE_PAGE;
    return true;
}

/* ---- map and unmap ----------------------------------------------------- */

static bool is_range(uint64_t address, uint64_t pages)
{
    uint64_t page = address / KERNE_PAGE;
    return address % KERNE_PAGE == 0 && page <= MODEL_PAGE_LIMIT &&
           pages <= MODEL_PAGE_LIMIT - page;
}

/* Does p wait in a break of its own for this page? */
static bool is_awaited(int p, uint64_t page)
{
    const struct model_process *process = &model.process[p];
    if (process->wait != KERNE_WAITS_BREAK || process->culprit != p) {
        return false;
    }
    const struct model_buffer *b =
        &model.buffer[model_by_identity(process->wait_for)];
    return b->words[0] == KERNE_BREAK_PAGE_FAULT &&
           b->words[1] / KERNE_PAGE == page;
}

static bool open_window(int p, uint64_t page, uint64_t onto, uint64_t rights)
{
    struct model_set *set = model_set(p);
    int payer = model_next_sharer(p, NOBODY);
    struct model_window *window = model_window(p, page);
    if (window == NULL) {
        if (set->windows == MODEL_WINDOWS) {
            model_disagrees("more windows are open than the model has");
        }
        uint64_t free = model_free_tables(payer),
                 used = model_used_tables(payer);
        window = &set->window[set->windows++];
        window->page = page;
        if (model_used_tables(payer) - used > free) {
            set->windows--;
            return false;
        }
    }
    window->onto = onto;
    window->rights = rights;
    window->touched = is_awaited(p, page);
    return true;
}

static enum kerne_result map(int caller)
{
    uint64_t *x = model.process[caller].x;
    uint64_t *address = &x[A0 + 1], *onto = &x[A0 + 2], *pages = &x[A0 + 3];
    uint64_t rights = x[A0 + 4];
    int p = NOBODY;
    enum kerne_result result = model_find(caller, x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (model.process[p].is_pseudo) { return KERNE_r_bad_argument; }
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

static enum kerne_result unmap(int caller)
{
    uint64_t *x = model.process[caller].x;
    uint64_t first = x[A0 + 1] / KERNE_PAGE, pages = x[A0 + 3];
    int p = NOBODY;
    enum kerne_result result = model_find(caller, x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (model.process[p].is_pseudo) { return KERNE_r_bad_argument; }
    if (!is_range(x[A0 + 1], pages)) { return KERNE_r_bad_address; }
    struct model_set *set = model_set(p);
    for (unsigned i = set->windows; i-- > 0;) {
        if (set->window[i].page - first < pages) {
            set->window[i] = set->window[--set->windows];
        }
    }
    x[A0 + 1] += pages * KERNE_PAGE;
    x[A0 + 3] = 0;
    return KERNE_r_normal;
}

static enum model_outcome physical_address(int p)
{
    uint64_t *x = model.process[p].x;
    uint64_t address = x[A0], page, rights;
    int culprit;
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT) {
        model_result(p, KERNE_r_bad_address);
        return ENDS;
    }
    if (!model_resolve(p, address / KERNE_PAGE, KERNE_READ, &page, &rights,
                       &culprit)) {
        model.process[p].repeats = true;
        model_page_fault(p, address, KERNE_READ, false);
        return BROKE;
    }
    x[A0] = page * KERNE_PAGE + address % KERNE_PAGE;
    model_result(p, KERNE_r_normal);
    return ENDS;
}

bool model_storage_function(int p, enum model_outcome *ret_outcome)
{
    switch (model.process[p].x[A7]) {
    case KERNE_map: model_result(p, map(p)); return true;
    case KERNE_unmap: model_result(p, unmap(p)); return true;
    case KERNE_physical_address:
        *ret_outcome = physical_address(p);
        return true;
    default: return false;
    }
}

/* ---- general copy ------------------------------------------------------ */

enum { DIRECTION = A0 + 1, OFFSET, OWN, LENGTH, COPIED };

static enum kerne_result check_copy(int p, int b)
{
    const uint64_t *x = model.process[p].x;
    uint64_t grant =
        x[DIRECTION] == KERNE_FETCH ? KERNE_GRANT_READ : KERNE_GRANT_WRITE;
    if (b == NOBODY) { return KERNE_r_gone; }
    const struct model_buffer *buffer = &model.buffer[b];
    if (buffer->state != KERNE_RECEIVED || buffer->receiver != p ||
        buffer->sender == NOBODY || buffer->regretted) {
        return KERNE_r_gone;
    }
    if (x[DIRECTION] > KERNE_STORE || x[COPIED] > x[LENGTH]) {
        return KERNE_r_bad_argument;
    }
    uint64_t area = buffer->words[2] - buffer->words[1];
    if (buffer->is_break || (buffer->words[0] & grant) == 0 ||
        buffer->words[2] < buffer->words[1] || x[OFFSET] > area ||
        x[LENGTH] > area - x[OFFSET]) {
        return KERNE_r_no_grant;
    }
    uint64_t limit = MODEL_PAGE_LIMIT * KERNE_PAGE;
    if (x[OWN] > limit || x[LENGTH] > limit - x[OWN]) {
        return KERNE_r_bad_address;
    }
    return KERNE_r_normal;
}

bool model_is_device(int p, uint64_t address)
{
    uint64_t page, rights;
    int culprit;
    return model_resolve(p, address / KERNE_PAGE, 0, &page, &rights,
                         &culprit) &&
           model_page(page)->is_device;
}

/* A page of the sender is missing: the receiver waits for it only if whoever
 * could bring it is above the receiver too. */
static enum model_outcome miss_page_of_sender(int p, int sender,
                                              uint64_t address, uint64_t access)
{
    uint64_t page, rights;
    int culprit;
    if (address / KERNE_PAGE < MODEL_PAGE_LIMIT) {
        model_resolve(sender, address / KERNE_PAGE, access, &page, &rights,
                      &culprit);
        int pager = model.process[culprit].parent;
        if (pager != NOBODY && pager != p && model_is_within(p, pager)) {
            bool inside = culprit != p;
            const uint64_t words[KERNE_WORDS] = {
                KERNE_BREAK_PAGE_FAULT,
                page * KERNE_PAGE + address % KERNE_PAGE,
                access,
                inside ? 0 : model.process[p].x[PC],
                inside,
                true,
                model_sender(p, pager),
            };
            model.process[p].repeats = true;
            model_raise(p, culprit, words);
            model.process[p].copying = inside;
            return BROKE;
        }
    }
    model_end_copy(p, KERNE_r_missing);
    return ENDS;
}

void model_end_copy(int p, enum kerne_result result)
{
    model.process[p].x[A0] = model.process[p].x[COPIED];
    model_result(p, result);
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

/* The sender's page is looked at first. */
enum model_outcome model_copy(int p)
{
    uint64_t *x = model.process[p].x;
    int b = model_by_identity(x[A0]);
    enum kerne_result result = check_copy(p, b);
    if (result != KERNE_r_normal) {
        x[COPIED] = 0;
        model_end_copy(p, result);
        return ENDS;
    }
    int sender = model.buffer[b].sender;
    if (model.process[p].serving != b) { /* it is the last one taken now */
        model.buffer[b].taken = ++model.serial;
        model.process[p].serving = b;
    }
    bool fetch = x[DIRECTION] == KERNE_FETCH;
    bool words = false;
    uint64_t bytes = 0;
    for (; x[COPIED] < x[LENGTH]; x[COPIED] += bytes) {
        uint64_t theirs = model.buffer[b].words[1] + x[OFFSET] + x[COPIED];
        uint64_t own = x[OWN] + x[COPIED];
        if (model_is_suspended(sender)) {
            model_end_copy(p, KERNE_r_missing);
            return ENDS;
        }
        uint8_t *their_byte =
            model_byte(sender, theirs, fetch ? KERNE_READ : KERNE_WRITE);
        if (their_byte == NULL) {
            return miss_page_of_sender(p, sender, theirs,
                                       fetch ? KERNE_READ : KERNE_WRITE);
        }
        uint8_t *own_byte =
            model_byte(p, own, fetch ? KERNE_WRITE : KERNE_READ);
        if (own_byte == NULL) {
            model.process[p].repeats = true;
            model_page_fault(p, own, fetch ? KERNE_WRITE : KERNE_READ, true);
            return BROKE;
        }
        if (model_is_device(sender, theirs) || model_is_device(p, own)) {
            model_end_copy(p, KERNE_r_bad_address);
            return ENDS;
        }
        bytes = copy_at_once(theirs, own, x[LENGTH] - x[COPIED], bytes == 0,
                             &words);
        memmove(fetch ? own_byte : their_byte, fetch ? their_byte : own_byte,
                bytes);
    }
    model_end_copy(p, KERNE_r_normal);
    return ENDS;
}
