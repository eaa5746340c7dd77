#include "tap.h"

#include <stdarg.h>

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

static void put_text(const char *text)
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

void tap_print(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    for (; *format; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        switch (*++format) {
        case 's': put_text(va_arg(values, const char *)); break;
        case 'u': put_in_base(va_arg(values, unsigned), 10); break;
        case 'l':
            format++;
            put_in_base(va_arg(values, uint64_t), 10);
            break;
        case '#':
            format += 2;
            put_text("0x");
            put_in_base(va_arg(values, uint64_t), 16);
            break;
        default: put(*format);
        }
    }
    va_end(values);
}

void tap_begin(void) { put_text("TAP version 14\n"); }

static void begin_result(bool good, const char *name)
{
    results++;
    failures += !good;
    tap_print("%s %u - %s", good ? "ok" : "not ok", results, name);
}

void tap_result(bool good, const char *name)
{
    begin_result(good, name);
    put_text("\n");
}

void tap_skip(const char *name, const char *reason)
{
    begin_result(true, name);
    tap_print(" # SKIP %s\n", reason);
}

_Noreturn void tap_end(void)
{
    tap_print("1..%u\n", results);
    tap_power_off(failures ? 1 : 0);
}

_Noreturn void tap_power_off(unsigned status)
{
    volatile uint32_t *device = (volatile uint32_t *)TEST_DEVICE;
    *device = status ? status << 16 | TEST_DEVICE_BAD : TEST_DEVICE_GOOD;
    for (;;) {}
}
