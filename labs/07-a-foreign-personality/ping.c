/* ping: the second guest of lab 7. */
#include "guest.h"

#define A_WHILE 1250000 /* rounds: about 10 ms */

int main(void)
{
    (void)call(EIGHT_NUMBER, 0, 0);
    (void)put_text("in ");
    for (volatile long i = A_WHILE; i > 0; i--) {}
    (void)call(EIGHT_TIME, 0, 0);
    (void)call(EIGHT_YIELD, 0, 0);
    (void)put_text("two parts\nand ");
    char *heap = (char *)call(EIGHT_GROW, 4096, 0);
    strcpy(heap, "from the heap\n");
    (void)put_text(heap);
    (void)call(EIGHT_GROW, 1L << 40, 0);
    (void)call(EIGHT_GROW, -4096, 0);
    (void)call(EIGHT_WRITE, 8, 100);
    (void)call(EIGHT_WRITE, (long)heap, -1);
    (void)call(EIGHT_WRITE, (long)heap, 1L << 32);
    (void)call(99, 0, 0);
    (void)call(EIGHT_PUT, 9, 1);
    (void)call(EIGHT_PUT, -1, 1);
    (void)call(EIGHT_PUT, 2, 7);
    (void)call(EIGHT_PUT, 2, 8);
    (void)call(EIGHT_TAKE, 0, 0);
    (void)call(EIGHT_PUT, 1, 41);
    (void)call(EIGHT_TAKE, 0, 0);
    (void)call(EIGHT_PUT, 1, 5);
    (void)call(EIGHT_TAKE, 0, 0);
    (void)call(EIGHT_PUT, 1, 1);
    for (;;) { (void)call(EIGHT_EXIT, 0, 0); }
}
