#include "stack.h"

/* The lowest word of a stack keeps this value unless the stack overflows. */
#define STACK_END UINT64_C(0x6b636174732d6f6e)

static union {
    uint64_t end;
    uint8_t bytes[CHILD_STACK_BYTES];
} stacks[STACKS] __attribute__((aligned(16)));

static uint32_t taken[STACKS];

uint64_t stack_take(void)
{
    for (unsigned i = 0; i < STACKS; i++) {
        if (!__atomic_exchange_n(&taken[i], 1, __ATOMIC_ACQ_REL)) {
            stacks[i].end = STACK_END;
            return (uint64_t)&stacks[i];
        }
    }
    expect(!"more children than there are stacks for them");
    __builtin_trap();
}

void stack_give_back(uint64_t stack)
{
    uint64_t index = (stack - (uint64_t)stacks) / sizeof stacks[0];
    expect_equal_of("the last word of a stack", stacks[index].end, STACK_END);
    __atomic_store_n(&taken[index], 0, __ATOMIC_RELEASE);
}

bool stack_reset(void)
{
    bool good = true;
    for (unsigned i = 0; i < STACKS; i++) {
        good &= !taken[i] || stacks[i].end == STACK_END;
        taken[i] = 0;
    }
    return good;
}
