/*
 * What happens in the nucleus: events, found at the end of each trap.
 *
 * Whoever runs the machine tells of each store of the nucleus into storage, and
 * when the nucleus returns to a process or idles.  Then the records that were
 * stored into are compared with what they were, and each difference is told.
 * So a conversation that begins and ends in one trap is still told whole.
 * Nothing is added to the nucleus for it.
 *
 * W1  Between two ends of traps the records that differ from what watch
 *     remembers are among those that were reported as stored into.
 */
#pragma once

#include "json.h"
#include "tables.h"

#define WATCH_WORDS 8
#define WATCH_NAME 17 /* with the end */

enum watch_kind {
#define EVENT(name, word) WATCH_##name,
#include "events.def"
#undef EVENT
    WATCH_KINDS
};

struct watch_event {
    uint64_t at;   /* as the machine counts, in the end of the trap */
    uint64_t trap; /* its number */
    enum watch_kind kind;
    uint32_t process, other; /* see events.def */
    uint32_t buffer;
    uint64_t number[3];
    bool is_break, is_external, has_words;
    uint32_t external;
    uint64_t words[WATCH_WORDS];
    char name[WATCH_NAME]; /* "": none */
};

struct watch;

/* How many bytes a watch needs for these tables, which have been found. */
size_t watch_bytes(const struct tables *t);

/* Begins with the tables as they are now, in memory of so many bytes, zero, and
 * aligned to 8.  `told` is called for each event, in order. */
struct watch *watch_begin(void *memory, const struct tables *t,
                          void (*told)(void *context,
                                       const struct watch_event *event),
                          void *context);

/* As at the beginning: the machine is now at another moment.  `runs` is that of
 * struct tables. */
void watch_again(struct watch *w, uint64_t runs);

/* The nucleus stores, or has stored, at a physical address. */
void watch_store(struct watch *w, uint64_t at);

/* A process traps; `registers` are those of the machine, 32 of them.  Who does
 * not call it, is told no words of answers to breaks. */
void watch_trap_begin(struct watch *w, const uint64_t *registers);

/* The nucleus returns to a process, or idles.  `trap` is its number, `runs`
 * that of struct tables; `registers` are those of the machine, 32 of them;
 * null: they are not known, and then neither are the words of an answer that
 * was taken in the same trap. */
void watch_trap_end(struct watch *w, uint64_t at, uint64_t trap, uint64_t runs,
                    const uint64_t *registers);

/* An event as an object of JSON; its members are told in events.def. */
void watch_write(const struct watch_event *event, struct json *j);
