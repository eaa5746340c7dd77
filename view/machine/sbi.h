/* What the firmware does for a supervisor, of the SBI. */
#pragma once

#include "whole.h"

void sbi_call(struct machine *m);
