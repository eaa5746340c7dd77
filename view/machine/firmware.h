/*
 * What the firmware takes, in instructions: as OpenSBI 1.1 on QEMU 7.2, on the
 * machine that ./run starts.  So the clock stands at each moment where it would
 * there, and a tick of it comes at the same instruction.
 */
#pragma once

#include "machine.h"

#define FIRMWARE_PUTCHAR 335
#define FIRMWARE_NEW_LINE 390 /* it sends a carriage return before it */
#define FIRMWARE_TIMER 277
#define FIRMWARE_BASE 244

/* From the beginning until the nucleus begins. */
uint64_t firmware_begin(const struct machine_config *config);
/* To hand on a trap that is not delegated to the supervisor. */
uint64_t firmware_trap(uint64_t cause, uint64_t value);
