#include "operator.h"

#include "history.h"
#include "keys.h"
#include "post.h"
#include "raw.h"
#include "screen.h"
#include "uart.h"
#include "utf8.h"

/* Room for what one typed character can bring to the screen. */
#define ROOM_TO_TYPE 1024

static char prompt[POST_PROMPT_BYTES]; /* of `typed`: says to whom it goes */
static struct screen_line typed = { .prompt = prompt };
static struct screen_line attention = {
    .prompt = "to ", .edit = { .whom = "to " }, /* a history of its own */
};
static bool attending; /* the line `to ` is open */

static struct keys keys;
static uint32_t next_key = KEY_NONE; /* received, and not yet taken */
/* By attention; and when that is closed, and it has come back. */
static uint32_t overtaken_key = KEY_NONE, returned_key = KEY_NONE;

static unsigned typed_for; /* post_moves(), when `typed` was begun */

static bool ready; /* to take the next line: O2 */
static uint64_t quiet_at;

/* ---- when the line is shown ---------------------------------------------- */

/* The delay is not drawn out while the operator waits: O2. */
void operator_wait_for_quiet(uint64_t now)
{
    bool begun = attending || typed.edit.length > 0;
    if (!begun && uart_peek() < 0 && next_key == KEY_NONE) {
        quiet_at = now + kerne_ticks(QUIET);
    }
}

void operator_passed(void)
{
    screen_hide();
    ready = false;
}

static void look_if_ready(uint64_t now)
{
    if (!ready && (post_addressee_waits() ||
                   uart_before_attention() != UART_NO_ATTENTION)) {
        ready = true;
        operator_wait_for_quiet(now);
    }
}

/* The history is another one from now on. */
static void look_where_lines_go(void)
{
    if (typed_for != post_moves()) { typed.edit.ago = 0; }
    typed_for = post_moves();
    typed.edit.whom = post_addressee();
}

/* A person at a terminal needs no prompt. */
static bool show_if_due(uint64_t now, bool person_types)
{
    ready = ready || person_types;
    if (!screen_shows() && (attending || ready) && now >= quiet_at) {
        post_tell_passed();
        post_prompt(prompt);
        look_where_lines_go();
        screen_show(attending ? &attention : &typed);
    }
    return screen_shows();
}

/* ---- finished lines ------------------------------------------------------ */

static void clear(struct screen_line *line)
{
    edit_begin(&line->edit, line->edit.whom);
}

/* Half a line may mean the contrary of the whole. */
static bool refuse_cut(const struct screen_line *line)
{
    if (line->edit.is_cut) {
        ready = true;
        screen_remark("the line is longer than %d characters: nothing of it "
                      "is sent",
                      SCREEN_LINE_BYTES);
    }
    return line->edit.is_cut;
}

static void give_line(const char *text, size_t length)
{
    char line[KERNE_LINE_BYTES];
    memcpy(line, text, length);
    line[length] = '\n';
    post_drop_gone(true);
    ready = !post_line(line, length + 1);
}

/* They are the first when its keys are shown; return is one of them. */
static void give_keys(const char *text)
{
    edit_set(&typed.edit, text, strlen(text));
    typed_for = post_moves();
    next_key = '\r';
}

/* `NAME`, or `NAME text`: the text is a line for NAME, or keys. */
static void end_attention(void)
{
    static char line[SCREEN_LINE_BYTES + 1];
    memcpy(line, attention.edit.text, attention.edit.length + 1);
    attending = false;
    ready = true;
    if (refuse_cut(&attention)) { return; }

    char *name = line + strspn(line, " ");
    char *text = name + strcspn(name, " ");
    if (*text != 0) {
        *text++ = 0;
        text += strspn(text, " ");
    }
    if (*name == 0) { return; }
    if (!post_address(name)) { return; }
    if (*text == 0) { return; }
    if (raw_is_due()) {
        give_keys(text);
    } else {
        give_line(text, strlen(text));
    }
}

/* What attention has overtaken comes back, or is dropped. */
static void close_attention(bool goes_elsewhere)
{
    bool dropped = goes_elsewhere && overtaken_key != KEY_NONE;
    if (!goes_elsewhere && overtaken_key != KEY_NONE) {
        returned_key = overtaken_key;
    }
    overtaken_key = KEY_NONE;
    uart_attention_closed(goes_elsewhere, dropped);
}

static void end_line(struct screen_line *line)
{
    screen_end_line();
    if (!line->edit.is_cut) {
        history_add(line->edit.whom, line->edit.text, line->edit.length);
    }
    if (attending) {
        unsigned moves = post_moves();
        end_attention();
        close_attention(post_moves() != moves);
    } else {
        if (!refuse_cut(line)) {
            give_line(line->edit.text, line->edit.length);
        }
        clear(line);
    }
}

/* Control D in an empty line: no more comes. */
static bool is_end_of_input(const struct screen_line *line, uint32_t key)
{
    return key == KEY_CONTROL('D') && !attending && line->edit.length == 0 &&
           !line->edit.searching;
}

static void end_input(struct screen_line *line)
{
    edit_set(&line->edit, "^D", 2);
    screen_refresh();
    screen_end_line();
    give_line(POST_END_OF_INPUT, 1);
    clear(line);
}

/* ---- the attention key --------------------------------------------------- */

/* Closed or opened by a mistake, it can be as it was. */
static void turn_attention(bool again)
{
    screen_hide();
    attending = !attending;
    ready = true;
    if (attending) {
        if (!again) { clear(&attention); }
        post_tell_passed();
        screen_show(&attention);
    } else {
        close_attention(false);
    }
}

/* Takes the keys that need no prompt; true: it was one.  Of the keys that begin
 * as the attention key does, most are known before it is shown (K2). */
static bool take_at_once(uint32_t key)
{
    static bool turned;
    switch (key) {
    case KEY_ESCAPE:
        turned = uart_peek() != '[' && uart_peek() != 'O';
        if (turned) { turn_attention(false); }
        return true;
    case UART_LEAD_BACK: turn_attention(false); return true;
    case KEY_NO_ESCAPE:
        if (turned) { turn_attention(true); }
        return true;
    case KEY_SIZE: screen_set_size(keys.number[1], keys.number[2]); return true;
    default: return false;
    }
}

/* ---- other keys ---------------------------------------------------------- */

/* Tab; at the second one, what may be meant is shown. */
static void complete(struct screen_line *line, bool again)
{
    static char words[POST_WORDS_BYTES];
    char meant[SCREEN_LINE_BYTES + 1];
    size_t bytes = attending ? post_names(words) : post_words(words);
    if (edit_complete(&line->edit, words, bytes, meant, sizeof(meant)) ==
        EDIT_CHANGED) {
        return;
    }
    screen_bell();
    if (again && meant[0] != 0) {
        screen_words(meant);
        screen_show(line);
    }
}

static void take_edit_key(struct screen_line *line, uint32_t key)
{
    bool again = line->edit.before == '\t';
    switch (edit_key(&line->edit, key)) {
    case EDIT_REFUSED: screen_bell(); break;
    case EDIT_DONE: end_line(line); break;
    case EDIT_COMPLETE: complete(line, again); break;
    case EDIT_CLEAR: screen_clear(); break;
    case EDIT_NOTHING:
    case EDIT_CHANGED: break;
    }
}

/* Without a terminal nobody sees where the cursor is: it stays at the end.
 * Control characters without a meaning are passed over. */
static void take_plain_key(struct screen_line *line, uint32_t key)
{
    bool erases = key == KEY_BACKSPACE || key == KEY_CONTROL('H') ||
                  key == KEY_CONTROL('U') || key == KEY_CONTROL('W');
    if (key == '\r' || key == '\n') {
        end_line(line);
    } else if (erases || (key >= ' ' && key < KEY_NONE)) {
        bool refused = edit_key(&line->edit, key) == EDIT_REFUSED;
        if (refused && line->edit.is_cut) { screen_bell(); }
        screen_refresh();
    }
}

/* Return, newline, or both in this order are one end of a line. */
static void take_key(uint32_t key)
{
    static uint32_t before;
    struct screen_line *line = attending ? &attention : &typed;
    bool second = key == '\n' && before == '\r';
    before = key;
    if (second) { return; }
    if (is_end_of_input(line, key)) {
        end_input(line);
    } else if (screen_is_terminal()) {
        take_edit_key(line, key);
    } else {
        take_plain_key(line, key);
    }
}

/* The addressee takes no more, and nothing more can be kept for it: attention
 * behind what was typed is taken before it, or nobody could ever press it. */
static bool overtake(void)
{
    if (uart_before_attention() == UART_NO_ATTENTION) { return false; }
    overtaken_key = next_key;
    uart_overtake();
    return true;
}

/* By control C, or because lines go elsewhere: half a line, too. */
static void tell_dropped(void)
{
    struct uart_dropped dropped;
    if (!uart_dropped(&dropped)) { return; }
    if (dropped.by_control_c) {
        dropped.bytes += post_take_back() + (next_key != KEY_NONE) +
                         (overtaken_key != KEY_NONE) +
                         (returned_key != KEY_NONE);
        next_key = overtaken_key = returned_key = KEY_NONE;
        attending = false;
        ready = true;
        if (screen_shows()) { screen_end_line(); }
    }
    if (dropped.by_control_c || dropped.bytes > 0) {
        dropped.bytes += typed.edit.length;
        screen_hide();
        clear(&typed);
    }
    if (dropped.bytes > 0) {
        screen_remark("%lu characters that nobody has read are dropped",
                      (unsigned long)dropped.bytes);
    }
}

static bool receive_key(void)
{
    if (next_key == KEY_NONE) {
        next_key = returned_key;
        returned_key = KEY_NONE;
    }
    while (next_key == KEY_NONE && uart_peek() >= 0) {
        next_key = keys_take(&keys, (char)uart_get());
    }
    return next_key != KEY_NONE;
}

/* ---- keys that are a program's ------------------------------------------- */

static size_t take_typed(uint32_t *key, char *ret_text)
{
    size_t bytes = *key < KEY_NONE ? utf8_encode(*key, ret_text) : 0;
    *key = KEY_NONE;
    return bytes;
}

/* What was typed for the addressee when its keys were none of its own yet.  A
 * line that was begun for another one is about to be dropped. */
static void show_raw(void)
{
    char text[EDIT_BYTES + 2 * UTF8_LONGEST];
    size_t bytes = 0;
    screen_hide();
    if (typed_for == post_moves()) {
        memcpy(text, typed.edit.text, bytes = typed.edit.length);
        clear(&typed);
    }
    bytes += take_typed(&next_key, text + bytes);
    bytes += take_typed(&returned_key, text + bytes);
    keys = (struct keys){ .state = KEYS_PLAIN };
    raw_show(text, bytes);
    ready = false;
}

static bool run_raw(void)
{
    while (!attending && raw_is_due()) {
        if (!raw_is_settled()) { return true; }
        if (!raw_shows()) { show_raw(); }
        if (!raw_run()) { return true; }
        (void)uart_get();
        turn_attention(false);
    }
    raw_hide();
    return false;
}

/* ---- all ----------------------------------------------------------------- */

static void look_at_size(void)
{
    size_t rows, columns;
    if (uart_size(&rows, &columns)) { screen_set_size(rows, columns); }
}

/* What operator_run is to do; returns the same. */
static uint64_t take_typing(uint64_t now)
{
    bool changed = false;
    if (run_raw()) { return 0; }
    tell_dropped();
    look_if_ready(now);
    while (uart_room() >= ROOM_TO_TYPE && receive_key()) {
        uint32_t key = next_key;
        if (take_at_once(key)) {
            next_key = KEY_NONE;
        } else if (!attending && !post_has_room()) {
            if (!overtake()) { break; }
            next_key = KEY_NONE;
        } else if (show_if_due(now, uart_obeyed())) {
            next_key = KEY_NONE;
            take_key(key);
            changed = true;
        } else {
            break;
        }
        if (run_raw()) { return 0; }
        look_if_ready(now);
    }
    if (changed) { screen_refresh(); }
    if (show_if_due(now, false)) { return 0; }
    return attending || ready ? quiet_at : 0;
}

uint64_t operator_run(uint64_t now)
{
    look_at_size();
    uint64_t settles = raw_settle(now), due = take_typing(now);
    return due == 0 || (settles != 0 && settles < due) ? settles : due;
}
