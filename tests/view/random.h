/* Random programs of a user, and random doings of a supervisor, and what is
 * left of each: of tests/view/programs.py. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CODE_AT 0x10000u  /* two pages, to be executed by the user */
#define DATA_AT 0x20000u  /* two to be read and written, one to be read */
#define PROGRAM_MOST 1024 /* bytes */

enum class {
    INTEGER,
    MEMORY,
    ATOMIC,
    COMPRESSED,
    FLOATS,
    ANY,
    CONTROL, /* from here on they are a supervisor's */
    TABLES,
    LINES,
    ALARMS,
};

/* What a program begins with, and what stands there at each trap. */
struct frame {
    uint64_t x[32]; /* x[0]: the stack of the supervisor meanwhile */
    uint64_t f[32];
    uint64_t fcsr, sepc, scause, stval, sstatus, instructions;
};

extern void run(struct frame *frame); /* until it traps */

/* What a supervisor tries: code that returns; and what came of it. */
struct attempt {
    uint64_t pc, a0, a1; /* a0 also as it is left */
    uint64_t cause;      /* -1: it did not trap */
    uint64_t epc, value, status, instructions;
    uint64_t
        vector; /* 1: each interrupt has its own; and which it was, times 4 */
};

extern void attempt(struct attempt *a);

/* Adds to the number for all that was left. */
void take(uint64_t word);
void take_end(void); /* of a line, for who reads it */

/* From a seed, always the same. */
uint64_t dice(void);
void dice_begin(uint64_t seed);
uint32_t below(uint32_t limit);
uint64_t dice_word(void); /* of bits that are at a border more often */

/* Writes a program.  Returns its bytes, without what ends it. */
uint32_t generate(enum class class, uint8_t *ret_code);
void generate_registers(struct frame *ret_frame);

/* A supervisor's doings of this class; takes all that is left of them. */
void supervise(enum class class);
