/* Instructions of floating point that neither load nor store. */
#pragma once

#include "whole.h"

enum float_result {
    FLOAT_DONE,
    FLOAT_ILLEGAL, /* there is no such instruction */
    FLOAT_REFUSED, /* there is no such rounding */
};

/* With any result but FLOAT_DONE, nothing has changed. */
enum float_result float_execute(struct machine *m, uint32_t bits);
