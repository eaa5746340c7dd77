#include <terminals/erasing.h>

#include <terminals/output.h>

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_' || (uint8_t)c >= 0x80;
}

/* Columns between the cursor and the tab before it, or the line's beginning. */
static uint32_t columns_behind_tab(struct discipline *d)
{
    uint32_t columns = 0, place = d->end;
    while (place != d->complete) {
        char c = *discipline_at(d, --place);
        if (c == '\t') { return columns; }
        if (output_is_control(c)) {
            columns += discipline_wants(d, TERMIOS_ECHOCTL) ? 2 : 0;
        } else if (!output_continues(d, c)) {
            columns++;
        }
    }
    return columns + d->first_column;
}

static void unshow(struct discipline *d, char c)
{
    if (c == '\t') {
        uint32_t back = OUTPUT_TAB - columns_behind_tab(d) % OUTPUT_TAB;
        while (back-- > 0) { output_put(d, '\b'); }
        return;
    }
    if (output_is_control(c) && !discipline_wants(d, TERMIOS_ECHOCTL)) {
        return;
    }
    output_text(d, output_is_control(c) ? "\b \b\b \b" : "\b \b");
}

/* How many bytes the last character has; 0: it is not whole. */
static uint32_t last_bytes(struct discipline *d)
{
    uint32_t bytes = 0;
    char c;
    do {
        c = *discipline_at(d, d->end - ++bytes);
    } while (output_continues(d, c) && d->end - bytes != d->complete);
    return output_continues(d, c) ? 0 : bytes;
}

static void show_erased(struct discipline *d, uint32_t bytes,
                        enum termios_character key)
{
    char first = *discipline_at(d, d->end);
    if (!discipline_wants(d, TERMIOS_ECHO)) { return; }
    if (discipline_wants(d, TERMIOS_ECHOPRT)) {
        if (!d->is_erasing) { output_put(d, '\\'); }
        d->is_erasing = true;
        output_echo(d, first);
        for (uint32_t i = 1; i < bytes; i++) {
            output_raw(d, *discipline_at(d, d->end + i));
        }
    } else if (key == TERMIOS_ERASE && !discipline_wants(d, TERMIOS_ECHOE)) {
        output_echo(d, (char)d->settings.character[TERMIOS_ERASE]);
    } else {
        unshow(d, first);
    }
}

/* The whole line, where it is not to be seen how. */
static bool kill_unseen(struct discipline *d)
{
    uint32_t seen = TERMIOS_ECHOK | TERMIOS_ECHOKE | TERMIOS_ECHOE;
    if (!discipline_wants(d, TERMIOS_ECHO)) {
        d->end = d->complete;
        return true;
    }
    if ((d->settings.local & seen) == seen) { return false; }
    d->end = d->complete;
    output_finish_erasing(d);
    output_echo(d, (char)d->settings.character[TERMIOS_KILL]);
    if (discipline_wants(d, TERMIOS_ECHOK)) { output_put(d, '\n'); }
    return true;
}

void erasing_erase(struct discipline *d, enum termios_character key)
{
    bool in_word = false;
    if (d->end == d->complete || (key == TERMIOS_KILL && kill_unseen(d))) {
        return;
    }
    while (d->end != d->complete) {
        uint32_t bytes = last_bytes(d);
        if (bytes == 0) { break; }
        bool is_word = is_of_word(*discipline_at(d, d->end - bytes));
        if (key == TERMIOS_WERASE && in_word && !is_word) { break; }
        in_word = in_word || is_word;
        d->end -= bytes;
        show_erased(d, bytes, key);
        if (key == TERMIOS_ERASE) { break; }
    }
    if (d->end == d->complete && discipline_wants(d, TERMIOS_ECHO)) {
        output_finish_erasing(d);
    }
}

void erasing_reprint(struct discipline *d)
{
    output_finish_erasing(d);
    output_echo(d, (char)d->settings.character[TERMIOS_REPRINT]);
    output_put(d, '\n');
    for (uint32_t i = d->complete; i != d->end; i++) {
        output_echo(d, *discipline_at(d, i));
    }
}
