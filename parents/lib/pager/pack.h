/*
 * A page made smaller: in the block format of LZ4, but whole words only, for
 * pages are made of words.  So any LZ4 can read what pack() has written; and
 * unpack() takes nothing else.
 *
 * No nucleus is needed: this file runs natively, too.  No pointer argument may
 * be null; pages are aligned to words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns how many bytes it became; 0: it would be more than `most`. */
size_t pack(const void *page, uint8_t *ret_packed, size_t most);

/* False: these bytes are no page, and what is in *ret_page is worth nothing.
 * Whatever they are, nothing beyond them is read, and nothing written beyond
 * the page. */
bool unpack(const uint8_t *packed, size_t bytes, void *ret_page);
