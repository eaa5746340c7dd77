#include <terminals/screen.h>

#include <loop.h>
#include <raw.h>
#include <skeleton.h>
#include <string.h>
#include <terminals/terminal.h>
#include <waiting/timer.h>

#define LAST 300000 /* microseconds, for the last output */

static struct kerne_raw raw;
static bool is_raw, is_refused, is_feeding;

static char typed[KERNE_LINE_BYTES]; /* and not taken by the terminal yet */
static size_t typed_bytes, typed_done;
static uint64_t typed_buffer; /* the message that asks for it; 0: none */

static char out[CONSOLE_OUTPUT_BYTES]; /* and not taken by the console yet */
static size_t out_bytes, out_asked;
static uint64_t out_buffer;
static bool out_is_raw;

static struct discipline *discipline(void)
{
    return &terminal_console->discipline;
}

bool screen_is_raw(void) { return is_raw; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* ---- typed --------------------------------------------------------------- */

/* The console has shown its lines already; a program that looks is told so, if
 * it has not set the echo itself. */
static size_t type(const char *bytes, size_t count)
{
    uint32_t *local = &discipline()->settings.local;
    uint32_t echo = is_raw ? 0 : *local & (TERMIOS_ECHO | TERMIOS_ECHONL);
    *local &= ~echo;
    size_t done = terminal_type(terminal_console, bytes, count);
    *local |= echo;
    return done;
}

static void feed(void)
{
    size_t done = 1;
    if (is_feeding) { return; }
    is_feeding = true;
    while (typed_done < typed_bytes && done > 0) {
        done = type(typed + typed_done, typed_bytes - typed_done);
        typed_done += done;
    }
    is_feeding = false;
}

static void changed(struct terminal *terminal)
{
    (void)terminal;
    feed();
}

/* Lines are asked for when somebody is to read one: then the prompt comes. */
static void ask(void)
{
    struct kerne_words message =
        is_raw
            ? kerne_raw_message(&raw, typed, sizeof typed)
            : kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, typed, sizeof typed);
    if (typed_buffer != 0 || typed_done < typed_bytes ||
        (!is_raw && terminal_console->to_read.first == NULL)) {
        return;
    }
    if (kerne_send_message(linux_parent.console.address, &message,
                           &typed_buffer) != KERNE_r_normal) {
        typed_buffer = 0;
    }
}

static void set_size(uint64_t turn)
{
    const struct terminal_size size = { .rows = (uint16_t)raw.rows,
                                        .columns = (uint16_t)raw.columns };
    bool is_same = memcmp(&terminal_console->size, &size, sizeof size) == 0;
    terminal_resize(terminal_console, &size);
    if (is_same && raw.turn != turn) { terminal_redraw(terminal_console); }
}

static void keys_came(const struct kerne_received *received)
{
    uint64_t turn = raw.turn, result = KERNE_EVENT_RESULT(received->event);
    bool is_missing = result == KERNE_r_malfunction &&
                      received->words.w[KERNE_WORD_STATUS] == KERNE_r_missing;
    if (result == KERNE_r_normal) {
        typed_bytes = kerne_raw_told(&raw, &received->words, sizeof typed);
        set_size(turn);
    } else if (is_missing) {
        memset(typed, 0, sizeof typed);
    } else { /* there is another console, or none */
        is_raw = false;
        is_refused = true;
        (void)kerne_regret_message(raw.held);
    }
}

static void line_came(const struct kerne_received *received)
{
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    bool is_line =
        KERNE_EVENT_RESULT(received->event) == KERNE_r_normal && bytes > 0;
    if (!is_line) {
        typed[0] = (char)discipline()->settings.character[TERMIOS_EOF];
        bytes = 1;
    }
    typed_bytes = least(bytes, sizeof typed);
}

/* ---- out ----------------------------------------------------------------- */

/* The console's lines end in a newline alone. */
static void fetch(bool goes_raw)
{
    const char *from;
    size_t bytes;
    while ((bytes = least(discipline_out(discipline(), &from),
                          sizeof out - out_bytes)) > 0) {
        for (size_t i = 0; i < bytes; i++) {
            if (goes_raw || from[i] != '\r') { out[out_bytes++] = from[i]; }
        }
        discipline_sent(discipline(), bytes);
    }
    terminal_has_room(terminal_console);
}

/* Of lines, those that are whole; a part when somebody is to read it. */
static size_t to_send(bool goes_raw)
{
    size_t bytes = out_bytes;
    if (goes_raw || out_bytes == sizeof out ||
        terminal_console->to_read.first != NULL) {
        return bytes;
    }
    while (bytes > 0 && out[bytes - 1] != '\n') { bytes--; }
    return bytes;
}

static void send(bool all)
{
    bool goes_raw = is_raw && raw.turn != 0;
    if (out_buffer != 0) { return; }
    fetch(goes_raw);
    out_asked = all ? out_bytes : to_send(goes_raw);
    out_is_raw = goes_raw;
    if (out_asked == 0) { return; }
    struct kerne_words message =
        kerne_area(goes_raw ? KERNE_CONSOLE_PUT : KERNE_OUTPUT,
                   KERNE_GRANT_READ, out, out_asked);
    if (kerne_send_message(linux_parent.console.address, &message,
                           &out_buffer) != KERNE_r_normal) {
        out_buffer = 0;
    }
}

/* What a console that is not there does not take is lost; what it does not
 * take as it is goes in lines. */
static void out_answered(uint64_t result, uint64_t bytes)
{
    bool is_given_up = out_is_raw && result == KERNE_r_rejected;
    if (is_given_up) {
        is_raw = false;
        is_refused = true;
    }
    if (is_given_up || result == KERNE_r_malfunction) {
        bytes = 0;
    } else if (result != KERNE_r_normal || bytes == 0 || bytes > out_asked) {
        bytes = out_asked;
    }
    out_bytes -= bytes;
    memmove(out, out + bytes, out_bytes);
    terminal_has_room(terminal_console);
}

void screen_say(const char *text)
{
    size_t bytes = strlen(text);
    if (is_raw && raw.turn != 0 && discipline_room(discipline()) >= bytes + 2) {
        (void)discipline_write(discipline(), text, bytes);
        (void)discipline_write(discipline(), "\r\n", 2);
    } else {
        parent_say(&linux_parent, "%s", text);
    }
}

/* ---- all ----------------------------------------------------------------- */

void screen_send(void)
{
    send(false);
    ask();
    console_send(&linux_parent.console);
}

/* If the console grants a stream, and has a terminal. */
static void begin_raw(void)
{
    is_refused =
        kerne_raw_begin(&raw, linux_parent.console.address) != KERNE_r_normal;
    if (is_refused) { return; }
    is_raw = raw.columns > 0;
    if (is_raw) {
        discipline()->settings.local |= TERMIOS_ECHO;
        set_size(0);
        linux_parent.is_hasty = true; /* the console prints nothing meanwhile */
    } else {
        kerne_raw_end(&raw);
    }
}

/* A terminal may tell its size later than the console waits for that.  Then
 * lines end here, when none is being typed: so none is lost. */
static void look_for_terminal(const struct kerne_received *answer)
{
    if (!is_raw && !is_refused && typed_buffer == 0 && out_buffer == 0 &&
        KERNE_EVENT_RESULT(answer->event) == KERNE_r_normal &&
        answer->words.w[KERNE_WORD_COLUMNS] > 0) {
        begin_raw();
    }
}

bool screen_answer(const struct kerne_received *received)
{
    if (received->buffer == out_buffer) {
        out_buffer = 0;
        out_answered(KERNE_EVENT_RESULT(received->event),
                     received->words.w[KERNE_WORD_BYTES]);
        look_for_terminal(received);
        return true;
    }
    if (received->buffer != typed_buffer) { return false; }
    typed_buffer = typed_bytes = typed_done = 0;
    if (is_raw) {
        keys_came(received);
    } else {
        line_came(received);
    }
    feed();
    look_for_terminal(received);
    return true;
}

void screen_begin(void)
{
    const struct terminal_size usual = { .rows = 24, .columns = 80 };
    terminal_console = terminal_make(changed);
    if (terminal_console == NULL) {
        kerne_give_up("no page is left for the terminal; give it more storage "
                      "with `size`");
    }
    terminal_console->size = usual;
    discipline()->settings.local &= ~(uint32_t)TERMIOS_ECHO;
    begin_raw();
}

/* The next event, of those that come before the last output is printed.  True:
 * it has been waited for long enough. */
static bool take_last(uint64_t clock)
{
    const struct kerne_words nothing = { { 0 } };
    struct kerne_received received = kerne_serve(0, KERNE_r_normal, &nothing);
    if (received.buffer == clock) { return true; }
    if (received.buffer == out_buffer) {
        out_buffer = 0;
        out_answered(KERNE_EVENT_RESULT(received.event),
                     received.words.w[KERNE_WORD_BYTES]);
    } else if (received.buffer == typed_buffer) {
        typed_buffer = 0;
    } else if (!timer_answer(received.buffer)) {
        parent_event(&linux_parent, &received);
    }
    return false;
}

/* What still goes out goes as it is, and not to the lines behind it; unless the
 * operator has led the keys away: then it waits for him. */
static void print_last(void)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(LAST) } };
    uint64_t clock = 0;
    bool is_late = kerne_send_message(linux_parent.clock, &delay, &clock) !=
                   KERNE_r_normal;
    while (!is_late && (out_buffer != 0 || (send(true), out_buffer != 0))) {
        is_late = take_last(clock);
    }
    if (!is_late) { (void)kerne_regret_message(clock); }
}

void screen_end(void)
{
    if (is_raw && raw.turn != 0) { print_last(); }
    if (is_raw) {
        kerne_raw_end(&raw);
        linux_parent.is_hasty = false;
    }
    is_raw = out_is_raw && out_buffer != 0;
    for (; out_buffer != 0 || (send(true), out_buffer != 0);) {
        struct kerne_words words;
        uint64_t result = kerne_wait_answer(out_buffer, &words);
        out_buffer = 0;
        out_answered(result, words.w[KERNE_WORD_BYTES]);
        is_raw = false;
    }
    console_flush(&linux_parent.console);
}
