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

/* What is said to whoever types, and by him; as in tools/flow.py. */
enum sign {
    TAKE_BACK = 0x03, /* control C */
    GO = 0x11,
    ATTENTION_SAME = 0x12,
    STOP = 0x13,
    ATTENTION_ELSEWHERE = 0x14,
    RAW = 0x15,
    CODE = 0x16, /* before a letter: the control character of that letter */
    NOT_RAW = 0x17,
};
#define SIZE 's' /* behind CODE, and then ROWS;COLUMNS and CODE */
#define ESCAPE 0x1b
#define SIGNS 16 /* that can wait to be sent */

struct ring {
    char *byte;
    size_t size; /* a power of two */
    size_t put;  /* counts all bytes ever put, and taken */
    size_t taken;
};

static char send_bytes[UART_SEND_BYTES];
static char receive_bytes[UART_RECEIVE_BYTES];
static char aside_bytes[UART_RECEIVE_BYTES];
static char sign_bytes[SIGNS];
static struct ring to_send = { send_bytes, UART_SEND_BYTES, 0, 0 };
static struct ring received = { receive_bytes, UART_RECEIVE_BYTES, 0, 0 };
static struct ring signs = { sign_bytes, SIGNS, 0, 0 }; /* go before all else */

/* What attention has overtaken, and whether it has come back: then it is taken
 * before all else that was received.  Both rings together hold no more than
 * one of them could. */
static struct ring aside = { aside_bytes, UART_RECEIVE_BYTES, 0, 0 };
static bool aside_is_back;

static size_t escapes; /* of those received, not counting those aside; each
                        * other attention key, too */

static bool stopped; /* who types was told so */
static bool obeyed;  /* who types says that he obeys, and counts */

/* Bytes dropped, to be told when the sender has told his, too: he does so
 * between two signs of the same kind.  0: he is not about to. */
static struct uart_dropped dropped;
static bool dropped_is_known;
static int counting;
static uint64_t counted;

static bool is_raw;

/* What stands behind CODE. */
static enum { NO_CODE, CODE_BEGUN, ROWS, COLUMNS } code;
static size_t rows, columns;
static bool size_is_new;

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
    ring_put(&signs, GO); /* ends the stop of a driver before this one */
    ring_put(&signs, GO); /* with nothing to end: this one is new */
}

/* ---- what is dropped ----------------------------------------------------- */

static size_t ring_clear(struct ring *ring)
{
    size_t bytes = ring_used(ring);
    ring->taken = ring->put;
    return bytes;
}

static void take_back(void)
{
    dropped.bytes += ring_clear(&received) + ring_clear(&aside);
    dropped.by_control_c = true;
    dropped_is_known = !obeyed;
    escapes = 0;
    counting = obeyed ? TAKE_BACK : 0;
    counted = 0;
}

static void end_counting(void)
{
    dropped.bytes += counted;
    dropped_is_known = true;
    counting = 0;
}

bool uart_dropped(struct uart_dropped *ret_dropped)
{
    if (!dropped_is_known) { return false; }
    *ret_dropped = dropped;
    dropped = (struct uart_dropped){ .bytes = 0 };
    dropped_is_known = false;
    return true;
}

/* ---- in and out ---------------------------------------------------------- */

static size_t unread(void) { return ring_used(&received) + ring_used(&aside); }

static void control_flow(void)
{
    if (is_raw && !obeyed) { return; }
    if (!stopped && unread() >= UART_STOP_BYTES) {
        stopped = true;
        ring_put(&signs, STOP);
    } else if (stopped && unread() <= UART_GO_ON_BYTES) {
        stopped = false;
        ring_put(&signs, GO);
    }
}

static bool may_be_attention(char c)
{
    return c == ESCAPE || c == UART_LEAD_BACK;
}

static void keep(char c)
{
    escapes += may_be_attention(c);
    ring_put(&received, c);
}

static void take_digit(size_t *number, char c)
{
    bool is_digit = c >= '0' && c <= '9' && *number < 1000;
    if (is_digit) { *number = *number * 10 + (size_t)(c - '0'); }
}

static void take_coded(char c)
{
    switch (code) {
    case NO_CODE: code = CODE_BEGUN; break;
    case CODE_BEGUN:
        code = c == SIZE ? ROWS : NO_CODE;
        rows = columns = 0;
        if (c >= '@' && c <= '_') { keep(c & 0x1f); }
        break;
    case ROWS:
        take_digit(&rows, c);
        if (c == ';') { code = COLUMNS; }
        break;
    case COLUMNS:
        take_digit(&columns, c);
        if (c == CODE) {
            code = NO_CODE;
            size_is_new = true;
        }
        break;
    }
}

/* What was dropped before the key was known to be a program's is nothing to
 * tell of: the key is given to it. */
static void take_control_c(void)
{
    if (is_raw) {
        counting = TAKE_BACK;
        counted = 0;
        keep(TAKE_BACK);
    } else {
        take_back();
    }
}

static void take_byte(char c)
{
    if (counting != 0) {
        if (c >= '0' && c <= '9') {
            counted = counted * 10 + (uint64_t)(c - '0');
            return;
        }
        bool is_end = c == (char)counting;
        end_counting();
        if (is_end) { return; }
    }
    if (is_raw && !obeyed) {
        keep(c);
    } else if (obeyed && (code != NO_CODE || c == CODE)) {
        take_coded(c);
    } else if (c == TAKE_BACK) {
        take_control_c();
    } else if (c == GO) {
        obeyed = true;
    } else if (c == ATTENTION_ELSEWHERE && obeyed) {
        counting = ATTENTION_ELSEWHERE;
        counted = 0;
    } else {
        keep(c);
    }
}

bool uart_size(size_t *ret_rows, size_t *ret_columns)
{
    if (!size_is_new) { return false; }
    *ret_rows = rows;
    *ret_columns = columns;
    size_is_new = false;
    return true;
}

static void receive(void)
{
    while (unread() < received.size &&
           (registers[UART_LINE_STATUS] & STATUS_RECEIVED)) {
        take_byte((char)registers[UART_DATA]);
    }
}

static bool nothing_to_send(void)
{
    return uart_idle() && ring_used(&signs) == 0;
}

static void send(void)
{
    while (!nothing_to_send() && (registers[UART_LINE_STATUS] & STATUS_ROOM)) {
        for (int i = 0; i < FIFO_BYTES && !nothing_to_send(); i++) {
            struct ring *ring = ring_used(&signs) > 0 ? &signs : &to_send;
            registers[UART_DATA] = (uint8_t)ring_take(ring);
        }
    }
}

static void enable_interrupts(void)
{
    unsigned wanted = 0;
    if (unread() < received.size) { wanted |= ENABLE_RECEIVED; }
    if (!nothing_to_send()) { wanted |= ENABLE_ROOM; }
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
    control_flow();
    send();
}

bool uart_drained(void)
{
    bool was_busy = !uart_idle();
    send();
    return was_busy && uart_idle();
}

void uart_await_interrupt(void)
{
    control_flow();
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

void uart_set_raw(bool raw)
{
    is_raw = raw;
    if (obeyed) { ring_put(&signs, raw ? RAW : NOT_RAW); }
}

void uart_put_raw(char c)
{
    bool is_sign = obeyed && c >= GO && c <= NOT_RAW;
    if (is_sign) { uart_put(CODE); }
    uart_put(is_sign ? c | '@' : c);
}

size_t uart_room(void) { return to_send.size - ring_used(&to_send); }

bool uart_idle(void) { return ring_used(&to_send) == 0; }

/* Where the next byte is; null: there is none. */
static struct ring *next_ring(void)
{
    if (aside_is_back && ring_used(&aside) > 0) { return &aside; }
    return ring_used(&received) > 0 ? &received : NULL;
}

int uart_peek(void)
{
    const struct ring *ring = next_ring();
    if (ring == NULL) { return -1; }
    return (unsigned char)ring->byte[ring->taken & (ring->size - 1)];
}

int uart_get(void)
{
    struct ring *ring = next_ring();
    if (ring == NULL) { return -1; }
    char c = ring_take(ring);
    escapes -= ring == &received && may_be_attention(c);
    return (unsigned char)c;
}

bool uart_obeyed(void) { return obeyed; }

/* ---- attention ----------------------------------------------------------- */

static char received_at(size_t i)
{
    return received.byte[i & (received.size - 1)];
}

static bool is_attention(size_t i)
{
    bool is_last = i + 1 == received.put;
    bool is_escape =
        received_at(i) == ESCAPE &&
        (is_last || (received_at(i + 1) != '[' && received_at(i + 1) != 'O'));
    return received_at(i) == UART_LEAD_BACK || (is_escape && !is_raw);
}

size_t uart_before_attention(void)
{
    if (escapes == 0) { return UART_NO_ATTENTION; }
    size_t i = received.taken;
    while (i != received.put && !is_attention(i)) { i++; }
    if (i == received.put) { return UART_NO_ATTENTION; }
    return i - received.taken + (aside_is_back ? ring_used(&aside) : 0);
}

void uart_overtake(void)
{
    while (received.taken != received.put && !is_attention(received.taken)) {
        char c = ring_take(&received);
        escapes -= may_be_attention(c);
        ring_put(&aside, c);
    }
    aside_is_back = false;
}

void uart_attention_closed(bool goes_elsewhere, size_t also_dropped)
{
    if (goes_elsewhere) {
        dropped.bytes += ring_clear(&aside) + also_dropped;
        dropped_is_known = !obeyed && dropped.bytes > 0;
    }
    aside_is_back = true;
    if (obeyed) {
        ring_put(&signs, goes_elsewhere ? ATTENTION_ELSEWHERE : ATTENTION_SAME);
    }
}
