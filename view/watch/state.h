/*
 * What is true in the nucleus now, as JSON: one object for all, and one each
 * for a process's storage and for the way of a page.
 */
#pragma once

#include "json.h"
#include "tables.h"

/* All processes and all buffers in use:
 *
 *   running, payer   index of a process; 0: none
 *   idle, firmware, slice   ticks of 100 ns
 *   processes: [{
 *     index, name, parent, number, depth, horizon, pseudo, special
 *     wait   "not", "message", "answer", "event", "break"
 *     waitFor   index of the buffer; 0: none
 *     stopped, dying
 *     queue, held, sent   indices of buffers, in order; of `held` the last is
 *                         what it works on, if `works`
 *     claims   [[received, free, given], ...]: buffers, processes, tables
 *     share, credit, time, timeBelow   ticks
 *     pages   with a window
 *     mask, identity, server }]
 *   buffers: [{ index, identity, state, sender, receiver, external, isBreak,
 *     regretted, result, account, words: 8 }]
 *
 * A spare buffer is counted as free, as `describe` does. */
void state_write(const struct tables *t, struct json *j);

/* Windows of a process from a page on, so many ranges at most:
 * { windows: [{ page, onto, rights, composed, count }], next }; `next` is the
 * page to go on with, or -1. */
void state_windows(const struct tables *t, uint32_t process, uint64_t page,
                   unsigned most, struct json *j);

/* A page of a process, window by window, up to the physical page:
 * [{ process, page, rights, composed, window }]; the last one has no window if
 * a window is missing there, and is the root otherwise. */
void state_way(const struct tables *t, uint32_t process, uint64_t page,
               struct json *j);

/* The 32 registers of a process as its record has them, the pc first. */
void state_registers(const struct tables *t, uint32_t process, struct json *j);

/* Names of enumerations of the interface, as documents have them. */
const char *state_wait_name(uint64_t wait);
const char *state_buffer_name(uint64_t state);
