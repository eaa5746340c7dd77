/* hello: the smallest program.  What it prints goes to the console, and its
 * return to the parent, as messages. */
#include <stdio.h>

int main(void)
{
    printf("Hello. I am a process; my parent started me.\n");
    return 0;
}
