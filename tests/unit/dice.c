#include "dice.h"

uint64_t dice_state;
