/* A port's registers of the hart, in its stand-in: satp keeps the number of an
 * address space as far as simulator.numbers goes. */
#pragma once

#include "simulator.h"

#define csr_read(csr) (simulator.csr)
#define csr_write(csr, value) (simulator.csr = simulator_##csr(value))
#define instruction(text) ((void)0)

static inline uint64_t simulator_satp(uint64_t value)
{
    return value & ~((0xffff & ~simulator.numbers) << 44);
}
