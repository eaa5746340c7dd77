#include "screen.h"

#include "path.h"
#include "uart.h"
#include "utf8.h"
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

/* Of a terminal; 0: there is none. */
static size_t terminal_columns, terminal_rows;
static const char *attribute = ""; /* of the text of the last speaker */
#define OWN "\x1b[1m"              /* bold */
#define PARENT "\x1b[36m" /* a colour that is read on black and on white */
#define PLAIN "\x1b[m"

static struct modes *raw; /* of the program that has the screen alone */
static char raw_name[PATH_SHOWN + 1];

static const struct screen_line *shown;
static char drawn[EDIT_BYTES]; /* the text as it stands there */
static size_t drawn_bytes;
static bool drawn_whole; /* all of it, and the cursor is at its end */

static void put_bytes(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) { uart_put(text[i]); }
}

static void put_text(const char *text) { put_bytes(text, strlen(text)); }

static void put_attribute(const char *text)
{
    if (screen_is_terminal()) { put_text(text); }
}

static void put_own(const char *text)
{
    put_attribute(OWN);
    put_text(text);
    put_attribute(PLAIN);
}

bool screen_is_terminal(void) { return terminal_columns > 0; }

size_t screen_columns(void) { return terminal_columns; }

size_t screen_rows(void) { return terminal_rows; }

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

/* A remark or the heading of a speaker. */
static void put_own_line(const char *text)
{
    to_line_start();
    put_own(text);
    new_line();
}

void screen_speaker(const char *speaker, bool is_parent)
{
    screen_end_raw();
    screen_hide();
    attribute = is_parent ? PARENT : "";
    if (strcmp(speaker, last_speaker) != 0) {
        char text[sizeof("from ") + PATH_SHOWN];
        voice_new_speaker(put_foreign);
        (void)snprintf(text, sizeof(text), "from %s", path_shown(speaker).is);
        (void)snprintf(last_speaker, sizeof(last_speaker), "%s", speaker);
        put_own_line(text);
    }
}

void screen_text(const char *text, size_t bytes)
{
    put_attribute(attribute);
    voice_text(text, bytes, put_foreign);
    if (*attribute != 0) { put_attribute(PLAIN); }
}

void screen_words(const char *text)
{
    screen_end_raw();
    screen_hide();
    to_line_start();
    put_text(text);
    new_line();
}

void screen_remark(const char *format, ...)
{
    char text[REMARK_BYTES] = "console: ";
    size_t length = strlen(text);
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text + length, sizeof(text) - length, format, list);
    va_end(list);
    screen_end_raw();
    screen_hide();
    put_own_line(text);
}

/* ---- a program alone ----------------------------------------------------- */

bool screen_is_raw(void) { return raw != NULL; }

void screen_begin_raw(const char *name, struct modes *modes)
{
    char text[MODES_BYTES];
    screen_remark("keys go to %s now; control ] leads back", name);
    (void)snprintf(raw_name, sizeof(raw_name), "%s", name);
    raw = modes;
    uart_set_raw(true);
    modes_redo(modes, text);
    put_text(text);
}

void screen_raw_text(const char *text, size_t bytes)
{
    modes_learn(raw, text, bytes);
    for (size_t i = 0; i < bytes; i++) { uart_put_raw(text[i]); }
    if (bytes > 0) { in_mid_line = text[bytes - 1] != '\n'; }
}

/* Without a terminal there is nothing that could be undone. */
void screen_end_raw(void)
{
    char text[MODES_BYTES];
    if (raw == NULL) { return; }
    modes_undo(raw, terminal_rows, text);
    raw = NULL;
    uart_set_raw(false);
    put_attribute(text);
    last_speaker[0] = 0;
    screen_remark("all above is from %s; keys make lines again", raw_name);
}

/* ---- the typed line ------------------------------------------------------ */

/* Where a terminal is too narrow for prompt and text, the prompt's end. */
static const char *prompt_of(const struct screen_line *line)
{
    const char *prompt = line->prompt;
    size_t length = strlen(prompt);
    size_t room =
        terminal_columns > EDIT_LEAST + 2 ? terminal_columns - EDIT_LEAST : 2;
    bool whole = !screen_is_terminal() || length <= room;
    return whole ? prompt : prompt + length - room;
}

static void remember(const struct edit *edit, bool whole)
{
    memcpy(drawn, edit->text, edit->length);
    drawn_bytes = edit->length;
    drawn_whole = whole && edit->cursor == edit->length && !edit->searching;
}

/* On a terminal the line has one row, of which the cursor never leaves. */
static void draw(const struct screen_line *line)
{
    struct edit_view view;
    const char *prompt = prompt_of(line);
    size_t length = strlen(prompt);
    size_t room = terminal_columns > length ? terminal_columns - length : 0;
    edit_view(&line->edit, room > EDIT_LEAST ? room : EDIT_LEAST, &view);
    put_text("\r\x1b[K");
    put_own(prompt);
    put_bytes(view.text, view.bytes);
    if (view.cursor < view.columns) {
        char move[24];
        (void)snprintf(move, sizeof(move), "\x1b[%zuG",
                       length + view.cursor + 1);
        put_text(move);
    }
    remember(&line->edit, view.bytes == line->edit.length);
}

static void put_whole(const struct screen_line *line)
{
    put_own(line->prompt);
    put_bytes(line->edit.text, line->edit.length);
    remember(&line->edit, true);
}

void screen_show(const struct screen_line *line)
{
    screen_end_raw();
    to_line_start();
    shown = line;
    if (screen_is_terminal()) {
        draw(line);
    } else {
        put_whole(line);
    }
}

bool screen_shows(void) { return shown != NULL; }

static size_t drawn_columns(void)
{
    return strlen(shown->prompt) + utf8_text_columns(drawn, drawn_bytes);
}

void screen_hide(void)
{
    if (shown == NULL) { return; }
    if (screen_is_terminal()) {
        put_text("\r\x1b[K");
    } else if (drawn_columns() <= ERASABLE) {
        uart_put('\r');
        put_many(' ', drawn_columns());
        uart_put('\r');
    } else {
        new_line();
    }
    shown = NULL;
}

static bool is_drawn(const struct edit *edit)
{
    return drawn_bytes == edit->length && !edit->searching &&
           memcmp(drawn, edit->text, drawn_bytes) == 0;
}

/* The whole line is what stays on the screen, not the part that was seen. */
void screen_end_line(void)
{
    if (!is_drawn(&shown->edit) || (screen_is_terminal() && !drawn_whole)) {
        put_text("\r\x1b[K");
        put_whole(shown);
    }
    new_line();
    shown = NULL;
}

/* Characters at its end are the usual change. */
static bool only_grew(const struct edit *edit)
{
    size_t columns =
        strlen(shown->prompt) + utf8_text_columns(edit->text, edit->length);
    return drawn_whole && edit->length >= drawn_bytes && !edit->searching &&
           edit->cursor == edit->length &&
           memcmp(drawn, edit->text, drawn_bytes) == 0 &&
           (!screen_is_terminal() || columns < terminal_columns);
}

/* Without a terminal what is erased was at the end.  More than one character
 * of a long line: what is left begins a new row. */
static void erase_end(const struct screen_line *line)
{
    size_t before = drawn_columns();
    size_t columns = strlen(line->prompt) +
                     utf8_text_columns(line->edit.text, line->edit.length);
    size_t count = before > columns ? before - columns : 0;
    if (count > 1 && before > ERASABLE) {
        new_line();
        put_whole(line);
        return;
    }
    while (count-- > 0) { put_text("\b \b"); }
    remember(&line->edit, true);
}

void screen_refresh(void)
{
    if (shown == NULL) { return; }
    const struct edit *edit = &shown->edit;
    if (only_grew(edit)) {
        put_bytes(edit->text + drawn_bytes, edit->length - drawn_bytes);
        remember(edit, true);
    } else if (screen_is_terminal()) {
        draw(shown);
    } else {
        erase_end(shown);
    }
}

void screen_bell(void) { uart_put('\a'); }

void screen_clear(void)
{
    put_text("\x1b[H\x1b[2J");
    in_mid_line = false;
    if (shown != NULL) { draw(shown); }
}

void screen_set_size(size_t rows, size_t columns)
{
    terminal_rows = rows;
    terminal_columns = columns;
    voice_mark_lines(!screen_is_terminal());
    if (shown != NULL && screen_is_terminal()) { draw(shown); }
}
