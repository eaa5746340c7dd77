/*
 * Sets of pages by their ranges of addresses: the nucleus finds with them what
 * is the root's, and the root loader what of that is free.
 *
 * A1  The ranges of a set ascend, and are whole pages, at least one.
 */
#ifndef KERNE_RANGES_H
#define KERNE_RANGES_H

#include <kerne.h>

#define KERNE_RANGES 60

/* By these functions. */
struct kerne_ranges {
    unsigned count;
    int full; /* a range was left out: there was no room */
    struct kerne_range range[KERNE_RANGES];
};

/* Addresses below 2^63, please: they are rounded. */
static inline uint64_t kerne_ranges_down(uint64_t address)
{
    return address / KERNE_PAGE * KERNE_PAGE;
}

static inline uint64_t kerne_ranges_up(uint64_t address)
{
    return kerne_ranges_down(address + KERNE_PAGE - 1);
}

/* Adds pages of which none is in the set yet, if there are any. */
static inline void kerne_ranges_insert(struct kerne_ranges *to, uint64_t first,
                                       uint64_t last)
{
    unsigned i = to->count;
    while (i > 0 && to->range[i - 1].first > first) { i--; }
    if (first >= last) { return; }
    if (i > 0 && to->range[i - 1].last == first) {
        to->range[i - 1].last = last;
    } else if (to->count == KERNE_RANGES) {
        to->full = 1;
    } else {
        for (unsigned j = to->count++; j > i; j--) {
            to->range[j] = to->range[j - 1];
        }
        to->range[i] = (struct kerne_range){ first, last };
    }
}

/* Every page that r touches is taken out, or added. */
static inline void kerne_ranges_cut(struct kerne_ranges *from,
                                    struct kerne_range r)
{
    struct kerne_ranges old = *from;
    uint64_t first = kerne_ranges_down(r.first), last = kerne_ranges_up(r.last);
    if (r.first >= r.last) { return; }
    from->count = 0;
    for (unsigned i = 0; i < old.count; i++) {
        struct kerne_range o = old.range[i];
        kerne_ranges_insert(from, o.first, o.last < first ? o.last : first);
        kerne_ranges_insert(from, o.first > last ? o.first : last, o.last);
    }
}

static inline void kerne_ranges_add(struct kerne_ranges *to,
                                    struct kerne_range r)
{
    kerne_ranges_cut(to, r);
    if (r.first < r.last) {
        kerne_ranges_insert(to, kerne_ranges_down(r.first),
                            kerne_ranges_up(r.last));
    }
}

/* So many bytes of r are in the set. */
static inline uint64_t kerne_ranges_common(const struct kerne_ranges *set,
                                           struct kerne_range r)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < set->count; i++) {
        struct kerne_range s = set->range[i];
        uint64_t first = s.first > r.first ? s.first : r.first;
        uint64_t last = s.last < r.last ? s.last : r.last;
        bytes += first < last ? last - first : 0;
    }
    return bytes;
}

/* Is all of r there, and is it not empty? */
static inline int kerne_ranges_hold(const struct kerne_ranges *set,
                                    struct kerne_range r)
{
    return r.first < r.last && kerne_ranges_common(set, r) == r.last - r.first;
}

#endif
