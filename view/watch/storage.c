/* What happened to windows, and to the machine's tables. */
#include "seen.h"

#define WINDOW_MASK 0x1fffffff
#define COMPOSED (UINT32_C(1) << 31)

static void end_run(struct watch *w)
{
    struct run r = w->run;
    if (r.count == 0) { return; }
    w->run.count = 0;
    watch_tell(w,
               (struct watch_event){ .kind = r.kind,
                                     .process = r.process,
                                     .number = { r.page, r.count, r.onto } });
}

/* The page joins the run of its kind, or begins another. */
static void tell_page(struct watch *w, enum watch_kind kind, uint32_t process,
                      uint64_t page, uint64_t onto)
{
    struct run *r = &w->run;
    uint64_t step = kind == WATCH_OPENED ? 8 : 0;
    if (r->count == 0 || r->kind != kind || r->process != process ||
        r->page + r->count != page || r->onto + r->count * step != onto) {
        end_run(w);
        *r = (struct run){ kind, process, page, 0, onto };
    }
    r->count++;
}

/* Whose windows a node holds: those who share them are one, the payer. */
static uint32_t owner_of(const struct tables *t, uint32_t node)
{
    uint64_t info = tables_at(&t->infos, node);
    uint64_t highest = tables_get(t, info, node_info_highest);
    uint64_t at = tables_physical(t, highest);
    return highest != 0 ? tables_index_in(t, &t->processes, at, node_payer) : 0;
}

static uint32_t see_page(const struct tables *t, uint64_t node, unsigned i)
{
    uint64_t window = node + LAYOUT_OFFSET(t->layout[node_window]) + 8 * i;
    uint64_t onto = tables_word(t, window, 4) & WINDOW_MASK;
    bool composed = tables_element(t, node, node_entry, i) != 0;
    return (uint32_t)onto | (composed ? COMPOSED : 0);
}

static void compare_page(struct watch *w, uint32_t owner, uint64_t page,
                         uint32_t then, uint32_t now)
{
    uint32_t onto = now & WINDOW_MASK;
    if (((then & ~now) & COMPOSED) != 0) {
        tell_page(w, WATCH_DROPPED, owner, page, 0);
    }
    if ((then & WINDOW_MASK) != onto) {
        tell_page(w, onto != 0 ? WATCH_OPENED : WATCH_CLOSED, owner, page,
                  onto);
    }
    if (((now & ~then) & COMPOSED) != 0) {
        tell_page(w, WATCH_COMPOSED, owner, page, 0);
    }
}

/* Pages of a node as they are, `first` to `last`; those that changed are told,
 * unless it is to be quiet.  A free node keeps its last owner in mind: its
 * pages are gone. */
static void compare(struct watch *w, uint32_t index, bool quiet)
{
    const struct tables *t = &w->tables;
    struct node_seen *seen = &w->nodes[index];
    uint64_t node = tables_at(&t->nodes, index);
    uint32_t owner = owner_of(t, index);
    seen->pending = false;
    if (owner != 0 && tables_level(t, index) != 0) { return; }
    if (owner != 0) {
        seen->owner = owner;
        seen->base = tables_get(t, tables_at(&t->infos, index), node_info_base);
    }
    for (unsigned i = seen->first; i <= seen->last; i++) {
        uint32_t now = owner != 0 ? see_page(t, node, i) : 0;
        if (now != seen->page[i] && !quiet) {
            compare_page(w, seen->owner, seen->base + i, seen->page[i], now);
        }
        seen->page[i] = now;
    }
    end_run(w);
}

void seen_node(struct watch *w, uint32_t index)
{
    w->nodes[index].first = 0;
    w->nodes[index].last = TABLES_ENTRIES - 1;
    compare(w, index, true);
}

void seen_node_compare(struct watch *w, uint32_t index)
{
    compare(w, index, false);
}

void seen_node_store(struct watch *w, uint32_t node, uint64_t number)
{
    struct node_seen *seen = &w->nodes[node];
    uint16_t i = (uint16_t)(number % TABLES_ENTRIES);
    if (!seen->pending) { seen->first = seen->last = i; }
    if (i < seen->first) { seen->first = i; }
    if (i > seen->last) { seen->last = i; }
}
