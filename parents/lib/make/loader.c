#include "loader.h"

#include <calls.h>
#include <stddef.h>

static uint64_t page_up(uint64_t address)
{
    return (address + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
}

static uint64_t page_down(uint64_t address)
{
    return address / KERNE_PAGE * KERNE_PAGE;
}

uint64_t loader_needed(const struct executable *executable)
{
    return executable->last - executable->first +
           page_up(sizeof(struct kerne_start)) + KERNE_PAGE;
}

uint64_t loader_tables(uint64_t base, uint64_t bytes)
{
    uint64_t leaf = KERNE_LARGE_PAGE;
    uint64_t middle = leaf * 512;
    uint64_t last = base + (bytes == 0 ? 0 : bytes - 1);
    return 1 + (last / middle - base / middle + 1) +
           (last / leaf - base / leaf + 1);
}

/* ---- the parent's side: contents ---------------------------------------- */

/* The parent's address of what the child has at `address`. */
static uint8_t *own(const struct loader_order *order,
                    const struct loader_report *report, uint64_t address)
{
    return (uint8_t *)(order->run.first + (address - report->base));
}

/* What is lent appears behind the run, in whole pages: the image, and behind
 * that the device tree. */
struct lent {
    struct kerne_range image, device_tree;
};

static bool is_empty(const struct kerne_range *range)
{
    return range->first >= range->last;
}

/* Where a range of the parent's appears, the next free page being *address. */
static struct kerne_range placed(const struct kerne_range *range,
                                 uint64_t *address)
{
    struct kerne_range there = { 0, 0 };
    if (!is_empty(range)) {
        there.first = *address + range->first % KERNE_PAGE;
        there.last = there.first + (range->last - range->first);
        *address = page_up(there.last);
    }
    return there;
}

static struct lent lent_to_child(const struct loader_order *order,
                                 const struct loader_report *report)
{
    uint64_t address = report->base + order->run.pages * KERNE_PAGE;
    struct lent lent;
    lent.image = placed(&order->image, &address);
    lent.device_tree = placed(&order->device_tree, &address);
    return lent;
}

uint64_t loader_bytes(uint64_t pages, const struct kerne_range *image,
                      const struct kerne_range *device_tree)
{
    uint64_t address = pages * KERNE_PAGE;
    placed(image, &address);
    placed(device_tree, &address);
    return address;
}

static void write_record(const struct loader_order *order,
                         const struct loader_report *report, uint64_t at)
{
    uint64_t end = report->base + order->run.pages * KERNE_PAGE;
    struct lent lent = lent_to_child(order, report);
    struct kerne_start record = {
        .magic = KERNE_START_MAGIC,
        .bytes = sizeof record,
        .storage = { { at + sizeof record, end } },
        .image = lent.image,
        .device_tree = lent.device_tree,
        .ticks_per_second = order->ticks_per_second,
    };
    strcpy(record.arguments, order->arguments);
    memcpy(own(order, report, at), &record, sizeof record);
}

/* By words: memset() of the C library, made to be small, goes byte by byte, and
 * that would be most of what it takes to build a tower of systems. */
static void clear(const struct storage_run *run)
{
    volatile uint64_t *word = (volatile uint64_t *)run->first;
    volatile uint64_t *end = word + run->pages * (KERNE_PAGE / sizeof *word);
    for (; word < end; word += 4) {
        word[0] = 0;
        word[1] = 0;
        word[2] = 0;
        word[3] = 0;
    }
}

static void copy_segments(const struct loader_order *order,
                          const struct loader_report *report,
                          const struct executable *executable)
{
    clear(&order->run);
    for (unsigned i = 0; i < executable->count; i++) {
        const struct executable_segment *segment = &executable->segment[i];
        memcpy(own(order, report, segment->address),
               order->file + segment->offset, segment->in_file);
    }
    __asm__ volatile("fence.i" ::: "memory");
}

/* ---- the child's side: windows and registers ---------------------------- */

static uint64_t open_window(const struct loader_order *order, uint64_t address,
                            uint64_t from, uint64_t bytes, uint64_t rights)
{
    uint64_t left;
    return kerne_map(order->child, address, from, page_up(bytes) / KERNE_PAGE,
                     rights, &left);
}

static uint64_t lend(const struct loader_order *order,
                     const struct kerne_range *there,
                     const struct kerne_range *from)
{
    uint64_t first = page_down(there->first);
    return is_empty(there) ? KERNE_r_normal
                           : open_window(order, first, page_down(from->first),
                                         there->last - first, KERNE_READ);
}

static void close_windows(const struct loader_order *order,
                          const struct loader_report *report)
{
    uint64_t left;
    uint64_t bytes =
        loader_bytes(order->run.pages, &order->image, &order->device_tree);
    kerne_unmap(order->child, report->base, bytes / KERNE_PAGE, &left);
}

/* Whoever has an image loads programs from it into its own free storage, and
 * can lend them no right that it lacks itself. */
static uint64_t heap_rights(const struct loader_order *order)
{
    bool is_parent = !is_empty(&order->image);
    return KERNE_READ | KERNE_WRITE | (is_parent ? KERNE_EXECUTE : 0);
}

static uint64_t open_windows(const struct loader_order *order,
                             const struct loader_report *report,
                             const struct executable *executable)
{
    uint64_t result = KERNE_r_normal;
    for (unsigned i = 0; i < executable->count && result == KERNE_r_normal;
         i++) {
        const struct executable_segment *segment = &executable->segment[i];
        result = open_window(order, segment->address,
                             (uint64_t)own(order, report, segment->address),
                             segment->bytes, segment->rights);
    }
    uint64_t end = report->base + order->run.pages * KERNE_PAGE;
    if (result == KERNE_r_normal) {
        result = open_window(order, executable->last,
                             (uint64_t)own(order, report, executable->last),
                             end - executable->last, heap_rights(order));
    }
    struct lent lent = lent_to_child(order, report);
    if (result == KERNE_r_normal) {
        result = lend(order, &lent.image, &order->image);
    }
    if (result == KERNE_r_normal) {
        result = lend(order, &lent.device_tree, &order->device_tree);
    }
    return result;
}

static uint64_t set_registers(const struct loader_order *order,
                              const struct executable *executable)
{
    struct kerne_register_file file = {
        .x = { [0] = executable->entry, [10] = executable->last } /* pc, a0 */
    };
    return kerne_modify(order->child, &file);
}

struct loader_report loader_load(const struct loader_order *order)
{
    struct loader_report report = { .refusal = KERNE_r_normal };
    struct executable executable;
    report.file = executable_check(order->file, order->bytes, &executable);
    if (report.file != EXECUTABLE_SOUND) {
        report.result = LOADER_FILE;
        return report;
    }
    report.base = executable.first;
    report.entry = executable.entry;
    report.needed = loader_needed(&executable);
    if (report.needed > order->run.pages * KERNE_PAGE ||
        order->run.pages * KERNE_PAGE >
            EXECUTABLE_ADDRESS_END - executable.first) {
        report.result = LOADER_TOO_BIG;
        return report;
    }
    if (strlen(order->arguments) >= KERNE_ARGUMENT_BYTES) {
        report.result = LOADER_ARGUMENTS;
        return report;
    }
    copy_segments(order, &report, &executable);
    write_record(order, &report, executable.last);
    report.refusal = open_windows(order, &report, &executable);
    if (report.refusal == KERNE_r_normal) {
        report.refusal = set_registers(order, &executable);
    }
    if (report.refusal != KERNE_r_normal) {
        close_windows(order, &report);
        report.result = LOADER_REFUSED;
        return report;
    }
    report.result = LOADER_DONE;
    return report;
}
