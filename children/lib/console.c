/*
 * Standard input and output: conversations with the process named `console`.
 *
 * C1  A line goes out in one message, so that lines of several programs never
 *     mix.  Only a line of more than LINE_BYTES is divided.
 * C2  Where there is no console, or no longer, lines go to the parent, and
 *     input is at its end.
 * C3  The console may be replaced at any time: an address that is answered
 *     with result 5 is looked up again, once.
 */
#include "finish.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_BYTES KERNE_LINE_BYTES
_Static_assert(LINE_BYTES <= KERNE_TEXT_BYTES, "a line goes to the parent too");

static uint64_t console_address;
static bool console_known;

static bool find_console(void)
{
    console_known =
        kerne_look_up("console", &console_address) == KERNE_r_normal;
    return console_known;
}

static uint64_t write_text(const char *text, size_t bytes)
{
    bool fresh = !console_known;
    size_t done = 0;
    uint64_t result = KERNE_r_does_not_exist;
    if (console_known || find_console()) {
        result = kerne_output(console_address, text, bytes, &done);
        if (result == KERNE_r_does_not_exist && !fresh && find_console()) {
            result = kerne_output(console_address, text, bytes, &done);
        }
    }
    if (result == KERNE_r_does_not_exist) {
        result = kerne_output(KERNE_PARENT, text, bytes, &done);
    }
    return result;
}

/* ---- standard output ----------------------------------------------------- */

static char out_line[LINE_BYTES];
static size_t out_used;

static int out_flush(FILE *file)
{
    (void)file;
    size_t bytes = out_used;
    out_used = 0;
    if (bytes == 0 || write_text(out_line, bytes) == KERNE_r_normal) {
        return 0;
    }
    kerne_output_lost = true;
    return EOF;
}

static void out_finish(void) { (void)out_flush(NULL); }

static int out_put(char c, FILE *file)
{
    kerne_before_finish = out_finish;
    out_line[out_used++] = c;
    if (c == '\n' || out_used == LINE_BYTES) {
        return out_flush(file) == 0 ? (unsigned char)c : EOF;
    }
    return (unsigned char)c;
}

/* ---- standard input ------------------------------------------------------ */

static char in_line[LINE_BYTES];
static size_t in_used;
static size_t in_bytes;

/* The next line; false if there is nobody to ask for it. */
static bool in_fill(void)
{
    bool fresh = !console_known;
    in_used = in_bytes = 0;
    if (!console_known && !find_console()) { return false; }
    uint64_t result =
        kerne_input(console_address, in_line, LINE_BYTES, &in_bytes);
    if (result == KERNE_r_does_not_exist && !fresh && find_console()) {
        result = kerne_input(console_address, in_line, LINE_BYTES, &in_bytes);
    }
    return result == KERNE_r_normal && in_bytes > 0;
}

static int in_get(FILE *file)
{
    (void)file;
    if (in_used == in_bytes) {
        (void)out_flush(NULL); /* a question before its answer */
        if (!in_fill()) { return _FDEV_EOF; }
    }
    return (unsigned char)in_line[in_used++];
}

static FILE in = FDEV_SETUP_STREAM(NULL, in_get, NULL, _FDEV_SETUP_READ);
static FILE out =
    FDEV_SETUP_STREAM(out_put, NULL, out_flush, _FDEV_SETUP_WRITE);

FILE *const stdin = &in;
FILE *const stdout = &out;
FILE *const stderr = &out;
