/*
 * Boot images made up for tests, and the machine on which they are found.
 *
 * An image is laid into the simulator's storage piece by piece, so that a test
 * can spoil each of them.
 */
#ifndef UNIT_IMAGE_H
#define UNIT_IMAGE_H

#include <boot.h>

#include "machine/simulator.h"

#define FIRMWARE_LAST (RAM_FIRST + 0x20000)
#define NUCLEUS_FIRST (RAM_FIRST + 0x200000)
#define NUCLEUS_LAST (RAM_FIRST + 0x210000)
#define IMAGE_FIRST (RAM_FIRST + 0x218000)
#define TREE_FIRST (RAM_FIRST + 0x240000)
#define PROGRAM_FIRST (RAM_FIRST + 0x300000)
#define PROGRAM_ENTRY (PROGRAM_FIRST + 0x40)

struct image_segment {
    uint32_t type;
    uint64_t offset, address, file_bytes, bytes;
};

/* What image_lay writes; tests change fields before, or bytes behind. */
struct image_plan {
    const char *name;    /* of the member */
    const char *magic;   /* of the archive */
    uint64_t entry, file_bytes;
    uint64_t offset;     /* of the segments' headers */
    uint16_t machine, segment_bytes, segments;
    uint8_t class;
    struct image_segment segment[3];
};

/* A good image with one segment: text and a stretch of zeros. */
struct image_plan image_usual(void);

/* Writes the image at IMAGE_FIRST. */
void image_lay(const struct image_plan *plan);

/* The stand-in machine with that image. */
struct boot image_boot(void);

#endif
