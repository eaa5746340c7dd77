/*
 * The console: the driver of the serial line, towards programs and operator.
 *
 * Arguments: uart=ADDRESS of the device's registers, where the parent has
 * mapped them; line=NUMBER of the interrupt line, whose user the parent has
 * made this process; parent=NAME under which the operator reaches the parent.
 *
 * Messages (parent.h), any number at once:
 *   KERNE_SENSE    answered at once: 1, status 0.  By then the buffers of
 *                  removed senders are free again (request.h, R3).  With the
 *                  name of a child that the sender has removed: lines for it,
 *                  or anybody inside it, go to the sender now
 *   KERNE_OUTPUT   answered when written: 1, status 0, bytes, characters, and
 *                  columns of the terminal.  At most ITEM_BYTES are taken of
 *                  one message.  The outputs of several processes are written
 *                  one after the other, each whole, headed by `from NAME` when
 *                  the speaker changes
 *   KERNE_INPUT    answered when the operator has typed a line to the sender:
 *                  the same; the line, its newline included, cut to the area
 *   KERNE_CONSOLE_RAW, KERNE_CONSOLE_KEYS, KERNE_CONSOLE_PUT   a raw stream
 *                  (raw.h), and input and output of it
 *   KERNE_CONSOLE_PASS   answered at once: the operator's lines, which go to
 *                  the sender, go to its child of that name from now on; or,
 *                  without a name, to the system around the sender
 * Answers otherwise:
 *   result 2       the driver holds too many messages already (request.h);
 *                  to a pass: lines do not go to the sender; to keys and put:
 *                  it holds no raw stream; to raw: it holds one
 *   result 3       another operation; or the area is not granted as it must be
 *   result 4       a page of the area was missing (status KERNE_r_missing):
 *                  nothing is taken or lost; touch the area and ask again
 *
 * A line that is typed to a process which does not wait for input is kept for
 * it (keep.h).
 *
 * The operator's keys: return sends the line; backspace, control W and
 * control U erase a character, a word, the line, and on a terminal there are
 * more (edit.h); escape is attention, see operator.h for that and for when the
 * prompt comes.
 *
 * The driver waits at one place only, for the next event: an interrupt, a
 * message, an answer, or the clock.
 */
#include "held.h"
#include "keep.h"
#include "operator.h"
#include "post.h"
#include "raw.h"
#include "request.h"
#include "screen.h"
#include "uart.h"

#include <stdlib.h>

/* Bytes of one output that are taken at once. */
#define ITEM_BYTES 1024

static struct request item; /* being written */
static bool item_open;
static uint64_t item_bytes;

static uint64_t clock_address;
static bool clock_known;
static uint64_t alarm; /* the message to the clock, or 0 */
static uint64_t alarm_at;

/* Without a clock everything is always due. */
static uint64_t now(void)
{
    return clock_known ? kerne_get_clock() : UINT64_MAX;
}

/* An event will come at `ticks`, or before; false: none can. */
static bool set_alarm(uint64_t ticks)
{
    if (alarm != 0 && alarm_at <= ticks) { return true; }
    if (alarm != 0) {
        (void)kerne_regret_message(alarm);
        alarm = 0;
    }
    struct kerne_words message = {
        { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0), ticks },
    };
    uint64_t buffer;
    if (kerne_send_message(clock_address, &message, &buffer) !=
        KERNE_r_normal) {
        return false;
    }
    alarm = buffer;
    alarm_at = ticks;
    return true;
}

/* ---- output -------------------------------------------------------------- */

static void answer_item(uint64_t result, uint64_t status, uint64_t bytes)
{
    if (item.operation == KERNE_CONSOLE_PUT) {
        raw_answer(&item, result, status, bytes);
    } else {
        request_answer(&item, result, status, bytes);
    }
}

static void show(const struct addressee *from, const char *text, size_t bytes)
{
    post_heard(from->path);
    screen_speaker(from->path, from->is_parent);
    screen_text(text, bytes);
}

static void write_item(const char *text)
{
    struct addressee from = post_sender(&item.message);
    if (item.operation == KERNE_CONSOLE_PUT) {
        post_heard(from.path);
        screen_raw_text(text, item_bytes);
    } else {
        show(&from, text, item_bytes);
    }
    item_open = true;
}

static uint64_t part_of(const struct request *request)
{
    return request->bytes < ITEM_BYTES ? request->bytes : ITEM_BYTES;
}

/* What it wants written; false: it is answered, for nothing came. */
static bool fetch_item(char ret_text[ITEM_BYTES])
{
    uint64_t result = kerne_general_copy(item.message.buffer, KERNE_FETCH, 0,
                                         ret_text, part_of(&item), &item_bytes);
    if (result != KERNE_r_normal) {
        answer_item(result == KERNE_r_missing ? KERNE_r_malfunction
                                              : KERNE_r_unintelligible,
                    result, 0);
    }
    return result == KERNE_r_normal;
}

/* True if a request was taken, whatever became of it. */
static bool begin_item(void)
{
    static char text[ITEM_BYTES];
    if (item_open || !uart_idle() ||
        !(raw_shows() ? raw_take_output(&item)
                      : request_take(KERNE_OUTPUT, false, NULL, &item))) {
        return false;
    }
    if (fetch_item(text)) { write_item(text); }
    return true;
}

/* ---- output while the screen is a program's ------------------------------ */

static bool can_be_held(const struct request *request)
{
    struct addressee from = post_sender(&request->message);
    return held_has_room(&from, part_of(request));
}

/* True if one was taken. */
static bool hold_item(void)
{
    static char text[ITEM_BYTES];
    if (item_open || !raw_shows() ||
        !request_take_if(KERNE_OUTPUT, can_be_held, &item)) {
        return false;
    }
    if (fetch_item(text)) {
        struct addressee from = post_sender(&item.message);
        held_add(&from, text, item_bytes);
        answer_item(KERNE_r_normal, 0, item_bytes);
    }
    return true;
}

/* What was held goes before what comes.  True if there was some. */
static bool write_held(void)
{
    static char text[HELD_OF_ONE];
    struct addressee from;
    size_t bytes;
    if (item_open || !uart_idle() || raw_shows() ||
        !held_take(&from, text, &bytes)) {
        return false;
    }
    show(&from, text, bytes);
    operator_wait_for_quiet(now());
    return true;
}

/* True if an item was open and is written. */
static bool end_item(void)
{
    if (!item_open || !uart_idle()) { return false; }
    item_open = false;
    answer_item(KERNE_r_normal, 0, item_bytes);
    operator_wait_for_quiet(now());
    return true;
}

/* ---- events -------------------------------------------------------------- */

static void refuse(const struct kerne_received *message, uint64_t result)
{
    struct kerne_words answer = { { 0 } };
    (void)kerne_send_answer(message->buffer, result, &answer);
}

static void take_request(const struct kerne_received *message, uint64_t grant)
{
    const uint64_t *w = message->words.w;
    if ((w[KERNE_WORD_OPERATION] & grant) != grant ||
        w[KERNE_WORD_FIRST] > w[KERNE_WORD_LAST]) {
        refuse(message, KERNE_r_unintelligible);
    } else if (!request_add(message,
                            w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST])) {
        refuse(message, KERNE_r_rejected);
    } else if (grant == KERNE_GRANT_WRITE) {
        post_input_came(message);
    }
}

/* Of a raw stream, or the stream itself, which has no area. */
static void take_raw(const struct kerne_received *message, uint64_t grant)
{
    const uint64_t *w = message->words.w;
    bool is_granted = (w[KERNE_WORD_OPERATION] & grant) == grant &&
                      w[KERNE_WORD_FIRST] <= w[KERNE_WORD_LAST];
    uint64_t bytes = w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST];
    uint64_t result = !is_granted || (grant == KERNE_GRANT_WRITE && bytes == 0)
                          ? KERNE_r_unintelligible
                          : raw_message(message, bytes);
    if (result != 0) { refuse(message, result); }
}

static void pass(const struct kerne_received *message)
{
    if (post_pass(message)) {
        operator_passed();
        refuse(message, KERNE_r_normal);
    } else {
        refuse(message, KERNE_r_rejected);
    }
}

static void sense(const struct kerne_received *message)
{
    post_gone(message); /* knows more than what the next can find out */
    post_drop_gone(true);
    refuse(message, KERNE_r_normal);
}

static void take_message(const struct kerne_received *message)
{
    if (kerne_operation_of(&message->words) != KERNE_SENSE) {
        post_drop_gone(false);
    }
    switch (kerne_operation_of(&message->words)) {
    case KERNE_SENSE: sense(message); break;
    case KERNE_OUTPUT: take_request(message, KERNE_GRANT_READ); break;
    case KERNE_INPUT: take_request(message, KERNE_GRANT_WRITE); break;
    case KERNE_CONSOLE_PASS: pass(message); break;
    case KERNE_CONSOLE_RAW: take_raw(message, 0); break;
    case KERNE_CONSOLE_KEYS: take_raw(message, KERNE_GRANT_WRITE); break;
    case KERNE_CONSOLE_PUT: take_raw(message, KERNE_GRANT_READ); break;
    default: refuse(message, KERNE_r_unintelligible); break;
    }
}

static void take_answer(const struct kerne_received *event)
{
    if (event->buffer == alarm) {
        alarm = 0;
    } else {
        (void)uart_interrupted(event->buffer, KERNE_EVENT_RESULT(event->event));
    }
}

static void take_event(void)
{
    static const struct kerne_words none;
    struct kerne_received event = kerne_serve(0, KERNE_r_normal, &none);
    switch ((enum kerne_event)KERNE_EVENT_KIND(event.event)) {
    case KERNE_MESSAGE: take_message(&event); break;
    case KERNE_ANSWER: take_answer(&event); break;
    case KERNE_BREAK: /* the driver has no children */
    case KERNE_NO_EVENT: break;
    }
}

/* All that can be done without waiting. */
static void run(void)
{
    uint64_t until;
    bool more;
    do {
        uart_run();
        more = end_item();
        raw_give();
        if (!raw_shows()) { keep_show_unread(); }
        until = operator_run(now());
        more = write_held() || begin_item() || hold_item() || more;
        more = uart_drained() || more;
    } while (more);
    if (until != 0 && !set_alarm(until)) { (void)operator_run(UINT64_MAX); }
    uart_await_interrupt();
}

/* ---- start --------------------------------------------------------------- */

/* The value of the argument `key=value`. */
static const char *argument(int argc, char **argv, const char *key)
{
    size_t length = strlen(key);
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], key, length) == 0 && argv[i][length] == '=') {
            return argv[i] + length + 1;
        }
    }
    kerne_give_up("console: the argument %s= is missing; "
                  "uart=ADDRESS line=NUMBER parent=NAME are needed",
                  key);
}

int main(int argc, char **argv)
{
    const char *page = argument(argc, argv, "uart");
    const char *line = argument(argc, argv, "line");
    post_open(argument(argc, argv, "parent"));
    clock_known = kerne_look_up("clock", &clock_address) == KERNE_r_normal;
    uart_open(strtoull(page, NULL, 0), strtoull(line, NULL, 0));
    for (;;) {
        run();
        take_event();
    }
}
