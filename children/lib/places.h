/*
 * Places in a table of messages that a server holds, divided so that nobody is
 * locked out: whoever fills his part, his parent still finds a place, and so
 * does the parent of that one.
 *
 *   L1  PLACES_OF_PARENT are kept for the server's own parent.
 *   L2  The first PLACES_OF_EACH of a process take the next free place.  For
 *       more, its part, that is what a child or sibling of the server has with
 *       all inside it, must be smaller than what is left: so each that comes
 *       later still finds some.
 *   L3  Within such a part, PLACES_OF_EACH are kept for every system around the
 *       sender, up to the child or sibling; and L2 holds there, too.
 *
 * Of a closed system, and what is deeper inside, only the whole is known.
 */
#ifndef KERNE_PLACES_H
#define KERNE_PLACES_H

#include "program.h"

#define PLACES_OF_PARENT 4
#define PLACES_OF_EACH 3 /* an input, an output, and one more */
#define PLACES_SPARE 8   /* for the first ones of L2 */

/* Who holds a place: numbers that stand for parts of the sender's path. */
struct place {
    uint64_t part;   /* the child or sibling that it is, or is inside */
    uint64_t second; /* the child of that; 0: it is that itself */
    uint64_t whole;
    size_t depth; /* names in the path; of the parent: 0 */
};

struct places {
    size_t count;                               /* in the table */
    size_t of_part;                             /* at most, as in L2 */
    const struct place *(*held)(size_t number); /* null: it is free */
};

/* Is there a place for one more, this message?  Then *ret_place is for the
 * table.  Costs a call for each name in the sender's path. */
bool kerne_has_place(const struct places *places,
                     const struct kerne_received *message,
                     struct place *ret_place);

#endif
