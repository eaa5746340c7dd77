/*
 * Storage: windows of a process onto its parent's, and the machine's tables as
 * a cache of them.
 *
 * S1  A window names a page of the parent and rights; the root has no windows,
 *     its page n is page frame n.  Write implies read.
 * S2  A cached entry has exactly the frame and the rights that the chain of
 *     windows up to the root gives.
 * S3  The cached entries of a frame are linked in a list at the frame.  What
 *     an entry was composed from is cached too, and stands behind it.
 * S4  Entries and windows of a free table node are zero.
 * S5  Windows are of one process, or of several siblings, who stand in a ring.
 *     The claim of one of them has paid for their tables, and its number is
 *     that of their address space; it is the oldest, unless that is gone.
 */
#pragma once

#include "process.h"

#define STORAGE_LIMIT (UINT64_C(1) << 38) /* bytes that a process addresses */
#define PAGE_LIMIT (STORAGE_LIMIT / KERNE_PAGE)
#define NODE_ENTRIES 512
#define NAME_CHAINS 128

/* Behind an entry of a lowest table. */
struct window {
    uint32_t onto; /* rights, page of the parent; WINDOW_TOUCHED; 0: none */
    uint32_t next; /* while cached: the next entry in the list of the frame, by
                    * its distance from the first table; 0 is none: nobody has
                    * that table */
};
#define WINDOW(entry) ((struct window *)&(entry)[NODE_ENTRIES])
#define WINDOW_TOUCHED (UINT32_C(1) << 31) /* cached since it was opened */
#define WINDOW_RIGHTS(onto) (7 & (onto))
#define WINDOW_PAGE(onto) ((onto) >> 3 & 0x3ffffff)

/* A table of the machine, and the windows that it is a cache of.  A highest one
 * holds the children of a process in place of windows, by number and by name;
 * and the windows of that process are below it, unless it shares others. */
struct node {
    /* By storage.c, boot.c, and arch: the nucleus's half of a highest one. */
    uint64_t entry[NODE_ENTRIES];
    union {
        struct window window[NODE_ENTRIES];
        struct { /* by name.c */
            uint16_t child[KERNE_CHILDREN];
            struct process *named[NAME_CHAINS];
            struct process *payer; /* for tables; by storage.c */
            uint64_t pages;        /* with windows, below; by storage.c */
        };
    };
};
_Static_assert(sizeof(struct node) == 2 * KERNE_PAGE, "a node is two pages");

struct node_info {
    /* By storage.c. */
    struct node *highest; /* of which it is a part; the next, if it is free */
    uint64_t *above;      /* entry that leads to it; null: the highest one */
    uint64_t used;        /* entries in use */
    uint64_t base;        /* first page that it translates; while a highest */
                          /* one is taken down: that is still there */
};

/* An entry on the way to a page, which stands for 1 << shift pages. */
struct table_entry {
    uint64_t *entry;
    uint64_t shift;
};

struct touch {
    uint64_t physical;       /* true: where the address is, */
    uint64_t rights;         /* and those of its page */
    struct process *culprit; /* otherwise: whose window is missing, */
    uint64_t address;        /* and where */
};

/* Is it storage, which takes any access, and no device? */
static inline bool storage_is_ram(uint64_t physical)
{
    for (unsigned i = 0; i < nucleus.ram.count; i++) {
        struct kerne_range r = nucleus.ram.range[i];
        if (physical - r.first < r.last - r.first) { return true; }
    }
    return false;
}

/* storage.c */
bool storage_touch(struct process *p, uint64_t address, uint64_t access,
                   struct touch *ret_touch);
void storage_begin(struct process *p, struct process *sibling);
bool storage_end(struct process *p, uint32_t *budget);
struct table_entry storage_find(const struct process *p, uint64_t page);
struct table_entry storage_need(struct process *p, uint64_t page,
                                uint64_t shift);
uint64_t *storage_next(const struct process *p, uint64_t *page);
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address);
uint64_t *storage_entry(const struct process *p, uint64_t page);
