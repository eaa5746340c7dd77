#include <device_tree.h>
#include <string.h>

#include "root.h"

/* The devices of QEMU's machine `virt`, and its clock. */
#define USUAL_UART 0x10000000
#define USUAL_POWER 0x100000
#define USUAL_TICKS_PER_SECOND 10000000

bool root_has(const struct root_facts *facts, struct kerne_range range)
{
    bool found = false;
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        found |= range.first >= facts->storage[i].first &&
                 range.last <= facts->storage[i].last;
    }
    return found;
}

/* The tree, as far as the root has it. */
static struct kerne_tree open_tree(const struct root_facts *facts,
                                   struct kerne_range *ret_range)
{
    const uint8_t *byte = (const uint8_t *)facts->device_tree;
    struct kerne_range r = { facts->device_tree, 0 };
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        if (r.first >= facts->storage[i].first &&
            r.first < facts->storage[i].last) {
            r.last = facts->storage[i].last;
        }
    }
    struct kerne_tree tree =
        kerne_tree_open(byte, r.last > r.first ? r.last - r.first : 0);
    *ret_range = (struct kerne_range){ r.first, r.first + tree.bytes };
    return tree;
}

struct root_machine root_machine_read(const struct root_facts *facts)
{
    struct root_machine machine = {
        .arguments = "",
        .uart = USUAL_UART,
        .power = USUAL_POWER,
    };
    struct kerne_tree tree = open_tree(facts, &machine.device_tree);
    struct kerne_range r;
    while (kerne_tree_step(&tree)) {
        struct kerne_property text = kerne_tree_get(&tree, 0, "bootargs");
        if (text.bytes > 0 && text.at + text.bytes <= tree.bytes) {
            machine.arguments = (const char *)tree.byte + text.at;
            machine.argument_bytes = text.bytes;
        }
        machine.ticks_per_second |=
            kerne_tree_number(&tree, 0, "timebase-frequency", 0);
        machine.image.first |=
            kerne_tree_number(&tree, 0, "linux,initrd-start", 0);
        machine.image.last |=
            kerne_tree_number(&tree, 0, "linux,initrd-end", 0);
        if (!kerne_tree_registers(&tree, 0, &r)) { continue; }
        if (kerne_tree_has(&tree, "compatible", "ns16550a")) {
            machine.uart = r.first;
        }
        if (kerne_tree_has(&tree, "compatible", "sifive,test1") ||
            kerne_tree_has(&tree, "compatible", "sifive,test0")) {
            machine.power = r.first;
        }
    }
    if (machine.ticks_per_second == 0) {
        machine.ticks_per_second = USUAL_TICKS_PER_SECOND;
    }
    return machine;
}
