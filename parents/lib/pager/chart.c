#include "chart.h"

#include <stdbool.h>
#include <string.h>

void chart_begin(struct chart *chart, uint64_t now, uint64_t width)
{
    *chart = (struct chart){ .begin = now, .width = width };
}

/* Two columns become one. */
static void narrow(struct chart *chart)
{
    for (unsigned i = 0; i < CHART_COLUMNS / 2; i++) {
        chart->count[i] = chart->count[2 * i] + chart->count[2 * i + 1];
    }
    memset(&chart->count[CHART_COLUMNS / 2], 0,
           CHART_COLUMNS / 2 * sizeof chart->count[0]);
    chart->width *= 2;
    chart->columns = (chart->columns + 1) / 2;
}

void chart_note(struct chart *chart, uint64_t now)
{
    while ((now - chart->begin) / chart->width >= CHART_COLUMNS) {
        narrow(chart);
    }
    unsigned column = (unsigned)((now - chart->begin) / chart->width);
    if (column >= chart->columns) { chart->columns = column + 1; }
    chart->count[column]++;
}

uint32_t chart_highest(const struct chart *chart)
{
    uint32_t highest = 0;
    for (unsigned i = 0; i < chart->columns; i++) {
        if (chart->count[i] > highest) { highest = chart->count[i]; }
    }
    return highest;
}

void chart_row(const struct chart *chart, unsigned row,
               char ret_text[CHART_COLUMNS + 1])
{
    uint64_t highest = chart_highest(chart);
    uint64_t below = CHART_ROWS - 1 - row; /* so many rows are */
    unsigned end = 0;
    for (unsigned i = 0; i < chart->columns; i++) {
        bool is_full = chart->count[i] * (uint64_t)CHART_ROWS > below * highest;
        ret_text[i] = is_full ? '#' : ' ';
        if (is_full) { end = i + 1; }
    }
    ret_text[end] = '\0';
}
