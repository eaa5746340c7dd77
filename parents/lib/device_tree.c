#include "device_tree.h"

#include <string.h>

/* The format: Devicetree Specification 0.4, chapter 5; all is big-endian. */
enum token {
    TOKEN_BEGIN_NODE = 1,
    TOKEN_END_NODE = 2,
    TOKEN_PROPERTY = 3,
    TOKEN_NOTHING = 4,
    TOKEN_END = 9,
};
#define TREE_MAGIC 0xd00dfeedu
#define TREE_HEADER_BYTES 40
#define DEPTH 8

struct block {
    const uint8_t *bytes;
    uint64_t size;
};

/* A node whose end has not come yet. */
struct open_node {
    struct device_tree_node node;
    uint32_t address_cells; /* of its children */
    uint32_t size_cells;
};

struct walk {
    const struct device_tree_visitor *visitor;
    struct block structure;
    struct block strings;
    uint64_t at; /* in the structure */
    unsigned depth;
    struct open_node open[DEPTH + 1]; /* 0: above the root node */
};

static uint32_t word_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool next_word(struct walk *walk, uint32_t *ret_word)
{
    if (walk->structure.size - walk->at < 4) { return false; }
    *ret_word = word_at(walk->structure.bytes + walk->at);
    walk->at += 4;
    return true;
}

/* Moves behind `bytes` bytes and the padding after them. */
static bool skip(struct walk *walk, uint64_t bytes)
{
    uint64_t padded = (bytes + 3) / 4 * 4;
    if (walk->structure.size - walk->at < padded) { return false; }
    walk->at += padded;
    return true;
}

static uint64_t cells(const uint8_t *bytes, uint32_t count)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; i++) {
        value = value << 32 | word_at(bytes + 4 * i);
    }
    return value;
}

static void read_registers(struct open_node *open,
                           const struct open_node *parent, const uint8_t *value,
                           uint64_t bytes)
{
    uint32_t address = parent->address_cells;
    uint32_t size = parent->size_cells;
    if (address == 0 || address > 2 || size == 0 || size > 2 ||
        bytes < 4 * (address + size)) {
        return;
    }
    open->node.address = cells(value, address);
    open->node.bytes = cells(value + 4 * address, size);
}

static void read_property(struct walk *walk, const char *name,
                          const uint8_t *value, uint64_t bytes)
{
    if (walk->depth == 0 || walk->depth > DEPTH) { return; }
    struct open_node *open = &walk->open[walk->depth];
    if (strcmp(name, "compatible") == 0) {
        size_t longest = sizeof open->node.compatible - 1;
        size_t length = strnlen((const char *)value, bytes);
        length = length < longest ? length : longest;
        memcpy(open->node.compatible, value, length);
        open->node.compatible[length] = '\0';
    } else if (strcmp(name, "#address-cells") == 0 && bytes == 4) {
        open->address_cells = word_at(value);
    } else if (strcmp(name, "#size-cells") == 0 && bytes == 4) {
        open->size_cells = word_at(value);
    } else if (strcmp(name, "interrupts") == 0 && bytes >= 4) {
        open->node.line = word_at(value);
    } else if (strcmp(name, "reg") == 0) {
        read_registers(open, open - 1, value, bytes);
    }
}

static bool property(struct walk *walk)
{
    uint32_t bytes, name;
    if (!next_word(walk, &bytes) || !next_word(walk, &name)) { return false; }
    const uint8_t *value = walk->structure.bytes + walk->at;
    if (!skip(walk, bytes) || name >= walk->strings.size ||
        memchr(walk->strings.bytes + name, 0, walk->strings.size - name) ==
            NULL) {
        return false;
    }
    struct device_tree_property found = {
        .name = (const char *)walk->strings.bytes + name,
        .value = value,
        .bytes = bytes,
    };
    read_property(walk, found.name, value, bytes);
    if (walk->visitor->property != NULL) {
        walk->visitor->property(walk->visitor->context, &found);
    }
    return true;
}

static void end_node(struct walk *walk)
{
    if (walk->depth <= DEPTH && walk->visitor->node != NULL) {
        walk->visitor->node(walk->visitor->context,
                            &walk->open[walk->depth].node);
    }
    walk->depth--;
}

static bool begin_node(struct walk *walk)
{
    const uint8_t *name = walk->structure.bytes + walk->at;
    const uint8_t *end = memchr(name, 0, walk->structure.size - walk->at);
    if (end == NULL || !skip(walk, (uint64_t)(end - name) + 1)) {
        return false;
    }
    walk->depth++;
    if (walk->depth <= DEPTH) {
        walk->open[walk->depth] = (struct open_node){
            .address_cells = 2, .size_cells = 1 /* the standard's defaults */
        };
    }
    return true;
}

/* A part of the tree by its offset and size in the header. */
static bool part(struct block whole, unsigned offset_at, unsigned size_at,
                 struct block *ret_part)
{
    uint64_t offset = word_at(whole.bytes + offset_at);
    uint64_t size = word_at(whole.bytes + size_at);
    if (offset > whole.size || size > whole.size - offset) { return false; }
    *ret_part = (struct block){ whole.bytes + offset, size };
    return true;
}

static bool open_tree(struct kerne_range tree, struct walk *walk)
{
    if (tree.first >= tree.last || tree.last - tree.first < TREE_HEADER_BYTES) {
        return false;
    }
    struct block whole = { (const uint8_t *)tree.first,
                           tree.last - tree.first };
    return word_at(whole.bytes) == TREE_MAGIC &&
           part(whole, 8, 36, &walk->structure) &&
           part(whole, 12, 32, &walk->strings);
}

bool device_tree_walk(struct kerne_range tree,
                      const struct device_tree_visitor *visitor)
{
    struct walk walk = { .visitor = visitor };
    uint32_t token;
    if (!open_tree(tree, &walk)) { return false; }
    while (next_word(&walk, &token)) {
        if (token == TOKEN_BEGIN_NODE) {
            if (!begin_node(&walk)) { return false; }
        } else if (token == TOKEN_PROPERTY) {
            if (!property(&walk)) { return false; }
        } else if (token == TOKEN_END_NODE && walk.depth > 0) {
            end_node(&walk);
        } else if (token == TOKEN_END && walk.depth == 0) {
            return true;
        } else if (token != TOKEN_NOTHING) {
            return false;
        }
    }
    return false;
}

uint64_t device_tree_number(const struct device_tree_property *property)
{
    return property->bytes == 4 || property->bytes == 8
               ? cells(property->value, (uint32_t)property->bytes / 4)
               : 0;
}

struct kerne_range device_tree_at(uint64_t address)
{
    const uint8_t *bytes = (const uint8_t *)address;
    uint64_t size = word_at(bytes) == TREE_MAGIC ? word_at(bytes + 4) : 0;
    return (struct kerne_range){ address, address + size };
}
