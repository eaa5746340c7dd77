#include "tree.h"

#include <string.h>

uint8_t tree_text[TREE_MOST];
uint64_t tree_used;

void tree_word_at(uint64_t at, uint64_t value)
{
    for (int i = 0; i < 4; i++) {
        tree_text[at + (uint64_t)i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

void tree_word(uint64_t value)
{
    tree_word_at(tree_used, value);
    tree_used += 4;
}

static void bytes_of(const char *from, uint64_t bytes)
{
    memcpy(tree_text + tree_used, from, bytes);
    tree_used += (bytes + 3) / 4 * 4;
}

void tree_begin(void)
{
    memset(tree_text, 0, tree_used); /* as far as the last one went */
    tree_used = TREE_STRUCTURE;
    tree_begin_node("");
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 2);
}

void tree_end(void)
{
    tree_end_node();
    tree_word(9);
    const uint64_t header[] = { 0xd00dfeed,
                                tree_used,
                                TREE_STRUCTURE,
                                TREE_STRINGS,
                                TREE_RESERVED,
                                17,
                                16,
                                0,
                                TREE_STRINGS_BYTES,
                                tree_used - TREE_STRUCTURE };
    for (unsigned i = 0; i < 10; i++) { tree_word_at(4 * i, header[i]); }
}

void tree_begin_node(const char *name)
{
    tree_word(1);
    bytes_of(name, strlen(name) + 1);
}

void tree_end_node(void) { tree_word(2); }

static uint64_t string(const char *name)
{
    char *strings = (char *)tree_text + TREE_STRINGS, *at = strings;
    while (*at != '\0' && strcmp(at, name) != 0) { at += strlen(at) + 1; }
    strcpy(at, name);
    return (uint64_t)(at - strings);
}

void tree_property(const char *name, uint64_t bytes)
{
    tree_word(3);
    tree_word(bytes);
    tree_word(string(name));
}

void tree_numbers(const char *name, unsigned count, const uint64_t *value)
{
    tree_property(name, 4 * count);
    for (unsigned i = 0; i < count; i++) { tree_word(value[i]); }
}

void tree_texts(const char *name, const char *value, uint64_t bytes)
{
    tree_property(name, bytes);
    bytes_of(value, bytes);
}

void tree_begin_device(const char *name, uint64_t first, uint64_t bytes)
{
    tree_begin_node(name);
    NUMBERS("reg", first >> 32, first & UINT32_MAX, bytes >> 32,
            bytes & UINT32_MAX);
}

void tree_device(const char *name, const char *compatible, uint64_t first,
                 uint64_t bytes)
{
    tree_begin_device(name, first, bytes);
    tree_texts("compatible", compatible, strlen(compatible) + 1);
    tree_end_node();
}
