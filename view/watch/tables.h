/*
 * The nucleus's tables in the storage of a machine, read from outside.
 *
 * The machine may be in any state, and its storage may hold anything: what is
 * read is taken as numbers, an address that leads out of storage reads as 0,
 * and no ring is followed further than it can have members.  Addresses are
 * physical ones; a record is named by its index (0: none).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

#define TABLES_DEPTH 40 /* levels of processes at most */
#define TABLES_ENTRIES 512
#define TABLES_PAGE 4096
#define TABLES_NAME 16 /* bytes */

struct table {
    uint64_t at, bytes; /* of a record */
    uint32_t limit;     /* records */
};

struct tables {
    const uint8_t *ram;     /* the machine's storage, */
    uint64_t first;         /* from this physical address on, */
    uint64_t bytes;         /* so much of it */
    const uint64_t *layout; /* LAYOUT_WORDS */
    struct table processes, buffers, nodes, infos;
    /* Pointer to the record of the process that runs, which sscratch holds
     * while it does: what the nucleus notes of it may be older.  0: unknown. */
    uint64_t runs;
};

/* Where are they?  False: the nucleus has not made them yet. */
bool tables_find(struct tables *t);

/* The first so many records of each have been used so far. */
uint32_t tables_used(const struct tables *t, enum layout never_used);

/* A field of the record at that address; of an array, the element of that
 * number.  Signed ones come as their 64 bits. */
uint64_t tables_get(const struct tables *t, uint64_t record, enum layout field);
uint64_t tables_element(const struct tables *t, uint64_t record,
                        enum layout field, unsigned number);

/* So many bytes (1 to 8) at a physical address, the lowest first. */
uint64_t tables_word(const struct tables *t, uint64_t at, unsigned bytes);

/* A pointer of the nucleus as a physical address; 0 stays 0. */
uint64_t tables_physical(const struct tables *t, uint64_t pointer);

/* Record and index, in both directions; 0: none. */
uint64_t tables_at(const struct table *table, uint32_t index);
uint32_t tables_index(const struct table *table, uint64_t at);
/* The index to which a pointer of a record leads. */
uint32_t tables_index_in(const struct tables *t, const struct table *table,
                         uint64_t record, enum layout field);
/* The record that an identity names, however old that is. */
uint32_t tables_identified(uint64_t identity);

/* The next record in the ring whose head is a field of a record: `at` is 0 in
 * the beginning, and the record that was found last from then on, each of which
 * is a link of that ring by `member`.  0: no more.  `limit` is counted down. */
uint64_t tables_next(const struct tables *t, uint64_t record, enum layout head,
                     uint64_t at, enum layout member, uint32_t *limit);

/* ---- what is asked most ------------------------------------------------ */

uint64_t tables_process(const struct tables *t, uint32_t index);
uint64_t tables_buffer(const struct tables *t, uint32_t index);
uint32_t tables_parent(const struct tables *t, uint32_t process);
uint32_t tables_running(const struct tables *t); /* 0: none */
uint32_t tables_payer(const struct tables *t);   /* 0: idle */
/* Has the process been made, and not yet gone? */
bool tables_lives(const struct tables *t, uint32_t process);

/* Its name, which ends in zeros. */
void tables_name(const struct tables *t, uint32_t process,
                 char ret_name[TABLES_NAME + 1]);

/* The window of a page of a process (rights in the lowest 3 bits, page of the
 * parent above; 0: none), and whether it is composed. */
uint64_t tables_window(const struct tables *t, uint32_t process, uint64_t page,
                       bool *ret_composed);
/* The first page from `page` on that has a window; UINT64_MAX: none. */
uint64_t tables_next_window(const struct tables *t, uint32_t process,
                            uint64_t page);

/* Of a node: 0 for a lowest table, which has windows, to 2 for a highest. */
unsigned tables_level(const struct tables *t, uint32_t node);
