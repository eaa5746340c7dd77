/* What stands in storage at the beginning: nucleus, image, device tree. */
#pragma once

#include "whole.h"

/* Puts them there, and the hart to where the nucleus begins.  Null; else why
 * that cannot be. */
const char *load_all(struct machine *m);
