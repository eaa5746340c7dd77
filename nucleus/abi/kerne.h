/*
 * The interface of the nucleus: all that a program may know of it.
 *
 * A call is an `ecall` with the function's number in a7.  Arguments, results
 * and the eight words of a message travel in registers; nothing is passed in
 * storage, except the area of general copy and of set interrupt.
 *
 *   a7            in: function          out: sender (functions that receive)
 *   a0            in: address, buffer or reference    out: buffer or value
 *   a1-a6 t0 t1   the eight words of a message or answer, both ways
 *   t2            in: result of an answer             out: result or event
 *   s0-s11 sp gp tp   kept
 *   t3-t6 ra      zero afterwards
 *
 * Where a function below gives no words, a1-a6, t0 and t1 come back as zero
 * or as they were.  A result is one of results.def, always in t2.
 */
#ifndef KERNE_H
#define KERNE_H

#include <stdint.h>

/* The functions.  "->" gives what comes back beside the result in t2.
 *
 *   0 set interrupt        a0 area (8-aligned, KERNE_AREA_BYTES; 0: none)
 *   4 process description  a0 0, a1 a2 name -> a0 address
 *  12 include user         a0 child, a1 line
 *  14 exclude user         a0 child, a1 line
 *  16 send message         a0 address, words -> a0 buffer
 *  18 wait answer          a0 buffer -> t2 result of the answer, words
 *  20 wait message         -> t2 event, a7 sender, a0 buffer, words
 *  22 send answer          a0 buffer, t2 result 1 to 5, words
 *  24 wait event           a0 last buffer or 0
 *                            -> t2 event, a7 sender, a0 buffer, words
 *  26 get event            a0 buffer
 *  36 get clock            -> a0 ticks
 *  56 create internal      a0 parent to be (0: caller), a1 a2 name, a3 number,
 *                          a4 buffers, a5 processes, a6 tables, t0 mask,
 *                          t1 kerne_create_how(), t2 reference of a child of
 *                          that parent whose windows it shares (0: none)
 *                            -> a0 reference
 *  58 start, 60 stop       a0 reference
 *  62 modify               a0 reference, a1 own address of a struct
 *                          kerne_register_file, a2 direction
 *  64 remove               a0 reference
 *  66 test event           as wait event; kind KERNE_NO_EVENT if there is none
 *  80 create pseudo        a0 declarer (0: caller), a1 a2 name, a3 number,
 *                          a4 server: address as seen by the declarer,
 *                          0xffffffff: vacant -> a0 reference
 *  82 regret message       a0 buffer
 *  84 general copy         a0 buffer, a1 direction, a2 offset in the area,
 *                          a3 own address, a4 length, a5 0 -> a0 bytes copied
 *  94 set share            a0 reference, a1 share (1 to 1000; 100 is usual)
 * 128 converse             a0 address, words -> t2 result of the answer, words
 *                          (a0 a buffer: only waits for its answer)
 * 129 serve                a0 buffer (0: none), t2 result, words
 *                            -> t2 event, a7 sender, a0 buffer, words
 * 130 map                  a0 child, a1 its address, a2 own address, a3 pages,
 *                          a4 rights -> a3 pages not done (0 if normal)
 * 131 unmap                a0 child, a1 its address, a3 pages
 *                            -> a3 pages not done
 * 132 physical address     a0 own address -> a0 physical address
 * 133 describe             a0 reference (0: self), a1 what, a2 cursor
 *                            -> a0 next cursor or value, words
 * 134 sender path          a0 buffer, a1 level -> a1 a2 name
 * 135 set claims           a0 reference, a1 buffers, a2 processes, a3 tables
 */
enum kerne_function {
#define KERNE_FUNCTION(number, name, handler) KERNE_##name = (number),
#include "functions.def"
#undef KERNE_FUNCTION
};

enum kerne_result {
#define KERNE_RESULT(number, name, sentence) KERNE_r_##name = (number),
#include "results.def"
#undef KERNE_RESULT
};

#define KERNE_PAGE 4096u
#define KERNE_LARGE_PAGE (512u * KERNE_PAGE)

/* Names: fifteen characters in two words, the first in the low byte. */
#define KERNE_NAME_BYTES 16

/* [a-z][a-z0-9_-]*, at most 15 characters, the rest zero. */
static inline int kerne_name_is_good(const uint64_t name[2])
{
    if ((char)name[0] < 'a' || name[1] >> 56 != 0 ||
        (name[1] != 0 && name[0] >> 56 == 0)) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        for (uint64_t rest = name[i]; rest != 0; rest >>= 8) {
            char c = (char)rest;
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' &&
                c != '-') {
                return 0;
            }
        }
    }
    return 1;
}

/* Addresses for messages: (levels up, child number there). */
#define KERNE_CHILDREN 384 /* child numbers are 0 to 383 */
#define KERNE_EXTERNAL 384 /* children of the root: clock, then line n at + n */
#define KERNE_LINES 64     /* interrupt lines are 1 to 63 */
#define KERNE_PARENT UINT64_C(0xffffff)
#define KERNE_SELF UINT64_C(0xfeffff)
#define KERNE_VACANT UINT64_C(0xffffffff)
#define KERNE_ADDRESS(up, number) ((uint64_t)(up) << 16 | (uint64_t)(number))

/* What a receiver learns of a sender: an address that it may use itself,
 * (0, k), (1, k), KERNE_PARENT or KERNE_SELF, and two bits. */
#define KERNE_SENDER_ADDRESS(sender) ((sender) & 0xffffff)
#define KERNE_SENDER_INSIDE (UINT64_C(1) << 24) /* deeper than that process */
#define KERNE_SENDER_PSEUDO (UINT64_C(1) << 25) /* sent to a pseudo process */
#define KERNE_SENDER_ADDRESSED(sender) ((sender) >> 32) /* its number */

/* Events, in t2. */
enum kerne_event {
    KERNE_NO_EVENT = 0,
    KERNE_MESSAGE = 1,
    KERNE_ANSWER = 2,
    KERNE_BREAK = 3, /* a message, from a child that cannot go on */
};
#define KERNE_EVENT_KIND(event) ((event) & 0xff)
#define KERNE_EVENT_RESULT(event) ((event) >> 8 & 0xff) /* of an answer */
#define KERNE_EVENT_LAST_GONE (1u << 16)   /* `last` is gone: from the front */
#define KERNE_EVENT_ANSWER_GONE (1u << 17) /* serve: nothing to answer */

/* Word 0 of a message: operation and grant.  With a grant, the receiver may
 * use the area [word 1, word 2) of the sender until it answers. */
#define KERNE_WORDS 8
#define KERNE_OPERATION(operation, grant) \
    ((uint64_t)(operation) << 2 | (uint64_t)(grant))
#define KERNE_GRANT_READ 1u
#define KERNE_GRANT_WRITE 2u
enum kerne_operation {
    KERNE_SENSE = 0,
    KERNE_INPUT = 3,  /* grants writing */
    KERNE_OUTPUT = 5, /* grants reading */
};

/* Messages to `clock`: sense answers at once, delay after word 1 ticks, until
 * when the clock reaches word 1.  Answer: word 0 status 0, word 1 the clock.
 * Messages to `line<n>`: await answers at the next interrupt. */
enum kerne_external_operation {
    KERNE_CLOCK_DELAY = 1,
    KERNE_CLOCK_UNTIL = 2,
    KERNE_LINE_AWAIT = 1,
};

/* Word 0 of an answer with result 5: had the message been received? */
#define KERNE_HAD_BEEN_RECEIVED 1u

/* General copy, and modify. */
enum kerne_direction {
    KERNE_FETCH = 0, /* from the sender's area, or the process's registers */
    KERNE_STORE = 1, /* to them */
};

/* Rights of a window.  Who is to write must be to read, too. */
#define KERNE_READ 1u
#define KERNE_WRITE 2u
#define KERNE_EXECUTE 4u

/* Function masks. */
#define KERNE_MASK_BIT(function)                                  \
    (UINT64_C(1) << ((function) < 128 ? (function) / 2            \
                                      : (function) - 80))
#define KERNE_MASK_COUNTERS (UINT64_C(1) << 63)
#define KERNE_MASK_ALL UINT64_MAX
#define KERNE_MASK_FOREIGN UINT64_C(0)

/* Create: horizon (how far out it may look), closed (1: paths of senders end
 * here), share of time among siblings (0: the usual 100). */
static inline uint64_t kerne_create_how(uint64_t horizon, uint64_t closed,
                                        uint64_t share)
{
    return (horizon & 0xff) | (closed & 1) << 8 | share << 16;
}
#define KERNE_SHARE 100
#define KERNE_SHARE_LIMIT 1000

/* The message of a break:
 *   call        kind, a7, a0, a1, a2, a3, a4, a5
 *   page fault  kind, address of the reporting child, access (rights bit), pc,
 *               1 if a process inside that child faulted (pc is then 0),
 *               1 if general copy did, and then who copies, as a sender
 *   others      kind, instruction or address, 0, pc
 * Its answer: word 0 action, word 1 value. */
enum kerne_break {
    KERNE_BREAK_CALL = 1,
    KERNE_BREAK_PAGE_FAULT = 2,
    KERNE_BREAK_ILLEGAL = 3,
    KERNE_BREAK_MISALIGNED = 4,
    KERNE_BREAK_BREAKPOINT = 5,
    KERNE_BREAK_ACCESS = 6, /* the machine refuses the physical address */
};
enum kerne_action {
    KERNE_STAY = 0,     /* stay stopped */
    KERNE_GO_ON = 1,    /* after the instruction; of a call: a0 = word 1 */
    KERNE_AGAIN = 2,    /* at the pc as it now is */
    KERNE_NOT_MINE = 3, /* a break from inside: offer it to the next parent */
};

/* The area of set interrupt: the 8 words of the break, then pc, x1 to x31.
 * The process goes on behind it. */
#define KERNE_AREA_BYTES (40 * 8)

/* The registers of a process, as modify moves them. */
struct kerne_register_file {
    uint64_t x[32]; /* x[0] is the pc */
    uint64_t fcsr;
    uint64_t f[32];
    uint64_t floats; /* 1: it has used floating point; 0: f is not set */
};
_Static_assert(sizeof(struct kerne_register_file) == 66 * 8,
               "size of a register file");

/* What describe tells.  Fields of several parts are given from the low end.
 * A cursor that is not mentioned is ignored. */
enum kerne_describe {
    /* 0,1 name; 2 number(16) horizon(8; 0 for oneself) closed(8) pseudo(8)
     * depth below the caller(8);
     * 3 waits for(8, enum kerne_wait) suspended by(8, KERNE_SUSPENDED_*);
     * 4 buffer that it waits for, or server of a pseudo process;
     * 5 mask; 6 share; 7 area of set interrupt */
    KERNE_DESCRIBE_PROCESS = 0,
    /* cursor 0 buffers, 1 processes, 2 tables, 3 interrupt lines:
     * 0 received, 1 free, 2 used by itself, 3 given to children;
     * of lines, words 1 and 3 are sets, bit n for line n;
     * cursor 4, storage: 0 pages windowed; of one below also 1 reference of
     * the next that shares its windows (0: nobody), 2 whether its claim has
     * paid for their tables */
    KERNE_DESCRIBE_CLAIM = 1,
    /* ticks: 0 own, 1 own and all below, 2 credit (signed); of the root, also
     * 3 idle, 4 the firmware's, and all before the root began */
    KERNE_DESCRIBE_TIME = 2,
    /* cursor = page number: the first window from there on: 0 its address,
     * 1 address in the parent, 2 pages in a row, 3 rights, 4 pages of them
     * that were touched since they were mapped.  Pages 0: none up to the
     * next cursor, ask on. */
    KERNE_DESCRIBE_WINDOW = 3,
    /* cursor = buffer or 0: the event after it in the queue; a0 the buffer,
     * 0 kind(8) result(8), 1 sender as its receiver sees it */
    KERNE_DESCRIBE_EVENT = 4,
    /* cursor = buffer or 0: the next message that it holds, received and not
     * yet answered; a0 the buffer, words as for an event */
    KERNE_DESCRIBE_HELD = 5,
    /* cursor = buffer or 0: the next message that it has sent and whose answer
     * it has not taken; a0 the buffer, 0 state (enum kerne_state),
     * 1 result, 2 regretted (enum kerne_regret), 3 who has it, as an address
     * of the sender
     * (KERNE_VACANT: nobody any more, or beyond the caller's horizon) */
    KERNE_DESCRIBE_SENT = 6,
    /* cursor = a buffer of the three lists above: its eight words */
    KERNE_DESCRIBE_WORDS = 7,
    /* references: 0 parent, 1 first child, 2 next sibling (0: none);
     * of self and its parent the parent is 0 */
    KERNE_DESCRIBE_TREE = 8,
};
enum kerne_wait {
    KERNE_WAITS_NOT = 0,
    KERNE_WAITS_MESSAGE = 1,
    KERNE_WAITS_ANSWER = 2,
    KERNE_WAITS_EVENT = 3,
    KERNE_WAITS_BREAK = 4,
};
enum kerne_state {
    KERNE_FREE = 0,
    KERNE_QUEUED = 1,   /* in the receiver's queue */
    KERNE_RECEIVED = 2, /* taken by the receiver, not answered */
    KERNE_ANSWERED = 3, /* in the sender's queue */
};
enum kerne_regret {
    KERNE_WANTED = 0,
    KERNE_REGRETTED = 1, /* free when its receiver answers */
    KERNE_INHERITED = 2, /* the same; or at once, by regret message: its sender
                          * was a descendant that has been removed */
};
#define KERNE_SUSPENDED_STOP 1u /* stopped, or not yet started, by its parent */
#define KERNE_SUSPENDED_DYING 4u  /* being removed */
#define KERNE_SUSPENDED_ABOVE 16u /* something above it is suspended */

/*
 * The start record.  A process made by any parent begins at its program's
 * entry with a0 = address of this record, page-aligned, directly behind the
 * program's last segment; all other registers are zero.  It brings its own
 * stack.  Ranges are [first, last); what does not apply is empty.
 *
 * The root has no parent to do this for it.  The nucleus starts it at the first
 * byte of the first file of the boot image, where that lies, with
 *
 *   x10 (a0)  the address of the device tree
 *   x11 x12   the RAM that it has, [x11, x12): what only boot needed
 *   x13 x14   more of it, and so on up to x29 x30; what is not there is empty
 *
 * and all other registers zero.  That file is the root loader, which begins the
 * root's program as above, but for ra, which holds its entry.  Of the boot's
 * arguments it leaves out what the nucleus takes: words like name=value in
 * front of all others, and then a word `--`.
 */
#define KERNE_START_MAGIC UINT64_C(0x317473656e72656b) /* "kernest1" */
#define KERNE_ROOT_RANGES 10
#define KERNE_START_RANGES 16
#define KERNE_ARGUMENT_BYTES 256

struct kerne_range {
    uint64_t first;
    uint64_t last;
};

struct kerne_start {
    uint64_t magic;
    uint64_t bytes; /* of this record */
    /* Free storage.  The first range begins behind this record (heap); the
     * others are of use to the root only. */
    struct kerne_range storage[KERNE_START_RANGES];
    struct kerne_range image;       /* boot image, a tar, without the root
                                     * loader; may be empty */
    struct kerne_range device_tree; /* flattened device tree; may be empty */
    uint64_t ticks_per_second;
    char arguments[KERNE_ARGUMENT_BYTES]; /* divided by blanks, ends in 0 */
};

_Static_assert(sizeof(struct kerne_start) == 2 * 8 + 18 * 16 + 8 + 256,
               "size of the start record");

#endif
