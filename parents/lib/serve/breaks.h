/*
 * Breaks of children: in words, and what every parent does with them at
 * least.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <describe.h>
#include <stdbool.h>
#include <stddef.h>

/* What happened, to follow "NAME broke: ", for example
 *   page fault: store to 0x10 at pc 0x8040012c, where it has no page for that
 *   illegal instruction 0x0 at pc 0x8040012c
 * `reference` is the child's: the pc of a call that broke is read there. */
void break_words(const struct kerne_received *received, uint64_t reference,
                 char *ret_words, size_t bytes);

/* A page is missing somewhere inside a child, or is to be copied from there by
 * a server: this parent takes no pages away, so it is the business of the next
 * parent downwards, or nobody's.  Answers "not mine" and returns true; false:
 * the break is the child's own, and stays to be answered. */
bool break_passed_down(const struct kerne_received *received);

/* Sets a register x1 to x31 of a child whose break is held; of x0, nothing. */
void break_set_register(uint64_t reference, uint64_t number, uint64_t value);

/* Lets a child go on behind a call that broke, as if the nucleus had answered
 * it: with a value in a0, and a result. */
void break_answer_call(const struct kerne_received *received,
                       uint64_t reference, uint64_t value, uint64_t result);
