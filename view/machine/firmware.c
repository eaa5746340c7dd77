#include "firmware.h"

#include "hart.h"

enum {
    /* From the reset to the nucleus, and what the nucleus takes to read the
     * device tree of QEMU longer than that of this machine: so the clock stands
     * as there when the root begins. */
    BOOT = 11985329 + 72925,
    /* More, if the device tree has arguments, and for each word of them but the
     * first. */
    BOOT_ARGUMENTS = 68183,
    BOOT_WORD = 140,
};

/* The firmware looks first whether it can stand in for an instruction. */
enum {
    ILLEGAL = 311,
    ILLEGAL_SHORT = 331,
    ILLEGAL_FENCE = 316,
    ILLEGAL_SYSTEM = 407,
    ILLEGAL_COUNTER = 469,    /* one of the sixteen that QEMU has */
    ILLEGAL_NO_COUNTER = 402, /* one of those behind them */
    MISALIGNED = 392,
    NO_ACCESS = 268,
    NO_ACCESS_FETCH = 237,
};

uint64_t firmware_begin(const struct machine_config *config)
{
    uint64_t megabytes = config->storage_bytes >> 20, words = 0;
    uint64_t takes = BOOT;
    takes += (uint64_t)(megabytes >= 256) + (megabytes >= 1024);
    if (config->arguments == NULL) { return takes; }
    while (config->arguments[words] != '\0') { words++; }
    return takes + BOOT_ARGUMENTS + words / 4 * BOOT_WORD;
}

static uint64_t illegal(uint64_t bits)
{
    uint64_t counter = (bits >> 20) - 0xc03;
    if ((bits & 3) != 3) { return ILLEGAL_SHORT; }
    switch (bits & 0x7c) {
    case 0x0c: return ILLEGAL_FENCE;
    case 0x70: break;
    default: return ILLEGAL;
    }
    if (counter >= 29) { return ILLEGAL_SYSTEM; }
    return counter < 16 ? ILLEGAL_COUNTER : ILLEGAL_NO_COUNTER;
}

uint64_t firmware_trap(uint64_t cause, uint64_t value)
{
    switch (cause) {
    case CAUSE_ILLEGAL: return illegal(value);
    case CAUSE_FETCH_ACCESS: return NO_ACCESS_FETCH;
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS: return NO_ACCESS;
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_STORE_MISALIGNED: return MISALIGNED;
    }
    return 0;
}
