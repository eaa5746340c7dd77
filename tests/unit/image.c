#include "image.h"

#include <stdio.h>
#include <string.h>

struct image_plan image_usual(void)
{
    return (struct image_plan){ .name = "parent",
                                .magic = "ustar",
                                .file_bytes = LOADER_BYTES };
}

void image_lay(const struct image_plan *plan)
{
    char *tar = machine_physical(IMAGE_FIRST);
    memset(tar, 0, LOADER_FIRST - IMAGE_FIRST);
    memcpy(tar, plan->name, strlen(plan->name));
    snprintf(tar + 124, 12, "%011lo", (unsigned long)plan->file_bytes);
    memcpy(tar + 257, plan->magic, strlen(plan->magic));
    memset(tar + 512, 0x3c, LOADER_BYTES);
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
        .image = { IMAGE_FIRST, IMAGE_FIRST + 0x2000 },
        .device_tree = { TREE_FIRST, TREE_FIRST + 0x800 },
        .devices = { .count = 1,
                     .range = { { DEVICE_FIRST,
                                  DEVICE_FIRST + DEVICE_BYTES } } },
        .ticks_per_second = 10000000,
        .arguments = "one two",
    };
}
