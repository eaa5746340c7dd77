#include "watch.h"

void watch_stored(struct machine *m, uint64_t address, unsigned bytes)
{
    (void)m, (void)address, (void)bytes;
}

void watch_trap_ends(struct machine *m) { (void)m; }
