/* Who looks on from outside, and is told of stores, and of traps. */
#include "onlooker.h"

void onlooker_stored(struct machine *m, uint64_t address)
{
    if (m->onlooker.stored != NULL) {
        m->onlooker.stored(m->onlooker.context, address);
    }
}

void onlooker_trap_begins(struct machine *m)
{
    if (m->onlooker.trap_begins != NULL) {
        m->onlooker.trap_begins(m->onlooker.context);
    }
}

void onlooker_trap_ends(struct machine *m)
{
    m->traps++;
    if (m->onlooker.trap_ends != NULL) {
        m->onlooker.trap_ends(m->onlooker.context);
    }
}

void machine_look_on(struct machine *m, const struct machine_onlooker *onlooker)
{
    m->onlooker = *onlooker;
}

bool machine_watch(struct machine *m, uint64_t address, uint64_t count)
{
    struct storage *s = &m->storage;
    uint64_t end = address + count;
    if (!storage_has(s, address, count)) { return false; }
    for (uint64_t page = address / PAGE_BYTES * PAGE_BYTES; page < end;
         page += PAGE_BYTES) {
        *storage_flags(s, page) |= PAGE_WATCHED;
    }
    storage_forget_stores(s);
    return true;
}

uint64_t machine_traps(const struct machine *m) { return m->traps; }

const uint8_t *machine_storage(const struct machine *m)
{
    return m->storage.byte;
}

uint64_t machine_storage_bytes(const struct machine *m)
{
    return m->storage.bytes;
}
