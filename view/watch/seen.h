/*
 * What watch remembers of each record, and who compares: one file for each kind
 * of record.
 */
#pragma once

#include "watch.h"

#include <kerne.h>

#define CLAIM_KINDS 3

/* What a record was at the end of the last trap. */
struct process_seen {
    uint64_t identity;
    uint32_t parent;
    uint32_t received[CLAIM_KINDS], given[CLAIM_KINDS];
    uint8_t suspended, wait;
    bool lives, pending;
};

struct buffer_seen {
    uint64_t identity;
    uint32_t sender, receiver;
    uint8_t state, regretted;
    bool is_break, pending;
};

struct node_seen {
    uint64_t base;        /* the first page that it translates */
    uint32_t owner;       /* process; 0: unknown */
    uint16_t first, last; /* of those stored into, while pending */
    bool pending;
    uint32_t page[TABLES_ENTRIES]; /* rights, page of the parent, COMPOSED */
};

/* Consecutive pages of one process to which the same happened. */
struct run {
    enum watch_kind kind;
    uint32_t process;
    uint64_t page, count, onto;
};

struct watch {
    struct tables tables;
    void (*told)(void *context, const struct watch_event *event);
    void *context;
    uint64_t at, trap;
    const uint64_t *registers;
    uint64_t asked[WATCH_WORDS]; /* words of the call with which it began */
    bool has_asked;
    uint32_t ran;             /* before this end of a trap */
    uint32_t running, payer;  /* now */
    uint64_t registers_bytes; /* of a process's record, at its beginning */
    struct process_seen *processes;
    struct buffer_seen *buffers;
    struct node_seen *nodes;
    uint32_t *pending; /* records that were stored into, each once, in order: */
    uint32_t pending_count; /* index, and what they are above it */
    struct run run;
};

/* Which registers the words of a call are in. */
extern const unsigned watch_word_registers[WATCH_WORDS];

/* watch.c */
void watch_tell(struct watch *w, struct watch_event event);
void watch_tell_of(struct watch *w, enum watch_kind kind, uint32_t process,
                   uint32_t other);

/* The record as it is now is remembered, without a word about it. */
void seen_process(struct watch *w, uint32_t index); /* processes.c */
void seen_buffer(struct watch *w, uint32_t index);  /* buffers.c */
void seen_node(struct watch *w, uint32_t index);    /* storage.c */

/* To whom the buffer has come since: as a message, or as an answer. */
uint32_t seen_buffer_comes_to(const struct watch *w, uint32_t index);

/* What has changed in it is told, and remembered. */
void seen_process_compare(struct watch *w, uint32_t index);
void seen_buffer_compare(struct watch *w, uint32_t index);
void seen_node_compare(struct watch *w, uint32_t index);

/* An entry of a node, or the window behind it, is stored into. */
void seen_node_store(struct watch *w, uint32_t node, uint64_t number);
