#include <device_tree.h>
#include <string.h>

#include "root.h"

/* The devices of QEMU's machine `virt`, and its clock. */
#define USUAL_UART 0x10000000
#define USUAL_POWER 0x100000
#define USUAL_TICKS_PER_SECOND 10000000

enum { UART, OLD_POWER, POWER, OTHERS };
static const char kinds[][KERNE_TREE_TEXT] = { "ns16550a", "sifive,test0",
                                               "sifive,test1" };

bool root_has(const struct root_facts *facts, struct kerne_range range)
{
    bool found = false;
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        found |= range.first >= facts->storage[i].first &&
                 range.last <= facts->storage[i].last;
    }
    return found;
}

/* Where the tree's storage ends, as far as the root has it. */
static uint64_t end_of_storage(const struct root_facts *facts, uint64_t address)
{
    uint64_t last = address;
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        if (address >= facts->storage[i].first &&
            address < facts->storage[i].last) {
            last = facts->storage[i].last;
        }
    }
    return last;
}

struct root_machine root_machine_read(const struct root_facts *facts)
{
    struct root_machine machine = {
        .arguments = "",
        .uart = USUAL_UART,
        .power = USUAL_POWER,
    };
    uint64_t first = facts->device_tree;
    struct kerne_tree tree;
    struct kerne_range r;
    kerne_tree_open(&tree, (const uint8_t *)first,
                    end_of_storage(facts, first) - first);
    machine.device_tree = (struct kerne_range){ first, first + tree.bytes };
    while (kerne_tree_step(&tree)) {
        unsigned kind = kerne_tree_compatible(&tree, kinds, OTHERS);
        if (kind < OTHERS && kerne_tree_registers(&tree, 0, &r)) {
            *(kind == UART ? &machine.uart : &machine.power) = r.first;
        }
    }
    struct kerne_property text = kerne_tree_get(&tree, 0, KERNE_TREE_ARGUMENTS);
    if (text.bytes > 0) {
        machine.arguments = (const char *)tree.byte + text.at;
        machine.argument_bytes = text.bytes;
    }
    machine.ticks_per_second =
        kerne_tree_number(&tree, 0, KERNE_TREE_CLOCK, USUAL_TICKS_PER_SECOND);
    machine.image.first =
        kerne_tree_number(&tree, 0, KERNE_TREE_IMAGE_FIRST, 0);
    machine.image.last = kerne_tree_number(&tree, 0, KERNE_TREE_IMAGE_LAST, 0);
    return machine;
}
