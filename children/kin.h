/*
 * Children made of the parent's own program: no file is loaded; the parent
 * lends its own pages, and the child begins at a function of the parent's.
 */
#pragma once

#include <program.h>

#define KIN_STACK_BYTES 8192
#define KIN_TABLES 3 /* that one such child needs for its windows */

struct kin {
    /* `tables`: KIN_TABLES, and what it gives to children of its own.  Of
     * `mask` the child gets what its parent has. */
    struct kerne_creation creation;
    void (*begin)(void); /* must not return */
    char *stack;         /* KIN_STACK_BYTES of this program's data */
    uint64_t reference;  /* set by kin_make */
};

/*
 * Creates the child, lends it this whole program, and starts it.  Text and
 * constants cannot be written; data are common to parent and child; only the
 * stack is the child's own.  Results of create and map; when it is not normal
 * there is no such child.
 */
uint64_t kin_make(struct kin *kin);
