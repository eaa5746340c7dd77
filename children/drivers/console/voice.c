#include "voice.h"

#include "path.h"
#include "utf8.h"

#include <string.h>

/* The longest first word that can be a prompt: a path and `>`. */
#define WORD_BYTES (PATH_SHOWN + 1)

static char held[UTF8_LONGEST]; /* of a character that is not whole yet */
static size_t held_bytes;

static char word[WORD_BYTES + 1]; /* the first of the line, as far as it fits */
static size_t word_bytes;         /* WORD_BYTES + 1: it is longer */
static bool word_ended;
static size_t column; /* of the row, where the next character stands */
static bool marking = true;
static uint32_t before; /* the character before; 0: a line begins */

void voice_mark_lines(bool mark) { marking = mark; }

static void new_row(void)
{
    word_bytes = 0;
    word_ended = false;
    column = 0;
}

void voice_new_line(void)
{
    new_row();
    before = 0;
}

/* ---- the first word of a row --------------------------------------------- */

/* As the console's own lines begin: its prompt, also with a path before it,
 * and the words it heads its lines with. */
static bool is_of_console(void)
{
    static const char *const own[] = { "from", "to", "console:" };
    if (word_bytes > WORD_BYTES) { return false; }
    word[word_bytes] = 0;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcmp(word, own[i]) == 0) { return true; }
    }
    bool named = word[0] >= 'a' && word[0] <= 'z';
    size_t path = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-/.");
    return strcmp(word + (named ? path : 0), ">") == 0;
}

/* What is set on the character before it does not make another word. */
static void add_to_word(const char *text, size_t length, size_t columns)
{
    if (word_ended || columns == 0) { return; }
    if (word_bytes + length <= WORD_BYTES) {
        memcpy(word + word_bytes, text, length);
        word_bytes += length;
    } else {
        word_bytes = WORD_BYTES + 1;
    }
}

/* ---- characters ---------------------------------------------------------- */

/* What does not fit in its row stands in the next one. */
static void break_row(size_t columns)
{
    if (column + columns > VOICE_ROW) { new_row(); }
}

static void put_shown(const char *text, size_t length, size_t columns,
                      void (*put)(char c))
{
    break_row(columns);
    add_to_word(text, length, columns);
    column += columns;
    for (size_t i = 0; i < length; i++) { put(text[i]); }
}

static void put_escape(uint32_t code, char byte, void (*put)(char c))
{
    char text[UTF8_ESCAPE_LONGEST + 1];
    size_t length = utf8_escape(code, byte, text);
    for (size_t i = 0; i < length; i++) { put_shown(text + i, 1, 1, put); }
    before = '\\';
}

/* At the end of a row, terminals do not agree where a tab leads to. */
static size_t columns_of(uint32_t code)
{
    size_t tab = 8 - column % 8;
    return code != '\t'               ? utf8_columns(code)
           : column + tab < VOICE_ROW ? tab
                                      : VOICE_ROW;
}

/* What is unseen is left to scripts beyond ASCII, which need it. */
static bool is_shown(uint32_t code, size_t columns)
{
    if (code == '\t') { return !marking || columns < VOICE_ROW; }
    return utf8_is_shown(code) && (!utf8_is_unseen(code) || before >= 0x80);
}

static void put_character(uint32_t code, const char *text, size_t length,
                          void (*put)(char c))
{
    if (code == '\n') {
        voice_new_line();
        put('\n');
        return;
    }
    size_t columns = columns_of(code);
    bool shown = is_shown(code, columns);
    if (shown && utf8_is_blank(code)) {
        break_row(columns);
        shown = word_ended || !marking || !is_of_console();
        word_ended = true;
    }
    if (shown) {
        put_shown(text, length, columns, put);
        before = code;
    } else {
        put_escape(code, *text, put);
    }
}

/* Takes whole characters from the start of a text; what is left of it. */
static size_t put_whole(const char *text, size_t bytes, void (*put)(char c))
{
    size_t done = 0, length;
    uint32_t code;
    while ((length = utf8_decode(text + done, bytes - done, &code)) > 0) {
        put_character(code, text + done, length, put);
        done += length;
    }
    return bytes - done;
}

void voice_text(const char *text, size_t bytes, void (*put)(char c))
{
    for (size_t i = 0; i < bytes; i++) {
        held[held_bytes++] = text[i];
        size_t left = put_whole(held, held_bytes, put);
        memmove(held, held + held_bytes - left, left);
        held_bytes = left;
    }
}

void voice_new_speaker(void (*put)(char c))
{
    for (size_t i = 0; i < held_bytes; i++) {
        put_escape(UTF8_BAD, held[i], put);
    }
    held_bytes = 0;
}
