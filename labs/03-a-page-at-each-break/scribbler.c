/* The grader's second child of lab 3: it stores into its own instructions. */
#include <program.h>
#include <stdio.h>

int main(void)
{
    volatile unsigned *text = (volatile unsigned *)kerne_text_first;
    unsigned word = *text;
    *text = word;
    puts("it was let");
    return 0;
}
