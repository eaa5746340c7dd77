/* A disk's driver as the child of a test: for depot and impostor. */
#ifndef DRIVEN_H
#define DRIVEN_H

#include <skeleton.h>

struct driven {
    struct parent *parent;
    const char *command;
    uint64_t mask;
    struct kerne_range device_tree;
    uint64_t at, from, pages; /* of the parent's, which it has from `at` on */
    uint64_t turned; /* this page and the next change places; 0: none does */
};

/* The driver, which is yet to be started.  Gives up, in words, if it cannot. */
struct child *driven_make(const struct driven *driven);

#endif
