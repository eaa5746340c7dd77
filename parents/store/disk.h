/*
 * Transfers between the disk and the store's own storage.
 *
 *   D1  a transfer is busy from when it is begun until it has ended
 *   D2  transfers that are busy together may be done in any order; so two of
 *       them never have a page of the disk in common, unless both read
 *   D3  what was written is durable when a flush has ended that was begun after
 *       the writing had ended
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct store;

enum transfer_kind { TRANSFER_READ, TRANSFER_WRITE, TRANSFER_FLUSH };

enum transfer_user { TRANSFER_OF_TABLES, TRANSFER_OF_CACHE };

struct transfer {
    bool is_busy;
    enum transfer_kind kind;
    enum transfer_user user;
    uint32_t page;     /* of the disk */
    uint32_t segments; /* from its first one on */
    void *own;
    uint32_t frame; /* of the cache: the first */
};

/* A transfer that is not busy; null: there is none. */
struct transfer *disk_transfer(struct store *store);

/* Begins it. */
void disk_begin(struct store *store, struct transfer *transfer,
                enum transfer_kind kind, uint32_t page, uint32_t segments,
                void *own);

/* The same with one that is kept for what a mount or a commit does step by
 * step, of the user TRANSFER_OF_TABLES. */
void disk_begin_sole(struct store *store, enum transfer_kind kind,
                     uint32_t page, uint32_t segments, void *own);

/* How many of one kind and user are busy. */
uint32_t disk_busy(const struct store *store, enum transfer_kind kind,
                   enum transfer_user user);
