#include <string.h>

#include "root.h"

/* What is free between an address and the next thing in the way.  The loader's
 * own pages are free for the program. */
static struct kerne_range free_behind(const struct root_facts *facts,
                                      const struct root_machine *machine,
                                      const struct root_plan *plan,
                                      uint64_t address)
{
    const struct kerne_range taken[] = { plan->place, plan->image,
                                         machine->device_tree };
    uint64_t first = (address + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
    uint64_t last = first;
    for (int i = 0; i < 3; i++) {
        const struct kerne_range *storage = &facts->storage[i];
        if (storage->first <= first && first < storage->last) {
            last = storage->last;
        }
    }
    for (int i = 0; i < 3; i++) {
        if (taken[i].first < last && first < taken[i].last) {
            last = taken[i].first / KERNE_PAGE * KERNE_PAGE;
        }
    }
    return (struct kerne_range){ first, last > first ? last : first };
}

static void write_record(const struct root_facts *facts,
                         const struct root_machine *machine,
                         const struct root_plan *plan)
{
    const uint64_t behind[KERNE_START_RANGES] = { plan->place.last,
                                                  facts->storage[0].first,
                                                  plan->image.last,
                                                  machine->device_tree.last };
    struct kerne_start *start = (struct kerne_start *)plan->program.last;
    memset(start, 0, KERNE_PAGE);
    start->magic = KERNE_START_MAGIC;
    start->bytes = sizeof *start;
    for (int i = 0; i < KERNE_START_RANGES; i++) {
        start->storage[i] = free_behind(facts, machine, plan, behind[i]);
        for (int j = 0; j < i; j++) { /* of two that end in one page */
            if (start->storage[i].first == start->storage[j].first) {
                start->storage[i].last = start->storage[i].first;
            }
        }
    }
    start->image = plan->image;
    start->device_tree = machine->device_tree;
    start->ticks_per_second = machine->ticks_per_second;
    size_t length = strnlen(machine->arguments, machine->argument_bytes);
    memcpy(start->arguments, machine->arguments,
           length < KERNE_ARGUMENT_BYTES ? length : KERNE_ARGUMENT_BYTES - 1);
}

void root_load(const struct root_facts *facts,
               const struct root_machine *machine, const struct root_plan *plan)
{
    for (unsigned i = 0; i < plan->program.count; i++) {
        const struct executable_segment *segment = &plan->program.segment[i];
        uint8_t *to = (uint8_t *)segment->address;
        memcpy(to, plan->file.bytes + segment->offset, segment->in_file);
        memset(to + segment->in_file, 0, segment->bytes - segment->in_file);
    }
    write_record(facts, machine, plan);
}
