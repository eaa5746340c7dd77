#include "console.h"

#include <program.h>
#include <stddef.h>
#include <stdio.h>
#include <touch.h>

#define INDENT 4
#define LEAST_COLUMNS 20 /* narrower ones go round */
#define TRY_AGAIN 100000 /* microseconds */
#define FLUSH_ATTEMPTS 8 /* in a row with which nothing is printed */

/* ---- saying ------------------------------------------------------------- */

/* Bytes that were said, and are not printed yet. */
static uint64_t waiting(const struct console *console)
{
    return console->said - console->printed;
}

static bool append(struct console *console, const char *text, uint64_t bytes)
{
    if (bytes > console->room - waiting(console)) { return false; }
    memcpy(console->text + waiting(console), text, bytes);
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
    return kerne_whole_text(text, room);
}

/* Says a text in rows of the console, those after the first indented.  One
 * column stays empty: some terminals go round behind the last one. */
static bool append_rows(struct console *console, const char *text,
                        uint64_t bytes)
{
    uint64_t indent = 0;
    uint64_t columns =
        console->columns < LEAST_COLUMNS ? CONSOLE_COLUMNS : console->columns;
    uint64_t room = columns - 1;
    uint64_t rows = bytes / (room / 2 - INDENT) + 1;
    if (bytes + rows * (INDENT + 1) > console->room - waiting(console)) {
        return false;
    }
    do {
        uint64_t length = row_length(text, bytes, room - indent);
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

void console_say(struct console *console, const char *text)
{
    report_lost_lines(console);
    if (console->lost != 0 || !append_rows(console, text, strlen(text))) {
        console->lost++;
    }
}

/* ---- sending ------------------------------------------------------------ */

/* The console did not take a message: after a while, send again. */
static void try_later(struct console *console)
{
    uint64_t *buffer = &console->buffer[CONSOLE_DELAY];
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     kerne_ticks(TRY_AGAIN) } };
    if (*buffer == 0 && kerne_send_message(console->clock, &message, buffer) !=
                            KERNE_r_normal) {
        *buffer = 0;
    }
}

/* False: it was not taken. */
static bool send(struct console *console, enum console_message kind,
                 const struct kerne_words *message)
{
    uint64_t *buffer = &console->buffer[kind];
    bool is_sent =
        kerne_send_message(console->address, message, buffer) == KERNE_r_normal;
    if (!is_sent) {
        *buffer = 0;
        try_later(console);
    }
    return is_sent;
}

/* May an output or input be sent now? */
static bool is_free(const struct console *console, enum console_message kind)
{
    return console->buffer[kind] == 0 && console->buffer[CONSOLE_DELAY] == 0;
}

/* One after the other; without a buffer for it, as soon as there is one. */
static void send_sense(struct console *console)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    if (console->gone == 0 || console->buffer[CONSOLE_SENSE] != 0) { return; }
    memcpy(&message.w[KERNE_WORD_FIRST], console->gone_name[0],
           KERNE_NAME_BYTES);
    if (!send(console, CONSOLE_SENSE, &message)) { return; }
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
    return console->gone != 0 || console->buffer[CONSOLE_SENSE] != 0 ||
           console->buffer[CONSOLE_PASS] != 0;
}

/* Whole lines, as many as fit into one message: none is longer. */
void console_send(struct console *console)
{
    send_sense(console);
    if (waiting(console) == 0 || !is_free(console, CONSOLE_OUTPUT)) { return; }
    uint64_t bytes = waiting(console);
    bytes = bytes < CONSOLE_OUTPUT_BYTES ? bytes : CONSOLE_OUTPUT_BYTES;
    while (console->text[bytes - 1] != '\n') { bytes--; }
    struct kerne_words message =
        kerne_area(KERNE_OUTPUT, KERNE_GRANT_READ, console->text, bytes);
    console->output_bytes = bytes;
    (void)send(console, CONSOLE_OUTPUT, &message);
}

_Static_assert(offsetof(struct console, words) ==
                   offsetof(struct console, input) + KERNE_LINE_BYTES,
               "the words stand behind the line");

void console_no_words(struct console *console)
{
    memset(console->words, 0, sizeof console->words);
}

void console_add_words(struct console *console, const char *words)
{
    size_t used = strlen(console->words);
    if (strlen(words) + 1 < sizeof console->words - used) {
        (void)snprintf(console->words + used, sizeof console->words - used,
                       "%s ", words);
    }
}

void console_ask(struct console *console)
{
    uint64_t grant = KERNE_GRANT_WRITE, bytes = sizeof console->input;
    if (console->words[0] != '\0') {
        grant |= KERNE_GRANT_READ;
        bytes += sizeof console->words;
    }
    struct kerne_words message =
        kerne_area(KERNE_INPUT, grant, console->input, bytes);
    if (is_free(console, CONSOLE_INPUT) && !console->is_deaf) {
        (void)send(console, CONSOLE_INPUT, &message);
    }
}

void console_pass(struct console *console, const char *name)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CONSOLE_PASS, 0) } };
    strncpy((char *)&message.w[KERNE_WORD_FIRST], name, KERNE_NAME_BYTES - 1);
    if (console->buffer[CONSOLE_PASS] != 0) {
        kerne_regret_message(console->buffer[CONSOLE_PASS]);
    }
    console->passes_inwards = name[0] != '\0';
    (void)send(console, CONSOLE_PASS, &message);
}

/* ---- answers ------------------------------------------------------------ */

static void take_out(struct console *console, uint64_t bytes)
{
    console->printed += bytes;
    memmove(console->text, console->text + bytes, waiting(console));
    report_lost_lines(console);
}

/* True: a page of the area was missing, is there again, and the message may be
 * sent at once.  That needs no time, which may stand still here; but what is
 * missing again and again is left for later. */
static bool was_missing(struct console *console, uint64_t grant, char *area,
                        uint64_t bytes, const struct kerne_received *received)
{
    bool is_missing =
        KERNE_EVENT_RESULT(received->event) == KERNE_r_malfunction &&
        received->words.w[KERNE_WORD_STATUS] == KERNE_r_missing &&
        console->fruitless < FRUITLESS;
    console->fruitless = is_missing ? console->fruitless + 1 : 0;
    if (is_missing) { kerne_touch(grant, area, bytes); }
    return is_missing;
}

/* A console that is not there, or has too much to do, may take the same text
 * later; one that does not understand it never will. */
static void output_answered(struct console *console,
                            const struct kerne_received *received)
{
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    if (was_missing(console, KERNE_GRANT_READ, console->text,
                    console->output_bytes, received)) {
        return;
    }
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
static uint64_t input_answered(struct console *console,
                               const struct kerne_received *received)
{
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    console->is_deaf = result == KERNE_r_unintelligible;
    if (was_missing(console, KERNE_GRANT_WRITE, console->input,
                    sizeof console->input + sizeof console->words, received)) {
        return 0;
    }
    if (result != KERNE_r_normal || bytes == 0) {
        try_later(console);
        return 0;
    }
    return bytes < sizeof console->input ? bytes : sizeof console->input;
}

uint64_t console_answer(struct console *console,
                        const struct kerne_received *received)
{
    unsigned kind = 0;
    while (kind < CONSOLE_MESSAGES &&
           console->buffer[kind] != received->buffer) {
        kind++;
    }
    if (kind == CONSOLE_MESSAGES) { return 0; }
    console->buffer[kind] = 0;
    if (kind == CONSOLE_INPUT || kind == CONSOLE_OUTPUT) {
        console->columns = received->words.w[KERNE_WORD_COLUMNS];
    }
    if (kind == CONSOLE_INPUT) { return input_answered(console, received); }
    if (kind == CONSOLE_OUTPUT) { output_answered(console, received); }
    if (kind == CONSOLE_PASS && console->passes_inwards &&
        KERNE_EVENT_RESULT(received->event) != KERNE_r_normal) {
        console_say(console,
                    "the console does not bring you there: press ESC, and "
                    "type what then stands behind `from`");
    }
    return 0;
}

/* ---- waiting ------------------------------------------------------------ */

/* One that is on its way, and that brings the text forward; 0: none. */
static uint64_t awaited(const struct console *console)
{
    const uint64_t *buffer = console->buffer;
    return buffer[CONSOLE_OUTPUT] != 0  ? buffer[CONSOLE_OUTPUT]
           : buffer[CONSOLE_SENSE] != 0 ? buffer[CONSOLE_SENSE]
           : waiting(console) != 0      ? buffer[CONSOLE_DELAY]
                                        : 0;
}

void console_flush(struct console *console)
{
    unsigned attempts = 0;
    while (attempts < FLUSH_ATTEMPTS) {
        uint64_t printed = console->printed;
        console_send(console);
        struct kerne_received answer = { .buffer = awaited(console) };
        if (answer.buffer == 0) { break; }
        uint64_t result = kerne_wait_answer(answer.buffer, &answer.words);
        answer.event = KERNE_ANSWER | result << 8;
        (void)console_answer(console, &answer);
        attempts = console->printed > printed ? 0 : attempts + 1;
    }
    take_out(console, waiting(console));
}
