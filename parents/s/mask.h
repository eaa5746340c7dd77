/*
 * Function masks, as the operator writes them.
 */
#ifndef MASK_H
#define MASK_H

#include "system.h"

/* What a child gets of s's own mask if nothing is said: all but `physical
 * address`, which together with a device would open all storage to it. */
uint64_t mask_usual(uint64_t own);

/* Reads `all`, `none`, `foreign`, or functions by name or number with commas
 * between them; "-" before one takes it away again: all,-create_internal.
 * False: refused, in words. */
bool mask_read(struct system *system, const char *list, uint64_t *ret_mask);

#endif
