/* What echo understands. */
#pragma once

enum echo_operation {
    ECHO_TEXT = 32, /* words 1 to 7: text.  Answer 1: the same words */
};

#define ECHO_BYTES (7 * 8)
