/*
 * The tree of all processes below a parent, as the nucleus describes it:
 * gathered at
 * one moment, so that it can be walked and searched.
 */
#ifndef TREE_H
#define TREE_H

#include <kerne.h>
#include <stdbool.h>
#include <stdint.h>

#define TREE_NODES 200
#define TREE_NOBODY UINT16_MAX

struct tree_node {
    uint64_t reference; /* 0: the parent itself */
    uint64_t waits;     /* word 3 of KERNE_DESCRIBE_PROCESS */
    uint64_t buffer;    /* word 4: what it waits for, or a name's server */
    char name[KERNE_NAME_BYTES];
    uint16_t number;
    uint16_t parent; /* indices; TREE_NOBODY: there is none */
    uint16_t first_child;
    uint16_t next_sibling;
    uint8_t depth; /* below the parent */
    bool is_name;  /* a pseudo process */
};

struct tree {
    struct tree_node
        node[TREE_NODES]; /* 0 is the parent; parents before children */
    uint16_t count;
    bool is_cut; /* there are more than TREE_NODES */
};

/* Gathers the tree; children stand in the order of their creation. */
void tree_gather(struct tree *tree);

/* The node that comes after `node`, parents before their children, elders
 * first; TREE_NOBODY at the end. */
uint16_t tree_next(const struct tree *tree, uint16_t node);

/* Whom `address` means to the process at `node`, in words: the name of a
 * process in the tree, "clock", "line 10", "outside", "nobody". */
void tree_words(const struct tree *tree, uint16_t node, uint64_t address,
                char ret_words[KERNE_NAME_BYTES]);

/* Who has the message, or will answer it, that the process waits to be
 * answered; as an address of that process, for tree_words(). */
uint64_t tree_awaited(const struct tree_node *node);

#endif
