#include "image.h"

#include <stdio.h>
#include <string.h>

struct image_plan image_usual(void)
{
    return (struct image_plan){ .name = "parent",
                                .magic = "ustar",
                                .file_bytes = 0x600 };
}

void image_lay(const struct image_plan *plan, uint64_t first)
{
    char *tar = machine_physical(first), octal[12];
    snprintf(octal, sizeof octal, "%011lo", (unsigned long)plan->file_bytes);
    memset(tar, 0, LOADER_OFFSET);
    strcpy(tar, plan->name);
    strcpy(tar + 124, plan->octal != NULL ? plan->octal : octal);
    strcpy(tar + 257, plan->magic);
    memset(tar + LOADER_OFFSET, 0x3c, 0x600);
}

struct boot image_boot(void)
{
    return (struct boot){
        .ram = { .count = 1,
                 .range = { { RAM_FIRST, RAM_FIRST + RAM_BYTES } } },
        .storage = { .count = 1,
                     .range = { { RAM_FIRST, RAM_FIRST + RAM_BYTES } } },
        .early = { FIRMWARE_LAST, NUCLEUS_FIRST },
        .nucleus = { NUCLEUS_FIRST, NUCLEUS_LAST },
        .image = { IMAGE_FIRST, IMAGE_FIRST + IMAGE_BYTES },
        .device_tree = { TREE_FIRST, TREE_FIRST + 0x800 },
        .devices = { .count = 1,
                     .range = { { DEVICE_FIRST,
                                  DEVICE_FIRST + DEVICE_BYTES } } },
        .ticks_per_second = 10000000,
        .arguments = "one two",
    };
}
