/* Earlier moments: what stood in pages before they were written. */
#pragma once

#include "whole.h"

/* Before a page with the flag PAGE_CLEAN is written. */
void snapshot_touch(struct machine *m, uint64_t address);
/* Before the disk is. */
void snapshot_touch_disk(struct machine *m, uint64_t at, uint64_t bytes);
