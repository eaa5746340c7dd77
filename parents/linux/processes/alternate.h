/*
 * The alternate stack of a thread: where those handlers run that want it.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LINUX_SS_ONSTACK = 1, LINUX_SS_DISABLE = 2 };
#define LINUX_SS_AUTODISARM (1u << 31) /* while a handler runs there is none */

struct alternate_stack {
    uint64_t address;
    uint32_t flags, pad;
    uint64_t bytes; /* 0: there is none */
};

/* Does it have what a stack pointer points to? */
static inline bool alternate_has(const struct alternate_stack *stack,
                                 uint64_t pointer)
{
    return !(stack->flags & LINUX_SS_AUTODISARM) && pointer > stack->address &&
           pointer - stack->address <= stack->bytes;
}

/* As a program is told of it, that has this stack pointer. */
struct alternate_stack alternate_told(const struct alternate_stack *stack,
                                      uint64_t pointer);

/* Sets it to what a program says that has this stack pointer.  0, or an error:
 * -LINUX_EPERM if the program is on it, -LINUX_ENOMEM if it is too small. */
long alternate_set(struct alternate_stack *stack,
                   const struct alternate_stack *said, uint64_t pointer);
