/*
 * What describe tells of a process, against what it should tell.  `name` is
 * the process's, for the report.
 */
#pragma once

#include "members.h"

/* A message in one of the three lists.  In a queue and among those held,
 * `first` is the kind, and `other` the sender, or the result of an answer;
 * among those sent, `first` is the state, and `other` the result.  A list ends
 * with the first whose `first` is 0. */
struct told_event {
    enum letter letter;
    uint64_t first;
    uint64_t other;
    bool regretted;
};
#define TOLD_EVENTS 3

/* Refused, it is noted, and all words are 0. */
struct kerne_words told(uint64_t reference, enum kerne_describe what,
                        uint64_t cursor);

void told_name(const char *name, const struct kerne_words *words);

/* One of the four claims, and nothing but these numbers. */
void told_claim(const char *name, uint64_t reference, uint64_t kind,
                uint64_t received, uint64_t used, uint64_t given);

/* The queue, in this order; what is held, and what was sent, in any. */
void told_queue(const char *name, uint64_t reference,
                const struct told_event *events);
void told_held(const char *name, uint64_t reference,
               const struct told_event *events);
void told_sent(const char *name, uint64_t reference,
               const struct told_event *events);

/* Every page of the program once, onto the same page of the parent.  Returns
 * how many of them were touched. */
uint64_t told_windows(const char *name, uint64_t reference);

/* All registers; x[0] is the pc. */
void told_registers(uint64_t reference, struct register_file *ret_file);
