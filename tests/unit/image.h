/*
 * Boot images made up for tests, and the machine on which they are found.
 *
 * An image is laid into the simulator's storage piece by piece, so that a test
 * can spoil each of them.
 */
#pragma once

#include <boot.h>

#include "machine/simulator.h"

#define FIRMWARE_LAST (RAM_FIRST + 0x20000)
#define NUCLEUS_FIRST (RAM_FIRST + 0x200000)
#define NUCLEUS_LAST (RAM_FIRST + 0x210000)
#define IMAGE_FIRST (RAM_FIRST + 0x218000)
#define TREE_FIRST (RAM_FIRST + 0x240000)
#define LOADER_FIRST (IMAGE_FIRST + 512)
#define LOADER_BYTES UINT64_C(0x600)

/* What image_lay writes; tests change fields before, or bytes behind. */
struct image_plan {
    const char *name;  /* of the first file */
    const char *magic; /* of the archive */
    uint64_t file_bytes;
};

/* A good image with one file, which is not the nucleus's business. */
struct image_plan image_usual(void);

/* Writes the image at IMAGE_FIRST. */
void image_lay(const struct image_plan *plan);

/* The stand-in machine with that image. */
struct boot image_boot(void);
