/* Between the bank of lab 6 and its clients: words 1 and 2 are the kind of
 * claim (enum kerne_claim: buffers, processes or tables), and how many. */
#pragma once

#include <calls.h>

#define BANK_LEND 40   /* answered when the client has them */
#define BANK_RETURN 41 /* of those that it was lent, out of its free ones */
#define BANK_KINDS 3
#define BANK_CAPITAL 6 /* of each kind, to be lent to all together */
