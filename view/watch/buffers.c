/* What happened to message buffers. */
#include "seen.h"

#define R_RESULT 7 /* t2 */

const unsigned watch_word_registers[WATCH_WORDS] = { 11, 12, 13, 14,
                                                     15, 16, 5,  6 };

/* A register of a process as it goes on, or will: the machine's, or that of its
 * record.  False: it runs, and they are not known. */
static bool register_of(const struct watch *w, uint32_t process,
                        unsigned number, uint64_t *ret)
{
    const struct tables *t = &w->tables;
    if (process != w->running) {
        *ret = tables_element(t, tables_process(t, process), process_x, number);
    } else if (w->registers != NULL) {
        *ret = w->registers[number];
    } else {
        return false;
    }
    return true;
}

/* Words as they have come to a process, in its registers. */
static void words_of_registers(const struct watch *w, uint32_t process,
                               struct watch_event *event)
{
    event->has_words = process != 0;
    for (unsigned i = 0; i < WATCH_WORDS && event->has_words; i++) {
        event->has_words =
            register_of(w, process, watch_word_registers[i], &event->words[i]);
    }
}

static void words_of_buffer(const struct watch *w, uint32_t buffer,
                            struct watch_event *event)
{
    event->has_words = true;
    for (unsigned i = 0; i < WATCH_WORDS; i++) {
        event->words[i] = tables_element(
            &w->tables, tables_buffer(&w->tables, buffer), buffer_words, i);
    }
}

static struct watch_event about(const struct watch *w, enum watch_kind kind,
                                uint32_t buffer, uint32_t process,
                                uint32_t other)
{
    uint64_t b = tables_buffer(&w->tables, buffer);
    bool external = tables_get(&w->tables, b, buffer_receiver) == 0;
    return (struct watch_event){
        .kind = kind,
        .buffer = buffer,
        .process = process,
        .other = other,
        .is_break = tables_get(&w->tables, b, buffer_is_break) != 0,
        .is_external = external,
        .external = (uint32_t)tables_get(&w->tables, b, buffer_external),
    };
}

/* A message, or a break, begins.  If it has come already, its receiver may have
 * the words, which need not stand in the buffer. */
static void tell_queued(struct watch *w, uint32_t buffer,
                        const struct buffer_seen *now)
{
    struct watch_event event =
        about(w, WATCH_QUEUED, buffer, now->sender, now->receiver);
    if (now->state == KERNE_RECEIVED && event.is_break) {
        words_of_registers(w, now->receiver, &event);
    }
    if (!event.has_words && now->state != KERNE_FREE) {
        words_of_buffer(w, buffer, &event);
    }
    watch_tell(w, event);
}

static void tell_answered(struct watch *w, uint32_t buffer,
                          const struct buffer_seen *then,
                          const struct buffer_seen *now)
{
    uint64_t b = tables_buffer(&w->tables, buffer);
    struct watch_event event =
        about(w, WATCH_ANSWERED, buffer, then->receiver, then->sender);
    if (now->state == KERNE_ANSWERED) {
        event.number[0] = tables_get(&w->tables, b, buffer_result);
        words_of_buffer(w, buffer, &event);
    } else if (event.is_break) {
        event.has_words = w->has_asked && w->ran == then->receiver;
        for (unsigned i = 0; i < WATCH_WORDS; i++) {
            event.words[i] = w->asked[i];
        }
    } else if (then->regretted == KERNE_WANTED) {
        uint64_t t2 = 0; /* a result, or an event with one */
        (void)register_of(w, then->sender, R_RESULT, &t2);
        event.number[0] =
            KERNE_EVENT_RESULT(t2) != 0 ? KERNE_EVENT_RESULT(t2) : t2;
        words_of_registers(w, then->sender, &event);
    }
    watch_tell(w, event);
}

/* A life ended: answered and returned, or withdrawn. */
static void tell_freed(struct watch *w, uint32_t buffer,
                       const struct buffer_seen *then, bool by_sender)
{
    struct buffer_seen free = { .state = KERNE_FREE };
    bool withdrawn = then->state == KERNE_QUEUED && by_sender;
    if (withdrawn) {
        watch_tell(
            w, about(w, WATCH_REGRETTED, buffer, then->sender, then->receiver));
        return;
    }
    if (then->state != KERNE_ANSWERED) {
        tell_answered(w, buffer, then, &free);
    }
    if (then->regretted == KERNE_WANTED) {
        watch_tell(
            w, about(w, WATCH_RETURNED, buffer, then->sender, then->receiver));
    }
}

/* What it does from one state to a later one of the same life. */
static void tell_progress(struct watch *w, uint32_t buffer,
                          const struct buffer_seen *then,
                          const struct buffer_seen *now)
{
    if (now->state == KERNE_RECEIVED && then->state != KERNE_RECEIVED) {
        watch_tell(
            w, about(w, WATCH_RECEIVED, buffer, now->receiver, now->sender));
    }
    if (now->state == KERNE_ANSWERED && then->state != KERNE_ANSWERED) {
        tell_answered(w, buffer, then, now);
    }
    if (now->regretted != KERNE_WANTED && then->regretted == KERNE_WANTED) {
        watch_tell(
            w, about(w, WATCH_REGRETTED, buffer, now->sender, now->receiver));
    }
}

static struct buffer_seen look(const struct watch *w, uint32_t index)
{
    const struct tables *t = &w->tables;
    uint64_t b = tables_buffer(t, index);
    return (struct buffer_seen){
        .identity = tables_get(t, b, buffer_identity),
        .sender = tables_index_in(t, &t->processes, b, buffer_sender),
        .receiver = tables_index_in(t, &t->processes, b, buffer_receiver),
        .state = (uint8_t)tables_get(t, b, buffer_state),
        .is_break = tables_get(t, b, buffer_is_break) != 0,
        .regretted = (uint8_t)tables_get(t, b, buffer_regretted),
    };
}

uint32_t seen_buffer_comes_to(const struct watch *w, uint32_t index)
{
    struct buffer_seen now = look(w, index);
    return now.state == KERNE_RECEIVED ? now.receiver
                                       : w->buffers[index].sender;
}

void seen_buffer(struct watch *w, uint32_t index)
{
    w->buffers[index] = look(w, index);
}

/* That of a process's breaks is made with it, without a life. */
void seen_buffer_compare(struct watch *w, uint32_t index)
{
    struct buffer_seen then = w->buffers[index], now = look(w, index);
    bool another = now.identity != then.identity && then.identity != 0;
    w->buffers[index] = now;
    if (then.state != KERNE_FREE && another) {
        tell_freed(w, index, &then,
                   w->ran == then.sender ||
                       !tables_lives(&w->tables, then.sender));
        then.state = KERNE_FREE;
        another = false;
    }
    if (now.is_break && now.state == KERNE_FREE) { return; }
    if (then.state == KERNE_FREE && (now.state != KERNE_FREE || another)) {
        tell_queued(w, index, &now);
        then = now;
        then.state = KERNE_QUEUED;
        then.regretted = KERNE_WANTED;
        if (now.state == KERNE_FREE) { tell_freed(w, index, &then, false); }
    }
    if (now.state != KERNE_FREE) { tell_progress(w, index, &then, &now); }
}
