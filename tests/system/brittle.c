/*
 * brittle uart=ADDRESS ...: in the place of the console's driver.  When it is
 * started it spoils the UART's registers, and gives up; started anew, which it
 * knows by the scratch register, it tells what it has found in them, and then
 * prints whatever others say.  Nobody is given a line.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    DATA = 0,
    INTERRUPT_ENABLE = 1,
    LINE_CONTROL = 3,
    MODEM_CONTROL = 4,
    LINE_STATUS = 5,
    SCRATCH = 7,
    ROOM = 0x20,
    SPOILT = 0x0a,
};

static volatile uint8_t *uart;

static void print(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        while ((uart[LINE_STATUS] & ROOM) == 0) {}
        uart[DATA] = (uint8_t)text[i];
    }
}

static void begin(void)
{
    char found[KERNE_TEXT_BYTES];
    bool is_first = uart[SCRATCH] != SPOILT;
    int length = snprintf(found, sizeof found, "brittle finds %d, %d, %d\r\n",
                          uart[INTERRUPT_ENABLE], uart[LINE_CONTROL],
                          uart[MODEM_CONTROL]);
    uart[INTERRUPT_ENABLE] = is_first ? SPOILT : 0;
    uart[LINE_CONTROL] = is_first ? SPOILT : 3;
    uart[MODEM_CONTROL] = is_first ? SPOILT : 0;
    uart[SCRATCH] = SPOILT;
    if (is_first) { kerne_give_up("it has spoilt the UART"); }
    print(found, (size_t)length);
}

int main(int argc, char **argv)
{
    if (argc < 2 || strncmp(argv[1], "uart=", 5) != 0) { return 1; }
    uart = (volatile uint8_t *)strtoull(argv[1] + 5, NULL, 0);
    begin();
    for (;;) {
        struct kerne_received message = kerne_wait_message();
        const struct kerne_words *words = &message.words;
        char text[4 * KERNE_TEXT_BYTES];
        uint64_t bytes = kerne_area_bytes(words, KERNE_GRANT_READ);
        if (kerne_operation_of(words) == KERNE_INPUT) { continue; }
        if (bytes > sizeof text) { bytes = sizeof text; }
        (void)kerne_general_copy(message.buffer, KERNE_FETCH, 0, text, bytes,
                                 &bytes);
        print(text, bytes);
        const struct kerne_words answer = { { 0, bytes, bytes } };
        (void)kerne_send_answer(message.buffer, KERNE_r_normal, &answer);
    }
}
