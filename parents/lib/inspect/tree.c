#include "tree.h"

#include <calls.h>
#include <stdio.h>

#define SENT_MOST 64 /* messages of one process that are searched */

/* As an address: somebody further out than the parent, or any process below it,
 * can see. */
#define OUTSIDE KERNE_ADDRESS(UINT8_MAX, 0)

/* ---- gathering ---------------------------------------------------------- */

static bool describe(struct tree_node *node)
{
    struct kerne_words words;
    uint64_t next;
    if (kerne_describe(node->reference, KERNE_DESCRIBE_PROCESS, 0, &next,
                       &words) != KERNE_r_normal) {
        return false;
    }
    memcpy(node->name, words.w, sizeof node->name);
    node->name[sizeof node->name - 1] = '\0';
    node->number = words.w[2] & 0xffff;
    node->is_name = (words.w[2] >> 32 & 0xff) != 0;
    node->waits = words.w[3];
    node->buffer = words.w[4];
    return true;
}

static bool family_of(uint64_t reference, uint64_t *ret_first,
                      uint64_t *ret_next)
{
    struct kerne_words words;
    uint64_t next;
    if (kerne_describe(reference, KERNE_DESCRIBE_TREE, 0, &next, &words) !=
        KERNE_r_normal) {
        return false;
    }
    *ret_first = words.w[1];
    *ret_next = words.w[2];
    return true;
}

/* The nucleus has the youngest first: each is put before those found before. */
static void gather_children(struct tree *tree, uint16_t parent)
{
    uint64_t child, sibling;
    if (!family_of(tree->node[parent].reference, &child, &sibling)) { return; }
    while (child != 0) {
        uint64_t none;
        if (tree->count == TREE_NODES) {
            tree->is_cut = true;
            return;
        }
        struct tree_node *node = &tree->node[tree->count];
        *node = (struct tree_node){
            .reference = child,
            .parent = parent,
            .first_child = TREE_NOBODY,
            .next_sibling = tree->node[parent].first_child,
            .depth = (uint8_t)(tree->node[parent].depth + 1),
        };
        if (!describe(node) || !family_of(child, &none, &sibling)) { return; }
        tree->node[parent].first_child = tree->count++;
        child = sibling;
    }
}

void tree_gather(struct tree *tree)
{
    tree->is_cut = false;
    tree->count = 1;
    tree->node[0] = (struct tree_node){
        .reference = 0,
        .parent = TREE_NOBODY,
        .first_child = TREE_NOBODY,
        .next_sibling = TREE_NOBODY,
    };
    describe(&tree->node[0]);
    for (uint16_t i = 0; i < tree->count; i++) { gather_children(tree, i); }
}

uint16_t tree_next(const struct tree *tree, uint16_t node)
{
    uint16_t i = tree->node[node].first_child;
    while (i == TREE_NOBODY && node != TREE_NOBODY) {
        i = tree->node[node].next_sibling;
        node = tree->node[node].parent;
    }
    return i;
}

/* ---- whom an address means ---------------------------------------------- */

static uint16_t child_numbered(const struct tree *tree, uint16_t parent,
                               uint64_t number)
{
    uint16_t i = tree->node[parent].first_child;
    while (i != TREE_NOBODY && tree->node[i].number != number) {
        i = tree->node[i].next_sibling;
    }
    return i;
}

/* The ancestor `up` levels above a node; TREE_NOBODY: above the parent. */
static uint16_t ancestor(const struct tree *tree, uint16_t node, uint64_t up)
{
    while (up > 0 && node != TREE_NOBODY) {
        node = tree->node[node].parent;
        up--;
    }
    return node;
}

void tree_words(const struct tree *tree, uint16_t node, uint64_t address,
                char ret_words[KERNE_NAME_BYTES])
{
    uint64_t number = address & 0xffff;
    uint16_t found = node;
    const char *otherwise = "outside";
    if (address == KERNE_VACANT) {
        found = TREE_NOBODY;
        otherwise = "nobody";
    } else if (address == KERNE_PARENT) {
        found = tree->node[node].parent;
    } else if (address != KERNE_SELF && number < KERNE_CHILDREN) {
        uint16_t parent = ancestor(tree, node, address >> 16);
        if (parent != TREE_NOBODY) {
            found = child_numbered(tree, parent, number);
            otherwise = "nobody";
        } else {
            found = TREE_NOBODY;
        }
    } else if (address != KERNE_SELF) {
        uint64_t line = number - KERNE_EXTERNAL;
        snprintf(ret_words, KERNE_NAME_BYTES, line == 0 ? "clock" : "line %u",
                 (unsigned)line);
        return;
    }
    snprintf(ret_words, KERNE_NAME_BYTES, "%s",
             found == TREE_NOBODY ? otherwise : tree->node[found].name);
}

uint64_t tree_awaited(const struct tree_node *node)
{
    uint64_t buffer = 0;
    for (unsigned i = 0; i < SENT_MOST; i++) {
        struct kerne_words words;
        if (kerne_describe(node->reference, KERNE_DESCRIBE_SENT, buffer,
                           &buffer, &words) != KERNE_r_normal) {
            break;
        }
        if (buffer == node->buffer) {
            bool is_out_of_sight =
                words.w[3] == KERNE_VACANT && words.w[0] != KERNE_ANSWERED;
            return is_out_of_sight ? OUTSIDE : words.w[3];
        }
    }
    return KERNE_VACANT;
}
