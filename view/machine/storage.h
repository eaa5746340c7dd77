/*
 * The machine's storage, what is noted of each of its pages, and the way from a
 * virtual address to it.
 *
 * S1  A page with any flag is in no entry for stores: each store into it goes
 *     the slow way, which looks at the flags.
 * S2  An entry's tag is the page's address, and in its low bits the context:
 *     what of the hart's state its meaning depends on.
 */
#pragma once

#include "machine.h"

enum { PAGE_BITS = 12, PAGE_BYTES = 4096 };

enum page_flag {
    PAGE_CODE = 1,    /* instructions of it have been decoded */
    PAGE_CLEAN = 2,   /* not written since the last moment */
    PAGE_WATCHED = 4, /* stores into it are to be told */
    PAGE_TOUCHED = 8, /* was written at some time; hinders nothing */
};
#define PAGE_SLOW (PAGE_CODE | PAGE_CLEAN | PAGE_WATCHED)

/* To look is to load, and leaves no trace. */
enum access { LOAD, STORE, FETCH, LOOK };

#define ENTRIES 1024 /* for each of loads and stores */
#define FETCH_ENTRIES 256
#define KNOWN 1024 /* a power of two; the context has 10 bits */
#define NO_TAG UINT64_MAX

struct entry {
    uint64_t tag;
    uintptr_t offset; /* what, with the virtual address, is the host's */
};

struct code;

struct storage {
    uint8_t *byte;
    uint8_t *flags;
    uint64_t bytes;
    struct entry loads[ENTRIES];
    struct entry stores[ENTRIES];
    struct {
        uint64_t tag;
        struct code *code;
    } fetches[FETCH_ENTRIES];
    uint64_t context;      /* in the tags of the moment */
    uint64_t spread;       /* added to the page's number, for the place */
    uint64_t known[KNOWN]; /* values of satp, and 1, by number; 0: none */
    unsigned known_count;
    struct code **code; /* by page, or null */
};

static inline unsigned storage_place(uint64_t address, uint64_t spread)
{
    return (unsigned)((address >> PAGE_BITS) + spread) & (ENTRIES - 1);
}

/* Whether all of that is storage. */
static inline bool storage_has(const struct storage *s, uint64_t address,
                               uint64_t bytes)
{
    address -= MACHINE_STORAGE;
    return address < s->bytes && bytes <= s->bytes - address;
}

static inline uint8_t *storage_at(const struct storage *s, uint64_t address)
{
    return s->byte + (address - MACHINE_STORAGE);
}

static inline uint8_t *storage_flags(const struct storage *s, uint64_t address)
{
    return s->flags + ((address - MACHINE_STORAGE) >> PAGE_BITS);
}

bool storage_create(struct storage *s, uint64_t bytes);

/* All entries are forgotten. */
void storage_forget(struct storage *s);
/* Those for stores are. */
void storage_forget_stores(struct storage *s);

/* After the hart's mode, satp or sstatus have changed. */
void storage_context(struct machine *m);

/* Sets a flag of each page that begins in this range, so that S1 holds. */
void storage_flag(struct storage *s, uint64_t first, uint64_t last,
                  enum page_flag flag);

/* Writes that no instruction does: of devices, and of the loader. */
void storage_write(struct machine *m, uint64_t address, const void *bytes,
                   uint64_t count);
/* To be called before a page is written otherwise. */
void storage_touch(struct machine *m, uint64_t address, uint64_t bytes);

/* The physical address; false: refused, and *ret_cause says why. */
bool storage_translate(struct machine *m, uint64_t address, enum access access,
                       uint64_t *ret_physical, unsigned *ret_cause);

/* What an instruction loads and stores when no entry has it.  False: it traps,
 * and m->trap says why. */
bool storage_load(struct machine *m, uint64_t address, unsigned bytes,
                  uint64_t *ret);
bool storage_store(struct machine *m, uint64_t address, unsigned bytes,
                   uint64_t value);

/* The host's address of so many bytes, aligned, for an instruction that loads
 * and stores; as storage_store(). */
uint8_t *storage_both(struct machine *m, uint64_t address, unsigned bytes);

/* The code of a page; null as above. */
struct code *storage_fetch(struct machine *m, uint64_t address);
