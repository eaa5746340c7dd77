/*
 * The root loader: the first file of each boot image.  The nucleus starts it
 * as the root process, and knows no other program; it puts the second file,
 * the root's own program, into its place and begins it.
 *
 * It runs where it lies in the image, wherever that is: no word of it depends
 * on its place, and it has no storage of its own but a stack, in the page that
 * the nucleus needed to boot only.
 */
#pragma once

#include <archive.h>
#include <executable.h>
#include <kerne.h>
#include <stdbool.h>

/* Addresses are those of the root, which are physical. */

/* What the nucleus says, in x10 and on; see kerne.h. */
struct root_facts {
    uint64_t device_tree;
    struct kerne_range storage[KERNE_ROOT_RANGES];
};

/* What the device tree says. */
struct root_machine {
    struct kerne_range image, device_tree;
    uint64_t ticks_per_second;
    const char *arguments; /* not ended by a zero */
    uint64_t argument_bytes;
    uint64_t uart, power; /* devices */
};

/* What there is to do. */
struct root_plan {
    struct archive_member file;
    struct executable program;
    struct kerne_range place; /* the program, and the record behind it */
    struct kerne_range image; /* without the loader */
};

bool root_has(const struct root_facts *facts, struct kerne_range range);

/* Nothing outside the tree is read, whatever it holds; what it does not say is
 * as on QEMU's machine `virt`, and the image is then empty. */
struct root_machine root_machine_read(const struct root_facts *facts);

/* Null, or why the root's program cannot be loaded, to follow "the root's
 * program ...".  Nothing outside the image is read.  *ret_plan is of use only
 * with null. */
const char *root_plan_make(const struct root_facts *facts,
                           const struct root_machine *machine,
                           struct root_plan *ret_plan);

/* Loads the program, and writes the start record behind it.  Cannot fail. */
void root_load(const struct root_facts *facts,
               const struct root_machine *machine,
               const struct root_plan *plan);

/* Says on the console that the root's program does so, and halts. */
_Noreturn void root_refuse(const struct root_machine *machine,
                           const char *words);
