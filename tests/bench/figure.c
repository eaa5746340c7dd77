#include "figure.h"

#include <expect.h>
#include <tap.h>

struct summary {
    uint64_t least;
    uint64_t median;
    uint64_t most;
    unsigned at_least; /* rounds that took `least` */
};

static struct summary summarise(const struct figure *figure)
{
    uint64_t sorted[FIGURE_ROUNDS];
    for (unsigned i = 0; i < FIGURE_ROUNDS; i++) {
        unsigned k = i;
        for (; k > 0 && sorted[k - 1] > figure->round[i]; k--) {
            sorted[k] = sorted[k - 1];
        }
        sorted[k] = figure->round[i];
    }
    struct summary s = {
        .least = sorted[0],
        .median = sorted[FIGURE_ROUNDS / 2],
        .most = sorted[FIGURE_ROUNDS - 1],
    };
    for (unsigned i = 0; i < FIGURE_ROUNDS; i++) {
        s.at_least += sorted[i] == s.least;
    }
    return s;
}

void figure_print_at(const char *name, const char *what, uint64_t number,
                     uint64_t value)
{
    tap_print("bench %s.%s%lu %lu instructions\n", name, what, number, value);
}

void figure_forget(struct figure *figure)
{
    for (unsigned i = 0; i < FIGURE_ROUNDS; i++) { figure->round[i] = 0; }
}

static uint64_t value_of(const struct figure *figure, struct summary s)
{
    uint64_t divisor = figure->divisor ? figure->divisor : 1;
    return (s.least + divisor / 2) / divisor;
}

uint64_t figure_value(const struct figure *figure)
{
    struct summary s = summarise(figure);
    expect(s.least > 0);
    return value_of(figure, s);
}

void figure_take(struct figure *figure)
{
    figure->run();
    figure_print(figure);
}

void figure_print(const struct figure *figure)
{
    struct summary s = summarise(figure);
    if (!expect(s.least > 0)) { return; }
    tap_print("bench %s %lu instructions\n", figure->name, value_of(figure, s));
    if (s.most != s.least) {
        tap_print("# %s does not repeat exactly: %u of %u rounds took %lu, the "
                  "median %lu, the longest %lu\n",
                  figure->name, s.at_least, FIGURE_ROUNDS, s.least, s.median,
                  s.most);
    }
}
