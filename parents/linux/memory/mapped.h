/*
 * Who has a file's pages in its space: looked for in all of them, since a file
 * seldom becomes shorter.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/node.h>

/* Nobody has pages of the file's in his space any more that lie behind its new
 * size, nor the image's for the one that it ends in: who touches them faults.
 * False: no frame is left, and some have. */
bool mapped_cut(const struct node *file, uint64_t size);

/* Who shares the file, and writes to it, faults again: so it is known what he
 * writes. */
void mapped_close(const struct node *file);
