/*
 * Breaks by which a child asks for the time: the function get clock, or an
 * instruction that reads a counter, of a child that has neither in its mask.
 * Its parent gives it the time that it likes.
 *
 * The firmware of QEMU 7.2 answers `rdtime` before the nucleus learns of it,
 * so that it does not break; rdcycle and rdinstret do.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <describe.h>
#include <stdbool.h>

/* The counters by their numbers in an instruction. */
enum clock_asked {
    CLOCK_ASKED_NOT = 0,              /* another break */
    CLOCK_ASKED_CYCLES = 0xc00,       /* rdcycle */
    CLOCK_ASKED_TICKS = 0xc01,        /* get clock, or rdtime */
    CLOCK_ASKED_INSTRUCTIONS = 0xc02, /* rdinstret */
};

/* What it withholds from a child in its mask whoever wants to be asked. */
#define CLOCK_BREAK_MASK (KERNE_MASK_BIT(KERNE_get_clock) | KERNE_MASK_COUNTERS)

enum clock_asked clock_break_asks(const struct kerne_received *received);

/* What the caller itself is told, when it asks. */
uint64_t clock_break_told(enum clock_asked asked);

/* Gives the child its answer, and lets it go on. */
void clock_break_answer(const struct kerne_received *received,
                        uint64_t reference, uint64_t value);

/* What this parent lacks itself, by its own mask, it could not give its child:
 * then it asks, as it has to itself, and hands on what it is told.  So a parent
 * further up that keeps the time keeps it for all below.  False: not such a
 * break, or not such a parent; it stays to be answered. */
bool clock_break_pass_up(const struct kerne_received *received,
                         uint64_t reference, uint64_t own_mask);
