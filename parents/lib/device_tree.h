/*
 * The flattened device tree, as far as parents need it: which devices there
 * are, where their registers lie, at which interrupt line they are, and what
 * the root loader wants to know of the boot.
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

struct device_tree_property {
    const char *name;
    const uint8_t *value;
    uint64_t bytes; /* of the value */
};

/* Whom to call; null: nobody. */
struct device_tree_visitor {
    /* For each node whose end is reached, children before parents; nodes
     * deeper than 8 are passed over. */
    void (*node)(void *context, const struct device_tree_node *node);
    /* For each property, of whatever node. */
    void (*property)(void *context,
                     const struct device_tree_property *property);
    void *context;
};

/* False: the tree is damaged, or the range is empty; what came before the
 * damage has been visited. */
bool device_tree_walk(struct kerne_range tree,
                      const struct device_tree_visitor *visitor);

/* A value of one or two cells; 0, if it is none. */
uint64_t device_tree_number(const struct device_tree_property *property);

/* Where a tree lies that begins there; empty, if none does.  Eight bytes can be
 * read at `address`. */
struct kerne_range device_tree_at(uint64_t address);

#endif
