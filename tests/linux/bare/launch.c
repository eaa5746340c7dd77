/* launch NAME COUNT PROGRAM [WORD...]: what it costs to start a program, and to
 * wait for its end, in nanoseconds: instructions, where each takes one.  Of so
 * many times, the median: programs vary. */
#include "bare.h"

#define MOST 100

static long now(void)
{
    long time[2];
    call(CLOCK_GETTIME, 1, time);
    return time[0] * 1000000000 + time[1];
}

/* How long it took; its status must be 0. */
static long launch(char **words)
{
    long before = now();
    long child = fork_child();
    if (child == 0) { leave(call(EXECVE, words[0], words, 0) == 0 ? 0 : 127); }
    long status = status_of(child);
    long took = now() - before;
    if (status != 0) {
        print("ended with ");
        print_number(status);
        print("\n");
        leave(1);
    }
    return took;
}

static long number_of(const char *text)
{
    long number = 0;
    while (*text != '\0') { number = 10 * number + *text++ - '0'; }
    return number;
}

/* Insertion: they are few. */
static long median(long *times, long count)
{
    for (long i = 1; i < count; i++) {
        long time = times[i], at = i;
        for (; at > 0 && times[at - 1] > time; at--) {
            times[at] = times[at - 1];
        }
        times[at] = time;
    }
    return times[count / 2];
}

void test(void)
{
    static long times[MOST];
    long count = number_of(argument[2]);
    expect(count > 0 && count <= MOST, 1, "count");
    for (long i = 0; i < count; i++) { times[i] = launch(argument + 3); }
    print("bench ");
    print(argument[1]);
    print(" ");
    print_number(median(times, count));
    print(" instructions\n");
}
