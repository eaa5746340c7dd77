/*
 * What a dead process has left: its registers, and its storage, which its
 * keeper has not given to anybody since.
 */
#pragma once

#include <skeleton.h>

struct post_mortem {
    char how[PARENT_ENDING_BYTES]; /* it ended; empty: there is nobody */
    struct storage_run run;        /* no pages: its storage was not kept */
    uint64_t base;                 /* what it had at run.first */
    struct kerne_register_file registers;
};

/* Gives the storage back, and forgets. */
void post_mortem_drop(struct post_mortem *post_mortem);

/* Notes how a child ended, which is stopped, in place of the one before; and
 * with its storage takes it away from it.  The child is removed next. */
void post_mortem_take(struct post_mortem *post_mortem, struct child *child,
                      bool with_storage);

/* Prints how it ended and what its pc points at; or `bytes` bytes from an
 * address on (null: from there), as the dead one had it. */
#define POST_MORTEM_BYTES 64
void post_mortem_print(const struct post_mortem *post_mortem, const char *name,
                       const uint64_t *address, uint64_t bytes);
