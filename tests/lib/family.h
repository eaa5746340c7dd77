/*
 * Children for tests.
 *
 * Every process of a test runs the same program: each parent maps the
 * program's own pages, at the same addresses and with the rights of their
 * segments, into its child, which may do the same with children of its own.
 * So text, constants and variables are shared by the whole family, at any
 * depth; a child reports by storing into a variable (volatile), or by a
 * message.  Each child has a stack of its own from a common pool.
 *
 * A parent that is ready runs before its children: what a child does happens
 * when its parent waits.
 */
#pragma once

#include "expect.h"

#define CHILD_NONE UINT64_MAX /* for a claim of nothing: 0 is "the usual" */

struct child_options {
    uint64_t behalf_of; /* reference of the parent to be; 0: the caller */
    uint64_t buffers;   /* 0: 4, and 2 for each process below */
    uint64_t processes; /* 0: none */
    uint64_t tables;    /* 0: CHILD_TABLES, and so many for each below */
    uint64_t without;   /* bits of the mask that the child shall lack */
    bool foreign;       /* an empty mask */
    uint64_t horizon;   /* 0: the furthest that the caller can give */
    bool closed;
    uint64_t share;   /* 0: the usual */
    bool unmapped;    /* no windows and no registers: the test sets them */
    uint64_t windows; /* reference of a sibling: the same windows */
    uint64_t stack;   /* CHILD_STACK_BYTES of the caller's; 0: from the pool */
};

#define CHILD_STACK_BYTES 8192

/* A program within one stretch of 2 MiB: one table of each level. */
#define CHILD_TABLES 3

struct test_child {
    uint64_t reference;
    uint64_t number;
    const char *name;
    void (*function)(uint64_t argument);
    uint64_t argument;
    uint64_t stack; /* its first byte; 0: none */
    bool stack_of_pool;
    volatile uint64_t at_rest; /* 1: the function has returned */
    volatile uint64_t told;    /* for the test's own use */
};

/* Creates, maps, and sets the registers; it is not started.  Results as of
 * create and map.  When `function` returns, the child rests: it waits for
 * ever, and takes nothing out of its queue. */
uint64_t child_make_with(struct test_child *ret_child, const char *name,
                         uint64_t number, void (*function)(uint64_t),
                         uint64_t argument,
                         const struct child_options *options);
#define child_make(child, name, number, function, argument, ...) \
    child_make_with((child), (name), (number), (function),       \
                    (uint64_t)(argument),                        \
                    &(struct child_options){ __VA_ARGS__ })

/* Makes and starts; expects both to succeed. */
#define child_run(child, name, number, function, argument, ...)      \
    (expect_result(child_make((child), (name), (number), (function), \
                              (argument), __VA_ARGS__),              \
                   normal) &&                                        \
     expect_result(kerne_start((child)->reference), normal))

/* Removes it and all below, and gives its stack back. */
uint64_t child_remove(struct test_child *child);

/* Sets pc, sp, a0 of a process that is suspended; gp and tp are the caller's,
 * ra leads to child_rest, and the other integer registers of the first sixteen
 * are 0. */
uint64_t child_set_registers(uint64_t reference, uint64_t pc, uint64_t sp,
                             uint64_t argument);

/* A child that is suspended is to run this function, and rests when that
 * returns, though at_rest does not tell so. */
uint64_t child_set_function(const struct test_child *child,
                            void (*function)(uint64_t), uint64_t argument);

/* The same of one that has been started: stops, sets and starts it, and expects
 * all three to succeed. */
void child_run_anew(const struct test_child *child, void (*function)(uint64_t),
                    uint64_t argument);

/* One register of a process that is suspended or in a break of the caller's:
 * 0 is pc, n is xn. */
uint64_t child_set_register(uint64_t reference, unsigned number,
                            uint64_t value);
uint64_t child_register(uint64_t reference, unsigned number);

/* Gives a process these windows onto storage of the caller's, at the same
 * addresses.  Result as of map. */
uint64_t family_lend(uint64_t reference, uint64_t first, uint64_t bytes,
                     uint64_t rights);

/* Maps the program's segments into `reference`: rights ANDed with `rights`. */
uint64_t child_map_program(uint64_t reference, uint64_t rights);

/* What a function of a child does when it has nothing more to do. */
_Noreturn void child_rest(void);

/* Lets others run until the child waits in this way (enum kerne_wait), or
 * its function has returned; false, and noted, if that takes too long. */
bool child_waits_at(struct expect_place place, const struct test_child *child,
                    uint64_t wait);
bool child_rests_at(struct expect_place place, const struct test_child *child);
#define expect_waits(child, wait) \
    child_waits_at(EXPECT_PLACE(#child " waits"), (child), (wait))
#define expect_rests(child) \
    child_rests_at(EXPECT_PLACE(#child " has finished"), (child))

/* Lets others run until *word, which another process stores, is `value`. */
bool family_awaits_at(struct expect_place place, const volatile uint64_t *word,
                      uint64_t value);
#define expect_becomes(word, value) \
    family_awaits_at(EXPECT_PLACE(#word), (word), (value))

/* "p000" to "p999". */
void family_numbered(uint64_t number, char ret_name[KERNE_NAME_BYTES]);

/* Creates a process with this number, and the name of that, and nothing in it,
 * which is never started: one of many.  Result as of create. */
uint64_t family_empty(uint64_t parent, uint64_t number, uint64_t processes,
                      uint64_t tables, uint64_t *ret_reference);

/* ---- short cuts -------------------------------------------------------- */

static inline uint64_t child_address(const struct test_child *child)
{
    return KERNE_ADDRESS(0, child->number);
}

#define WORDS(...) (&(struct kerne_words){ { __VA_ARGS__ } })

/* That the machine has executed; exact only under `-icount shift=0`. */
static inline uint64_t instructions(void)
{
    uint64_t count;
    __asm__ volatile("rdinstret %0" : "=r"(count) : : "memory");
    return count;
}

/* The next event, taken out of the queue. */
struct kerne_received family_next(void);

/* The next event must be a break of this child, and of this kind. */
struct kerne_received family_break_at(struct expect_place place,
                                      const struct test_child *child,
                                      uint64_t kind);
#define expect_break(child, kind) \
    family_break_at(EXPECT_PLACE("break of " #child), (child), (kind))

/* Answers a break. */
uint64_t family_answer_break(uint64_t buffer, enum kerne_action action,
                             uint64_t value);

/* One word of what describe tells; 0 if it is refused. */
uint64_t family_describe(uint64_t reference, enum kerne_describe what,
                         uint64_t cursor, unsigned word);
#define family_wait(reference) \
    (family_describe((reference), KERNE_DESCRIBE_PROCESS, 0, 3) & 0xff)
#define family_suspended(reference) \
    (family_describe((reference), KERNE_DESCRIBE_PROCESS, 0, 3) >> 8 & 0xff)

/* Free part of a claim of the caller: 0 buffers, 1 processes, 2 tables. */
#define family_free(kind) family_describe(0, KERNE_DESCRIBE_CLAIM, (kind), 1)

/* The four claims. */
struct family_claims {
    struct kerne_words claim[4];
};
void family_claims(uint64_t reference, struct family_claims *ret_claims);

/* Expects that those of the caller are as they were. */
void family_expect_claims(const struct family_claims *before);

/* Address of an external process as seen from the caller, also when something
 * of the same name is nearer: 0 is the clock, n line n.  KERNE_VACANT if the
 * caller's horizon does not reach as far. */
uint64_t family_external(uint64_t number);
#define family_clock() family_external(0)

/* Waits so long; needs one buffer.  For a state that no message announces. */
void family_nap(uint64_t microseconds);
uint64_t family_ticks(uint64_t microseconds);

/* ---- for the harness --------------------------------------------------- */

/* In the root, first of all. */
void family_prepare(void);

/* All stacks are free again; true if none had overflowed. */
bool family_reset(void);

/* Storage that tests may use as they like, aligned to KERNE_LARGE_PAGE and
 * the same address in the root and in every test; its contents are what the
 * last test left. */
#define ARENA_BYTES (2 * UINT64_C(0x200000))
uint64_t family_arena(void);
