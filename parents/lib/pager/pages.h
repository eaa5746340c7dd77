/*
 * The pages of the pager's children, how they come into frames, and how they
 * go.  Only the files of this folder know them; pager.h has the rules.
 */
#pragma once

#include "pager.h"

struct page {
    struct frame *frame; /* null: it is in none */
    uint32_t place;      /* in the room, or ROOM_NOWHERE */
    bool stays;          /* G3: in a frame, it is not in the queue */
    bool was_in;         /* when its child was swapped out */
};

struct owner {
    uint64_t reference; /* of the child */
    struct executable program;
    const uint8_t *file;
    struct kerne_start record;
    struct storage_run run; /* of the parent's storage: where this stands */
    uint64_t pages;
    struct page page[]; /* from the program's first address on */
};

/* The table of frames is there: all are free. */
void pages_begin(struct pager *pager);

/* Of the page there; 0: the child is to have none. */
uint64_t page_rights(const struct owner *owner, uint64_t address);

/* Opens its window, with the rights that it has now.  After the first of a
 * stretch (G3) that fails only if the child is being removed. */
uint64_t page_open(const struct pager *pager, const struct frame *frame);

/* Into a frame, without its window.  Null, or why that cannot be. */
const char *page_bring_in(struct pager *pager, struct owner *owner,
                          uint32_t page);

/* The same, with its window; counted. */
const char *page_bring(struct pager *pager, struct owner *owner, uint32_t page,
                       bool is_dirty);

/* Its window is closed: into the room, if it is dirty, and out of its frame.
 * False: the room is full, and it stays. */
bool page_put(struct pager *pager, struct frame *frame);

/* Why the room refused the page that it was given or asked for last. */
const char *page_refusal(const struct pager *pager);

/* Out of its frame, which is free then; what is in it is lost. */
void page_drop(struct pager *pager, struct frame *frame);
