/* The grader's jobs of lab 4: computes for so many milliseconds, at an
 * instruction each nanosecond. */
#include <program.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) * 500000 : 0;
    __asm__ volatile("1: addi %0, %0, -1\n bgtz %0, 1b" : "+r"(left));
    return 0;
}
