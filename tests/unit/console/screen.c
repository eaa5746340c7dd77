/* What the console writes on the screen, with a terminal and without. */
#include <stdio.h>
#include <string.h>

#include <screen.h>
#include <tap.h>
#include <uart.h>

static char written[4096]; /* to the line, since the last look */
static size_t written_bytes;
static struct screen_line line = { .prompt = "> " };

#define WRITES(text) writes(text, __LINE__)

void uart_put(char c)
{
    if (written_bytes < sizeof written - 1) { written[written_bytes++] = c; }
    written[written_bytes] = '\0';
}

void uart_set_raw(bool raw) { uart_put(raw ? '{' : '}'); }

void uart_put_raw(char c) { uart_put(c); }

static void writes(const char *text, int at)
{
    if (strcmp(written, text) != 0) {
        tap_fail("screen.c:%d: written was `%s`", at, written);
    }
    written_bytes = 0;
    written[0] = '\0';
}

static void press(const char *keys)
{
    for (; *keys != '\0'; keys++) {
        (void)edit_key(&line.edit, (unsigned char)*keys);
    }
    screen_refresh();
}

TEST("console.screen.without_a_terminal")
{
    screen_set_size(0, 0);
    edit_begin(&line.edit, "s");
    screen_show(&line);
    press("list");
    WRITES("> list");
    press("\x7f");
    WRITES("\b \b");
    screen_speaker("talk", false);
    screen_text("> halt\n", 7);
    WRITES("\r     \rfrom talk\r\n>\\x20halt\r\n");
    screen_show(&line);
    WRITES("> lis");
    screen_remark("lines go to %s", "s");
    WRITES("\r     \rconsole: lines go to s\r\n");
    screen_show(&line);
    screen_end_line();
    WRITES("> lis\r\n");
}

TEST("console.screen.with_a_terminal")
{
    screen_set_size(24, 30);
    edit_begin(&line.edit, "s");
    screen_show(&line);
    WRITES("\r\x1b[K\x1b[1m> \x1b[m");
    press("list");
    WRITES("list"); /* what is added at the end is all that is written */
    press("\x02");
    WRITES("\r\x1b[K\x1b[1m> \x1b[mlist\x1b[6G");
    screen_speaker("s", true);
    screen_text("ready\n", 6);
    WRITES("\r\x1b[K\x1b[1mfrom s\x1b[m\r\n\x1b[36mready\r\n\x1b[m");
    screen_speaker("talk", false);
    screen_text("> halt\n", 7);
    WRITES("\x1b[1mfrom talk\x1b[m\r\n> halt\r\n");
    screen_words("from s");
    WRITES("from s\r\n");
    screen_remark("lines go to %s", "s");
    WRITES("\x1b[1mconsole: lines go to s\x1b[m\r\n");
}

/* A part of it is seen, and the whole is left behind. */
TEST("console.screen.a_long_line")
{
    screen_set_size(24, 30);
    edit_begin(&line.edit, "s");
    screen_show(&line);
    press("0123456789abcdefghijklmnopqrst");
    WRITES("\r\x1b[K\x1b[1m> \x1b[m"
           "\r\x1b[K\x1b[1m> \x1b[m<lmnopqrst");
    screen_set_size(24, 80);
    WRITES("\r\x1b[K\x1b[1m> \x1b[m0123456789abcdefghijklmnopqrst");
    screen_set_size(24, 30);
    written_bytes = 0;
    screen_end_line();
    WRITES("\r\x1b[K\x1b[1m> \x1b[m0123456789abcdefghijklmnopqrst\r\n");
}

TEST("console.screen.of_a_program_alone")
{
    static struct modes modes;
    screen_set_size(24, 80);
    screen_begin_raw("vi", &modes);
    WRITES(
        "\x1b[1mconsole: keys go to vi now; control ] leads back\x1b[m\r\n{");
    screen_raw_text("\x1b[?25l\a> ", 9);
    WRITES("\x1b[?25l\a> ");
    screen_speaker("talk", false);
    WRITES("}\x18\x1b\\\x0f\x1b(B\x1b[?25h\x1b[m\x1b[J\r\n"
           "\x1b[1mconsole: all above is from vi; keys make lines again"
           "\x1b[m\r\n\x1b[1mfrom talk\x1b[m\r\n");
    if (screen_is_raw()) { tap_fail("the screen is still vi's"); }
    screen_begin_raw("vi", &modes);
    WRITES("\x1b[1mconsole: keys go to vi now; control ] leads back\x1b[m\r\n"
           "{\x1b[?25l");
    screen_end_raw();
    WRITES("}\x18\x1b\\\x0f\x1b(B\x1b[?25h\x1b[m\x1b[J"
           "\x1b[1mconsole: all above is from vi; keys make lines again"
           "\x1b[m\r\n");
}
