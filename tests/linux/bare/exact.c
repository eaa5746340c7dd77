/*
 * A piece of code (exact.S) that signals interrupt at each of its instructions,
 * and at those of the nucleus and of the system in the call that it makes.
 *
 * A timer rings; the next one is ordered then, and the piece begins after a
 * delay, which is one instruction less in each round: from where the signal
 * comes before it to where it comes behind it.  For that an instruction takes
 * as long as another, and interrupts come between any two.  The system's own
 * way is now and then some instructions longer; so there are more sweeps, until
 * none is missed.  The handler notes where it came, and leaves marks of its own
 * in all registers.  Behind each round all are to be as where nothing
 * interrupts.
 */
#include "bare.h"

enum { TIMER_CREATE = 107, TIMER_SETTIME = 110, MONOTONIC = 1, ALARM = 14 };
enum { SIGINFO = 4, ONSTACK = 0x08000000 };
enum {
    RING = 6000,   /* nanoseconds from the order to the signal */
    BEHIND = 200,  /* rounds in which it came behind the piece */
    SWEEPS = 20,   /* at the most */
    AT_LEAST = 38, /* instructions of the piece */
};
#define COUNT (1l << 32) /* what the handler adds to the word */

struct state {
    long x[32], f[32], fcsr;
};
struct action {
    void (*handler)(void);
    unsigned long flags, mask;
};

/* What C had in its registers, and what the piece leaves in them; the word that
 * it counts in; where the handler came; two pipes, to another process and back,
 * if there is one. */
struct state exact_kept, exact_after;
long exact_word, exact_pc;
int exact_ends[4];
char exact_byte[4];

extern const char exact_piece[], exact_piece_end[];
void exact_handler(void);
void exact_other(void);

/* Runs the piece when so many instructions have passed. */
void exact_run(long delay);

static unsigned char seen[1024];
static struct state wanted;
static long timer, wanted_word, spoiled, lost;

static int is_same(const struct state *a, const struct state *b)
{
    const long *one = (const long *)a, *other = (const long *)b;
    for (unsigned i = 0; i < sizeof *a / sizeof(long); i++) {
        if (one[i] != other[i]) { return 0; }
    }
    return 1;
}

static void order(long after)
{
    long ring[4] = { 0, 0, 0, after };
    exact_word = exact_pc = 0;
    call(TIMER_SETTIME, timer, 0, ring, 0);
}

static void await_signal(void)
{
    while (*(volatile long *)&exact_pc == 0) {}
}

/* One round.  True: the signal came when the piece was over. */
static int round_of(long delay, long ring)
{
    order(RING);
    await_signal();
    order(ring);
    exact_run(delay);
    unsigned long at = (unsigned long)(exact_pc - (long)exact_piece);
    int is_behind = exact_pc == 0;
    if (at < sizeof seen) { seen[at] = 1; }
    spoiled += !is_same(&exact_after, &wanted);
    await_signal();
    lost += exact_word != wanted_word + COUNT;
    return is_behind;
}

/* From before the piece to behind it.  False: it did not come so far. */
static int sweep(long ring)
{
    long behind = 0;
    for (long delay = ring; behind < BEHIND && delay >= 2; delay--) {
        behind = round_of(delay, ring) ? behind + 1 : 0;
    }
    return behind == BEHIND;
}

/* The instructions at which it has not been interrupted; and all of them. */
static long missed(long *ret_all)
{
    long count = 0, bytes = exact_piece_end - exact_piece;
    *ret_all = 0;
    for (long at = 0; at < bytes; (*ret_all)++) {
        count += seen[at] == 0;
        at += (exact_piece[at] & 3) == 3 ? 4 : 2;
    }
    return count;
}

static void point(long got, long wanted, const char *how, const char *what)
{
    char name[64];
    memcpy(name, how, length(how));
    memcpy(name + length(how), what, length(what) + 1);
    expect(got, wanted, name);
}

static void sweeps(unsigned long flags, const char *how)
{
    struct action action = { exact_handler, SIGINFO | flags, 0 };
    long all, ended = 0, count = 0;
    memset(seen, 0, sizeof seen);
    call(RT_SIGACTION, ALARM, &action, 0, 8);
    spoiled = lost = exact_word = 0;
    exact_run(RING);
    wanted = exact_after;
    wanted_word = exact_word;
    while (count < SWEEPS && missed(&all) > 0) {
        ended += sweep(RING + 7 * count);
        count++;
    }
    point(missed(&all), 0, how, "each_instruction");
    point(all >= AT_LEAST, 1, how, "a_piece_of_some_length");
    point(ended, count, how, "to_its_end");
    point(spoiled, 0, how, "all_registers_are_whole");
    point(lost, 0, how, "nothing_stored_is_lost");
}

static void begin_other(void)
{
    call(PIPE2, exact_ends, 0);
    call(PIPE2, exact_ends + 2, 0);
    if (fork_child() == 0) { exact_other(); }
}

/* The other stack's end is such that a frame lies on two pages. */
void test(void)
{
    long stack[3] = { (long)pages(4), 0, 4 * PAGE - 512 };
    call(TIMER_CREATE, MONOTONIC, 0, &timer);
    call(SIGALTSTACK, stack, 0);
    sweeps(0, "stack.");
    sweeps(ONSTACK, "two_pages.");
    begin_other();
    sweeps(0, "another_process.");
}
