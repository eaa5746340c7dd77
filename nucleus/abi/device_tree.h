/*
 * The flattened device tree (Devicetree Specification 0.4, chapter 5): how the
 * nucleus reads the firmware's, and programs what the nucleus hands on.
 *
 *     struct kerne_tree tree = kerne_tree_open(bytes, limit);
 *     while (kerne_tree_step(&tree)) {
 *         if (kerne_tree_has(&tree, "compatible", "ns16550a")) { ... }
 *     }
 *
 * V1  Whatever the tree holds, nothing outside of it is read, and reading ends:
 *     what is not there is zero, and from then on the tree is damaged.
 */
#ifndef KERNE_DEVICE_TREE_H
#define KERNE_DEVICE_TREE_H

#include <kerne.h>

#define KERNE_TREE_DEPTH 12
#define KERNE_TREE_HEADER 40 /* bytes that must be there */
#define KERNE_TREE_WORK (1 << 26)
enum { KERNE_TREE_SIZE = 4, KERNE_TREE_STRUCTURE = 8, KERNE_TREE_STRINGS = 12 };
enum { KERNE_TREE_RESERVED = 16, KERNE_TREE_VERSION = 20 };
enum kerne_tree_token { /* each is one cell */
                        KERNE_TREE_BEGIN_NODE = 1,
                        KERNE_TREE_END_NODE = 2,
                        KERNE_TREE_PROPERTY = 3,
                        KERNE_TREE_NOTHING = 4,
                        KERNE_TREE_END = 9,
};

struct kerne_tree {
    const uint8_t *byte;
    uint64_t bytes; /* its size */
    uint64_t work;  /* bytes that may still be read, again and again */
    uint64_t at;    /* the token at which the next step begins */
    uint64_t node[KERNE_TREE_DEPTH]; /* the node, at `depth`, and all around */
    unsigned depth;                  /* 1: the root of the tree */
    int damaged;
};

/* Where the value of a property lies; empty: there is none. */
struct kerne_property {
    uint64_t at, bytes;
};

static inline uint8_t kerne_tree_byte(struct kerne_tree *t, uint64_t at)
{
    if (at < t->bytes && t->work > 0) {
        t->work--;
        return t->byte[at];
    }
    t->damaged = 1;
    return 0;
}

/* A number of so many cells, one or two. */
static inline uint64_t kerne_tree_cells(struct kerne_tree *t, uint64_t at,
                                        uint64_t count)
{
    uint64_t number = 0;
    for (count *= 4; count > 0; count--) {
        number = number << 8 | kerne_tree_byte(t, at++);
    }
    return number;
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

static inline uint64_t kerne_tree_behind_text(struct kerne_tree *t, uint64_t at)
{
    while (kerne_tree_byte(t, at++) != '\0') {}
    return at;
}

/* The token behind this one. */
static inline uint64_t kerne_tree_next(struct kerne_tree *t, uint64_t at)
{
    uint64_t token = kerne_tree_cells(t, at, 1);
    if (token == KERNE_TREE_PROPERTY) {
        at += 8 + kerne_tree_cells(t, at + 4, 1);
    } else if (token == KERNE_TREE_BEGIN_NODE) {
        at = kerne_tree_behind_text(t, at + 4) - 4;
    } else if (token != KERNE_TREE_END_NODE && token != KERNE_TREE_NOTHING) {
        t->damaged = 1;
    }
    return (at + 4 + 3) / 4 * 4;
}

/* The tree that begins there, and has at most so many bytes. */
static inline struct kerne_tree kerne_tree_open(const uint8_t *byte,
                                                uint64_t limit)
{
    struct kerne_tree t = { byte, limit, KERNE_TREE_WORK, 0, { 0 }, 0, 0 };
    uint64_t bytes = kerne_tree_cells(&t, KERNE_TREE_SIZE, 1);
    if (kerne_tree_cells(&t, 0, 1) != 0xd00dfeed || bytes > limit ||
        bytes < KERNE_TREE_HEADER ||
        kerne_tree_cells(&t, KERNE_TREE_VERSION, 1) < 17) {
        t.damaged = 1;
    }
    t.bytes = t.damaged ? 0 : bytes;
    t.at = kerne_tree_cells(&t, KERNE_TREE_STRUCTURE, 1);
    return t;
}

/* On to the next node, those in it first.  0: there is none, or the tree is
 * damaged. */
static inline int kerne_tree_step(struct kerne_tree *t)
{
    while (!t->damaged) {
        uint64_t at = t->at, token = kerne_tree_cells(t, at, 1);
        if (token == KERNE_TREE_END) {
            t->damaged = t->damaged || t->depth != 0;
            return 0;
        }
        t->at = kerne_tree_next(t, at);
        if (token == KERNE_TREE_BEGIN_NODE) {
            t->damaged = t->damaged || t->depth + 1 == KERNE_TREE_DEPTH;
            if (t->damaged) { return 0; }
            t->node[++t->depth] = at;
            return 1;
        }
        if (token == KERNE_TREE_END_NODE && t->depth-- == 0) { t->damaged = 1; }
    }
    return 0;
}

/* A property of the node, or of the one so many levels further out. */
static inline struct kerne_property
kerne_tree_get(struct kerne_tree *t, unsigned out, const char *name)
{
    uint64_t strings = kerne_tree_cells(t, KERNE_TREE_STRINGS, 1), token;
    uint64_t at =
        out < t->depth ? kerne_tree_next(t, t->node[t->depth - out]) : t->bytes;
    for (; (token = kerne_tree_cells(t, at, 1)) == KERNE_TREE_PROPERTY ||
           token == KERNE_TREE_NOTHING;
         at = kerne_tree_next(t, at)) {
        uint64_t called = strings + kerne_tree_cells(t, at + 8, 1);
        if (token == KERNE_TREE_PROPERTY && kerne_tree_same(t, called, name)) {
            return (struct kerne_property){ at + 12,
                                            kerne_tree_cells(t, at + 4, 1) };
        }
    }
    return (struct kerne_property){ 0, 0 };
}

static inline uint64_t kerne_tree_number(struct kerne_tree *t, unsigned out,
                                         const char *name, uint64_t otherwise)
{
    struct kerne_property p = kerne_tree_get(t, out, name);
    return p.bytes == 4 || p.bytes == 8 ? kerne_tree_cells(t, p.at, p.bytes / 4)
                                        : otherwise;
}

/* Is it among the texts of this property of the node? */
static inline int kerne_tree_has(struct kerne_tree *t, const char *name,
                                 const char *text)
{
    struct kerne_property p = kerne_tree_get(t, 0, name);
    uint64_t at = p.at;
    while (at < p.at + p.bytes && !t->damaged &&
           !kerne_tree_same(t, at, text)) {
        at = kerne_tree_behind_text(t, at);
    }
    return at < p.at + p.bytes && !t->damaged;
}

/* Where the node's registers are, the first range, or the one so many behind
 * it.  0: there is none, or a bus around it translates the addresses. */
static inline int kerne_tree_registers(struct kerne_tree *t, uint64_t number,
                                       struct kerne_range *ret_registers)
{
    struct kerne_property reg = kerne_tree_get(t, 0, "reg");
    if (t->depth < 2 || reg.bytes == 0) { return 0; }
    uint64_t address = kerne_tree_number(t, 1, "#address-cells", 2);
    uint64_t size = kerne_tree_number(t, 1, "#size-cells", 1);
    uint64_t step = 4 * (address + size);
    if (address - 1 > 1 || size - 1 > 1 || (number + 1) * step > reg.bytes) {
        return 0;
    }
    for (unsigned out = 1; out < t->depth; out++) {
        if (kerne_tree_get(t, out, "ranges").bytes != 0) { return 0; }
    }
    uint64_t first = kerne_tree_cells(t, reg.at + number * step, address);
    uint64_t bytes =
        kerne_tree_cells(t, reg.at + number * step + 4 * address, size);
    if (first >> 56 != 0 || bytes >> 56 != 0) { t->damaged = 1; }
    *ret_registers = (struct kerne_range){ first, first + bytes };
    return !t->damaged;
}

#endif
