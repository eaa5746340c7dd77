/* Between the service of lab 9 and its callers. */
#pragma once

#include <calls.h>

#define CALLING_ADD 40 /* words 1 and 2; word 1 of the answer is their sum */
