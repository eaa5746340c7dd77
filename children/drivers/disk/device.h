/*
 * The device: a virtio disk over memory-mapped registers, as version 1.2 of
 * the specification has it in chapters 2.7, 4.2 and 5.2 (the modern form).
 *
 * V1  A request has a slot from its beginning until the device says that it is
 *     done, or is reset; nothing else ends that, so no page is used for
 *     anything else while the device may reach it.
 * V2  What the device says is not believed: a number that is no busy slot is
 *     passed over, a status that it does not have is an error, and so is input
 *     of which it wrote less than was asked for.
 * V3  A slot's entries, header and status lie in one page; nothing else needs
 *     pages that are neighbours in the machine.
 * V4  A message of the driver always waits at the interrupt line while it waits
 *     for anything.
 * V5  A device that does not do a request has none in the end: it is reset,
 *     which takes from it all pages that it could reach, and begins anew.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <segments.h>

#define DEVICE_SLOTS 16 /* requests that are under way at once, at most */
#define DEVICE_PAGES 17 /* of one request */
/* Seconds that a request may take; it may take twice as many before that is
 * noticed (V5). */
#define DEVICE_PATIENCE 30

enum device_operation {
    DEVICE_INPUT = 0,
    DEVICE_OUTPUT = 1,
    DEVICE_FLUSH = 4,
};

struct device_request {
    enum device_operation operation;
    uint64_t segment;
    const uint64_t *page; /* their physical addresses */
    uint32_t offset;      /* of the first byte in the first page */
    uint32_t bytes;       /* 0: of flush; at most device.largest segments */
};

struct device {
    uint64_t segments; /* as many as it has now */
    uint64_t largest;  /* of one request, in segments */
    uint64_t block;    /* only multiples of so many segments, a power of 2 */
    uint64_t patience; /* as DEVICE_PATIENCE; 0, without a clock: for ever */
    bool is_writable;
    bool keeps_back; /* what was output, until a flush */
};
extern struct device device;

/* Finds, among the registers that this process has been lent, those of a disk,
 * by its device tree; resets it and begins.  Null: it is ready; else why there
 * is no disk that can be used, as a sentence. */
const char *device_open(void);

/* Where a page of the driver's own is for the device.  Gives up, in words, if
 * it may not know. */
uint64_t device_sees(const volatile void *page);

/* A free slot, or DEVICE_SLOTS: there is none. */
unsigned device_free_slot(void);

/* Puts a request into the device's queue; the device is told of all that are
 * there at once. */
void device_begin(unsigned slot, const struct device_request *request);
void device_tell(void);

/* The next slot that the device is done with, and its status; false: none. */
bool device_done(unsigned *ret_slot, uint64_t *ret_status);

/* Before the driver waits; then, with the answer that came: true: by the clock.
 * Gives up if the interrupt line is not its own. */
void device_await(void);
bool device_answer(uint64_t buffer, uint64_t result);

/* When the clock has answered: does a request take too long, of all that
 * device_done() has not told?  Then the device has begun anew, and
 * device_take_back() tells of each slot whether it had a request, which is
 * over.  Gives up, in words, if it cannot begin. */
bool device_is_silent(void);
bool device_take_back(unsigned slot);

#endif
