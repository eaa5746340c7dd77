#include <stddef.h>

#include "root.h"

static bool overlap(struct kerne_range a, struct kerne_range b)
{
    return a.first < b.last && b.first < a.last;
}

/* Only behind the nucleus: the stack lies in front of it. */
static bool is_free(const struct root_facts *facts,
                    const struct root_machine *machine,
                    struct kerne_range place)
{
    return root_has(facts, place) && !overlap(place, facts->storage[0]) &&
           !overlap(place, machine->image) &&
           !overlap(place, machine->device_tree);
}

/* The second file of the image.  The first is the loader. */
static const char *find(const struct root_facts *facts,
                        const struct root_machine *machine,
                        struct root_plan *plan)
{
    if (machine->image.first >= machine->image.last) {
        return "is missing: there is no boot image (-initrd)";
    }
    if (!root_has(facts, machine->image)) {
        return "is missing: the boot image does not lie in storage";
    }
    uint64_t cursor = 0;
    enum archive_result result =
        archive_next(&machine->image, &cursor, &plan->file);
    plan->image.first = machine->image.first + cursor;
    plan->image.last = machine->image.last;
    if (result == ARCHIVE_MEMBER) {
        result = archive_next(&machine->image, &cursor, &plan->file);
    }
    switch (result) {
    case ARCHIVE_MEMBER: return NULL;
    case ARCHIVE_END:
        return "is missing: it is the second file of the boot image, behind "
               "the loader";
    case ARCHIVE_DAMAGED: break;
    }
    return "is cut short, or the boot image is damaged";
}

const char *root_plan_make(const struct root_facts *facts,
                           const struct root_machine *machine,
                           struct root_plan *ret_plan)
{
    const char *refusal = find(facts, machine, ret_plan);
    if (refusal != NULL) { return refusal; }
    refusal = executable_check(ret_plan->file.bytes, ret_plan->file.size,
                               &ret_plan->program);
    if (refusal != NULL) { return refusal; }
    ret_plan->place.first = ret_plan->program.first;
    ret_plan->place.last = ret_plan->program.last + KERNE_PAGE;
    return is_free(facts, machine, ret_plan->place)
               ? NULL
               : "does not fit into storage: something else is at its place, "
                 "or nothing";
}
