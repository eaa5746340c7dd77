/*
 * The last words.  There is no driver yet, and nobody to turn to: the root's
 * pages at the addresses of devices are the devices.
 */
#include "root.h"

enum {
    UART_DATA = 0,
    UART_LINE_STATUS = 5,
    UART_CAN_SEND = 0x20,
    POWER_FAIL = 1 << 16 | 0x3333, /* QEMU ends with exit status 1 */
};

static void print(const struct root_machine *machine, const char *text)
{
    volatile uint8_t *uart = (volatile uint8_t *)machine->uart;
    for (; *text != '\0'; text++) {
        if (*text == '\n') { print(machine, "\r"); }
        while ((uart[UART_LINE_STATUS] & UART_CAN_SEND) == 0) {}
        uart[UART_DATA] = (uint8_t)*text;
    }
}

_Noreturn void root_refuse(const struct root_machine *machine,
                           const char *words)
{
    print(machine, "boot: the root's program ");
    print(machine, words);
    print(machine, "\nThe machine halts; see README.md on boot images.\n");
    *(volatile uint32_t *)machine->power = POWER_FAIL;
    for (;;) {}
}
