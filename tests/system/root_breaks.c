/*
 * A break that the root does not handle: the machine halts in words, with exit
 * status 2.  That is no panic, for it is no fault of the nucleus.
 */
#include <calls.h>

#define NOWHERE UINT64_C(8)

int main(void)
{
    volatile uint64_t *volatile nowhere = (volatile uint64_t *)NOWHERE;
    *nowhere = 1;
    return 0;
}
