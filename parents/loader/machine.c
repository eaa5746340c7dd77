#include <device_tree.h>
#include <string.h>

#include "root.h"

/* The devices of QEMU's machine `virt`, and its clock. */
#define USUAL_UART 0x10000000
#define USUAL_POWER 0x100000
#define USUAL_TICKS_PER_SECOND 10000000

static void node_seen(void *context, const struct device_tree_node *node)
{
    struct root_machine *machine = context;
    if (strcmp(node->compatible, "ns16550a") == 0) {
        machine->uart = node->address;
    } else if (strcmp(node->compatible, "sifive,test1") == 0 ||
               strcmp(node->compatible, "sifive,test0") == 0) {
        machine->power = node->address;
    }
}

static void property_seen(void *context,
                          const struct device_tree_property *property)
{
    struct root_machine *machine = context;
    uint64_t number = device_tree_number(property);
    if (strcmp(property->name, "timebase-frequency") == 0) {
        machine->ticks_per_second = number;
    } else if (strcmp(property->name, "linux,initrd-start") == 0) {
        machine->image.first = number;
    } else if (strcmp(property->name, "linux,initrd-end") == 0) {
        machine->image.last = number;
    } else if (strcmp(property->name, "bootargs") == 0) {
        machine->arguments = (const char *)property->value;
        machine->argument_bytes = property->bytes;
    }
}

bool root_has(const struct root_facts *facts, struct kerne_range range)
{
    bool found = false;
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        found |= range.first >= facts->storage[i].first &&
                 range.last <= facts->storage[i].last;
    }
    return found;
}

struct root_machine root_machine_read(const struct root_facts *facts)
{
    struct root_machine machine = {
        .device_tree = device_tree_at(facts->device_tree),
        .ticks_per_second = USUAL_TICKS_PER_SECOND,
        .arguments = "",
        .uart = USUAL_UART,
        .power = USUAL_POWER,
    };
    struct device_tree_visitor visitor = { node_seen, property_seen, &machine };
    if (!root_has(facts, machine.device_tree)) {
        machine.device_tree.last = machine.device_tree.first;
    }
    device_tree_walk(machine.device_tree, &visitor);
    return machine;
}
