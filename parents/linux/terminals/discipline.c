#include <terminals/discipline.h>

#include <terminals/erasing.h>
#include <terminals/output.h>

#define BELL '\a'
#define DISABLED 0 /* a character that means nothing */
enum { SIGINT = 2, SIGQUIT = 3, SIGTSTP = 20 };

static bool is(const struct discipline *d, char c, enum termios_character what)
{
    uint8_t wanted = d->settings.character[what];
    return wanted != DISABLED && (uint8_t)c == wanted;
}

static void set_mark(struct discipline *d, uint32_t place, bool ends)
{
    uint32_t n = place % DISCIPLINE_TYPED;
    uint64_t bit = UINT64_C(1) << n % 64;
    d->mark[n / 64] = ends ? d->mark[n / 64] | bit : d->mark[n / 64] & ~bit;
}

static bool is_marked(const struct discipline *d, uint32_t place)
{
    uint32_t n = place % DISCIPLINE_TYPED;
    return d->mark[n / 64] >> n % 64 & 1;
}

void discipline_begin(struct discipline *d, char *typed, char *out)
{
    *d = (struct discipline){
        .typed = typed,
        .out = out,
        .settings = { .input = TERMIOS_ICRNL | TERMIOS_IXON | TERMIOS_IUTF8,
                      .output = TERMIOS_OPOST | TERMIOS_ONLCR,
                      .control = 0xbf, /* 38400 bauds, 8 bits, it reads */
                      .local = TERMIOS_ISIG | TERMIOS_ICANON | TERMIOS_ECHO |
                               TERMIOS_ECHOE | TERMIOS_ECHOK | TERMIOS_ECHOCTL |
                               TERMIOS_ECHOKE | TERMIOS_IEXTEN,
                      .character = { 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0,
                                     18, 15, 23, 22, 0 } }
    };
}

/* ---- typing -------------------------------------------------------------- */

static uint32_t room_typed(const struct discipline *d)
{
    return DISCIPLINE_TYPED - (d->end - d->read);
}

static void keep(struct discipline *d, char c, bool ends)
{
    set_mark(d, d->end, ends);
    *discipline_at(d, d->end++) = c;
    if (ends || !discipline_wants(d, TERMIOS_ICANON)) { d->complete = d->end; }
}

/* An ordinary character.  The last place is for the end of the line. */
static void take(struct discipline *d, char c)
{
    bool is_full = discipline_wants(d, TERMIOS_ICANON) && room_typed(d) <= 1;
    if (is_full) {
        if (termios_has(d->settings.input, TERMIOS_IMAXBEL)) {
            output_raw(d, BELL);
        }
        return;
    }
    if (discipline_wants(d, TERMIOS_ECHO)) {
        output_finish_erasing(d);
        if (d->end == d->complete) { d->first_column = d->column; }
        if (c == '\n') {
            output_put(d, c);
        } else {
            output_echo(d, c);
        }
    }
    keep(d, c, false);
}

static void take_newline(struct discipline *d)
{
    if (discipline_wants(d, TERMIOS_ECHO) ||
        discipline_wants(d, TERMIOS_ECHONL)) {
        output_finish_erasing(d);
        output_put(d, '\n');
    }
    keep(d, '\n', true);
}

static void take_literal(struct discipline *d)
{
    d->is_literal = true;
    if (discipline_wants(d, TERMIOS_ECHO)) {
        output_finish_erasing(d);
        if (discipline_wants(d, TERMIOS_ECHOCTL)) { output_text(d, "^\b"); }
    }
}

static bool take_erasing(struct discipline *d, char c)
{
    bool is_extended = discipline_wants(d, TERMIOS_IEXTEN);
    if (is(d, c, TERMIOS_ERASE)) {
        erasing_erase(d, TERMIOS_ERASE);
    } else if (is(d, c, TERMIOS_KILL)) {
        erasing_erase(d, TERMIOS_KILL);
    } else if (is_extended && is(d, c, TERMIOS_WERASE)) {
        erasing_erase(d, TERMIOS_WERASE);
    } else if (is_extended && discipline_wants(d, TERMIOS_ECHO) &&
               is(d, c, TERMIOS_REPRINT)) {
        erasing_reprint(d);
    } else {
        return false;
    }
    return true;
}

/* While lines are wanted.  The end of a file is a mark without a byte. */
static bool take_of_line(struct discipline *d, char c)
{
    bool is_extended = discipline_wants(d, TERMIOS_IEXTEN);
    if (take_erasing(d, c)) { return true; }
    if (is_extended && is(d, c, TERMIOS_LNEXT)) {
        take_literal(d);
    } else if (c == '\n') {
        take_newline(d);
    } else if (is(d, c, TERMIOS_EOF)) {
        keep(d, DISABLED, true);
    } else if (is(d, c, TERMIOS_EOL) ||
               (is_extended && is(d, c, TERMIOS_EOL2))) {
        if (discipline_wants(d, TERMIOS_ECHO)) { output_echo(d, c); }
        keep(d, c, true);
    } else {
        return false;
    }
    return true;
}

static uint64_t signal_of(const struct discipline *d, char c)
{
    return !discipline_wants(d, TERMIOS_ISIG) ? 0
           : is(d, c, TERMIOS_INTR)           ? UINT64_C(1) << SIGINT
           : is(d, c, TERMIOS_QUIT)           ? UINT64_C(1) << SIGQUIT
           : is(d, c, TERMIOS_SUSP)           ? UINT64_C(1) << SIGTSTP
                                              : 0;
}

static void take_signal(struct discipline *d, char c)
{
    if (!discipline_wants(d, TERMIOS_NOFLSH)) {
        discipline_flush_typed(d);
        discipline_flush_out(d);
    }
    if (termios_has(d->settings.input, TERMIOS_IXON)) { d->is_stopped = false; }
    if (discipline_wants(d, TERMIOS_ECHO)) {
        output_finish_erasing(d);
        output_echo(d, c);
    }
}

/* Control S and Q.  Any key lets it go on, and means what it means, if that is
 * set. */
static bool take_flow(struct discipline *d, char c)
{
    if (!termios_has(d->settings.input, TERMIOS_IXON)) { return false; }
    bool starts = is(d, c, TERMIOS_START), stops = is(d, c, TERMIOS_STOP);
    if (starts || (!stops && termios_has(d->settings.input, TERMIOS_IXANY))) {
        d->is_stopped = false;
    } else if (stops) {
        d->is_stopped = true;
    }
    return starts || stops;
}

/* False: return, and it is ignored. */
static bool translate(const struct discipline *d, char *c)
{
    uint32_t set = d->settings.input;
    if (*c == '\r') {
        if (termios_has(set, TERMIOS_IGNCR)) { return false; }
        if (termios_has(set, TERMIOS_ICRNL)) { *c = '\n'; }
    } else if (*c == '\n' && termios_has(set, TERMIOS_INLCR)) {
        *c = '\r';
    }
    return true;
}

static uint64_t type(struct discipline *d, char c)
{
    if (termios_has(d->settings.input, TERMIOS_ISTRIP)) { c &= 0x7f; }
    if (termios_has(d->settings.input, TERMIOS_IUCLC) &&
        discipline_wants(d, TERMIOS_IEXTEN) && c >= 'A' && c <= 'Z') {
        c = (char)(c - 'A' + 'a');
    }
    if (d->is_literal) {
        d->is_literal = false;
        take(d, c);
        return 0;
    }
    if (take_flow(d, c)) { return 0; }
    uint64_t signal = signal_of(d, c);
    if (signal != 0) {
        take_signal(d, c);
    } else if (translate(d, &c) &&
               !(discipline_wants(d, TERMIOS_ICANON) && take_of_line(d, c))) {
        take(d, c);
    }
    return signal;
}

/* Keys that help are taken however much waits to be read. */
static bool can_take(const struct discipline *d, char c)
{
    bool helps = signal_of(d, c) != 0 ||
                 (termios_has(d->settings.input, TERMIOS_IXON) &&
                  (is(d, c, TERMIOS_START) || is(d, c, TERMIOS_STOP)));
    bool has_lines =
        discipline_wants(d, TERMIOS_ICANON) && d->complete == d->read;
    bool has_room = room_typed(d) > 1 || (room_typed(d) == 1 && has_lines);
    return helps || (has_room && output_room(d) >= OUTPUT_TO_TYPE);
}

size_t discipline_type(struct discipline *d, const char *bytes, size_t count,
                       uint64_t *ret_signals)
{
    size_t done = 0;
    *ret_signals = 0;
    while (done < count && can_take(d, bytes[done])) {
        *ret_signals |= type(d, bytes[done++]);
    }
    return done;
}

/* ---- reading ------------------------------------------------------------- */

bool discipline_can_read(const struct discipline *d)
{
    return d->read != d->complete;
}

static bool is_end_of_file(const struct discipline *d, uint32_t place)
{
    return is_marked(d, place) && *discipline_at(d, place) == DISABLED;
}

size_t discipline_bytes(const struct discipline *d)
{
    size_t bytes = 0;
    if (!discipline_wants(d, TERMIOS_ICANON)) { return d->complete - d->read; }
    for (uint32_t i = d->read; i != d->complete; i++) {
        bytes += !is_end_of_file(d, i);
    }
    return bytes;
}

size_t discipline_read(struct discipline *d, char *ret_bytes, size_t room,
                       bool *ret_ends)
{
    bool lines = discipline_wants(d, TERMIOS_ICANON), ends = false;
    size_t done = 0;
    while (!ends && done < room && d->read != d->complete) {
        ends = lines && is_marked(d, d->read);
        if (!(lines && is_end_of_file(d, d->read))) {
            ret_bytes[done++] = *discipline_at(d, d->read);
        }
        d->read++;
    }
    /* An end of file directly behind what fits is that of this line. */
    if (lines && !ends && d->read != d->complete &&
        is_end_of_file(d, d->read)) {
        d->read++;
        ends = true;
    }
    *ret_ends = ends || d->read == d->complete;
    return done;
}

void discipline_flush_typed(struct discipline *d)
{
    d->read = d->complete = d->end;
    d->is_literal = d->is_erasing = false;
}

/* ---- settings ------------------------------------------------------------ */

void discipline_set(struct discipline *d, const struct termios *settings)
{
    bool were_lines = discipline_wants(d, TERMIOS_ICANON);
    d->settings = *settings;
    bool are_lines = discipline_wants(d, TERMIOS_ICANON);
    if (were_lines != are_lines) {
        d->complete = d->end;
        d->is_literal = false;
        if (are_lines && d->end != d->read) { set_mark(d, d->end - 1, true); }
    }
    if (!termios_has(settings->input, TERMIOS_IXON)) { d->is_stopped = false; }
}
