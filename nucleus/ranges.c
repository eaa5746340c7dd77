/* Sets of pages: see ranges.h. */
#include "boot.h"

#define LESS(a, b) ((a) < (b) ? (a) : (b))
#define MORE(a, b) ((a) > (b) ? (a) : (b))
#define PAGE_DOWN(address) ((address) / KERNE_PAGE * KERNE_PAGE)
#define PAGE_UP(address) PAGE_DOWN((address) + KERNE_PAGE - 1)

/* Adds pages that are not in the set yet, if there are any. */
static void insert(struct ranges *to, uint64_t first, uint64_t last)
{
    unsigned i = to->count;
    if (first >= last) { return; }
    while (i > 0 && to->range[i - 1].first > first) { i--; }
    if (i > 0 && to->range[i - 1].last == first) {
        to->range[i - 1].last = last;
        return;
    }
    boot_require(to->count < RANGES, "there are too many pieces of storage, or "
                                     "devices");
    for (unsigned j = to->count++; j > i; j--) {
        to->range[j] = to->range[j - 1];
    }
    to->range[i] = (struct kerne_range){ first, last };
}

void ranges_cut(struct ranges *from, struct kerne_range r)
{
    struct ranges old = *from;
    if (r.first >= r.last) { return; }
    from->count = 0;
    for (unsigned i = 0; i < old.count; i++) {
        struct kerne_range o = old.range[i];
        insert(from, o.first, LESS(o.last, PAGE_DOWN(r.first)));
        insert(from, MORE(o.first, PAGE_UP(r.last)), o.last);
    }
}

void ranges_add(struct ranges *to, struct kerne_range r)
{
    ranges_cut(to, r);
    if (r.first < r.last) { insert(to, PAGE_DOWN(r.first), PAGE_UP(r.last)); }
}

uint64_t ranges_common(const struct ranges *set, struct kerne_range r)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < set->count; i++) {
        uint64_t first = MORE(set->range[i].first, r.first);
        uint64_t last = LESS(set->range[i].last, r.last);
        bytes += first < last ? last - first : 0;
    }
    return bytes;
}
