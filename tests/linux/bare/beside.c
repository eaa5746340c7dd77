/* For swap.py: who computes has his share beside who pages, and who pages pays
 * for it.  Time is a count of instructions. */
#include "accounts.h"
#include "bare.h"

enum { MANY = 4096, SOME = 8, PERIOD = 500000000, TIME = 1, OWN_TIME = 2 };
enum { OF_A_PAGE = 3000 }; /* instructions, at least; see tests/bench */

/* Of another process, which it tells here. */
struct seen {
    volatile long rounds, time;
};

static long clock(long which)
{
    long time[2];
    call(CLOCK_GETTIME, which, time);
    return time[0] * 1000000000 + time[1];
}

static void compute(void)
{
    for (volatile long i = 0; i < 10000; i++) {}
}

static void write_some(char *all, long round)
{
    for (long i = 0; i < SOME; i++) {
        all[(SOME * round + i) % MANY * PAGE] = (char)round;
    }
}

static long begin(struct seen *seen, int is_paging)
{
    long child = fork_child();
    if (child == 0) {
        char *all = pages(MANY);
        for (;; seen->rounds++) {
            if (is_paging) {
                write_some(all, seen->rounds);
            } else {
                compute();
            }
            seen->time = clock(OWN_TIME);
        }
    }
    while (seen->rounds < MANY / SOME) { call(SCHED_YIELD); }
    return child;
}

static void end(long child)
{
    call(KILL, child, SIGKILL);
    (void)status_of(child);
}

/* What the caller has in a period, in hundredths. */
static long share(void)
{
    long first = clock(TIME), own = clock(OWN_TIME);
    while (clock(TIME) - first < PERIOD) { compute(); }
    return (clock(OWN_TIME) - own) * 100 / (clock(TIME) - first);
}

static void three(struct seen *pager, struct seen *other)
{
    long pager_first = pager->time, other_first = other->time;
    long pages_first = accounts_brought() + accounts_written();
    long mine = share();
    long of_other = (other->time - other_first) / (PERIOD / 100);
    long of_pager = pager->time - pager_first;
    long moved = accounts_brought() + accounts_written() - pages_first;
    print_number(mine);
    print(" ");
    print_number(of_other);
    print(" ");
    print_number(of_pager / (PERIOD / 100));
    print(" hundredths, ");
    print_number(of_pager / moved);
    print(" for each of ");
    print_number(moved);
    print(" pages\n");
    expect(mine >= 30 && of_other >= 30, 1, "beside.each_has_his_share");
    expect(mine + of_other + of_pager / (PERIOD / 100) >= 90, 1,
           "beside.nobody_else_pays");
    expect(moved > 100 && of_pager / moved >= OF_A_PAGE, 1,
           "beside.who_pages_pays");
}

void test(void)
{
    struct seen *seen = (struct seen *)call(MMAP, 0, PAGE, PROT_RW,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect(share() >= 95, 1, "beside.alone_he_has_all");
    long pager = begin(&seen[0], 1);
    expect(share() >= 45, 1, "beside.one_who_pages_leaves_half");
    long other = begin(&seen[1], 0);
    three(&seen[0], &seen[1]);
    end(other);
    end(pager);
}
