/* The line discipline: what is typed, echoed and read, as Linux 6.12 has it. */
#include <stdio.h>
#include <string.h>

#include <tap.h>
#include <terminals/discipline.h>

#define CONTROL(letter) ((char)((letter)&0x1f))
#define C "\x03"
#define ERASE "\x7f"
enum { SIGINT = 2, SIGQUIT = 3, SIGTSTP = 20 };

static struct discipline d;
static char typed_room[DISCIPLINE_TYPED], out_room[DISCIPLINE_OUT];
static uint64_t signals;

#define TYPES(keys, count) types(keys, sizeof keys - 1, count, __LINE__)
#define WRITES(text) writes(text, sizeof text - 1, __LINE__)
#define SHOWS(text) shows(text, sizeof text - 1, __LINE__)
#define READS(room, text) reads(room, text, sizeof text - 1, __LINE__)
#define NOTHING() nothing(__LINE__)
#define SIGNALS(set) signalled(set, __LINE__)

static void begin(void)
{
    discipline_begin(&d, typed_room, out_room);
    signals = 0;
}

static void change(uint32_t input, uint32_t output, uint32_t local)
{
    struct termios settings = d.settings;
    settings.input ^= input;
    settings.output ^= output;
    settings.local ^= local;
    discipline_set(&d, &settings);
}

static void types(const char *keys, size_t bytes, size_t wanted, int at)
{
    uint64_t more;
    size_t taken = discipline_type(&d, keys, bytes, &more);
    signals |= more;
    if (taken != wanted) {
        tap_fail("discipline.c:%d: %zu of %zu are taken", at, taken, bytes);
    }
}

static void writes(const char *text, size_t bytes, int at)
{
    size_t taken = discipline_write(&d, text, bytes);
    if (taken != bytes) {
        tap_fail("discipline.c:%d: %zu of %zu are written", at, taken, bytes);
    }
}

static size_t fetch(char *to)
{
    const char *from;
    size_t bytes, done = 0;
    while ((bytes = discipline_out(&d, &from)) > 0) {
        memcpy(to + done, from, bytes);
        discipline_sent(&d, bytes);
        done += bytes;
    }
    return done;
}

static void shows(const char *text, size_t bytes, int at)
{
    static char out[DISCIPLINE_OUT + 1];
    size_t done = fetch(out);
    out[done] = '\0';
    if (done != bytes || memcmp(out, text, bytes) != 0) {
        tap_fail("discipline.c:%d: shown is `%s`", at, out);
    }
}

static void reads(size_t room, const char *text, size_t bytes, int at)
{
    static char area[DISCIPLINE_TYPED + 1];
    bool ends;
    if (!discipline_can_read(&d)) {
        tap_fail("discipline.c:%d: nothing can be read", at);
    }
    size_t done = discipline_read(&d, area, room, &ends);
    area[done] = '\0';
    if (done != bytes || memcmp(area, text, bytes) != 0) {
        tap_fail("discipline.c:%d: read is `%s`", at, area);
    }
}

static void nothing(int at)
{
    if (discipline_can_read(&d)) {
        tap_fail("discipline.c:%d: something can be read", at);
    }
}

static void signalled(uint64_t set, int at)
{
    if (signals != set) {
        tap_fail("discipline.c:%d: signals are %#lx", at,
                 (unsigned long)signals);
    }
    signals = 0;
}

/* ---- lines --------------------------------------------------------------- */

TEST("linux.discipline.a_line")
{
    begin();
    TYPES("ab", 2);
    NOTHING();
    TYPES("c\r", 2);
    SHOWS("abc\r\n");
    READS(100, "abc\n");
    NOTHING();
    TYPES("one\ntwo\nthr", 11);
    READS(2, "on");
    READS(100, "e\n");
    READS(100, "two\n");
    NOTHING();
    TYPES("ee\n", 3);
    READS(100, "three\n");
}

TEST("linux.discipline.end_of_file")
{
    begin();
    TYPES("\x04", 1);
    READS(10, "");
    NOTHING();
    TYPES("ab\x04"
          "cd\n",
          6);
    READS(2, "ab"); /* with its mark */
    READS(10, "cd\n");
    TYPES("ab\x04", 3);
    READS(1, "a");
    READS(10, "b");
    NOTHING();
    SHOWS("abcd\r\nab");
}

TEST("linux.discipline.erasing")
{
    begin();
    TYPES(ERASE "ab" ERASE "c\n", 6);
    SHOWS("ab\b \bc\r\n");
    READS(10, "ac\n");
    TYPES("a"
          "\x16" C ERASE "\n",
          5);
    SHOWS("a^\b^C\b \b\b \b\r\n");
    READS(10, "a\n");
    TYPES("gr\xc3\xbc" ERASE ERASE "\n", 7);
    SHOWS("gr\xc3\xbc\b \b\b \b\r\n");
    READS(10, "g\n");
    TYPES("one two_3  \x17\x17x\n", 15);
    SHOWS("one two_3  \b \b\b \b\b \b\b \b\b \b\b \b\b \b"
          "\b \b\b \b\b \b\b \bx\r\n");
    READS(10, "x\n");
    TYPES("abc\x15z\n", 6);
    SHOWS("abc\b \b\b \b\b \bz\r\n");
    READS(10, "z\n");
}

TEST("linux.discipline.erasing_a_tab")
{
    begin();
    WRITES("> ");
    TYPES("a\t" ERASE "\n", 4);
    SHOWS("> a\t\b\b\b\b\b\r\n");
    TYPES("\t\t" ERASE ERASE "\n", 5);
    SHOWS("\t\t\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\r\n");
    READS(10, "a\n");
    READS(10, "\n");
}

TEST("linux.discipline.erasing_as_on_paper")
{
    begin();
    change(0, 0, TERMIOS_ECHOPRT);
    TYPES("abc" ERASE ERASE "d\n", 7);
    SHOWS("abc\\cb/d\r\n");
    READS(10, "ad\n");
    begin();
    change(0, 0, TERMIOS_ECHOE | TERMIOS_ECHOKE);
    TYPES("ab" ERASE "\x15"
          "c\n",
          6);
    SHOWS("ab^?^U\r\nc\r\n");
    READS(10, "c\n");
}

TEST("linux.discipline.reprint_and_literal")
{
    begin();
    TYPES("ab\x12"
          "c\n",
          5);
    SHOWS("ab^R\r\nabc\r\n");
    READS(10, "abc\n");
    TYPES("\x16\r\x16\x04\n", 5);
    SHOWS("^\b^M^\b^D\r\n");
    READS(10, "\r\x04\n");
}

TEST("linux.discipline.other_ends_of_lines")
{
    struct termios settings;
    begin();
    settings = d.settings;
    settings.character[TERMIOS_EOL] = ';';
    settings.character[TERMIOS_EOL2] = '.';
    discipline_set(&d, &settings);
    TYPES("a;b.c\n", 6);
    SHOWS("a;b.c\r\n");
    READS(10, "a;");
    READS(10, "b.");
    READS(10, "c\n");
}

/* What finds no room in its line is dropped; its end always finds some. */
TEST("linux.discipline.a_line_too_long")
{
    static char long_line[5000];
    static char area[5000];
    bool ends;
    begin();
    change(TERMIOS_IMAXBEL, 0, TERMIOS_ECHO);
    memset(long_line, 'x', sizeof long_line);
    types(long_line, sizeof long_line, sizeof long_line, __LINE__);
    NOTHING();
    TYPES("\n", 1);
    size_t bytes = discipline_read(&d, area, sizeof area, &ends);
    if (bytes != DISCIPLINE_TYPED || area[bytes - 1] != '\n' || !ends) {
        tap_fail("%zu bytes are read", bytes);
    }
    size_t bells = fetch(area);
    if (bells != sizeof long_line - (DISCIPLINE_TYPED - 1) || area[0] != 7) {
        tap_fail("%zu bells", bells);
    }
}

/* Lines that nobody reads are kept; the next ones wait, but for the keys that
 * help. */
TEST("linux.discipline.lines_that_wait")
{
    static char lines[6000];
    uint64_t more;
    begin();
    change(0, 0, TERMIOS_ECHO);
    for (size_t i = 0; i < sizeof lines; i++) {
        lines[i] = i % 10 == 9 ? '\n' : 'l';
    }
    size_t taken = discipline_type(&d, lines, sizeof lines, &more);
    if (taken < DISCIPLINE_TYPED - 10 || taken > DISCIPLINE_TYPED) {
        tap_fail("%zu are taken", taken);
    }
    READS(100, "lllllllll\n");
    TYPES(C, 1);
    SIGNALS(UINT64_C(1) << SIGINT);
    NOTHING();
}

/* ---- keys ---------------------------------------------------------------- */

TEST("linux.discipline.signals")
{
    begin();
    WRITES("not seen any more");
    TYPES("ab" C, 3);
    SIGNALS(UINT64_C(1) << SIGINT);
    SHOWS("^C");
    NOTHING();
    TYPES("\x1c\x1a", 2);
    SIGNALS(UINT64_C(1) << SIGQUIT | UINT64_C(1) << SIGTSTP);
    SHOWS("^Z"); /* the second flushes what the first has shown */
    change(0, 0, TERMIOS_NOFLSH);
    TYPES("ab" C "c\n", 5);
    SIGNALS(UINT64_C(1) << SIGINT);
    SHOWS("ab^Cc\r\n");
    READS(10, "abc\n");
    change(0, 0, TERMIOS_ISIG);
    TYPES(C "\n", 2);
    SIGNALS(0);
    READS(10, C "\n");
}

TEST("linux.discipline.stopped")
{
    begin();
    WRITES("one\n");
    TYPES("\x13"
          "a",
          2);
    SHOWS("");
    TYPES("\x11", 1);
    SHOWS("one\r\na");
    TYPES("\x13", 1);
    change(TERMIOS_IXANY, 0, 0);
    TYPES("b\n", 2);
    SHOWS("b\r\n");
    READS(10, "ab\n");
    TYPES("\x13", 1);
    SHOWS("");
    change(TERMIOS_IXON, 0, 0);
    WRITES("two");
    SHOWS("two");
    TYPES("\x13\x11\n", 3);
    READS(10, "\x13\x11\n");
}

TEST("linux.discipline.other_keys")
{
    begin();
    change(TERMIOS_ICRNL | TERMIOS_INLCR, 0, 0);
    TYPES("a\n\r", 3);
    SHOWS("a^M^M");
    NOTHING();
    begin();
    change(TERMIOS_IGNCR, 0, 0);
    TYPES("a\r\n", 3);
    READS(10, "a\n");
    begin();
    change(TERMIOS_ISTRIP | TERMIOS_IUCLC, 0, 0);
    TYPES("\xc1"
          "Bc\n",
          4);
    READS(10, "abc\n");
    begin();
    change(0, 0, TERMIOS_ECHO);
    TYPES("secret\n", 7);
    SHOWS("");
    change(0, 0, TERMIOS_ECHONL);
    TYPES("secret" ERASE "\n", 8);
    SHOWS("\r\n");
    begin();
    change(0, 0, TERMIOS_ECHOCTL);
    TYPES("\x01\n", 2);
    SHOWS("\x01\r\n");
}

/* ---- without lines ------------------------------------------------------- */

TEST("linux.discipline.keys_as_they_come")
{
    begin();
    TYPES("ab", 2);
    change(TERMIOS_ICRNL | TERMIOS_IXON, TERMIOS_OPOST,
           TERMIOS_ICANON | TERMIOS_ECHO | TERMIOS_ISIG);
    if (discipline_bytes(&d) != 2) { tap_fail("what was typed is lost"); }
    TYPES(C "\r\x04\x13" ERASE, 5);
    READS(3, "ab" C);
    READS(10, "\r\x04\x13" ERASE);
    SIGNALS(0);
    WRITES("a\n\t");
    SHOWS("aba\n\t");
}

TEST("linux.discipline.lines_again")
{
    begin();
    change(0, 0, TERMIOS_ICANON | TERMIOS_ECHO);
    TYPES("abc", 3);
    change(0, 0, TERMIOS_ICANON);
    TYPES("d\n", 2);
    READS(10, "abc");
    READS(10, "d\n");
}

/* ---- output -------------------------------------------------------------- */

TEST("linux.discipline.output")
{
    begin();
    WRITES("a\tb\n\xc3\xbc\tc\rd");
    SHOWS("a\tb\r\n\xc3\xbc\tc\rd");
    change(0, TERMIOS_XTABS, 0);
    WRITES("\n\xc3\xbc\tc\n");
    SHOWS("\r\n\xc3\xbc       c\r\n");
    change(0, TERMIOS_OLCUC | TERMIOS_OCRNL | TERMIOS_ONLCR, 0);
    WRITES("ab\r");
    SHOWS("AB\n");
    begin();
    change(0, TERMIOS_ONOCR, 0);
    WRITES("\ra\r\r");
    SHOWS("a\r");
}

/* Echo still finds room when a program has written all that it may. */
TEST("linux.discipline.output_is_full")
{
    static char text[2 * DISCIPLINE_OUT];
    begin();
    memset(text, '\n', sizeof text);
    size_t done = 0, part;
    while ((part = discipline_write(&d, text, sizeof text)) > 0) {
        done += part;
    }
    if (done < 1500 || done > DISCIPLINE_OUT / 2) {
        tap_fail("%zu newlines are written", done);
    }
    if (discipline_room(&d) != 0) { tap_fail("there is room"); }
    TYPES("a", 1);
    static char out[DISCIPLINE_OUT];
    size_t bytes = fetch(out);
    if (bytes != 2 * done + 1 || out[bytes - 1] != 'a') {
        tap_fail("%zu bytes are shown of %zu newlines", bytes, done);
    }
}

/* ---- at random ----------------------------------------------------------- */

/* Whatever is typed, in whatever settings, nothing is lost or invented. */
TEST("linux.discipline.random")
{
    static char area[64], out[DISCIPLINE_OUT];
    uint64_t state = 88172645463325252u;
    begin();
    for (unsigned i = 0; i < 400000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char keys[3] = { (char)state, (char)(state >> 8 & 0x7f),
                         (char)(state >> 16 & 0x1f) };
        bool ends;
        switch (state >> 60) {
        case 0:
            change((uint32_t)(state >> 20) & 0x6fe0,
                   (uint32_t)(state >> 34) & 0x183f,
                   (uint32_t)(state >> 48) & 0x8ffb);
            break;
        case 1: (void)fetch(out); break;
        case 2:
        case 3:
        case 4:
            if (discipline_can_read(&d)) {
                size_t before = discipline_bytes(&d);
                size_t room = 1 + state % sizeof area;
                size_t done = discipline_read(&d, area, room, &ends);
                if (done > room || before - done != discipline_bytes(&d)) {
                    tap_fail("%zu of %zu are read, and %zu are left", done,
                             before, discipline_bytes(&d));
                }
            }
            break;
        case 5: (void)discipline_write(&d, keys, 3); break;
        default: {
            uint64_t more;
            (void)discipline_type(&d, keys, 3, &more);
            break;
        }
        }
        if (d.end - d.read > DISCIPLINE_TYPED ||
            d.complete - d.read > d.end - d.read ||
            d.put - d.sent > DISCIPLINE_OUT) {
            tap_fail("step %u: L1 is broken", i);
            return;
        }
    }
}
