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
#include <devices.h>
#include <executable.h>
#include <kerne.h>
#include <ranges.h>

/* Addresses are those of the root, which are physical. */

/* What the nucleus says, in x10 and on; see kerne.h. */
struct root_facts {
    uint64_t device_tree;
    struct kerne_range storage[KERNE_ROOT_RANGES];
};

/* There is not much room for it: the stack may be of one page. */
struct root {
    /* By root_read(): what the nucleus and the device tree say. */
    struct kerne_range stack;    /* where it may lie */
    struct kerne_ranges storage; /* all that the root has */
    struct kerne_range device_tree;
    uint64_t ticks_per_second;
    const char *arguments; /* not ended by a zero */
    uint64_t argument_bytes;
    struct device uart, power; /* only their addresses */

    /* By root_read(); without the loader by root_plan(). */
    struct kerne_range image;

    /* By root_plan(): what there is to do. */
    struct archive_member file;
    struct executable program;
    struct kerne_range place; /* the program, and the record behind it */
};

/* Nothing outside the tree is read, whatever it holds; what it does not say is
 * as on QEMU's machine `virt`, and the image is then empty. */
void root_read(struct root *ret_root, const struct root_facts *facts);

/* Null, or why the root's program cannot be loaded, to follow "the root's
 * program ...".  Nothing outside the image is read. */
const char *root_plan(struct root *root);

/* Loads the program, and writes the start record behind it.  Cannot fail.  The
 * storage is then what is free. */
void root_load(struct root *root);

/* Says on the console that the root's program does so, and halts. */
_Noreturn void root_refuse(const struct root *root, const char *words);
