/*
 * trial KIND SEED: what a machine may do wrong, and a process would notice.
 *
 *   clock     delays are as long as they should be
 *   floats    the registers for floating point are kept while it waits
 *   rounding  so is how it rounds
 *
 * Several of them, each with another seed, disturb each other.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 40

static bool pause(void)
{
    uint64_t ticks = kerne_ticks(1000), before = kerne_get_clock();
    return kerne_delay(ticks) == KERNE_r_normal &&
           kerne_get_clock() - before >= ticks;
}

/* Neither is written in C, for the compiler would keep it elsewhere. */
static bool try_floats(uint64_t seed)
{
    uint64_t first, last;
    __asm__ volatile("fmv.d.x f0, %0\n fmv.d.x f31, %1"
                     :
                     : "r"(seed), "r"(~seed)
                     : "ft0", "ft11");
    bool good = pause();
    __asm__ volatile("fmv.x.d %0, f0\n fmv.x.d %1, f31"
                     : "=r"(first), "=r"(last));
    return good && first == seed && last == ~seed;
}

static bool try_rounding(uint64_t seed)
{
    uint64_t after;
    __asm__ volatile("csrw fcsr, %0" : : "r"(seed % 4 << 5 | seed % 32));
    bool good = pause();
    __asm__ volatile("csrr %0, fcsr" : "=r"(after));
    return good && after == (seed % 4 << 5 | seed % 32);
}

int main(int argc, char **argv)
{
    char kind = argc > 1 ? argv[1][0] : 'c';
    uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    unsigned wrong = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        wrong += !(kind == 'f'   ? try_floats(seed)
                   : kind == 'r' ? try_rounding(seed)
                                 : pause());
    }
    printf("trial: %u wrong\n", wrong);
    return wrong != 0;
}
