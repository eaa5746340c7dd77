/*
 * The bytes of a file: those of the image where nothing was written, pages of
 * its own where something was, and zeros where there are neither.
 *
 *   K1  behind `size` there are no pages, and the bytes of the last one that
 *       lie behind it are zero
 *   K2  `base_bytes` is at most `size`
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>

#define CONTENT_SMALL 512 /* pages with which a file does with one table */
#define CONTENT_MOST (UINT64_C(1) << 30) /* bytes of a file */

struct content {
    const char *base; /* in the image; null: nothing is from there */
    uint64_t base_bytes, size;
    uint64_t *small;  /* own addresses of the first pages; 0: none of its own */
    unsigned room;    /* of `small` */
    uint64_t **large; /* tables of the others */
    uint64_t pages;   /* of its own */
};

/* The page of this number: its own, or the image's where that lies so that it
 * can be mapped.  With `own`, its own.  0: no frame is left. */
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
 * at least 1. */
const char *content_at(const struct content *content, uint64_t offset,
                       uint64_t *ret_bytes);

/* Where to write from an offset on, as many bytes; the size is not changed.
 * Null: no frame is left. */
char *content_place(struct content *content, uint64_t offset,
                    uint64_t *ret_bytes);

/* Longer by zeros, or cut.  False: larger than a file may be. */
bool content_resize(struct content *content, uint64_t size);

/* Copies what there is from an offset on; the number of bytes. */
uint64_t content_read(const struct content *content, void *to, uint64_t offset,
                      uint64_t bytes);
