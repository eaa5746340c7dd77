/*
 * The machine as a whole: its state, and what is kept beside it.
 *
 * W1  All that decides how the run goes on is in `hart`, `clock`, `alarm`, the
 *     devices and storage; the rest is kept for speed, or looks on.
 * W2  `limit` is where the clock may come to before somebody looks what is to
 *     be done: not beyond an alarm, and 0 when that is at once.
 */
#pragma once

#include "code.h"
#include "devices.h"
#include "hart.h"
#include "history.h"
#include "storage.h"

struct trap {
    unsigned cause;
    uint64_t value;
};

struct machine {
    struct hart hart;
    uint64_t clock;
    uint64_t passed; /* of it, while nothing was executed */
    uint64_t alarm[ALARMS];
    struct plic plic;
    struct uart uart;
    struct rtc rtc;
    struct disk disk;
    uint64_t traps; /* that the hart has gone back from */
    bool has_halted;
    uint32_t exit_status;
    uint32_t typed; /* so much of what history has was typed */
    uint64_t said;  /* bytes, of the console */

    struct storage storage;
    struct pages pages;
    struct history history;
    struct cache cache;
    uint64_t limit;
    struct trap trap; /* of the instruction that has just failed */
    bool stops;       /* machine_stop() */
    struct machine_config config;
    struct machine_onlooker onlooker;
    uint8_t sent[UART_SENT];
    uint32_t sent_count;
};

/* Does what has come due. */
void machine_look(struct machine *m);
/* An alarm at this time; MACHINE_NEVER: none. */
void machine_alarm(struct machine *m, enum alarm which, uint64_t when);
/* An interrupt of the hart is pending, or is not. */
void machine_pending(struct machine *m, uint64_t which, bool is);

/* Of whole pages, all zero; null: there is no room. */
void *machine_room(uint64_t bytes);
