/* What files of children/lib and parents/store/serve need of the library's
 * calls.h: there the nucleus is called, here it is the test. */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct kerne_words {
    uint64_t w[KERNE_WORDS];
};

struct kerne_received {
    uint64_t event;
    uint64_t sender;
    uint64_t buffer;
    struct kerne_words words;
};

uint64_t kerne_sender_path(uint64_t buffer, uint64_t level,
                           char ret_name[KERNE_NAME_BYTES]);
uint64_t kerne_general_copy(uint64_t buffer, enum kerne_direction direction,
                            uint64_t offset, void *own, uint64_t length,
                            uint64_t *ret_bytes);
