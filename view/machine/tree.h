/* The device tree that the nucleus is given: as QEMU's, of what is here. */
#pragma once

#include "machine.h"

struct tree_facts {
    uint64_t storage_bytes;
    uint64_t image_first, image_last; /* physical; the same: no image */
    const char *arguments;            /* null: none */
};

#define TREE_MOST 16384

/* Writes it.  Returns its bytes; 0: it would be longer than TREE_MOST. */
uint32_t tree_make(const struct tree_facts *facts, uint8_t *ret_tree);
