/*
 * Function masks, as an operator writes them.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct parent;

/* The functions of the nucleus, as they are called; ended by a null name. */
struct mask_function {
    const char *name;
    uint64_t number;
};
extern const struct mask_function mask_functions[];

/* What a child gets of a parent's own functions if nothing is said: all but
 * `physical address`, which together with a device would open all storage to
 * it. */
uint64_t mask_usual(const struct parent *parent);

/* Reads `all`, `none`, `foreign`, or functions by name or number with commas
 * between them; "-" before one takes it away again: all,-create_internal.
 * False: refused, as the parent's `refusal` says. */
bool mask_read(struct parent *parent, const char *list, uint64_t *ret_mask);
