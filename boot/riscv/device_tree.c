/* What the nucleus takes from the device tree: storage and what of it is
 * reserved, devices, clock, boot image, arguments.  What a node is, its
 * properties say, and not its name. */
#include <boot.h>
#include <device_tree.h>

#include "riscv.h"

#define SUPERVISOR_EXTERNAL 9 /* interrupt of a hart */

static uint64_t phandle; /* of this hart's interrupts */

/* Contexts of a PLIC count as it lists them: a hart, and its interrupt. */
static void plic_seen(struct kerne_tree *t, uint64_t address)
{
    struct kerne_property p = kerne_tree_get(t, 0, "interrupts-extended");
    for (uint64_t i = 0; i < p.bytes / 8; i++) {
        if (kerne_tree_cells(t, p.at + 8 * i, 2) ==
            (phandle << 32 | SUPERVISOR_EXTERNAL)) {
            machine.controller = address;
            machine.context = i;
        }
    }
}

static void registers_seen(struct kerne_tree *t, struct boot *boot,
                           struct kerne_range r)
{
    const char *what = "compatible";
    if (kerne_tree_has(t, "device_type", "memory")) {
        r.first = (r.first + PAGE - 1) / PAGE * PAGE;
        r.last = r.last < STORAGE_LIMIT ? r.last / PAGE * PAGE : STORAGE_LIMIT;
        kerne_ranges_add(&boot->ram, r);
    } else if (kerne_tree_same(t, t->node[t->depth - 1] + 4,
                               "reserved-memory")) {
        kerne_ranges_cut(&boot->storage, r);
    } else {
        boot_require(kerne_ranges_common(&boot->ram, r) == 0,
                     "a device of the device tree lies in storage");
        if (kerne_tree_has(t, what, "riscv,plic0") ||
            kerne_tree_has(t, what, "sifive,plic-1.0.0")) {
            plic_seen(t, r.first);
        } else if (!kerne_tree_has(t, what, "riscv,clint0") &&
                   !kerne_tree_has(t, what, "sifive,clint0")) {
            kerne_ranges_add(&boot->devices, r);
        }
    }
}

static void walk(struct kerne_tree t, uint64_t hart, struct boot *boot)
{
    struct kerne_range r;
    while (kerne_tree_step(&t)) {
        for (uint64_t i = 0; kerne_tree_registers(&t, i, &r); i++) {
            registers_seen(&t, boot, r);
        }
        if (kerne_tree_has(&t, "compatible", "riscv,cpu-intc") &&
            kerne_tree_number(&t, 1, "reg", UINT64_MAX) == hart) {
            phandle = kerne_tree_number(&t, 0, "phandle", 0);
        }
        boot->ticks_per_second |=
            kerne_tree_number(&t, 0, "timebase-frequency", 0);
        boot->image.first |= kerne_tree_number(&t, 0, "linux,initrd-start", 0);
        boot->image.last |= kerne_tree_number(&t, 0, "linux,initrd-end", 0);
        struct kerne_property text = kerne_tree_get(&t, 0, "bootargs");
        if (text.bytes > 0) {
            boot->arguments = (const char *)t.byte + text.at;
        }
        t.damaged |= text.bytes > 0 &&
                     kerne_tree_byte(&t, text.at + text.bytes - 1) != 0;
    }
    boot_require(!t.damaged, "the firmware gives no sound device tree");
}

void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot)
{
    struct kerne_tree t = kerne_tree_open(
        machine_physical(address), address < STORAGE_LIMIT ? UINT32_MAX : 0);
    uint64_t at = kerne_tree_cells(&t, KERNE_TREE_RESERVED, 1), first, bytes;
    walk(t, hart, boot); /* for the RAM and the phandle */
    boot->storage = boot->ram;
    walk(t, hart, boot); /* for what depends on them */
    do {
        first = kerne_tree_cells(&t, at, 2);
        bytes = kerne_tree_cells(&t, at + 8, 2);
        at += 16;
        t.damaged |= (first | bytes) >> 56 != 0;
        kerne_ranges_cut(&boot->storage,
                         (struct kerne_range){ first, first + bytes });
    } while ((first | bytes) != 0 && !t.damaged);
    boot_require(!t.damaged, "the firmware gives no sound device tree");
    boot->device_tree = (struct kerne_range){ address, address + t.bytes };
}
