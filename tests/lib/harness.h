/*
 * A test program: the root of the boot image, which runs its tests one after
 * another and powers off.
 *
 *     static void claim_used_up(void) { ... expect_result(...) ... }
 *
 *     const struct test tests[] = {
 *         { "message.send.claim_used_up", claim_used_up },
 *         { NULL },
 *     };
 *
 * Each test runs in a process of its own, a child of the root named "test",
 * with known claims, the whole program, and the arena (family.h).  So a test
 * that breaks or hangs is reported and removed, and the next one runs.
 *
 * After each test the harness expects that the test has removed what it made
 * (its claims are whole, nothing is queued, held or sent), and, when it has
 * removed the test, that the root owns all that it owned before.
 */
#pragma once

#include "expect.h"
#include "family.h"

#include <stddef.h>

#define TEST_NUMBER 1 /* of the child "test" */
#define TEST_BUFFERS 64
#define TEST_PROCESSES 48
#define TEST_TABLES 256
#define TEST_SECONDS 20

#define LINE_UART 10
#define LINE_CLOCK 11 /* the goldfish real-time clock */
#define LINE_SET(line) (UINT64_C(1) << (line))
#define UART_PAGE UINT64_C(0x10000000)
#define CLOCK_PAGE UINT64_C(0x101000)

/* The 16550: with the transmitter empty, enabling its interrupt raises it. */
#define UART_INTERRUPTS ((volatile uint8_t *)UART_PAGE + 1)
#define UART_WHEN_EMPTY 2

/* A process has the UART's registers, as its parent has.  Result as of map. */
static inline uint64_t uart_lend(uint64_t reference)
{
    return family_lend(reference, UART_PAGE, KERNE_PAGE,
                       KERNE_READ | KERNE_WRITE);
}

struct test {
    const char *name;
    void (*function)(void);
    bool as_root;       /* run by the root itself */
    uint64_t buffers;   /* 0: TEST_BUFFERS */
    uint64_t processes; /* 0: TEST_PROCESSES */
    uint64_t tables;    /* 0: TEST_TABLES */
    uint64_t lines;     /* LINE_SET() of interrupt lines that it is user of */
    bool devices;       /* the pages of UART and real-time clock are mapped */
    unsigned seconds;   /* deadline; 0: TEST_SECONDS */
};

extern const struct test tests[];
