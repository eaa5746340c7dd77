#include <terminals/output.h>

uint32_t output_room(const struct discipline *d)
{
    return DISCIPLINE_OUT - (d->put - d->sent);
}

void output_raw(struct discipline *d, char c)
{
    if (output_room(d) > 0) { d->out[d->put++ % DISCIPLINE_OUT] = c; }
}

static void put_newline(struct discipline *d)
{
    uint32_t set = d->settings.output;
    if (termios_has(set, TERMIOS_ONLRET) || termios_has(set, TERMIOS_ONLCR)) {
        d->column = 0;
    }
    if (termios_has(set, TERMIOS_ONLCR)) { output_raw(d, '\r'); }
    output_raw(d, '\n');
    d->first_column = d->column;
}

static void put_return(struct discipline *d)
{
    uint32_t set = d->settings.output;
    if (termios_has(set, TERMIOS_ONOCR) && d->column == 0) { return; }
    if (termios_has(set, TERMIOS_OCRNL)) {
        if (termios_has(set, TERMIOS_ONLRET)) {
            d->column = d->first_column = 0;
        }
        output_raw(d, '\n');
        return;
    }
    d->column = d->first_column = 0;
    output_raw(d, '\r');
}

static void put_tab(struct discipline *d)
{
    uint32_t blanks = OUTPUT_TAB - d->column % OUTPUT_TAB;
    d->column += blanks;
    if ((d->settings.output & TERMIOS_XTABS) != TERMIOS_XTABS) {
        output_raw(d, '\t');
        return;
    }
    while (blanks-- > 0) { output_raw(d, ' '); }
}

static void put_other(struct discipline *d, char c)
{
    bool makes_upper =
        termios_has(d->settings.output, TERMIOS_OLCUC) && c >= 'a' && c <= 'z';
    if (!output_is_control(c) && !output_continues(d, c)) { d->column++; }
    output_raw(d, makes_upper ? (char)(c - 'a' + 'A') : c);
}

void output_put(struct discipline *d, char c)
{
    if (!termios_has(d->settings.output, TERMIOS_OPOST)) {
        output_raw(d, c);
        return;
    }
    switch (c) {
    case '\n': put_newline(d); break;
    case '\r': put_return(d); break;
    case '\t': put_tab(d); break;
    case '\b':
        if (d->column > 0) { d->column--; }
        output_raw(d, c);
        break;
    default: put_other(d, c); break;
    }
}

/* Room is left for echo, so that what is typed is seen however much waits. */
size_t discipline_room(const struct discipline *d)
{
    uint32_t room = output_room(d);
    return room < OUTPUT_TO_TYPE ? 0 : (room - OUTPUT_TO_TYPE) / OUTPUT_TAB;
}

size_t discipline_write(struct discipline *d, const char *bytes, size_t count)
{
    size_t done = 0;
    while (done < count && discipline_room(d) > 0) {
        output_put(d, bytes[done++]);
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

void output_text(struct discipline *d, const char *text)
{
    for (; *text != '\0'; text++) { output_put(d, *text); }
}

void output_echo(struct discipline *d, char c)
{
    if (discipline_wants(d, TERMIOS_ECHOCTL) && output_is_control(c) &&
        c != '\t') {
        output_put(d, '^');
        output_put(d, (char)(c ^ 0x40));
    } else {
        output_put(d, c);
    }
}

void output_finish_erasing(struct discipline *d)
{
    if (d->is_erasing) { output_put(d, '/'); }
    d->is_erasing = false;
}
