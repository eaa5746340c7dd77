/*
 * The tree that the boot image brings: a ustar archive, whose files stay where
 * they lie.
 */
#pragma once

#include <kerne.h>

/* Puts all that the archive holds into the tree, below tree_root.  Returns how
 * many files, folders and links there are, or a negative number: the archive is
 * damaged, has what no tree can have, or no frame is left.  `archive` may not
 * be null. */
long image_mount(const struct kerne_range *archive);
