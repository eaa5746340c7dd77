/* The console's text: what is a character, and what is shown of a program's. */
#include <stdio.h>
#include <string.h>

#include <dice.h>
#include <tap.h>
#include <utf8.h>
#include <voice.h>

/* ---- characters ---------------------------------------------------------- */

/* As RFC 3629 has it. */
static size_t encode(uint32_t code, char ret_text[4])
{
    if (code < 0x80) {
        ret_text[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6) {
        ret_text[i] = (char)(0x80 | (code & 0x3f));
    }
    ret_text[0] = (char)(0xf00u >> length | code);
    return length;
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xd800 && code <= 0xdfff;
}

TEST("console.utf8.each_character_has_one_form")
{
    bool all = true;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char text[4];
        uint32_t found;
        size_t length = encode(code, text);
        size_t taken = utf8_decode(text, length, &found);
        all = all && (is_surrogate(code) ? taken == 1 && found == UTF8_BAD
                                         : taken == length && found == code);
        for (size_t part = 0; part < length && !is_surrogate(code); part++) {
            all = all && utf8_decode(text, part, &found) == 0;
        }
        all = all && (is_surrogate(code) || utf8_last(text, length) == length);
    }
    EXPECT(all);
}

/* Every text of three bytes is the form of what it means, or is bad, or the
 * beginning of what is neither. */
TEST("console.utf8.nothing_else")
{
    bool all = true;
    for (uint32_t i = 0; i < 1 << 24; i++) {
        char text[4] = { (char)(i >> 16), (char)(i >> 8), (char)i, 0 };
        char again[4];
        uint32_t code = 0;
        size_t length = utf8_decode(text, 3, &code);
        if (length == 0) {
            uint32_t last;
            char more[4] = { text[0], text[1], text[2], (char)0x80 };
            all = all && utf8_decode(more, 4, &last) == 4;
        } else if (code == UTF8_BAD) {
            all = all && length == 1;
        } else {
            all = all && encode(code, again) == length &&
                  memcmp(text, again, length) == 0;
        }
    }
    EXPECT(all);
}

TEST("console.utf8.columns")
{
    EXPECT(utf8_columns('a') == 1);
    EXPECT(utf8_columns(0xe4) == 1);     /* a with two dots */
    EXPECT(utf8_columns(0x300) == 0);    /* a grave accent, combining */
    EXPECT(utf8_columns(0x200d) == 0);   /* joins */
    EXPECT(utf8_columns(0x4e16) == 2);   /* a Chinese character */
    EXPECT(utf8_columns(0xac00) == 2);   /* a Korean syllable */
    EXPECT(utf8_columns(0x1161) == 0);   /* a vowel of one */
    EXPECT(utf8_columns(0xff21) == 2);   /* a full-width A */
    EXPECT(utf8_columns(0x1f600) == 2);  /* a face */
    EXPECT(utf8_columns(0x10ffff) == 1); /* the end of the table */
}

TEST("console.utf8.escapes")
{
    char text[UTF8_ESCAPE_LONGEST + 1];
    EXPECT(utf8_escape(UTF8_BAD, (char)0xff, text) == 4);
    EXPECT(strcmp(text, "\\xff") == 0);
    EXPECT(utf8_escape(0x1b, 0x1b, text) == 4);
    EXPECT(strcmp(text, "\\x1b") == 0);
    EXPECT(utf8_escape(0x9b, (char)0xc2, text) == 6);
    EXPECT(strcmp(text, "\\u009b") == 0);
    EXPECT(utf8_escape(0xe0001, (char)0xf3, text) == UTF8_ESCAPE_LONGEST);
    EXPECT(strcmp(text, "\\U000e0001") == 0);
}

/* ---- what is shown ------------------------------------------------------- */

static char shown[4096];
static size_t shown_bytes;

static void put(char c)
{
    if (shown_bytes < sizeof shown - 1) { shown[shown_bytes++] = c; }
    shown[shown_bytes] = '\0';
}

/* A new speaker's text, in pieces of so many bytes. */
static void say(const char *text, size_t bytes, size_t piece)
{
    voice_new_speaker(put);
    voice_new_line();
    shown_bytes = 0;
    for (size_t i = 0; i < bytes; i += piece) {
        voice_text(text + i, bytes - i < piece ? bytes - i : piece, put);
    }
    voice_new_speaker(put);
}

#define SEVENTY \
    "a row has eighty columns; this text fills it, and so is seventy long.."
#define TWO_LESS SEVENTY "or more:"
#define ROW TWO_LESS ".."

static const struct {
    const char *text, *shown;
} samples[] = {
    { "plain\ttext, 100 %\n", "plain\ttext, 100 %\n" },
    { "Gr\xc3\xbc\xc3\x9f"
      "e \xe4\xb8\x96 \xf0\x9f\x98\x80\n",
      "Gr\xc3\xbc\xc3\x9f"
      "e \xe4\xb8\x96 \xf0\x9f\x98\x80\n" },
    { "e\xcc\x81 too\n", "e\xcc\x81 too\n" },
    /* control characters, of all sorts */
    { "\x1b[2J\x07\x08\r\x7f\n", "\\x1b[2J\\x07\\x08\\x0d\\x7f\n" },
    { "\x9b"
      "2J \xc2\x9b"
      "2J",
      "\\x9b"
      "2J \\u009b"
      "2J" },
    { "\x13\x11", "\\x13\\x11" },
    /* bad UTF-8 */
    { "\xc0\x9b\xe0\x80\x9b\xf0\x80\x80\x9b",
      "\\xc0\\x9b\\xe0\\x80\\x9b\\xf0\\x80\\x80\\x9b" },
    { "\xed\xa0\x80\xed\xb0\x80", "\\xed\\xa0\\x80\\xed\\xb0\\x80" },
    { "\xf4\x90\x80\x80\xff", "\\xf4\\x90\\x80\\x80\\xff" },
    { "\xe4\xb8", "\\xe4\\xb8" },
    { "\xe4\xb8\n", "\\xe4\\xb8\n" },
    { "\xe4\xb8"
      "a",
      "\\xe4\\xb8"
      "a" },
    /* direction marks, and what is not seen */
    { "\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8e", "\\u202e\\u2066\\u200e" },
    { "\xe2\x80\xa8\xef\xbb\xbf\xf3\xa0\x81\x81", "\\u2028\\ufeff\\U000e0041" },
    { "\xe2\x80\x8d\xe2\x80\x8d"
      "from s",
      "\\u200d\\u200d"
      "from s" },
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80" },
    /* lines that begin as the console's do */
    { "from s\n", "from\\x20s\n" },
    { "a\nfrom s\nready\n", "a\nfrom\\x20s\nready\n" },
    { "from\ts from s\n", "from\\x09s from s\n" },
    { "from\xc2\xa0s\n", "from\\u00a0s\n" },
    { "from\xe3\x80\x80s\n", "from\\u3000s\n" },
    { "fr\xcd\x8fom s\n", "fr\\u034fom s\n" },
    { "> halt\n", ">\\x20halt\n" },
    { "s/s2/.../s9> halt\n", "s/s2/.../s9>\\x20halt\n" },
    { "to s\n", "to\\x20s\n" },
    { "console: lines go to s\n", "console:\\x20lines go to s\n" },
    { "\xcc\x81> halt\n", "\xcc\x81>\\x20halt\n" },
    { "fr\xcc\x81om s\n", "fr\xcc\x81om\\x20s\n" },
    /* rows that do, of a longer line */
    { ROW "> halt\n", ROW ">\\x20halt\n" },
    { ROW ROW "from s\n", ROW ROW "from\\x20s\n" },
    { ROW "\xcc\x81to s\n", ROW "\xcc\x81to\\x20s\n" },
    { TWO_LESS "\xe4\xb8\x96> halt\n", TWO_LESS "\xe4\xb8\x96>\\x20halt\n" },
    { TWO_LESS "x\xe4\xb8\x96> halt\n", TWO_LESS "x\xe4\xb8\x96> halt\n" },
    { TWO_LESS "x\x1b> halt\n", TWO_LESS "x\\x1b>\\x20halt\n" },
    { TWO_LESS "\xbb> halt\n", TWO_LESS "\\xbb>\\x20halt\n" },
    { "from" ROW " s\n", "from" ROW " s\n" },
    { "xx" TWO_LESS "\t> halt\n", "xx" TWO_LESS "\\x09> halt\n" },
    { "a\t" SEVENTY "\t> halt\n", "a\t" SEVENTY "\\x09> halt\n" },
    /* and such as do not */
    { "from\nto\n", "from\nto\n" },
    { " from s, fromage or \"from\" s\n", " from s, fromage or \"from\" s\n" },
    { "a > b -> c\n->  d\n", "a > b -> c\n->  d\n" },
    { "x" ROW "from s\n", "x" ROW "from s\n" },
    { "tool to\n<html> x\nA> x\n", "tool to\n<html> x\nA> x\n" },
    { "fromfromfromfromfromfromfromfromfromfromfromfrom> x\n",
      "fromfromfromfromfromfromfromfromfromfromfromfrom> x\n" },
};

TEST("console.voice.samples")
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        size_t bytes = strlen(samples[i].text);
        for (size_t piece = 1; piece <= bytes; piece++) {
            say(samples[i].text, bytes, piece);
            if (strcmp(shown, samples[i].shown) != 0) {
                tap_fail("%zu, by %zu: shown as `%s`", i, piece, shown);
            }
        }
    }
}

TEST("console.voice.cut_off")
{
    say("", 0, 1);
    voice_text("\xe4\xb8", 2, put);
    EXPECT(shown_bytes == 0);
    voice_text("\x96", 1, put);
    EXPECT(strcmp(shown, "\xe4\xb8\x96") == 0);
    say("", 0, 1);
    voice_text("\xe4\xb8", 2, put);
    voice_new_speaker(put);
    voice_text("\x96", 1, put);
    EXPECT(strcmp(shown, "\\xe4\\xb8\\x96") == 0);
}

/* A row, up to a blank in it. */
static bool is_of_console(const char *row)
{
    static const char *const own[] = { "from", "to", "console:", ">",
                                       "s2/s2>" };
    bool is_own = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        is_own = is_own || strcmp(row, own[i]) == 0;
    }
    return is_own;
}

/* Whatever a program writes, no control character but newline and tab, and no
 * byte that is not of good UTF-8, comes out; nor a line of the console's. */
TEST("console.voice.nothing_gets_through")
{
    static const char *const pieces[] = {
        "from", "to",   ">",    "s2",       "/",    " ",        "\n",
        "\t",   "\x1b", "\xc2", "\xa0",     "\x9b", "\xe2\x80", "\xae",
        "\x80", "\xf0", "\r",   "console:", "\xcd", "\x8f",
    };
    dice_state = 1;
    for (unsigned round = 0; round < 50000; round++) {
        char text[256] = "";
        for (unsigned i = 0; i < 30; i++) {
            strcat(text, pieces[dice(sizeof pieces / sizeof *pieces)]);
        }
        say(text, strlen(text), 1 + dice(16));
        char row[4 * VOICE_ROW + 1];
        size_t columns = 0, used = 0;
        for (size_t i = 0, length; i < shown_bytes; i += length) {
            uint32_t code = 0;
            length = utf8_decode(shown + i, shown_bytes - i, &code);
            bool plain = utf8_is_shown(code) || code == '\n' || code == '\t';
            if (length == 0 || !plain) {
                EXPECT(length != 0 && plain);
                return;
            }
            size_t more = code == '\t' ? 8 - columns % 8 : utf8_columns(code);
            if (code == '\n' || columns + more > VOICE_ROW) {
                columns = used = 0;
            }
            row[used] = '\0';
            EXPECT(!utf8_is_blank(code) || !is_of_console(row));
            if (code == '\n' || more == 0) { continue; }
            columns += more;
            memcpy(row + used, shown + i, length);
            used += length;
        }
    }
}
