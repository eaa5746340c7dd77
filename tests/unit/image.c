#include "image.h"

#include <stdio.h>
#include <string.h>

#define TAR_BLOCK 512
#define SEGMENT_HEADERS 64
#define SEGMENT_HEADER_BYTES 56
#define TEXT_OFFSET 0x200
#define TEXT_BYTES 0x300
#define PROGRAM_BYTES 0x1800
#define FILE_BYTES 0x600

struct image_plan image_usual(void)
{
    return (struct image_plan){
        .name = "parent",
        .magic = "ustar",
        .entry = PROGRAM_ENTRY,
        .file_bytes = FILE_BYTES,
        .offset = SEGMENT_HEADERS,
        .machine = 243,
        .segment_bytes = SEGMENT_HEADER_BYTES,
        .segments = 1,
        .class = 2,
        .segment = { { 1, TEXT_OFFSET, PROGRAM_FIRST, TEXT_BYTES,
                       PROGRAM_BYTES } },
    };
}

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
    memcpy(at, &value, bytes);
}

static void lay_segment(uint8_t *at, const struct image_segment *s)
{
    put(at, s->type, 4);
    put(at + 8, s->offset, 8);
    put(at + 16, s->address, 8);
    put(at + 32, s->file_bytes, 8);
    put(at + 40, s->bytes, 8);
}

void image_lay(const struct image_plan *plan)
{
    uint8_t *tar = machine_physical(IMAGE_FIRST);
    uint8_t *elf = tar + TAR_BLOCK;
    memset(tar, 0, TAR_BLOCK + FILE_BYTES);
    memcpy(tar, plan->name, strlen(plan->name));
    snprintf((char *)tar + 124, 12, "%011lo", (unsigned long)plan->file_bytes);
    memcpy(tar + 257, plan->magic, strlen(plan->magic));
    memcpy(elf, "\177ELF", 4);
    put(elf + 4, plan->class, 1);
    put(elf + 18, plan->machine, 2);
    put(elf + 24, plan->entry, 8);
    put(elf + 32, plan->offset, 8);
    put(elf + 54, plan->segment_bytes, 2);
    put(elf + 56, plan->segments, 2);
    for (unsigned i = 0; i < 3; i++) {
        lay_segment(elf + SEGMENT_HEADERS + i * SEGMENT_HEADER_BYTES,
                    &plan->segment[i]);
    }
    for (unsigned i = TEXT_OFFSET; i < FILE_BYTES; i++) {
        elf[i] = (uint8_t)(i * 7 + 3);
    }
}

struct boot image_boot(void)
{
    return (struct boot){
        .ram = { RAM_FIRST, RAM_FIRST + RAM_BYTES },
        .firmware = { RAM_FIRST, FIRMWARE_LAST },
        .nucleus = { NUCLEUS_FIRST, NUCLEUS_LAST },
        .image = { IMAGE_FIRST, IMAGE_FIRST + 0x2000 },
        .device_tree = { TREE_FIRST, TREE_FIRST + 0x800 },
        .devices = { { DEVICE_FIRST, DEVICE_FIRST + DEVICE_BYTES } },
        .device_count = 1,
        .ticks_per_second = 10000000,
        .slice = 25600,
        .arguments = "one two",
    };
}
