#include "find.h"

#include "registers.h"

#include <device_tree.h>
#include <program.h>
#include <ranges.h>

/* And does all that is used of them lie in that page? */
static bool is_lent(uint64_t first)
{
    const uint64_t rights = KERNE_READ | KERNE_WRITE;
    struct kerne_window_record window;
    uint64_t cursor = first / KERNE_PAGE;
    return first % sizeof(uint32_t) == 0 &&
           first % KERNE_PAGE <= KERNE_PAGE - REGISTERS_BYTES &&
           kerne_describe_window(0, &cursor, &window) == KERNE_r_normal &&
           window.address == kerne_ranges_down(first) && window.pages > 0 &&
           (window.rights & rights) == rights;
}

volatile uint32_t *find_disk(uint64_t *ret_line)
{
    static const char virtio[][KERNE_TREE_TEXT] = { "virtio,mmio" };
    const struct kerne_range *range = &kerne_start_record->device_tree;
    struct kerne_tree tree;
    struct kerne_range r;
    kerne_tree_open(&tree, (const uint8_t *)range->first,
                    range->last - range->first);
    while (kerne_tree_step(&tree)) {
        if (kerne_tree_compatible(&tree, virtio, 1) > 0 ||
            !kerne_tree_registers(&tree, 0, &r) || !is_lent(r.first)) {
            continue;
        }
        volatile uint32_t *registers = (volatile uint32_t *)r.first;
        if (registers[REGISTER_MAGIC] == VIRTIO_MAGIC &&
            registers[REGISTER_KIND] == VIRTIO_DISK) {
            *ret_line = kerne_tree_number(&tree, 0, KERNE_TREE_INTERRUPTS, 0);
            return registers;
        }
    }
    return NULL;
}
