#include "uart.h"

#include <program.h>
#include <stdio.h>

/* The registers, by their offset in bytes, and the bits that are used. */
enum uart_register {
    UART_DATA = 0,
    UART_INTERRUPT_ENABLE = 1,
    UART_FIFO_CONTROL = 2,
    UART_LINE_CONTROL = 3,
    UART_MODEM_CONTROL = 4,
    UART_LINE_STATUS = 5,
};
#define ENABLE_RECEIVED 1u
#define ENABLE_ROOM 2u
#define FIFO_ON 1u /* interrupts at the first byte received */
#define LINE_8N1 3u
#define MODEM_READY 0xbu /* terminal ready, request to send, interrupts */
#define STATUS_RECEIVED 1u
#define STATUS_ROOM 0x20u /* the whole FIFO is empty */
#define FIFO_BYTES 16

struct ring {
    char *byte;
    size_t size; /* a power of two */
    size_t put;  /* counts all bytes ever put, and taken */
    size_t taken;
};

static char send_bytes[UART_SEND_BYTES];
static char receive_bytes[UART_RECEIVE_BYTES];
static struct ring to_send = { send_bytes, UART_SEND_BYTES, 0, 0 };
static struct ring received = { receive_bytes, UART_RECEIVE_BYTES, 0, 0 };

static volatile uint8_t *registers;
static uint64_t line_address;
static uint64_t awaiting; /* the message to the line, or 0 */
static uint8_t enabled;

static size_t ring_used(const struct ring *ring)
{
    return ring->put - ring->taken;
}

static void ring_put(struct ring *ring, char c)
{
    if (ring_used(ring) < ring->size) {
        ring->byte[ring->put++ & (ring->size - 1)] = c;
    }
}

static char ring_take(struct ring *ring)
{
    return ring->byte[ring->taken++ & (ring->size - 1)];
}

void uart_open(uint64_t page, uint64_t line)
{
    char name[KERNE_NAME_BYTES];
    (void)snprintf(name, sizeof(name), "line%u", (unsigned)line);
    line_address = kerne_find(name);
    registers = (volatile uint8_t *)page;
    registers[UART_LINE_CONTROL] = LINE_8N1;
    registers[UART_FIFO_CONTROL] = FIFO_ON;
    registers[UART_MODEM_CONTROL] = MODEM_READY;
    registers[UART_INTERRUPT_ENABLE] = 0;
}

static void receive(void)
{
    while (ring_used(&received) < received.size &&
           (registers[UART_LINE_STATUS] & STATUS_RECEIVED)) {
        ring_put(&received, (char)registers[UART_DATA]);
    }
}

static void send(void)
{
    while (!uart_idle() && (registers[UART_LINE_STATUS] & STATUS_ROOM)) {
        for (int i = 0; i < FIFO_BYTES && !uart_idle(); i++) {
            registers[UART_DATA] = (uint8_t)ring_take(&to_send);
        }
    }
}

static void enable_interrupts(void)
{
    unsigned wanted = 0;
    if (ring_used(&received) < received.size) { wanted |= ENABLE_RECEIVED; }
    if (!uart_idle()) { wanted |= ENABLE_ROOM; }
    if (wanted != enabled) {
        enabled = (uint8_t)wanted;
        registers[UART_INTERRUPT_ENABLE] = enabled;
    }
}

static void send_await(void)
{
    struct kerne_words message = {
        { KERNE_OPERATION(KERNE_LINE_AWAIT, 0) },
    };
    uint64_t result = kerne_send_message(line_address, &message, &awaiting);
    if (result != KERNE_r_normal) {
        kerne_give_up("console: cannot await interrupts: %s",
                      kerne_result_text(result));
    }
}

void uart_run(void)
{
    receive();
    send();
}

void uart_await_interrupt(void)
{
    send();
    enable_interrupts();
    if (awaiting == 0) { send_await(); }
}

bool uart_interrupted(uint64_t buffer, uint64_t result)
{
    if (buffer != awaiting) { return false; }
    awaiting = 0;
    if (result != KERNE_r_normal) {
        kerne_give_up("console: the interrupt line is not this driver's: %s",
                      kerne_result_text(result));
    }
    return true;
}

void uart_put(char c) { ring_put(&to_send, c); }

size_t uart_room(void) { return to_send.size - ring_used(&to_send); }

bool uart_idle(void) { return ring_used(&to_send) == 0; }

int uart_peek(void)
{
    size_t next = received.taken & (received.size - 1);
    return ring_used(&received) > 0 ? (unsigned char)received.byte[next] : -1;
}

int uart_get(void)
{
    return ring_used(&received) > 0 ? (unsigned char)ring_take(&received) : -1;
}

bool uart_holds(char c)
{
    for (size_t i = received.taken; i != received.put; i++) {
        if (received.byte[i & (received.size - 1)] == c) { return true; }
    }
    return false;
}
