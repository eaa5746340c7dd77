/*
 * The tree of all processes below a parent, as the nucleus describes it:
 * gathered at one moment, so that it can be walked and searched.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <describe.h>

#define TREE_NODES 200

struct tree_node {
    uint64_t reference; /* 0: the parent itself */
    struct kerne_process_record process;
    struct tree_node *parent, *first_child, *next_sibling; /* null: none */
};

struct tree {
    struct tree_node node[TREE_NODES]; /* 0 is the parent */
    unsigned count;
    bool is_cut; /* there are more than TREE_NODES */
};

/* Gathers the tree; children stand in the order of their creation. */
void tree_gather(struct tree *tree);

/* The node that comes after `node`, parents before their children, elders
 * first; null at the end. */
const struct tree_node *tree_next(const struct tree_node *node);

/* Whom `address` means to the process at `node` (null: to who is outside), in
 * words: the name of a process in the tree, "clock", "line 10", "outside",
 * "nobody". */
void tree_words(const struct tree_node *node, uint64_t address,
                char ret_words[KERNE_NAME_BYTES]);

/* Who has the message, or will answer it, that the process waits to be
 * answered; as an address of that process, for tree_words(). */
uint64_t tree_awaited(const struct tree_node *node);
