/* Random programs, and what one leaves: of tests/view/programs.py. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CODE_AT 0x10000u  /* two pages, to be executed by the user */
#define DATA_AT 0x20000u  /* two to be read and written, one to be read */
#define PROGRAM_MOST 1024 /* bytes */

enum class { INTEGER, MEMORY, ATOMIC, COMPRESSED, FLOATS, ANY, CLASSES };

/* What a program begins with, and what stands there at each trap. */
struct frame {
    uint64_t x[32]; /* x[0]: the stack of the supervisor meanwhile */
    uint64_t f[32];
    uint64_t fcsr, sepc, scause, stval, sstatus, instructions;
};

/* From a seed, always the same. */
uint64_t dice(void);
void dice_begin(uint64_t seed);

/* Writes a program.  Returns its bytes, without what ends it. */
uint32_t generate(enum class class, uint8_t *ret_code);
void generate_registers(struct frame *ret_frame);
