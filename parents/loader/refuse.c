/*
 * The last words.  There is no driver yet, and nobody to turn to: the root's
 * pages at the addresses of devices are the devices.
 */
#include "root.h"

_Noreturn void root_refuse(const struct root *root, const char *words)
{
    device_uart_say(&root->uart, "boot: the root's program ");
    device_uart_say(&root->uart, words);
    device_uart_say(&root->uart, "\r\nThe machine halts; see README.md on boot "
                                 "images.\r\n");
    device_power_off(&root->power, 1);
    for (;;) {}
}
