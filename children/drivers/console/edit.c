#include "edit.h"

#include "history.h"
#include "keys.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* What was erased last in one go, for control Y: one for all lines. */
static char killed[EDIT_BYTES + 1];
static size_t killed_bytes;

void edit_begin(struct edit *edit, const char *whom)
{
    memset(edit, 0, sizeof(*edit));
    edit->whom = whom;
}

void edit_set(struct edit *edit, const char *text, size_t bytes)
{
    memcpy(edit->text, text, bytes);
    edit->text[bytes] = 0;
    edit->length = edit->cursor = bytes;
    edit->is_cut = false;
}

/* ---- places in the text -------------------------------------------------- */

static unsigned columns_at(const char *text, size_t at, size_t *ret_length)
{
    uint32_t code = 0;
    *ret_length = utf8_decode(text + at, EDIT_BYTES + 1 - at, &code);
    return utf8_columns(code);
}

/* The next place behind or before which the cursor may stand: E2. */
static size_t right_of(const struct edit *edit, size_t at)
{
    size_t length;
    if (at == edit->length) { return at; }
    (void)columns_at(edit->text, at, &length);
    at += length;
    while (at < edit->length && columns_at(edit->text, at, &length) == 0) {
        at += length;
    }
    return at;
}

static size_t left_of(const struct edit *edit, size_t at)
{
    size_t length;
    while (at > 0) {
        at -= utf8_last(edit->text, at);
        if (columns_at(edit->text, at, &length) > 0) { break; }
    }
    return at;
}

static bool is_blank_at(const struct edit *edit, size_t at)
{
    return edit->text[at] == ' ';
}

static size_t word_left_of(const struct edit *edit, size_t at)
{
    while (at > 0 && is_blank_at(edit, at - 1)) { at--; }
    while (at > 0 && !is_blank_at(edit, at - 1)) { at--; }
    return at;
}

static size_t word_right_of(const struct edit *edit, size_t at)
{
    while (at < edit->length && is_blank_at(edit, at)) { at++; }
    while (at < edit->length && !is_blank_at(edit, at)) { at++; }
    return at;
}

static enum edit_outcome move(struct edit *edit, size_t to)
{
    if (to == edit->cursor) { return EDIT_REFUSED; }
    edit->cursor = to;
    return EDIT_CHANGED;
}

/* ---- changes ------------------------------------------------------------- */

static enum edit_outcome insert(struct edit *edit, const char *text,
                                size_t bytes)
{
    if (bytes > EDIT_BYTES - edit->length) {
        edit->is_cut = true;
        return EDIT_REFUSED;
    }
    if (bytes == 0) { return EDIT_REFUSED; }
    char *place = edit->text + edit->cursor;
    memmove(place + bytes, place, edit->length - edit->cursor);
    memcpy(place, text, bytes);
    edit->length += bytes;
    edit->cursor += bytes;
    edit->text[edit->length] = 0;
    return EDIT_CHANGED;
}

static enum edit_outcome erase(struct edit *edit, size_t first, size_t last)
{
    if (first == last) { return EDIT_REFUSED; }
    memmove(edit->text + first, edit->text + last, edit->length - last);
    edit->length -= last - first;
    edit->text[edit->length] = 0;
    edit->cursor = first;
    edit->is_cut = false;
    return EDIT_CHANGED;
}

static bool kills(uint32_t key)
{
    return key == KEY_CONTROL('K') || key == KEY_CONTROL('U') ||
           key == KEY_CONTROL('W');
}

/* Erased one after the other, texts are put back together. */
static enum edit_outcome kill(struct edit *edit, size_t first, size_t last)
{
    size_t bytes = last - first;
    if (bytes == 0) { return EDIT_REFUSED; }
    if (!kills(edit->before)) { killed_bytes = 0; }
    if (bytes > EDIT_BYTES - killed_bytes) { killed_bytes = 0; }
    if (first < edit->cursor) {
        memmove(killed + bytes, killed, killed_bytes);
        memcpy(killed, edit->text + first, bytes);
    } else {
        memcpy(killed + killed_bytes, edit->text + first, bytes);
    }
    killed_bytes += bytes;
    return erase(edit, first, last);
}

/* One more character.  What takes no column needs one before it to go with,
 * and a blank is none: words are divided there (E2). */
static enum edit_outcome type(struct edit *edit, uint32_t code)
{
    char text[UTF8_LONGEST];
    if (code > 0x10ffff || !utf8_is_shown(code) ||
        (utf8_columns(code) == 0 &&
         (edit->cursor == 0 || is_blank_at(edit, edit->cursor - 1)))) {
        return EDIT_REFUSED;
    }
    return insert(edit, text, utf8_encode(code, text));
}

/* ---- history ------------------------------------------------------------- */

static enum edit_outcome go_to(struct edit *edit, size_t ago)
{
    const char *line =
        ago == 0 ? edit->fresh : history_line(edit->whom, ago - 1);
    if (line == NULL) { return EDIT_REFUSED; }
    if (edit->ago == 0) { memcpy(edit->fresh, edit->text, edit->length + 1); }
    edit->ago = ago;
    edit_set(edit, line, strlen(line));
    return EDIT_CHANGED;
}

static enum edit_outcome down(struct edit *edit)
{
    return edit->ago == 0 ? EDIT_REFUSED : go_to(edit, edit->ago - 1);
}

/* ---- search -------------------------------------------------------------- */

/* The nearest line, from so many lines ago on, that contains what is wanted. */
static bool search(struct edit *edit, size_t ago)
{
    const char *line;
    while ((line = history_line(edit->whom, ago - 1)) != NULL) {
        if (strstr(line, edit->wanted) != NULL) {
            edit->found = ago;
            return true;
        }
        ago++;
    }
    return false;
}

static enum edit_outcome search_character(struct edit *edit, uint32_t code)
{
    char text[UTF8_LONGEST];
    size_t bytes = utf8_encode(code, text);
    if (!utf8_is_shown(code) || bytes > EDIT_BYTES - edit->wanted_bytes) {
        return EDIT_REFUSED;
    }
    memcpy(edit->wanted + edit->wanted_bytes, text, bytes);
    edit->wanted[edit->wanted_bytes + bytes] = 0;
    if (!search(edit, edit->found > 0 ? edit->found : 1)) {
        edit->wanted[edit->wanted_bytes] = 0;
        return EDIT_REFUSED;
    }
    edit->wanted_bytes += bytes;
    return EDIT_CHANGED;
}

static enum edit_outcome search_less(struct edit *edit)
{
    if (edit->wanted_bytes == 0) { return EDIT_REFUSED; }
    edit->wanted_bytes -= utf8_last(edit->wanted, edit->wanted_bytes);
    edit->wanted[edit->wanted_bytes] = 0;
    edit->found = 0;
    if (edit->wanted_bytes > 0) { (void)search(edit, 1); }
    return EDIT_CHANGED;
}

static void begin_search(struct edit *edit)
{
    edit->searching = true;
    edit->found = 0;
    edit->wanted_bytes = 0;
    edit->wanted[0] = 0;
}

/* What was found becomes the line. */
static void end_search(struct edit *edit)
{
    edit->searching = false;
    if (edit->found > 0) { (void)go_to(edit, edit->found); }
}

/* Any other key ends the search, and has its own effect on what was found. */
static bool search_key(struct edit *edit, uint32_t key,
                       enum edit_outcome *ret_outcome)
{
    switch (key) {
    case KEY_CONTROL('R'):
        *ret_outcome =
            search(edit, edit->found + 1) ? EDIT_CHANGED : EDIT_REFUSED;
        return true;
    case KEY_CONTROL('G'):
        edit->searching = false;
        *ret_outcome = EDIT_CHANGED;
        return true;
    case KEY_BACKSPACE:
    case KEY_CONTROL('H'): *ret_outcome = search_less(edit); return true;
    default: break;
    }
    if (key >= ' ' && key < KEY_NONE) {
        *ret_outcome = search_character(edit, key);
        return true;
    }
    end_search(edit);
    return false;
}

/* ---- keys ---------------------------------------------------------------- */

static enum edit_outcome other_key(struct edit *edit, uint32_t key)
{
    size_t at = edit->cursor;
    switch (key) {
    case '\r':
    case '\n': return EDIT_DONE;
    case '\t': return EDIT_COMPLETE;
    case KEY_CONTROL('A'):
    case KEY_HOME: edit->cursor = 0; return EDIT_CHANGED;
    case KEY_CONTROL('E'):
    case KEY_END: edit->cursor = edit->length; return EDIT_CHANGED;
    case KEY_CONTROL('B'):
    case KEY_LEFT: return move(edit, left_of(edit, at));
    case KEY_CONTROL('F'):
    case KEY_RIGHT: return move(edit, right_of(edit, at));
    case KEY_WORD_LEFT: return move(edit, word_left_of(edit, at));
    case KEY_WORD_RIGHT: return move(edit, word_right_of(edit, at));
    case KEY_CONTROL('H'):
    case KEY_BACKSPACE: return erase(edit, left_of(edit, at), at);
    case KEY_CONTROL('D'):
    case KEY_DELETE: return erase(edit, at, right_of(edit, at));
    case KEY_CONTROL('K'): return kill(edit, at, edit->length);
    case KEY_CONTROL('U'): return kill(edit, 0, at);
    case KEY_CONTROL('W'): return kill(edit, word_left_of(edit, at), at);
    case KEY_CONTROL('Y'): return insert(edit, killed, killed_bytes);
    case KEY_CONTROL('P'):
    case KEY_UP: return go_to(edit, edit->ago + 1);
    case KEY_CONTROL('N'):
    case KEY_DOWN: return down(edit);
    case KEY_CONTROL('R'): begin_search(edit); return EDIT_CHANGED;
    case KEY_CONTROL('L'): return EDIT_CLEAR;
    case KEY_NONE:
    case KEY_NO_ESCAPE: return EDIT_NOTHING;
    default: return type(edit, key);
    }
}

enum edit_outcome edit_key(struct edit *edit, uint32_t key)
{
    enum edit_outcome outcome;
    if (key == KEY_NONE || key == KEY_NO_ESCAPE) { return EDIT_NOTHING; }
    bool ends_search = edit->searching;
    if (!edit->searching || !search_key(edit, key, &outcome)) {
        outcome = other_key(edit, key);
        if (ends_search && outcome == EDIT_REFUSED) { outcome = EDIT_CHANGED; }
    }
    edit->before = key;
    return outcome;
}

/* ---- completion ---------------------------------------------------------- */

/* The next word from *cursor on; false: there is none.  Words that could not
 * be typed are passed over. */
static bool next_word(const char *words, size_t bytes, size_t *cursor,
                      const char **ret_word, size_t *ret_length)
{
    size_t at = *cursor;
    bool good = false;
    while (!good && at < bytes && words[at] != 0) {
        size_t length = 0;
        good = true;
        while (at < bytes && (words[at] == ' ' || words[at] == '\n')) { at++; }
        while (at + length < bytes && words[at + length] != 0 &&
               words[at + length] != ' ' && words[at + length] != '\n') {
            good =
                good && words[at + length] > ' ' && words[at + length] <= '~';
            length++;
        }
        good = good && length > 0;
        *ret_word = words + at;
        *ret_length = length;
        at += length;
    }
    *cursor = at;
    return good;
}

static size_t shared(const char *a, size_t a_bytes, const char *b,
                     size_t b_bytes)
{
    size_t same = 0;
    while (same < a_bytes && same < b_bytes && a[same] == b[same]) { same++; }
    return same;
}

/* Once each. */
static void add_meant(const char *word, size_t length, char *ret_meant,
                      size_t room)
{
    size_t used = strlen(ret_meant), at = 0, bytes;
    const char *other;
    if (used + 1 + length + 1 > room) { return; }
    while (next_word(ret_meant, used, &at, &other, &bytes)) {
        if (bytes == length && memcmp(other, word, length) == 0) { return; }
    }
    (void)snprintf(ret_meant + used, room - used, "%s%.*s",
                   used == 0 ? "" : " ", (int)length, word);
}

enum edit_outcome edit_complete(struct edit *edit, const char *words,
                                size_t bytes, char *ret_meant, size_t room)
{
    size_t first = edit->cursor, at = 0, length, common = 0;
    const char *word, *meant = NULL;
    bool several = false;
    while (first > 0 && !is_blank_at(edit, first - 1)) { first--; }
    size_t typed = edit->cursor - first;
    ret_meant[0] = 0;
    while (next_word(words, bytes, &at, &word, &length)) {
        if (shared(word, length, edit->text + first, typed) < typed) {
            continue;
        }
        size_t same =
            meant == NULL ? length : shared(meant, common, word, length);
        several =
            several || (meant != NULL && !(same == length && same == common));
        meant = word;
        common = same;
        add_meant(word, length, ret_meant, room);
    }
    if (meant == NULL) { return EDIT_REFUSED; }
    if (several && common == typed) { return EDIT_REFUSED; }
    char added[EDIT_BYTES + 2];
    if (common - typed > EDIT_BYTES) { return EDIT_REFUSED; }
    (void)snprintf(added, sizeof(added), "%.*s%s", (int)(common - typed),
                   meant + typed, several ? "" : " ");
    if (strlen(added) > EDIT_BYTES - edit->length) { return EDIT_REFUSED; }
    return insert(edit, added, strlen(added));
}

/* ---- what is seen -------------------------------------------------------- */

/* The text with its heading while a line is searched, and where the cursor
 * is in it. */
static size_t whole(const struct edit *edit, char *ret_text, size_t room,
                    size_t *ret_cursor)
{
    if (!edit->searching) {
        memcpy(ret_text, edit->text, edit->length);
        *ret_cursor = edit->cursor;
        return edit->length;
    }
    const char *line = edit->found == 0
                           ? edit->text
                           : history_line(edit->whom, edit->found - 1);
    int head = snprintf(ret_text, room, "search `%s': ", edit->wanted);
    int all = head + snprintf(ret_text + head, room - (size_t)head, "%s",
                              line == NULL ? "" : line);
    *ret_cursor = sizeof("search `") - 1 + edit->wanted_bytes;
    return (size_t)all;
}

static void put_mark(struct edit_view *view, char mark)
{
    view->text[view->bytes++] = mark;
    view->columns++;
}

void edit_view(const struct edit *edit, size_t columns,
               struct edit_view *ret_view)
{
    char text[2 * EDIT_BYTES + 32];
    size_t cursor, at, length, column = 0;
    size_t bytes = whole(edit, text, sizeof(text), &cursor);
    size_t before = utf8_text_columns(text, cursor);
    /* In steps of half a row, so that the text seldom moves; two columns are
     * for the marks, and one more may stay empty at a wide character. */
    size_t half = columns / 2;
    bool fits = utf8_text_columns(text, bytes) < columns;
    bool begins = fits || before + 3 < columns;
    size_t first = begins ? 0 : (before / half - 1) * half + half / 2;
    memset(ret_view, 0, sizeof(*ret_view));
    if (first > 0) { put_mark(ret_view, '<'); }
    size_t left = ret_view->columns;
    for (at = 0; at < bytes; at += length) {
        uint32_t code = 0;
        length = utf8_decode(text + at, bytes - at, &code);
        size_t width = utf8_columns(code);
        if (at == cursor) { ret_view->cursor = ret_view->columns; }
        bool seen = column >= first && (width > 0 || ret_view->columns > left);
        column += width;
        if (!seen) { continue; }
        if ((!fits && ret_view->columns + width + 1 > columns) ||
            ret_view->bytes + length + 1 > sizeof(ret_view->text)) {
            put_mark(ret_view, '>');
            return;
        }
        memcpy(ret_view->text + ret_view->bytes, text + at, length);
        ret_view->bytes += length;
        ret_view->columns += width;
    }
    if (at == cursor) { ret_view->cursor = ret_view->columns; }
}
