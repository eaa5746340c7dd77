/* For tests/bench/swap.py, which counts what is executed between each two
 * marks: fresh pages for which others go, and pages that come back. */
#include "bare.h"

enum { ALL = 6000, FAR = 3000, STEP = 1031, MEASURED = 256 };

#define MARK(name)                                   \
    __attribute__((noinline, used)) void name(void); \
    void name(void) { __asm__ volatile(""); }
MARK(out_begins)
MARK(out_ends)
MARK(in_begins)
MARK(in_ends)

static volatile char *all;

static void load_all(void)
{
    for (long i = 0; i < ALL; i++) { (void)all[i * PAGE]; }
}

void test(void)
{
    all = pages(ALL + MEASURED);
    for (long i = 0; i < ALL; i++) { all[i * PAGE] = 1; }
    out_begins();
    for (long i = ALL; i < ALL + MEASURED; i++) { all[i * PAGE] = 1; }
    out_ends();
    load_all();
    load_all(); /* what is in a frame is in the store, too */
    in_begins();
    for (long i = 0; i < MEASURED; i++) { (void)all[i * STEP % FAR * PAGE]; }
    in_ends();
    expect(1, 1, "done");
}
