/*
 * The mounts: what lies where in the tree, as /proc/mounts tells.
 *
 * No pointer argument may be null.
 */
#pragma once

struct mount {
    const char *source, *path, *type, *options;
};

#define MOUNTS 8

/* One more; its texts stay.  One beyond MOUNTS is not told. */
void mount_note(const struct mount *mount);

/* The mount of this number, from 0 on; null: there are no more. */
const struct mount *mount_at(unsigned number);
