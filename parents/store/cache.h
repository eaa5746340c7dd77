/*
 * The cache: pages of areas in storage.  Frames are taken in a circle, several
 * side by side if pages are, so that one transfer can serve them; a frame that
 * has not been used yet, or more than once, is passed over once.
 *
 *   H1  a frame's page is live; no two frames have the same one
 *   H2  a frame is dirty only if its page is fresh, and differs from the disk
 *   H3  a page that is given back while a transfer has it stays live until that
 *       has ended: else its next user could be overtaken
 */
#pragma once

#include "disk.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

#define CACHE_RUN 16    /* pages of one transfer, at most: 64 KB */
#define CACHE_AHEAD 16  /* pages that are read ahead, at least */
#define CACHE_FRAMES 8u /* the least */

enum frame_state {
    FRAME_EMPTY,
    FRAME_READING,
    FRAME_CLEAN,
    FRAME_DIRTY,
    FRAME_FAILED, /* the device could not read this page: for who wanted it */
};

struct frame {
    enum frame_state state;
    bool is_writing; /* clean, or dirty again */
    bool is_doomed;  /* H3 */
    bool is_unused;  /* read, and not yet copied from */
    uint8_t chances; /* so often it is passed over */
    uint32_t page;
    uint32_t next; /* of those with the same key; FRAME_NONE: no more */
};
#define FRAME_NONE UINT32_MAX

struct cache {
    struct frame *frames;
    char *storage; /* a page for each */
    uint32_t *keys;
    uint32_t keys_mask;
    uint32_t count;
    uint32_t hand;       /* where the next frame is taken */
    uint32_t write_hand; /* where the next dirty one is looked for */
    uint32_t dirty;
    uint32_t busy;     /* frames that transfers have, dirty again or not */
    bool is_wanted;    /* somebody found no frame */
    uint32_t cautious; /* so many pages are read one by one, after an error */
};

/* With all storage that is left, or as much as it may take.  False: there is
 * too little. */
bool cache_begin(struct store *store);

/* The frame that has this page, or will have; null: none. */
struct frame *cache_find(struct store *store, uint32_t page);
void *cache_storage(struct store *store, const struct frame *frame);

/* So many frames from this one on, at most `count`, lie side by side and have
 * pages as slots have them, which can be copied.  They count as used. */
uint32_t cache_row(struct store *store, struct frame *frame,
                   const uint32_t *slots, uint32_t count);

/* Begins to read a page that is in no frame, and up to `count` side by side as
 * slots have them: the frame that it comes to.  Null: no frame or no transfer
 * is free. */
struct frame *cache_read(struct store *store, const uint32_t *slots,
                         uint32_t count);

/* At most so many empty frames side by side, and how many; null: none can be
 * had now. */
struct frame *cache_take(struct store *store, uint32_t *count);

/* The frame, which has a page or is empty, gets this one, and is dirty. */
void cache_dirty(struct store *store, struct frame *frame, uint32_t page);

/* Empty frames get so many pages, side by side, and are dirty. */
void cache_dirty_row(struct store *store, struct frame *frame, uint32_t page,
                     uint32_t count);

/* Drops what a frame has, which no transfer needs. */
void cache_drop(struct store *store, struct frame *frame);

/* Gives a page back, and drops it. */
void cache_forget(struct store *store, uint32_t page);

/* Begins to write dirty frames: as many as it can; or those that are too many,
 * between commits. */
void cache_write_all(struct store *store);
void cache_write_behind(struct store *store);

void cache_done(struct store *store, const struct transfer *transfer,
                bool is_good);
