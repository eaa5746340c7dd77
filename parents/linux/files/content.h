/*
 * The bytes of a file: those of the image where nothing was written, pages of
 * its own where something was, and zeros where there are neither.
 *
 *   K1  behind `size` there are no pages, and the bytes of the last one that
 *       lie behind it are zero
 *   K2  `base_bytes` is at most `size`
 *   K3  of a file of /store, a page is in storage, or in the volume, or in both
 *       and alike there unless it is dirty; then one is reserved for it
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>

#define CONTENT_SMALL 512 /* pages with which a file does with one table */
#define CONTENT_MOST (UINT64_C(1) << 30) /* bytes of a file */

/* What stands for a page: its frame, whether it is to be written, and the
 * number of the volume's page; 0: there is none of its own. */
#define SLOT_DISK 37
#define SLOT_DIRTY (UINT64_C(1) << 36)
static inline uint64_t slot_frame(uint64_t slot)
{
    return (slot & (SLOT_DIRTY - 1)) << 12;
}
static inline uint64_t slot_disk(uint64_t slot) { return slot >> SLOT_DISK; }

struct content {
    const char *base; /* in the image; null: nothing is from there */
    uint64_t base_bytes, size;
    uint64_t *small;  /* slots of the first pages */
    unsigned room;    /* of `small` */
    bool is_made;     /* not stored: it has pages beyond those of files */
    uint64_t **large; /* tables of the others */
    uint64_t pages;   /* of its own */
    bool is_kept;     /* in /store */
};

/* The slot of a page; null: there is none, or no frame is left to make it. */
uint64_t *content_slot(const struct content *content, uint64_t number);
uint64_t *content_slot_make(struct content *content, uint64_t number);

/* What the volume has as well is not kept in storage. */
void content_forget(struct content *content);

/* The page of this number: its own, or the image's where that lies so that it
 * can be mapped.  With `own`, its own, to be written.  0: no frame is left, nor
 * room in /store; or it cannot be read there. */
uint64_t content_page(struct content *content, uint64_t number, bool own);

/* Its own page; 0: it has none of this number. */
uint64_t content_own_page(const struct content *content, uint64_t number);

/* The image's page, if that lies so; else, and of no content (null), 0. */
static inline uint64_t content_in_place(const struct content *content,
                                        uint64_t number)
{
    if (content == NULL || content->base == NULL) { return 0; }
    uint64_t first = (uint64_t)content->base + number * KERNE_PAGE;
    bool is_whole = (number + 1) * KERNE_PAGE <= content->base_bytes &&
                    first % KERNE_PAGE == 0;
    bool is_own = content->pages != 0 && content_own_page(content, number) != 0;
    return is_whole && !is_own ? first : 0;
}

/* Bytes to read from an offset before the end on; *ret_bytes of them follow,
 * at least 1.  Null: those of /store cannot be read. */
const char *content_at(const struct content *content, uint64_t offset,
                       uint64_t *ret_bytes);

/* Where to write from an offset on, as many bytes; the size is not changed.
 * Null: no frame is left, or no room in /store. */
char *content_place(struct content *content, uint64_t offset,
                    uint64_t *ret_bytes);

/* Longer by zeros, or cut; of the size that it has, K1 is so again.  False:
 * larger than a file may be, or, in /store, it would end in a page that cannot
 * be changed. */
bool content_resize(struct content *content, uint64_t size);

/* Pages are there for all bytes of [from, to), which may lie behind the end:
 * then the caller makes it longer.  False: not enough are left. */
bool content_fill(struct content *content, uint64_t from, uint64_t to);

/* Zeros in place of what is there of [from, to), and no pages, but where
 * programs have them.  False: no frame is left, or no room in /store. */
bool content_clear(struct content *content, uint64_t from, uint64_t to);

/* Copies what there is from an offset on; the number of bytes. */
uint64_t content_read(const struct content *content, void *to, uint64_t offset,
                      uint64_t bytes);
