/*
 * Sizes, times, numbers and bytes as people read and write them.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TEXT_BYTES 32

struct text {
    char is[TEXT_BYTES];
};

/* "512", "64 k", "5.2 M": bytes, in the largest unit that suits. */
struct text text_of_size(uint64_t bytes);

/* "12.345": seconds. */
struct text text_of_time(uint64_t ticks);

/* "2026-11-22T17:56:00Z": the time so many seconds after 1970 began. */
struct text text_of_date(uint64_t seconds);

/* A number as a person writes it: 4096, 0x1000, 4k, 16M, 1G.  False: it is
 * none, or does not fit. */
bool text_to_number(const char *text, uint64_t *ret_number);

/* A row of storage: its address, up to TEXT_IN_A_ROW bytes in hexadecimal, and
 * as text. */
#define TEXT_IN_A_ROW 16
#define TEXT_ROW_BYTES 88
void text_of_bytes(uint64_t address, const uint8_t *bytes, unsigned count,
                   char ret_row[TEXT_ROW_BYTES]);

/* Would a process accept this name? */
bool text_is_name(const char *text);
