/*
 * Slots: of an area of the backing store, parts as large as a page.
 *
 *   X1  of memory/swap.h: a slot is free, or has as many users as would drop it
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <storage.h>

/* So many, all free; what is noted of them is in this storage.  Without storage
 * for that there are none. */
void slots_begin(struct storage *storage, uint64_t count);

/* One with one user.  False: none is free. */
bool slot_take(uint64_t *ret_slot);

/* One user more, one fewer.  Without users it is free. */
void slot_use(uint64_t slot);
void slot_drop(uint64_t slot);

/* What is in it cannot be read, for as long as it has users. */
void slot_spoil(uint64_t slot);
bool slot_is_bad(uint64_t slot);

uint64_t slots_all(void);
uint64_t slots_used(void);
