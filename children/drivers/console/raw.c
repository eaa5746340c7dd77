#include "raw.h"

#include "keys.h"
#include "modes.h"
#include "post.h"
#include "screen.h"
#include "uart.h"

struct stream {
    bool is_used;
    struct addressee of;
    uint64_t turn; /* when it was shown last */
    struct modes modes;
    size_t put, taken; /* keys, counted since the beginning */
    char key[STREAM_BYTES];
};

static struct stream streams[STREAMS];
static struct stream *shown;
static uint64_t turns;

static bool is_settled, is_asked;
static uint64_t settles_at; /* 0: the driver has just begun */

static struct stream *stream_of(const struct addressee *of)
{
    for (struct stream *s = streams; s < streams + STREAMS; s++) {
        if (s->is_used && addressee_same(&s->of, of)) { return s; }
    }
    return NULL;
}

static size_t unread(const struct stream *stream)
{
    return stream->put - stream->taken;
}

static bool put_key(struct stream *stream, char c)
{
    bool has_room = unread(stream) < STREAM_BYTES;
    if (has_room) { stream->key[stream->put++ % STREAM_BYTES] = c; }
    return has_room;
}

/* ---- messages ------------------------------------------------------------ */

static bool holds(const struct addressee *of)
{
    return request_first(KERNE_CONSOLE_RAW, of->is_parent, of->path) != NULL;
}

uint64_t raw_message(const struct kerne_received *message, uint64_t bytes)
{
    bool begins = kerne_operation_of(&message->words) == KERNE_CONSOLE_RAW;
    struct addressee from = post_sender(message);
    if (request_is_held(KERNE_CONSOLE_RAW, from.is_parent, from.path) ==
        begins) {
        return KERNE_r_rejected;
    }
    is_asked = true;
    if (!begins && bytes == 0 && is_settled) {
        raw_answer(&(struct request){ .message = *message }, KERNE_r_normal, 0,
                   0);
        return 0;
    }
    return request_add(message, bytes) ? 0 : KERNE_r_rejected;
}

void raw_answer(const struct request *request, uint64_t result, uint64_t status,
                uint64_t bytes)
{
    struct addressee from = post_sender(&request->message);
    const struct stream *stream = stream_of(&from);
    struct kerne_words answer = { { status, bytes, bytes, screen_columns(),
                                    screen_rows(),
                                    stream == NULL ? 0 : stream->turn } };
    (void)kerne_send_answer(request->message.buffer, result, &answer);
}

bool raw_take_output(struct request *ret_request)
{
    return request_take(KERNE_CONSOLE_PUT, shown->of.is_parent, shown->of.path,
                        ret_request);
}

/* ---- before it is known whether there is a terminal ---------------------- */

/* Of output: it asks how things are. */
static bool is_question(const struct request *request)
{
    return request->bytes == 0;
}

uint64_t raw_settle(uint64_t now)
{
    struct request question;
    if (is_settled) { return 0; }
    if (settles_at == 0) { settles_at = now + kerne_ticks(SETTLES); }
    is_settled = screen_is_terminal() || now >= settles_at;
    if (!is_settled) { return is_asked ? settles_at : 0; }
    while (request_take_if(KERNE_CONSOLE_PUT, is_question, &question)) {
        raw_answer(&question, KERNE_r_normal, 0, 0);
    }
    return 0;
}

bool raw_is_settled(void) { return is_settled; }

/* ---- keys that are asked for --------------------------------------------- */

static bool is_news(const struct stream *stream, const struct request *asked)
{
    const uint64_t *w = asked->message.words.w;
    return unread(stream) > 0 || w[KERNE_WORD_COLUMNS] != screen_columns() ||
           w[KERNE_WORD_ROWS] != screen_rows() ||
           w[KERNE_WORD_TURN] != stream->turn;
}

static void answer_keys(struct stream *stream, const struct request *asked)
{
    size_t at = stream->taken % STREAM_BYTES;
    size_t part = unread(stream);
    part = part < STREAM_BYTES - at ? part : STREAM_BYTES - at;
    part = part < asked->bytes ? part : asked->bytes;
    uint64_t copied;
    uint64_t result = kerne_general_copy(asked->message.buffer, KERNE_STORE, 0,
                                         stream->key + at, part, &copied);
    if (result == KERNE_r_normal) {
        stream->taken += part;
        raw_answer(asked, KERNE_r_normal, 0, part);
    } else {
        raw_answer(asked,
                   result == KERNE_r_missing ? KERNE_r_malfunction
                                             : KERNE_r_unintelligible,
                   result, 0);
    }
}

static void give(struct stream *stream)
{
    const struct addressee *of = &stream->of;
    const struct request *next;
    struct request asked;
    while ((next = request_first(KERNE_CONSOLE_KEYS, of->is_parent,
                                 of->path)) != NULL &&
           is_news(stream, next) &&
           request_take(KERNE_CONSOLE_KEYS, of->is_parent, of->path, &asked)) {
        answer_keys(stream, &asked);
    }
}

/* ---- the end of a stream ------------------------------------------------- */

static void reject_all(uint64_t operation, const struct addressee *of)
{
    struct request request;
    while (request_take(operation, of->is_parent, of->path, &request)) {
        raw_answer(&request, KERNE_r_rejected, 0, 0);
    }
}

static void tell_dropped(const struct stream *stream)
{
    if (unread(stream) > 0) {
        screen_remark("%lu keys that %s has not read are dropped",
                      (unsigned long)unread(stream),
                      path_shown(stream->of.path).is);
    }
}

static void end(struct stream *stream)
{
    if (stream == shown) { raw_hide(); }
    reject_all(KERNE_CONSOLE_KEYS, &stream->of);
    reject_all(KERNE_CONSOLE_PUT, &stream->of);
    if (shown != NULL && unread(stream) > 0) { return; } /* to be told later */
    tell_dropped(stream);
    stream->is_used = false;
}

void raw_give(void)
{
    for (struct stream *s = streams; s < streams + STREAMS; s++) {
        if (!s->is_used) { continue; }
        if (holds(&s->of)) {
            give(s);
        } else {
            end(s);
        }
    }
}

/* ---- the screen ---------------------------------------------------------- */

bool raw_is_due(void)
{
    const struct addressee *to = post_whom();
    return request_is_held(KERNE_CONSOLE_RAW, to->is_parent, to->path);
}

bool raw_shows(void)
{
    return shown != NULL && screen_is_raw() &&
           addressee_same(&shown->of, post_whom());
}

/* The one that was shown longest ago has the least to lose. */
static struct stream *stream_for(const struct addressee *to)
{
    struct stream *stream = stream_of(to), *oldest = streams;
    for (struct stream *s = streams; stream == NULL && s < streams + STREAMS;
         s++) {
        if (!s->is_used) {
            stream = s;
        } else if (s->turn < oldest->turn) {
            oldest = s;
        }
    }
    if (stream == NULL) {
        stream = oldest;
        tell_dropped(stream);
        stream->is_used = false;
    }
    if (!stream->is_used) {
        stream->is_used = true;
        stream->of = *to;
        stream->modes = (struct modes){ .changed = 0 };
        stream->put = stream->taken = 0;
    }
    return stream;
}

void raw_show(const char *typed, size_t bytes)
{
    raw_hide();
    shown = stream_for(post_whom());
    shown->turn = ++turns;
    for (size_t i = 0; i < bytes; i++) { (void)put_key(shown, typed[i]); }
    screen_begin_raw(path_shown(shown->of.path).is, &shown->modes);
}

void raw_hide(void)
{
    screen_end_raw();
    shown = NULL;
}

/* ---- keys that are typed ------------------------------------------------- */

bool raw_run(void)
{
    int c;
    do {
        while ((c = uart_peek()) >= 0 && c != UART_LEAD_BACK &&
               put_key(shown, (char)c)) {
            (void)uart_get();
        }
        give(shown);
    } while (c >= 0 && c != UART_LEAD_BACK && unread(shown) < STREAM_BYTES);
    if (c == UART_LEAD_BACK) { return true; }
    if (c < 0 || uart_before_attention() == UART_NO_ATTENTION) { return false; }
    uart_overtake();
    return true;
}
