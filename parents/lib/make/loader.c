#include "loader.h"

#include <calls.h>
#include <ranges.h>

uint64_t loader_needed(const struct executable *program)
{
    return program->last - program->first +
           kerne_ranges_up(sizeof(struct kerne_start)) + KERNE_PAGE;
}

/* Where a range of the parent's appears, the next free page being *address;
 * empty as it is. */
static struct kerne_range placed(struct kerne_range range, uint64_t *address)
{
    struct kerne_range there = { 0, 0 };
    if (range.first < range.last) {
        there.first = *address + range.first % KERNE_PAGE;
        there.last = there.first + (range.last - range.first);
        *address = kerne_ranges_up(there.last);
    }
    return there;
}

uint64_t loader_tables(uint64_t base, uint64_t pages, struct kerne_range image,
                       struct kerne_range device_tree)
{
    const uint64_t leaf = KERNE_LARGE_PAGE, middle = leaf * 512;
    uint64_t end = base + pages * KERNE_PAGE;
    placed(image, &end);
    placed(device_tree, &end);
    return 1 + ((end - 1) / middle - base / middle + 1) +
           ((end - 1) / leaf - base / leaf + 1);
}

/* ---- what a child begins with -------------------------------------------- */

struct kerne_start loader_record(const struct loader_order *order)
{
    const struct executable *program = order->program;
    uint64_t end = program->first + order->run.pages * KERNE_PAGE;
    struct kerne_start record = {
        .magic = KERNE_START_MAGIC,
        .bytes = sizeof record,
        .storage = { { program->last + sizeof record, end } },
        .ticks_per_second = order->ticks_per_second,
    };
    record.image = placed(order->image, &end);
    record.device_tree = placed(order->device_tree, &end);
    strcpy(record.arguments, order->arguments);
    return record;
}

uint64_t loader_heap_rights(const struct kerne_start *record)
{
    bool is_parent = record->image.first < record->image.last;
    return KERNE_READ | KERNE_WRITE | (is_parent ? KERNE_EXECUTE : 0);
}

/* ---- the parent's side: contents ---------------------------------------- */

/* The parent's address of what the child has at `address`. */
static uint64_t own(const struct loader_order *order, uint64_t address)
{
    return order->run.first + (address - order->program->first);
}

static void write_all(const struct loader_order *order,
                      const struct kerne_start *record)
{
    executable_lay(order->program, order->file, order->run.first,
                   order->run.pages * KERNE_PAGE);
    memcpy((void *)own(order, order->program->last), record, sizeof *record);
    __asm__ volatile("fence.i" ::: "memory");
}

/* ---- the child's side: windows and registers ---------------------------- */

/* Opens a window at a range of the child's onto the pages that begin at `from`,
 * if there are any, and if none before it was refused: then *result stays. */
static void open_window(const struct loader_order *order,
                        struct kerne_range there, uint64_t from,
                        uint64_t rights, uint64_t *result)
{
    uint64_t left, first = kerne_ranges_down(there.first);
    uint64_t pages = (kerne_ranges_up(there.last) - first) / KERNE_PAGE;
    if (there.first < there.last && *result == KERNE_r_normal) {
        *result = kerne_map(order->child, first, kerne_ranges_down(from), pages,
                            rights, &left);
    }
}

static void open_windows(const struct loader_order *order,
                         const struct kerne_start *record, uint64_t *result)
{
    const struct executable *program = order->program;
    const struct kerne_range heap = { program->last, record->storage[0].last };
    for (unsigned i = 0; i < program->count; i++) {
        const struct executable_segment *segment = &program->segment[i];
        const struct kerne_range there = { segment->address,
                                           segment->address + segment->bytes };
        open_window(order, there, own(order, there.first), segment->rights,
                    result);
    }
    open_window(order, heap, own(order, heap.first), loader_heap_rights(record),
                result);
}

uint64_t loader_open(const struct loader_order *order,
                     const struct kerne_start *record)
{
    const struct executable *program = order->program;
    const struct kerne_register_file registers = {
        .x = { [0] = program->entry, [10] = program->last } /* pc, a0 */
    };
    uint64_t left, result = KERNE_r_normal, end = record->storage[0].last;
    if (order->run.first != 0) { open_windows(order, record, &result); }
    open_window(order, record->image, order->image.first,
                KERNE_READ | KERNE_EXECUTE, &result);
    open_window(order, record->device_tree, order->device_tree.first,
                KERNE_READ, &result);
    if (result == KERNE_r_normal) {
        result = kerne_modify(order->child, &registers);
    }
    if (result != KERNE_r_normal) {
        placed(order->image, &end);
        placed(order->device_tree, &end);
        kerne_unmap(order->child, program->first,
                    (end - program->first) / KERNE_PAGE, &left);
    }
    return result;
}

uint64_t loader_load(const struct loader_order *order)
{
    const struct kerne_start record = loader_record(order);
    write_all(order, &record);
    return loader_open(order, &record);
}
