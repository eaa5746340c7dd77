/* The grader's first child of lab 3: it touches some of its pages, and leaves
 * others alone. */
#include <program.h>
#include <stdio.h>

#define PAGES 12

static volatile unsigned char room[PAGES][KERNE_PAGE]
    __attribute__((aligned(KERNE_PAGE)));

int main(void)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < PAGES / 2; i++) { sum += room[i][i * 100]; }
    for (unsigned i = 2; i < 4; i++) { room[i][7] = (unsigned char)(40 + i); }
    room[PAGES - 1][0] = 5;
    for (unsigned i = 0; i < 4; i++) { sum += room[i][7]; }
    sum += room[PAGES - 1][0];
    printf("the sum is %u\n", sum);
    return 0;
}
