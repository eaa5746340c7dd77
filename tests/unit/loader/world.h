/*
 * Storage as the root finds it, for tests of the root loader: the same
 * addresses as in the loader's structures, at a place where the host has room.
 *
 * Image and device tree are laid piece by piece, so that a test can spoil each
 * of them.  Behind the storage nothing can be touched.
 */
#pragma once

#include <elf.h>

#include <root.h>

#define WORLD_FIRST UINT64_C(0x40000000)
#define WORLD_BYTES UINT64_C(0x400000)
#define WORLD_LAST (WORLD_FIRST + WORLD_BYTES)
#define FIRMWARE_LAST (WORLD_FIRST + 0x20000)
#define NUCLEUS_FIRST (WORLD_FIRST + 0x28000)
#define NUCLEUS_LAST (WORLD_FIRST + 0x30000)
#define TABLES_FIRST (WORLD_FIRST + 0x300000)
#define TABLES_LAST (WORLD_FIRST + 0x380000)
#define IMAGE_FIRST (WORLD_FIRST + 0x50000)
#define TREE_FIRST (WORLD_FIRST + 0x80000)
#define PROGRAM_FIRST (WORLD_FIRST + 0x100000)
#define PROGRAM_ENTRY (PROGRAM_FIRST + 0x40)

#define BLOCK 512
#define LOADER_BYTES 1000 /* of the first file: two blocks */
#define HEADER_OFFSET (BLOCK + 2 * BLOCK)
#define FILE_OFFSET (HEADER_OFFSET + BLOCK)
#define FILE_BYTES 0x600
#define IMAGE_BYTES (FILE_OFFSET + FILE_BYTES + 2 * BLOCK)
#define TEXT_OFFSET 0x280
#define TEXT_BYTES 0x300
#define PROGRAM_BYTES 0x1800
#define SEGMENTS 10 /* headers that are laid */

/* What the image is to be; tests change fields before, or bytes behind. */
struct world_plan {
    uint64_t image;      /* where it begins */
    const char *magic;   /* of the second header; and of the file: */
    uint64_t file_bytes; /* as that header says */
    Elf64_Ehdr elf;
    Elf64_Phdr segment[SEGMENTS];
};

/* What the device tree is to say. */
struct world_tree {
    uint64_t tree;        /* where it begins */
    uint64_t first, last; /* the image */
    const char *arguments;
    uint32_t argument_bytes;
};

/* Storage full of rubbish, and the facts that the nucleus tells. */
struct root_facts world_begin(void);

/* A good image: a loader, and a program with one segment, text and zeros. */
struct world_plan world_plan(void);
void world_lay(const struct world_plan *plan);
/* Header and checksum of a file at this place of the archive. */
void world_header(uint64_t at, const char *name, const char *magic,
                  uint64_t bytes);

struct world_tree world_tree(void);
void world_lay_tree(const struct world_tree *tree);
