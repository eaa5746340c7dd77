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

static void print_inexact(const struct figure *figure, struct summary s)
{
    tap_remark();
    tap_text(figure->name);
    tap_text(" does not repeat exactly: ");
    tap_number(s.at_least);
    tap_text(" of ");
    tap_number(FIGURE_ROUNDS);
    tap_text(" rounds took ");
    tap_number(s.least);
    tap_text(", the median ");
    tap_number(s.median);
    tap_text(", the longest ");
    tap_number(s.most);
    tap_text("\n");
}

void figure_print_at(const char *name, const char *what, uint64_t number,
                     uint64_t value)
{
    tap_text("bench ");
    tap_text(name);
    tap_text(".");
    tap_text(what);
    tap_number(number);
    tap_text(" ");
    tap_number(value);
    tap_text(" instructions\n");
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
    tap_text("bench ");
    tap_text(figure->name);
    tap_text(" ");
    tap_number(value_of(figure, s));
    tap_text(" instructions\n");
    if (s.most != s.least) { print_inexact(figure, s); }
}
