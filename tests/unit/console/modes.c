/* What a program has made of the terminal is undone, and done again; and what
 * others write meanwhile is held. */
#include <stdio.h>
#include <string.h>

#include <held.h>
#include <modes.h>
#include <tap.h>

#define ALWAYS_FIRST "\x18\x1b\\\x0f\x1b(B"
#define ALWAYS_LAST "\x1b[m\x1b[J"
#define UNDOES(text) undoes(ALWAYS_FIRST text ALWAYS_LAST, __LINE__)
#define REDOES(text) redoes(text, __LINE__)

static struct modes modes;
static char text[MODES_BYTES];

static void begin(void) { memset(&modes, 0, sizeof modes); }

static void learn(const char *written)
{
    modes_learn(&modes, written, strlen(written));
}

static void is(const char *wanted, int at)
{
    if (strcmp(text, wanted) != 0) {
        tap_fail("modes.c:%d: it is `%s`", at, text + (text[0] == '\x18'));
    }
}

static void undoes(const char *wanted, int at)
{
    modes_undo(&modes, 24, text);
    is(wanted, at);
}

static void redoes(const char *wanted, int at)
{
    modes_redo(&modes, text);
    is(wanted, at);
}

TEST("console.modes.undone_backwards_and_done_again")
{
    begin();
    UNDOES("");
    REDOES("");
    learn("\x1b[?1049h\x1b[1;37;40m\x1b[?25l\x1b[?1;2004h text \x1b[4h\x1b=");
    modes_undo(&modes, 24, text);
    is(ALWAYS_FIRST
       "\x1b[?2004l\x1b[?25h\x1b[?1l\x1b[4l\x1b[?1049l\x1b>" ALWAYS_LAST,
       __LINE__);
    REDOES("\x1b[?1049h\x1b[4h\x1b[?1h\x1b[?25l\x1b[?2004h\x1b=");
    learn("\x1b[?2004l\x1b[?25h\x1b[4l\x1b>\x1b[?1;1049l");
    UNDOES("");
    learn("\x1b[?7l\x1b[?1000h\x1b"
          "c");
    UNDOES("");
}

TEST("console.modes.region")
{
    begin();
    learn("\x1b[2;20r");
    UNDOES("\x1b\x37\x1b[1;24r\x1b\x38");
    REDOES("");
}

TEST("console.modes.cut_into_pieces")
{
    const char *written = "\x1b[?1049;25h\x1b[?25l";
    begin();
    for (const char *c = written; *c != '\0'; c++) {
        modes_learn(&modes, c, 1);
    }
    UNDOES("\x1b[?25h\x1b[?1049l");
}

TEST("console.modes.what_is_none")
{
    begin();
    learn("\x1b[1049h\x1b[25l[?25l\x1b[?25\x1b[?25\nl\x1b[?025");
    UNDOES("");
    learn("l"); /* the last one was whole */
    UNDOES("\x1b[?25h");
    learn("\x1b[?9999999999999999999999925h\x1b[?4294967321h");
    UNDOES("\x1b[?25h");
    learn("\x1b[?;;;;;;;;;;;;;;;;;;;;;;25h");
    UNDOES("");
}

/* D2: each mode that there is, and all that is no mode. */
TEST("console.modes.all_that_can_be")
{
    char written[24];
    begin();
    for (unsigned number = 0; number < 10000; number++) {
        char letter = number == 7 || number == 25 ? 'l' : 'h';
        (void)snprintf(written, sizeof written, "\x1b[?%u%c\x1b[%u%c", number,
                       letter, number, letter);
        learn(written);
    }
    learn("\x1b[1;2r\x1b=");
    modes_undo(&modes, 999, text);
    size_t length = strlen(text);
    if (length + 1 >= MODES_BYTES ||
        strcmp(text + length - strlen(ALWAYS_LAST), ALWAYS_LAST) != 0) {
        tap_fail("%u bytes are not whole", (unsigned)length);
    }
}

/* ---- what is held -------------------------------------------------------- */

TEST("console.held.in_order_and_bounded")
{
    static char line[HELD_OF_ONE];
    struct addressee a = { .path = "a" }, b = { .path = "s2/b" }, from;
    struct addressee parent = { .is_parent = true, .path = "a" };
    size_t bytes, of_a = 0;
    memset(line, 'x', sizeof line);
    while (held_has_room(&a, 100)) {
        line[0] = (char)('0' + of_a % 10);
        held_add(&a, line, 100);
        of_a++;
    }
    if (of_a < 10 || of_a * 100 > HELD_OF_ONE) {
        tap_fail("%u of a are held", (unsigned)of_a);
    }
    if (!held_has_room(&b, 10) || !held_has_room(&parent, 1024)) {
        tap_fail("one sender has all the room");
    }
    held_add(&b, "of b", 4);
    held_add(&parent, "", 0);
    for (size_t i = 0; i < of_a; i++) {
        if (!held_take(&from, line, &bytes) || from.is_parent || bytes != 100 ||
            strcmp(from.path, "a") != 0 || line[0] != (char)('0' + i % 10)) {
            tap_fail("%u of a is another one", (unsigned)i);
        }
    }
    if (!held_take(&from, line, &bytes) || bytes != 4 ||
        strcmp(from.path, "s2/b") != 0 || memcmp(line, "of b", 4) != 0) {
        tap_fail("what b wrote is another one");
    }
    if (!held_take(&from, line, &bytes) || bytes != 0 || !from.is_parent ||
        held_take(&from, line, &bytes)) {
        tap_fail("the parent's is not the last");
    }
}

TEST("console.held.is_full")
{
    static char line[HELD_OF_ONE];
    struct addressee from = { .path = "p0" };
    size_t count = 0, bytes;
    for (; held_has_room(&from, 1000); count++) {
        held_add(&from, line, 1000);
        from.path[1]++;
    }
    if (count * 1000 > HELD_BYTES || count < HELD_BYTES / 1100) {
        tap_fail("%u are held", (unsigned)count);
    }
    while (held_take(&from, line, &bytes)) { count--; }
    if (count != 0) { tap_fail("%u are left", (unsigned)count); }
}
