/*
 * Paths: processes as people write them, from the outside inwards, `s2/s3`;
 * and whom a line is for.
 */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Of the longest path, its 0 included: no tree is deeper than 40 names. */
#define PATH_BYTES 640

/* Room for a path on the screen. */
#define PATH_SHOWN 40

/* Whom a line is for.  The parent has a name only here. */
struct addressee {
    bool is_parent;
    char path[PATH_BYTES];
};

bool addressee_same(const struct addressee *a, const struct addressee *b);

/* Is it `of`, or anybody inside it?  Nobody here is inside the parent: those
 * are beside the driver. */
bool addressee_within(const struct addressee *one, const struct addressee *of);

/* May `typed` mean this path?  It may leave out the beginning, in whole names,
 * or what stands in its place as `...`: `s2/.../s9/hello`. */
bool path_is_meant(const char *path, const char *typed);

/* The path as it is shown: with `...` in place of some names of its middle,
 * if it is longer than there is room for. */
void path_short(const char *path, char ret_text[PATH_SHOWN + 1]);

/* The same, for the arguments of a remark: `path_shown(path).is`. */
struct path_shown {
    char is[PATH_SHOWN + 1];
};
struct path_shown path_shown(const char *path);

/* The path of what is directly around it; empty: it has one name only. */
void path_around(const char *path, char ret_path[PATH_BYTES]);

#endif
