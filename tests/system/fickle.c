/* The disk's driver, but that it breaks each time it has had so many messages:
 * for store.py. */
#include <program.h>

#define MESSAGES 1000 /* a transfer counts twice */

static uint64_t fickle_operation_of(const struct kerne_words *message)
{
    static unsigned messages;
    if (++messages == MESSAGES) { __builtin_trap(); }
    return kerne_operation_of(message);
}

#define kerne_operation_of fickle_operation_of
#include "../../children/drivers/disk/disk.c"
