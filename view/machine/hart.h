/*
 * The hart's registers.  Only what a program can see, and nothing that is kept
 * for speed, so that it is a part of the state as it stands.
 *
 * H1  x[0] is 0; what is written to register 0 goes to x[32].
 * H2  A float in f is boxed: its upper half is all ones.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum mode { USER = 0, SUPERVISOR = 1 };

#define STATUS_SIE (UINT64_C(1) << 1)
#define STATUS_SPIE (UINT64_C(1) << 5)
#define STATUS_SPP (UINT64_C(1) << 8)
#define STATUS_FS (UINT64_C(3) << 13)
#define STATUS_SUM (UINT64_C(1) << 18)
#define STATUS_MXR (UINT64_C(1) << 19)

#define PENDING_SOFTWARE (UINT64_C(1) << 1)
#define PENDING_TIMER (UINT64_C(1) << 5)
#define PENDING_EXTERNAL (UINT64_C(1) << 9)

struct hart {
    uint64_t x[33];
    uint64_t f[32];
    uint64_t pc;
    uint64_t status, enabled, pending; /* sstatus, sie, sip */
    uint64_t vector, scratch, exception_pc, cause, value;
    uint64_t satp, counters, environment, compare;
    uint64_t reserved_at, reserved; /* by lr: the address, and what was there */
    uint8_t flags, rounding;        /* of floating point */
    uint8_t mode;
    bool waits;
};

enum cause {
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_USER_CALL = 8,
    CAUSE_FETCH_PAGE = 12,
    CAUSE_LOAD_PAGE = 13,
    CAUSE_STORE_PAGE = 15,
};
