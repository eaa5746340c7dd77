/*
 * An operating system caught in the middle: a boss and its children, each in
 * one kind of wait, with every register a mark, for describe_tells.c.
 *
 *   boss      converses with the test; a break of `broken` in its queue, that
 *             of `crashed` in its hands, a message of its own at `watcher`
 *   server    waits for the answer of `deaf`; holds one message of alpha and
 *             two of beta, one of them regretted; has two queued, one of
 *             alpha and one of its own
 *   alpha     waits for the first of three answers; the third has come
 *   beta      converses with server
 *   deaf      holds server's message, and waits for an event
 *   broken    in a break that nobody has taken
 *   crashed   in a break that the boss has taken
 *   unborn    never started
 *   watcher   stopped; waits for an event behind the one that it has
 *   idle      waits for a message, with an answer in its queue
 *   spinner   computes
 *   front     a pseudo process, which leads to server
 */
#pragma once

#include "../hostile/registers.h"

#include <harness.h>

enum member_number {
    BOSS = 0,
    SERVER = 1,
    ALPHA = 2,
    BETA = 3,
    DEAF = 4,
    BROKEN = 5,
    CRASHED = 6,
    UNBORN = 7,
    WATCHER = 8,
    IDLE = 9,
    SPINNER = 10,
    MEMBERS = 11,
    FRONT = 11, /* no process */
};

struct member {
    const char *name;
    uint64_t wait;      /* enum kerne_wait, when all is arranged */
    uint64_t suspended; /* KERNE_SUSPENDED_* */
    struct test_child child;
    struct register_file before; /* what it loads before its wait */
    struct register_file after;  /* what it finds behind it */
};
extern struct member member[MEMBERS];

/* The messages, and the answer that has come. */
enum letter {
    ALPHA_HELD,
    ALPHA_QUEUED,
    ALPHA_ANSWERED,
    BETA_HELD,
    BETA_REGRETTED,
    SERVER_TO_DEAF,
    SERVER_TO_SELF,
    BOSS_TO_TEST,
    BOSS_TO_WATCHER,
    IDLE_TO_NOBODY,
    LETTERS,
};
extern volatile uint64_t letter_buffer[LETTERS];
struct kerne_words letter_words(enum letter letter);
/* The answer to ALPHA_ANSWERED, with result 2. */
struct kerne_words letter_answer(void);

extern uint64_t members_front;     /* reference of the pseudo process */
extern uint64_t members_idle_area; /* where idle handles its own breaks */
extern volatile uint64_t members_crash_buffer; /* as the boss received it */

#define ALPHA_SHARE 250
#define SERVER_HORIZON 1
#define BOSS_HORIZON 2 /* as far as the clock */
#define BOSS_NUMBER 5
#define BOSS_BUFFERS 60
#define BOSS_PROCESSES 11 /* ten, and front */
#define CHILD_BUFFERS 4   /* the usual claim of a child without children */
#define ALPHA_WITHOUT KERNE_MASK_BIT(KERNE_physical_address)

/* Makes the boss and lets it arrange all that; takes its message; checks; and
 * answers.  Then every conversation ends as it should, and all is removed. */
void members_in_the_middle(void (*check)(void));
