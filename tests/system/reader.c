/*
 * reader LINES [deaf]: reads so many lines, or up to the line `end`, and tells
 * how many there were and what they add up to.  `deaf`: then it stays, and
 * never asks for a line again.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

/* As tests/system/console.py computes it. */
static unsigned sum_of(unsigned sum, const char *text)
{
    while (*text != 0) { sum = sum * 31 + (unsigned char)*text++; }
    return sum;
}

int main(int argc, char **argv)
{
    char line[KERNE_LINE_BYTES + 1];
    unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long lines = 0, bytes = 0;
    unsigned sum = 0;
    bool ended = false;
    printf("reader is here\n");
    while (!ended && (wanted == 0 || lines < wanted) &&
           fgets(line, sizeof(line), stdin) != NULL) {
        ended = strcmp(line, "end\n") == 0;
        if (!ended) {
            lines++;
            bytes += strlen(line);
            sum = sum_of(sum, line);
            if (wanted == 1) { printf("reader has read: %s", line); }
        }
    }
    printf("reader: %lu lines, %lu bytes, sum %u\n", lines, bytes, sum);
    if (argc > 2) { (void)kerne_wait_message(); }
    return 0;
}
