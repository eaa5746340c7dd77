/*
 * Every function with every kind of wrong argument, one at a time: references,
 * buffers, addresses, numbers; and what is right, but not in this state; and
 * numbers that are no function.  For creation see process.c.
 */
#include <string.h>

#include "rig.h"

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof *(array)))
#define BIT(number) (UINT64_C(1) << (number))
#define UPPER UINT64_C(0xffffffc000000000)
#define NUCLEUS UINT64_C(0xffffffc080200000)
#define LINE 10 /* the root's */
#define WIDE BIT(32), UINT64_C(0x100000001), BIT(63), UINT64_MAX
#define STRANGE \
    1, WIDE, NUCLEUS, UPPER, ~BIT(31), KERNE_PARENT, KERNE_SELF, KERNE_VACANT
#define NEAR(known) \
    known + 1, known - 1, known ^ BIT(63), known ^ BIT(40), known ^ BIT(31)

/* anna, a child of the root, calls; what she knows or guesses. */
static struct process *root, *anna, *bert;
static uint64_t running, stopped, removed; /* children of hers */
static uint64_t held;                      /* a message received */
static uint64_t queued;                    /* a message not yet taken */
static uint64_t sent;      /* a message of her own, still with bert */
static uint64_t regretted; /* one that bert holds */
static uint64_t withdrawn; /* one that she holds, and whose sender regretted */
static uint64_t answer;    /* an answer in her queue */
static uint64_t stale;     /* an answer that she has taken */
static uint64_t foreign;   /* a message of bert's to the root */

static uint64_t send(struct process *from, uint64_t to)
{
    RESULT(CALL(from, send_message, to, { 3, 0, UINT64_MAX }), normal);
    return from->x[R_A0];
}

static uint64_t create(const char *name, uint64_t number)
{
    struct call creation = rig_creation(name, number);
    creation.w[3] = creation.w[4] = 0;
    creation.w[5] = 3;
    RESULT(rig_call(anna, KERNE_create_internal_process, creation), normal);
    return anna->x[R_A0];
}

static void converse(void)
{
    held = send(root, KERNE_ADDRESS(0, 1));
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    queued = send(root, KERNE_ADDRESS(0, 1));
    regretted = send(anna, KERNE_ADDRESS(1, 2));
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    RESULT(CALL(anna, regret_message, regretted), normal);
    sent = send(anna, KERNE_ADDRESS(1, 2));
    withdrawn = send(anna, KERNE_SELF);
    RESULT(CALL(anna, get_event, withdrawn), normal);
    RESULT(CALL(anna, regret_message, withdrawn), normal);
    stale = send(anna, KERNE_VACANT);
    RESULT(CALL(anna, wait_answer, stale), does_not_exist);
    answer = send(anna, KERNE_VACANT);
    foreign = send(bert, KERNE_PARENT);
}

static void begin(void)
{
    root = rig_begin(20, 80, 90);
    struct call creation = rig_creation("anna", 1);
    creation.w[3] = 32;
    creation.w[4] = 4;
    creation.w[7] = kerne_create_how(root->horizon + 1u, 0, 0);
    anna = rig_create(root, creation);
    bert = rig_child(root, "bert", 2);
    running = create("running", 3);
    RESULT(CALL(anna, start_internal_process, running), normal);
    stopped = create("stopped", 4);
    removed = create("removed", 5);
    RESULT(CALL(anna, remove_process, removed), normal);
    converse();
}

/* All arguments are right but one word of the call, which has each of these
 * values in turn. */
struct refusal {
    const char *function;
    uint64_t number;
    struct call right;
    unsigned wrong;
    const uint64_t *values;
    unsigned count;
    enum kerne_result result;
};
enum { A0, A1, A2, A3, T2 = 9 }; /* words of struct call */
#define REFUSED(function, wrong, values, result, ...)          \
    {                                                          \
#function, KERNE_##function,                           \
            { __VA_ARGS__ }, (wrong), (values), COUNT(values), \
              KERNE_r_##result                                 \
    }

static void refuse(const struct refusal *r, unsigned count)
{
    uint32_t before[CLAIMS], after[CLAIMS];
    for (unsigned i = 0; i < CLAIMS; i++) { before[i] = look_free(anna, i); }
    for (; count > 0; r++, count--) {
        for (unsigned i = 0; i < r->count; i++) {
            struct call call = r->right;
            ((uint64_t *)&call)[r->wrong] = r->values[i];
            uint64_t result = rig_call(anna, r->number, call);
            if (result != r->result) {
                tap_fail("%s: word %u is %#lx: expected %u, there was %lu",
                         r->function, r->wrong, (unsigned long)r->values[i],
                         r->result, (unsigned long)result);
            }
        }
    }
    for (unsigned i = 0; i < CLAIMS; i++) { after[i] = look_free(anna, i); }
    EXPECT(memcmp(before, after, sizeof before) == 0);
}

TEST("call.refused.references")
{
    begin();
    const uint64_t wrong[] = { 0,
                               STRANGE,
                               NEAR(stopped),
                               removed,
                               held,
                               process_reference(anna),
                               process_reference(bert) };
    uint64_t others[COUNT(wrong) - 1]; /* 0 means the caller */
    memcpy(others, wrong + 1, sizeof others);
    const struct refusal refusals[] = {
        REFUSED(start_internal_process, A0, wrong, not_descendant, 0),
        REFUSED(stop_internal_process, A0, wrong, not_descendant, 0),
        REFUSED(remove_process, A0, wrong, not_descendant, 0),
        REFUSED(modify_internal_process, A0, wrong, not_descendant, 0,
                { 0, KERNE_STORE }),
        REFUSED(include_user, A0, wrong, not_descendant, 0, { LINE }),
        REFUSED(exclude_user, A0, wrong, not_descendant, 0, { LINE }),
        REFUSED(set_share, A0, wrong, not_descendant, 0, { KERNE_SHARE }),
        REFUSED(set_claims, A0, wrong, not_descendant, 0),
        REFUSED(map, A0, wrong, not_descendant, 0, { 0, 0, 1, KERNE_READ }),
        REFUSED(unmap, A0, wrong, not_descendant, 0, { 0, 0, 1 }),
        REFUSED(describe, A0, others, not_descendant, 0,
                { KERNE_DESCRIBE_PROCESS }),
        REFUSED(create_internal_process, A0, others, not_descendant, 0,
                { 'x', 0, 9, 0, 0, 1 }),
        REFUSED(create_internal_process, T2, others, not_descendant, 0,
                { 'x', 0, 9, 0, 0, 1 }),
        REFUSED(create_pseudo_process, A0, others, not_descendant, 0,
                { 'x', 0, 9, KERNE_VACANT }),
    };
    refuse(refusals, COUNT(refusals));
}

/* What is nobody's, or another's; and what is one's own, but not for this. */
TEST("call.refused.buffers")
{
    begin();
    const uint64_t wrong[] = { STRANGE, NEAR(held), stale,
                               foreign, stopped,    process_reference(anna) };
    const uint64_t not_held[] = { 0, sent, regretted, answer };
    const uint64_t not_to_answer[] = { 0, sent, regretted, answer, queued };
    const uint64_t not_sent[] = { 0, held, queued, regretted, withdrawn };
    const uint64_t not_queued[] = { 0, held, sent, regretted };
    const uint64_t not_granted[] = { 0, sent, regretted, answer, withdrawn };
#define BUFFER(function, values, ...)                \
    REFUSED(function, A0, wrong, gone, __VA_ARGS__), \
        REFUSED(function, A0, values, gone, __VA_ARGS__)
    const struct refusal refusals[] = {
        BUFFER(wait_answer, not_sent, 0),
        BUFFER(regret_message, not_sent, 0),
        BUFFER(get_event, not_queued, 0),
        BUFFER(send_answer, not_to_answer, 0, .t2 = KERNE_r_normal),
        BUFFER(general_copy, not_granted, 0, { 0, 0, 0, 8 }),
        BUFFER(sender_path, not_held, 0),
    };
    refuse(refusals, COUNT(refusals));
}

/* A `last` that is no event in the queue: from the front, and it says so. */
TEST("call.last_event_is_none")
{
    begin();
    const uint64_t wrong[] = {
        STRANGE, NEAR(queued),           stale, foreign, held,
        sent,    process_reference(anna)
    };
    for (unsigned i = 0; i < COUNT(wrong); i++) {
        EQUAL(CALL(anna, wait_event, wrong[i]),
              KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
        EQUAL(anna->x[R_A0], queued);
        EQUAL(CALL(anna, test_event, wrong[i]),
              KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
        EQUAL(anna->x[R_A0], queued);
    }
}

#define NO_ADDRESS \
    STORAGE_LIMIT, UPPER, NUCLEUS, BIT(39), BIT(63), UINT64_MAX - 7, UINT64_MAX
static const uint64_t no_bytes[] = { NO_ADDRESS, STORAGE_LIMIT + 1 };
static const uint64_t no_areas[] = {
    NO_ADDRESS, STORAGE_LIMIT - 8, 1, 2, 4, 7
};
static const uint64_t no_pages[] = {
    NO_ADDRESS, STORAGE_LIMIT - 4095, UINT64_MAX - 4095, 1, 8, 2048, 4095
};
/* Pages, from any address but 0. */
static const uint64_t too_many[] = { UINT64_MAX, UINT64_MAX - 1, BIT(63),
                                     BIT(52),    BIT(51),        BIT(52) - 1,
                                     BIT(26),    BIT(26) + 1 };

TEST("call.refused.addresses")
{
    begin();
    const struct refusal refusals[] = {
        REFUSED(map, A1, no_pages, bad_address, stopped,
                { 0, 0, 1, KERNE_READ }),
        REFUSED(map, A2, no_pages, bad_address, stopped,
                { 0, 0, 1, KERNE_READ }),
        REFUSED(map, A3, too_many, bad_address, stopped,
                { KERNE_PAGE, 0, 0, KERNE_READ }),
        REFUSED(unmap, A1, no_pages, bad_address, stopped, { 0, 0, 1 }),
        REFUSED(unmap, A3, too_many, bad_address, stopped, { KERNE_PAGE }),
        REFUSED(physical_address, A0, no_bytes, bad_address, 0),
        REFUSED(set_interrupt, A0, no_areas, bad_address, 0),
        REFUSED(modify_internal_process, A1, no_areas, bad_address, stopped,
                { 0, KERNE_STORE }),
    };
    refuse(refusals, COUNT(refusals));
}

static const uint64_t no_lines[] = { 0, KERNE_LINES, KERNE_LINES + LINE, WIDE };
static const uint64_t no_shares[] = { 0, KERNE_SHARE_LIMIT + 1, 0x10000,
                                      0x10064, WIDE };
static const uint64_t no_directions[] = { KERNE_STORE + 1, 255, WIDE };
static const uint64_t no_answers[] = { 0, KERNE_r_gone, 7, 255, WIDE };
static const uint64_t no_descriptions[] = { KERNE_DESCRIBE_TREE + 1, 255,
                                            WIDE };

TEST("call.refused.numbers")
{
    begin();
    const struct refusal refusals[] = {
        REFUSED(include_user, A1, no_lines, bad_argument, stopped),
        REFUSED(exclude_user, A1, no_lines, bad_argument, stopped),
        REFUSED(set_share, A1, no_shares, bad_argument, stopped),
        REFUSED(modify_internal_process, A2, no_directions, bad_argument,
                stopped),
        REFUSED(send_answer, T2, no_answers, bad_argument, held),
        REFUSED(describe, A1, no_descriptions, bad_argument, stopped),
    };
    refuse(refusals, COUNT(refusals));
}

/* What is right for others, but not in this state. */
TEST("call.refused.states")
{
    begin();
    const uint64_t runs[] = { running }, is_stopped[] = { stopped };
    const struct refusal refusals[] = {
        REFUSED(include_user, A0, is_stopped, not_user, 0, { LINE }),
        REFUSED(exclude_user, A0, is_stopped, not_user, 0, { LINE }),
        REFUSED(modify_internal_process, A0, runs, not_stopped, 0,
                { 0, KERNE_STORE }),
        REFUSED(start_internal_process, A0, runs, not_stopped, 0),
        REFUSED(stop_internal_process, A0, is_stopped, already_stopped, 0),
    };
    refuse(refusals, COUNT(refusals));
}

/* ---- no function -------------------------------------------------------- */

#define VALUE 4711

static bool is_function(uint64_t number)
{
    switch (number) {
#define KERNE_FUNCTION(value, name, handler) case value:
#include <functions.def>
#undef KERNE_FUNCTION
        return true;
    }
    return false;
}

/* The parent is told of it, and of the caller's registers only a0 is another
 * afterwards. */
static void expect_break(uint64_t number)
{
    const struct call call = { 10, { 11, 12, 13, 14, 15 } };
    EQUAL(rig_call(anna, number, call), RIG_BROKE);
    uint64_t x[32];
    memcpy(x, anna->x, sizeof x);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(rig_word(root, 0), KERNE_BREAK_CALL);
    EQUAL(rig_word(root, 1), number);
    for (unsigned i = 0; i < 6; i++) { EQUAL(rig_word(root, 2 + i), 10 + i); }
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_GO_ON, VALUE }, 1),
           normal);
    x[R_PC] += 4;
    x[R_A0] = VALUE;
    EXPECT(memcmp(x, anna->x, sizeof x) == 0);
}

static void expect_breaks(uint64_t mask)
{
    static const uint64_t far[] = { 1024,
                                    256 + 36,
                                    65536 + 128,
                                    80 + 128,
                                    80 + UINT64_C(0xffffffff),
                                    UINT64_C(0xfffffffe),
                                    UINT64_C(0xffffffff),
                                    BIT(32),
                                    BIT(63),
                                    BIT(32) + KERNE_send_message,
                                    NUCLEUS,
                                    UINT64_MAX / 2 + 37,
                                    BIT(63) + KERNE_get_clock,
                                    UINT64_MAX - 79,
                                    UINT64_MAX - 1 };
    root = rig_begin(20, 80, 90);
    struct call creation = rig_creation("anna", 1);
    creation.w[6] = mask;
    anna = rig_create(root, creation);
    for (uint64_t number = 0; number < 200; number++) {
        if (mask == KERNE_MASK_FOREIGN || !is_function(number)) {
            expect_break(number);
        }
    }
    for (unsigned i = 0; i < COUNT(far); i++) { expect_break(far[i]); }
}

TEST("call.no_function") { expect_breaks(KERNE_MASK_ALL); }

TEST("call.empty_mask") { expect_breaks(KERNE_MASK_FOREIGN); }
