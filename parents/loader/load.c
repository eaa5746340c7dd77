#include <ranges.h>
#include <string.h>

#include "root.h"

/* What is free: behind the record first, however little, then all else.  The
 * loader's own pages are free for the program. */
static void write_storage(const struct root_facts *facts,
                          const struct root_machine *machine,
                          const struct root_plan *plan,
                          struct kerne_range ret_storage[KERNE_START_RANGES])
{
    struct kerne_ranges free = { .count = 0 };
    unsigned count = 1;
    for (int i = 0; i < KERNE_ROOT_RANGES; i++) {
        kerne_ranges_add(&free, facts->storage[i]);
    }
    kerne_ranges_cut(&free, plan->place);
    kerne_ranges_cut(&free, plan->image);
    kerne_ranges_cut(&free, machine->device_tree);
    ret_storage[0].first = ret_storage[0].last = plan->place.last;
    for (unsigned i = 0; i < free.count; i++) {
        bool is_behind = free.range[i].first == plan->place.last;
        ret_storage[is_behind ? 0 : count] = free.range[i];
        count += !is_behind;
    }
}

/* Moves *text behind its blanks; bytes of the word that stands there. */
static size_t next_word(const char **text, const char *end)
{
    const char *last;
    while (*text < end && **text == ' ') { ++*text; }
    for (last = *text; last < end && *last != ' ';) { last++; }
    return (size_t)(last - *text);
}

/* Without those that the nucleus has taken; see kerne.h. */
static void write_arguments(const struct root_machine *machine,
                            char ret_arguments[KERNE_ARGUMENT_BYTES])
{
    const char *text = machine->arguments;
    const char *end = text + strnlen(text, machine->argument_bytes);
    size_t word = next_word(&text, end);
    while (memchr(text, '=', word) != NULL) {
        text += word;
        word = next_word(&text, end);
    }
    if (word == 2 && memcmp(text, "--", 2) == 0) {
        text += word;
        next_word(&text, end);
    }
    size_t length = (size_t)(end - text);
    memcpy(ret_arguments, text,
           length < KERNE_ARGUMENT_BYTES ? length : KERNE_ARGUMENT_BYTES - 1);
}

static void write_record(const struct root_facts *facts,
                         const struct root_machine *machine,
                         const struct root_plan *plan)
{
    struct kerne_start *start = (struct kerne_start *)plan->program.last;
    memset(start, 0, KERNE_PAGE);
    start->magic = KERNE_START_MAGIC;
    start->bytes = sizeof *start;
    write_storage(facts, machine, plan, start->storage);
    start->image = plan->image;
    start->device_tree = machine->device_tree;
    start->ticks_per_second = machine->ticks_per_second;
    write_arguments(machine, start->arguments);
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
