/*
 * The devices, each as QEMU's machine `virt` has it, and at the same place.
 *
 * D1  A line's level is told to the PLIC when a device's state has been looked
 *     at, as QEMU does it: also if it has not changed.  A low one changes
 *     nothing there.
 */
#pragma once

#include "machine.h"

#define TEST_AT UINT64_C(0x100000)
#define RTC_AT UINT64_C(0x101000)
#define PLIC_AT UINT64_C(0xc000000)
#define PLIC_BYTES UINT64_C(0x600000)
#define UART_AT UINT64_C(0x10000000)
#define VIRTIO_AT UINT64_C(0x10001000)
#define VIRTIO_COUNT 8
#define DISK_AT (VIRTIO_AT + 7 * 0x1000) /* where QEMU has its first one */

enum { VIRTIO_LINE = 1, DISK_LINE = 8, UART_LINE = 10, RTC_LINE = 11 };

/* What happens by itself, at a time of the clock. */
enum alarm { ALARM_COMPARE, ALARM_RTC, ALARM_UART, ALARM_DISK, ALARMS };

struct plic {
    uint32_t priority[96];
    uint32_t pending[3], claimed[3], enable[3], threshold;
};

#define UART_FIFO 16
#define UART_TYPED 4096
#define UART_SENT 65536
struct uart {
    uint8_t ier, iir, fcr, lcr, mcr, lsr, msr, scr;
    uint16_t divider;
    bool room_told, timeout_told; /* thr_ipending and timeout_ipending */
    uint8_t received;             /* without a FIFO */
    uint8_t fifo[UART_FIFO];
    uint32_t fifo_at, fifo_count;
    uint8_t typed[UART_TYPED];
    uint32_t typed_at, typed_count;
};

struct rtc {
    uint64_t offset, alarm;
    uint32_t high; /* of what was read last */
    bool is_set, is_pending, is_enabled;
};

struct disk {
    uint32_t status, features_word, accepted_word, interrupt;
    uint64_t accepted;
    uint32_t size; /* of the queue */
    uint32_t ready;
    uint64_t place[3]; /* of descriptors, available, used */
    uint16_t taken, put;
};

void plic_begin(struct machine *m);
bool plic_load(struct machine *m, uint64_t offset, uint64_t *ret);
bool plic_store(struct machine *m, uint64_t offset, uint64_t value);
void plic_line(struct machine *m, unsigned line, bool level);

void uart_begin(struct machine *m);
bool uart_load(struct machine *m, uint64_t offset, uint64_t *ret);
bool uart_store(struct machine *m, uint64_t offset, uint64_t value);
void uart_send(struct machine *m, uint8_t byte);
void uart_alarm(struct machine *m);
/* There is room for it. */
void uart_type(struct machine *m, const uint8_t *bytes, size_t count);

bool rtc_load(struct machine *m, uint64_t offset, uint64_t *ret);
bool rtc_store(struct machine *m, uint64_t offset, uint64_t value);
void rtc_alarm(struct machine *m);

void disk_begin(struct machine *m);
bool virtio_load(struct machine *m, uint64_t offset, uint64_t *ret);
bool disk_store(struct machine *m, uint64_t offset, uint64_t value);
void disk_alarm(struct machine *m);

bool power_store(struct machine *m, uint64_t offset, uint64_t value);

/* What an instruction loads from, or stores into, outside of storage.  False:
 * there is nothing that takes it. */
bool device_load(struct machine *m, uint64_t address, unsigned bytes,
                 uint64_t *ret);
bool device_store(struct machine *m, uint64_t address, unsigned bytes,
                  uint64_t value);
