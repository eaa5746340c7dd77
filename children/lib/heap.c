/* The storage that malloc divides: what lies behind the start record. */
#include "program.h"

#include <errno.h>
#include <unistd.h>

/* picolibc's malloc asks here.  The storage that a parent gave is all there
 * is: beyond it malloc returns null. */
void *sbrk(ptrdiff_t bytes)
{
    static uint64_t next;
    const struct kerne_range *storage = &kerne_start_record->storage[0];
    if (next == 0) { next = storage->first; }
    uint64_t wanted = next + (uint64_t)bytes;
    bool within = bytes >= 0 ? wanted >= next && wanted <= storage->last
                             : wanted <= next && wanted >= storage->first;
    if (!within) {
        errno = ENOMEM;
        return (void *)-1;
    }
    uint64_t before = next;
    next = wanted;
    return (void *)before;
}
