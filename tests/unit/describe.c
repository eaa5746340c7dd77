/* Describe: records about a process, for itself and those above it. */
#include "rig.h"

static struct process *root, *anna, *bert, *carl;

/* carl is bert's child. */
static void begin(void)
{
    root = rig_begin(20, 40, 60);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    carl = rig_child(bert, "carl", 3);
}

static uint64_t describe(struct process *p, struct process *whom, uint64_t what,
                         uint64_t cursor)
{
    return CALL(p, describe, whom != p ? process_reference(whom) : 0,
                { what, cursor });
}

static void nothing_of_others(void)
{
    begin();
    for (uint64_t what = 0; what < 12; what++) {
        RESULT(describe(anna, bert, what, 0), not_descendant);
        RESULT(describe(anna, carl, what, 0), not_descendant);
        RESULT(describe(carl, bert, what, 0), not_descendant);
        RESULT(describe(carl, root, what, 0), not_descendant);
    }
    EQUAL(rig_word(carl, 0), 0);
    RESULT(describe(root, anna, 10, 0), bad_argument);
    RESULT(describe(root, anna, UINT64_MAX, 0), bad_argument);
}

static void a_process(void)
{
    begin();
    RESULT(CALL(root, stop_internal_process, process_reference(bert)), normal);
    RESULT(describe(root, carl, KERNE_DESCRIBE_PROCESS, 0), normal);
    EQUAL(rig_word(root, 0), rig_name("carl").w[0]);
    EQUAL(rig_word(root, 2), 3 | 2 << 16 | UINT64_C(2) << 40);
    EQUAL(rig_word(root, 3), KERNE_SUSPENDED_ABOVE << 8);
    EQUAL(rig_word(root, 5), KERNE_MASK_ALL);
    EQUAL(rig_word(root, 6), KERNE_SHARE);
    RESULT(describe(root, bert, KERNE_DESCRIBE_PROCESS, 0), normal);
    EQUAL(rig_word(root, 3), KERNE_SUSPENDED_STOP << 8);
    RESULT(describe(carl, carl, KERNE_DESCRIBE_PROCESS, 0), normal);
    EQUAL(rig_word(carl, 2), 3); /* neither its horizon nor its depth */
}

static void a_wait(void)
{
    begin();
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 2)), normal);
    uint64_t buffer = anna->x[R_A0];
    EQUAL(CALL(anna, wait_answer, buffer), RIG_WAITS);
    RESULT(describe(root, anna, KERNE_DESCRIBE_PROCESS, 0), normal);
    EQUAL(rig_word(root, 3), KERNE_WAITS_ANSWER);
    EQUAL(rig_word(root, 4), buffer);
    struct kerne_register_file *file = machine_physical(RIG_STORAGE);
    RESULT(CALL(root, modify_internal_process, process_reference(anna),
                { RIG_STORAGE, KERNE_FETCH }),
           normal);
    EQUAL(file->x[R_A0], buffer);
    EQUAL(file->x[R_FUNCTION], KERNE_wait_answer);
}

static void claims(void)
{
    begin();
    RESULT(CALL(bert, send_message, KERNE_ADDRESS(1, 1)), normal);
    RESULT(CALL(root, include_user, process_reference(bert), { 9 }), normal);
    RESULT(CALL(root, include_user, process_reference(carl), { 8 }), normal);
    static const uint64_t expected[4][4] = {
        { 4, 2, 1, 1 },
        { 3, 1, 1, 1 },
        { 12, 6, 1, 5 },
        { 0x300, 0x200, 0, 0x100 },
    };
    for (uint64_t i = 0; i < 4; i++) {
        RESULT(describe(root, bert, KERNE_DESCRIBE_CLAIM, i), normal);
        for (unsigned j = 0; j < 4; j++) {
            EQUAL(rig_word(root, j), expected[i][j]);
        }
    }
    RESULT(rig_map(root, bert, 0, RIG_STORAGE, 3, 7), normal);
    uint64_t physical;
    RESULT(rig_touch(bert, KERNE_PAGE, KERNE_READ, &physical), normal);
    RESULT(describe(root, bert, KERNE_DESCRIBE_CLAIM, 4), normal);
    EQUAL(rig_word(root, 0), 3);
    RESULT(describe(root, bert, KERNE_DESCRIBE_CLAIM, 5), no_more);
}

static void windows(void)
{
    begin();
    RESULT(rig_map(root, bert, 0x5000, RIG_STORAGE, 3, 7), normal);
    RESULT(rig_map(root, bert, 0x8000, RIG_STORAGE, 2, 1), normal);
    uint64_t far = STORAGE_LIMIT - KERNE_PAGE;
    RESULT(rig_map(root, bert, far, RIG_STORAGE, 1, 3), normal);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WINDOW, 0), normal);
    EQUAL(root->x[R_A0], 8);
    EQUAL(rig_word(root, 0), 0x5000);
    EQUAL(rig_word(root, 1), RIG_STORAGE);
    EQUAL(rig_word(root, 2), 3);
    EQUAL(rig_word(root, 3), 7);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WINDOW, 8), normal);
    EQUAL(rig_word(root, 2), 2);
    uint64_t cursor = root->x[R_A0], steps = 0;
    do {
        RESULT(describe(root, bert, KERNE_DESCRIBE_WINDOW, cursor), normal);
        EXPECT(root->x[R_A0] > cursor);
        cursor = root->x[R_A0];
    } while (rig_word(root, 2) == 0 && ++steps < 10000);
    EQUAL(rig_word(root, 0), far);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WINDOW, cursor), no_more);
    RESULT(describe(root, root, KERNE_DESCRIBE_WINDOW, 0), no_more);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WINDOW, UINT64_MAX), no_more);
}

static void expect_touched(struct process *p, uint64_t page, uint64_t pages)
{
    RESULT(describe(root, p, KERNE_DESCRIBE_WINDOW, page), normal);
    EQUAL(rig_word(root, 4), pages);
}

/* Since it was mapped, by whoever is below; what is done above, or with another
 * window onto the same page, does not make it untouched. */
static void touched_windows(void)
{
    uint64_t physical;
    begin();
    RESULT(rig_map(root, anna, 0x1000, RIG_STORAGE, 3, 7), normal);
    RESULT(rig_map(root, bert, 0x5000, RIG_STORAGE, 3, 7), normal);
    RESULT(rig_map(bert, carl, 0x9000, 0x5000, 3, 7), normal);
    RESULT(rig_touch(anna, 0x2000, KERNE_READ, &physical), normal);
    RESULT(rig_touch(bert, 0x5000, KERNE_READ, &physical), normal);
    RESULT(rig_touch(carl, 0xa000, KERNE_READ, &physical), normal);
    expect_touched(anna, 1, 1);
    expect_touched(bert, 5, 2);
    expect_touched(carl, 9, 1);
    RESULT(rig_map(root, bert, 0x5000, RIG_STORAGE, 3, 7), normal);
    expect_touched(anna, 1, 1);
    expect_touched(bert, 5, 0);
    expect_touched(carl, 9, 1);
    RESULT(rig_touch(carl, 0xb000, KERNE_READ, &physical), normal);
    expect_touched(bert, 5, 1);
    expect_touched(carl, 9, 2);
}

/* ---- messages ---------------------------------------------------------- */

static void queued_held_and_sent(void)
{
    begin();
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 2), { 11 }), normal);
    uint64_t first = anna->x[R_A0];
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 2), { 22 }), normal);
    uint64_t second = anna->x[R_A0];
    RESULT(CALL(bert, send_message, KERNE_VACANT), normal);
    uint64_t answer = bert->x[R_A0];
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    RESULT(describe(root, bert, KERNE_DESCRIBE_EVENT, 0), normal);
    EQUAL(root->x[R_A0], second);
    EQUAL(rig_word(root, 0), KERNE_MESSAGE);
    EQUAL(rig_word(root, 1), KERNE_ADDRESS(1, 1));
    RESULT(describe(root, bert, KERNE_DESCRIBE_EVENT, second), normal);
    EQUAL(root->x[R_A0], answer);
    EQUAL(rig_word(root, 0), KERNE_ANSWER | KERNE_r_does_not_exist << 8);
    RESULT(describe(root, bert, KERNE_DESCRIBE_EVENT, answer), no_more);
    RESULT(describe(root, bert, KERNE_DESCRIBE_EVENT, first), gone);
    RESULT(describe(root, bert, KERNE_DESCRIBE_HELD, 0), normal);
    EQUAL(root->x[R_A0], first);
    RESULT(describe(root, bert, KERNE_DESCRIBE_HELD, first), no_more);
    RESULT(describe(root, bert, KERNE_DESCRIBE_HELD, second), gone);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WORDS, first), normal);
    EQUAL(rig_word(root, 0), 11);
    RESULT(describe(root, anna, KERNE_DESCRIBE_WORDS, second), normal);
    EQUAL(rig_word(root, 0), 22);
    RESULT(describe(root, carl, KERNE_DESCRIBE_WORDS, second), gone);
    RESULT(describe(root, bert, KERNE_DESCRIBE_WORDS, 0), gone);
}

/* What p's sent messages are, in any order: state, and who has them. */
static void expect_sent(struct process *p, uint64_t buffer, uint64_t state,
                        uint64_t holder)
{
    uint64_t cursor = 0;
    bool found = false;
    while (describe(root, p, KERNE_DESCRIBE_SENT, cursor) == KERNE_r_normal) {
        cursor = root->x[R_A0];
        if (cursor == buffer) {
            EQUAL(rig_word(root, 0), state);
            EQUAL(rig_word(root, 3), holder);
            found = true;
        }
    }
    EXPECT(found);
}

static void who_has_a_message(void)
{
    begin();
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 2)), normal);
    uint64_t to_bert = anna->x[R_A0];
    RESULT(CALL(anna, send_message, KERNE_PARENT), normal);
    uint64_t to_parent = anna->x[R_A0];
    RESULT(CALL(anna, send_message, KERNE_SELF), normal);
    uint64_t to_self = anna->x[R_A0];
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, KERNE_EXTERNAL),
                { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), 500 }),
           normal);
    uint64_t to_clock = anna->x[R_A0];
    expect_sent(anna, to_bert, KERNE_QUEUED, KERNE_ADDRESS(1, 2));
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    expect_sent(anna, to_bert, KERNE_RECEIVED, KERNE_ADDRESS(1, 2));
    expect_sent(anna, to_parent, KERNE_QUEUED, KERNE_PARENT);
    expect_sent(anna, to_self, KERNE_QUEUED, KERNE_SELF);
    expect_sent(anna, to_clock, KERNE_RECEIVED,
                KERNE_ADDRESS(1, KERNE_EXTERNAL));
    RESULT(CALL(bert, send_answer, to_bert, { 0 }, 2), normal);
    expect_sent(anna, to_bert, KERNE_ANSWERED, KERNE_VACANT);
}

/* Nobody is told of what is beyond its own horizon. */
static void a_holder_beyond_the_horizon(void)
{
    begin();
    struct call creation = rig_creation("near", 5);
    creation.w[7] = kerne_create_how(0, 0, 0);
    struct process *near = rig_create(root, creation);
    RESULT(
        CALL(near, create_pseudo_process, 0, { NAME("door"), 1, KERNE_PARENT }),
        normal);
    RESULT(CALL(near, send_message, KERNE_ADDRESS(0, 1)), normal);
    RESULT(describe(near, near, KERNE_DESCRIBE_SENT, 0), normal);
    EQUAL(rig_word(near, 3), KERNE_PARENT);
    struct process *inner = rig_child(near, "inner", 2);
    RESULT(CALL(inner, send_message, KERNE_ADDRESS(1, 1)), normal);
    RESULT(describe(near, inner, KERNE_DESCRIBE_SENT, 0), normal);
    EQUAL(rig_word(near, 3), KERNE_VACANT);
}

static void the_tree(void)
{
    begin();
    RESULT(describe(root, bert, KERNE_DESCRIBE_TREE, 0), normal);
    EQUAL(rig_word(root, 0), 0); /* that is the caller itself */
    EQUAL(rig_word(root, 1), process_reference(carl));
    RESULT(describe(root, carl, KERNE_DESCRIBE_TREE, 0), normal);
    EQUAL(rig_word(root, 0), process_reference(bert));
    EQUAL(rig_word(root, 1) | rig_word(root, 2), 0);
    RESULT(describe(bert, bert, KERNE_DESCRIBE_TREE, 0), normal);
    EQUAL(rig_word(bert, 0) | rig_word(bert, 2), 0);
    EQUAL(rig_word(bert, 1), process_reference(carl));
}

static void times(void)
{
    begin();
    rig_run(carl);
    simulator.now += 700;
    RESULT(describe(root, carl, KERNE_DESCRIBE_TIME, 0), normal);
    EXPECT(rig_word(root, 0) >= 700);
    RESULT(describe(root, bert, KERNE_DESCRIBE_TIME, 0), normal);
    EXPECT(rig_word(root, 1) >= rig_word(root, 0) + 700);
    EQUAL(rig_word(root, 3), 0);
}

static void pseudo_processes(void)
{
    begin();
    RESULT(CALL(root, create_pseudo_process, 0, { NAME("door"), 9, 77 }),
           normal);
    struct process *door = rig_process(root->x[R_A0]);
    RESULT(describe(root, door, KERNE_DESCRIBE_PROCESS, 0), normal);
    EQUAL(rig_word(root, 2), 9 | UINT64_C(1) << 32 | UINT64_C(1) << 40);
    EQUAL(rig_word(root, 4), 77);
    RESULT(describe(root, door, KERNE_DESCRIBE_TREE, 0), normal);
    for (uint64_t what = 1; what < 8; what++) {
        RESULT(describe(root, door, what, 0), bad_argument);
    }
}

static const struct test tests[] = {
    { "describe.nothing_of_others", nothing_of_others },
    { "describe.process", a_process },
    { "describe.a_wait", a_wait },
    { "describe.claims", claims },
    { "describe.windows", windows },
    { "describe.windows.touched", touched_windows },
    { "describe.queued_held_and_sent", queued_held_and_sent },
    { "describe.who_has_a_message", who_has_a_message },
    { "describe.a_holder_beyond_the_horizon", a_holder_beyond_the_horizon },
    { "describe.tree", the_tree },
    { "describe.times", times },
    { "describe.pseudo_processes", pseudo_processes },
};

RIG_MAIN(tests)
