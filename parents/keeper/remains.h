/*
 * What a dead process has left: its registers, and its storage, which its
 * keeper has not given to anybody since.
 */
#ifndef REMAINS_H
#define REMAINS_H

#include <small.h>

#define REMAINS_HOW_BYTES (KERNE_TEXT_BYTES + 16)

struct remains {
    char how[REMAINS_HOW_BYTES]; /* it died; empty: there is nobody */
    struct storage_run run;      /* no pages: its storage was not kept */
    uint64_t base;               /* what it had at run.first */
    struct kerne_register_file registers;
};

/* Gives the storage back, and forgets. */
void remains_drop(struct small *small, struct remains *remains);

/* Notes how a child died that is stopped, and with its storage takes it away
 * from it; the child is removed next. */
void remains_take(struct small *small, struct remains *remains,
                  struct child *child, const char *how, bool with_storage);

/* Prints `bytes` bytes from an address on, as the dead one had it; 0 bytes:
 * how it died, and what its pc points at. */
void remains_print(const struct small *small, const struct remains *remains,
                   const char *name, uint64_t address, uint64_t bytes);

#endif
