#include "console.h"

#include <program.h>
#include <stddef.h>
#include <stdio.h>
#include <text.h>

#define INDENT 4
#define TRY_AGAIN 100000 /* microseconds */
#define FLUSH_ATTEMPTS 8 /* in a row with which nothing is printed */

/* ---- saying ------------------------------------------------------------- */

static bool append(struct console *console, const char *text, uint64_t bytes)
{
    if (bytes > console->room - console->used) { return false; }
    memcpy(console->text + console->used, text, bytes);
    console->used += bytes;
    console->said += bytes;
    return true;
}

/* As soon as there is room for that. */
static void report_lost_lines(struct console *console)
{
    char text[64];
    int bytes = snprintf(text, sizeof text, "(%lu lines were lost here)\n",
                         (unsigned long)console->lost);
    if (console->lost != 0 && append(console, text, (uint64_t)bytes)) {
        console->lost = 0;
    }
}

/* How much of a long text goes on one line: up to a blank, if there is one. */
static uint64_t row_length(const char *text, uint64_t bytes, uint64_t room)
{
    if (bytes <= room) { return bytes; }
    uint64_t length = room;
    while (length > room / 2 && text[length] != ' ') { length--; }
    if (text[length] == ' ') { return length; }
    length = room; /* not within a character of up to four bytes */
    while (length > room - 3 && (text[length] & 0xc0) == 0x80) { length--; }
    return length;
}

/* Says a text in lines of at most CONSOLE_COLUMNS, those after the first
 * indented. */
static bool append_rows(struct console *console, const char *text,
                        uint64_t bytes)
{
    uint64_t indent = 0;
    uint64_t rows = bytes / (CONSOLE_COLUMNS / 2) + 1;
    if (bytes + rows * (INDENT + 1) > console->room - console->used) {
        return false;
    }
    do {
        uint64_t length = row_length(text, bytes, CONSOLE_COLUMNS - indent);
        append(console, "    ", indent);
        append(console, text, length);
        append(console, "\n", 1);
        length += length < bytes && text[length] == ' ';
        text += length;
        bytes -= length;
        indent = INDENT;
    } while (bytes > 0);
    return true;
}

void console_say(struct console *console, const char *format, va_list list)
{
    char text[512];
    int length = vsnprintf(text, sizeof text, format, list);
    uint64_t bytes = length < 0 ? 0 : (uint64_t)length;
    bytes = bytes < sizeof text ? bytes : sizeof text - 1;
    text_make_printable(text, bytes);
    report_lost_lines(console);
    if (console->lost != 0 || !append_rows(console, text, bytes)) {
        console->lost++;
    }
}

/* ---- sending ------------------------------------------------------------ */

/* Whole lines, as many as fit into one message; or a part of a long one. */
static uint64_t next_output(const struct console *console)
{
    uint64_t bytes = console->used;
    if (bytes <= CONSOLE_OUTPUT_BYTES) { return bytes; }
    bytes = CONSOLE_OUTPUT_BYTES;
    while (bytes > 0 && console->text[bytes - 1] != '\n') { bytes--; }
    return bytes > 0 ? bytes : CONSOLE_OUTPUT_BYTES;
}

/* False: it was not taken, and *buffer is 0. */
static bool send(uint64_t address, const struct kerne_words *message,
                 uint64_t *buffer)
{
    bool is_sent =
        kerne_send_message(address, message, buffer) == KERNE_r_normal;
    if (!is_sent) { *buffer = 0; }
    return is_sent;
}

/* The console did not take a message: after a while, send again. */
static void try_later(struct console *console)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     kerne_ticks(TRY_AGAIN) } };
    if (console->delay_buffer == 0) {
        (void)send(console->clock, &message, &console->delay_buffer);
    }
}

static void send_area(struct console *console, uint64_t operation,
                      uint64_t grant, const char *area, uint64_t bytes,
                      uint64_t *buffer)
{
    struct kerne_words message = kerne_area(operation, grant, area, bytes);
    if (!send(console->address, &message, buffer)) { try_later(console); }
}

/* One after the other; without a buffer for it, as soon as there is one. */
static void send_sense(struct console *console)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    if (console->gone == 0 || console->sense_buffer != 0) { return; }
    memcpy(&message.w[KERNE_WORD_FIRST], console->gone_name[0],
           KERNE_NAME_BYTES);
    if (!send(console->address, &message, &console->sense_buffer)) { return; }
    console->gone--;
    memmove(console->gone_name[0], console->gone_name[1],
            console->gone * sizeof console->gone_name[0]);
}

void console_removed(struct console *console, const char *name)
{
    if (console->gone < CHILDREN_MAX) {
        strncpy(console->gone_name[console->gone++], name, KERNE_NAME_BYTES);
    }
}

bool console_is_behind(const struct console *console)
{
    return console->gone != 0 || console->sense_buffer != 0 ||
           console->pass_buffer != 0;
}

void console_send(struct console *console)
{
    send_sense(console);
    if (console->used == 0 || console->output_buffer != 0 ||
        console->delay_buffer != 0) {
        return;
    }
    console->output_bytes = next_output(console);
    send_area(console, KERNE_OUTPUT, KERNE_GRANT_READ, console->text,
              console->output_bytes, &console->output_buffer);
}

_Static_assert(offsetof(struct console, words) ==
                   offsetof(struct console, input) + KERNE_LINE_BYTES,
               "the words stand behind the line");

void console_no_words(struct console *console)
{
    memset(console->words, 0, sizeof console->words);
}

void console_add_word(struct console *console, const char *word)
{
    size_t used = strlen(console->words);
    if (strlen(word) + 1 < sizeof console->words - used) {
        (void)snprintf(console->words + used, sizeof console->words - used,
                       "%s ", word);
    }
}

void console_ask(struct console *console)
{
    uint64_t grant = KERNE_GRANT_WRITE, bytes = sizeof console->input;
    if (console->words[0] != '\0') {
        grant |= KERNE_GRANT_READ;
        bytes += sizeof console->words;
    }
    if (console->input_buffer == 0 && console->delay_buffer == 0 &&
        console_hears(console)) {
        send_area(console, KERNE_INPUT, grant, console->input, bytes,
                  &console->input_buffer);
    }
}

void console_pass(struct console *console, const char *name)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CONSOLE_PASS, 0) } };
    strncpy((char *)&message.w[KERNE_WORD_FIRST], name, KERNE_NAME_BYTES - 1);
    if (console->pass_buffer != 0) {
        kerne_regret_message(console->pass_buffer);
    }
    console->passes_inwards = name[0] != '\0';
    (void)send(console->address, &message, &console->pass_buffer);
}

/* ---- answers ------------------------------------------------------------ */

static void take_out(struct console *console, uint64_t bytes)
{
    console->used -= bytes;
    console->printed += bytes;
    memmove(console->text, console->text + bytes, console->used);
    report_lost_lines(console);
}

/* A console that is not there, has too much to do, or finds a page missing may
 * take the same text later; one that does not understand it never will. */
static void output_answered(struct console *console,
                            const struct kerne_received *received)
{
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    console->output_buffer = 0;
    if (result != KERNE_r_normal && result != KERNE_r_unintelligible) {
        try_later(console);
        return;
    }
    if (result != KERNE_r_normal || bytes == 0 ||
        bytes > console->output_bytes) {
        bytes = console->output_bytes;
    }
    take_out(console, bytes);
}

/* No line at all, not even an empty one, comes from a console that has nobody
 * to type: asked at once, it would keep a parent from ever waiting, and so its
 * children from their time. */
static enum console_event input_answered(struct console *console,
                                         const struct kerne_received *received,
                                         uint64_t *ret_bytes)
{
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    console->input_buffer = 0;
    console->is_deaf = result == KERNE_r_unintelligible;
    if (result != KERNE_r_normal || bytes == 0) {
        try_later(console);
        return CONSOLE_HANDLED;
    }
    *ret_bytes = bytes < sizeof console->input ? bytes : sizeof console->input;
    return CONSOLE_LINE;
}

enum console_event console_answer(struct console *console,
                                  const struct kerne_received *received,
                                  uint64_t *ret_bytes)
{
    if (received->buffer == console->output_buffer) {
        output_answered(console, received);
    } else if (received->buffer == console->input_buffer) {
        return input_answered(console, received, ret_bytes);
    } else if (received->buffer == console->sense_buffer) {
        console->sense_buffer = 0;
    } else if (received->buffer == console->delay_buffer) {
        console->delay_buffer = 0;
    } else if (received->buffer == console->pass_buffer) {
        console->pass_buffer = 0;
        bool is_refused = KERNE_EVENT_RESULT(received->event) != KERNE_r_normal;
        return is_refused && console->passes_inwards ? CONSOLE_NOT_PASSED
                                                     : CONSOLE_HANDLED;
    } else {
        return CONSOLE_OTHERS;
    }
    return CONSOLE_HANDLED;
}

/* ---- waiting ------------------------------------------------------------ */

/* One that is on its way, and that brings the text forward; 0: none. */
static uint64_t awaited(const struct console *console)
{
    return console->output_buffer != 0  ? console->output_buffer
           : console->sense_buffer != 0 ? console->sense_buffer
           : console->used != 0         ? console->delay_buffer
                                        : 0;
}

void console_flush(struct console *console)
{
    unsigned attempts = 0;
    uint64_t buffer, bytes, printed;
    for (;;) {
        console_send(console);
        printed = console->printed;
        buffer = awaited(console);
        if (buffer == 0 || attempts == FLUSH_ATTEMPTS) { break; }
        struct kerne_received answer = { .buffer = buffer };
        answer.event = KERNE_ANSWER | kerne_wait_answer(buffer, &answer.words)
                                          << 8;
        (void)console_answer(console, &answer, &bytes);
        attempts = console->printed > printed ? 0 : attempts + 1;
    }
    take_out(console, console->used);
}
