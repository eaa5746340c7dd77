/*
 * Pairs of a master and a terminal, its slave: what the slave's programs write
 * the master reads, and what it writes is typed there.
 *
 *   A1  a slave has a name in /dev/pts as long as the master is open
 *
 * No pointer argument may be null.
 */
#pragma once

#include <terminals/terminal.h>

#define PAIRS 64

/* Opens /dev/ptmx: a new pair. */
long pair_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file);

/* Null: there is none, or it is locked. */
struct terminal *pair_slave(uint32_t number);
