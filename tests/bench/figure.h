/*
 * A figure: the same stretch of code measured several times, in retired
 * instructions.
 *
 * The counter is exact only under `-icount shift=0`.  A round is measured by
 * whichever process runs it; the rounds stand in storage that the whole
 * family shares.  The value of a figure is its shortest round: nothing can
 * make a stretch shorter, and only a timer or a general path longer.
 */
#pragma once

#include <family.h>

#define FIGURE_ROUNDS 10
/* Rounds that come first and are not counted: pages are touched, tables
 * filled, servers come to their waits. */
#define FIGURE_WARM_UP 4
#define FIGURE_ALL (FIGURE_WARM_UP + FIGURE_ROUNDS)

struct figure {
    const char *name;
    unsigned divisor;  /* a round is so many of what the name says; 0: one */
    void (*run)(void); /* does all rounds, in the caller or its children */
    volatile uint64_t round[FIGURE_ROUNDS];
};

static inline void figure_note(struct figure *figure, unsigned i,
                               uint64_t length)
{
    if (i >= FIGURE_WARM_UP && i < FIGURE_ALL) {
        figure->round[i - FIGURE_WARM_UP] = length;
    }
}

/* Runs the statements once and notes their length as round `i`; rounds below
 * FIGURE_WARM_UP are run but not noted. */
#define figure_measure(figure, i, ...)                            \
    do {                                                          \
        uint64_t figure_before = instructions();                  \
        __VA_ARGS__;                                              \
        uint64_t figure_after = instructions();                   \
        figure_note((figure), (i), figure_after - figure_before); \
    } while (0)

/* Runs it, in the root, and prints it. */
void figure_take(struct figure *figure);

/* No round is measured. */
void figure_forget(struct figure *figure);

/* Its value; 0, and noted as a failure, if not every round was measured. */
uint64_t figure_value(const struct figure *figure);

/* Expects that every round was measured, and prints a line
 * `bench NAME VALUE instructions`, and a remark if not every round took as
 * long. */
void figure_print(const struct figure *figure);

/* A figure that depends on a number: `bench NAME.WHATNUMBER ...`. */
void figure_print_at(const char *name, const char *what, uint64_t number,
                     uint64_t value);
