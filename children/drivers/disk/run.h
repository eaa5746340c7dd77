/*
 * The run of pages that the parent has lent, in which the device works itself:
 * from the parent's addresses to the device's.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>

/* By the arguments run=, pages= and at=; without them the run is empty. */
void run_open(int argc, char **argv);

/* Is this area of the parent's, by the parent's addresses, within the run? */
bool run_holds(uint64_t first, uint64_t last);

/* Where the driver has such an address. */
void *run_own(uint64_t address);

/* Where the device sees the page of such an address, and those behind it. */
const uint64_t *run_pages(uint64_t address);

#endif
