/*
 * Places in a table of messages that a server holds, divided so that nobody is
 * locked out: whoever fills his part, his parent still finds a place, and so
 * does the parent of that one.
 *
 *   L1  PLACES_OF_PARENT are kept for the server's own parent.
 *   L2  The first PLACES_OF_EACH of a part, that is a child or sibling of the
 *       server with all inside it, and of each system that has others inside
 *       it here, take the next free place.  The first of any other process do,
 *       but for the last PLACES_SPARE: however many those are, a part that
 *       comes later still finds some.  For more, the part must be smaller than
 *       what is left.
 *   L3  Within such a part, PLACES_OF_EACH are kept for every system around the
 *       sender, up to the child or sibling; and L2 holds there, too.
 *
 * Of a closed system, and what is deeper inside, only the whole is known.
 */
#ifndef KERNE_PLACES_H
#define KERNE_PLACES_H

#include <program.h>

#define PLACES_OF_PARENT 4
#define PLACES_OF_EACH 3 /* an input, an output, and one more */
#define PLACES_SPARE 8   /* for those whom L2 names first */

/* Who holds a place: numbers that stand for parts of the sender's path. */
struct place {
    uint64_t part;   /* the child or sibling that it is, or is inside */
    uint64_t second; /* the child of that; 0: it is that itself */
    uint64_t around; /* the system around it */
    uint64_t whole;
    size_t depth; /* names in the path; of the parent: 0 */
};

struct places {
    size_t count;                               /* in the table */
    size_t of_part;                             /* at most, as in L2 */
    const struct place *(*held)(size_t number); /* null: it is free */
    const size_t *used; /* so many are held; null: nobody knows */
};

/* Is there a place for one more, this message?  Then *ret_place is for the
 * table.  Costs a call for each name in the sender's path but the first, and a
 * look at each place: none, if `used` says that there are enough. */
bool kerne_has_place(const struct places *places,
                     const struct kerne_received *message,
                     struct place *ret_place);

#endif
