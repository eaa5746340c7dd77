/*
 * The store's core: areas and their catalog on a disk, by transfers that are
 * begun and end later.  It knows no nucleus: who embeds it hands it a disk,
 * some storage, and the work of clients.  docs/store.md says why a crash at any
 * moment is harmless.
 *
 *   S1  the catalog and the slots are in storage as a whole; so only the data
 *       of areas, and a commit, wait for the disk
 *   S2  a page that the last durable root leads to is not written before the
 *       next root is durable
 *   S3  while a commit is on its way nothing changes: what would, waits.
 *       Reading goes on
 *   S4  work waits only while a transfer is under way, or for a commit
 *   S5  what a device error leaves in doubt is settled by mounting anew: until
 *       then the store does no work
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include "account.h"
#include "cache.h"
#include "catalog.h"
#include "disk.h"
#include "format.h"
#include "pages.h"
#include "tables.h"

#define STORE_TRANSFERS 16
#define STORE_WHY_BYTES 160

enum store_kind {
    STORE_INPUT,     /* from an area: entry, serial, segment, bytes */
    STORE_OUTPUT,    /* to an area: the same */
    STORE_FLUSH,     /* all that was done before is durable */
    STORE_CREATE,    /* name, owner, pages, flags; entry and serial come back */
    STORE_RENAME,    /* entry, serial; name: the new one */
    STORE_RESIZE,    /* entry, serial, pages */
    STORE_REMOVE,    /* entry, serial */
    STORE_MARK,      /* entry, serial, flags: the new ones */
    STORE_INCLUDE,   /* entry, serial; name: of a user */
    STORE_EXCLUDE,   /* entry, serial; name */
    STORE_GIVE,      /* to owner: entries, pages */
    STORE_TAKE_BACK, /* from owner */
};

enum store_result {
    STORE_DONE,
    STORE_IS_GONE,       /* the area was removed */
    STORE_NAME_BAD,      /* it is no name */
    STORE_NAME_TAKEN,    /* an area has it */
    STORE_CATALOG_FULL,  /* no entry is free; `left`, with these four */
    STORE_DISK_FULL,     /* fewer pages are free than wanted */
    STORE_NO_ENTRY_LEFT, /* in the owner's account */
    STORE_NO_PAGE_LEFT,  /* in the owner's account */
    STORE_NO_ACCOUNT,    /* there are as many as there can be */
    STORE_NO_USER,       /* he is none of the area's */
    STORE_USERS_FULL,    /* the area has as many as it can have */
    STORE_NO_SEGMENT,    /* it reaches beyond the area's end */
    STORE_SHORT,         /* the client's storage cannot be reached; `done` bytes
                         * are */
    STORE_MALFUNCTION,   /* of the device; `done` bytes are */
};

struct store_work {
    enum store_kind kind;
    uint32_t entry;
    uint64_t serial;
    uint64_t segment;
    uint64_t bytes; /* whole segments */
    char name[STORE_NAME_BYTES];
    char owner[STORE_NAME_BYTES];
    uint32_t entries;
    uint32_t pages;
    uint32_t flags;
    /* By the store. */
    uint32_t left; /* entries, or pages, where those were too few */
    uint64_t done; /* bytes; whole segments */
    enum store_result result;
    uint64_t awaits; /* the generation that makes it durable; 0: none yet */
    uint64_t failures;
    const struct frame *reading; /* it waits for this one; null: for none */
    struct store_work *next;
};

enum store_phase {
    STORE_MOUNT_FLUSH,
    STORE_MOUNT_ROOTS,
    STORE_MOUNT_TABLES,
    STORE_OPEN,
    STORE_COMMIT_WRITE,
    STORE_COMMIT_FLUSH,
    STORE_COMMIT_ROOT,
    STORE_COMMIT_END,
    STORE_OFF, /* `why` says so; store_begin() mounts anew */
};

struct store {
    /* By who embeds it, before store_begin(). */
    void (*begin)(struct store *store, struct transfer *transfer);
    /* The work has its result, and is the embedder's again.  It may not hand
     * over other work from here. */
    void (*finished)(struct store *store, struct store_work *work);
    /* Copies between the client's area, from `offset` on, and `own`: to `own`
     * for an output.  Returns how many bytes it could. */
    uint64_t (*copy)(struct store_work *work, uint64_t offset, void *own,
                     uint64_t bytes);
    char *memory; /* page-aligned; transfers are in whole pages of it */
    uint64_t memory_bytes;
    uint64_t disk_pages;
    uint32_t frames_most; /* of the cache; 0: all that there is room for */
    bool is_shared;       /* owners without an account draw on the parent's */

    /* By the store. */
    enum store_phase phase;
    char why[STORE_WHY_BYTES];
    bool is_blank; /* it is off, since neither root was ever written */
    struct store_geometry geometry;
    uint64_t generation; /* of the last durable root */
    struct pages pages;
    struct tables tables;
    struct catalog catalog;
    struct account accounts[STORE_ACCOUNTS + 1]; /* also when it is off */
    struct cache cache;
    struct transfer transfers[STORE_TRANSFERS];
    struct store_work *works; /* in order of arrival */
    char *memory_free;
    uint32_t at; /* of mount and commit: the next table to be read or written */
    bool is_commit_wanted;
    bool has_write_failed; /* in this commit, or since the last one */
    uint64_t failures;     /* commits that failed */
};

/* Mounts: no transfer may be under way.  Also again, when it is off. */
void store_begin(struct store *store);

/* Makes an empty store with so many catalog entries, and commits it: of a store
 * that is off.  False: there is no room, as `why` says. */
bool store_make(struct store *store, uint32_t entries);

void store_work(struct store *store, struct store_work *work);

/* What has changed is made durable, though nobody has asked for it. */
void store_commit(struct store *store);

/* A transfer that was begun has ended; before the next store_run(). */
void store_ended(struct store *store, struct transfer *transfer, bool is_good);

/* No transfer is under way. */
bool store_is_idle(const struct store *store);

/* Does all that can be done now. */
void store_run(struct store *store);

/* Goes off, in words. */
void store_off(struct store *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Storage of its own, aligned to 4 KiB if it is as large; null: none is left,
 * and the store is off. */
void *store_memory(struct store *store, uint64_t bytes);
