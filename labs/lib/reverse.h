/* Between the reversing server of lab 1 and its clients. */
#pragma once

#include <calls.h>

#define REVERSE_TEXT 40  /* the operation: words 1 to 7 are text, both ways */
#define REVERSE_BYTES 56 /* of text at most; shorter ones end in a zero */
