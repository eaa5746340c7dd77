/*
 * Paths: processes as people write them, from the outside inwards, `s2/s3`.
 */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Of the longest path, its 0 included: no tree is deeper than 40 names. */
#define PATH_BYTES 640

/* Room for a path on the screen. */
#define PATH_SHOWN 40

/* May `typed` mean this path?  It may leave out the beginning, in whole names,
 * or what stands in its place as `...`: `s2/.../s9/hello`. */
bool path_is_meant(const char *path, const char *typed);

/* The path as it is shown: with `...` in place of some names of its middle,
 * if it is longer than there is room for. */
void path_short(const char *path, char ret_text[PATH_SHOWN + 1]);

/* The path of what is directly around it; empty: it has one name only. */
void path_around(const char *path, char ret_path[PATH_BYTES]);

#endif
