/*
 * Who takes all that there is, of each kind, beside an innocent who answers:
 * it goes on answering, the bomb is refused, or killed, and all comes back.
 */
#include "accounts.h"
#include "bare.h"

enum { THREAD = 0x50f00, RLIMIT_NOFILE = 7, LEAST = 20 };

/* ---- the innocent -------------------------------------------------------- */

static int ask[2], answer[2];
static long innocent;

/* What a shell does between two lines. */
static void answers(void)
{
    static char line[PAGE];
    char byte;
    long sum = 0;
    call(CLOSE, ask[1]);
    call(CLOSE, answer[0]);
    while (call(READ, ask[0], &byte, 1) == 1) {
        for (long i = 0; i < PAGE; i += 64) { sum += line[i]++; }
        call(GETPPID);
        call(WRITE, answer[1], &byte, 1);
    }
    leave(0);
}

static void begin_innocent(void)
{
    call(PIPE2, ask, 0);
    call(PIPE2, answer, 0);
    innocent = fork_child();
    if (innocent == 0) { answers(); }
    call(CLOSE, ask[0]);
    call(CLOSE, answer[1]);
}

static void end_innocent(void)
{
    call(CLOSE, ask[1]);
    call(CLOSE, answer[0]);
    expect(status_of(innocent), 0, "innocent.ends_by_itself");
}

/* How many answers come, of so many questions. */
static long talk(long questions)
{
    long answers = 0;
    char byte = 1;
    for (long i = 0; i < questions; i++) {
        call(WRITE, ask[1], &byte, 1);
        answers += call(READ, answer[0], &byte, 1) == 1;
    }
    return answers;
}

/* ---- bombs: each returns why it was refused ------------------------------ */

static long *said; /* shared: what the bomb was told */

static _Noreturn void pause(void)
{
    long word = 0;
    for (;;) { call(FUTEX, &word, 0, 0, 0); }
}

static long forks(void)
{
    long result;
    while ((result = fork_child()) > 0) {}
    if (result == 0) { pause(); }
    return result;
}

/* Each child makes more of them. */
static long forks_of_forks(void)
{
    long result = 0;
    for (long i = 0; result >= 0 && i < 200; i++) { result = fork_child(); }
    if (result < 0) { said[0] = result; }
    pause();
}

__attribute__((used)) static void thread_waits(void) { pause(); }

__asm__("thread: li a7, 220\n"
        "ecall\n"
        "bnez a0, 1f\n"
        "call thread_waits\n"
        "1: ret\n");
long thread(long flags, char *stack) __asm__("thread");

static long threads(void)
{
    long result;
    char *stack = pages(1);
    while ((result = thread(THREAD, stack + PAGE)) > 0) {}
    return result;
}

static long memory(void)
{
    char *p = pages(1 << 20);
    for (long i = 0; i < 1 << 20; i++) { *(volatile char *)(p + i * PAGE) = 1; }
    return 0;
}

static long descriptors(void)
{
    long result;
    while ((result = call(DUP, 1)) > 0) {}
    return result;
}

/* Full pipes, in several processes. */
static long pipes(void)
{
    static char bytes[16 * PAGE];
    int both[2];
    long result = 0;
    while (result >= 0) {
        while ((result = call(PIPE2, both, O_NONBLOCK)) == 0) {
            while ((result = call(WRITE, both[1], bytes, sizeof bytes)) > 0) {}
            if (result != -EAGAIN) { return result; }
        }
        if (result != -EMFILE) { return result; }
        result = fork_child();
        for (long i = 10; result == 0 && i < 2000; i++) { call(CLOSE, i); }
        if (result > 0) { pause(); }
    }
    return result;
}

static long files(void)
{
    static char bytes[64 * PAGE];
    long fd = call(OPENAT, HERE, "/tmp/bomb", O_CREAT | O_RDWR, 0644), result;
    while ((result = call(WRITE, fd, bytes, sizeof bytes)) > 0) {}
    return result;
}

static long names(void)
{
    char name[] = "/tmp/d/0000000";
    long result = 0;
    call(MKDIRAT, HERE, "/tmp/d", 0755);
    for (long i = 0; result >= 0; i++) {
        for (long d = 0, n = i; d < 7; d++, n /= 10) {
            name[13 - d] = (char)('0' + n % 10);
        }
        result = call(MKNODAT, HERE, name, 0100644, 0);
    }
    return result;
}

static void remove_names(void)
{
    char name[] = "/tmp/d/0000000";
    long result = 0;
    for (long i = 0; result == 0; i++) {
        for (long d = 0, n = i; d < 7; d++, n /= 10) {
            name[13 - d] = (char)('0' + n % 10);
        }
        result = call(UNLINKAT, HERE, name, 0);
    }
    call(UNLINKAT, HERE, "/tmp/d", 0x200);
    call(UNLINKAT, HERE, "/tmp/bomb", 0);
}

static long mappings(void)
{
    long result;
    for (long i = 0;; i++) {
        result = call(MMAP, 0, PAGE, i % 2 == 0 ? PROT_READ : PROT_RW,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (result < 0) { return result; }
    }
}

/* ---- each ---------------------------------------------------------------- */

struct bomb {
    const char *name;
    long (*goes_off)(void);
    long result; /* that it is refused with; 0: it is killed */
};

static long is_warm; /* what is kept is there */

static void set_off(const struct bomb *bomb)
{
    struct accounts before;
    accounts_read(&before);
    accounts_read(&before);
    said[0] = 0;
    long child = fork_child(), answers = 0, asked = 0, status = 0;
    if (child == 0) {
        call(SETPGID, 0, 0);
        said[0] = bomb->goes_off();
        pause();
    }
    while (said[0] == 0 && status == 0) {
        answers += talk(LEAST);
        asked += LEAST;
        int ended = 0;
        if (call(WAIT4, child, &ended, 1, 0) == child) { status = ended; }
    }
    answers += talk(LEAST); /* while it has all */
    expect(answers - asked, LEAST, bomb->name);
    expect(bomb->result == 0 ? status : said[0],
           bomb->result == 0 ? SIGKILL : bomb->result, bomb->name);
    call(KILL, -child, SIGKILL); /* all of them are in its group */
    while (call(WAIT4, -1, 0, 1, 0) > 0) {}
    remove_names();
    if (is_warm) {
        expect(accounts_are(&before, bomb->name, 0), 1, bomb->name);
    }
}

void test(void)
{
    static const struct bomb bombs[] = {
        { "forks", forks, -EAGAIN },
        { "forks_of_forks", forks_of_forks, -EAGAIN },
        { "threads", threads, -EAGAIN },
        { "memory", memory, 0 },
        { "descriptors", descriptors, -EMFILE },
        { "pipes", pipes, -ENOMEM },
        { "files", files, -ENOSPC },
        { "names", names, -ENOSPC },
        { "mappings", mappings, -ENOMEM },
    };
    said =
        (long *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    begin_innocent();
    (void)talk(LEAST);
    set_off(&bombs[0]);
    is_warm = 1;
    for (unsigned i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        set_off(&bombs[i]);
    }
    end_innocent();
}
