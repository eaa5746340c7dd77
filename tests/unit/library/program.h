/* What children/lib/places.c needs of the library's program.h: there the
 * nucleus is called, here it is the test. */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>

struct kerne_received {
    uint64_t sender;
    uint64_t buffer;
};

uint64_t kerne_sender_path(uint64_t buffer, uint64_t level,
                           char ret_name[KERNE_NAME_BYTES]);
