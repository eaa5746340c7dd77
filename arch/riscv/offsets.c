/* tools/offsets.py reads what assembly has to know of these. */
#include <hart.h>
