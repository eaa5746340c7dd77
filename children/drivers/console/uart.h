/*
 * The serial line: a 16550A, run by its interrupts.
 *
 * U1  Bytes wait in two rings; they move to and from the device as far as it
 *     will take and give them, and nobody waits for it here.
 * U2  While the driver waits for an event, the device may interrupt exactly
 *     for what is left: for room in it while bytes wait to be sent, for
 *     received bytes while the ring has room for them.
 * U3  Whoever types is told to stop long before the ring is full, and to go on
 *     when it is nearly empty: so what overtakes finds room.  Nothing is lost
 *     if he does not obey.
 * U4  Control C takes back all that was received and not taken, at once.
 * U5  While keys and bytes are a program's, no byte is a sign, either way, if
 *     nobody obeys; to who obeys they are written so that he can tell.
 *
 * ./run obeys, says so, and tells how much it dropped itself: tools/relay.py.
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
#define UART_RECEIVE_BYTES 16384
#define UART_STOP_BYTES 4096 /* behind these, others may be on their way */
#define UART_GO_ON_BYTES 1024

/* Finds the interrupt line; gives up if it is not in sight.  `page` is the
 * address of the device's registers. */
void uart_open(uint64_t page, uint64_t line);

/* Receives and sends. */
void uart_run(void);

/* Sends; true if that were the last bytes, so that an item can begin. */
bool uart_drained(void);

/* Before the driver waits: asks for the next interrupt.  Receives
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

/* Keys and bytes are a program's from now on, or no longer. */
void uart_set_raw(bool raw);
void uart_put_raw(char c); /* room for two */

/* True once for each time ./run has told a size of the terminal. */
bool uart_size(size_t *ret_rows, size_t *ret_columns);

/* The next received byte, left where it is or taken; -1: none. */
int uart_peek(void);
int uart_get(void);

/* Is it ./run that types, for a person's terminal? */
bool uart_obeyed(void);

/* The attention key, also while keys are a program's: control ]. */
#define UART_LEAD_BACK 0x1d

/* How many received bytes stand before the first attention key: that, or an
 * escape that does not begin another key, and is no program's;
 * UART_NO_ATTENTION: there is none. */
#define UART_NO_ATTENTION SIZE_MAX
size_t uart_before_attention(void);

/*
 * Lets the attention key overtake those bytes, and so whatever is typed behind
 * it.  When the attention line is closed, they come back, or, if lines go
 * elsewhere now, they are dropped; with them what waits at the sender, and so
 * many bytes that were taken already.
 */
void uart_overtake(void);
void uart_attention_closed(bool goes_elsewhere, size_t also_dropped);

/* Bytes that were dropped: by control C, or as above; the sender's included.
 * True once for each, as soon as all is known. */
struct uart_dropped {
    bool by_control_c;
    uint64_t bytes;
};
bool uart_dropped(struct uart_dropped *ret_dropped);

#endif
