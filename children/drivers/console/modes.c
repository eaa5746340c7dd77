#include "modes.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MOST 9999

/* In the order in which they are done; they are undone backwards. */
static const struct {
    unsigned number;
    bool is_private; /* ESC [ ? number h */
    bool usual;      /* as a terminal begins */
} table[] = {
    { 47, true, false },   { 1047, true, false }, { 1049, true, false },
    { 4, false, false },   { 20, false, false },  { 1, true, false },
    { 5, true, false },    { 6, true, false },    { 7, true, true },
    { 9, true, false },    { 25, true, true },    { 66, true, false },
    { 1000, true, false }, { 1001, true, false }, { 1002, true, false },
    { 1003, true, false }, { 1004, true, false }, { 1005, true, false },
    { 1006, true, false }, { 1015, true, false }, { 2004, true, false },
};
#define MODES (sizeof(table) / sizeof(table[0]))
#define REGION (1u << MODES) /* ESC [ 2 ; 20 r */
_Static_assert(MODES < 31, "a bit for each, and one more");

/* ---- learning ------------------------------------------------------------ */

static void set(struct modes *modes, unsigned number, bool on)
{
    for (size_t i = 0; i < MODES; i++) {
        if (table[i].number == number &&
            table[i].is_private == modes->is_private) {
            uint32_t bit = 1u << i;
            modes->changed = on != table[i].usual ? modes->changed | bit
                                                  : modes->changed & ~bit;
        }
    }
}

static void end_bracket(struct modes *modes, char letter)
{
    for (size_t i = 0; i < modes->numbers && (letter == 'h' || letter == 'l');
         i++) {
        set(modes, modes->number[i], letter == 'h');
    }
    if (letter == 'r' && !modes->is_private) { modes->changed |= REGION; }
    modes->state = MODES_TEXT;
}

static void take_in_bracket(struct modes *modes, char c)
{
    if (c == '?') {
        modes->is_private = true;
    } else if (c == ';') {
        if (modes->numbers < MODES_NUMBERS) {
            modes->number[modes->numbers++] = 0;
        }
    } else if (c >= '0' && c <= '9') {
        unsigned *number = &modes->number[modes->numbers - 1];
        *number = *number * 10 + (unsigned)(c - '0');
        if (*number > NUMBER_MOST) { *number = NUMBER_MOST; }
    } else if (c >= '@' && c <= '~') {
        end_bracket(modes, c);
    } else if (c < ' ' || c > '~') {
        modes->state = MODES_TEXT;
    }
}

static void take_after_escape(struct modes *modes, char c)
{
    modes->state = MODES_TEXT;
    if (c == '[') {
        modes->state = MODES_BRACKET;
        modes->is_private = false;
        modes->numbers = 1;
        modes->number[0] = 0;
    } else if (c == '=' || c == '>') {
        modes->keypad = c == '=';
    } else if (c == 'c') { /* all is as it began */
        modes->changed = 0;
        modes->keypad = false;
    }
}

void modes_learn(struct modes *modes, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\x1b') {
            modes->state = MODES_ESCAPE;
        } else if (modes->state == MODES_ESCAPE) {
            take_after_escape(modes, text[i]);
        } else if (modes->state == MODES_BRACKET) {
            take_in_bracket(modes, text[i]);
        }
    }
}

/* ---- undoing ------------------------------------------------------------- */

static void add(char ret_text[MODES_BYTES], const char *text)
{
    size_t used = strlen(ret_text);
    (void)snprintf(ret_text + used, MODES_BYTES - used, "%s", text);
}

static void add_mode(char ret_text[MODES_BYTES], size_t i, bool usual)
{
    char text[16];
    (void)snprintf(text, sizeof(text), "\x1b[%s%u%c",
                   table[i].is_private ? "?" : "", table[i].number,
                   table[i].usual == usual ? 'h' : 'l');
    add(ret_text, text);
}

/* What cannot be known is undone always: a sequence or string that is not
 * whole, the letters of another set, attributes, what stands below. */
void modes_undo(const struct modes *modes, size_t rows,
                char ret_text[MODES_BYTES])
{
    char region[32];
    (void)snprintf(region, sizeof(region), "\x1b\x37\x1b[1;%zur\x1b\x38", rows);
    strcpy(ret_text, "\x18\x1b\\\x0f\x1b(B");
    if (modes->changed & REGION) { add(ret_text, region); }
    for (size_t i = MODES; i-- > 0;) {
        if (modes->changed & 1u << i) { add_mode(ret_text, i, true); }
    }
    add(ret_text, modes->keypad ? "\x1b>\x1b[m\x1b[J" : "\x1b[m\x1b[J");
}

void modes_redo(const struct modes *modes, char ret_text[MODES_BYTES])
{
    ret_text[0] = '\0';
    for (size_t i = 0; i < MODES; i++) {
        if (modes->changed & 1u << i) { add_mode(ret_text, i, false); }
    }
    if (modes->keypad) { add(ret_text, "\x1b="); }
}
