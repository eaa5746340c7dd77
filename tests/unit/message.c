/* Conversations: send, wait answer, wait message, send answer, regret. */
#include "rig.h"

static struct process *root, *anna, *bert, *carl;

/* Three siblings, and carl's child dora. */
static struct process *dora;

static void begin(void)
{
    root = rig_begin(20, 40, 60);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    carl = rig_child(root, "carl", 3);
    dora = rig_child(carl, "dora", 7);
}

#define SIBLING(number) KERNE_ADDRESS(1, number)
#define WORDS                            \
    {                                    \
        40, 51, 62, 73, 84, 95, 106, 117 \
    }

static void expect_words(const struct process *p)
{
    static const uint64_t words[KERNE_WORDS] = WORDS;
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        EQUAL(rig_word(p, i), words[i]);
    }
}

static void expect_no_words(const struct process *p, uint64_t first)
{
    EQUAL(rig_word(p, 0), first);
    for (unsigned i = 1; i < KERNE_WORDS; i++) { EQUAL(rig_word(p, i), 0); }
}

/* anna's message to bert, queued. */
static uint64_t sent(void)
{
    RESULT(CALL(anna, send_message, SIBLING(2), WORDS), normal);
    return anna->x[R_A0];
}

/* The same, received. */
static uint64_t received(void)
{
    uint64_t buffer = sent();
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    return buffer;
}

/* The same, answered. */
static uint64_t answered(void)
{
    uint64_t buffer = received();
    RESULT(CALL(bert, send_answer, buffer, WORDS, 3), normal);
    return buffer;
}

static void sender_first(void)
{
    begin();
    uint64_t buffer = sent();
    EXPECT(buffer >> 32 != 0);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    EQUAL(bert->x[R_A0], buffer);
    EQUAL(bert->x[R_FUNCTION], SIBLING(1));
    expect_words(bert);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 4), normal);
    RESULT(CALL(anna, wait_answer, buffer), malfunction);
    expect_words(anna);
    EQUAL(look_free(anna, BUFFERS), 4);
}

static void receiver_first(void)
{
    begin();
    EQUAL(CALL(bert, wait_message, 0), RIG_WAITS);
    uint64_t buffer = sent();
    EQUAL(rig_result(bert), KERNE_MESSAGE);
    expect_words(bert);
    EQUAL(CALL(anna, wait_answer, buffer), RIG_WAITS);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), normal);
    RESULT(rig_result(anna), normal);
    expect_words(anna);
}

static void claim_used_up(void)
{
    begin();
    for (int i = 0; i < 4; i++) { sent(); }
    RESULT(CALL(anna, send_message, SIBLING(2), WORDS), no_buffers);
    EQUAL(anna->x[R_A0], SIBLING(2));
    RESULT(CALL(anna, converse, SIBLING(2), WORDS), no_buffers);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    RESULT(CALL(bert, send_answer, bert->x[R_A0], WORDS, 1), normal);
    RESULT(CALL(anna, send_message, SIBLING(2), WORDS), no_buffers);
}

static void unknown_receivers(void)
{
    static const uint64_t unknown[] = {
        KERNE_ADDRESS(0, 0),        KERNE_ADDRESS(1, 0),
        KERNE_ADDRESS(1, 382),      KERNE_ADDRESS(2, 1),
        KERNE_ADDRESS(1, 384 + 64), KERNE_VACANT,
        KERNE_ADDRESS(0, 384),      UINT64_MAX,
        KERNE_ADDRESS(41, 0),
    };
    begin();
    for (unsigned i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        RESULT(CALL(anna, send_message, unknown[i], WORDS), normal);
        RESULT(CALL(anna, wait_answer, anna->x[R_A0]), does_not_exist);
        expect_no_words(anna, 0);
    }
}

static void beyond_the_horizon(void)
{
    begin();
    struct call creation = rig_creation("near", 9);
    creation.w[7] = kerne_create_how(0, 0, 0);
    struct process *near = rig_create(root, creation);
    RESULT(CALL(near, send_message, SIBLING(1), WORDS), normal);
    RESULT(CALL(near, wait_answer, near->x[R_A0]), does_not_exist);
    RESULT(CALL(near, send_message, KERNE_PARENT, WORDS), normal);
    EQUAL(CALL(root, wait_message, 0), KERNE_MESSAGE);
    RESULT(CALL(dora, send_message, KERNE_ADDRESS(2, 1), WORDS), normal);
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    EQUAL(anna->x[R_FUNCTION], SIBLING(3) | KERNE_SENDER_INSIDE);
}

static void to_oneself(void)
{
    begin();
    RESULT(CALL(anna, send_message, KERNE_SELF, WORDS), normal);
    uint64_t buffer = anna->x[R_A0];
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    EQUAL(anna->x[R_FUNCTION], KERNE_SELF);
    RESULT(CALL(anna, send_answer, buffer, WORDS, 2), normal);
    RESULT(CALL(anna, wait_answer, buffer), rejected);
    RESULT(CALL(root, send_message, KERNE_PARENT, WORDS), normal);
    RESULT(CALL(root, wait_answer, root->x[R_A0]), does_not_exist);
}

static void up_and_down(void)
{
    begin();
    RESULT(CALL(dora, send_message, KERNE_PARENT, WORDS), normal);
    EQUAL(CALL(carl, wait_message, 0), KERNE_MESSAGE);
    EQUAL(carl->x[R_FUNCTION], KERNE_ADDRESS(0, 7));
    RESULT(CALL(carl, send_message, KERNE_ADDRESS(0, 7), WORDS), normal);
    EQUAL(CALL(dora, wait_message, 0), KERNE_MESSAGE);
    EQUAL(dora->x[R_FUNCTION], KERNE_PARENT);
}

static void answer_by_the_wrong(void)
{
    begin();
    uint64_t buffer = sent();
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), gone);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    RESULT(CALL(carl, send_answer, buffer, WORDS, 1), gone);
    RESULT(CALL(anna, send_answer, buffer, WORDS, 1), gone);
    RESULT(CALL(bert, send_answer, buffer ^ 1, WORDS, 1), gone);
    RESULT(CALL(bert, send_answer, 0, WORDS, 1), gone);
    RESULT(CALL(bert, send_answer, UINT64_MAX, WORDS, 1), gone);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 0), bad_argument);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 6), bad_argument);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), normal);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), gone);
    RESULT(CALL(anna, wait_answer, buffer), normal);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), gone);
}

static void wait_answer_refused(void)
{
    begin();
    uint64_t buffer = answered();
    RESULT(CALL(bert, wait_answer, buffer), gone);
    RESULT(CALL(anna, wait_answer, buffer + 1), gone);
    RESULT(CALL(anna, wait_answer, 0), gone);
    RESULT(CALL(anna, wait_answer, process_reference(bert)), gone);
    RESULT(CALL(anna, wait_answer, buffer), unintelligible);
    RESULT(CALL(anna, wait_answer, buffer), gone);
    uint64_t other = sent();
    EXPECT(other != buffer);
    RESULT(CALL(anna, wait_answer, buffer), gone);
}

static void answers_in_any_order(void)
{
    uint64_t buffers[4];
    begin();
    for (int i = 0; i < 4; i++) { buffers[i] = answered(); }
    for (int i = 3; i >= 0; i--) {
        RESULT(CALL(anna, wait_answer, buffers[i]), unintelligible);
    }
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
}

static void regret_queued(void)
{
    begin();
    uint64_t first = sent(), middle = sent(), last = sent();
    RESULT(CALL(bert, regret_message, middle), gone);
    RESULT(CALL(anna, regret_message, middle), normal);
    RESULT(CALL(anna, regret_message, middle), gone);
    RESULT(CALL(anna, wait_answer, middle), gone);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    EQUAL(bert->x[R_A0], first);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    EQUAL(bert->x[R_A0], last);
    EQUAL(look_free(anna, BUFFERS), 2);
}

static void regret_received(void)
{
    begin();
    uint64_t buffer = received();
    RESULT(CALL(anna, regret_message, buffer), normal);
    RESULT(CALL(anna, regret_message, buffer), gone);
    RESULT(CALL(anna, wait_answer, buffer), gone);
    EQUAL(look_used(anna, BUFFERS), 1);
    RESULT(CALL(bert, send_answer, buffer, WORDS, 1), gone);
    EQUAL(look_free(anna, BUFFERS), 4);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
}

static void regret_answered(void)
{
    begin();
    uint64_t buffer = answered();
    RESULT(CALL(anna, regret_message, buffer), normal);
    EQUAL(look_free(anna, BUFFERS), 4);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
}

static void converse_and_serve(void)
{
    begin();
    EQUAL(CALL(bert, serve, 0), RIG_WAITS);
    EQUAL(CALL(anna, converse, SIBLING(2), WORDS), RIG_WAITS);
    EQUAL(rig_result(bert), KERNE_MESSAGE);
    expect_words(bert);
    EQUAL(CALL(bert, serve, bert->x[R_A0], WORDS, 4), RIG_WAITS);
    RESULT(rig_result(anna), malfunction);
    expect_words(anna);
    RESULT(CALL(anna, converse, SIBLING(300), WORDS), does_not_exist);
    EQUAL(CALL(anna, converse, KERNE_PARENT, WORDS), RIG_WAITS);
    EQUAL(CALL(root, serve, 0), KERNE_MESSAGE);
    RESULT(CALL(root, send_answer, root->x[R_A0], WORDS, 2), normal);
    RESULT(rig_result(anna), rejected);
}

static void serve_says_what_became_of_the_answer(void)
{
    begin();
    uint64_t buffer = received();
    sent();
    RESULT(CALL(anna, regret_message, buffer), normal);
    EQUAL(CALL(bert, serve, buffer, WORDS, 1),
          KERNE_MESSAGE | KERNE_EVENT_ANSWER_GONE);
    EQUAL(CALL(bert, serve, buffer, WORDS, 1), RIG_WAITS);
    sent();
    EQUAL(rig_result(bert), KERNE_MESSAGE | KERNE_EVENT_ANSWER_GONE);
    sent();
    EQUAL(CALL(bert, serve, 0, WORDS, 1), KERNE_MESSAGE);
}

static void receiver_removed(void)
{
    begin();
    uint64_t held = received(), queued = sent();
    uint64_t reference = process_reference(bert);
    EQUAL(CALL(anna, wait_answer, held), RIG_WAITS);
    RESULT(CALL(root, remove_process, reference), normal);
    RESULT(rig_result(anna), does_not_exist);
    expect_no_words(anna, KERNE_HAD_BEEN_RECEIVED);
    RESULT(CALL(anna, wait_answer, queued), does_not_exist);
    expect_no_words(anna, 0);
    EQUAL(look_free(anna, BUFFERS), 4);
}

/* What is queued is withdrawn: bert, who waits for what comes behind it, is
 * told so. */
static void sender_removed(void)
{
    begin();
    uint32_t buffers = look_free(root, BUFFERS);
    uint64_t held = received(), queued = sent();
    EQUAL(CALL(bert, wait_event, queued), RIG_WAITS);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(look_free(root, BUFFERS), buffers + 3);
    EQUAL(CALL(bert, test_event, queued), KERNE_EVENT_LAST_GONE);
    RESULT(CALL(bert, send_answer, held, WORDS, 1), gone);
    EQUAL(look_free(root, BUFFERS), buffers + 4);
}

/* What bert has received is root's to regret, which has the buffer back. */
static void inherited(void)
{
    begin();
    uint32_t buffers = look_free(root, BUFFERS);
    uint64_t held = received(), regretted = received();
    RESULT(CALL(anna, regret_message, regretted), normal);
    RESULT(CALL(anna, regret_message, regretted), gone);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(look_free(root, BUFFERS), buffers + 2);
    RESULT(CALL(root, wait_answer, held), gone);
    RESULT(CALL(carl, regret_message, held), gone);
    RESULT(CALL(root, describe, 0, { KERNE_DESCRIBE_SENT, 0 }), normal);
    EQUAL(root->x[R_A0], held);
    EQUAL(rig_word(root, 2), KERNE_INHERITED);
    EXPECT(bert->serving == NULL);
    RESULT(CALL(root, regret_message, regretted), normal);
    RESULT(CALL(root, regret_message, held), normal);
    EQUAL(look_free(root, BUFFERS), buffers + 4);
    RESULT(CALL(root, regret_message, held), gone);
    RESULT(CALL(bert, send_answer, held, WORDS, 1), gone);
    EXPECT(link_is_empty(&bert->held));
    EQUAL(CALL(bert, test_event, 0), KERNE_NO_EVENT);
}

static void stopped_in_mid_conversation(void)
{
    begin();
    uint64_t reference = process_reference(anna);
    EQUAL(CALL(bert, serve, 0), RIG_WAITS);
    EQUAL(CALL(anna, converse, SIBLING(2), WORDS), RIG_WAITS);
    RESULT(CALL(root, stop_internal_process, reference), normal);
    EQUAL(rig_result(bert), KERNE_MESSAGE);
    EQUAL(CALL(bert, serve, bert->x[R_A0], WORDS, 4), RIG_WAITS);
    EXPECT(anna->x[R_RESULT] != KERNE_r_malfunction);
    EXPECT(this_hart->current != anna);
    RESULT(CALL(root, start_internal_process, reference), normal);
    RESULT(rig_result(anna), malfunction);
    expect_words(anna);
}

static void an_identity_is_used_once(void)
{
    begin();
    uint64_t first = answered();
    RESULT(CALL(anna, wait_answer, first), unintelligible);
    for (int i = 0; i < 20; i++) {
        uint64_t next = answered();
        EXPECT(next != first);
        RESULT(CALL(anna, wait_answer, next), unintelligible);
    }
}

/* Nor one of four thousand million uses later; and in the end the generation
 * begins anew, beside an index that stays. */
static void generations(void)
{
    static const uint64_t ends[] = { UINT64_C(1) << 32, IDENTITY(1) };
    for (unsigned i = 0; i < 2; i++) {
        begin();
        uint64_t first = answered(), base = first & ~(IDENTITY(1) - 1);
        RESULT(CALL(anna, wait_answer, first), unintelligible);
        struct buffer *b = &nucleus.buffers[IDENTITY_INDEX(first)];
        b->identity = base | (ends[i] - 1);
        EQUAL(answered(), base | (ends[i] - 1));
        RESULT(CALL(anna, wait_answer, base | (ends[i] - 1)), unintelligible);
        EQUAL(answered(), base + ends[i] % IDENTITY(1));
    }
}

static const struct test tests[] = {
    { "message.every_word_arrives.sender_first", sender_first },
    { "message.every_word_arrives.receiver_first", receiver_first },
    { "message.send.claim_used_up", claim_used_up },
    { "message.send.unknown_receiver", unknown_receivers },
    { "message.send.beyond_the_horizon", beyond_the_horizon },
    { "message.send.to_oneself", to_oneself },
    { "message.send.to_parent_and_child", up_and_down },
    { "message.send_answer.refused", answer_by_the_wrong },
    { "message.wait_answer.refused", wait_answer_refused },
    { "message.wait_answer.any_order", answers_in_any_order },
    { "message.regret.queued_in_the_middle", regret_queued },
    { "message.regret.received", regret_received },
    { "message.regret.answered", regret_answered },
    { "message.converse_and_serve", converse_and_serve },
    { "message.serve.what_became_of_the_answer",
      serve_says_what_became_of_the_answer },
    { "message.receiver_removed", receiver_removed },
    { "message.sender_removed", sender_removed },
    { "message.sender_removed.inherited", inherited },
    { "message.stopped_in_mid_conversation", stopped_in_mid_conversation },
    { "message.identity_used_once", an_identity_is_used_once },
    { "message.identity.generations", generations },
};

RIG_MAIN(tests)
