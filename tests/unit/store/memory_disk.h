/*
 * A disk in memory, which does what a disk may: what is under way together is
 * done in any order, and what no flush has followed may be on it after a crash,
 * or not, or in part, down to the middle of a segment.
 */
#pragma once

#include <store.h>

#include <stdio.h>

#define DISK_PENDING 512 /* writes without a flush, at most */

struct disk_write {
    uint32_t page;
    uint32_t segments;
    char *data;
};

struct disk {
    uint32_t pages;
    char *current; /* what is read */
    char *durable;
    struct disk_write pending[DISK_PENDING]; /* done, but not durable */
    uint32_t pendings;
    uint32_t flushing; /* so many of them were done when a flush began */
    char *taken[STORE_TRANSFERS]; /* data of a write, when it began */
    unsigned percent_bad;         /* of transfers, which fail */
    uint32_t bad_page;            /* cannot be read; 0: none */
    bool ignores_flush;
    FILE *log; /* in QEMU's format blklogwrites; null: none is kept */
    uint64_t logged;
};

void disk_make(struct disk *disk, uint32_t pages);
void disk_free(struct disk *disk);

/* The disk's part of a transfer that begins. */
void disk_begins(struct disk *disk, const struct store *store,
                 const struct transfer *transfer);

/* Does it.  False: it failed, and of a write a part may be done. */
bool disk_does(struct disk *disk, const struct store *store,
               const struct transfer *transfer);

/* What may be found after a crash now, with those transfers of the store that
 * are under way: the other disk becomes that. */
void disk_crash(const struct disk *disk, const struct store *store,
                struct disk *other);

void disk_log_begin(struct disk *disk, const char *path);
void disk_log_end(struct disk *disk);
