/* An event of the nucleus, as JSON. */
#include "watch.h"

static const char *const word[WATCH_KINDS] = {
#define EVENT(name, word) [WATCH_##name] = word,
#include "events.def"
#undef EVENT
};

static void write_words(const struct watch_event *event, struct json *j)
{
    json_name(j, "words");
    json_begin(j, '[');
    for (unsigned i = 0; i < WATCH_WORDS; i++) {
        json_word(j, event->words[i]);
    }
    json_end(j, ']');
}

static void write_numbers(const struct watch_event *event, struct json *j)
{
    json_name(j, "numbers");
    json_begin(j, '[');
    for (unsigned i = 0; i < 3; i++) {
        json_number(j, (int64_t)event->number[i]);
    }
    json_end(j, ']');
}

void watch_write(const struct watch_event *event, struct json *j)
{
    json_begin(j, '{');
    json_named_number(j, "at", (int64_t)event->at);
    json_named_number(j, "trap", (int64_t)event->trap);
    json_named_text(j, "event", word[event->kind]);
    json_named_number(j, "process", event->process);
    json_named_number(j, "other", event->other);
    if (event->buffer != 0) { json_named_number(j, "buffer", event->buffer); }
    if (event->name[0] != '\0') { json_named_text(j, "name", event->name); }
    if (event->is_external) {
        json_named_number(j, "external", event->external);
    }
    if (event->is_break) { json_named_truth(j, "break", true); }
    write_numbers(event, j);
    if (event->has_words) { write_words(event, j); }
    json_end(j, '}');
}
