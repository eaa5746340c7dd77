/*
 * What the parts of the volume share: which pages there are, and what stands in
 * the area.
 *
 *     page 0     the root, in its first segment
 *     page 1...  pages of files, and of the index, wherever there was room
 *
 * The index is a row of entries, one behind the other, through a chain of
 * pages: each folder, then what is in it, then its end.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <abi.h>
#include <backing.h>
#include <files/volume.h>
#include <kerne.h>
#include <memory/bits.h>
#include <stddef.h>

#define VOLUME_MAGIC "kernetre"
#define VOLUME_VERSION 1

struct root {
    char magic[8];
    uint64_t version, generation;
    uint64_t first; /* page of the index */
    uint32_t sum;   /* CRC-32 of all before it */
    uint32_t pad;
};

struct index_page {
    uint32_t next; /* 0: it is the last */
    uint32_t sum;  /* CRC-32 of the page, with 0 here */
    uint8_t bytes[KERNE_PAGE - 8];
};
_Static_assert(sizeof(struct index_page) == KERNE_PAGE,
               "size of an index page");

enum entry_kind {
    ENTRY_NODE = 1, /* then its name; a link's target; numbers of pages */
    ENTRY_FOLDER,   /* then its name; and then come those that are in it */
    ENTRY_END,      /* of a folder */
    ENTRY_LINK,     /* then another name of a node that has come already */
};

struct entry {
    uint16_t kind, name_bytes;
    uint32_t id; /* counts nodes with several names; 0: it has one */
    uint32_t mode, user, group, pad;
    uint64_t size, special; /* of a link: of its target */
    struct linux_time accessed, modified, changed;
};
_Static_assert(sizeof(struct entry) == 88, "size of an entry");

typedef uint64_t volume_set[VOLUME_PAGES_MOST / 64];

struct volume {
    bool is_there, is_changed, is_committing;
    uint64_t store;       /* the server's address */
    uint32_t number;      /* of the area in use, among our children */
    struct kerne_use use; /* without a buffer: it has ended */
    struct node *folder;
    uint64_t pages, generation;
    /* Pages to which the tree leads, or the root, or is to lead. */
    volume_set live, durable, next;
    uint64_t used, reserved; /* live pages, and those to be written */
    uint64_t index_pages;    /* of the index that was written last */
    uint64_t names;          /* new since */
    uint64_t room;           /* pages that are surely free beside all that */
    uint64_t hand;           /* where free ones are looked for */
};
extern struct volume volume;

static inline bool bit_is_set(const uint64_t *set, uint64_t number)
{
    return set[number / 64] >> number % 64 & 1;
}

static inline void bit_set(uint64_t *set, uint64_t number)
{
    set[number / 64] |= UINT64_C(1) << number % 64;
}

static inline void bit_clear(uint64_t *set, uint64_t number)
{
    set[number / 64] &= ~(UINT64_C(1) << number % 64);
}

/* A free page, not marked; 0: there is none. */
uint64_t volume_take(void);

/* Writes so many bytes of a page, whole segments. */
bool volume_write(uint64_t page, const void *bytes, uint64_t count);

/* CRC-32. */
uint32_t volume_sum(const void *bytes, uint64_t count);

/* Writes all that was changed, and an index of the tree, for which `next` is
 * what it leads to.  0, or an error. */
long index_write(uint64_t *ret_first);

/* Mounts the tree that the root leads to, or an empty one.  False: it cannot,
 * and *ret_why says why. */
bool index_read(const char **ret_why);
