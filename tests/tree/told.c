#include "told.h"

#include <image.h>

struct kerne_words told(uint64_t reference, enum kerne_describe what,
                        uint64_t cursor)
{
    struct kerne_words words;
    uint64_t next;
    bool good = expect_result(
        kerne_describe(reference, what, cursor, &next, &words), normal);
    return good ? words : (struct kerne_words){ { 0 } };
}

void told_name(const char *name, const struct kerne_words *words)
{
    uint64_t expected[2];
    kerne_name(name, expected);
    expect_equal_of(name, words->w[0], expected[0]);
    expect_equal_of(name, words->w[1], expected[1]);
}

void told_claim(const char *name, uint64_t reference, uint64_t kind,
                uint64_t received, uint64_t used, uint64_t given)
{
    struct kerne_words words = told(reference, KERNE_DESCRIBE_CLAIM, kind);
    expect_equal_of(name, words.w[0], received);
    expect_equal_of(name, words.w[1], received - used - given);
    expect_equal_of(name, words.w[2], used);
    expect_equal_of(name, words.w[3], given);
}

/* ---- lists of messages -------------------------------------------------- */

/* An answer of the nucleus says in word 0 that the message had not been
 * received; the other words have no meaning. */
static void check_words(const char *name, uint64_t reference,
                        enum letter letter, bool answered)
{
    struct kerne_words words =
        told(reference, KERNE_DESCRIBE_WORDS, letter_buffer[letter]);
    if (letter == IDLE_TO_NOBODY) {
        expect_equal_of(name, words.w[0], 0);
        return;
    }
    struct kerne_words should =
        answered ? letter_answer() : letter_words(letter);
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        expect_equal_of(name, words.w[i], should.w[i]);
    }
}

/* Of a queue and of what is held. */
static void check_event(const char *name, uint64_t reference,
                        const struct kerne_words *words,
                        const struct told_event *event)
{
    bool answered = event->first == KERNE_ANSWER;
    expect_equal_of(name, words->w[0] & 0xff, event->first);
    expect_equal_of(name, answered ? words->w[0] >> 8 & 0xff : words->w[1],
                    event->other);
    check_words(name, reference, event->letter, answered);
}

static void check_sent(const char *name, uint64_t reference,
                       const struct kerne_words *words,
                       const struct told_event *event)
{
    expect_equal_of(name, words->w[0], event->first);
    expect_equal_of(name, words->w[1], event->other);
    expect_equal_of(name, words->w[2], event->regretted);
    check_words(name, reference, event->letter, event->first == KERNE_ANSWERED);
}

static unsigned length_of(const struct told_event *events)
{
    unsigned length = 0;
    while (length < TOLD_EVENTS && events[length].first) { length++; }
    return length;
}

/* Which of the expected is in this buffer; -1: none. */
static int find(const struct told_event *events, uint64_t buffer)
{
    for (unsigned i = 0; i < length_of(events); i++) {
        if (letter_buffer[events[i].letter] == buffer) { return (int)i; }
    }
    return -1;
}

static void told_list(const char *name, uint64_t reference,
                      enum kerne_describe what, const struct told_event *events)
{
    uint64_t buffer = 0;
    unsigned seen = 0; /* a bit for each expected */
    unsigned length = length_of(events);
    struct kerne_words words;
    for (unsigned i = 0; i < length; i++) {
        uint64_t result =
            kerne_describe(reference, what, buffer, &buffer, &words);
        int k = find(events, buffer);
        if (!expect_result_of(name, result, KERNE_r_normal) ||
            !expect_equal_of(name, k >= 0, true)) {
            return;
        }
        if (what == KERNE_DESCRIBE_EVENT) { expect_equal_of(name, k, i); }
        seen |= 1u << k;
        (what == KERNE_DESCRIBE_SENT ? check_sent : check_event)(
            name, reference, &words, &events[k]);
    }
    expect_equal_of(name, seen, (1u << length) - 1);
    expect_result_of(name,
                     kerne_describe(reference, what, buffer, &buffer, &words),
                     KERNE_r_no_more);
}

void told_queue(const char *name, uint64_t reference,
                const struct told_event *events)
{
    told_list(name, reference, KERNE_DESCRIBE_EVENT, events);
}

void told_held(const char *name, uint64_t reference,
               const struct told_event *events)
{
    told_list(name, reference, KERNE_DESCRIBE_HELD, events);
}

void told_sent(const char *name, uint64_t reference,
               const struct told_event *events)
{
    told_list(name, reference, KERNE_DESCRIBE_SENT, events);
}

/* ---- storage and registers ---------------------------------------------- */

static const struct image_segment *segment_of(uint64_t page)
{
    for (unsigned i = 0; i < image_segments; i++) {
        if (page >= image_segment[i].first && page < image_segment[i].last) {
            return &image_segment[i];
        }
    }
    return NULL;
}

static void check_window(const char *name, const struct kerne_words *words)
{
    for (uint64_t i = 0; i < words->w[2]; i++) {
        uint64_t page = words->w[0] + i * KERNE_PAGE;
        const struct image_segment *segment = segment_of(page);
        expect_equal_of(name, words->w[1] + i * KERNE_PAGE, page);
        expect_equal_of(name, words->w[3], segment ? segment->rights : 0);
    }
    expect_equal_of(name, words->w[4] <= words->w[2], true);
}

uint64_t told_windows(const char *name, uint64_t reference)
{
    uint64_t pages = 0;
    uint64_t touched = 0;
    uint64_t all = 0;
    uint64_t cursor = 0;
    struct kerne_words words;
    for (unsigned i = 0; i < image_segments; i++) {
        all += (image_segment[i].last - image_segment[i].first) / KERNE_PAGE;
    }
    while (pages <= all &&
           kerne_describe(reference, KERNE_DESCRIBE_WINDOW, cursor, &cursor,
                          &words) == KERNE_r_normal) {
        check_window(name, &words);
        pages += words.w[2];
        touched += words.w[4];
    }
    expect_equal_of(name, pages, all);
    words = told(reference, KERNE_DESCRIBE_CLAIM, 4);
    expect_equal_of(name, words.w[0], all);
    return touched;
}

void told_registers(uint64_t reference, struct register_file *ret_file)
{
    struct kerne_register_file file;
    expect_result(kerne_read_registers(reference, &file), normal);
    memcpy(ret_file->x, file.x, sizeof file.x);
    memcpy(ret_file->f, file.f, sizeof file.f);
    ret_file->fcsr = file.fcsr;
}
