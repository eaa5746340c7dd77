/* wild: the third guest of lab 7, which breaks. */
#include "guest.h"

int main(void)
{
    (void)put_text("here I am\n");
    long nowhere = 16;
    __asm__ volatile("ld %0, 0(%0)" : "+r"(nowhere));
    return (int)nowhere;
}
