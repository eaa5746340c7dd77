/*
 * Each call with each argument wrong in each way: what comes of it.  A line
 * for each argument and result:
 *
 *     openat.2 path ENOENT: empty missing through_nothing
 *
 * Each is called in a process of its own, which finds the files of prepare().
 */
#include "wrong.h"

enum { WIDTH = 78, WRONGS = 40 };
#define NEVER_ENDS 300000 /* microseconds */

/* Where the arguments lie: pages with nothing beside them. */
#define PAGES 0x40000000L /* two, for calls about pages */
#define GAP 0x48000000L
#define EDGE 0x50000000L
#define READ_ONLY 0x50100000L
#define CLOSED 0x50200000L
#define UNENDED 0x50300000L /* full of a text */
#define RIGHT 0x60000000L   /* and for each argument a step further */
#define STEP 0x100000L

/* ---- records ------------------------------------------------------------- */

static char buffer[64];
static const char bytes[16] = "0123456789abcde\n";
static const long zeros[8], one[1] = { 1 }, all_bits[1] = { -1 };
static const long event[2] = { 1, 7 }, ten[1] = { 10 }, hundred[1] = { 100 },
                  limit[2] = { 90, 1024 };
static const long lock[4] = { 1, 0, 1, 0 }, clone_order[8] = { [4] = SIGCHLD };
static const long vectors[4] = { (long)buffer, 8, (long)buffer + 8, 8 };
static const long polled[2] = { AT_PIPE_IN | 4L << 32, AT_EVENT | 4L << 32 };
static const long selected[1] = { 1L << AT_PIPE_OUT };
static const long mask[2] = { (long)zeros, 8 };
static const long header[7] = { 0, 0, (long)vectors, 2, 0, 0, 0 };
static const long stack[3] = { (long)buffer, 0, 4096 };
static const long texts[2] = { (long)"text", 0 };
static const long ring[4] = { 0, 0, 100, 0 };
static const long told_by[8] = { 7, SIGUSR1 };
static const long info[16] = { SIGUSR1, 0xffffffff };
static const char name[8] = { 1, 0, 'l', 'i', 's', 't' };
static const char single_name[8] = { 1, 0, 's', 'i', 'n', 'g' };
static const char new_name[8] = { 1, 0, 'n', 'e', 'w' };

static const struct change of_time[] = { { "seconds=-1", 0, -1 },
                                         { "part=-1", 1, -1 },
                                         { "part=1e9", 1, 1000000000 },
                                         { 0, 0, 0 } };
static const struct change of_two_times[] = { { "seconds=-1", 0, -1 },
                                              { "part=-1", 1, -1 },
                                              { "part=1e6", 1, 1000000 },
                                              { "part=1e9", 1, 1000000000 },
                                              { "second=-1", 2, -1 },
                                              { "second_part=-1", 3, -1 },
                                              { "second_part=1e9", 3,
                                                1000000000 },
                                              { "part=now", 1, 0x3fffffff },
                                              { 0, 0, 0 } };
static const struct change of_count[] = { { "0", 0, 0 },
                                          { "-1", 0, -1 },
                                          { "-2", 0, -2 },
                                          { "top", 0, 1L << 62 },
                                          { 0, 0, 0 } };
static const struct change of_room[] = { { "0", 0, 0 },
                                         { "1", 0, 1 },
                                         { "-1", 0, -1 },
                                         { "int", 0, 0x7fffffff },
                                         { 0, 0, 0 } };
static const struct change of_lock[] = {
    { "kind=3", 0, 3 },          { "kind=-1", 0, 0xffff },
    { "whence=3", 0, 3L << 16 }, { "start=-1", 1, -1 },
    { "length=-1", 2, -1 },      { "start=max", 1, (long)(~0UL >> 1) },
    { "process=1", 3, 1 },       { "end", 0, 2L << 16 },
    { "reads", 0, 0 },           { 0, 0, 0 }
};
static const struct change of_vectors[] = {
    { "base=null", 0, 0 },
    { "base=wrap", 0, -4 },
    { "base=behind", 0, 1L << 38 },
    { "length=-1", 1, -1 },
    { "length=max", 1, (long)(~0UL >> 1) },
    { "second_base=null", 2, 0 },
    { "second_base=wrap", 2, -4 },
    { "second_length=-1", 3, -1 },
    { "second_length=max", 3, (long)(~0UL >> 1) },
    { "length=0", 1, 0 },
    { 0, 0, 0 }
};
static const struct change of_polled[] = {
    { "file=-1", 0, 0xffffffff | 4L << 32 },
    { "file=closed", 0, NOT_OPEN | 4L << 32 },
    { "file=huge", 1, 1 << 30 | 4L << 32 },
    { "wants=all", 1, AT_EVENT | 0xffffL << 32 },
    { 0, 0, 0 }
};
static const struct change of_selected[] = { { "closed", 0, 1L << 63 },
                                             { "none", 0, 0 },
                                             { 0, 0, 0 } };
static const struct change of_mask[] = { { "at=null", 0, 0 },
                                         { "at=wrap", 0, -4 },
                                         { "size=7", 1, 7 },
                                         { "size=-1", 1, -1 },
                                         { 0, 0, 0 } };
static const struct change of_header[] = { { "vectors=null", 2, 0 },
                                           { "vectors=wrap", 2, -8 },
                                           { "count=0", 3, 0 },
                                           { "count=1025", 3, 1025 },
                                           { "count=-1", 3, -1 },
                                           { "name=wrap", 0, -4 },
                                           { "name_bytes=-1", 1, -1 },
                                           { "control=null", 5, 64 },
                                           { "control_bytes=-1", 5, -1 },
                                           { "control_bytes=1", 5, 1 },
                                           { 0, 0, 0 } };
static const struct change of_stack[] = {
    { "flags=4", 1, 4 },   { "flags=-1", 1, -1 },     { "flags=off", 1, 2 },
    { "bytes=0", 2, 0 },   { "bytes=2047", 2, 2047 }, { "bytes=2048", 2, 2048 },
    { "bytes=-1", 2, -1 }, { "at=null", 0, 0 },       { 0, 0, 0 }
};
static const struct change of_texts[] = { { "none", 0, 0 },
                                          { "text=wrap", 0, -4 },
                                          { "text=closed", 0, CLOSED },
                                          { "text=unended", 0, UNENDED },
                                          { "unended", 1, (long)"text" },
                                          { 0, 0, 0 } };
static const struct change of_event[] = { { "signal=0", 1, 0 },
                                          { "signal=65", 1, 65 },
                                          { "signal=-1", 1, 0xffffffff },
                                          { "none", 1, 1L << 32 },
                                          { "thread", 1, 2L << 32 | SIGUSR1 },
                                          { "how=3", 1, 3L << 32 | SIGUSR1 },
                                          { "how=-1", 1, -1 },
                                          { "to=0", 1, 4L << 32 | SIGUSR1 },
                                          { 0, 0, 0 } };
static const struct change of_info[] = { { "signal=0", 0, 0 },
                                         { "signal=65", 0, 65 },
                                         { "code=user", 1, 0 },
                                         { "code=tkill", 1, 0xfffffffa },
                                         { "code=system", 1, 0x80 },
                                         { "code=99", 1, 99 },
                                         { "rest", 15, 1 },
                                         { 0, 0, 0 } };
static const struct change of_limit[] = { { "most=max", 0, -1 },
                                          { "most=over", 0, 5000 },
                                          { "hard=max", 1, -1 },
                                          { "hard=0", 1, 0 },
                                          { 0, 0, 0 } };
static const struct change of_name[] = {
    { "family=0", 0, 0x78780000 },      { "family=2", 0, 0x78780002 },
    { "family=99", 0, 0x78780063 },     { "name=none", 0, 0x78780001 },
    { "name=file", 0, 0x656c69660001 }, { "name=empty", 0, 1 },
    { "name=hidden", 0, 0x78000001 },   { 0, 0, 0 }
};
static const struct change of_clone[] = { { "flags=-1", 0, -1 },
                                          { "flags=signal", 0, 17 },
                                          { "flags=thread", 0, 0x10000 },
                                          { "flags=handlers", 0, 0x800 },
                                          { "flags=high", 0, 1L << 40 },
                                          { "signal=65", 4, 65 },
                                          { "signal=-1", 4, -1 },
                                          { "stack", 5, RIGHT },
                                          { "stack_bytes", 6, 4096 },
                                          { "child_id=wrap", 2, -2 },
                                          { 0, 0, 0 } };

/* ---- the table ----------------------------------------------------------- */

#define LINUX_CALL(number, name, arguments) NUMBER_##name = number,
#define LINUX_SAME(number, name, as, arguments) NUMBER_##name = number,
enum {
#include "../../../parents/linux/calls/table.def"
};

static void become(long from, long to);

static void has_child(void)
{
    long child = fork_child();
    if (child == 0) { leave(3); }
    call(WAITID, 0, 0, 0, 4 | 0x1000000, 0);
}

static void has_signal(void)
{
    static const long set = 1L << (SIGUSR1 - 1);
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(KILL, call(GETPID), SIGUSR1);
}

/* Nobody is told when it rings. */
static void has_timer(void)
{
    static const long silent[8] = { [1] = 1L << 32 };
    int id;
    call(NUMBER_timer_create, 1, silent, &id);
}

static void has_timer_file(void)
{
    become(call(NUMBER_timerfd_create, 1, 0), AT_OWN);
}

static void has_signal_file(void)
{
    become(call(NUMBER_signalfd4, -1, one, 8, 0), AT_OWN);
}

/* Of itself, alone in its group; and the signal of the rows is blocked. */
static void has_process_file(void)
{
    static const long set = 1L << (SIGUSR1 - 1);
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(SETPGID, 0, 0);
    become(call(NUMBER_pidfd_open, call(GETPID), 0), AT_OWN);
}

#define WRONG(call, what, before, ...) \
    { #call what, NUMBER_##call, before, { __VA_ARGS__ } },
static const struct row rows[] = {
#include "wrong.def"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

#define LINUX_ERROR(number, name) [number] = #name,
static const char *const error_names[134] = {
#include "../../../parents/linux/errors.def"
};

#include "wrong_kinds.def"
#include "wrong_files.def"

/* ---- one call ------------------------------------------------------------ */

/* What came of it: its value, or how else its process ended. */
static struct {
    long has_result, value;
} * shared;
#define NO_VALUE (1L << 40)
#define ENDED (2L << 40)
#define KILLED (3L << 40)

/* A child that clone makes ends at once, whatever stack it has. */
static long guarded_call(long number, const long *a)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a[0], a1 __asm__("a1") = a[1];
    register long a2 __asm__("a2") = a[2], a3 __asm__("a3") = a[3];
    register long a4 __asm__("a4") = a[4], a5 __asm__("a5") = a[5];
    __asm__ volatile("ecall\n"
                     "bnez a0, 1f\n"
                     "li a7, 93\n"
                     "ecall\n"
                     "1:"
                     : "+r"(a0), "+r"(a7)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
}

static long right_of(const struct argument *argument, long place)
{
    char *at = (char *)(RIGHT + place * STEP);
    if (argument->kind != IN && argument->kind != OUT) {
        return argument->right == SELF ? call(GETPID) : argument->right;
    }
    if (argument->record != 0) {
        memcpy(at, argument->record, (unsigned long)argument->right);
    }
    return (long)at;
}

_Noreturn static void try(const struct row *row, long place, long wrong)
{
    static const struct {
        long every[2], left[2];
    } soon = { { 0, 0 }, { 0, NEVER_ENDS } };
    struct wrong made;
    long a[6];
    prepare();
    if (row->before != 0) { row->before(); }
    for (long i = 0; i < 6; i++) { a[i] = right_of(&row->argument[i], i); }
    if (wrong >= 0) {
        wrong_at(&row->argument[place], place, wrong, &made);
        a[place] = made.value;
    }
    call(SETITIMER, 0, &soon, 0);
    bool clones = row->number == CLONE || row->number == CLONE3;
    shared->value =
        clones ? guarded_call(row->number, a)
               : raw_call(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (clones && shared->value > 0) { /* its signal comes with its end */
        call(WAIT4, shared->value, 0, 0x40000000, 0);
    }
    shared->has_result = 1;
    leave(0);
}

/* Values that differ from run to run, and addresses, are not told. */
static long told(long number, long result)
{
    static const long differ[] = { CLONE,  CLONE3,  WAIT4,          TIMES,
                                   GETPID, GETPPID, GETTID,         GETPGID,
                                   156,    SETSID,  SET_TID_ADDRESS };
    for (unsigned i = 0; i < sizeof differ / sizeof *differ; i++) {
        if (number == differ[i] && result > 0) { return NO_VALUE; }
    }
    return result > 0xffff ? NO_VALUE : result;
}

static long result_of(const struct row *row, long place, long wrong)
{
    int status;
    shared->has_result = 0;
    long child = fork_child();
    if (child == 0) { try(row, place, wrong); }
    call(WAIT4, child, &status, 2, 0);
    if ((status & 0xff) == 0x7f) {
        call(KILL, child, SIGKILL);
        call(WAIT4, child, 0, 0, 0);
    }
    if (shared->has_result) { return told(row->number, shared->value); }
    return status & 0x7f ? KILLED + (status & 0x7f) : ENDED + (status >> 8);
}

/* ---- telling ------------------------------------------------------------- */

static long column;

static void say(const char *text)
{
    print(text);
    column += length(text);
}

static void say_number(const char *before, long number)
{
    say(before);
    print_number(number);
    column += 5;
}

static void say_result(long result)
{
    if (result == KILLED + 14) {
        say("waits");
    } else if (result >= KILLED) {
        say_number("signal_", result - KILLED);
    } else if (result >= ENDED) {
        say_number("ends_", result - ENDED);
    } else if (result == NO_VALUE) {
        say("ok");
    } else if (result >= 0) {
        say_number("", result);
    } else if (result > -134 && error_names[-result] != 0) {
        say(error_names[-result]);
    } else {
        say_number("E", -result);
    }
}

static void head(const struct row *row, long place, long result)
{
    column = 0;
    say(row->name);
    say_number(".", place + 1);
    say(" ");
    say(kind_names[row->argument[place].kind]);
    say(" ");
    say_result(result);
    say(":");
}

static void tell_argument(const struct row *row, long place)
{
    static struct wrong made[WRONGS];
    static long results[WRONGS];
    long count = 0;
    while (wrong_at(&row->argument[place], place, count, &made[count])) {
        results[count] = result_of(row, place, count);
        count++;
    }
    for (long i = 0; i < count; i++) {
        bool is_new = true;
        for (long j = 0; j < i; j++) { is_new &= results[j] != results[i]; }
        if (!is_new) { continue; }
        head(row, place, results[i]);
        for (long j = i; j < count; j++) {
            if (results[j] != results[i]) { continue; }
            if (column + length(made[j].name) >= WIDTH) {
                print("\n");
                head(row, place, results[i]);
            }
            say(" ");
            say(made[j].name);
        }
        print("\n");
    }
}

static void tell(const struct row *row)
{
    column = 0;
    say(row->name);
    say(".0 right ");
    say_result(result_of(row, 0, -1));
    print(":\n");
    for (long i = 0; i < 6; i++) {
        if (row->argument[i].kind > FIXED) { tell_argument(row, i); }
    }
}

void test(void)
{
    if (call(FCNTL, AT_NULL, 1, 0) >= 0) { leave(44); } /* after execve */
    shared =
        (void *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    begin_files();
    begin_areas();
    for (long i = 0; i < ROWS; i++) {
        if (argument_count < 2 || is_same(argument[1], rows[i].name)) {
            tell(&rows[i]);
        }
    }
    end_files();
}
