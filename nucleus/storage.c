/*
 * Storage: windows, and the machine's tables as a cache of them.  The rules are
 * in node.h.
 *
 * First touch climbs no further than to the first ancestor that has touched the
 * page, and a window is changed by dropping the front of one list: the entries
 * composed from it are there, and nothing else need be looked for.  The window
 * changes last, so an unmap abandoned midway has not happened.
 */
#include "hart.h"

#define STEP 64

/* ---- table nodes ------------------------------------------------------- */

static struct node *node_of(const uint64_t *entry)
{
    return (struct node *)((uintptr_t)entry & ~(uintptr_t)(KERNE_PAGE - 1));
}

static struct node_info *info_of(const struct node *n)
{
    return &nucleus.node_infos[n - nucleus.nodes];
}

/* A node out of p's claim of tables; null: the claim is used up. */
struct node *storage_take_node(struct process *p, uint64_t base)
{
    struct node *n = nucleus.free_node;
    if (p->claims[TABLES].free == 0) { return NULL; }
    p->claims[TABLES].free--;
    if (n != NULL) {
        nucleus.free_node = info_of(n)->next;
    } else {
        n = &nucleus.nodes[nucleus.never_used_node++];
        *n = (struct node){ 0 };
    }
    *info_of(n) = (struct node_info){ .owner = p, .base = (uint32_t)base };
    return n;
}

/* The node, all of whose entries are zero, returns to its owner's claim. */
void storage_free_node(struct node *n)
{
    struct node_info *info = info_of(n);
    info->owner->claims[TABLES].free++;
    *info = (struct node_info){ .next = nucleus.free_node };
    nucleus.free_node = n;
}

/* Frees a node if it translates nothing any more, then those above likewise;
 * the highest one stays. */
static void prune(struct node *n)
{
    for (struct node_info *info = info_of(n);
         info->used == 0 && info->above != NULL; info = info_of(n)) {
        uint64_t *above = info->above;
        *above = 0;
        machine_forget_all(process_index(info->owner));
        storage_free_node(n);
        n = node_of(above);
        info_of(n)->used--;
    }
}

/* The lowest entry on the way to a page. */
struct table_entry storage_find(const struct process *p, uint64_t page)
{
    struct node *n = p->table;
    struct table_entry at = { &n->entry[page >> 18], 18 };
    while (machine_entry_is_table(*at.entry)) {
        n = machine_page(machine_entry_frame(*at.entry));
        at.shift -= 9;
        at.entry = &n->entry[page >> at.shift & (NODE_ENTRIES - 1)];
    }
    return at;
}

/* Allocates missing tables; stops at that shift, at a leaf, or when the claim
 * is used up. */
struct table_entry storage_need(struct process *p, uint64_t page,
                                uint64_t shift)
{
    struct table_entry at = storage_find(p, page);
    for (; at.shift > shift && *at.entry == 0; at = storage_find(p, page)) {
        struct node *n = node_of(at.entry);
        struct node *added =
            storage_take_node(p, page >> at.shift << at.shift);
        if (added == NULL) {
            prune(n);
            break;
        }
        info_of(n)->used++;
        info_of(added)->above = at.entry;
        *at.entry = machine_entry_table(machine_frame(added));
        machine_forget_all(process_index(p));
    }
    return at;
}

/* The entry of a page of p that has a window; null: it has none. */
uint64_t *storage_entry(const struct process *p, uint64_t page)
{
    if (page >= PAGE_LIMIT) { return NULL; }
    struct table_entry at = storage_find(p, page);
    return at.shift == 0 && WINDOW(at.entry) != 0 ? at.entry : NULL;
}

/* What an address of p is in the storage of an ancestor; false: not there. */
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address)
{
    uint64_t page = address / KERNE_PAGE;
    for (; p != ancestor; p = p->parent) {
        const uint64_t *entry = storage_entry(p, page);
        if (entry == NULL) { return false; }
        page = WINDOW_PAGE(WINDOW(entry));
    }
    *ret_address = page * KERNE_PAGE + address % KERNE_PAGE;
    return true;
}

/* Moves *page on to the first one, itself included, that has a window, and
 * returns its entry.  Null: there is none within one step, and *page is where
 * to go on, or PAGE_LIMIT. */
uint64_t *storage_next(const struct process *p, uint64_t *page)
{
    unsigned scanned = 0;
    while (*page < PAGE_LIMIT && scanned < STEP) {
        struct table_entry at = storage_find(p, *page);
        do { /* on in this table, past what lacks one below */
            if (at.shift == 0 && WINDOW(at.entry) != 0) { return at.entry; }
            *page = ((*page >> at.shift) + 1) << at.shift;
            at.entry++;
            scanned++;
        } while ((*page >> at.shift) % NODE_ENTRIES != 0 && scanned < STEP &&
                 (at.shift == 0 || *at.entry == 0));
    }
    return NULL;
}

/* ---- the lists of cached entries --------------------------------------- */

static uint32_t *list_of(uint64_t frame)
{
    uint64_t index = frame - nucleus.first_frame;
    return index < nucleus.frame_count ? &nucleus.frames[index]
                                       : &nucleus.device_frames;
}

/* An entry is composed, or dropped (0), with its link to the next of a list. */
static void set_entry(uint64_t *entry, uint64_t value, uint32_t next)
{
    const struct node *n = node_of(entry);
    const struct node_info *info = info_of(n);
    uint64_t page = info->base + (uint64_t)(entry - n->entry);
    *entry = value;
    WINDOW(entry) = (uint32_t)WINDOW(entry) | (uint64_t)next << 32;
    info->owner->cached += value != 0 ? 1 : -1u;
    machine_forget(process_index(info->owner), page * KERNE_PAGE);
}

/* Drops an entry and all composed from it; false: the budget ended first. */
static bool drop(const uint64_t *entry, uint32_t *budget)
{
    uint32_t *list = list_of(machine_entry_frame(*entry));
    for (; *entry != 0; --*budget) {
        if (*budget == 0) { return false; }
        uint64_t *first = (uint64_t *)nucleus.nodes + *list;
        *list = (uint32_t)(WINDOW(first) >> 32);
        set_entry(first, 0, 0);
    }
    return true;
}

/* Composes entries, the last one from what is above it, and so on downwards. */
static void compose(uint64_t *const entries[], unsigned length, uint64_t frame,
                    uint64_t rights)
{
    uint32_t *list = list_of(frame);
    while (length > 0) {
        uint64_t *entry = entries[--length];
        uint32_t next = *list;
        *list = (uint32_t)(entry - (uint64_t *)nucleus.nodes);
        rights &= WINDOW_RIGHTS(WINDOW(entry));
        set_entry(entry, machine_entry_leaf(frame, rights), next);
    }
}

/* ---- touching ---------------------------------------------------------- */

/*
 * Makes a page of p accessible: composes the entries that are not cached.
 * Normal, and the physical address; or bad_address, and the process whose
 * window is missing or too narrow, with the address there; what the root lacks
 * is its child's fault.  `access` is not 0, or it would need no window.
 * Cost: a constant for each level up to the first ancestor that has it cached.
 */
enum kerne_result storage_touch(struct process *p, uint64_t address,
                                uint64_t access, struct touch *ret_touch)
{
    uint64_t *entries[DEPTH_LIMIT], page = address / KERNE_PAGE, there = page;
    struct process *culprit = p;
    for (unsigned length = 0; p != NULL && page < PAGE_LIMIT; p = p->parent) {
        struct table_entry at = storage_find(p, page);
        uint64_t rights = machine_entry_rights(*at.entry);
        if (machine_entry_is_leaf(*at.entry) && (rights & access) == access) {
            uint64_t inside = page & ((UINT64_C(1) << at.shift) - 1);
            uint64_t frame = machine_entry_frame(*at.entry) + inside;
            compose(entries, length, frame, rights);
            ret_touch->physical = frame * KERNE_PAGE + address % KERNE_PAGE;
            return KERNE_r_normal;
        }
        if (p->parent != NULL) {
            culprit = p;
            there = page;
        }
        uint64_t window = WINDOW(at.entry);
        if (at.shift != 0 || (WINDOW_RIGHTS(window) & access) != access) {
            break;
        }
        entries[length++] = at.entry;
        page = WINDOW_PAGE(window);
    }
    ret_touch->culprit = culprit;
    ret_touch->address = there * KERNE_PAGE + address % KERNE_PAGE;
    return KERNE_r_bad_address;
}

/* ---- windows ----------------------------------------------------------- */

/* Opens or changes a window of p, or closes it (0), and frees what tables are
 * not needed any more.  False: the budget ended first. */
static bool set_window(struct process *p, uint64_t *entry, uint64_t window,
                       uint32_t *budget)
{
    struct node *n = node_of(entry);
    if (!drop(entry, budget)) { return false; }
    uint32_t was_open = WINDOW(entry) != 0, is_open = window != 0;
    WINDOW(entry) = window;
    p->pages += is_open - was_open;
    info_of(n)->used += is_open - was_open;
    if (!is_open) { prune(n); }
    return true;
}

/* Closes the windows of p from *page up to `end`.  False: the budget ended
 * first, and *page is where to go on. */
bool storage_close(struct process *p, uint64_t *page, uint64_t end,
                   uint32_t *budget)
{
    while (p->pages > 0 && *page < end) {
        uint64_t from = *page;
        uint64_t *entry = storage_next(p, page);
        uint32_t cost = *page - from <= 1 ? 4 : 24;
        if (*page >= end) { break; }
        if (*budget < cost) { return false; }
        *budget -= cost;
        if (entry != NULL && !set_window(p, entry, 0, budget)) { return false; }
    }
    *page = end;
    return true;
}

/* Does it lie within the addresses that a process can have? */
static bool is_range(uint64_t address, uint64_t pages)
{
    return address % KERNE_PAGE == 0 && address <= STORAGE_LIMIT &&
           pages <= (STORAGE_LIMIT - address) / KERNE_PAGE;
}

/* 130.  a1 and a2 advance and a3 falls while it goes on.  Cost: a constant for
 * each page, and for each entry below that must be dropped. */
enum kerne_result storage_map(struct process *caller)
{
    struct process *p;
    uint64_t *x = caller->x, rights = x[R_A4];
    TRY(process_find_internal(caller, &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]) || !is_range(x[R_A2], x[R_A3]),
           bad_address);
    REFUSE(rights == 0 || rights > 7 ||
           (rights & (KERNE_READ | KERNE_WRITE)) == KERNE_WRITE, bad_argument);
    for (uint32_t budget = STEP / 3; x[R_A3] > 0; x[R_A3]--) {
        if (budget == 0) { return AGAIN; }
        budget--;
        uint64_t window = rights | x[R_A2] / KERNE_PAGE << 3;
        struct table_entry at = storage_need(p, x[R_A1] / KERNE_PAGE, 0);
        REFUSE(at.shift != 0, no_tables);
        if (!set_window(p, at.entry, window, &budget)) { return AGAIN; }
        x[R_A1] += KERNE_PAGE;
        x[R_A2] += KERNE_PAGE;
    }
    return KERNE_r_normal;
}

/* 131.  a1 advances and a3 falls while it goes on.  Pages without a window are
 * passed over.  Cost: as for map. */
enum kerne_result storage_unmap(struct process *caller)
{
    struct process *p;
    uint64_t *x = caller->x;
    uint32_t budget = STEP;
    TRY(process_find_internal(caller, &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]), bad_address);
    uint64_t page = x[R_A1] / KERNE_PAGE, end = page + x[R_A3];
    bool all = storage_close(p, &page, end, &budget);
    x[R_A1] = page * KERNE_PAGE;
    x[R_A3] = end - page;
    return all ? KERNE_r_normal : AGAIN;
}

/* 132.  A page that is missing is a break.  Cost: that of a first touch. */
enum kerne_result storage_physical_address(struct process *p)
{
    uint64_t own = p->x[R_A0];
    REFUSE(own >= STORAGE_LIMIT, bad_address);
    return break_unless_touched(p, own, KERNE_READ, &p->x[R_A0]);
}
