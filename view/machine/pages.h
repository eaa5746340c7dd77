/*
 * What stood in pages at earlier moments: of storage, and of the disk behind
 * it.
 *
 * P1  A page with the flag PAGE_CLEAN stands as at the present base; of one
 *     that has no version, as at the beginning.
 * P2  A page's versions are in the order of time, the latest first; of moments
 *     between two, the earlier holds.
 */
#pragma once

#include "storage.h"

struct version {
    struct version *before;
    unsigned moment;
    uint8_t *byte; /* PAGE_BYTES of them */
};

struct pages {
    struct version **latest; /* by page, or null; null: nothing is kept */
    uint8_t *disk_flags;     /* of the disk's pages: PAGE_CLEAN */
    uint32_t *dirty;         /* those that have been written since the base */
    uint32_t dirty_count;
    uint32_t storage_pages, count;
    struct version *free_versions;
    uint8_t *free_pages; /* the first bytes point to the next */
    uint64_t bytes;      /* that are kept */
};

/* From now on everything is kept; moment 0 is now.  False: no room. */
bool pages_begin(struct machine *m);
/* Before a page of storage, or bytes of the disk, are written. */
void pages_touch(struct machine *m, uint64_t address);
void pages_touch_disk(struct machine *m, uint64_t at, uint64_t bytes);
/* What is now is a moment, behind all others, and the base. */
void pages_keep(struct machine *m, unsigned moment);
/* What is now is that moment, which was kept once; it is the base. */
void pages_arrive(struct machine *m);
/* From the base, and what was written since, to another moment. */
void pages_go(struct machine *m, unsigned base, unsigned moment);
/* A moment will not be wanted again; those behind it are counted down. */
void pages_drop(struct machine *m, unsigned moment);
/* Those behind this one never were. */
void pages_cut(struct machine *m, unsigned moment);
