/* As many arguments as it has, it ends with. */
#include "linux_test.h"

void test(void) { leave(argument_count); }
