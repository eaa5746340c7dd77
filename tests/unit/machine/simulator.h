/*
 * The stand-in machine from the side of the tests: storage, a clock that they
 * advance, interrupts that they raise, and a store of translations that shows
 * what the nucleus has forgotten to forget.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#define RAM_FIRST UINT64_C(0x80000000)
#define RAM_BYTES UINT64_C(0x800000)
#define DEVICE_FIRST UINT64_C(0x10000000)
#define DEVICE_BYTES UINT64_C(0x2000)

struct process;

struct simulator {
    uint64_t now;
    uint64_t timer; /* UINT64_MAX: none */
    bool enabled[64];
    bool pending[64];
    /* Set by a test: where machine_halt goes, with the exit code in `halted`,
     * and where a wait goes that nothing can end.  Null: a fault. */
    jmp_buf *on_halt, *on_standstill;
    uint32_t halted;
    char printed[1024]; /* since simulator_begin */
    uint64_t satp;
    uint64_t numbers;   /* of address spaces, that are not the same to it */
    uint64_t forgotten; /* translations that were dropped */
    uint64_t fenced;    /* calls of machine_code_stored */
    /* Called in place of simulator_serve when an interrupt may be served. */
    void (*serve)(void);
};
extern struct simulator simulator;

/* Storage full of rubbish, the clock at `now`, no interrupts; 16 bits of a
 * number of an address space. */
void simulator_begin(uint64_t now);

/* The root begins, on a hart with so many bits. */
void simulator_begin_root(struct process *root, unsigned bits);

/* A trap begins, as a port's entry has it. */
void simulator_enter(void);

/* Serves what is due: the timer, and lines that are pending and enabled. */
void simulator_serve(void);

/* An access by the program of p, which runs, as the machine does it: true, and
 * the physical address; false: it would be a page fault. */
bool simulator_access(struct process *p, uint64_t address, uint64_t access,
                      uint64_t *ret_physical);

/* Has the process that runs its own address space, and is there a stored
 * translation that the tables do not give any more? */
const char *simulator_check(void);
