/*
 * Each attack of the program `attack`, beside two innocent siblings: what they
 * get done is what they get done beside a process that only computes.
 */
#include "siege.h"

#include <harness.h>
#include <program.h>
#include <tap.h>

#define MEASURE 200000 /* microseconds; a slice is 250 */
#define WARM_UP 20000
#define SHORT 8000

#define LESS_AT_MOST 10 /* thousandths */

/* The word `short` among the boot's arguments: there is nothing to compare, for
 * the nucleus checks itself all the time; that it holds is what is tested. */
static bool is_short(void)
{
    return strstr(kerne_start_record->arguments, "short") != NULL;
}

/* What both innocents got done, in a million ticks: below the root, and below
 * a child of the root. */
struct rates {
    uint64_t of[SIEGE_INNOCENTS][2];
};
static struct rates peaceful;

static void measure(const char *kind, struct rates *ret_rates)
{
    for (unsigned i = 0; i < SIEGE_INNOCENTS; i++) {
        for (unsigned inside = 0; inside < 2; inside++) {
            struct siege siege = {
                .kind = kind,
                .innocents = i,
                .inside = inside,
                .warm_up = is_short() ? SHORT : WARM_UP,
                .microseconds = is_short() ? SHORT : MEASURE,
            };
            siege_run(&siege);
            ret_rates->of[i][inside] =
                (siege.done[0] + siege.done[1]) * 1000000 / (siege.ticks + 1);
        }
    }
}

static void report(unsigned innocents, unsigned inside, uint64_t permille)
{
    tap_remark();
    tap_text(innocents == SIEGE_COMPUTE ? "computing" : "conversing");
    tap_text(inside ? " inside a system: " : " at depth 1: ");
    tap_number(permille / 10);
    tap_text(".");
    tap_number(permille % 10);
    tap_text(" %\n");
}

/* More is no harm: an attack that waits leaves its time to them. */
static void compare(const char *kind)
{
    struct rates rates;
    measure(kind, &rates);
    for (unsigned i = 0; i < SIEGE_INNOCENTS; i++) {
        for (unsigned inside = 0; inside < 2; inside++) {
            uint64_t was = peaceful.of[i][inside];
            uint64_t permille = rates.of[i][inside] * 1000 / (was + 1);
            report(i, inside, permille);
            expect(was > 0);
            expect(is_short() || permille >= 1000 - LESS_AT_MOST);
        }
    }
}

static void in_peace(void)
{
    measure("spin", &peaceful); /* the first time is not like the others */
    measure("spin", &peaceful);
    compare("spin");
}

#define ATTACK(kind)       \
    static void kind(void) \
    {                      \
        compare(#kind);    \
    }
#define ATTACKS(DO)                                                        \
    DO(flood)                                                              \
    DO(hoard) DO(mute) DO(breaks) DO(console) DO(bomb) DO(create) DO(stop) \
        DO(tower) DO(names) DO(tables) DO(faults)
ATTACKS(ATTACK)

#define TEST(kind) \
    { .name = "attacks." #kind, .function = kind, .as_root = true },

const struct test tests[] = {
    { .name = "attacks.none", .function = in_peace, .as_root = true },
    ATTACKS(TEST){ NULL, .function = NULL },
};
