/*
 * Tickers: a program's timers, which ring once or again and again, by the time
 * or by what a process or thread has run.
 *
 *   K1  one that rings is not set again before it has been taken, however often
 *       it would have rung: that is counted then
 *   K2  by what has been run it rings late, by less than LINUX_TICK
 *
 * No pointer argument may be null.
 */
#pragma once

#include <processes/pending.h>
#include <waiting/timer.h>

#define LINUX_TICK UINT64_C(4000000) /* nanoseconds */

enum ticker_clock { TICKER_TIME, TICKER_PROCESS, TICKER_THREAD };

/* Its owner keeps it, zeroed but for clock, id and `ring`. */
struct ticker {
    struct alarm alarm;
    uint64_t due;   /* nanoseconds by its clock; 0: it stands */
    uint64_t every; /* 0: once */
    enum ticker_clock clock;
    uint32_t id; /* of whose run time it goes by */
    void (*ring)(struct ticker *ticker);
    struct pending_signal *noted; /* its signal that waits; null: none */
    int32_t overrun;              /* of its last signal */
};

/* Nanoseconds by a clock; 0: whose time it is has ended. */
uint64_t ticker_now(enum ticker_clock clock, uint32_t id);

/* It rings at `due`, and then `every` so often; due 0: it stands. */
void ticker_set(struct ticker *ticker, uint64_t due, uint64_t every);

/* How long until it rings next; 0: it stands, or has rung once. */
uint64_t ticker_left(const struct ticker *ticker);

/* Has it rung, and was not taken? */
bool ticker_is_over(const struct ticker *ticker);

/* How often it has rung since it was set or taken; it goes on. */
uint64_t ticker_take(struct ticker *ticker);

/* It rang for nothing: it goes on, but not at once. */
void ticker_skip(struct ticker *ticker);

/* Its signal is taken out: it goes on, and `info` gets the overrun. */
void ticker_taken(struct ticker *ticker, struct siginfo *info);

/* It stands, and is not known any more; its signal is anybody's. */
void ticker_end(struct ticker *ticker);
