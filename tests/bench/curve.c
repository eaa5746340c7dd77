#include "curves.h"

#include <harness.h>

bool curve_differs(uint64_t value, uint64_t first, uint64_t percent)
{
    uint64_t off = value > first ? value - first : first - value;
    return percent != CURVE_GROWS && off * 100 > first * percent;
}

void curve_expect(const char *name, uint64_t value, uint64_t first,
                  uint64_t percent)
{
    if (curve_differs(value, first, percent)) {
        expect_equal_of(name, value, first);
    }
}

void curve_take(const struct curve *curve, uint64_t number, uint64_t *first)
{
    for (unsigned i = 0; curve->figures[i] != NULL; i++) {
        struct figure *figure = curve->figures[i];
        figure_forget(figure);
        figure->run();
        uint64_t value = figure_value(figure);
        first[i] = first[i] ? first[i] : value;
        figure_print_at(figure->name, curve->along, number, value);
        curve_expect(figure->name, value, first[i], curve->percent);
    }
}
