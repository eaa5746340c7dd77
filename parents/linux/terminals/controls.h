/*
 * Controls: what ioctl does with terminals.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <terminals/terminal.h>

/* Those that both sides of a terminal have; -LINUX_ENOTTY: it is none of them.
 */
long controls_of_both(struct terminal *terminal, struct thread *t,
                      uint64_t request, uint64_t argument);

/* Those, and others, of the side of the programs, which are jobs: who is in the
 * background changes nothing. */
long controls_of_slave(struct terminal *terminal, struct thread *t,
                       uint64_t request, uint64_t argument);
