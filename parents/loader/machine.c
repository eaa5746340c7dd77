#include <device_tree.h>
#include <stddef.h>

#include "root.h"

/* The devices of QEMU's machine `virt`, and its clock. */
#define USUAL_UART 0x10000000
#define USUAL_POWER 0x100000
#define USUAL_TICKS_PER_SECOND 10000000

enum { UART, OLD_POWER, POWER, OTHERS };
static const char kinds[][KERNE_TREE_TEXT] = { "ns16550a", "sifive,test0",
                                               "sifive,test1" };

/* All nodes; which leaves what the last of them say that is no device. */
static void read_devices(struct root *root, struct kerne_tree *tree)
{
    struct kerne_range r;
    root->uart.address = USUAL_UART;
    root->power.address = USUAL_POWER;
    while (kerne_tree_step(tree)) {
        unsigned kind = kerne_tree_compatible(tree, kinds, OTHERS);
        if (kind < OTHERS && kerne_tree_registers(tree, 0, &r)) {
            (kind == UART ? &root->uart : &root->power)->address = r.first;
        }
    }
}

void root_read(struct root *ret_root, const struct root_facts *facts)
{
    uint64_t first = facts->device_tree, end = first;
    struct kerne_tree tree;
    *ret_root = (struct root){ .stack = facts->storage[0] };
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        const struct kerne_range *has = &facts->storage[i];
        kerne_ranges_insert(&ret_root->storage, has->first, has->last);
        if (first >= has->first && first < has->last) { end = has->last; }
    }
    kerne_tree_open(&tree, (const uint8_t *)first, end - first);
    ret_root->device_tree = (struct kerne_range){ first, first + tree.bytes };
    read_devices(ret_root, &tree);
    struct kerne_property text = kerne_tree_get(&tree, 0, KERNE_TREE_ARGUMENTS);
    ret_root->arguments =
        text.bytes > 0 ? (const char *)tree.byte + text.at : "";
    ret_root->argument_bytes = text.bytes;
    ret_root->ticks_per_second =
        kerne_tree_number(&tree, 0, KERNE_TREE_CLOCK, USUAL_TICKS_PER_SECOND);
    ret_root->image.first =
        kerne_tree_number(&tree, 0, KERNE_TREE_IMAGE_FIRST, 0);
    ret_root->image.last =
        kerne_tree_number(&tree, 0, KERNE_TREE_IMAGE_LAST, 0);
}
