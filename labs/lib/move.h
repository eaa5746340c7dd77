/* Between the two systems of lab 12, which are the same program. */
#pragma once

#include <describe.h>

/* Both grant reading: the record, and then the program's storage. */
#define MOVE_RECORD 40
#define MOVE_STORAGE 41

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
