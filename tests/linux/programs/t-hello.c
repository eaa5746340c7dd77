/* Arguments, environment, and what the system says of itself at the start. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(int count, char **words)
{
    for (int i = 1; i < count; i++) { printf("word %d: %s\n", i, words[i]); }
    printf("page %lu, secure %lu\n", getauxval(AT_PAGESZ),
           getauxval(AT_SECURE));
    printf("random %d\n", getauxval(AT_RANDOM) != 0);
    setenv("KERNE", "set", 1);
    printf("environment %s\n", getenv("KERNE"));
    printf("%s\n", strerror(ENOENT));
    printf("aligned %d\n",
           ((unsigned long)__builtin_frame_address(0) & 15) == 0);
    return count;
}
