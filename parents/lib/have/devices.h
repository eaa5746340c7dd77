/*
 * The devices that a parent owns, and their lending to children.
 *
 * A device is lent by a window onto its registers, at the address at which
 * the parent itself has them, and by the right to its interrupt line.  While
 * it is lent the parent leaves the registers alone.  When it comes back, the
 * window is closed and the device is reset before anything else happens: from
 * then on it neither interrupts nor touches storage on behalf of its last
 * user (design, section 7).
 *
 *   D1  a device is lent to one child at a time
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stdint.h>

#define DEVICES_MAX 24
#define DEVICES_CHILD_TABLES 2 /* window tables that one device may cost */

enum device_kind {
    DEVICE_UART,   /* ns16550a */
    DEVICE_CLOCK,  /* goldfish real-time clock */
    DEVICE_VIRTIO, /* virtio over memory-mapped registers */
    DEVICE_POWER,  /* test device: power off */
    DEVICE_DISK,   /* the same as virtio, and it is a disk */
};

struct device {
    enum device_kind kind;
    uint64_t address; /* of its first register, as the parent sees it */
    uint64_t pages;
    uint64_t line;   /* 0: none */
    uint64_t holder; /* reference of the child that has it; 0: none */
};

struct devices {
    unsigned count;
    struct device table[DEVICES_MAX];
};

/* What the device tree names, this file knows, and the caller has registers of:
 * with them goes the line, free or lent on.  To be called again when that may
 * have changed; who has what stays noted.  With an empty tree, none.
 * *devices is all zero before the first call. */
void devices_read(struct devices *devices, struct kerne_range device_tree);

/* "uart", "rtc", "power", "disk", "virtio". */
const char *device_name(const struct device *device);

/* The first device of a kind, or at a line; null: none. */
struct device *device_of_kind(struct devices *devices, enum device_kind kind);
struct device *device_at_line(struct devices *devices, uint64_t line);

/* Lends a device that nobody has.  The result is the nucleus's; with any but
 * normal nothing is lent. */
uint64_t device_lend(struct device *device, uint64_t child);

/* Takes a device back and resets it.  Refused (line in use) while the holder
 * has lent it on; `by_force` takes registers and reset all the same, for a
 * child that is stopped and is removed next, which returns the line. */
uint64_t device_take_back(struct device *device, bool by_force);

/* Takes back, by force, all that a child has. */
void devices_take_back_all(struct devices *devices, uint64_t child);

/* Nanoseconds since 1970-01-01, from a clock that nobody has. */
uint64_t device_clock_read(const struct device *device);

/* Writes text to a UART that nobody has, waiting for each character: for a
 * parent's last words, when no driver could be started. */
void device_uart_say(const struct device *device, const char *text);

/* Switches the machine off.  QEMU ends with this exit status. */
void device_power_off(const struct device *device, unsigned status);
