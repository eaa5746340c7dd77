/* The console's line editor: keys, history, search, completion, view. */
#include <stdio.h>
#include <string.h>

#include <dice.h>
#include <edit.h>
#include <history.h>
#include <keys.h>
#include <tap.h>
#include <utf8.h>

static struct keys keys;
static struct edit line;
static enum edit_outcome outcome; /* of the last key */

#define SEEN(columns, text, cursor) seen(columns, text, cursor, __LINE__)

#define UP "\x1b[A"
#define DOWN "\x1b[B"
#define RIGHT "\x1b[C"
#define LEFT "\x1b[D"
#define WORD_LEFT "\x1b[1;5D"
#define WORD_RIGHT "\x1b[1;5C"
#define HOME "\x1bOH"
#define END "\x1b[F"
#define DELETE "\x1b[3~"

static void press(const char *text)
{
    for (; *text != '\0'; text++) {
        uint32_t key = keys_take(&keys, *text);
        if (key == KEY_NONE || key == KEY_NO_ESCAPE || key == KEY_ESCAPE) {
            continue;
        }
        outcome = edit_key(&line, key);
        if (outcome == EDIT_DONE) {
            history_add(line.whom, line.text, line.length);
            edit_begin(&line, line.whom);
        }
    }
}

/* What is pressed, and what stands before the cursor and behind it then. */
struct step {
    const char *keys, *before, *after;
    bool refused; /* the last key */
};

static void steps(const struct step *step, int at)
{
    for (; step->keys != NULL; step++) {
        size_t cursor = strlen(step->before);
        outcome = EDIT_NOTHING;
        press(step->keys);
        if (line.cursor != cursor ||
            memcmp(line.text, step->before, cursor) != 0 ||
            strcmp(line.text + cursor, step->after) != 0 ||
            line.length != strlen(line.text) ||
            (outcome == EDIT_REFUSED) != step->refused) {
            tap_fail("edit.c:%d, `%s` `%s`: `%s`, the cursor at %zu, %s", at,
                     step->before, step->after, line.text, line.cursor,
                     outcome == EDIT_REFUSED ? "refused" : "not refused");
        }
    }
}
#define STEPS(...) steps((const struct step[]){ __VA_ARGS__, { 0 } }, __LINE__)
#define IS(before, after) STEPS({ "", before, after, false })

static void begin(const char *whom)
{
    memset(&keys, 0, sizeof keys);
    edit_begin(&line, whom);
}

static void seen(size_t columns, const char *text, size_t cursor, int at)
{
    struct edit_view view;
    edit_view(&line, columns, &view);
    if (view.bytes != strlen(text) ||
        memcmp(view.text, text, view.bytes) != 0 || view.cursor != cursor) {
        tap_fail("edit.c:%d: seen as `%.*s`, the cursor at %zu", at,
                 (int)view.bytes, view.text, view.cursor);
    }
}

/* ---- keys ---------------------------------------------------------------- */

static uint32_t last_key(const char *bytes)
{
    uint32_t key = KEY_NONE;
    for (; *bytes != '\0'; bytes++) { key = keys_take(&keys, *bytes); }
    return key;
}

TEST("console.keys.what_terminals_send")
{
    static const struct {
        const char *bytes;
        uint32_t key;
    } table[] = {
        { "a", 'a' },
        { "\x1b", KEY_ESCAPE },
        { "\x1b[", KEY_NO_ESCAPE },
        { UP, KEY_UP },
        { "\x1bOA", KEY_UP },
        { LEFT, KEY_LEFT },
        { WORD_LEFT, KEY_WORD_LEFT },
        { "\x1b[1;2D", KEY_LEFT },
        { HOME, KEY_HOME },
        { "\x1b[1~", KEY_HOME },
        { "\x1b[7~", KEY_HOME },
        { "\x1b[4~", KEY_END },
        { DELETE, KEY_DELETE },
        { "\x1b[24~", KEY_OTHER },
        { "\x1b[200~", KEY_OTHER },
        { "\x1b[99999999999;1;1;1;1;1D", KEY_LEFT },
        { "\x1b\x1b", KEY_ESCAPE },
        { "\x1bx", 'x' },
        { "\x1b[\r", '\r' },
        { "\xe4\xb8\x96", 0x4e16 },
        { "\xe4\xb8", KEY_NONE },
        { "\xe4\xb8"
          "a",
          'a' },
        { "\xff", KEY_BAD },
        { "\xe4\xe4", KEY_BAD },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        memset(&keys, 0, sizeof keys);
        uint32_t key = last_key(table[i].bytes);
        if (key != table[i].key) {
            tap_fail("%zu: key %#x, not %#x", i, key, table[i].key);
        }
    }
    memset(&keys, 0, sizeof keys);
    EXPECT(last_key("\x1b[8;24;80t") == KEY_SIZE);
    EXPECT(keys.number[1] == 24 && keys.number[2] == 80);
    EXPECT(last_key("\x1b[8;24t") == KEY_OTHER);
    EXPECT(last_key("\x1b[9;24;80t") == KEY_OTHER);
}

/* ---- moving and erasing -------------------------------------------------- */

TEST("console.edit.moving")
{
    begin("s");
    STEPS({ "new echo run", "new echo run", "" },
          { LEFT LEFT "\x02", "new echo ", "run" },
          { RIGHT "\x06x", "new echo rux", "n" }, { HOME, "", "new echo ruxn" },
          { "\x05", "new echo ruxn", "" },
          { "\x01y" END "z", "ynew echo ruxnz", "" },
          { WORD_LEFT WORD_LEFT, "ynew ", "echo ruxnz" },
          { WORD_RIGHT, "ynew echo", " ruxnz" });
}

/* What is erased one after the other comes back together. */
TEST("console.edit.erasing")
{
    begin("s");
    STEPS({ "new echo run\x7f\x08", "new echo r", "" },
          { "\x17", "new echo ", "" }, { "\x17", "new ", "" },
          { "\x19", "new echo r", "" },
          { LEFT LEFT DELETE "\x04", "new echo", "" },
          { WORD_LEFT "\x0b", "new ", "" }, { "\x01\x19", "echo", "new " },
          { "\x15", "", "new " }, { "\x05\x19", "new echo", "" });
}

/* A bell, and nothing else. */
TEST("console.edit.refused")
{
    static const char *const refused_at_end[] = {
        RIGHT,      DELETE,   "\x04", "\x0b",         DOWN,
        "\x07",     "\x03",   "\xff", "\xe2\x80\xae", "\xc2\x9b",
        "\x1b[24~", "\x1b[Z", "\x16",
    };
    begin("nobody");
    press("abc");
    for (size_t i = 0; i < sizeof refused_at_end / sizeof *refused_at_end;
         i++) {
        STEPS({ refused_at_end[i], "abc", "", true });
    }
    STEPS({ HOME LEFT, "", "abc", true }, { "\x7f", "", "abc", true },
          { "\xcc\x81", "", "abc", true }, /* an accent on nothing */
          { "\x17", "", "abc", true });
    press("\x0c");
    EXPECT(outcome == EDIT_CLEAR);
    press("\t");
    EXPECT(outcome == EDIT_COMPLETE);
}

TEST("console.edit.too_long")
{
    begin("s");
    for (int i = 0; i < EDIT_BYTES - 1; i++) { press("a"); }
    EXPECT(line.length == EDIT_BYTES - 1 && !line.is_cut);
    press("\xc3\xa4"); /* two bytes where one would fit */
    EXPECT(outcome == EDIT_REFUSED && line.is_cut);
    EXPECT(line.length == EDIT_BYTES - 1);
    press("\x7f");
    EXPECT(!line.is_cut);
    press("\xc3\xa4");
    EXPECT(outcome == EDIT_CHANGED && line.length == EDIT_BYTES);
    press("b");
    EXPECT(line.is_cut);
    press("\x15");
    EXPECT(!line.is_cut && line.length == 0);
}

/* ---- UTF-8 --------------------------------------------------------------- */

#define E_ACUTE "e\xcc\x81" /* two characters, one column */
#define WORLD "\xe4\xb8\x96\xe7\x95\x8c"

TEST("console.edit.characters_stay_whole")
{
    begin("s");
    STEPS({ "a" E_ACUTE "\xc3\xbc" WORLD, "a" E_ACUTE "\xc3\xbc" WORLD, "" });
    SEEN(20, "a" E_ACUTE "\xc3\xbc" WORLD, 7);
    STEPS({ LEFT, "a" E_ACUTE "\xc3\xbc\xe4\xb8\x96", "\xe7\x95\x8c" });
    SEEN(20, "a" E_ACUTE "\xc3\xbc" WORLD, 5);
    STEPS({ LEFT LEFT LEFT, "a", E_ACUTE "\xc3\xbc" WORLD },
          { RIGHT, "a" E_ACUTE, "\xc3\xbc" WORLD },
          { "\x7f", "a", "\xc3\xbc" WORLD }, { DELETE, "a", WORLD });
}

/* ---- history ------------------------------------------------------------- */

/* An empty line, and the same again, are not kept; what was changed is a new
 * line. */
TEST("console.history.of_each_addressee")
{
    begin("ann");
    press("one\rtwo\rtwo\r\rthree\r");
    begin("bob");
    STEPS({ UP, "", "", true }, { "four\r" UP, "four", "" });
    begin("ann");
    STEPS({ "fresh" UP, "three", "" }, { "\x10", "two", "" }, { UP, "one", "" },
          { UP, "one", "", true }, { DOWN "\x0e", "three", "" },
          { DOWN, "fresh", "" }, { DOWN, "fresh", "", true },
          { UP UP " more\r" UP UP, "three", "" });
}

TEST("console.history.is_bounded")
{
    char text[8];
    begin("few");
    press("mine\r");
    for (unsigned whom = 0; whom < 2; whom++) {
        begin(whom == 0 ? "many" : "more");
        for (unsigned i = 0; i < 3 * HISTORY_LINES; i++) {
            snprintf(text, sizeof text, "%u\r", i);
            press(text);
        }
        unsigned lines = 0;
        while (history_line(line.whom, lines) != NULL) { lines++; }
        EXPECT(lines == HISTORY_LINES / 2);
        EXPECT(strcmp(history_line(line.whom, 0), "191") == 0);
        EXPECT((history_line("few", 0) != NULL) == (whom == 0));
    }
}

TEST("console.edit.searching")
{
    begin("searcher");
    press("new echo\rlist short\rnew talk\rremove echo\r");
    press("x\x12");
    SEEN(60, "search `': x", 8);
    press("e");
    SEEN(60, "search `e': remove echo", 9);
    press("w");
    SEEN(60, "search `ew': new talk", 10);
    press("\x12");
    SEEN(60, "search `ew': new echo", 10);
    press("\x12");
    EXPECT(outcome == EDIT_REFUSED);
    press("z");
    EXPECT(outcome == EDIT_REFUSED);
    STEPS({ LEFT, "new ech", "o" }, { DOWN DOWN DOWN DOWN, "x", "" },
          { "\x12li\x07", "x", "" });
    press("\x12li\x7f\x7f");
    SEEN(60, "search `': x", 8);
    press("short\r" UP);
    IS("list short", "");
    EXPECT(strcmp(history_line("searcher", 0), "list short") == 0);
}

/* ---- completion ---------------------------------------------------------- */

static char meant[64];

static enum edit_outcome complete(const char *words)
{
    return edit_complete(&line, words, strlen(words), meant, sizeof meant);
}

TEST("console.edit.completing")
{
    static const char words[] = "new list listen\nremove echo  echo";
    static const struct {
        const char *keys;
        enum edit_outcome outcome;
        const char *before, *after, *meant;
    } table[] = {
        { "r", EDIT_CHANGED, "remove ", "", "" },
        { "e", EDIT_CHANGED, "remove echo ", "", "" }, /* twice the same */
        { "l", EDIT_CHANGED, "remove echo list", "", "" },
        { "", EDIT_REFUSED, "remove echo list", "", "list listen" },
        { "e", EDIT_CHANGED, "remove echo listen ", "", "" },
        { "x", EDIT_REFUSED, "remove echo listen x", "", "" },
        { "\x15", EDIT_REFUSED, "", "", "new list listen remove echo" },
        { "ne x" LEFT LEFT, EDIT_CHANGED, "new ", " x", "" },
    };
    begin("s");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        press(table[i].keys);
        EXPECT(complete(words) == table[i].outcome);
        IS(table[i].before, table[i].after);
        EXPECT(table[i].outcome == EDIT_CHANGED ||
               strcmp(meant, table[i].meant) == 0);
    }
    EXPECT(complete("") == EDIT_REFUSED);
}

/* The words come from a program. */
TEST("console.edit.hostile_words")
{
    char many[1000];
    begin("s");
    press("a");
    EXPECT(complete("a\x1b[2J a\xe2\x80\xae") == EDIT_REFUSED);
    EXPECT(meant[0] == '\0');
    EXPECT(edit_complete(&line, "ab\0ac", 5, meant, sizeof meant) ==
           EDIT_CHANGED);
    IS("ab ", "");
    press("\x15"
          "a");
    memset(many, 'a', sizeof many);
    EXPECT(edit_complete(&line, many, sizeof many, meant, sizeof meant) ==
           EDIT_REFUSED);
    IS("a", "");
    for (size_t i = 1; i < sizeof many; i += 2) { many[i] = ' '; }
    many[2] = many[4] = 'b';
    EXPECT(edit_complete(&line, many, sizeof many, meant, sizeof meant) ==
           EDIT_CHANGED);
    press("\x15");
    EXPECT(edit_complete(&line, many, sizeof many, meant, 3) == EDIT_REFUSED);
    EXPECT(strcmp(meant, "a") == 0);
}

/* ---- the view ------------------------------------------------------------ */

TEST("console.edit.long_lines")
{
    begin("s");
    press("0123456789abcdefghijklmnopqrs");
    SEEN(16, "<klmnopqrs", 10);
    SEEN(30, "0123456789abcdefghijklmnopqrs", 29);
    press(HOME);
    SEEN(16, "0123456789abcde>", 0);
    for (int i = 0; i < 12; i++) { press(RIGHT); }
    SEEN(16, "0123456789abcde>", 12);
    press(RIGHT);
    SEEN(16, "<456789abcdefgh>", 10);
    begin("s");
    /* Of e with its accent, column 19 is hidden: both are, or neither. */
    press("0123456789abcdefghi" E_ACUTE "klmnopqrs");
    SEEN(16, "<klmnopqrs", 10);
}

static void check_line(void)
{
    size_t length;
    struct edit_view view;
    bool starts = line.cursor == line.length;
    EXPECT(line.length <= EDIT_BYTES && line.cursor <= line.length);
    EXPECT(strlen(line.text) == line.length);
    for (size_t at = 0; at < line.length; at += length) {
        uint32_t code = 0;
        length = utf8_decode(line.text + at, line.length - at, &code);
        if (length == 0 || !utf8_is_shown(code)) {
            EXPECT(length > 0 && utf8_is_shown(code));
            return;
        }
        starts = starts || (at == line.cursor && utf8_columns(code) > 0);
    }
    EXPECT(starts);
    for (size_t columns = EDIT_LEAST; columns < 100; columns += 13) {
        edit_view(&line, columns, &view);
        size_t all = 0;
        for (size_t at = 0; at < view.bytes; at += length) {
            uint32_t code = 0;
            length = utf8_decode(view.text + at, view.bytes - at, &code);
            if (length == 0) {
                EXPECT(length > 0);
                return;
            }
            all += utf8_columns(code);
        }
        EXPECT(view.bytes <= sizeof view.text);
        EXPECT(all == view.columns && all <= columns);
        EXPECT(view.cursor <= all && view.cursor < columns);
    }
}

TEST("console.edit.whatever_is_pressed")
{
    static const char *const pieces[] = {
        "word ",
        "a",
        E_ACUTE,
        WORLD,
        "\xf0\x9f\x98\x80",
        "\xcc\x81",
        " ",
        UP,
        DOWN,
        LEFT,
        LEFT,
        RIGHT,
        HOME,
        END,
        DELETE,
        "\x7f",
        "\x0b",
        "\x15",
        "\x17",
        "\x19",
        "\x19",
        "\x12",
        "\x07",
        "\r",
        "\xe4",
        "\x9b",
        "\xe2\x80\x8d",
        WORD_LEFT,
        WORD_RIGHT,
        "\x1b[8;1;1t",
        "some text to be cut ",
    };
    dice_state = 1;
    begin("fuzz");
    for (unsigned i = 0; i < 60000 && tap_is_good(); i++) {
        press(pieces[dice(sizeof pieces / sizeof *pieces)]);
        if (dice(8) == 0) { (void)complete("word wordy a"); }
        check_line();
    }
}
