/* Conversations between a leaf of a tower and the root. */
#pragma once

#include "figure.h"

extern struct figure figure_leaf_to_root; /* as run: from the deepest leaf */
extern struct figure figure_root_to_leaf;

/* The leaf: converses with the root, in measured rounds or for the root to
 * measure. */
void leaf_asks(void);
void leaf_asks_on(void);

/* Meanwhile, in the root: answers, in measured rounds. */
void leaf_answer(void);
