/*
 * Processes with storage of their own: the program's text and constants, and
 * a block of pages that nobody else has but those above.  None of them has a
 * window onto the test's variables, so none can harm another through storage.
 */
#pragma once

#include <family.h>

/* In a block: two pages for what the process keeps, two for its stack. */
#define PRIVATE_KEPT_PAGES 2
#define PRIVATE_STACK_END (4 * (uint64_t)KERNE_PAGE)

/* Tables that such a process needs, its block lying in one stretch. */
#define PRIVATE_TABLES 4

/* Gives `child`, which is suspended, these windows, all from the same addresses
 * of the caller; sets its registers so that function(block) begins; and starts
 * it.  The function must not return, nor use a variable of the program. */
uint64_t private_start(uint64_t child, void (*function)(uint64_t),
                       uint64_t block, uint64_t pages);

/* Only the registers. */
uint64_t private_set_registers(uint64_t child, void (*function)(uint64_t),
                               uint64_t block);
