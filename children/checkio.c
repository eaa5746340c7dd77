/*
 * checkio CONSOLE: stands in for the console, as a process of this name did in
 * 1970.  Its parent presents it to the other children under the name
 * `console`; it passes each message on to the real console, and each answer
 * back, and prints both.  CONSOLE is the name of the real one; `terminal` if
 * nothing is said.
 *
 * Many conversations are open at once: a program that waits for the operator
 * keeps nobody else waiting.  An area is passed on through a buffer here, so
 * the real console is granted that buffer and nothing of the client's.
 */
#include <program.h>
#include <stdarg.h>
#include <stdio.h>

#define CONVERSATIONS 16
#define AREA_BYTES 1024
#define SHOWN_BYTES 40 /* so much of a text is printed */

struct conversation {
    uint64_t client; /* the message received; 0: not in use */
    uint64_t passed; /* the same, sent on */
    uint64_t grant;
    char name[32];
    char area[AREA_BYTES];
};

static struct conversation conversations[CONVERSATIONS];
static uint64_t console;

/* ---- what it prints ------------------------------------------------------ */

/* printf would go to `console`, which is this program. */
static void print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
    char line[KERNE_LINE_BYTES];
    size_t taken;
    va_list list;
    va_start(list, format);
    (void)vsnprintf(line, sizeof(line) - 1, format, list);
    va_end(list);
    strcat(line, "\n");
    (void)kerne_output(console, line, strlen(line), &taken);
}

static const char *operation_text(uint64_t operation)
{
    return operation == KERNE_SENSE    ? "sense"
           : operation == KERNE_INPUT  ? "input"
           : operation == KERNE_OUTPUT ? "output"
                                       : "another operation";
}

/* The beginning of a text in quotes, its newlines as \n. */
static const char *quoted(const char *text, size_t bytes)
{
    static char result[2 * SHOWN_BYTES + 8];
    size_t used = 0;
    result[used++] = '"';
    for (size_t i = 0; i < bytes && i < SHOWN_BYTES; i++) {
        if (text[i] == '\n') {
            result[used++] = '\\';
        }
        result[used++] = text[i] == '\n' ? 'n' : text[i];
    }
    strcpy(result + used, bytes > SHOWN_BYTES ? "...\"" : "\"");
    return result;
}

/* ---- passing on ---------------------------------------------------------- */

static void answer(uint64_t buffer, uint64_t result,
                   const struct kerne_words *words)
{
    static const struct kerne_words none;
    (void)kerne_send_answer(buffer, result, words != NULL ? words : &none);
}

/* The message as it is sent on: with this program's area for the client's. */
static uint64_t prepare(struct conversation *c,
                        const struct kerne_received *message,
                        struct kerne_words *ret_words)
{
    *ret_words = message->words;
    c->grant = message->words.w[0] & 3;
    if (c->grant == 0) {
        return KERNE_r_normal;
    }
    uint64_t bytes = kerne_area_bytes(&message->words, c->grant);
    bytes = bytes < AREA_BYTES ? bytes : AREA_BYTES;
    ret_words->w[1] = (uint64_t)c->area;
    ret_words->w[2] = (uint64_t)c->area + bytes;
    if (!(c->grant & KERNE_GRANT_READ)) {
        return KERNE_r_normal;
    }
    return kerne_general_copy(message->buffer, KERNE_FETCH, 0, c->area, bytes,
                              &bytes);
}

/* A client that was removed is noticed by the nucleus alone: copy nothing. */
static bool client_gone(const struct conversation *c)
{
    char nothing;
    uint64_t bytes;
    return kerne_general_copy(c->client, KERNE_FETCH, 0, &nothing, 0,
                              &bytes) == KERNE_r_gone;
}

/* Answered all the same, so that the buffer is free for the client's heir. */
static void drop_gone(void)
{
    for (struct conversation *c = conversations;
         c < conversations + CONVERSATIONS; c++) {
        if (c->client != 0 && client_gone(c)) {
            (void)kerne_regret_message(c->passed);
            answer(c->client, KERNE_r_rejected, NULL);
            c->client = 0;
        }
    }
}

static struct conversation *unused(void)
{
    struct conversation *c = conversations;
    while (c < conversations + CONVERSATIONS && c->client != 0) {
        c++;
    }
    return c < conversations + CONVERSATIONS ? c : NULL;
}

static void pass_message(const struct kerne_received *message)
{
    struct kerne_words words;
    drop_gone();
    struct conversation *c = unused();
    if (c == NULL) {
        answer(message->buffer, KERNE_r_rejected, NULL);
        return;
    }
    uint64_t result = prepare(c, message, &words);
    kerne_sender_text(message, c->name, sizeof(c->name));
    bool output = (c->grant & KERNE_GRANT_READ) && result == KERNE_r_normal;
    print("%s: %s%s%s", c->name,
          operation_text(kerne_operation_of(&words)), output ? " " : "",
          output ? quoted(c->area, words.w[2] - words.w[1]) : "");

    if (result == KERNE_r_normal) {
        result = kerne_send_message(console, &words, &c->passed);
    }
    if (result == KERNE_r_normal) {
        c->client = message->buffer;
    } else {
        struct kerne_words status = { { result } };
        answer(message->buffer, KERNE_r_malfunction, &status);
        print("%s: answered 4: %s", c->name, kerne_result_text(result));
    }
}

/* If a page of the client's area is missing now, what came is lost; the client
 * touches its area and asks again. */
static void pass_answer(const struct kerne_received *event)
{
    struct conversation *c = conversations;
    while (c < conversations + CONVERSATIONS &&
           (c->client == 0 || c->passed != event->buffer)) {
        c++;
    }
    if (c == conversations + CONVERSATIONS) {
        return;
    }
    uint64_t result = KERNE_EVENT_RESULT(event->event);
    struct kerne_words words = event->words;
    bool input = (c->grant & KERNE_GRANT_WRITE) && result == KERNE_r_normal;
    uint64_t bytes = words.w[1] < AREA_BYTES ? words.w[1] : AREA_BYTES;
    print("%s: answered %u, status %u, %u bytes%s%s", c->name,
          (unsigned)result, (unsigned)words.w[0], (unsigned)words.w[1],
          input ? " " : "", input ? quoted(c->area, bytes) : "");
    if (input && kerne_general_copy(c->client, KERNE_STORE, 0, c->area, bytes,
                                    &bytes) == KERNE_r_missing) {
        result = KERNE_r_malfunction;
        words = (struct kerne_words){ { KERNE_r_missing, bytes, bytes } };
    }
    answer(c->client, result, &words);
    c->client = 0;
}

int main(int argc, char **argv)
{
    static const struct kerne_words none;
    console = kerne_find(argc > 1 ? argv[1] : "terminal");
    if (argc > 2) {
        print("checkio: expected one name, of the console; got also `%s`",
              argv[2]);
        return 1;
    }
    for (;;) {
        struct kerne_received event = kerne_serve(0, KERNE_r_normal, &none);
        if (KERNE_EVENT_KIND(event.event) == KERNE_MESSAGE) {
            pass_message(&event);
        } else if (KERNE_EVENT_KIND(event.event) == KERNE_ANSWER) {
            pass_answer(&event);
        }
    }
}
