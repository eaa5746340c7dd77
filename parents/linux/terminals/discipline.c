#include <terminals/discipline.h>

/* Room for what one typed character can bring: a line of 4095 that is written
 * again, each a control character, has more, and is cut. */
#define ROOM_TO_TYPE 256
#define TAB 8
#define BELL '\a'
#define DISABLED 0 /* a character that means nothing */
enum { SIGINT = 2, SIGQUIT = 3, SIGTSTP = 20 };

static bool has(uint32_t set, uint32_t bit) { return (set & bit) != 0; }

static bool is_local(const struct discipline *d, uint32_t bit)
{
    return has(d->settings.local, bit);
}

static bool is(const struct discipline *d, char c, enum termios_character what)
{
    uint8_t wanted = d->settings.character[what];
    return wanted != DISABLED && (uint8_t)c == wanted;
}

static bool is_control(char c) { return (uint8_t)c < ' ' || c == 0x7f; }

/* Of a character of several bytes, one that is not the first. */
static bool continues(const struct discipline *d, char c)
{
    return has(d->settings.input, TERMIOS_IUTF8) && ((uint8_t)c & 0xc0) == 0x80;
}

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_' || (uint8_t)c >= 0x80;
}

static char *at(struct discipline *d, uint32_t place)
{
    return &d->typed[place % DISCIPLINE_TYPED];
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

/* ---- out ----------------------------------------------------------------- */

static uint32_t room_out(const struct discipline *d)
{
    return DISCIPLINE_OUT - (d->put - d->sent);
}

/* What is echoed and finds no room is not seen; it is typed all the same. */
static void put(struct discipline *d, char c)
{
    if (room_out(d) > 0) { d->out[d->put++ % DISCIPLINE_OUT] = c; }
}

static void put_newline(struct discipline *d)
{
    uint32_t set = d->settings.output;
    if (has(set, TERMIOS_ONLRET) || has(set, TERMIOS_ONLCR)) { d->column = 0; }
    if (has(set, TERMIOS_ONLCR)) { put(d, '\r'); }
    put(d, '\n');
    d->first_column = d->column;
}

static void put_return(struct discipline *d)
{
    uint32_t set = d->settings.output;
    if (has(set, TERMIOS_ONOCR) && d->column == 0) { return; }
    if (has(set, TERMIOS_OCRNL)) {
        if (has(set, TERMIOS_ONLRET)) { d->column = d->first_column = 0; }
        put(d, '\n');
        return;
    }
    d->column = d->first_column = 0;
    put(d, '\r');
}

static void put_tab(struct discipline *d)
{
    uint32_t blanks = TAB - d->column % TAB;
    d->column += blanks;
    if ((d->settings.output & TERMIOS_XTABS) != TERMIOS_XTABS) {
        put(d, '\t');
        return;
    }
    while (blanks-- > 0) { put(d, ' '); }
}

static void put_other(struct discipline *d, char c)
{
    bool makes_upper =
        has(d->settings.output, TERMIOS_OLCUC) && c >= 'a' && c <= 'z';
    if (!is_control(c) && !continues(d, c)) { d->column++; }
    put(d, makes_upper ? (char)(c - 'a' + 'A') : c);
}

/* One character on its way to the screen, at most 8 bytes. */
static void put_processed(struct discipline *d, char c)
{
    if (!has(d->settings.output, TERMIOS_OPOST)) {
        put(d, c);
        return;
    }
    switch (c) {
    case '\n': put_newline(d); break;
    case '\r': put_return(d); break;
    case '\t': put_tab(d); break;
    case '\b':
        if (d->column > 0) { d->column--; }
        put(d, c);
        break;
    default: put_other(d, c); break;
    }
}

/* Room is left for echo, so that what is typed is seen however much waits. */
size_t discipline_room(const struct discipline *d)
{
    uint32_t room = room_out(d);
    return room < ROOM_TO_TYPE ? 0 : (room - ROOM_TO_TYPE) / TAB;
}

size_t discipline_write(struct discipline *d, const char *bytes, size_t count)
{
    size_t done = 0;
    while (done < count && discipline_room(d) > 0) {
        put_processed(d, bytes[done++]);
    }
    return done;
}

size_t discipline_out(const struct discipline *d, const char **ret_bytes)
{
    uint32_t from = d->sent % DISCIPLINE_OUT, bytes = d->put - d->sent;
    *ret_bytes = d->out + from;
    if (d->is_stopped) { return 0; }
    return bytes < DISCIPLINE_OUT - from ? bytes : DISCIPLINE_OUT - from;
}

void discipline_sent(struct discipline *d, size_t bytes)
{
    d->sent += (uint32_t)bytes;
}

void discipline_flush_out(struct discipline *d) { d->sent = d->put; }

/* ---- echo ---------------------------------------------------------------- */

static void put_text(struct discipline *d, const char *text)
{
    for (; *text != '\0'; text++) { put_processed(d, *text); }
}

/* Control characters as `^C`. */
static void echo(struct discipline *d, char c)
{
    if (is_local(d, TERMIOS_ECHOCTL) && is_control(c) && c != '\t') {
        put_processed(d, '^');
        put_processed(d, (char)(c ^ 0x40));
    } else {
        put_processed(d, c);
    }
}

static void finish_erasing(struct discipline *d)
{
    if (d->is_erasing) { put_processed(d, '/'); }
    d->is_erasing = false;
}

/* ---- erasing ------------------------------------------------------------- */

/* Columns between the cursor and the tab before it, or the line's beginning. */
static uint32_t columns_behind_tab(struct discipline *d)
{
    uint32_t columns = 0, place = d->end;
    while (place != d->complete) {
        char c = *at(d, --place);
        if (c == '\t') { return columns; }
        if (is_control(c)) {
            columns += is_local(d, TERMIOS_ECHOCTL) ? 2 : 0;
        } else if (!continues(d, c)) {
            columns++;
        }
    }
    return columns + d->first_column;
}

static void unshow(struct discipline *d, char c)
{
    if (c == '\t') {
        uint32_t back = TAB - columns_behind_tab(d) % TAB;
        while (back-- > 0) { put_processed(d, '\b'); }
        return;
    }
    if (is_control(c) && !is_local(d, TERMIOS_ECHOCTL)) { return; }
    put_text(d, is_control(c) ? "\b \b\b \b" : "\b \b");
}

/* How many bytes the last character has; 0: it is not whole. */
static uint32_t last_bytes(struct discipline *d)
{
    uint32_t bytes = 0;
    char c;
    do {
        c = *at(d, d->end - ++bytes);
    } while (continues(d, c) && d->end - bytes != d->complete);
    return continues(d, c) ? 0 : bytes;
}

static void show_erased(struct discipline *d, uint32_t bytes,
                        enum termios_character key)
{
    char first = *at(d, d->end);
    if (!is_local(d, TERMIOS_ECHO)) { return; }
    if (is_local(d, TERMIOS_ECHOPRT)) {
        if (!d->is_erasing) { put_processed(d, '\\'); }
        d->is_erasing = true;
        echo(d, first);
        for (uint32_t i = 1; i < bytes; i++) { put(d, *at(d, d->end + i)); }
    } else if (key == TERMIOS_ERASE && !is_local(d, TERMIOS_ECHOE)) {
        echo(d, (char)d->settings.character[TERMIOS_ERASE]);
    } else {
        unshow(d, first);
    }
}

/* The whole line, where it is not to be seen how. */
static bool kill_unseen(struct discipline *d)
{
    uint32_t seen = TERMIOS_ECHOK | TERMIOS_ECHOKE | TERMIOS_ECHOE;
    if (!is_local(d, TERMIOS_ECHO)) {
        d->end = d->complete;
        return true;
    }
    if ((d->settings.local & seen) == seen) { return false; }
    d->end = d->complete;
    finish_erasing(d);
    echo(d, (char)d->settings.character[TERMIOS_KILL]);
    if (is_local(d, TERMIOS_ECHOK)) { put_processed(d, '\n'); }
    return true;
}

static void erase(struct discipline *d, enum termios_character key)
{
    bool in_word = false;
    if (d->end == d->complete || (key == TERMIOS_KILL && kill_unseen(d))) {
        return;
    }
    while (d->end != d->complete) {
        uint32_t bytes = last_bytes(d);
        if (bytes == 0) { break; }
        bool is_word = is_of_word(*at(d, d->end - bytes));
        if (key == TERMIOS_WERASE && in_word && !is_word) { break; }
        in_word = in_word || is_word;
        d->end -= bytes;
        show_erased(d, bytes, key);
        if (key == TERMIOS_ERASE) { break; }
    }
    if (d->end == d->complete && is_local(d, TERMIOS_ECHO)) {
        finish_erasing(d);
    }
}

static void reprint(struct discipline *d)
{
    finish_erasing(d);
    echo(d, (char)d->settings.character[TERMIOS_REPRINT]);
    put_processed(d, '\n');
    for (uint32_t i = d->complete; i != d->end; i++) { echo(d, *at(d, i)); }
}

/* ---- typing -------------------------------------------------------------- */

static uint32_t room_typed(const struct discipline *d)
{
    return DISCIPLINE_TYPED - (d->end - d->read);
}

static void keep(struct discipline *d, char c, bool ends)
{
    set_mark(d, d->end, ends);
    *at(d, d->end++) = c;
    if (ends || !is_local(d, TERMIOS_ICANON)) { d->complete = d->end; }
}

/* An ordinary character.  The last place is for the end of the line. */
static void take(struct discipline *d, char c)
{
    bool is_full = is_local(d, TERMIOS_ICANON) && room_typed(d) <= 1;
    if (is_full) {
        if (has(d->settings.input, TERMIOS_IMAXBEL)) { put(d, BELL); }
        return;
    }
    if (is_local(d, TERMIOS_ECHO)) {
        finish_erasing(d);
        if (d->end == d->complete) { d->first_column = d->column; }
        if (c == '\n') {
            put_processed(d, c);
        } else {
            echo(d, c);
        }
    }
    keep(d, c, false);
}

static void take_newline(struct discipline *d)
{
    if (is_local(d, TERMIOS_ECHO) || is_local(d, TERMIOS_ECHONL)) {
        finish_erasing(d);
        put_processed(d, '\n');
    }
    keep(d, '\n', true);
}

static void take_literal(struct discipline *d)
{
    d->is_literal = true;
    if (is_local(d, TERMIOS_ECHO)) {
        finish_erasing(d);
        if (is_local(d, TERMIOS_ECHOCTL)) { put_text(d, "^\b"); }
    }
}

static bool take_erasing(struct discipline *d, char c)
{
    bool is_extended = is_local(d, TERMIOS_IEXTEN);
    if (is(d, c, TERMIOS_ERASE)) {
        erase(d, TERMIOS_ERASE);
    } else if (is(d, c, TERMIOS_KILL)) {
        erase(d, TERMIOS_KILL);
    } else if (is_extended && is(d, c, TERMIOS_WERASE)) {
        erase(d, TERMIOS_WERASE);
    } else if (is_extended && is_local(d, TERMIOS_ECHO) &&
               is(d, c, TERMIOS_REPRINT)) {
        reprint(d);
    } else {
        return false;
    }
    return true;
}

/* While lines are wanted.  The end of a file is a mark without a byte. */
static bool take_of_line(struct discipline *d, char c)
{
    bool is_extended = is_local(d, TERMIOS_IEXTEN);
    if (take_erasing(d, c)) { return true; }
    if (is_extended && is(d, c, TERMIOS_LNEXT)) {
        take_literal(d);
    } else if (c == '\n') {
        take_newline(d);
    } else if (is(d, c, TERMIOS_EOF)) {
        keep(d, DISABLED, true);
    } else if (is(d, c, TERMIOS_EOL) ||
               (is_extended && is(d, c, TERMIOS_EOL2))) {
        if (is_local(d, TERMIOS_ECHO)) { echo(d, c); }
        keep(d, c, true);
    } else {
        return false;
    }
    return true;
}

static uint64_t signal_of(const struct discipline *d, char c)
{
    return !is_local(d, TERMIOS_ISIG) ? 0
           : is(d, c, TERMIOS_INTR)   ? UINT64_C(1) << SIGINT
           : is(d, c, TERMIOS_QUIT)   ? UINT64_C(1) << SIGQUIT
           : is(d, c, TERMIOS_SUSP)   ? UINT64_C(1) << SIGTSTP
                                      : 0;
}

static void take_signal(struct discipline *d, char c)
{
    if (!is_local(d, TERMIOS_NOFLSH)) {
        discipline_flush_typed(d);
        discipline_flush_out(d);
    }
    if (has(d->settings.input, TERMIOS_IXON)) { d->is_stopped = false; }
    if (is_local(d, TERMIOS_ECHO)) {
        finish_erasing(d);
        echo(d, c);
    }
}

/* Control S and Q.  Any key lets it go on, and means what it means, if that is
 * set. */
static bool take_flow(struct discipline *d, char c)
{
    if (!has(d->settings.input, TERMIOS_IXON)) { return false; }
    bool starts = is(d, c, TERMIOS_START), stops = is(d, c, TERMIOS_STOP);
    if (starts || (!stops && has(d->settings.input, TERMIOS_IXANY))) {
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
        if (has(set, TERMIOS_IGNCR)) { return false; }
        if (has(set, TERMIOS_ICRNL)) { *c = '\n'; }
    } else if (*c == '\n' && has(set, TERMIOS_INLCR)) {
        *c = '\r';
    }
    return true;
}

static uint64_t type(struct discipline *d, char c)
{
    if (has(d->settings.input, TERMIOS_ISTRIP)) { c &= 0x7f; }
    if (has(d->settings.input, TERMIOS_IUCLC) && is_local(d, TERMIOS_IEXTEN) &&
        c >= 'A' && c <= 'Z') {
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
               !(is_local(d, TERMIOS_ICANON) && take_of_line(d, c))) {
        take(d, c);
    }
    return signal;
}

/* Keys that help are taken however much waits to be read. */
static bool can_take(const struct discipline *d, char c)
{
    bool helps = signal_of(d, c) != 0 ||
                 (has(d->settings.input, TERMIOS_IXON) &&
                  (is(d, c, TERMIOS_START) || is(d, c, TERMIOS_STOP)));
    bool has_lines = is_local(d, TERMIOS_ICANON) && d->complete == d->read;
    bool has_room = room_typed(d) > 1 || (room_typed(d) == 1 && has_lines);
    return helps || (has_room && room_out(d) >= ROOM_TO_TYPE);
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
    return is_marked(d, place) &&
           d->typed[place % DISCIPLINE_TYPED] == DISABLED;
}

size_t discipline_bytes(const struct discipline *d)
{
    size_t bytes = 0;
    if (!is_local(d, TERMIOS_ICANON)) { return d->complete - d->read; }
    for (uint32_t i = d->read; i != d->complete; i++) {
        bytes += !is_end_of_file(d, i);
    }
    return bytes;
}

size_t discipline_read(struct discipline *d, char *ret_bytes, size_t room,
                       bool *ret_ends)
{
    bool lines = is_local(d, TERMIOS_ICANON), ends = false;
    size_t done = 0;
    while (!ends && done < room && d->read != d->complete) {
        ends = lines && is_marked(d, d->read);
        if (!(lines && is_end_of_file(d, d->read))) {
            ret_bytes[done++] = *at(d, d->read);
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
    bool were_lines = is_local(d, TERMIOS_ICANON);
    d->settings = *settings;
    bool are_lines = is_local(d, TERMIOS_ICANON);
    if (were_lines != are_lines) {
        d->complete = d->end;
        d->is_literal = false;
        if (are_lines && d->end != d->read) { set_mark(d, d->end - 1, true); }
    }
    if (!has(settings->input, TERMIOS_IXON)) { d->is_stopped = false; }
}
