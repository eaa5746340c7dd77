/*
 * The tables of the nucleus, and how its functions end.
 *
 * All records stand in tables whose size is fixed at boot.  They point at each
 * other; where there are many, or from outside, a record is named by its index
 * (0: none).  There is a header for each noun: list.h, process.h, buffer.h,
 * node.h, hart.h.
 */
#pragma once

#include <kerne.h>

#include "arch.h"
#include "check/check.h"
#include "list.h"
#include <ranges.h>

struct nucleus {
    /* By boot.c: the tables and their sizes. */
    struct process *processes;
    struct buffer *buffers;
    struct node *nodes;
    struct node_info *node_infos;
    uint32_t *frames;     /* first cached window of each page frame, then of */
                          /* all others; by storage.c, too */
    struct buffer **heap; /* of the clock: by deadline, from index 1 on; by */
                          /* external.c, too */
    uint32_t process_limit, buffer_limit, node_limit;
    uint64_t first_frame, frame_count;
    struct kerne_ranges ram; /* all of it */
    uint64_t slice;    /* ticks */
    /* By process.c, claim.c, buffer.h, boot.c, storage.c: what is free; those
     * that were used before are in lists. */
    uint32_t never_used_process, never_used_buffer, never_used_node;
    struct link *free_process;
    struct link *free_buffer; /* by arch, too */
    struct node *free_node;
    /* By external.c, boot.c. */
    uint32_t heap_size;
    struct line {
        struct process *user;
        struct buffer *waiting;
    } lines[KERNE_LINES];
    /* By boot.c, process.c: a count. */
    uint64_t stops;
    /* By time.c, boot.c, arch: ticks that nobody paid for, and those of the
     * firmware, from power-on. */
    uint64_t idle, firmware;
};
extern struct nucleus nucleus;

/* The identity of a record: its index, and in so many bits below it the
 * generation, which changes when the record becomes free. */
enum { GENERATION_BITS = 44 };
#define IDENTITY_INDEX(identity) ((identity) >> GENERATION_BITS)
#define IDENTITY(index) ((uint64_t)(index) << GENERATION_BITS)

static inline uint64_t identity_next(uint64_t identity)
{
    identity++;
    return identity % IDENTITY(1) != 0 ? identity : identity - IDENTITY(1);
}

/* How a function of the nucleus ends: with a result for the caller's t2, or */
#define RESULT_SET ((enum kerne_result)0) /* done; t2 is what it is to be */
#define WAITS ((enum kerne_result)(-1)) /* repeated when its event has come */
#define AGAIN ((enum kerne_result)(-2)) /* repeated after interrupts */

/* First decode and check everything. */
#define REFUSE(condition, result)                   \
    do {                                            \
        if (condition) { return KERNE_r_##result; } \
    } while (0)
#define TRY(call)                                      \
    do {                                               \
        enum kerne_result tried = (call);              \
        if (tried != KERNE_r_normal) { return tried; } \
    } while (0)

/* What remove does takes steps, with interrupts let in between, and each has a
 * budget, in units of some 70 instructions.  False: the step ends here. */
#define ARRIVAL 12 /* units: somebody, however deep, gets an event */
static inline bool spend(uint32_t *budget, uint32_t cost)
{
    if (*budget < cost) { return false; }
    *budget -= cost;
    return true;
}

_Noreturn void panic(const char *what); /* call.c */
