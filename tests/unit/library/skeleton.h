/* The same of skeleton.h. */
#pragma once

#include <program.h>

struct parent;
