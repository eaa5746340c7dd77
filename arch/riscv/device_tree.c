/*
 * The flattened device tree (Devicetree Specification 0.4, chapter 5): storage,
 * clock, boot image, devices.  One pass.  What a device is, its node's name
 * says; addresses and sizes have two cells.
 */
#include <boot.h>

#include "riscv.h"

enum { BEGIN_NODE = 1, PROPERTY = 3, NOTHING = 4, END = 9 };
enum { MAGIC, BYTES, STRUCTURE, STRINGS }; /* words of the header */

static uint32_t word(const uint32_t *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

static uint64_t number(const uint32_t *p, uint32_t bytes)
{
    return bytes == 8 ? (uint64_t)word(p) << 32 | word(p + 1) : word(p);
}

static bool same(const char *a, const char *b)
{
    return boot_begins(a, b) != NULL && boot_begins(b, a) != NULL;
}

static void addresses_seen(const char *node, const uint32_t *value,
                           uint32_t bytes, struct boot *boot)
{
    for (; bytes >= 16; bytes -= 16, value += 4) {
        uint64_t first = number(value, 8);
        struct kerne_range r = { first, first + number(value + 2, 8) };
        if (boot_begins(node, "memory@")) {
            boot->ram = r;
        } else if (boot_begins(node, "plic@")) {
            machine.controller = first;
        } else if (!boot_begins(node, "clint@") &&
                   !boot_begins(node, "mmode_resv") &&
                   boot->device_count < BOOT_DEVICES) {
            boot->devices[boot->device_count++] = r;
        }
    }
}

static void property_seen(const char *node, const char *name,
                          const uint32_t *value, uint32_t bytes,
                          struct boot *boot)
{
    const char *text = (const char *)value;
    uint64_t n = number(value, bytes);
    if (same(name, "reg")) { addresses_seen(node, value, bytes, boot); }
    if (same(name, "timebase-frequency")) { boot->ticks_per_second = n; }
    if (same(name, "linux,initrd-start")) { boot->image.first = n; }
    if (same(name, "linux,initrd-end")) { boot->image.last = n; }
    if (same(name, "bootargs")) { boot->arguments = text; }
    if (same(name, "riscv,isa")) {
        machine.has_stimecmp = boot_find(text, "sstc") != NULL;
    }
}

void device_tree_read(uint64_t address, struct boot *boot)
{
    const uint32_t *tree = machine_physical(address), *p = tree;
    const char *node = "", *strings = (const char *)tree + word(tree + STRINGS);
    uint32_t token = word(tree + MAGIC) == 0xd00dfeed ? NOTHING : END;
    for (p += word(tree + STRUCTURE) / 4; token != END; token = word(p++)) {
        if (token == BEGIN_NODE) {
            node = (const char *)p;
            while ((word(p++) & 0xff) != 0) {}
        } else if (token == PROPERTY) {
            property_seen(node, strings + word(p + 1), p + 2, word(p), boot);
            p += 2 + (word(p) + 3) / 4;
        }
    }
    boot_require(boot->ram.last > boot->ram.first && machine.controller != 0,
                 "the firmware gives no device tree with RAM and a PLIC");
    boot->device_tree.first = address;
    boot->device_tree.last = address + word(tree + BYTES);
}
