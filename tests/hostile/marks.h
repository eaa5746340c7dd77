/* Marks in all registers of a process, and what may have become of them. */
#pragma once

#include "registers.h"

#include <stdbool.h>

/* Expects what a call (or, not `call`, something else but for t0) may have done
 * to the registers of `owner`, and no mark of another's. */
void marks_expect(const char *label, uint64_t owner,
                  const struct register_file *before,
                  const struct register_file *after, bool call);

/* The words of a conversation are numbers, no marks: 0, first + 1 and so on. */
void marks_set_words(struct register_file *file, uint64_t first);
void marks_expect_words(const struct register_file *file, uint64_t first);
