/* From the machine's boot to the nucleus's: what was found. */
#ifndef NUCLEUS_BOOT_H
#define NUCLEUS_BOOT_H

#include <hart.h>

#define BOOT_DEVICES 40
#define BOOT_TAKEN 5

struct boot {
    struct kerne_range ram; /* physical addresses throughout; begins with the
                             * firmware */
    union {                 /* what lies in it; empty: nothing */
        struct {
            struct kerne_range firmware, nucleus, tables; /* ascending: kept */
            struct kerne_range image, device_tree; /* given to the root */
        };
        struct kerne_range taken[BOOT_TAKEN];
    };
    struct kerne_range devices[BOOT_DEVICES];
    unsigned device_count;
    uint64_t ticks_per_second;
    const char *arguments;
};

/* Lays the tables out, makes the root process, gives it everything, and has it
 * begin in the boot image, as kerne.h says.  `tables` is found here.  What
 * cannot be is told and halts the machine. */
struct process *boot_nucleus(struct boot *boot);
void boot_require(bool condition, const char *otherwise);

/* Behind `with`, if the text begins so, or `what`, if the text holds it; null
 * otherwise. */
const char *boot_begins(const char *text, const char *with);
const char *boot_find(const char *text, const char *what);

#endif
