/*
 * Segments: how a program speaks to whatever keeps data in numbered segments
 * of 512 bytes, the disk's driver or an area of a store.  The words of the
 * messages, and what each answer means, are in docs/man/segments.md.
 *
 *     uint64_t disk = kerne_find("disk");
 *     struct kerne_segments_done done;
 *     if (kerne_segments_input(disk, 0, page, 8, &done) != KERNE_r_normal) {
 *         printf("disk: %s\n", kerne_segments_text(&done));
 *     }
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef KERNE_SEGMENTS_H
#define KERNE_SEGMENTS_H

#include <program.h>

#define KERNE_SEGMENT 512 /* bytes */

/* Beside sense, input and output. */
enum kerne_segments_operation {
    KERNE_SEGMENTS_FLUSH = 24,
    KERNE_SEGMENTS_ORDERS = 26, /* orders.h */
};

/* The words of a message behind the area, and of the answer to sense. */
#define KERNE_WORD_SEGMENT 3
enum kerne_segments_sense_word {
    KERNE_WORD_ALL = 1,      /* segments in all */
    KERNE_WORD_WRITABLE = 2, /* 1: output is possible; 0: it is not */
    KERNE_WORD_LARGEST = 3,  /* segments that one message moves, at most */
    KERNE_WORD_BEST = 4,     /* and those with which it goes fastest */
    KERNE_WORD_BLOCK = 5,    /* only multiples of so many are moved; 0: of 1 */
};

/* Word 0 of every answer.  With result 1 it is 0.  With 4 it is the device's,
 * below 64, or KERNE_r_missing is a page of the area. */
enum kerne_segments_status {
    KERNE_SEGMENTS_DONE = 0,
    KERNE_SEGMENTS_DEVICE_ERROR = 1,       /* 4: it could not read or write */
    KERNE_SEGMENTS_DEVICE_UNSUPPORTED = 2, /* 4: it cannot do that at all */
    KERNE_SEGMENTS_DEVICE_SILENT = 3,      /* 4: it has not answered */
    KERNE_SEGMENTS_BAD_AREA = 64,     /* 3: ungranted, or no whole segments */
    KERNE_SEGMENTS_NO_SEGMENT = 65,   /* 2: one of them is not there */
    KERNE_SEGMENTS_READ_ONLY = 66,    /* 2 */
    KERNE_SEGMENTS_NO_DEVICE = 67,    /* 2: nothing is behind this name */
    KERNE_SEGMENTS_TOO_MANY = 68,     /* 2: it holds so many messages already */
    KERNE_SEGMENTS_NOT_RESERVED = 69, /* 2: the sender must reserve it first */
    KERNE_SEGMENTS_PART_OF_BLOCK = 70, /* 2: it moves whole blocks only */
};

/* A message that moves segments; those of several under way at once are sent by
 * hand. */
static inline struct kerne_words
kerne_segments_message(uint64_t operation, uint64_t grant, const void *area,
                       uint64_t segments, uint64_t first)
{
    struct kerne_words message =
        kerne_area(operation, grant, area, segments * KERNE_SEGMENT);
    message.w[KERNE_WORD_SEGMENT] = first;
    return message;
}

/* What became of it: the result that is also returned, word 0 of the last
 * answer, and how many segments were moved for certain, from the first on. */
struct kerne_segments_done {
    uint64_t result, status, segments;
};

/* Why it was not done, as a clause; also of what is normal. */
const char *kerne_segments_text(const struct kerne_segments_done *done);

struct kerne_segments {
    uint64_t all, largest, best; /* in segments */
    bool is_writable;
};

/* Result: of the answer, or as kerne_ask.  Costs one conversation. */
uint64_t kerne_segments_sense(uint64_t address,
                              struct kerne_segments *ret_segments,
                              struct kerne_segments_done *ret_done);

/*
 * Input and output of `segments` segments from number `first` on: asks until
 * all are moved, each time from the first that is not.  Pages of the area that
 * the receiver found missing are touched and asked for again.
 * Result: normal; of the answer if it is another one; malfunction also if
 * nothing is moved eight times in a row; otherwise as kerne_ask.  Costs one
 * conversation for each part that the receiver moves.
 */
uint64_t kerne_segments_input(uint64_t address, uint64_t first, void *ret_area,
                              uint64_t segments,
                              struct kerne_segments_done *ret_done);
uint64_t kerne_segments_output(uint64_t address, uint64_t first,
                               const void *area, uint64_t segments,
                               struct kerne_segments_done *ret_done);

/* What was answered as output before this was sent is on the medium when it
 * returns normal.  Costs one conversation. */
uint64_t kerne_segments_flush(uint64_t address,
                              struct kerne_segments_done *ret_done);

#endif
