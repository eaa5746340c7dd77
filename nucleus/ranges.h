/*
 * Sets of pages by their ranges of physical addresses, as boot has them.
 *
 * A1  The ranges of a set ascend, and are whole pages, at least one.
 */
#ifndef RANGES_H
#define RANGES_H

#include <kerne.h>

#define RANGES 60

/* By ranges.c. */
struct ranges {
    unsigned count;
    struct kerne_range range[RANGES];
};

/* Every page that r touches is added, or taken out.  More ranges than there is
 * room for are told, and halt the machine. */
void ranges_add(struct ranges *to, struct kerne_range r);
void ranges_cut(struct ranges *from, struct kerne_range r);

/* So many bytes of r are in the set. */
uint64_t ranges_common(const struct ranges *set, struct kerne_range r);

#endif
