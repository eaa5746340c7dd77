/* Control registers. */
#pragma once

#include "whole.h"

/* An instruction of them.  False: it is refused, and nothing has changed. */
bool control_execute(struct machine *m, uint32_t bits);
/* Whatever the mode is.  False: there is no such register. */
bool control_read(struct machine *m, unsigned number, uint64_t *ret);
/* When an interrupt is to come, as by writing stimecmp. */
void control_compare(struct machine *m, uint64_t ticks);
