/* Random calls with random arguments, beside one who does his work: he goes on,
 * and all that the others had comes back. */
#include "bare.h"

enum { RUNS = 240, WARM = 120, LOOKS = 40, CALLS = 300, PATIENCE = 30000000 };
enum { STORAGE = 4 }; /* pages */
#define FOLDER "/tmp/z"

#define LINUX_CALL(number, name, arguments) number,
#define LINUX_SAME(number, name, as, arguments) number,
static const short numbers[] = {
#include "../../../parents/linux/calls/table.def"
};
enum { KNOWN = sizeof numbers / sizeof *numbers };

static unsigned long state;

static unsigned long chance(unsigned long below)
{
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (state >> 33) % below;
}

/* ---- arguments ----------------------------------------------------------- */

static const char *const paths[] = { "a",   "b",   "c",      "d",
                                     "a/b", "b/c", "a/../c", FOLDER "/a",
                                     ".",   "",    "a/",     "nowhere/x" };
static char *storage; /* STORAGE pages, and behind them nothing */

static long random_pointer(void)
{
    switch (chance(8)) {
    case 0: return 0;
    case 1: return (long)(chance(~0UL >> 34) << 30);
    case 2: return (long)storage + STORAGE * PAGE - (long)chance(64);
    case 3: return -(long)chance(PAGE);
    default: return (long)storage + (long)chance(STORAGE * PAGE);
    }
}

static long random_number(void)
{
    static const long odd[] = { -1,    0,        1L << 31, 0x7fffffff,
                                -4096, 1L << 32, 1L << 38, 1L << 62 };
    switch (chance(5)) {
    case 0: return odd[chance(8)];
    case 1: return 1L << chance(64);
    case 2: return (long)chance(4096);
    default: return (long)chance(24);
    }
}

static long random_argument(void)
{
    switch (chance(4)) {
    case 0: return random_pointer();
    case 1: return (long)paths[chance(sizeof paths / sizeof *paths)];
    default: return random_number();
    }
}

/* ---- who calls ----------------------------------------------------------- */

/* What clone makes ends at once, whatever stack it has. */
static void guarded_call(long number, const long *a)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a[0], a1 __asm__("a1") = a[1];
    register long a2 __asm__("a2") = a[2], a3 __asm__("a3") = a[3];
    register long a4 __asm__("a4") = a[4], a5 __asm__("a5") = a[5];
    __asm__ volatile("mv t3, a7\n"
                     "ecall\n"
                     "bnez a0, 1f\n"
                     "addi t4, t3, -220\n"
                     "beqz t4, 2f\n"
                     "addi t4, t3, -435\n"
                     "bnez t4, 1f\n"
                     "2: li a7, 93\n"
                     "ecall\n"
                     "1:"
                     : "+r"(a0), "+r"(a7)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory", "t3", "t4");
}

/* Signals go to who sends them, and to nobody else. */
static void one_call(void)
{
    long a[6], number = numbers[chance(KNOWN)];
    if (chance(30) == 0) { number = (long)chance(600); }
    for (long i = 0; i < 6; i++) { a[i] = random_argument(); }
    if (chance(3) == 0) { a[0] = HERE; }
    if (number == KILL || number == 130) { a[0] = call(GETPID); }
    if (number == TGKILL) { a[0] = a[1] = call(GETPID); }
    if (number == EXIT || number == EXIT_GROUP) { return; }
    guarded_call(number, a);
}

_Noreturn static void be_wild(long seed)
{
    state = (unsigned long)seed;
    call(SETSID);
    call(CLOSE_RANGE, 0, 1000, 0);
    storage = pages(STORAGE + 1);
    call(MUNMAP, storage + STORAGE * PAGE, PAGE);
    for (long i = 0; i < STORAGE * PAGE; i++) { storage[i] = (char)chance(9); }
    call(CHDIR, FOLDER);
    for (long i = 0; i < CALLS; i++) { one_call(); }
    leave(0);
}

/* ---- what is left -------------------------------------------------------- */

struct entry {
    long number, next;
    unsigned short bytes;
    unsigned char kind;
    char name[];
};

/* Whatever is in a folder goes. */
static void clear(long folder)
{
    static char listed[PAGE];
    long bytes;
    while ((bytes = call(GETDENTS64, folder, listed, PAGE)) > 0) {
        long gone = 0;
        for (long at = 0; at < bytes;) {
            struct entry *e = (struct entry *)(listed + at);
            at += e->bytes;
            if (e->name[0] == '.' && length(e->name) < 3) { continue; }
            if (call(UNLINKAT, folder, e->name, 0) == 0 ||
                call(UNLINKAT, folder, e->name, 0x200) == 0) {
                gone++;
                continue;
            }
            long inner = call(OPENAT, folder, e->name, O_DIRECTORY);
            if (inner >= 0) {
                clear(inner);
                call(CLOSE, inner);
                gone++;
                break; /* what was listed is overwritten */
            }
        }
        call(LSEEK, folder, 0, 0);
        if (gone == 0) { return; }
    }
}

static void clear_all(void)
{
    long folder = call(OPENAT, HERE, FOLDER, O_DIRECTORY);
    clear(folder);
    call(CLOSE, folder);
}

static long free_pages(void)
{
    long info[14];
    call(SYSINFO, info);
    return info[5] / PAGE;
}

/* ---- who works ----------------------------------------------------------- */

static volatile long *told; /* shared: to stop, and how often he worked */

_Noreturn static void work(void)
{
    long wrong = 0;
    int both[2];
    char *mine = pages(10), text[4];
    call(PIPE2, both, 0);
    for (long round = 1; told[0] == 0; round++) {
        for (long i = 0; i < 10; i++) { mine[i * PAGE] = (char)(round + i); }
        call(WRITE, both[1], mine + PAGE, 1);
        wrong += call(READ, both[0], text, 4) != 1;
        wrong += text[0] != (char)(round + 1);
        for (long i = 0; i < 10; i++) {
            wrong += mine[i * PAGE] != (char)(round + i);
        }
        wrong += call(FACCESSAT, HERE, "/t/said", 4) != 0;
        call(SCHED_YIELD);
        told[1] = round;
    }
    leave(wrong != 0);
}

static void run(long seed)
{
    static const long soon[2] = { 0, PATIENCE };
    long child = fork_child();
    if (child == 0) { be_wild(seed); }
    long set = 1L << (SIGCHLD - 1);
    call(RT_SIGTIMEDWAIT, &set, 0, soon, 8);
    call(KILL, child, SIGKILL);
    while (call(WAIT4, child, 0, 0x40000000, 0) == -EINTR) {}
    while (call(WAIT4, -1, 0, 0x40000001, 0) > 0) {} /* its orphans */
    clear_all();
}

void test(void)
{
    long set = 1L << (SIGCHLD - 1), before = 0, after = 0;
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(MKDIRAT, HERE, FOLDER, 0755);
    told =
        (long *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long worker = fork_child();
    if (worker == 0) { work(); }
    for (long i = 0; i < RUNS; i++) { /* who works has more, or less */
        run(i + 1);
        long now = free_pages();
        if (i < WARM && i >= WARM - LOOKS && now > before) { before = now; }
        if (i >= RUNS - LOOKS && now > after) { after = now; }
    }
    long lost = before - after;
    expect(lost < 8 ? 0 : lost, 0, "nothing_is_lost");
    told[0] = 1;
    expect(status_of(worker), 0, "the_innocent_goes_on");
    expect(told[1] > 100, 1, "he_has_worked");
    expect(call(UNLINKAT, HERE, FOLDER, 0x200), 0, "the_folder_is_empty");
}
