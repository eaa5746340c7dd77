/* From the machine's boot to the nucleus's: what was found. */
#pragma once

#include <hart.h>
#include <ranges.h>

/* By arch, from what the firmware tells; physical addresses throughout. */
struct boot {
    struct kerne_ranges ram, devices; /* the nucleus's own devices left out */
    struct kerne_ranges storage; /* the RAM, without what is reserved; cut down
                                 * to what the root is given */
    struct kerne_range nucleus, early; /* only for boot, in front of it */
    struct kerne_range image, device_tree;
    uint64_t ticks_per_second;
    const char *arguments;
    /* By boot.c. */
    struct kerne_range tables;
    uint64_t slice; /* microseconds */
    bool fast;      /* the arguments do not say fast=off */
};

/* Lays the tables out, makes the root process, gives it everything, and has it
 * begin in the boot image, as kerne.h says.  What cannot be is told and halts
 * the machine. */
struct process *boot_nucleus(struct boot *boot);
void boot_require(bool condition, const char *otherwise);
