/*
 * Boot images made up for tests, and the machine on which they are found.
 */
#pragma once

#include <boot.h>

#include "machine/simulator.h"

#define FIRMWARE_LAST (RAM_FIRST + 0x20000)
#define NUCLEUS_FIRST (RAM_FIRST + 0x200000)
#define NUCLEUS_LAST (RAM_FIRST + 0x210000)
#define IMAGE_FIRST (RAM_FIRST + 0x218000)
#define IMAGE_BYTES UINT64_C(0x2000)
#define TREE_FIRST (RAM_FIRST + 0x240000)
#define LOADER_OFFSET 512

/* What the image is to say of its first file; tests change fields. */
struct image_plan {
    const char *name, *magic;
    uint64_t file_bytes;
    const char *octal; /* in place of them, if it is not null */
};

/* The stand-in machine, and a good image with one file, which is not the
 * nucleus's business. */
struct boot image_boot(void);
struct image_plan image_usual(void);

/* Writes the image to a place in storage. */
void image_lay(const struct image_plan *plan, uint64_t first);
