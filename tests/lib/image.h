/*
 * The pages of this program, as its own ELF file in the boot image tells
 * them: no name of the linker script is needed.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>

#define IMAGE_SEGMENTS 6

struct image_segment {
    uint64_t first; /* whole pages */
    uint64_t last;
    uint64_t rights; /* KERNE_READ ... */
};

extern struct image_segment image_segment[IMAGE_SEGMENTS];
extern unsigned image_segments;

/* In the root: `archive` is where the boot image begins.  False if its first
 * member is no ELF file that could be this program. */
bool image_read(const uint8_t *archive);
