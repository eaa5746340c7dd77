/*
 * The flattened device tree (Devicetree Specification 0.4, chapter 5): storage
 * and what of it is reserved, devices, clock, boot image, arguments.  What a
 * node is, its properties say, and not its name.
 *
 * V1  Whatever the tree holds, nothing outside it is read: see byte().
 */
#include <boot.h>

#include "riscv.h"

/* The header, as offsets; tokens; and the properties that are looked at. */
enum { BYTES = 4, STRUCTURE = 8, STRINGS = 12, RESERVED = 16, VERSION = 20 };
enum { BEGIN_NODE = 1, END_NODE, PROPERTY, NOTHING, END = 9 };
enum { ADDRESS_CELLS, SIZE_CELLS, BUS, REG, COMPATIBLE, TYPE, PHANDLE };
enum { CONTEXTS = PHANDLE + 1, RATE, IMAGE_FIRST, IMAGE_LAST, ARGUMENTS };
enum { ISA = ARGUMENTS + 1, PROPERTIES };
static const char names[] =
    "#address-cells\0#size-cells\0ranges\0reg\0compatible\0device_type\0"
    "phandle\0interrupts-extended\0timebase-frequency\0linux,initrd-start\0"
    "linux,initrd-end\0bootargs\0riscv,isa\0";

#define HEADER_BYTES 40
#define SUPERVISOR_EXTERNAL 9 /* interrupt of a hart */
#define DEPTH 12
#define TREE_LIMIT (2 << 20) /* bytes */
#define ADDRESS_LIMIT (UINT64_C(1) << 56)

enum kind { STORAGE, RESERVED_STORAGE, PLIC, CLINT, DEVICE };

/* An offset in the tree, and the bytes there. */
struct value {
    uint64_t at, bytes;
};

struct node_read {
    uint64_t name;   /* its offset */
    bool translated; /* its addresses are not physical ones */
    struct value has[PROPERTIES];
};

static struct {
    const uint8_t *byte;
    uint64_t bytes;
    uint64_t hart, phandle; /* this hart, and its interrupts' name, or 0 */
    struct boot *boot;
} tree;

static void require(bool condition)
{
    boot_require(condition, "the firmware gives no sound device tree");
}

/* ---- values ------------------------------------------------------------ */

static uint8_t byte(uint64_t at)
{
    require(at < tree.bytes);
    return tree.byte[at];
}

static uint64_t cells(uint64_t at, uint64_t count)
{
    uint64_t number = 0;
    for (count *= 4; count > 0; count--) { number = number << 8 | byte(at++); }
    return number;
}

static uint64_t number(struct value v, uint64_t otherwise)
{
    return v.bytes == 4 || v.bytes == 8 ? cells(v.at, v.bytes / 4) : otherwise;
}

static struct kerne_range range_at(uint64_t at, uint64_t cells_of_address,
                                   uint64_t cells_of_size)
{
    uint64_t first = cells(at, cells_of_address);
    uint64_t bytes = cells(at + 4 * cells_of_address, cells_of_size);
    require(first < ADDRESS_LIMIT && bytes < ADDRESS_LIMIT);
    return (struct kerne_range){ first, first + bytes };
}

static bool same(uint64_t at, const char *text)
{
    while (*text != '\0' && byte(at) == (uint8_t)*text) { at++, text++; }
    return *text == '\0' && byte(at) == '\0';
}

/* Is it one of these texts? */
static bool lists(struct value v, const char *text)
{
    bool found = false;
    for (uint64_t i = 0; i < v.bytes; i++) {
        found = found || ((i == 0 || byte(v.at + i - 1) == '\0') &&
                          same(v.at + i, text));
    }
    return found;
}

/* ---- nodes ------------------------------------------------------------- */

static enum kind kind_of(const struct node_read *n)
{
    struct value what = n->has[COMPATIBLE];
    if (lists(n->has[TYPE], "memory")) { return STORAGE; }
    if (same(n[-1].name, "reserved-memory")) { return RESERVED_STORAGE; }
    if (lists(what, "riscv,plic0") || lists(what, "sifive,plic-1.0.0")) {
        return PLIC;
    }
    return lists(what, "riscv,clint0") || lists(what, "sifive,clint0") ? CLINT
                                                                       : DEVICE;
}

static void registers_seen(enum kind kind, struct kerne_range r)
{
    if (kind == STORAGE) {
        r.first = (r.first + PAGE - 1) / PAGE * PAGE;
        r.last = r.last < STORAGE_LIMIT ? r.last / PAGE * PAGE : STORAGE_LIMIT;
        ranges_add(&tree.boot->ram, r);
    } else if (kind == RESERVED_STORAGE) {
        ranges_cut(&tree.boot->storage, r);
    } else if (kind == DEVICE) {
        ranges_add(&tree.boot->devices, r);
    }
}

/* Contexts count as they are listed: a hart, and which of its interrupts. */
static void plic_seen(uint64_t address, struct value contexts)
{
    for (uint64_t i = 0; i < contexts.bytes / 8; i++) {
        if (tree.phandle != 0 &&
            cells(contexts.at + 8 * i, 1) == tree.phandle &&
            cells(contexts.at + 8 * i + 4, 1) == SUPERVISOR_EXTERNAL) {
            machine.controller = address;
            machine.context = i;
        }
    }
}

/* In front of n stand those that it is in; the first of them is empty. */
static void node_seen(const struct node_read *n)
{
    struct boot *boot = tree.boot;
    struct value reg = n->has[REG], text = n->has[ARGUMENTS];
    enum kind kind = kind_of(n);
    uint64_t address = number(n[-1].has[ADDRESS_CELLS], 2);
    uint64_t size = number(n[-1].has[SIZE_CELLS], 1);
    uint64_t step = 4 * (address + size);
    bool usable = !n->translated && address - 1 < 2 && size - 1 < 2;
    if (usable && kind == PLIC && reg.bytes >= step) {
        plic_seen(cells(reg.at, address), n->has[CONTEXTS]);
    }
    for (; usable && reg.bytes >= step; reg.bytes -= step, reg.at += step) {
        registers_seen(kind, range_at(reg.at, address, size));
    }
    if (lists(n->has[COMPATIBLE], "riscv,cpu-intc") &&
        number(n[-1].has[REG], UINT64_MAX) == tree.hart) {
        tree.phandle = number(n->has[PHANDLE], 0);
    }
    boot->ticks_per_second = number(n->has[RATE], boot->ticks_per_second);
    boot->image.first = number(n->has[IMAGE_FIRST], boot->image.first);
    boot->image.last = number(n->has[IMAGE_LAST], boot->image.last);
    if (text.bytes > 0 && byte(text.at + text.bytes - 1) == '\0') {
        boot->arguments = (const char *)&tree.byte[text.at];
    }
    text = n->has[ISA];
    for (; text.bytes > 4; text.bytes--, text.at++) {
        if (same(text.at, "sstc")) { machine.has_stimecmp = true; }
    }
}

/* ---- the tree ---------------------------------------------------------- */

static void property_seen(struct node_read *n, uint64_t name, struct value v)
{
    const char *known = names;
    for (int i = 0; i < PROPERTIES; i++) {
        if (same(name, known)) { n->has[i] = v; }
        while (*known++ != '\0') {}
    }
}

static void walk(uint64_t at, uint64_t strings)
{
    struct node_read nodes[DEPTH + 1] = { 0 }, *n = nodes;
    for (uint64_t token = NOTHING; token != END; at = (at + 3) / 4 * 4) {
        token = cells(at, 1);
        at += 4;
        if (token == BEGIN_NODE) {
            require(n < nodes + DEPTH);
            bool translated = n->translated || n->has[BUS].bytes != 0;
            *++n = (struct node_read){ at, translated, { { 0 } } };
            while (byte(at++) != '\0') {}
        } else if (token == PROPERTY) {
            struct value v = { at + 8, cells(at, 1) };
            property_seen(n, strings + cells(at + 4, 1), v);
            at = v.at + v.bytes;
        } else if (token == END_NODE) {
            require(n > nodes);
            node_seen(n--);
        } else {
            require(token == NOTHING || (token == END && n == nodes));
        }
    }
}

void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot)
{
    tree.byte = machine_physical(address);
    tree.bytes = HEADER_BYTES;
    tree.hart = hart;
    tree.boot = boot;
    require(address < STORAGE_LIMIT - TREE_LIMIT && cells(0, 1) == 0xd00dfeed &&
            cells(BYTES, 1) <= TREE_LIMIT && cells(VERSION, 1) >= 17);
    tree.bytes = cells(BYTES, 1);
    walk(cells(STRUCTURE, 1), cells(STRINGS, 1)); /* the storage, the hart, */
    boot->storage = boot->ram;
    walk(cells(STRUCTURE, 1), cells(STRINGS, 1)); /* and what needs them */
    uint64_t at = cells(RESERVED, 1);
    for (; cells(at, 2) != 0 || cells(at + 8, 2) != 0; at += 16) {
        ranges_cut(&boot->storage, range_at(at, 2, 2));
    }
    boot->device_tree.first = address;
    boot->device_tree.last = address + tree.bytes;
}
