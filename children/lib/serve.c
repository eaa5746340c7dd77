/* The server's side. */
#include "program.h"

_Noreturn void
kerne_serve_all(void (*handle)(const struct kerne_received *message,
                               struct kerne_reply *reply))
{
    struct kerne_reply reply = { .result = KERNE_r_unintelligible };
    uint64_t answered = 0;
    for (;;) {
        struct kerne_received event =
            kerne_serve(answered, reply.result, &reply.words);
        answered = 0;
        if (KERNE_EVENT_KIND(event.event) == KERNE_MESSAGE) {
            reply = (struct kerne_reply){ .result = KERNE_r_unintelligible };
            handle(&event, &reply);
            answered = event.buffer;
        }
    }
}

static struct {
    uint64_t buffer; /* 0: there is none */
    uint64_t result;
    struct kerne_words words;
} held;

void kerne_send_held(void)
{
    if (held.buffer != 0) {
        (void)kerne_send_answer(held.buffer, held.result, &held.words);
    }
    held.buffer = 0;
}

void kerne_hold_answer(uint64_t buffer, uint64_t result,
                       const struct kerne_words *words)
{
    kerne_send_held();
    held.buffer = buffer;
    held.result = result;
    held.words = *words;
}

struct kerne_received kerne_serve_held(void)
{
    uint64_t buffer = held.buffer;
    held.buffer = 0;
    return kerne_serve(buffer, held.result, &held.words);
}

void kerne_work_for_oneself(void)
{
    static bool was_sent; /* later it would be another's */
    static uint64_t own;
    char nothing;
    uint64_t bytes;
    if (!was_sent) {
        struct kerne_words words =
            kerne_area(KERNE_SENSE, KERNE_GRANT_READ, &nothing, 0);
        struct kerne_received event = { .buffer = 0 };
        was_sent = true;
        if (kerne_send_message(KERNE_SELF, &words, &own) != KERNE_r_normal) {
            own = 0;
            return;
        }
        do {
            event = kerne_wait_event(event.buffer);
        } while (event.buffer != own);
        (void)kerne_get_event(own);
    }
    (void)kerne_general_copy(own, KERNE_FETCH, 0, &nothing, 0, &bytes);
}

uint64_t kerne_area_bytes(const struct kerne_words *message, uint64_t grant)
{
    bool granted = (message->w[KERNE_WORD_OPERATION] & grant) == grant;
    return granted && message->w[KERNE_WORD_FIRST] < message->w[KERNE_WORD_LAST]
               ? message->w[KERNE_WORD_LAST] - message->w[KERNE_WORD_FIRST]
               : 0;
}

/* Adds as much of `part` as there is room for. */
static size_t append(char *text, size_t used, size_t bytes, const char *part)
{
    while (*part != 0 && used + 1 < bytes) { text[used++] = *part++; }
    text[used] = 0;
    return used;
}

void kerne_sender_text(const struct kerne_received *message, char *ret_text,
                       size_t bytes)
{
    char name[KERNE_NAME_BYTES];
    size_t used = 0;
    uint64_t address = KERNE_SENDER_ADDRESS(message->sender);
    if (address == KERNE_PARENT || address == KERNE_SELF) {
        (void)append(ret_text, 0, bytes,
                     address == KERNE_PARENT ? "parent" : "myself");
        return;
    }
    uint64_t level = 0;
    while (kerne_sender_path(message->buffer, level, name) == KERNE_r_normal) {
        used = append(ret_text, used, bytes, level > 0 ? "/" : "");
        used = append(ret_text, used, bytes, name);
        level++;
        if (!(message->sender & KERNE_SENDER_INSIDE)) { break; }
    }
    if (level == 0) { (void)append(ret_text, 0, bytes, "?"); }
}

size_t kerne_whole_text(const char *text, size_t bytes)
{
    size_t behind = 0; /* the first byte of the last character */
    while (behind < bytes && behind < 3 &&
           (text[bytes - 1 - behind] & 0xc0) == 0x80) {
        behind++;
    }
    unsigned char first =
        behind < bytes ? (unsigned char)text[bytes - 1 - behind] : 0;
    size_t wanted = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0;
    return wanted > behind ? bytes - 1 - behind : bytes;
}
