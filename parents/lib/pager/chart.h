/*
 * How often something happened, over time, drawn as text: bars beside each
 * other.  However long it takes, there are at most CHART_COLUMNS of them: when
 * they are used up, each becomes half as wide.
 *
 * No nucleus is needed: this file runs natively, too.  No pointer argument may
 * be null.
 */
#pragma once

#include <stdint.h>

#define CHART_COLUMNS 60
#define CHART_ROWS 6

struct chart {
    uint64_t begin, width; /* in ticks: of the first column, of each */
    unsigned columns;      /* in use */
    uint32_t count[CHART_COLUMNS];
};

/* Columns are at least so wide, in ticks. */
void chart_begin(struct chart *chart, uint64_t now, uint64_t width);

/* It has happened now; time does not go backwards. */
void chart_note(struct chart *chart, uint64_t now);

/* What a full column stands for; each # for a CHART_ROWS-th of it. */
uint32_t chart_highest(const struct chart *chart);

/* Row 0 is the highest. */
void chart_row(const struct chart *chart, unsigned row,
               char ret_text[CHART_COLUMNS + 1]);
