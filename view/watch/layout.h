/* Where the records of the nucleus are, as layout.py wrote it. */
#pragma once

#include <stdint.h>

enum layout {
#define SYMBOL(name) AT_##name,
#define RECORD(name) BYTES_OF_##name,
#define FIELD(name, member) name##_##member,
#include "layout.def"
#undef SYMBOL
#undef RECORD
#undef FIELD
    LAYOUT_WORDS
};

#define LAYOUT_OFFSET(word) ((word)&0xffffffff)
#define LAYOUT_SIZE(word) ((word) >> 32)
