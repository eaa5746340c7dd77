#include "operator.h"

#include "post.h"
#include "screen.h"
#include "uart.h"

/* Room for what one typed character can bring to the screen. */
#define ROOM_TO_TYPE 1024

enum key {
    KEY_BACKSPACE = '\b',
    KEY_ERASE_LINE = 0x15, /* control U */
    KEY_ERASE_WORD = 0x17, /* control W */
    KEY_ATTENTION = 0x1b,  /* escape */
    KEY_DELETE = 0x7f,
};

static char prompt[POST_PROMPT_BYTES]; /* of `typed`: says to whom it goes */
static struct screen_line typed = { .prompt = prompt };
static struct screen_line attention = { .prompt = "to " };
static bool attending; /* the line `to ` is open */

static bool ready; /* to take the next line: O2 */
static uint64_t quiet_at;

/* ---- when the line is shown ---------------------------------------------- */

/* The delay is not drawn out while the operator waits: O2. */
void operator_wait_for_quiet(uint64_t now)
{
    bool begun = attending || typed.length > 0;
    if (!begun && uart_peek() < 0) { quiet_at = now + kerne_ticks(QUIET); }
}

void operator_passed(void)
{
    screen_hide();
    ready = false;
}

static void look_if_ready(uint64_t now)
{
    if (!ready && (post_addressee_waits() || uart_holds(KEY_ATTENTION))) {
        ready = true;
        operator_wait_for_quiet(now);
    }
}

static bool show_if_due(uint64_t now)
{
    if (!screen_shows() && (attending || ready) && now >= quiet_at) {
        post_tell_passed();
        post_prompt(prompt);
        screen_show(attending ? &attention : &typed);
    }
    return screen_shows();
}

/* ---- finished lines ------------------------------------------------------ */

static void clear(struct screen_line *line)
{
    line->length = 0;
    line->is_cut = false;
}

/* Half a line may mean the contrary of the whole. */
static bool refuse_cut(const struct screen_line *line)
{
    if (line->is_cut) {
        ready = true;
        screen_remark("the line is longer than %d characters: nothing of it "
                      "is sent",
                      SCREEN_LINE_BYTES);
    }
    return line->is_cut;
}

static void give_line(char *text, size_t length)
{
    char line[KERNE_LINE_BYTES];
    memcpy(line, text, length);
    line[length] = '\n';
    post_drop_gone();
    ready = !post_line(line, length + 1);
}

/* `NAME`, or `NAME text`: the text is a line for NAME. */
static void end_attention(void)
{
    static char line[SCREEN_LINE_BYTES + 1];
    memcpy(line, attention.text, attention.length);
    line[attention.length] = 0;
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
    if (*text != 0) { give_line(text, strlen(text)); }
}

static void end_line(void)
{
    screen_end_line();
    if (attending) {
        end_attention();
    } else {
        if (!refuse_cut(&typed)) { give_line(typed.text, typed.length); }
        clear(&typed);
    }
}

/* ---- characters ---------------------------------------------------------- */

static void open_attention(void)
{
    screen_hide();
    post_tell_passed();
    attending = true;
    clear(&attention);
    screen_show(&attention);
}

static void close_attention(void)
{
    screen_hide();
    attending = false;
    ready = true;
}

/*
 * The attention key, which also begins what cursor and function keys send:
 * ESC [ ... letter, or ESC O letter.  Such a key is no attention; no name
 * begins so.  True if `c` belonged to any of this.
 */
static bool take_escape(int c)
{
    static enum { NONE, PRESSED, IN_KEY, LAST_OF_KEY } state;
    if (state == IN_KEY || state == LAST_OF_KEY) {
        bool last = state == LAST_OF_KEY || (c >= '@' && c <= '~');
        state = last ? NONE : IN_KEY;
        return true;
    }
    if (state == PRESSED && (c == '[' || c == 'O')) {
        state = c == '[' ? IN_KEY : LAST_OF_KEY;
        if (attending) { close_attention(); }
        return true;
    }
    state = NONE;
    if (c == KEY_ATTENTION) {
        state = PRESSED;
        if (attending) {
            close_attention();
        } else {
            open_attention();
        }
        return true;
    }
    return false;
}

static size_t last_word(const struct screen_line *line)
{
    size_t start = line->length;
    while (start > 0 && line->text[start - 1] == ' ') { start--; }
    while (start > 0 && line->text[start - 1] != ' ') { start--; }
    return line->length - start;
}

/* A key changes the line being typed.  Control characters without a meaning
 * are passed over. */
static void take_key(struct screen_line *line, int c)
{
    if (c == KEY_BACKSPACE || c == KEY_DELETE) {
        screen_erase(line, line->length > 0 ? 1 : 0);
    } else if (c == KEY_ERASE_LINE) {
        screen_erase(line, line->length);
    } else if (c == KEY_ERASE_WORD) {
        screen_erase(line, last_word(line));
    } else if (c >= ' ' && c <= '~') {
        screen_type(line, (char)c);
    }
}

/* Return, newline, or both in this order are one end of a line. */
static void take_character(int c)
{
    static int before;
    bool second = c == '\n' && before == '\r';
    before = c;
    if (c != '\r' && c != '\n') {
        take_key(attending ? &attention : &typed, c);
    } else if (!second) {
        end_line();
    }
}

/* The addressee takes no more, and nothing more can be kept for it: attention
 * behind what was typed is taken before it, or nobody could ever press it. */
static bool overtake(void)
{
    size_t dropped = 0;
    if (!uart_holds(KEY_ATTENTION)) { return false; }
    for (; uart_peek() != KEY_ATTENTION; dropped++) { (void)uart_get(); }
    screen_remark("%lu characters that were typed are dropped: too many lines "
                  "wait for the same process",
                  (unsigned long)dropped);
    return true;
}

uint64_t operator_run(uint64_t now)
{
    look_if_ready(now);
    while (uart_peek() >= 0 && uart_room() >= ROOM_TO_TYPE) {
        if (take_escape(uart_peek())) {
            (void)uart_get();
        } else if (!attending && !post_has_room()) {
            if (!overtake()) { break; }
        } else if (show_if_due(now)) {
            take_character(uart_get());
        } else {
            break;
        }
        look_if_ready(now);
    }
    if (show_if_due(now)) { return 0; }
    return attending || ready ? quiet_at : 0;
}
