/*
 * A flattened device tree, written for tests of whoever reads one: nodes and
 * properties in their order, then the header, and what is to be spoilt.
 */
#pragma once

#include <stdint.h>

#define TREE_MOST (1 << 21) /* bytes */
/* Names stand in front of the structure, each where it is first used. */
#define TREE_STRINGS 40
#define TREE_STRINGS_BYTES 512
#define TREE_RESERVED (TREE_STRINGS + TREE_STRINGS_BYTES)
#define TREE_STRUCTURE (TREE_RESERVED + 48)

extern uint8_t tree_text[TREE_MOST];
extern uint64_t tree_used; /* bytes */

void tree_word_at(uint64_t at, uint64_t value);
void tree_word(uint64_t value);

/* The root, whose children have addresses and sizes of two cells each. */
void tree_begin(void);
void tree_end(void);
void tree_begin_node(const char *name);
void tree_end_node(void);

/* A property, whose bytes come next; of words; of texts; of those in `name`. */
void tree_property(const char *name, uint64_t bytes);
void tree_numbers(const char *name, unsigned count, const uint64_t *value);
void tree_texts(const char *name, const char *value, uint64_t bytes);
#define NUMBERS(name, ...)                                    \
    tree_numbers(name, sizeof(uint64_t[]){ __VA_ARGS__ } / 8, \
                 (const uint64_t[]){ __VA_ARGS__ })
#define TEXTS(name, value) tree_texts(name, value, sizeof value)

/* A node with an address and a size of two cells each. */
void tree_begin_device(const char *name, uint64_t first, uint64_t bytes);
void tree_device(const char *name, const char *compatible, uint64_t first,
                 uint64_t bytes);
