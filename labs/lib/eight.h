/* The eight calls of the foreign system of lab 7: the number in a7, arguments
 * from a0 on, the value in a0. */
#pragma once

enum eight_call {
    EIGHT_EXIT = 1,   /* status: ends here */
    EIGHT_WRITE = 2,  /* address, bytes: text; returns how many bytes */
    EIGHT_NUMBER = 3, /* returns its own: 1, 2, 3, as the guests were named */
    EIGHT_TIME = 4,   /* returns milliseconds since the system began */
    EIGHT_GROW = 5,   /* bytes: more heap; returns where it begins */
    EIGHT_PUT = 6,   /* guest, word: into his box, which holds one; returns 0 */
    EIGHT_TAKE = 7,  /* returns the word in one's own box; waits for it */
    EIGHT_YIELD = 8, /* returns 0 */
};

/* Values of calls that were not done. */
#define EIGHT_NOBODY (-3L)       /* no such guest, or no other is left */
#define EIGHT_FULL (-11L)        /* his box */
#define EIGHT_NO_STORAGE (-12L)  /* for so much heap */
#define EIGHT_BAD_ADDRESS (-14L) /* not all of it is the guest's */
#define EIGHT_NO_CALL (-38L)     /* there is none of this number */
