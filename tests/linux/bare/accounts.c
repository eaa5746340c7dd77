#include "accounts.h"

#include "bare.h"

#define TABLES_OF_IDLE 5

static char text[2048];

/* The number behind a word. */
static long number_of(const char *word)
{
    long bytes = length(word), number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        long i = 0;
        while (i < bytes && at[i] == word[i]) { i++; }
        if (i < bytes || (at != text && at[-1] != '\n')) { continue; }
        for (at += bytes; *at == ' ' || *at == '\t'; at++) {}
        for (; *at >= '0' && *at <= '9'; at++) {
            number = 10 * number + *at - '0';
        }
        return number;
    }
    return -1;
}

static void read_text(const char *path)
{
    long fd = call(OPENAT, HERE, path, O_RDONLY);
    long bytes = call(READ, fd, text, sizeof text - 1);
    text[bytes > 0 ? bytes : 0] = '\0';
    call(CLOSE, fd);
}

long accounts_swapped(void)
{
    read_text("/proc/kerne");
    return number_of("SwapUsed:");
}

void accounts_read(struct accounts *ret_accounts)
{
    long *of = ret_accounts->of;
    read_text("/proc/kerne");
    long idle = number_of("CarriersIdle:");
    of[PAGES] = number_of("FramesOfPages:");
    of[RECORDS] = number_of("Records:") - idle - number_of("CarriersKept:");
    of[PROCESSES] = number_of("Processes:");
    of[THREADS] = number_of("Threads:");
    of[AREAS] = number_of("Areas:");
    of[OPEN_FILES] = number_of("OpenFiles:");
    of[CLAIMED_PROCESSES] =
        number_of("ProcessesLeft:") + number_of("Carriers:");
    of[CLAIMED_TABLES] = number_of("TablesLeft:") + TABLES_OF_IDLE * idle;
}

long accounts_brought(void)
{
    read_text("/proc/kerne");
    return number_of("PagesBrought:");
}

long accounts_written(void)
{
    read_text("/proc/kerne");
    return number_of("PagesWritten:");
}

long accounts_own_swapped(void)
{
    read_text("/proc/self/status");
    return number_of("VmSwap:") * 1024 / PAGE;
}

long accounts_are(const struct accounts *wanted, const char *when, long number)
{
    static const char *const name[ACCOUNTS] = {
        "pages", "records",    "processes",         "threads",
        "areas", "open files", "claimed processes", "claimed tables"
    };
    struct accounts now;
    long result = 1;
    accounts_read(&now);
    for (long i = 0; i < ACCOUNTS; i++) {
        if (now.of[i] == wanted->of[i]) { continue; }
        result = 0;
        print(name[i]);
        print(": ");
        print_number(now.of[i]);
        print(", not ");
        print_number(wanted->of[i]);
        print(", ");
        print(when);
        print(" ");
        print_number(number);
        print("\n");
    }
    return result;
}
