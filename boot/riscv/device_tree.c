/* What the nucleus takes from the device tree: storage and what of it is
 * reserved, devices, clock, boot image, arguments.  What a node is, its
 * properties say, and not its name. */
#include <boot.h>
#include <device_tree.h>

#include "riscv.h"

#define MOST (UINT64_C(1) << 26) /* bytes of a tree */
#define SUPERVISOR_EXTERNAL 9    /* interrupt of a hart */

/* Nodes that are not just devices. */
enum { PLIC, OLD_PLIC, CLINT, OLD_CLINT, HART_INTERRUPTS, OTHERS };
static const char kinds[][KERNE_TREE_TEXT] = { "sifive,plic-1.0.0",
                                               "riscv,plic0", "sifive,clint0",
                                               "riscv,clint0",
                                               "riscv,cpu-intc" };
static uint64_t phandle; /* of this hart's interrupts */

/* Contexts of a PLIC count as it lists them: a hart, and its interrupt. */
static void plic_seen(struct kerne_tree *t, uint64_t address)
{
    struct kerne_property p =
        kerne_tree_get(t, 0, KERNE_TREE_INTERRUPTS_EXTENDED);
    for (uint64_t i = 0; i < p.bytes / 8; i++) {
        if (kerne_tree_cells(t, p.at + 8 * i, 2) ==
            (phandle << 32 | SUPERVISOR_EXTERNAL)) {
            machine.controller = address;
            machine.context = i;
        }
    }
}

static void node_seen(struct kerne_tree *t, uint64_t hart, struct boot *boot)
{
    unsigned kind = kerne_tree_compatible(t, kinds, OTHERS);
    uint64_t type = kerne_tree_get(t, 0, KERNE_TREE_DEVICE_TYPE).at;
    bool memory = kerne_tree_same(t, type, "memory");
    bool reserved =
        kerne_tree_same(t, t->node[t->depth - 1].name, "reserved-memory");
    struct kerne_range r;
    for (uint64_t i = 0; kerne_tree_registers(t, i, &r); i++) {
        if (memory) {
            r.first = kerne_ranges_up(r.first);
            r.last = kerne_ranges_down(r.last);
            if (r.last > STORAGE_LIMIT) { r.last = STORAGE_LIMIT; }
            kerne_ranges_add(&boot->ram, r);
        } else if (reserved) {
            kerne_ranges_cut(&boot->storage, r);
        } else {
            boot_require(kerne_ranges_common(&boot->ram, r) == 0,
                         "a device of the device tree lies in storage");
            if (kind > OLD_CLINT) { kerne_ranges_add(&boot->devices, r); }
        }
    }
    if (kind <= OLD_PLIC && kerne_tree_registers(t, 0, &r)) {
        plic_seen(t, r.first);
    }
    if (kind == HART_INTERRUPTS &&
        kerne_tree_number(t, 1, KERNE_TREE_REGISTERS, UINT64_MAX) == hart) {
        phandle = kerne_tree_number(t, 0, KERNE_TREE_PHANDLE, 0);
    }
}

void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot)
{
    struct kerne_tree t;
    struct kerne_range r = { 0, 1 };
    /* First for the RAM and the phandle, then for what depends on them. */
    for (int walk = 0; walk < 2; walk++) {
        boot->storage = boot->ram;
        kerne_tree_open(&t, machine_physical(address),
                        address < STORAGE_LIMIT ? MOST : 0);
        while (kerne_tree_step(&t)) { node_seen(&t, hart, boot); }
    }
    boot->ticks_per_second = kerne_tree_number(&t, 0, KERNE_TREE_CLOCK, 0);
    boot->image.first = kerne_tree_number(&t, 0, KERNE_TREE_IMAGE_FIRST, 0);
    boot->image.last = kerne_tree_number(&t, 0, KERNE_TREE_IMAGE_LAST, 0);
    struct kerne_property text = kerne_tree_get(&t, 0, KERNE_TREE_ARGUMENTS);
    if (text.bytes > 0) {
        boot->arguments = (const char *)t.byte + text.at;
        t.damaged |= kerne_tree_byte(&t, text.at + text.bytes - 1) != '\0';
    }
    uint64_t at = kerne_tree_cells(&t, KERNE_TREE_RESERVED, 1);
    for (; r.last != 0 && !t.damaged; at += 16) {
        r = kerne_tree_range(&t, at, 2, 2);
        kerne_ranges_cut(&boot->storage, r);
    }
    boot_require(!t.damaged, "the firmware gives no sound device tree");
    boot->device_tree = (struct kerne_range){ address, address + t.bytes };
}
