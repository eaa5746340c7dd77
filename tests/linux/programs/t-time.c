/* Clocks go on, sleeps last, and what was used is counted. */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(void)
{
    double began = now(CLOCK_MONOTONIC),
           processor = now(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec tenth = { 0, 100000000 };
    printf("slept %d\n", nanosleep(&tenth, NULL));
    double lasted = now(CLOCK_MONOTONIC) - began;
    printf("as long %d, not longer %d\n", lasted >= 0.1, lasted < 5);
    printf("asleep, not working %d\n",
           now(CLOCK_PROCESS_CPUTIME_ID) - processor < lasted / 10);
    struct timespec wrong = { 0, 1000000000 };
    printf("no time %d %d\n", nanosleep(&wrong, NULL), errno == EINVAL);
    double last = 0;
    int backwards = 0;
    for (int i = 0; i < 10000; i++) {
        double next = now(CLOCK_MONOTONIC);
        backwards += next < last;
        last = next;
    }
    printf("backwards %d\n", backwards);
    struct rusage used;
    printf("used %d %d\n", getrusage(RUSAGE_SELF, &used), used.ru_maxrss > 0);
    struct tms ticks;
    printf("times %d\n", times(&ticks) != (clock_t)-1);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec every = { { 0, 10000000 }, { 0, 10000000 } };
    timerfd_settime(timer, 0, &every, NULL);
    unsigned long expired = 0, sum = 0;
    while (sum < 5 && read(timer, &expired, 8) == 8) { sum += expired; }
    printf("timer %d\n", sum >= 5);
    struct timeval day;
    printf("the day %d\n", gettimeofday(&day, NULL));
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 20000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    printf("until %d\n",
           clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
    printf("no clock %d\n", clock_gettime(99, &until));
    return 0;
}
