/* Control registers. */
#pragma once

#include "whole.h"

/* An instruction of them.  False: it is refused, and nothing has changed. */
bool control_execute(struct machine *m, uint32_t bits);
/* False: there is no such register for this mode. */
bool control_read(struct machine *m, unsigned number, uint64_t *ret);
/* When an interrupt is to come, as by writing stimecmp. */
void control_compare(struct machine *m, uint64_t ticks);
