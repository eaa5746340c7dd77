#include "seen.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define FUNCTIONS 192

/* So many ways there are in which the functions end.  The model allows no
 * others, so that who has seen as many has seen all.  Not too_deep: the trees
 * are too small; it has a test of its own. */
#define WAYS 137

static uint64_t counts[FUNCTIONS][MODEL_ENDS];

void seen_end(uint64_t function, unsigned how)
{
    if (function < FUNCTIONS && how < MODEL_ENDS) { counts[function][how]++; }
}

const char *seen_name(uint64_t function)
{
    switch (function) {
#define KERNE_FUNCTION(number, name, handler) \
    case number:                              \
        return #name;
#include <functions.def>
#undef KERNE_FUNCTION
    default: return "no function";
    }
}

/* In how many ways a function has ended; remarks which, and how often. */
static unsigned ways_of(uint64_t function)
{
    char text[800] = "";
    unsigned ways = 0;
    for (unsigned how = 0; how < MODEL_REFUSED; how++) {
        uint64_t count = counts[function][how];
        size_t length = strlen(text);
        if (count == 0) { continue; }
        snprintf(text + length, sizeof text - length, " %u (%lu)", how,
                 (unsigned long)count);
        ways++;
    }
    if (ways > 0) { tap_remark("%s:%s", seen_name(function), text); }
    return ways;
}

static void report(const char *profile, const char *what, bool good)
{
    char name[100];
    snprintf(name, sizeof name, "random.%s.%s", profile, what);
    tap_point(good, name);
}

void seen_report(const char *profile)
{
    unsigned ways = 0, functions = 0, others = 0;
    for (uint64_t function = 0; function < FUNCTIONS; function++) {
        bool refused = counts[function][MODEL_REFUSED] != 0;
        ways += ways_of(function);
        functions += refused && model_is_function(function);
        others += refused && !model_is_function(function);
    }
    tap_remark("%u ways, not %u", ways, WAYS);
    report(profile, "every_result_seen", ways == WAYS);
    report(profile, "refused_functions_seen", functions > 10 && others > 10);
}
