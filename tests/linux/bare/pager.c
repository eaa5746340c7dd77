/* For swap_fails.py: one that pages, beside one that only computes.
 * Says how the first ended, and whether the other one goes on. */
#include "bare.h"

enum { MANY = 6000, NOHANG = 1 };

static void page(long count)
{
    char *all = pages(count);
    long wrong = 0;
    for (long i = 0; i < count; i++) { *(long *)(all + i * PAGE) = i; }
    for (long i = 0; i < count; i++) {
        wrong += *(long *)(all + i * PAGE) != i;
    }
    leave(wrong != 0);
}

void test(void)
{
    volatile long *turns =
        (long *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long worker = fork_child();
    if (worker == 0) {
        for (;;) { turns[0]++; }
    }
    long child = fork_child(), status = 0;
    if (child == 0) { page(MANY); }
    while (call(WAIT4, child, &status, NOHANG) == 0) { turns[1]++; }
    print("ended ");
    print_number(status);
    print("\n");
    long before = turns[0];
    while (turns[0] == before) { call(SCHED_YIELD); }
    call(KILL, worker, SIGKILL);
    expect(status_of(worker), SIGKILL, "swap.others_go_on");
}
