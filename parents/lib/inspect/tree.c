#include "tree.h"

#include <stdio.h>

#define SENT_MOST 64 /* messages of one process that are searched */

/* As an address: somebody further out than the parent, or any process below it,
 * can see. */
#define OUTSIDE KERNE_ADDRESS(UINT8_MAX, 0)

/* ---- gathering ---------------------------------------------------------- */

/* The nucleus has the youngest child first: each is put before those found
 * before.  False: there is no room, or it has gone. */
static bool enter(struct tree *tree, struct tree_node *parent,
                  uint64_t reference)
{
    tree->is_cut = tree->count == TREE_NODES;
    if (tree->is_cut) { return false; }
    struct tree_node *node = &tree->node[tree->count];
    *node = (struct tree_node){ .reference = reference, .parent = parent };
    if (kerne_describe_process(reference, &node->process) != KERNE_r_normal) {
        return false;
    }
    tree->count++;
    if (parent != NULL) {
        node->next_sibling = parent->first_child;
        parent->first_child = node;
    }
    return true;
}

void tree_gather(struct tree *tree)
{
    struct kerne_tree_record family;
    tree->count = 0;
    (void)enter(tree, NULL, 0);
    for (unsigned i = 0; i < tree->count && !tree->is_cut; i++) {
        struct tree_node *parent = &tree->node[i];
        (void)kerne_describe_tree(parent->reference, &family);
        uint64_t child = family.first_child;
        while (child != 0 && enter(tree, parent, child)) {
            (void)kerne_describe_tree(child, &family);
            child = family.next_sibling;
        }
    }
}

const struct tree_node *tree_next(const struct tree_node *node)
{
    const struct tree_node *next = node->first_child;
    while (next == NULL && node != NULL) {
        next = node->next_sibling;
        node = node->parent;
    }
    return next;
}

/* ---- whom an address means ---------------------------------------------- */

static const char *child_named(const struct tree_node *parent, uint64_t number)
{
    const struct tree_node *child = parent->first_child;
    while (child != NULL && child->process.number != number) {
        child = child->next_sibling;
    }
    return child == NULL ? "nobody" : child->process.name;
}

void tree_words(const struct tree_node *node, uint64_t address,
                char ret_words[KERNE_NAME_BYTES])
{
    uint64_t up = address >> 16, number = address & 0xffff;
    const char *found = "outside";
    if (address == KERNE_VACANT) {
        found = "nobody";
    } else if (address == KERNE_SELF) {
        found = node->process.name;
    } else if (address == KERNE_PARENT) {
        if (node->parent != NULL) { found = node->parent->process.name; }
    } else if (number == KERNE_EXTERNAL) {
        found = "clock";
    } else if (number > KERNE_EXTERNAL) {
        snprintf(ret_words, KERNE_NAME_BYTES, "line %u",
                 (unsigned)(number - KERNE_EXTERNAL));
        return;
    } else {
        for (; up > 0 && node != NULL; up--) { node = node->parent; }
        if (node != NULL) { found = child_named(node, number); }
    }
    snprintf(ret_words, KERNE_NAME_BYTES, "%s", found);
}

uint64_t tree_awaited(const struct tree_node *node)
{
    struct kerne_sent_record sent;
    uint64_t buffer = 0;
    for (unsigned i = 0; i < SENT_MOST; i++) {
        if (kerne_describe_sent(node->reference, &buffer, &sent) !=
            KERNE_r_normal) {
            break;
        }
        if (buffer == node->process.buffer) {
            bool is_out_of_sight =
                sent.holder == KERNE_VACANT && sent.state != KERNE_ANSWERED;
            return is_out_of_sight ? OUTSIDE : sent.holder;
        }
    }
    return KERNE_VACANT;
}
