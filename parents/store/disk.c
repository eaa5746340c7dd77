#include "disk.h"

#include "store.h"

#define SOLE 0

struct transfer *disk_transfer(struct store *store)
{
    for (uint32_t i = SOLE + 1; i < STORE_TRANSFERS; i++) {
        if (!store->transfers[i].is_busy) { return &store->transfers[i]; }
    }
    return NULL;
}

void disk_begin(struct store *store, struct transfer *transfer,
                enum transfer_kind kind, uint32_t page, uint32_t segments,
                void *own)
{
    transfer->is_busy = true;
    transfer->kind = kind;
    transfer->page = page;
    transfer->segments = segments;
    transfer->own = own;
    store->begin(store, transfer);
}

void disk_begin_sole(struct store *store, enum transfer_kind kind,
                     uint32_t page, uint32_t segments, void *own)
{
    disk_begin(store, &store->transfers[SOLE], kind, page, segments, own);
}

uint32_t disk_busy(const struct store *store, enum transfer_kind kind,
                   enum transfer_user user)
{
    uint32_t busy = 0;
    for (uint32_t i = 0; i < STORE_TRANSFERS; i++) {
        const struct transfer *transfer = &store->transfers[i];
        busy += transfer->is_busy && transfer->kind == kind &&
                transfer->user == user;
    }
    return busy;
}
