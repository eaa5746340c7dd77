/*
 * What is on the disk: docs/store.md has the drawing.  Numbers are stored with
 * the lowest byte first, as this machine has them.
 *
 *   F1  a root is whole if its sum is right; root g lies in page g mod 2, and
 *       the whole one with the highest generation counts
 *   F2  a pointer has the sum of what it leads to; page 0 is never pointed at,
 *       so a pointer of zeros stands for a page of zeros
 *   F3  no page is led to twice, and none beyond the disk
 *   F4  an area's slots are its own, and all other slots are 0
 *   F5  what has no meaning yet is 0
 *
 * A disk is believed nothing: who reads it checks each of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_SEGMENT 512u
#define STORE_PAGE_SEGMENTS 8u
#define STORE_PAGE (STORE_SEGMENT * STORE_PAGE_SEGMENTS)
#define STORE_NAME_BYTES 16 /* with its 0; as KERNE_NAME_BYTES */

#define STORE_MAGIC "kernesto" /* 8 bytes, without the 0 */
#define STORE_VERSION 1u
#define STORE_ROOTS 2u
#define STORE_INDEX_PAGES 56u
#define STORE_POINTERS (STORE_PAGE / sizeof(struct store_pointer))
#define STORE_ENTRIES (STORE_PAGE / sizeof(struct store_entry))
#define STORE_SLOTS (STORE_PAGE / sizeof(uint32_t))
#define STORE_ENTRIES_MAX 4096u
#define STORE_SPARE_LEAST 16u /* pages for copies of data, until a root */

struct store_pointer {
    uint32_t page;
    uint32_t sum;
};

/* The first segment of pages 0 and 1; zeros are written behind it. */
struct store_root {
    char magic[8];
    uint64_t generation; /* 1, 2, ..., below 2^63 */
    uint32_t version;
    uint32_t sum;     /* of this segment, with 0 here */
    uint32_t pages;   /* of the disk, when it was made */
    uint32_t entries; /* of the catalog: a multiple of STORE_ENTRIES */
    uint32_t slots;
    uint32_t zero[7];
    struct store_pointer index[STORE_INDEX_PAGES];
};

enum store_entry_flag {
    STORE_PERMANENT = 1, /* or temporary: gone with its creator, or power */
    STORE_PRIVATE = 2,   /* only its owner and users look at it */
    STORE_FLAGS = STORE_PERMANENT | STORE_PRIVATE,
};

/* Of the catalog.  A free one is all 0. */
struct store_entry {
    char name[STORE_NAME_BYTES];
    char owner[STORE_NAME_BYTES]; /* who created it; may be empty */
    uint32_t pages;
    uint32_t first;  /* slot; 0 if it has no pages */
    uint64_t serial; /* never 0, and below 2^63: of all areas that were in this
                      * entry, this one */
    uint32_t flags;
    uint32_t zero[3];
};

_Static_assert(sizeof(struct store_pointer) == 8, "of the format");
_Static_assert(sizeof(struct store_root) == STORE_SEGMENT, "of the format");
_Static_assert(offsetof(struct store_root, sum) == 20, "of the format");
_Static_assert(offsetof(struct store_root, index) == 64, "of the format");
_Static_assert(sizeof(struct store_entry) == 64, "of the format");
_Static_assert(offsetof(struct store_entry, serial) == 40, "of the format");

/* What follows from a root.  Tables are the pages of the catalog and, behind
 * them, those of the slots; the index has a pointer for each. */
struct store_geometry {
    uint32_t pages;
    uint32_t entries;
    uint32_t slots;
    uint32_t catalog_pages;
    uint32_t tables;
    uint32_t index_pages;
    uint32_t spare; /* pages more than slots and two of each table need */
};

/* CRC-32, as zlib and Ethernet have it. */
uint32_t format_sum(const void *bytes, size_t count);

/* False: on so many pages there is no room for so many entries and slots. */
bool format_geometry(uint32_t pages, uint32_t entries, uint32_t slots,
                     struct store_geometry *ret_geometry);

/* As many slots as there is room for, with a part of the disk to spare.
 * False: there is none. */
bool format_make(uint32_t pages, uint32_t entries,
                 struct store_geometry *ret_geometry);

/* Is it whole, and in its place?  What else is wrong with it is not asked. */
bool format_root_is_whole(const struct store_root *root, uint32_t place);

/* What is wrong with a whole root, in words; null: nothing. */
const char *format_root_fault(const struct store_root *root,
                              uint64_t disk_pages,
                              struct store_geometry *ret_geometry);

/* [a-z][a-z0-9_-]*, and zeros to its end; `may_be_empty`: or only these. */
bool format_name_is_good(const char name[STORE_NAME_BYTES], bool may_be_empty);

/* What is wrong with one entry by itself; null: nothing. */
const char *format_entry_fault(const struct store_entry *entry,
                               const struct store_geometry *geometry);

bool format_is_zero(const void *bytes, size_t count);
