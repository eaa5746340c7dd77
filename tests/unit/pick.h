/*
 * One of the things that there are, at random: mostly such as p can use, often
 * enough what is stale, another's, or no such thing at all.
 */
#pragma once

#include "model/model.h"

#define PICK_LINES 5

/* Remembers what may be used when it is stale. */
void pick_begin(void);
void pick_remember(void);

/* One of p's descendants; null: it has none. */
struct model_process *pick_descendant(const struct model_process *p);
uint64_t pick_reference(const struct model_process *p);
/* A buffer that p can use in this function. */
uint64_t pick_identity(const struct model_process *p, uint64_t function);

uint64_t pick_number(void);
void pick_name(uint64_t ret_name[2]);
uint64_t pick_address(const struct model_process *p);

/* A page of any process; one that p has, if it has any; an address there. */
uint64_t pick_page(void);
uint64_t pick_own_page(const struct model_process *p);
uint64_t pick_own_address(const struct model_process *p);
/* An address for p's program to touch, and how. */
void pick_touch(const struct model_process *p, uint64_t *ret_address,
                uint64_t *ret_access);
