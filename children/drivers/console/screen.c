#include "screen.h"

#include "path.h"
#include "uart.h"
#include "voice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A longer line may go round the edge of the terminal, where the cursor does
 * not come back: it is left standing rather than erased. */
#define ERASABLE 76

/* Two paths as they are shown, and a line or the words between them. */
#define REMARK_BYTES (2 * PATH_SHOWN + 384)

static char last_speaker[PATH_BYTES]; /* in full: shown, two may look alike */
static bool in_mid_line;              /* something stands left of the cursor */
static const struct screen_line *shown;

static void put_text(const char *text)
{
    while (*text != 0) { uart_put(*text++); }
}

static void put_many(char c, size_t count)
{
    while (count-- > 0) { uart_put(c); }
}

static void new_line(void)
{
    put_text("\r\n");
    in_mid_line = false;
    voice_new_line();
}

static void to_line_start(void)
{
    if (in_mid_line) { new_line(); }
}

static void put_foreign(char c)
{
    if (c == '\n') {
        new_line();
    } else {
        uart_put(c);
        in_mid_line = true;
    }
}

void screen_speaker(const char *speaker)
{
    screen_hide();
    if (strcmp(speaker, last_speaker) != 0) {
        char text[PATH_SHOWN + 1];
        voice_new_speaker(put_foreign);
        path_short(speaker, text);
        to_line_start();
        (void)snprintf(last_speaker, sizeof(last_speaker), "%s", speaker);
        put_text("from ");
        put_text(text);
        new_line();
    }
}

void screen_text(const char *text, size_t bytes)
{
    voice_text(text, bytes, put_foreign);
}

void screen_remark(const char *format, ...)
{
    char text[REMARK_BYTES];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    screen_hide();
    to_line_start();
    put_text(text);
    new_line();
}

void screen_show(const struct screen_line *line)
{
    to_line_start();
    put_text(line->prompt);
    for (size_t i = 0; i < line->length; i++) { uart_put(line->text[i]); }
    shown = line;
}

bool screen_shows(void) { return shown != NULL; }

static size_t width_of(const struct screen_line *line)
{
    return strlen(line->prompt) + line->length;
}

void screen_hide(void)
{
    if (shown == NULL) { return; }
    if (width_of(shown) <= ERASABLE) {
        uart_put('\r');
        put_many(' ', width_of(shown));
        uart_put('\r');
    } else {
        new_line();
    }
    shown = NULL;
}

void screen_end_line(void)
{
    new_line();
    shown = NULL;
}

void screen_type(struct screen_line *line, char c)
{
    if (line->length == SCREEN_LINE_BYTES) {
        line->is_cut = true;
        uart_put('\a');
        return;
    }
    line->text[line->length++] = c;
    uart_put(c);
}

/* More than one character of a long line: what is left begins a new row. */
void screen_erase(struct screen_line *line, size_t count)
{
    line->is_cut = line->is_cut && count == 0;
    if (count > 1 && width_of(line) > ERASABLE) {
        screen_hide();
        line->length -= count;
        screen_show(line);
        return;
    }
    line->length -= count;
    while (count-- > 0) { put_text("\b \b"); }
}
