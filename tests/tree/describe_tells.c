/*
 * Describe tells all: an operating system is caught in the middle of its
 * conversations (members.h), and everything that its parent is told of it
 * agrees with what was arranged.  Here: states, claims, messages.
 */
#include "told.h"

struct expected {
    enum letter waits_for; /* LETTERS: no buffer */
    unsigned used;         /* message buffers */
    struct told_event queued[TOLD_EVENTS];
    struct told_event held[TOLD_EVENTS];
    struct told_event sent[TOLD_EVENTS];
};

#define FROM(number) KERNE_MESSAGE, KERNE_ADDRESS(1, number), false

static const struct expected expected[MEMBERS] = {
    [BOSS] = { .waits_for = BOSS_TO_TEST,
               .used = 2,
               .sent = { { BOSS_TO_TEST, KERNE_RECEIVED, 0, false },
                         { BOSS_TO_WATCHER, KERNE_QUEUED, 0, false } } },
    [SERVER] = { .waits_for = SERVER_TO_DEAF,
                 .used = 2,
                 .queued = { { SERVER_TO_SELF, KERNE_MESSAGE, KERNE_SELF,
                               false },
                             { ALPHA_QUEUED, FROM(ALPHA) } },
                 .held = { { ALPHA_HELD, FROM(ALPHA) },
                           { BETA_REGRETTED, FROM(BETA) },
                           { BETA_HELD, FROM(BETA) } },
                 .sent = { { SERVER_TO_SELF, KERNE_QUEUED, 0, false },
                           { SERVER_TO_DEAF, KERNE_RECEIVED, 0, false } } },
    [ALPHA] = { .waits_for = ALPHA_HELD,
                .used = 3,
                .queued = { { ALPHA_ANSWERED, KERNE_ANSWER, KERNE_r_rejected,
                              false } },
                .sent = { { ALPHA_HELD, KERNE_RECEIVED, 0, false },
                          { ALPHA_ANSWERED, KERNE_ANSWERED, KERNE_r_rejected,
                            false },
                          { ALPHA_QUEUED, KERNE_QUEUED, 0, false } } },
    [BETA] = { .waits_for = BETA_HELD,
               .used = 2,
               .sent = { { BETA_HELD, KERNE_RECEIVED, 0, false },
                         { BETA_REGRETTED, KERNE_RECEIVED, 0, true } } },
    [DEAF] = { .waits_for = LETTERS,
               .held = { { SERVER_TO_DEAF, FROM(SERVER) } } },
    [BROKEN] = { .waits_for = LETTERS },
    [CRASHED] = { .waits_for = LETTERS },
    [UNBORN] = { .waits_for = LETTERS },
    [WATCHER] = { .waits_for = LETTERS,
                  .queued = { { BOSS_TO_WATCHER, KERNE_MESSAGE, KERNE_PARENT,
                                false } } },
    [IDLE] = { .waits_for = LETTERS,
               .used = 1,
               .queued = { { IDLE_TO_NOBODY, KERNE_ANSWER,
                             KERNE_r_does_not_exist, false } },
               .sent = { { IDLE_TO_NOBODY, KERNE_ANSWERED,
                           KERNE_r_does_not_exist, false } } },
    [SPINNER] = { .waits_for = LETTERS },
};
#define CHILDREN (MEMBERS - 1)

static uint64_t reference_of(unsigned number)
{
    return member[number].child.reference;
}

/* ---- states ------------------------------------------------------------- */

/* Number, horizon, closed, and the depth below the test. */
static uint64_t place_of(unsigned number)
{
    uint64_t depth = number == BOSS ? 1 : 2;
    uint64_t horizon = number == BOSS     ? BOSS_HORIZON
                       : number == SERVER ? SERVER_HORIZON
                                          : BOSS_HORIZON + 1;
    uint64_t closed = number == BOSS || number == ALPHA;
    return (number == BOSS ? BOSS_NUMBER : number) | horizon << 16 |
           closed << 24 | depth << 40;
}

static void check_state(unsigned number)
{
    const struct member *m = &member[number];
    const struct expected *e = &expected[number];
    uint64_t mask = told(0, KERNE_DESCRIBE_PROCESS, 0).w[5];
    struct kerne_words words =
        told(reference_of(number), KERNE_DESCRIBE_PROCESS, 0);
    told_name(m->name, &words);
    expect_equal_of(m->name, words.w[2], place_of(number));
    expect_equal_of(m->name, words.w[3], m->wait | m->suspended << 8);
    if (e->waits_for != LETTERS) {
        expect_equal_of(m->name, words.w[4], letter_buffer[e->waits_for]);
    }
    expect_equal_of(m->name, words.w[5],
                    number == ALPHA ? mask & ~ALPHA_WITHOUT : mask);
    expect_equal_of(m->name, words.w[6],
                    number == ALPHA ? ALPHA_SHARE : KERNE_SHARE);
    expect_equal_of(m->name, words.w[7],
                    number == IDLE ? members_idle_area : 0);
}

static void check_states(void)
{
    for (unsigned i = 0; i < MEMBERS; i++) { check_state(i); }
    struct kerne_words words = told(members_front, KERNE_DESCRIBE_PROCESS, 0);
    told_name("front", &words);
    expect_equal(words.w[2] & 0xffff, FRONT);
    expect_equal(words.w[2] >> 32 & 0xff, 1);
    expect_equal(words.w[4], KERNE_ADDRESS(0, SERVER));
}

static void states(void) { members_in_the_middle(check_states); }

/* ---- claims ------------------------------------------------------------- */

static void check_claims(void)
{
    for (unsigned i = BOSS + 1; i < MEMBERS; i++) {
        const char *name = member[i].name;
        told_claim(name, reference_of(i), 0, CHILD_BUFFERS, expected[i].used,
                   0);
        told_claim(name, reference_of(i), 1, 0, 0, 0);
        told_claim(name, reference_of(i), 2, CHILD_TABLES, CHILD_TABLES, 0);
        told_claim(name, reference_of(i), 3, 0, 0, 0);
    }
    told_claim("boss", reference_of(BOSS), 0, BOSS_BUFFERS, expected[BOSS].used,
               CHILDREN * CHILD_BUFFERS);
    told_claim("boss", reference_of(BOSS), 1, BOSS_PROCESSES, CHILDREN + 1, 0);
    told_claim("boss", reference_of(BOSS), 2,
               CHILD_TABLES * (BOSS_PROCESSES + 1), CHILD_TABLES,
               CHILDREN * CHILD_TABLES);
}

static void claims(void) { members_in_the_middle(check_claims); }

/* ---- messages ----------------------------------------------------------- */

/* The one entry of a list of the boss's: a break of this child. */
static void check_break(enum kerne_describe what, enum member_number number)
{
    uint64_t buffer;
    struct kerne_words words;
    require(expect_result(
        kerne_describe(reference_of(BOSS), what, 0, &buffer, &words), normal));
    expect_equal(words.w[0] & 0xff, KERNE_BREAK);
    expect_equal(words.w[1], KERNE_ADDRESS(0, number));
    struct kerne_words message =
        told(reference_of(BOSS), KERNE_DESCRIBE_WORDS, buffer);
    expect_equal(message.w[0], KERNE_BREAK_BREAKPOINT);
    expect_equal(message.w[3], (uint64_t)registers_break_here);
    expect_result(
        kerne_describe(reference_of(BOSS), what, buffer, &buffer, &words),
        no_more);
}

static void check_messages(void)
{
    for (unsigned i = 0; i < MEMBERS; i++) {
        const char *name = member[i].name;
        if (i != BOSS) {
            told_queue(name, reference_of(i), expected[i].queued);
            told_held(name, reference_of(i), expected[i].held);
        }
        if (member[i].wait != KERNE_WAITS_BREAK) {
            told_sent(name, reference_of(i), expected[i].sent);
        }
    }
    check_break(KERNE_DESCRIBE_EVENT, BROKEN);
    check_break(KERNE_DESCRIBE_HELD, CRASHED);
}

static void messages(void) { members_in_the_middle(check_messages); }

const struct test tests[] = {
    { .name = "tree.describe_tells.states", .function = states },
    { .name = "tree.describe_tells.claims", .function = claims },
    { .name = "tree.describe_tells.messages", .function = messages },
    { NULL, .function = NULL },
};
