/* Lab 12: what its two parts share, yours and the one that is there. */
#pragma once

#include <describe.h>
#include <skeleton.h>

#define MOVE_WINDOWS 16

/* A window: where the child has it, and where in its storage that is. */
struct move_window {
    uint64_t address, offset, pages, rights;
};

/* All that a program is, but for its storage. */
struct move_record {
    char name[KERNE_NAME_BYTES];
    uint64_t pages; /* of storage */
    uint64_t windows;
    struct move_window window[MOVE_WINDOWS];
    struct kerne_register_file registers;
};

/* ---- there: mover.c ------------------------------------------------------ */

extern struct parent mine;
extern struct child *child;
extern struct move_record record;

/* Hands record and storage over to the other system; true: the program runs
 * there now. */
bool hand_over(void);

/* ---- yours --------------------------------------------------------------- */

/* The program is to be moved.  False: not now; it is asked again soon. */
bool move(void);

/* Makes the child what the record says; its storage has come already.  False:
 * that cannot be. */
bool unpack(void);
