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
    struct root root;
    root_read(&root, facts);
    const char *refusal = root_plan(&root);
    if (refusal != NULL) { root_refuse(&root, refusal); }
    root_load(&root);
    return (struct root_jump){ root.program.last, root.program.entry };
}
