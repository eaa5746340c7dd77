/*
 * The flattened device tree (Devicetree Specification 0.4, chapter 5): storage
 * and what of it is reserved, devices, clock, boot image, arguments.  What a
 * node is, its properties say, and not its name.
 *
 * V1  Whatever the tree holds, nothing outside it is read, and reading ends:
 *     see byte().
 */
#include <boot.h>

#include "riscv.h"

/* The header, as offsets; tokens. */
enum { BYTES = 4, STRUCTURE = 8, STRINGS = 12, RESERVED = 16, VERSION = 20 };
enum { BEGIN_NODE = 1, END_NODE, PROPERTY, NOTHING, END = 9 };
enum { HEADER_BYTES = 40, WORK = 1 << 26, DEPTH = 12 };
#define WORD_UP(offset) (((offset) + 3) / 4 * 4)
#define SUPERVISOR_EXTERNAL 9 /* interrupt of a hart */

static struct tree {
    const uint8_t *byte;
    uint64_t bytes, work; /* its size; how much of it may still be read */
    uint64_t node[DEPTH]; /* a node, which is at `depth`, and all around it */
    unsigned depth;
    uint64_t phandle; /* of this hart's interrupts */
} tree;

#define UNSOUND "the firmware gives no sound device tree"
static void require(bool sound) { boot_require(sound, UNSOUND); }

static uint8_t byte(uint64_t at)
{
    require(at < tree.bytes && tree.work-- > 0);
    return tree.byte[at];
}

/* A number, or two together. */
static uint64_t cells(uint64_t at, uint64_t count)
{
    uint64_t number = 0;
    for (count *= 4; count > 0; count--) { number = number << 8 | byte(at++); }
    return number;
}

static bool same(uint64_t at, const char *text)
{
    while (*text != '\0' && byte(at) == (uint8_t)*text) { at++, text++; }
    return *text == '\0' && byte(at) == '\0';
}

static uint64_t behind_text(uint64_t at)
{
    while (byte(at++) != '\0') {}
    return at;
}

/* The token behind this one. */
static uint64_t next(uint64_t at)
{
    uint64_t token = cells(at, 1);
    require(token >= BEGIN_NODE && token <= NOTHING);
    return token == PROPERTY     ? WORD_UP(at + 12 + cells(at + 4, 1))
           : token == BEGIN_NODE ? WORD_UP(behind_text(at + 4))
                                 : at + 4;
}

/* Where a property of the node, or of one so many levels further out, has its
 * value. */
static struct kerne_range get(unsigned out, const char *name)
{
    uint64_t at = next(tree.node[tree.depth - out]);
    for (; cells(at, 1) - PROPERTY < 2; at = next(at)) {
        uint64_t known = cells(STRINGS, 1) + cells(at + 8, 1);
        if (cells(at, 1) == PROPERTY && same(known, name)) {
            return (struct kerne_range){ at + 12, at + 12 + cells(at + 4, 1) };
        }
    }
    return (struct kerne_range){ 0, 0 };
}

/* 0: it has none, or no number. */
static uint64_t number(unsigned out, const char *name)
{
    struct kerne_range v = get(out, name);
    uint64_t count = (v.last - v.first) / 4;
    return count <= 2 ? cells(v.first, count) : 0;
}

/* Is it among the texts of this property of the node? */
static bool has(const char *name, const char *text)
{
    struct kerne_range v = get(0, name);
    while (v.first < v.last && !same(v.first, text)) {
        v.first = behind_text(v.first);
    }
    return v.first < v.last;
}

static struct kerne_range range_at(uint64_t at, uint64_t address, uint64_t size)
{
    uint64_t first = cells(at, address), bytes = cells(at + 4 * address, size);
    require(first >> 56 == 0 && bytes >> 56 == 0);
    return (struct kerne_range){ first, first + bytes };
}

/* Contexts of a PLIC count as it lists them: a hart, and its interrupt. */
static void registers_seen(struct boot *boot, struct kerne_range r)
{
    const char *what = "compatible";
    struct kerne_range contexts = get(0, "interrupts-extended");
    if (has("device_type", "memory")) {
        r.first = (r.first + PAGE - 1) / PAGE * PAGE;
        r.last = r.last < STORAGE_LIMIT ? r.last / PAGE * PAGE : STORAGE_LIMIT;
        ranges_add(&boot->ram, r);
        return;
    }
    if (same(tree.node[tree.depth - 1] + 4, "reserved-memory")) {
        ranges_cut(&boot->storage, r);
        return;
    }
    boot_require(ranges_common(&boot->ram, r) == 0,
                 "a device of the device tree lies in storage");
    if (has(what, "riscv,plic0") || has(what, "sifive,plic-1.0.0")) {
        for (uint64_t i = 0; contexts.first + 8 * i < contexts.last; i++) {
            if (cells(contexts.first + 8 * i, 2) ==
                (tree.phandle << 32 | SUPERVISOR_EXTERNAL)) {
                machine.controller = r.first;
                machine.context = i;
            }
        }
    } else if (!has(what, "riscv,clint0") && !has(what, "sifive,clint0")) {
        ranges_add(&boot->devices, r);
    }
}

/* Addresses that a bus translates are passed over. */
static void node_seen(struct boot *boot, uint64_t hart)
{
    struct kerne_range reg = get(0, "reg"), text = get(0, "bootargs");
    uint64_t address = number(1, "#address-cells");
    uint64_t size = number(1, "#size-cells"), step = 4 * (address + size);
    bool usable = address - 1 < 2 && size - 1 < 2;
    for (unsigned out = 1; out < tree.depth; out++) {
        struct kerne_range translation = get(out, "ranges");
        usable = usable && translation.first == translation.last;
    }
    for (; usable && reg.first + step <= reg.last; reg.first += step) {
        registers_seen(boot, range_at(reg.first, address, size));
    }
    if (has("compatible", "riscv,cpu-intc") && number(1, "reg") == hart) {
        tree.phandle = number(0, "phandle");
    }
    boot->ticks_per_second |= number(0, "timebase-frequency");
    boot->image.first |= number(0, "linux,initrd-start");
    boot->image.last |= number(0, "linux,initrd-end");
    if (text.first < text.last) {
        require(byte(text.last - 1) == '\0');
        boot->arguments = (const char *)tree.byte + text.first;
    }
}

static void walk(struct boot *boot, uint64_t hart)
{
    uint64_t token, at = cells(STRUCTURE, 1);
    for (; (token = cells(at, 1)) != END; at = next(at)) {
        require(tree.depth + (token == BEGIN_NODE) < DEPTH);
        if (token == BEGIN_NODE) { tree.node[++tree.depth] = at; }
        if (token == BEGIN_NODE && tree.depth > 1) { node_seen(boot, hart); }
        if (token == END_NODE) { require(tree.depth-- > 0); }
    }
    require(tree.depth == 0);
}

void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot)
{
    tree = (struct tree){ .byte = machine_physical(address),
                          .bytes = HEADER_BYTES,
                          .work = WORK };
    require(address < STORAGE_LIMIT && cells(0, 1) == 0xd00dfeed &&
            cells(VERSION, 1) >= 17);
    tree.bytes = cells(BYTES, 1);
    walk(boot, hart); /* for the RAM and the phandle */
    boot->storage = boot->ram;
    walk(boot, hart); /* for what depends on them */
    uint64_t at = cells(RESERVED, 1);
    for (; cells(at, 2) != 0 || cells(at + 8, 2) != 0; at += 16) {
        ranges_cut(&boot->storage, range_at(at, 2, 2));
    }
    boot->device_tree.first = address;
    boot->device_tree.last = address + tree.bytes;
}
