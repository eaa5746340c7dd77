/*
 * Each attack of the program `attack`, beside two innocent siblings: what they
 * get done is what they get done beside a process that only computes.
 */
#include "siege.h"

#include <harness.h>
#include <program.h>
#include <tap.h>

#define MEASURE 120000 /* microseconds; a slice is 250 */
#define WARM_UP 10000
#define SHORT 4000

/* The word `short` among the boot's arguments: there is nothing to compare, for
 * the nucleus checks itself all the time; that it holds is what is tested, and
 * those who only compute would be of no use. */
static bool is_short(void)
{
    return strstr(kerne_start_record->arguments, "short") != NULL;
}

static unsigned first_innocents(void)
{
    return is_short() ? SIEGE_CONVERSE : SIEGE_COMPUTE;
}

#define BOTH_OFF_AT_MOST 10 /* thousandths */
#define ONE_OFF_AT_MOST 30

/* For computing or conversing innocents; below the root, or below a child of
 * the root: what each innocent got done in a million ticks, and what part of
 * the time was charged to the attacker, in thousandths. */
struct rates {
    uint64_t of[SIEGE_INNOCENTS][2][INNOCENTS];
    uint64_t attacker[SIEGE_INNOCENTS][2];
};
static struct rates peaceful;

static void measure(const char *kind, struct rates *ret_rates)
{
    for (unsigned i = first_innocents(); i < SIEGE_INNOCENTS; i++) {
        for (unsigned inside = 0; inside < 2; inside++) {
            struct siege siege = {
                .kind = kind,
                .innocents = i,
                .inside = inside,
                .warm_up = is_short() ? SHORT : WARM_UP,
                .microseconds = is_short() ? SHORT : MEASURE,
            };
            siege_run(&siege);
            for (unsigned k = 0; k < INNOCENTS; k++) {
                ret_rates->of[i][inside][k] =
                    siege.done[k] * 1000000 / (siege.ticks + 1);
            }
            ret_rates->attacker[i][inside] =
                siege.attacker_ticks * 1000 / (siege.ticks + 1);
        }
    }
}

static void report(unsigned innocents, unsigned inside,
                   const uint64_t permille[INNOCENTS], uint64_t attacker)
{
    tap_print("# %s %s, in thousandths: %lu and %lu; the attacker used %lu of "
              "the time\n",
              innocents == SIEGE_COMPUTE ? "computing" : "conversing",
              inside ? "inside a system" : "at depth 1", permille[0],
              permille[1], attacker);
}

/* What each innocent got done, in thousandths of what it does in peace.  More
 * is no harm, but must be what the attacker leaves: one that waits.  One has
 * 160 slices in a measurement, so chance, a slice or two, is less against both
 * than against each. */
static bool is_fair(const struct rates *rates, unsigned i, unsigned inside,
                    uint64_t ret_permille[INNOCENTS])
{
    uint64_t left = (1000 - rates->attacker[i][inside]) * 1000 /
                    (1000 - peaceful.attacker[i][inside]);
    bool is_fair = true;
    uint64_t sum = 0;
    for (unsigned k = 0; k < INNOCENTS; k++) {
        uint64_t was = peaceful.of[i][inside][k];
        uint64_t permille = rates->of[i][inside][k] * 1000 / (was + 1);
        is_fair &= was > 0 && permille >= 1000 - ONE_OFF_AT_MOST &&
                   permille <= left + ONE_OFF_AT_MOST;
        sum += permille;
        ret_permille[k] = permille;
    }
    return is_fair && sum >= (1000 - BOTH_OFF_AT_MOST) * INNOCENTS &&
           sum <= (left + BOTH_OFF_AT_MOST) * INNOCENTS;
}

static bool are_all_fair(const struct rates *rates)
{
    bool are_fair = true;
    uint64_t permille[INNOCENTS];
    for (unsigned i = first_innocents(); i < SIEGE_INNOCENTS; i++) {
        for (unsigned inside = 0; inside < 2; inside++) {
            are_fair &= is_fair(rates, i, inside, permille);
        }
    }
    return are_fair;
}

/* Chance may be against it, but not twice. */
static void compare(const char *kind)
{
    struct rates rates;
    measure(kind, &rates);
    if (!is_short() && !are_all_fair(&rates)) { measure(kind, &rates); }
    for (unsigned i = first_innocents(); i < SIEGE_INNOCENTS; i++) {
        for (unsigned inside = 0; inside < 2; inside++) {
            uint64_t permille[INNOCENTS];
            bool fair = is_fair(&rates, i, inside, permille);
            expect(is_short() || fair);
            report(i, inside, permille, rates.attacker[i][inside]);
        }
    }
}

static void in_peace(void)
{
    measure("spin", &peaceful);
    compare("spin");
}

#define ATTACK(kind) \
    static void kind(void) { compare(#kind); }
#define ATTACKS(DO) \
    DO(flood)       \
    DO(hoard)       \
    DO(mute)        \
    DO(breaks)      \
    DO(console)     \
    DO(bomb) DO(create) DO(stop) DO(tower) DO(names) DO(tables) DO(faults)
ATTACKS(ATTACK)

#define TEST(kind) \
    { .name = "attacks." #kind, .function = kind, .as_root = true },

const struct test tests[] = {
    { "attacks.none", in_peace, .as_root = true },
    ATTACKS(TEST){ NULL },
};
