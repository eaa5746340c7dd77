/* The load: it is counted after 5 seconds, when two children compute and this
 * one sleeps; and what they compute, is no idle time. */
#include "bare.h"

static char text[128];

static void read_file(const char *path)
{
    long fd = call(OPENAT, HERE, path, O_RDONLY, 0);
    long got = call(READ, fd, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    call(CLOSE, fd);
}

static long begins(const char *with)
{
    long i = 0;
    while (with[i] != '\0' && text[i] == with[i]) { i++; }
    return with[i] == '\0';
}

/* Seconds, of the second number there. */
static long second_number(void)
{
    const char *at = text;
    long number = 0;
    while (*at != ' ') { at++; }
    while (*++at != '.') { number = number * 10 + (*at - '0'); }
    return number;
}

static long child(void)
{
    long id = fork_child();
    while (id == 0) {}
    return id;
}

void test(void)
{
    const long time[2] = { 5, 500000000 };
    unsigned long info[14] = { 0 };
    read_file("/proc/loadavg");
    expect(begins("0.00 0.00 0.00 1/1 1"), 1, "nobody");
    long one = child(), other = child();
    call(NANOSLEEP, time, 0);
    read_file("/proc/loadavg");
    expect(begins("0.16 0.03 0.01 3/3 "), 1, "two");
    call(SYSINFO, info);
    expect(info[1] > 10000 && info[1] < 11000, 1, "sysinfo");
    read_file("/proc/uptime");
    expect(second_number() < 3, 1, "no_idle_time");
    call(KILL, one, SIGKILL);
    call(KILL, other, SIGKILL);
    status_of(one);
    status_of(other);
}
