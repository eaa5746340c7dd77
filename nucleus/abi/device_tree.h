/*
 * The flattened device tree (Devicetree Specification 0.4, chapter 5): how the
 * nucleus reads the firmware's, and programs what the nucleus hands on.
 *
 *     static const char uarts[][KERNE_TREE_TEXT] = { "ns16550a" };
 *     struct kerne_tree tree;
 *     kerne_tree_open(&tree, bytes, limit);
 *     while (kerne_tree_step(&tree)) {
 *         if (kerne_tree_compatible(&tree, uarts, 1) < 1) { ... }
 *     }
 *
 * V1  Whatever the tree holds, nothing outside of it is read: what is not there
 *     is zero, the tree is damaged then, and all else in it is zero, too.
 * V2  A walk comes to every byte of the tree once, and looks for nothing.
 */
#ifndef KERNE_DEVICE_TREE_H
#define KERNE_DEVICE_TREE_H

#include <kerne.h>

#define KERNE_TREE_DEPTH 12
#define KERNE_TREE_TEXT 20 /* bytes of a text that is looked for, at most */
enum { KERNE_TREE_SIZE = 4, KERNE_TREE_STRUCTURE = 8, KERNE_TREE_STRINGS = 12 };
enum { KERNE_TREE_RESERVED = 16, KERNE_TREE_VERSION = 20 };
enum kerne_tree_token { /* each is one cell */
                        KERNE_TREE_BEGIN_NODE = 1,
                        KERNE_TREE_END_NODE = 2,
                        KERNE_TREE_PROPERTY = 3,
                        KERNE_TREE_NOTHING = 4,
                        KERNE_TREE_END = 9,
};

/* The properties that are kept; all others are passed over. */
#define KERNE_TREE_PROPERTIES(X)                  \
    X(ADDRESS_CELLS, "#address-cells")            \
    X(ARGUMENTS, "bootargs")                      \
    X(CLOCK, "timebase-frequency")                \
    X(COMPATIBLE, "compatible")                   \
    X(DEVICE_TYPE, "device_type")                 \
    X(IMAGE_FIRST, "linux,initrd-start")          \
    X(IMAGE_LAST, "linux,initrd-end")             \
    X(INTERRUPTS, "interrupts")                   \
    X(INTERRUPTS_EXTENDED, "interrupts-extended") \
    X(PHANDLE, "phandle")                         \
    X(RANGES, "ranges")                           \
    X(REGISTERS, "reg")                           \
    X(SIZE_CELLS, "#size-cells")

#define KERNE_TREE_ENUM(symbol, name) KERNE_TREE_##symbol,
enum kerne_tree_property {
    KERNE_TREE_PROPERTIES(KERNE_TREE_ENUM) KERNE_TREE_KEPT
};

/* Where the value of a property lies; empty: there is none. */
struct kerne_property {
    uint32_t at, bytes;
};

struct kerne_tree_node {
    uint64_t name; /* where it stands */
    struct kerne_property has[KERNE_TREE_KEPT];
};

struct kerne_tree {
    const uint8_t *byte;
    uint64_t bytes;   /* its size */
    uint64_t strings; /* the names of properties */
    uint64_t at;      /* the token at which the next step begins */
    unsigned depth;   /* of the node; 1: the root of the tree */
    int damaged;
    /* The node, at `depth`, and all around.  In front, of each property the
     * last that was come to in any node. */
    struct kerne_tree_node node[KERNE_TREE_DEPTH];
};

static inline uint8_t kerne_tree_byte(struct kerne_tree *t, uint64_t at)
{
    t->damaged |= at >= t->bytes;
    return t->damaged ? 0 : t->byte[at];
}

/* A number of so many cells, one or two. */
static inline uint64_t kerne_tree_cells(struct kerne_tree *t, uint64_t at,
                                        uint64_t count)
{
    uint64_t number = 0, end = at + 4 * count;
    t->damaged |= end > t->bytes;
    if (t->damaged) { return 0; }
    for (; at < end; at++) { number = number << 8 | t->byte[at]; }
    return number;
}

/* A range, its address and its size of so many cells. */
static inline struct kerne_range kerne_tree_range(struct kerne_tree *t,
                                                  uint64_t at, uint64_t address,
                                                  uint64_t size)
{
    uint64_t first = kerne_tree_cells(t, at, address);
    uint64_t bytes = kerne_tree_cells(t, at + 4 * address, size);
    t->damaged |= (first | bytes) >> 56 != 0;
    return (struct kerne_range){ first, first + bytes };
}

/* Does this text stand there? */
static inline int kerne_tree_same(struct kerne_tree *t, uint64_t at,
                                  const char *text)
{
    while (*text != '\0' && kerne_tree_byte(t, at) == (uint8_t)*text) {
        at++, text++;
    }
    return *text == '\0' && kerne_tree_byte(t, at) == '\0';
}

/* Which of these texts stands there; as many as there are: none. */
static inline unsigned kerne_tree_which(struct kerne_tree *t, uint64_t at,
                                        const char (*text)[KERNE_TREE_TEXT],
                                        unsigned texts)
{
    uint8_t begins = kerne_tree_byte(t, at);
    for (unsigned i = 0; i < texts; i++) {
        if (begins == (uint8_t)text[i][0] && kerne_tree_same(t, at, text[i])) {
            return i;
        }
    }
    return texts;
}

/* Begins with the tree that lies there, and has at most so many bytes. */
static inline void kerne_tree_open(struct kerne_tree *t, const uint8_t *byte,
                                   uint64_t limit)
{
    *t = (struct kerne_tree){ .byte = byte, .bytes = limit };
    uint64_t bytes = kerne_tree_cells(t, KERNE_TREE_SIZE, 1);
    t->at = kerne_tree_cells(t, KERNE_TREE_STRUCTURE, 1);
    t->strings = kerne_tree_cells(t, KERNE_TREE_STRINGS, 1);
    t->damaged |= kerne_tree_cells(t, 0, 1) != 0xd00dfeed || bytes > limit ||
                  kerne_tree_cells(t, KERNE_TREE_VERSION, 1) < 17;
    t->bytes = t->damaged ? 0 : bytes;
}

/* A property, behind its token; returns what is behind it.  That its value lies
 * in the tree shows when the next token is read. */
static inline uint64_t kerne_tree_keep(struct kerne_tree *t, uint64_t at)
{
#define KERNE_TREE_NAME(symbol, name) name,
    static const char names[][KERNE_TREE_TEXT] = { KERNE_TREE_PROPERTIES(
        KERNE_TREE_NAME) };
    const struct kerne_property p = { (uint32_t)at + 8,
                                      (uint32_t)kerne_tree_cells(t, at, 1) };
    uint64_t name = t->strings + kerne_tree_cells(t, at + 4, 1);
    unsigned which = kerne_tree_which(t, name, names, KERNE_TREE_KEPT);
    if (which < KERNE_TREE_KEPT) {
        t->node[0].has[which] = t->node[t->depth].has[which] = p;
    }
    return at + 8 + p.bytes;
}

/* On to the next node, those in it first.  0: there is none, or the tree is
 * damaged. */
static inline int kerne_tree_step(struct kerne_tree *t)
{
    for (int begun = 0; !t->damaged;) {
        uint64_t token = kerne_tree_cells(t, t->at, 1), at = t->at + 4;
        if (begun && token < KERNE_TREE_PROPERTY && !t->damaged) { return 1; }
        if (token == KERNE_TREE_PROPERTY) {
            at = kerne_tree_keep(t, at);
        } else if (token == KERNE_TREE_END_NODE && t->depth > 0) {
            t->depth--;
        } else if (token == KERNE_TREE_BEGIN_NODE &&
                   t->depth + 1 < KERNE_TREE_DEPTH) {
            t->node[++t->depth] = (struct kerne_tree_node){ .name = at };
            while (kerne_tree_byte(t, at++) != '\0') {}
            begun = 1;
        } else if (token != KERNE_TREE_NOTHING) {
            t->damaged |= token != KERNE_TREE_END || t->depth > 0;
            break;
        }
        t->at = (at + 3) / 4 * 4;
    }
    t->depth = 0;
    if (t->damaged) { t->node[0] = (struct kerne_tree_node){ 0 }; }
    return 0;
}

/* A property of the node, or of the one so many levels further out; behind the
 * last step, the last of the whole tree, if that is sound. */
static inline struct kerne_property
kerne_tree_get(const struct kerne_tree *t, unsigned out,
               enum kerne_tree_property which)
{
    return t->node[t->depth - out].has[which];
}

static inline uint64_t kerne_tree_number(struct kerne_tree *t, unsigned out,
                                         enum kerne_tree_property which,
                                         uint64_t otherwise)
{
    struct kerne_property p = kerne_tree_get(t, out, which);
    return p.bytes == 4 || p.bytes == 8 ? kerne_tree_cells(t, p.at, p.bytes / 4)
                                        : otherwise;
}

/* The first of the texts with which the node is compatible that is one of
 * these; as many as there are: none. */
static inline unsigned
kerne_tree_compatible(struct kerne_tree *t, const char (*text)[KERNE_TREE_TEXT],
                      unsigned texts)
{
    struct kerne_property p = kerne_tree_get(t, 0, KERNE_TREE_COMPATIBLE);
    uint64_t at = p.at, end = at + p.bytes;
    unsigned which = texts;
    while (at < end && which == texts) {
        which = kerne_tree_which(t, at, text, texts);
        while (at < end && kerne_tree_byte(t, at++) != '\0') {}
    }
    return which;
}

/* Where the node's registers are, the first range, or the one so many behind
 * it.  0: there is none, or a bus around it translates the addresses. */
static inline int kerne_tree_registers(struct kerne_tree *t, uint64_t number,
                                       struct kerne_range *ret_registers)
{
    struct kerne_property reg = kerne_tree_get(t, 0, KERNE_TREE_REGISTERS);
    if (t->depth < 2 || reg.bytes == 0) { return 0; }
    uint64_t address = kerne_tree_number(t, 1, KERNE_TREE_ADDRESS_CELLS, 2);
    uint64_t size = kerne_tree_number(t, 1, KERNE_TREE_SIZE_CELLS, 1);
    uint64_t step = 4 * (address + size);
    if (address - 1 > 1 || size - 1 > 1 || (number + 1) * step > reg.bytes) {
        return 0;
    }
    for (unsigned out = 1; out < t->depth; out++) {
        if (kerne_tree_get(t, out, KERNE_TREE_RANGES).bytes != 0) { return 0; }
    }
    *ret_registers = kerne_tree_range(t, reg.at + number * step, address, size);
    return !t->damaged;
}

#endif
