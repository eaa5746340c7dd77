/* As many arguments as it has, it ends with. */
#include "bare.h"

void test(void) { leave(argument_count); }
