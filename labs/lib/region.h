/* Between the pager of lab 8 and the program that it pages. */
#pragma once

#include <kerne.h>

/* Where the child has its pages: each apart from the next one by another that
 * is not there, so that describe tells of one at a time. */
#define REGION UINT64_C(0x90000000)
#define REGION_PAGES 16
#define REGION_STEP (2 * (uint64_t)KERNE_PAGE)

static inline uint64_t region_address(uint64_t page)
{
    return REGION + page * REGION_STEP;
}
