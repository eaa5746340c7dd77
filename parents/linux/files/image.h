/*
 * The tree that the boot image brings: a ustar archive, whose files stay where
 * they lie.
 */
#pragma once

#include <stdint.h>

/* Puts all that the archive holds into the tree, below tree_root.  Returns how
 * many files, folders and links there are, or a negative number: the archive is
 * damaged, or no frame is left. */
long image_mount(const char *archive, uint64_t bytes);
