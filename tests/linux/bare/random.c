/* Calls with random numbers and arguments, by children that come and go: what
 * they get is theirs, but the personality goes on. */
#include "bare.h"

#define SEEDS 60
#define CALLS 1500
#define YIELDS 400

static unsigned long state;
static char area[4 * PAGE];

static unsigned long dice(void)
{
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return state >> 33;
}

static long odd(void)
{
    static const char *const path[] = { "/t/text", "/tmp",     "",
                                        "/",       "/tmp/odd", "../.." };
    switch (dice() % 12) {
    case 0: return 0;
    case 1: return -1;
    case 2: return (long)(dice() % 8);
    case 3: return (long)area + (long)(dice() % sizeof area);
    case 4: return (long)area;
    case 5: return (long)path[dice() % 6];
    case 6: return END_OF_SPACE - (long)(dice() % 16);
    case 7: return (long)(1UL << dice() % 64);
    case 8: return -(long)(dice() % 4200);
    case 9: return PAGE * (long)(dice() % 9);
    case 10: return HERE;
    default: return (long)dice();
    }
}

/* Not those that would send signals to all, or take from others what the test
 * needs. */
static int is_left_out(unsigned long number)
{
    return number == KILL || number == TGKILL || number == 130 ||
           number == EXIT || number == EXIT_GROUP;
}

static void child(unsigned long seed)
{
    state = seed;
    call(CLOSE_RANGE, 0, 2, 0);
    for (long i = 0; i < CALLS; i++) {
        unsigned long number = dice() % 450;
        if (is_left_out(number)) { continue; }
        call(number, odd(), odd(), odd(), odd(), odd(), odd());
    }
    leave(0);
}

void test(void)
{
    struct {
        unsigned long handler, flags, mask;
    } ignored = { 1, 0, 0 };
    long ended = 0;
    for (int i = 1; i < 32; i++) { /* a child may take our terminal away */
        if (i != SIGCHLD) { call(RT_SIGACTION, i, &ignored, 0, 8); }
    }
    for (unsigned long seed = 1; seed <= SEEDS; seed++) {
        long id = fork_child();
        if (id == 0) { child(seed); }
        for (long i = 0; i < YIELDS; i++) { call(SCHED_YIELD); }
        call(KILL, id, SIGKILL);
        long status = status_of(id);
        ended += status >= 0;
        call(KILL, -1, SIGKILL); /* its children, which are ours now */
        while (call(WAIT4, -1, 0, 1, 0) > 0) {}
    }
    expect(ended, SEEDS, "random.all_come_to_an_end");
    expect(call(OPENAT, HERE, "/dev/null", O_RDWR) > 2, 1,
           "random.others_go_on");
}
