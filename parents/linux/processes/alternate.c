#include <processes/alternate.h>

#include <abi.h>
#include <calls.h>
#include <calls/table.h>
#include <memory/user.h>
#include <processes/process.h>

#define LEAST 2048 /* bytes, MINSIGSTKSZ */

struct alternate_stack alternate_told(const struct alternate_stack *stack,
                                      uint64_t pointer)
{
    struct alternate_stack told = *stack;
    told.flags &= LINUX_SS_AUTODISARM;
    told.flags |= stack->bytes == 0               ? LINUX_SS_DISABLE
                  : alternate_has(stack, pointer) ? LINUX_SS_ONSTACK
                                                  : 0u;
    return told;
}

long alternate_set(struct alternate_stack *stack,
                   const struct alternate_stack *said, uint64_t pointer)
{
    uint32_t mode = said->flags & ~LINUX_SS_AUTODISARM;
    if (alternate_has(stack, pointer)) { return -LINUX_EPERM; }
    if (mode > LINUX_SS_DISABLE) { return -LINUX_EINVAL; }
    if (mode == LINUX_SS_DISABLE) {
        *stack = (struct alternate_stack){ .flags = said->flags };
        return 0;
    }
    if (said->bytes < LEAST) { return -LINUX_ENOMEM; }
    *stack = *said;
    return 0;
}

long call_sigaltstack(struct thread *t, const uint64_t *a)
{
    struct kerne_register_file file = { .floats = 0 };
    struct alternate_stack said;
    kerne_read_registers(t->reference, &file);
    struct alternate_stack old = alternate_told(&t->stack, file.x[2]);
    if (a[0] != 0) {
        if (user_read(t->space, &said, a[0], sizeof said) != 0) {
            return -LINUX_EFAULT;
        }
        long result = alternate_set(&t->stack, &said, file.x[2]);
        if (result != 0) { return result; }
    }
    return user_write_if(t->space, a[1], &old, sizeof old);
}
