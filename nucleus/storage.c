/*
 * Storage: windows of a process onto its parent's, and the machine's tables as
 * a cache of them.
 *
 * S1  A window names a page of the parent and rights; the root has no windows,
 *     its page n is page frame n.  Write implies read.
 * S2  A cached entry has exactly the frame and the rights that the chain of
 *     windows up to the root gives.
 * S3  The cached entries of a frame are linked in a list at the frame.  What
 *     an entry was composed from is cached too, and stands behind it.
 * S4  Entries and windows of a free table node are zero.
 *
 * So first touch climbs no further than to the first ancestor that has touched
 * the page, and a window is changed by dropping the front of one list: the
 * entries composed from it are there, and nothing else need be looked for.  The
 * window changes last, so an unmap abandoned midway has not happened.
 */
#include "nucleus.h"

#define PAGE_LIMIT (UINT64_C(1) << 26) /* pages of a process: 256 GiB */
#define STEP 64
#define WINDOW_NEXT(window) ((uint32_t)((window) >> 32))

/* ---- table nodes ------------------------------------------------------- */

static uint32_t node_index(const struct node *n)
{
    return (uint32_t)(n - nucleus.nodes);
}

/* A node out of p's claim of tables; false: the claim is used up. */
bool storage_take_node(struct process *p, uint64_t base, uint32_t *ret_node)
{
    if (p->tables.free == 0) { return false; }
    uint32_t index = nucleus.free_node;
    if (index != 0) {
        nucleus.free_node = nucleus.node_infos[index].base;
    } else {
        index = nucleus.fresh_node++;
        nucleus.nodes[index] = (struct node){ 0 };
    }
    nucleus.node_infos[index] =
        (struct node_info){ process_index(p), 0, (uint32_t)base };
    p->tables.free--;
    p->tables.used++;
    *ret_node = index;
    return true;
}

/* The node, all of whose entries are zero, returns to its owner's claim. */
void storage_free_node(uint32_t node)
{
    struct node_info *info = &nucleus.node_infos[node];
    struct process *p = process_at(info->owner);
    p->tables.free++;
    p->tables.used--;
    *info = (struct node_info){ 0, 0, nucleus.free_node };
    nucleus.free_node = node;
}

static struct node *node_below(const struct node *n, uint64_t index)
{
    uint64_t e = n->entry[index];
    return machine_entry_is_table(e) ? machine_page(machine_entry_frame(e))
                                     : NULL;
}

/* The lowest node that translates a page of p; null: there is none. */
static struct node *leaf_node(const struct process *p, uint64_t page)
{
    struct node *n = node_below(&nucleus.nodes[p->table], page >> 18);
    return n != NULL ? node_below(n, page >> 9 & 511) : NULL;
}

static struct node *add_below(struct process *p, struct node *n,
                              uint64_t index, uint64_t base)
{
    uint32_t added;
    struct node *below = node_below(n, index);
    if (below == NULL && storage_take_node(p, base, &added)) {
        below = &nucleus.nodes[added];
        n->entry[index] = machine_entry_table(machine_frame(below));
        nucleus.node_infos[node_index(n)].used++;
    }
    return below;
}

static void free_if_empty(struct process *p, struct node *n, uint64_t index)
{
    struct node *below = node_below(n, index);
    if (below == NULL || nucleus.node_infos[node_index(below)].used != 0) {
        return;
    }
    n->entry[index] = 0;
    nucleus.node_infos[node_index(n)].used--;
    storage_free_node(node_index(below));
    machine_forget_all(process_index(p));
}

/* Frees the nodes on the way to a page that translate nothing any more. */
static void prune(struct process *p, uint64_t page)
{
    struct node *top = &nucleus.nodes[p->table];
    free_if_empty(p, node_below(top, page >> 18), page >> 9 & 511);
    free_if_empty(p, top, page >> 18);
}

/* The lowest node for a page of p, made if need be; null: no tables left. */
static struct node *need_leaf_node(struct process *p, uint64_t page)
{
    struct node *top = &nucleus.nodes[p->table];
    struct node *n = add_below(p, top, page >> 18, page & ~UINT64_C(0x3ffff));
    if (n == NULL) { return NULL; }
    n = add_below(p, n, page >> 9 & 511, page & ~UINT64_C(511));
    if (n == NULL) { prune(p, page); }
    return n;
}

/* ---- the lists of cached entries --------------------------------------- */

static uint32_t *list_of_frame(uint64_t frame)
{
    uint64_t index = frame - nucleus.first_frame;
    return index < nucleus.frame_count ? &nucleus.frames[index]
                                       : &nucleus.device_frames;
}

static void cache(struct node *n, uint64_t index, uint64_t frame,
                  uint64_t rights)
{
    uint32_t *list = list_of_frame(frame);
    const struct node_info *info = &nucleus.node_infos[node_index(n)];
    n->window[index] = (uint32_t)n->window[index] | (uint64_t)*list << 32;
    *list = node_index(n) << 9 | (uint32_t)index;
    n->entry[index] = machine_entry_leaf(frame, rights);
    process_at(info->owner)->cached++;
    machine_forget(info->owner, (info->base + index) * KERNE_PAGE);
}

/* Drops the first cached entry of a list. */
static void drop_first(uint32_t *list)
{
    struct node *n = &nucleus.nodes[*list >> 9];
    uint64_t index = *list & 511;
    const struct node_info *info = &nucleus.node_infos[*list >> 9];
    *list = WINDOW_NEXT(n->window[index]);
    n->window[index] = (uint32_t)n->window[index];
    n->entry[index] = 0;
    process_at(info->owner)->cached--;
    machine_forget(info->owner, (info->base + index) * KERNE_PAGE);
}

/* Drops an entry and all composed from it; false: the budget ended first. */
static bool drop(struct node *n, uint64_t index, uint32_t *budget)
{
    if (n->entry[index] == 0) { return true; }
    uint32_t *list = list_of_frame(machine_entry_frame(n->entry[index]));
    while (n->entry[index] != 0) {
        if (*budget == 0) { return false; }
        --*budget;
        drop_first(list);
    }
    return true;
}

/* ---- touching ---------------------------------------------------------- */

/* Frame and rights of a page of the root. */
bool storage_root_page(uint64_t page, uint64_t *ret_frame,
                       uint64_t *ret_rights)
{
    const struct node *n = &nucleus.nodes[process_at(ROOT)->table];
    for (int shift = 18; n != NULL; shift -= 9) {
        uint64_t e = n->entry[page >> shift & 511];
        if (machine_entry_is_leaf(e)) {
            *ret_frame = machine_entry_frame(e) +
                         (page & ((UINT64_C(1) << shift) - 1));
            *ret_rights = machine_entry_rights(e);
            return true;
        }
        n = node_below(n, page >> shift & 511);
    }
    return false;
}

struct way { /* from a process up to the first that has the page cached */
    unsigned length;
    struct {
        struct node *node;
        uint64_t index;
    } step[DEPTH_LIMIT];
    uint64_t frame, rights; /* at its end */
    struct process *culprit; /* whose window is missing, and its page */
    uint64_t page;
};

/* Climbs from a page of p; false: a window on the way does not allow it. */
static bool climb(struct process *p, uint64_t page, uint64_t access,
                  struct way *way)
{
    way->length = 0;
    way->culprit = p;
    for (struct process *q = p;; q = process_parent(q)) {
        if (q->parent == 0) { /* what the root lacks is its child's fault */
            way->page = q == p ? page : way->page;
            return storage_root_page(page, &way->frame, &way->rights) &&
                   (way->rights & access) == access;
        }
        struct node *n = leaf_node(q, page);
        uint64_t index = page & 511;
        way->culprit = q;
        way->page = page;
        if (n == NULL || n->window[index] == 0 ||
            (WINDOW_RIGHTS(n->window[index]) & access) != access) {
            return false;
        }
        uint64_t e = n->entry[index];
        if (e != 0 && (machine_entry_rights(e) & access) == access) {
            way->frame = machine_entry_frame(e);
            way->rights = machine_entry_rights(e);
            return true;
        }
        way->step[way->length].node = n;
        way->step[way->length++].index = index;
        page = WINDOW_PAGE(n->window[index]);
    }
}

/*
 * Makes a page of p accessible: composes the entries that are not cached.
 * Normal, and the physical address; or bad_address, and the process whose
 * window is missing or too narrow, with the address there.
 * Cost: a constant for each level up to the first ancestor that has it cached.
 */
enum kerne_result storage_touch(struct process *p, uint64_t address,
                                uint64_t access, uint64_t *ret_physical,
                                struct process **ret_culprit,
                                uint64_t *ret_culprit_address)
{
    struct way way;
    uint64_t offset = address % KERNE_PAGE;
    if (address / KERNE_PAGE >= PAGE_LIMIT) {
        *ret_culprit = p;
        *ret_culprit_address = address;
        return KERNE_r_bad_address;
    }
    if (!climb(p, address / KERNE_PAGE, access, &way)) {
        *ret_culprit = way.culprit;
        *ret_culprit_address = way.page * KERNE_PAGE + offset;
        return KERNE_r_bad_address;
    }
    while (way.length > 0) {
        way.length--;
        struct node *n = way.step[way.length].node;
        uint64_t index = way.step[way.length].index;
        way.rights &= WINDOW_RIGHTS(n->window[index]);
        cache(n, index, way.frame, way.rights);
    }
    *ret_physical = way.frame * KERNE_PAGE + offset;
    return KERNE_r_normal;
}

/* What an address of p is in the storage of an ancestor; false: not there. */
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address)
{
    uint64_t page = address / KERNE_PAGE;
    for (; p != ancestor; p = process_parent(p)) {
        const struct node *n = page < PAGE_LIMIT ? leaf_node(p, page) : NULL;
        if (n == NULL || n->window[page & 511] == 0) { return false; }
        page = WINDOW_PAGE(n->window[page & 511]);
    }
    *ret_address = page * KERNE_PAGE + address % KERNE_PAGE;
    return true;
}

/* The window of a page of p and its entry; null: none. */
uint64_t *storage_window(struct process *p, uint64_t page, uint64_t **ret_entry)
{
    struct node *n = p->parent != 0 ? leaf_node(p, page) : NULL;
    if (n == NULL || n->window[page & 511] == 0) { return NULL; }
    *ret_entry = &n->entry[page & 511];
    return &n->window[page & 511];
}

/* ---- windows ----------------------------------------------------------- */

/* A window is opened or changed.  AGAIN: the budget ended first. */
static enum kerne_result open_window(struct process *p, uint64_t page,
                                     uint64_t window, uint32_t *budget)
{
    struct node *n = need_leaf_node(p, page);
    REFUSE(n == NULL, no_tables);
    if (!drop(n, page & 511, budget)) { return AGAIN; }
    if (n->window[page & 511] == 0) {
        nucleus.node_infos[node_index(n)].used++;
        p->pages++;
    }
    n->window[page & 511] = window;
    return KERNE_r_normal;
}

/* False: the budget ended before the window was closed. */
static bool close_window(struct process *p, uint64_t page, uint32_t *budget)
{
    struct node *n = leaf_node(p, page);
    if (n == NULL || n->window[page & 511] == 0) { return true; }
    if (!drop(n, page & 511, budget)) { return false; }
    n->window[page & 511] = 0;
    p->pages--;
    if (--nucleus.node_infos[node_index(n)].used == 0) { prune(p, page); }
    return true;
}

static bool is_range(uint64_t address, uint64_t pages)
{
    return address % KERNE_PAGE == 0 && address / KERNE_PAGE <= PAGE_LIMIT &&
           pages <= PAGE_LIMIT - address / KERNE_PAGE;
}

/* 130.  a1 and a2 advance and a3 falls while it goes on.  Cost: a constant for
 * each page, and for each entry below that must be dropped. */
enum kerne_result storage_map(struct process *caller)
{
    struct process *p;
    uint64_t *x = caller->x, rights = x[R_A4];
    uint32_t budget = STEP;
    TRY(process_find_internal(caller, &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]) || !is_range(x[R_A2], x[R_A3]),
           bad_address);
    REFUSE(rights == 0 || rights > 7 ||
           (rights & (KERNE_READ | KERNE_WRITE)) == KERNE_WRITE, bad_argument);
    for (; x[R_A3] > 0; x[R_A3]--) {
        if (budget-- <= 1) { return AGAIN; }
        TRY(open_window(p, x[R_A1] / KERNE_PAGE,
                        rights | x[R_A2] / KERNE_PAGE << 3, &budget));
        x[R_A1] += KERNE_PAGE;
        x[R_A2] += KERNE_PAGE;
    }
    return KERNE_r_normal;
}

/* 131.  Pages without a window are passed over.  Cost: as for map. */
enum kerne_result storage_unmap(struct process *caller)
{
    struct process *p;
    uint64_t *x = caller->x, pages;
    uint32_t budget = STEP;
    TRY(process_find_internal(caller, &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]), bad_address);
    for (; x[R_A3] > 0; x[R_A3] -= pages) {
        uint64_t page = x[R_A1] / KERNE_PAGE;
        bool none = leaf_node(p, page) == NULL; /* for all that it would hold */
        if (budget-- <= 1 || !close_window(p, page, &budget)) { return AGAIN; }
        pages = none ? 512 - page % 512 : 1;
        pages = pages < x[R_A3] ? pages : x[R_A3];
        x[R_A1] += pages * KERNE_PAGE;
    }
    return KERNE_r_normal;
}

/* 132.  A page that is missing is a break.  Cost: that of a first touch. */
enum kerne_result storage_physical_address(struct process *p)
{
    struct process *culprit;
    uint64_t address, own = p->x[R_A0];
    REFUSE(own / KERNE_PAGE >= PAGE_LIMIT, bad_address);
    if (storage_touch(p, own, KERNE_READ, &p->x[R_A0], &culprit, &address) !=
        KERNE_r_normal) {
        return break_page_fault(p, own, culprit, address, KERNE_READ);
    }
    return KERNE_r_normal;
}

/* The first page from `page` on that has a window; PAGE_LIMIT: none.  Within
 * one step: *ret_page may be a page without one, to go on from. */
bool storage_next(const struct process *p, uint64_t page, uint64_t *ret_page)
{
    const struct node *top = &nucleus.nodes[p->table];
    for (unsigned scanned = 0; page < PAGE_LIMIT && scanned < 768; scanned++) {
        const struct node *middle = node_below(top, page >> 18);
        const struct node *n =
            middle != NULL ? node_below(middle, page >> 9 & 511) : NULL;
        if (middle == NULL) {
            page = (page | 0x3ffff) + 1;
        } else if (n == NULL) {
            page = (page | 511) + 1;
        } else {
            do {
                if (n->window[page & 511] != 0) {
                    *ret_page = page;
                    return true;
                }
            } while ((++page & 511) != 0);
            scanned += 256;
        }
    }
    *ret_page = page;
    return false;
}

/* All windows of p are closed, as far as the budget goes.  True: all. */
bool storage_take_down(struct process *p, uint32_t *budget)
{
    uint64_t page = p->cursor;
    while (p->pages > 0) {
        uint64_t next;
        bool found = storage_next(p, page, &next);
        uint32_t cost = next == page || next == page + 1 ? 1 : 16;
        *budget -= *budget < cost ? *budget : cost;
        p->cursor = (uint32_t)next;
        page = next;
        if (*budget == 0 || (found && !close_window(p, page, budget))) {
            return false;
        }
    }
    return true;
}
