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

/* Of the node in which the entry stands. */
static struct node_info *info_of(const uint64_t *entry)
{
    uint64_t distance = (uintptr_t)entry - (uintptr_t)nucleus.nodes;
    return &nucleus.node_infos[distance / sizeof(struct node)];
}

/* A node below that one, or a highest one, out of p's claim of tables, which is
 * not used up. */
static struct node *take_node(struct process *p, struct node *highest,
                              uint64_t base, uint64_t *above)
{
    struct node *n = nucleus.free_node;
    if (n != NULL) {
        nucleus.free_node = info_of(n->entry)->highest;
    } else {
        n = &nucleus.nodes[nucleus.never_used_node++];
        *n = (struct node){ 0 };
    }
    *info_of(n->entry) =
        (struct node_info){ .highest = highest, .base = base, .above = above };
    p->claims[TABLES].free--;
    return n;
}

/* The node, all of whose entries are zero, returns to p's claim. */
static void free_node(struct process *p, struct node *n)
{
    *info_of(n->entry) = (struct node_info){ .highest = nucleus.free_node };
    nucleus.free_node = n;
    n->payer = NULL; /* it was a highest one, or had no windows */
    p->claims[TABLES].free++;
}

static uint64_t *entry_below(uint64_t entry, uint64_t index)
{
    struct node *n = machine_page(machine_entry_frame(entry));
    return &n->entry[index % NODE_ENTRIES];
}

/* The lowest entry on the way to a page. */
inline struct table_entry storage_find(const struct process *p, uint64_t page)
{
    uint64_t *entry = &p->windows->entry[page >> 18];
    if (!machine_entry_is_table(*entry)) {
        return (struct table_entry){ entry, 18 };
    }
    entry = entry_below(*entry, page >> 9);
    if (!machine_entry_is_table(*entry)) {
        return (struct table_entry){ entry, 9 };
    }
    return (struct table_entry){ entry_below(*entry, page), 0 };
}

/* Where an address is, by such an entry, which is a leaf. */
static uint64_t physical_of(struct table_entry at, uint64_t address)
{
    uint64_t inside = (UINT64_C(1) << at.shift) * KERNE_PAGE - 1;
    return machine_entry_frame(*at.entry) * KERNE_PAGE + (address & inside);
}

/* The entry with that shift on the way to a page, for which tables are taken.
 * Or a higher one: a leaf, or the last that is there, if whoever pays has too
 * few tables for the rest. */
struct table_entry storage_need(struct process *p, uint64_t page,
                                uint64_t shift)
{
    struct table_entry at = storage_find(p, page);
    struct process *payer = p->windows->payer;
    if (*at.entry != 0 || at.shift > shift + 9 * payer->claims[TABLES].free) {
        return at;
    }
    for (; at.shift > shift; at = storage_find(p, page)) {
        uint64_t base = page >> at.shift << at.shift;
        struct node *n = take_node(payer, p->windows, base, at.entry);
        info_of(at.entry)->used++;
        *at.entry = machine_entry_table(machine_frame(n));
        machine_forget_all(payer->space_number);
    }
    return at;
}

/* The entry of a page of p that has a window; null: it has none. */
uint64_t *storage_entry(const struct process *p, uint64_t page)
{
    if (page >= PAGE_LIMIT) { return NULL; }
    struct table_entry at = storage_find(p, page);
    return at.shift == 0 && WINDOW(at.entry)->onto != 0 ? at.entry : NULL;
}

/* What an address of p is in the storage of an ancestor; false: not there. */
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address)
{
    uint64_t page = address / KERNE_PAGE;
    for (; p != ancestor; p = p->parent) {
        const uint64_t *entry = storage_entry(p, page);
        if (entry == NULL) { return false; }
        page = WINDOW_PAGE(WINDOW(entry)->onto);
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
            if (at.shift == 0 && WINDOW(at.entry)->onto != 0) {
                return at.entry;
            }
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
    uint64_t index = frame - nucleus.first_frame, last = nucleus.frame_count;
    return index < last ? &nucleus.frames[index] : &nucleus.frames[last];
}

/* Drops an entry and all composed from it; false: the budget ended first. */
static __attribute__((noinline)) bool drop(const uint64_t *entry,
                                           uint32_t *budget)
{
    uint32_t *list = list_of(machine_entry_frame(*entry));
    for (; *entry != 0; --*budget) {
        if (*budget == 0) { return false; }
        uint64_t *first = (uint64_t *)nucleus.nodes + *list;
        const struct node_info *info = info_of(first);
        uint64_t page = info->base + *list % NODE_ENTRIES;
        *list = WINDOW(first)->next;
        WINDOW(first)->onto |= WINDOW_TOUCHED;
        *first = 0;
        machine_forget(info->highest->payer->space_number, page * KERNE_PAGE);
    }
    return true;
}

/* ---- touching ---------------------------------------------------------- */

/* Composes the entries of a way up, the last one from what is above it, which
 * is there and has these rights, and so on downwards.  Returns those of the
 * first.  The machine may go on as if there were none, until break_page_fault.
 */
static inline uint64_t compose(uint64_t *const *way, uint64_t *const *end,
                               uint64_t physical, uint64_t rights)
{
    uint64_t frame = physical / KERNE_PAGE;
    uint32_t *list = list_of(frame), next = *list;
    uint64_t most = rights & WINDOW(end[-1])->onto;
    if ((most & KERNE_EXECUTE) != 0) { machine_code_stored(); }
    do {
        uint64_t *entry = *--end;
        rights &= WINDOW(entry)->onto;
        WINDOW(entry)->next = next;
        next = (uint32_t)(entry - (uint64_t *)nucleus.nodes);
        *entry = machine_entry_leaf(frame, rights);
    } while (end != way);
    *list = next;
    return rights;
}

/* A touch that p's entry, of that shift, does not allow: climbs to one that
 * does, and composes all on the way.  The root has no windows. */
static __attribute__((noinline)) bool climb(struct process *p, uint64_t *entry,
                                            uint64_t shift, uint64_t address,
                                            uint64_t access,
                                            struct touch *ret_touch)
{
    struct table_entry at = { entry, shift };
    uint64_t *way[DEPTH_LIMIT], **end = way;
    do {
        uint64_t onto = WINDOW(at.entry)->onto;
        ret_touch->culprit = p;
        ret_touch->address = address;
        if (at.shift != 0 || (onto & access) != access) { break; }
        *end++ = at.entry;
        p = p->parent;
        address = WINDOW_PAGE(onto) * KERNE_PAGE + address % KERNE_PAGE;
        at = storage_find(p, address / KERNE_PAGE);
        uint64_t rights = machine_entry_rights(*at.entry);
        if ((rights & access) == access) {
            ret_touch->physical = physical_of(at, address);
            ret_touch->rights = compose(way, end, ret_touch->physical, rights);
            return true;
        }
    } while (p->parent != NULL);
    return false;
}

/*
 * Makes a page of p accessible: composes the entries that are not cached.
 * True, and where the address is; or false, and the process whose window is
 * missing or too narrow; what the root lacks is its child's fault.
 * `access` is not 0, or it would need no window.  Cost: a constant for each
 * level up to the first ancestor that has it cached.
 */
bool storage_touch(struct process *p, uint64_t address, uint64_t access,
                   struct touch *ret_touch)
{
    uint64_t page = address / KERNE_PAGE;
    if (page >= PAGE_LIMIT) {
        ret_touch->culprit = p;
        ret_touch->address = address;
        return false;
    }
    struct table_entry at = storage_find(p, page);
    uint64_t rights = machine_entry_rights(*at.entry);
    if ((rights & access) != access) {
        return climb(p, at.entry, at.shift, address, access, ret_touch);
    }
    ret_touch->rights = rights;
    ret_touch->physical = physical_of(at, address);
    return true;
}

/* ---- windows ----------------------------------------------------------- */

/* Opens or changes a window of p, whose entry is not cached, or closes it (0),
 * and frees the tables that translate nothing any more, but the highest one. */
static void set_window(const struct process *p, uint64_t *entry, uint32_t onto)
{
    struct node *highest = p->windows;
    struct node_info *info = info_of(entry);
    struct window *window = WINDOW(entry);
    uint64_t more = (uint64_t)(onto != 0) - (window->onto != 0);
    *window = (struct window){ .onto = onto };
    highest->pages += more;
    info->used += more;
    while (info->used == 0 && info->above != NULL) {
        uint64_t *above = info->above;
        struct node *n = machine_page(machine_entry_frame(*above));
        *above = 0;
        machine_forget_all(highest->payer->space_number);
        free_node(highest->payer, n);
        info = info_of(above);
        info->used--;
    }
}

/* A page of p, which is in a break, was opened: if it is the page that p lacks,
 * it counts as touched, and is composed at once if it is cached above.  Cost:
 * constant. */
static __attribute__((noinline)) void bring(struct process *p, uint64_t page,
                                            uint64_t *entry)
{
    const uint64_t *words = p->breaks->words;
    if (p->culprit != p || words[0] != KERNE_BREAK_PAGE_FAULT ||
        words[1] / KERNE_PAGE != page) {
        return;
    }
    struct window *window = WINDOW(entry);
    window->onto |= WINDOW_TOUCHED;
    page = WINDOW_PAGE(window->onto);
    struct table_entry above = storage_find(p->parent, page);
    uint64_t rights = machine_entry_rights(*above.entry);
    if ((rights & window->onto & words[2]) != 0) {
        uint64_t physical = physical_of(above, page * KERNE_PAGE);
        compose(&entry, &entry + 1, physical, rights);
    }
}

/* Closes the windows of p from *page up to `end`.  False: the budget ended
 * first, and *page is where to go on. */
static bool close_windows(struct process *p, uint64_t *page, uint64_t end,
                          uint32_t *budget)
{
    while (p->windows->pages > 0 && *page < end) {
        uint64_t from = *page;
        uint64_t *entry = storage_next(p, page);
        uint32_t cost = *page - from <= 1 ? 4 : 24;
        if (*page >= end) { break; }
        if (!spend(budget, cost)) { return false; }
        if (entry != NULL) {
            if (*entry != 0 && !drop(entry, budget)) { return false; }
            set_window(p, entry, 0);
            ++*page;
        }
    }
    *page = end;
    return true;
}

/* ---- whose windows they are -------------------------------------------- */

/* p, which has a table at least, begins with windows of its own, of which there
 * are none, or with those of a sibling. */
void storage_begin(struct process *p, struct process *sibling)
{
    p->windows = p->table = take_node(p, NULL, 0, NULL);
    p->table->payer = p;
    link_begin(&p->sharers);
    if (sibling == NULL) {
        p->space = machine_space_begin(p->space_number, p->table->entry);
    } else {
        p->windows = sibling->windows;
        p->space = sibling->space;
        link_insert(&p->windows->payer->sharers, &p->sharers);
    }
}

/* p, without children, ends: its windows are closed, as far as the budget goes;
 * or others have them still, and the next pays, if p did, with all that p had
 * for it.  True: nothing is left. */
bool storage_end(struct process *p, uint32_t *budget)
{
    struct node *highest = p->windows;
    uint16_t number = p->space_number;
    uint64_t *down = &info_of(highest->entry)->base;
    struct process *heir = link_record(p->sharers.next, process, sharers);
    struct claim *claim = &p->claims[TABLES];
    bool alone = link_is_empty(&p->sharers);
    if (alone && !close_windows(p, down, PAGE_LIMIT, budget)) { return false; }
    if (p->table != highest) { free_node(p, p->table); }
    if (alone) {
        machine_space_end(number, highest->entry);
        free_node(p, highest);
    } else if (highest->payer == p) {
        heir->claims[TABLES].received += claim->received;
        heir->claims[TABLES].free += claim->free;
        *claim = (struct claim){ 0 };
        p->space_number = heir->space_number;
        heir->space_number = number;
        highest->payer = heir;
    }
    link_remove(&p->sharers);
    return true;
}

/* ---- calls ------------------------------------------------------------- */

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
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]) || !is_range(x[R_A2], x[R_A3]),
           bad_address);
    REFUSE(rights == 0 || rights > 7 ||
               (rights & (KERNE_READ | KERNE_WRITE)) == KERNE_WRITE,
           bad_argument);
    for (uint32_t budget = STEP / 2; x[R_A3] > 0; x[R_A3]--) {
        if (!spend(&budget, 1)) { return AGAIN; }
        uint64_t page = x[R_A1] / KERNE_PAGE;
        uint32_t onto = (uint32_t)(rights | x[R_A2] / KERNE_PAGE << 3);
        struct table_entry at = storage_find(p, page);
        if (at.shift != 0) { /* tables that nobody ever had are cleared */
            if (!spend(&budget, STEP / 4)) { return AGAIN; }
            at = storage_need(p, page, 0);
        }
        REFUSE(at.shift != 0, no_tables);
        if (*at.entry != 0 && !drop(at.entry, &budget)) { return AGAIN; }
        set_window(p, at.entry, onto);
        if (process_wait(p) == KERNE_WAITS_BREAK) { bring(p, page, at.entry); }
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
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE(!is_range(x[R_A1], x[R_A3]), bad_address);
    uint64_t page = x[R_A1] / KERNE_PAGE, end = page + x[R_A3];
    bool all = close_windows(p, &page, end, &budget);
    x[R_A1] = page * KERNE_PAGE;
    x[R_A3] = end - page;
    return all ? KERNE_r_normal : AGAIN;
}

/* 132.  A page that is missing is a break.  Cost: that of a first touch. */
enum kerne_result storage_physical_address(struct process *p)
{
    uint64_t own = p->x[R_A0];
    REFUSE(own >= STORAGE_LIMIT, bad_address);
    return break_unless_touched(p, own, KERNE_READ, IN_CALL, &p->x[R_A0]);
}
