/* The serial console: a 16550, as QEMU has it. */
#include "whole.h"

enum {
    DATA,
    ENABLE,
    IDENTITY,
    LINE,
    MODEM,
    LINE_STATUS,
    MODEM_STATUS,
    SCRATCH
};
enum { FIFO = IDENTITY }; /* when it is written */

#define ENABLE_RECEIVED 1u
#define ENABLE_ROOM 2u
#define ENABLE_LINE 4u
#define IDENTITY_NONE 1u
#define IDENTITY_ROOM 2u
#define IDENTITY_RECEIVED 4u
#define IDENTITY_LINE 6u
#define IDENTITY_LATE 0xcu
#define IDENTITY_FIFO 0xc0u
#define FIFO_ON 1u
#define FIFO_EMPTY_RECEIVED 2u
#define FIFO_EMPTY_SENT 4u
#define LINE_DIVIDER 0x80u
#define MODEM_LOOP 0x10u
#define STATUS_RECEIVED 1u
#define STATUS_ERRORS 0x1eu
#define STATUS_ROOM 0x20u
#define STATUS_EMPTY 0x40u

static bool has_fifo(const struct uart *uart) { return uart->fcr & FIFO_ON; }

/* So many received bytes interrupt. */
static unsigned enough(const struct uart *uart)
{
    static const uint8_t by_level[] = { 1, 4, 8, 14 };
    return by_level[uart->fcr >> 6];
}

static unsigned reason(const struct uart *u)
{
    if ((u->ier & ENABLE_LINE) && (u->lsr & STATUS_ERRORS)) {
        return IDENTITY_LINE;
    }
    if ((u->ier & ENABLE_RECEIVED) && u->timeout_told) { return IDENTITY_LATE; }
    if ((u->ier & ENABLE_RECEIVED) && (u->lsr & STATUS_RECEIVED) &&
        (!has_fifo(u) || u->fifo_count >= enough(u))) {
        return IDENTITY_RECEIVED;
    }
    return (u->ier & ENABLE_ROOM) && u->room_told ? IDENTITY_ROOM
                                                  : IDENTITY_NONE;
}

static void look(struct machine *m)
{
    struct uart *uart = &m->uart;
    unsigned why = reason(uart);
    uart->iir = (uint8_t)(why | (uart->iir & 0xf0));
    plic_line(m, UART_LINE, why != IDENTITY_NONE);
}

/* As OpenSBI leaves it. */
void uart_begin(struct machine *m)
{
    m->uart = (struct uart){
        .iir = IDENTITY_FIFO | IDENTITY_NONE,
        .fcr = FIFO_ON,
        .lcr = 3,
        .lsr = STATUS_ROOM | STATUS_EMPTY,
        .msr = 0xb0,
        .divider = 2,
    };
}

/* ---- received ------------------------------------------------------------ */

/* Four characters' time, of ten bits each. */
static uint64_t patience(const struct uart *uart)
{
    uint64_t divider = uart->divider == 0 ? 1 : uart->divider;
    return UINT64_C(4) * 10 * 1000000000 * divider / 115200;
}

static bool has_room(const struct uart *uart)
{
    return has_fifo(uart) ? uart->fifo_count < UART_FIFO
                          : (uart->lsr & STATUS_RECEIVED) == 0;
}

static void fill(struct machine *m)
{
    struct uart *uart = &m->uart;
    bool is_new = uart->typed_count > 0 && has_room(uart);
    while (uart->typed_count > 0 && has_room(uart)) {
        uint8_t byte = uart->typed[uart->typed_at++ % UART_TYPED];
        uart->typed_count--;
        uart->received = byte;
        uart->lsr |= STATUS_RECEIVED;
        if (has_fifo(uart)) {
            uart->fifo[(uart->fifo_at + uart->fifo_count++) % UART_FIFO] = byte;
        }
    }
    if (!is_new) { return; }
    if (has_fifo(uart)) {
        machine_alarm(m, ALARM_UART, m->clock + patience(uart));
    }
    look(m);
}

void uart_type(struct machine *m, const uint8_t *bytes, size_t count)
{
    struct uart *uart = &m->uart;
    for (size_t i = 0; i < count; i++) {
        uart->typed[(uart->typed_at + uart->typed_count++) % UART_TYPED] =
            bytes[i];
    }
    fill(m);
}

void uart_alarm(struct machine *m)
{
    if (m->uart.fifo_count > 0) {
        m->uart.timeout_told = true;
        look(m);
    }
}

static uint8_t take(struct machine *m)
{
    struct uart *uart = &m->uart;
    uint8_t byte = uart->received;
    if (has_fifo(uart)) {
        byte = 0;
        if (uart->fifo_count > 0) {
            byte = uart->fifo[uart->fifo_at++ % UART_FIFO];
            uart->fifo_count--;
        }
        uart->timeout_told = false;
        machine_alarm(m, ALARM_UART,
                      uart->fifo_count > 0 ? m->clock + patience(uart)
                                           : MACHINE_NEVER);
    }
    if (uart->fifo_count == 0) { uart->lsr &= (uint8_t)~STATUS_RECEIVED; }
    look(m);
    fill(m);
    return byte;
}

/* ---- sent ---------------------------------------------------------------- */

void uart_send(struct machine *m, uint8_t byte)
{
    history_say(m, byte);
    if (m->sent_count < UART_SENT) { m->sent[m->sent_count++] = byte; }
    if (m->sent_count >= UART_SENT - 64) { machine_stop(m); }
}

static void send(struct machine *m, uint8_t byte)
{
    struct uart *uart = &m->uart;
    uart->room_told = false;
    look(m);
    uart_send(m, byte);
    uart->room_told = true;
    look(m);
}

/* ---- registers ----------------------------------------------------------- */

static void write_fifo(struct machine *m, uint8_t value)
{
    struct uart *uart = &m->uart;
    if ((value ^ uart->fcr) & FIFO_ON) {
        value |= FIFO_EMPTY_RECEIVED | FIFO_EMPTY_SENT;
    }
    if (value & FIFO_EMPTY_RECEIVED) {
        uart->lsr &= (uint8_t)~STATUS_RECEIVED;
        uart->timeout_told = false;
        uart->fifo_count = 0;
        machine_alarm(m, ALARM_UART, MACHINE_NEVER);
    }
    if (value & FIFO_EMPTY_SENT) { uart->room_told = true; }
    uart->fcr = value & 0xc9;
    uart->iir = (uint8_t)((uart->iir & ~IDENTITY_FIFO) |
                          (has_fifo(uart) ? IDENTITY_FIFO : 0));
    look(m);
    fill(m);
}

static void write_enable(struct machine *m, uint8_t value)
{
    struct uart *uart = &m->uart;
    uint8_t changed = (uart->ier ^ value) & 15;
    uart->ier = value & 15;
    if (changed & ENABLE_ROOM) { uart->room_told = value & ENABLE_ROOM; }
    if (changed) { look(m); }
}

bool uart_store(struct machine *m, uint64_t offset, uint64_t value)
{
    struct uart *uart = &m->uart;
    uint8_t byte = (uint8_t)value;
    bool divides = (uart->lcr & LINE_DIVIDER) != 0;
    switch (offset) {
    case DATA:
        if (divides) {
            uart->divider = (uint16_t)((uart->divider & 0xff00) | byte);
        } else {
            send(m, byte);
        }
        break;
    case ENABLE:
        if (divides) {
            uart->divider = (uint16_t)((uart->divider & 0xff) | byte << 8);
        } else {
            write_enable(m, byte);
        }
        break;
    case FIFO: write_fifo(m, byte); break;
    case LINE: uart->lcr = byte; break;
    case MODEM: uart->mcr = byte & 0x1f; break;
    case SCRATCH: uart->scr = byte; break;
    }
    return true;
}

static uint8_t read_identity(struct machine *m)
{
    uint8_t identity = m->uart.iir;
    if ((identity & 6) == IDENTITY_ROOM) {
        m->uart.room_told = false;
        look(m);
    }
    return identity;
}

/* In a loop the modem's lines are its own. */
static uint8_t read_modem(const struct uart *uart)
{
    uint8_t mcr = uart->mcr;
    if ((mcr & MODEM_LOOP) == 0) { return uart->msr; }
    return (uint8_t)((mcr & 0x0c) << 4 | (mcr & 2) << 3 | (mcr & 1) << 5);
}

bool uart_load(struct machine *m, uint64_t offset, uint64_t *ret)
{
    struct uart *uart = &m->uart;
    bool divides = (uart->lcr & LINE_DIVIDER) != 0;
    *ret = 0;
    switch (offset) {
    case DATA: *ret = divides ? uart->divider & 0xff : take(m); break;
    case ENABLE: *ret = divides ? uart->divider >> 8 : uart->ier; break;
    case IDENTITY: *ret = read_identity(m); break;
    case LINE: *ret = uart->lcr; break;
    case MODEM: *ret = uart->mcr; break;
    case LINE_STATUS: *ret = uart->lsr; break;
    case MODEM_STATUS: *ret = read_modem(uart); break;
    case SCRATCH: *ret = uart->scr; break;
    }
    return true;
}
