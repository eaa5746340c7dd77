#include "tap.h"

#define UART UINT64_C(0x10000000)
#define UART_LINE_STATUS 5
#define UART_CAN_TAKE 0x20
#define TEST_DEVICE UINT64_C(0x100000)
#define TEST_DEVICE_GOOD 0x5555u
#define TEST_DEVICE_BAD 0x3333u

static unsigned results;
static unsigned failures;

static void put(char character)
{
    volatile uint8_t *uart = (volatile uint8_t *)UART;
    while (!(uart[UART_LINE_STATUS] & UART_CAN_TAKE)) {}
    uart[0] = (uint8_t)character;
}

void tap_text(const char *text)
{
    while (*text) { put(*text++); }
}

static void put_in_base(uint64_t number, unsigned base)
{
    char digits[24];
    unsigned count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number);
    while (count) { put(digits[--count]); }
}

void tap_number(uint64_t number) { put_in_base(number, 10); }

void tap_hexadecimal(uint64_t number)
{
    tap_text("0x");
    put_in_base(number, 16);
}

void tap_begin(void) { tap_text("TAP version 14\n"); }

static void begin_result(bool good, const char *name)
{
    results++;
    failures += !good;
    tap_text(good ? "ok " : "not ok ");
    tap_number(results);
    tap_text(" - ");
    tap_text(name);
}

void tap_result(bool good, const char *name)
{
    begin_result(good, name);
    tap_text("\n");
}

void tap_skip(const char *name, const char *reason)
{
    begin_result(true, name);
    tap_text(" # SKIP ");
    tap_text(reason);
    tap_text("\n");
}

void tap_remark(void) { tap_text("# "); }

_Noreturn void tap_end(void)
{
    tap_text("1..");
    tap_number(results);
    tap_text("\n");
    tap_power_off(failures ? 1 : 0);
}

_Noreturn void tap_power_off(unsigned status)
{
    volatile uint32_t *device = (volatile uint32_t *)TEST_DEVICE;
    *device = status ? status << 16 | TEST_DEVICE_BAD : TEST_DEVICE_GOOD;
    for (;;) {}
}
