/*
 * Faults: a page is brought when it is touched, by the program or for it.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>

enum fault {
    FAULT_DONE,
    FAULT_NO_AREA,   /* nothing is there: SEGV_MAPERR */
    FAULT_NO_RIGHT,  /* not in this way: SEGV_ACCERR */
    FAULT_BEYOND,    /* behind the end of the file: BUS_ADRERR */
    FAULT_WAITS,     /* until swap_wanted is woken: then once more */
    FAULT_NO_MEMORY, /* no frame, or no table, is left */
};

/* Sees to it that the page that has `address` may be accessed with one of the
 * rights, read, write or execute, and that there is a window for that. */
enum fault fault(struct space *space, uint64_t address, uint64_t access);
