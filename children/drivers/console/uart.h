/*
 * The serial line: a 16550A, run by its interrupts.
 *
 * U1  Bytes wait in two rings; they move to and from the device as far as it
 *     will take and give them, and nobody waits for it here.
 * U2  While the driver waits for an event, the device may interrupt exactly
 *     for what is left: for room in it while bytes wait to be sent, for
 *     received bytes while the ring has room for them.
 */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that can wait to be sent.  All that the driver says at once fits: an
 * item of output, the line being typed twice, and its own remarks. */
#define UART_SEND_BYTES 8192

/* Bytes that can wait to be looked at.  When so many wait, the next ones stay
 * in the device, which makes QEMU hold back its input: none is lost. */
#define UART_RECEIVE_BYTES 1024

/* Finds the interrupt line; gives up if it is not in sight.  `page` is the
 * address of the device's registers. */
void uart_open(uint64_t page, uint64_t line);

/* Receives and sends. */
void uart_run(void);

/* Before the driver waits: sends, and asks for the next interrupt.  Receives
 * nothing, since nobody would look at it.  Gives up if the interrupt line is
 * not this driver's. */
void uart_await_interrupt(void);

/* True if `buffer` was the message to the interrupt line, now answered. */
bool uart_interrupted(uint64_t buffer, uint64_t result);

/* Appends; without room the byte is lost. */
void uart_put(char c);
size_t uart_room(void);

/* True if the device has taken every byte. */
bool uart_idle(void);

/* The next received byte, left where it is or taken; -1: none. */
int uart_peek(void);
int uart_get(void);

/* Is such a byte among those received?  Costs a look at each. */
bool uart_holds(char c);

#endif
