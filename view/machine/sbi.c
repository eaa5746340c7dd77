#include "sbi.h"

#include "control.h"
#include "firmware.h"

enum extension {
    LEGACY_TIMER = 0,
    LEGACY_PUTCHAR = 1,
    LEGACY_GETCHAR = 2,
    LEGACY_SHUTDOWN = 8,
    BASE = 0x10,
    TIMER = 0x54494d45,
    RESET = 0x53525354,
};
enum { NOT_SUPPORTED = -2 };

static void answer(struct machine *m, int64_t error, uint64_t value)
{
    m->hart.x[10] = (uint64_t)error;
    m->hart.x[11] = value;
}

static void print(struct machine *m, uint8_t byte)
{
    if (byte == '\n') { uart_send(m, '\r'); }
    uart_send(m, byte);
    m->clock += byte == '\n' ? FIRMWARE_NEW_LINE : FIRMWARE_PUTCHAR;
    m->hart.x[10] = 0;
}

static void base(struct machine *m)
{
    uint64_t asked = m->hart.x[10];
    switch (m->hart.x[16]) {
    case 0: answer(m, 0, UINT64_C(1) << 24); break; /* version 1.0 */
    case 3:
        answer(m, 0,
               asked == BASE || asked == TIMER || asked == RESET ||
                   asked <= LEGACY_PUTCHAR || asked == LEGACY_SHUTDOWN);
        break;
    default: answer(m, m->hart.x[16] < 7 ? 0 : NOT_SUPPORTED, 0);
    }
}

void sbi_call(struct machine *m)
{
    uint64_t *x = m->hart.x;
    switch (x[17]) {
    case LEGACY_TIMER:
        control_compare(m, x[10]);
        x[10] = 0;
        break;
    case LEGACY_PUTCHAR: print(m, (uint8_t)x[10]); break;
    case LEGACY_GETCHAR: x[10] = UINT64_MAX; break;
    case LEGACY_SHUTDOWN: power_store(m, 0, 0x5555); break;
    case BASE:
        base(m);
        m->clock += FIRMWARE_BASE;
        break;
    case TIMER:
        control_compare(m, x[10]);
        answer(m, 0, 0);
        m->clock += FIRMWARE_TIMER;
        break;
    case RESET: power_store(m, 0, x[10] == 0 ? 0x5555 : 0x7777); break;
    default: answer(m, NOT_SUPPORTED, 0);
    }
}
