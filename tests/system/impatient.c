/* The disk's driver, but that it waits for no request longer than two seconds:
 * for disk.py and store.py. */
#include "../../children/drivers/disk/device.h"

static const char *impatient_open(void)
{
    const char *why = device_open();
    if (device.patience > 0) { device.patience = 1; }
    return why;
}

#define device_open impatient_open
#include "../../children/drivers/disk/disk.c"
