#include "private.h"

extern char kerne_text_first[], kerne_text_last[];
extern char kerne_constant_first[], kerne_constant_last[];

uint64_t private_set_registers(uint64_t child, void (*function)(uint64_t),
                               uint64_t block)
{
    return child_set_registers(child, (uint64_t)function,
                               block + PRIVATE_STACK_END, block);
}

uint64_t private_start(uint64_t child, void (*function)(uint64_t),
                       uint64_t block, uint64_t pages)
{
    uint64_t result =
        family_lend(child, (uint64_t)kerne_text_first,
                    (uint64_t)(kerne_text_last - kerne_text_first),
                    KERNE_READ | KERNE_EXECUTE);
    if (result == KERNE_r_normal) {
        result = family_lend(
            child, (uint64_t)kerne_constant_first,
            (uint64_t)(kerne_constant_last - kerne_constant_first), KERNE_READ);
    }
    if (result == KERNE_r_normal) {
        result = family_lend(child, block, pages * KERNE_PAGE,
                             KERNE_READ | KERNE_WRITE);
    }
    if (result == KERNE_r_normal) {
        result = private_set_registers(child, function, block);
    }
    return result == KERNE_r_normal ? kerne_start(child) : result;
}
