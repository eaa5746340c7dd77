/*
 * What the words mean: the records of the function describe by name, and the
 * words of the messages and answers that every program meets.
 *
 * Each function is one call of describe with the same results; what it fills in
 * is all zero unless the result is normal.  `reference` 0 is the caller itself.
 * Cursors begin at 0, and are moved on.  No pointer may be null.
 */
#pragma once

#include "calls.h"

#include <stdbool.h>

/* ---- messages and answers ------------------------------------------------ */

/* Of a message: with a grant, words 1 and 2 are the area [first, last). */
enum kerne_message_word {
    KERNE_WORD_OPERATION = 0,
    KERNE_WORD_FIRST = 1, /* the only argument, where there is no area */
    KERNE_WORD_LAST = 2,
};

/* Of an answer to an input or output, and of the clock. */
enum kerne_answer_word {
    KERNE_WORD_STATUS = 0,
    KERNE_WORD_BYTES = 1,
    KERNE_WORD_TIME = 1,
    KERNE_WORD_CHARACTERS = 2,
    KERNE_WORD_COLUMNS = 3, /* of the console's terminal; 0: of none */
    KERNE_WORD_ROWS = 4,
    KERNE_WORD_TURN = 5, /* with keys: parent.h */
};

/* Of the message of a break, and of its answer. */
enum kerne_break_word {
    KERNE_WORD_BREAK = 0,       /* enum kerne_break */
    KERNE_WORD_FUNCTION = 1,    /* of a call: its number, then its arguments */
    KERNE_WORD_ADDRESS = 1,     /* of a page fault, and of a bad address */
    KERNE_WORD_INSTRUCTION = 1, /* of an illegal one */
    KERNE_WORD_ACCESS = 2,      /* of a page fault: a rights bit */
    KERNE_WORD_PC = 3,
    KERNE_WORD_INSIDE = 4, /* 1: further in than the child that reports it */
    KERNE_WORD_COPIED = 5, /* 1: by a general copy; then word 6 says whose */
    KERNE_WORD_ACTION = 0, /* enum kerne_action */
    KERNE_WORD_VALUE = 1,
};

/* ---- records ------------------------------------------------------------- */

struct kerne_process_record {
    char name[KERNE_NAME_BYTES];
    uint64_t number, horizon, depth; /* depth: below the caller */
    bool is_closed, is_pseudo;
    enum kerne_wait waits;
    uint64_t suspended; /* KERNE_SUSPENDED_* */
    union {
        uint64_t buffer; /* that it waits for */
        uint64_t server; /* of a pseudo process */
    };
    uint64_t mask, share, interrupt_area;
};

static inline uint64_t
kerne_describe_process(uint64_t reference,
                       struct kerne_process_record *ret_record)
{
    uint64_t next;
    struct kerne_words words;
    uint64_t result =
        kerne_describe(reference, KERNE_DESCRIBE_PROCESS, 0, &next, &words);
    *ret_record = (struct kerne_process_record){ .number = 0 };
    if (result != KERNE_r_normal) { return result; }
    memcpy(ret_record->name, &words.w[0], KERNE_NAME_BYTES - 1);
    ret_record->number = words.w[2] & 0xffff;
    ret_record->horizon = words.w[2] >> 16 & 0xff;
    ret_record->is_closed = (words.w[2] >> 24 & 0xff) != 0;
    ret_record->is_pseudo = (words.w[2] >> 32 & 0xff) != 0;
    ret_record->depth = words.w[2] >> 40 & 0xff;
    ret_record->waits = (enum kerne_wait)(words.w[3] & 0xff);
    ret_record->suspended = words.w[3] >> 8 & 0xff;
    ret_record->buffer = words.w[4];
    ret_record->mask = words.w[5];
    ret_record->share = words.w[6];
    ret_record->interrupt_area = words.w[7];
    return result;
}

enum kerne_claim {
    KERNE_CLAIM_BUFFERS = 0,
    KERNE_CLAIM_PROCESSES = 1,
    KERNE_CLAIM_TABLES = 2,
    KERNE_CLAIM_LINES = 3,   /* as sets: bit n for line n */
    KERNE_CLAIM_STORAGE = 4, /* only `received`: pages of its windows */
};

struct kerne_claim_record {
    uint64_t received, free, used, given;
};

static inline uint64_t
kerne_describe_claim(uint64_t reference, enum kerne_claim claim,
                     struct kerne_claim_record *ret_record)
{
    uint64_t next;
    struct kerne_words words;
    uint64_t result =
        kerne_describe(reference, KERNE_DESCRIBE_CLAIM, claim, &next, &words);
    *ret_record = (struct kerne_claim_record){ .received = 0 };
    if (result == KERNE_r_normal) {
        *ret_record = (struct kerne_claim_record){
            .received = words.w[0],
            .free = words.w[1],
            .used = words.w[2],
            .given = words.w[3],
        };
    }
    return result;
}

/* In ticks. */
struct kerne_time_record {
    uint64_t own, with_all_below;
    int64_t credit;
    uint64_t idle, firmware; /* of the root; otherwise 0 */
};

static inline uint64_t kerne_describe_time(uint64_t reference,
                                           struct kerne_time_record *ret_record)
{
    uint64_t next;
    struct kerne_words words;
    uint64_t result =
        kerne_describe(reference, KERNE_DESCRIBE_TIME, 0, &next, &words);
    *ret_record = (struct kerne_time_record){ .own = 0 };
    if (result == KERNE_r_normal) {
        *ret_record = (struct kerne_time_record){
            .own = words.w[0],
            .with_all_below = words.w[1],
            .credit = (int64_t)words.w[2],
            .idle = words.w[3],
            .firmware = words.w[4],
        };
    }
    return result;
}

/* pages 0: there is none up to the cursor. */
struct kerne_window_record {
    uint64_t address, in_parent, pages, rights, touched;
};

/* *cursor is a page number. */
static inline uint64_t
kerne_describe_window(uint64_t reference, uint64_t *cursor,
                      struct kerne_window_record *ret_record)
{
    struct kerne_words words;
    uint64_t result = kerne_describe(reference, KERNE_DESCRIBE_WINDOW, *cursor,
                                     cursor, &words);
    *ret_record = (struct kerne_window_record){ .pages = 0 };
    if (result == KERNE_r_normal) {
        *ret_record = (struct kerne_window_record){
            .address = words.w[0],
            .in_parent = words.w[1],
            .pages = words.w[2],
            .rights = words.w[3],
            .touched = words.w[4],
        };
    }
    return result;
}

struct kerne_sent_record {
    enum kerne_state state;
    uint64_t result;
    enum kerne_regret regret;
    uint64_t holder; /* who has it, as an address of the sender */
};

/* *buffer is the cursor, and the buffer that was found. */
static inline uint64_t kerne_describe_sent(uint64_t reference, uint64_t *buffer,
                                           struct kerne_sent_record *ret_record)
{
    struct kerne_words words;
    uint64_t result =
        kerne_describe(reference, KERNE_DESCRIBE_SENT, *buffer, buffer, &words);
    *ret_record = (struct kerne_sent_record){ .result = 0 };
    if (result == KERNE_r_normal) {
        *ret_record = (struct kerne_sent_record){
            .state = (enum kerne_state)words.w[0],
            .result = words.w[1],
            .regret = (enum kerne_regret)words.w[2],
            .holder = words.w[3],
        };
    }
    return result;
}

/* References; 0: none. */
struct kerne_tree_record {
    uint64_t parent, first_child, next_sibling;
};

static inline uint64_t kerne_describe_tree(uint64_t reference,
                                           struct kerne_tree_record *ret_record)
{
    uint64_t next;
    struct kerne_words words;
    uint64_t result =
        kerne_describe(reference, KERNE_DESCRIBE_TREE, 0, &next, &words);
    *ret_record = (struct kerne_tree_record){ .parent = 0 };
    if (result == KERNE_r_normal) {
        *ret_record = (struct kerne_tree_record){
            .parent = words.w[0],
            .first_child = words.w[1],
            .next_sibling = words.w[2],
        };
    }
    return result;
}
