/* Conversations: what random calls seldom come to. */
#include "rig.h"

static struct process *root, *anna, *bert, *boss, *job;

#define BASE UINT64_C(0x80400000)
#define THEIRS RIG_STORAGE
#define OURS (RIG_STORAGE + 4 * KERNE_PAGE)

/* anna and bert have two pages each, boss and its child job as well. */
static void begin(void)
{
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    boss = rig_child(root, "boss", 3);
    job = rig_child(boss, "job", 4);
    RESULT(rig_map(root, anna, BASE, THEIRS, 2, 3), normal);
    RESULT(rig_map(root, bert, BASE, OURS, 2, 3), normal);
    RESULT(rig_map(root, boss, BASE, OURS + 2 * KERNE_PAGE, 2, 3), normal);
    RESULT(rig_map(boss, job, BASE, BASE, 2, 3), normal);
}

/* ---- identities -------------------------------------------------------- */

/* A buffer of anna's is used, and free again; its identity. */
static uint64_t used(void)
{
    RESULT(CALL(anna, send_message, KERNE_VACANT), normal);
    uint64_t buffer = anna->x[R_A0];
    RESULT(CALL(anna, wait_answer, buffer), does_not_exist);
    return buffer;
}

/* It is not the same again even four thousand million uses later; and in the
 * end the generation begins anew, beside an index that stays. */
TEST("message.identity.generations")
{
    static const uint64_t ends[] = { UINT64_C(1) << 32, IDENTITY(1) };
    for (unsigned i = 0; i < 2; i++) {
        begin();
        uint64_t first = used(), base = first & ~(IDENTITY(1) - 1);
        nucleus.buffers[IDENTITY_INDEX(first)].identity = base | (ends[i] - 1);
        EQUAL(used(), base | (ends[i] - 1));
        EQUAL(used(), base + ends[i] % IDENTITY(1));
    }
}

/* Answered by the nucleus, whatever lies beside the last child. */
TEST("message.send.unknown_receiver")
{
    static const uint64_t unknown[] = {
        KERNE_ADDRESS(0, KERNE_CHILDREN - 1),
        KERNE_ADDRESS(0, KERNE_CHILDREN),
        KERNE_ADDRESS(1, KERNE_EXTERNAL + KERNE_LINES),
        KERNE_ADDRESS(2, 1),
        KERNE_ADDRESS(41, 0),
        KERNE_VACANT,
        UINT64_MAX,
    };
    begin();
    for (unsigned i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        RESULT(CALL(anna, send_message, unknown[i]), normal);
        RESULT(CALL(anna, wait_answer, anna->x[R_A0]), does_not_exist);
    }
}

/* ---- general copy ------------------------------------------------------ */

/* `from` grants [first, last) to bert, who receives it. */
static uint64_t granted(struct process *from, uint64_t grant, uint64_t first,
                        uint64_t last)
{
    RESULT(CALL(from, send_message, KERNE_ADDRESS(from->depth, 2),
                { KERNE_OPERATION(3, grant), first, last }),
           normal);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    return bert->x[R_A0];
}

#define COPY(p, buffer, direction, offset, own, length) \
    CALL(p, general_copy, buffer, { direction, offset, own, length })

TEST("copy.devices_are_never_copied")
{
    begin();
    RESULT(rig_map(root, anna, 0, RIG_DEVICE, 1, 3), normal);
    uint64_t buffer = granted(anna, 3, 0, 100);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 8), bad_address);
    RESULT(rig_map(root, bert, 0, RIG_DEVICE, 1, 3), normal);
    buffer = granted(anna, 3, BASE, BASE + 8);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, 0, 8), bad_address);
}

#define HOLE (BASE + 2 * KERNE_PAGE)

/* A server never waits for its client's own pager. */
TEST("copy.missing.the_clients_pager")
{
    begin();
    uint64_t buffer = granted(job, 3, HOLE - 100, HOLE + 100);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, BASE, 200), missing);
    EQUAL(bert->x[R_A0], 100);
    buffer = granted(anna, 3, STORAGE_LIMIT - 8, STORAGE_LIMIT + 8);
    EQUAL(COPY(bert, buffer, KERNE_FETCH, 8, BASE, 8), KERNE_r_missing);
}

/* Sender and receiver are both inside the process whose page is missing. */
TEST("copy.missing.of_both")
{
    begin();
    struct call creation = rig_creation("other", 5);
    creation.w[3] = 1;
    creation.w[4] = 0;
    creation.w[5] = 3;
    creation.w[7] = kerne_create_how(2, 0, 0);
    struct process *other = rig_create(boss, creation);
    RESULT(rig_map(boss, other, 0, HOLE, 1, 3), normal);
    RESULT(CALL(other, send_message, KERNE_ADDRESS(1, 4),
                { KERNE_OPERATION(3, 3), 0, 100 }),
           normal);
    EQUAL(CALL(job, wait_message, 0), KERNE_MESSAGE);
    EQUAL(COPY(job, job->x[R_A0], KERNE_FETCH, 0, BASE, 50), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(rig_word(root, 1), HOLE);
    EQUAL(rig_word(root, 5), 1);
    EQUAL(rig_word(root, 6), KERNE_ADDRESS(0, 3) | KERNE_SENDER_INSIDE);
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_NOT_MINE }, 1),
           normal);
    RESULT(rig_result(job), missing);
    EQUAL(CALL(boss, test_event, 0), KERNE_NO_EVENT);
}

/* What is copied to a page that can be executed is what is executed there. */
TEST("copy.instructions_are_fenced")
{
    begin();
    RESULT(rig_map(root, anna, BASE, THEIRS, 1, 7), normal);
    uint64_t buffer = granted(anna, 3, BASE, BASE + 100);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 100), normal);
    uint64_t fenced = simulator.fenced;
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 100), normal);
    EQUAL(simulator.fenced, fenced);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, BASE, 100), normal);
    EQUAL(simulator.fenced, fenced + 1);
}
