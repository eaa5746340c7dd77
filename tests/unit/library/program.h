/* The same of program.h. */
#pragma once

#include <calls.h>

enum { KERNE_WORD_OPERATION = 0, KERNE_WORD_FIRST = 1, KERNE_WORD_LAST = 2 };

struct kerne_words kerne_area(uint64_t operation, uint64_t grant,
                              const void *first, size_t bytes);

void kerne_work_for_oneself(void);
void kerne_hold_answer(uint64_t buffer, uint64_t result,
                       const struct kerne_words *words);

static inline uint64_t kerne_operation_of(const struct kerne_words *message)
{
    return message->w[KERNE_WORD_OPERATION] >> 2;
}
