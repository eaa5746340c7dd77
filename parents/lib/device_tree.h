/*
 * The flattened device tree, as far as parents need it: which devices there
 * are, where their registers lie, and at which interrupt line they are.
 * Nothing outside the tree's bytes is read, whatever it holds.
 * No nucleus is needed: this file runs natively, too.
 */
#ifndef DEVICE_TREE_H
#define DEVICE_TREE_H

#include <kerne.h>
#include <stdbool.h>
#include <stdint.h>

#define DEVICE_TREE_TEXT 32

struct device_tree_node {
    char compatible[DEVICE_TREE_TEXT]; /* the first one; may be cut, or empty */
    uint64_t address;                  /* of its registers */
    uint64_t bytes;                    /* 0: it has none */
    uint64_t line;                     /* 0: it has none */
};

/* Calls `visit` for each node whose end is reached, children before parents;
 * nodes deeper than 8 are passed over.  False: the tree is damaged, or the
 * range is empty; what came before the damage has been visited. */
bool device_tree_walk(struct kerne_range tree,
                      void (*visit)(void *context,
                                    const struct device_tree_node *node),
                      void *context);

#endif
