/* The way through the root loader. */
#include <stddef.h>

#include "root.h"

struct root_jump {
    uint64_t record, entry; /* in a0 and a1 */
};

/* From start.S. */
struct root_jump root_begin(const struct root_facts *facts);

struct root_jump root_begin(const struct root_facts *facts)
{
    struct root_machine machine = root_machine_read(facts);
    struct root_plan plan;
    const char *refusal = root_plan_make(facts, &machine, &plan);
    if (refusal != NULL) { root_refuse(&machine, refusal); }
    root_load(facts, &machine, &plan);
    return (struct root_jump){ plan.program.last, plan.program.entry };
}
