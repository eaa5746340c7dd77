/* Which device is the disk, of those that the parent has lent. */
#ifndef FIND_H
#define FIND_H

#include <stdint.h>

/* The first virtio disk in the device tree whose registers this process has;
 * null: there is none.  *ret_line is its interrupt line. */
volatile uint32_t *find_disk(uint64_t *ret_line);

#endif
