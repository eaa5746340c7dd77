/* General copy. */
#include <string.h>

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
    struct call creation = rig_creation("job", 4);
    creation.w[3] = creation.w[4] = 1;
    creation.w[5] = 3;
    creation.w[7] = kerne_create_how(2, 0, 0);
    job = rig_create(boss, creation);
    RESULT(rig_map(root, anna, BASE, THEIRS, 2, 3), normal);
    RESULT(rig_map(root, bert, BASE, OURS, 2, 3), normal);
    RESULT(rig_map(root, boss, BASE, OURS + 2 * KERNE_PAGE, 2, 3), normal);
    RESULT(rig_map(boss, job, BASE, BASE, 2, 3), normal);
    uint8_t *bytes = machine_physical(RIG_STORAGE);
    for (unsigned i = 0; i < 8 * KERNE_PAGE; i++) {
        bytes[i] = (uint8_t)(i * 31 + i / KERNE_PAGE * 17);
    }
}

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

static bool same(uint64_t a, uint64_t b, uint64_t length)
{
    return memcmp(machine_physical(a), machine_physical(b), length) == 0;
}

/* ---- bytes ------------------------------------------------------------- */

struct piece {
    uint64_t offset, own, length;
};

static void every_byte(void)
{
    static const struct piece pieces[] = {
        { 0, 0, 64 },      { 0, 0, 2 * KERNE_PAGE }, { 0, 0, 1 },
        { 1, 0, 700 },     { 64, 64, 4096 },         { 4095, 1, 2 },
        { 4095, 4095, 2 }, { 3, 4093, 4000 },        { 100, 100, 513 },
        { 8, 8, 65 },
    };
    for (unsigned i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const struct piece *piece = &pieces[i];
        begin();
        uint64_t buffer = granted(anna, 3, BASE, BASE + 2 * KERNE_PAGE);
        RESULT(COPY(bert, buffer, KERNE_FETCH, piece->offset, BASE + piece->own,
                    piece->length),
               normal);
        EQUAL(bert->x[R_A0], piece->length);
        EXPECT(same(THEIRS + piece->offset, OURS + piece->own, piece->length));
        uint8_t *behind = machine_physical(OURS + piece->own + piece->length);
        *behind = 200;
        memset(machine_physical(OURS + piece->own), (int)i, piece->length);
        RESULT(COPY(bert, buffer, KERNE_STORE, piece->offset, BASE + piece->own,
                    piece->length),
               normal);
        EXPECT(same(THEIRS + piece->offset, OURS + piece->own, piece->length));
        EQUAL(*behind, 200);
    }
}

static void zero_bytes(void)
{
    begin();
    uint64_t buffer = granted(anna, 3, BASE, BASE);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 0), normal);
    EQUAL(bert->x[R_A0], 0);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 1), no_grant);
}

/* ---- refusals ---------------------------------------------------------- */

static void beyond_the_grant(void)
{
    begin();
    uint64_t buffer = granted(anna, KERNE_GRANT_READ, BASE + 8, BASE + 108);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, BASE, 1), no_grant);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 100), normal);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 101), no_grant);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 100, BASE, 0), normal);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 101, BASE, 0), no_grant);
    RESULT(COPY(bert, buffer, KERNE_FETCH, UINT64_MAX, BASE, 1), no_grant);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 1, BASE, UINT64_MAX), no_grant);
    buffer = granted(anna, 3, BASE + 8, BASE);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 0), no_grant);
}

static void refused(void)
{
    begin();
    uint64_t buffer = granted(anna, 3, BASE, BASE + 100);
    RESULT(COPY(bert, buffer, 2, 0, BASE, 1), bad_argument);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, UINT64_MAX - 3, 8), bad_address);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, STORAGE_LIMIT, 8), bad_address);
    RESULT(COPY(anna, buffer, KERNE_FETCH, 0, BASE, 1), gone);
    RESULT(COPY(boss, buffer, KERNE_FETCH, 0, BASE, 1), gone);
    RESULT(COPY(bert, buffer + 1, KERNE_FETCH, 0, BASE, 1), gone);
    EQUAL(bert->x[R_A0], 0);
    RESULT(CALL(anna, regret_message, buffer), normal);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 1), gone);
    buffer = granted(anna, 3, BASE, BASE + 100);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 1), gone);
}

static void devices_are_never_copied(void)
{
    begin();
    RESULT(rig_map(root, anna, 0, RIG_DEVICE, 1, 3), normal);
    uint64_t buffer = granted(anna, 3, 0, 100);
    RESULT(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 8), bad_address);
    RESULT(rig_map(root, bert, 0, RIG_DEVICE, 1, 3), normal);
    buffer = granted(anna, 3, BASE, BASE + 8);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, 0, 8), bad_address);
}

/* ---- missing pages ----------------------------------------------------- */

#define HOLE (BASE + 2 * KERNE_PAGE)

/* The receiver's own page is an ordinary break. */
static void own_page_is_missing(void)
{
    begin();
    uint64_t buffer = granted(anna, 3, BASE, BASE + 200);
    EQUAL(COPY(bert, buffer, KERNE_FETCH, 0, HOLE - 100, 200), RIG_BROKE);
    EQUAL(bert->x[R_A0 + 5], 100);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(rig_word(root, 1), HOLE);
    EQUAL(rig_word(root, 2), KERNE_WRITE);
    uint64_t reported = root->x[R_A0];
    RESULT(rig_map(root, bert, HOLE, OURS + 2 * KERNE_PAGE, 1, 3), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(rig_result(bert), normal);
    EQUAL(bert->x[R_A0], 200);
    EXPECT(same(THEIRS, OURS + 2 * KERNE_PAGE - 100, 200));
}

/* A page of the sender that a common ancestor can bring: the receiver waits
 * for it; or is told that nobody does. */
static void the_senders_page_is_brought(void)
{
    begin();
    uint64_t buffer = granted(anna, 3, HOLE - 100, HOLE + 100);
    EQUAL(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 200), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 1) | KERNE_SENDER_INSIDE);
    EQUAL(rig_word(root, 1), HOLE);
    uint64_t reported = root->x[R_A0];
    RESULT(CALL(root, send_answer, reported, { KERNE_GO_ON }, 1), bad_argument);
    RESULT(rig_map(root, anna, HOLE, RIG_STORAGE, 1, 3), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(rig_result(bert), normal);
    EQUAL(bert->x[R_A0], 200);
}

static void nobody_brings_the_senders_page(void)
{
    begin();
    uint64_t buffer = granted(anna, 3, HOLE - 100, HOLE + 100);
    EQUAL(COPY(bert, buffer, KERNE_FETCH, 0, BASE, 200), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_NOT_MINE }, 1),
           normal);
    RESULT(rig_result(bert), missing);
    EQUAL(bert->x[R_A0], 100);
}

/* A server never waits for its client's own pager. */
static void the_clients_pager_is_not_awaited(void)
{
    begin();
    uint64_t buffer = granted(job, 3, HOLE - 100, HOLE + 100);
    RESULT(COPY(bert, buffer, KERNE_STORE, 0, BASE, 200), missing);
    EQUAL(bert->x[R_A0], 100);
    buffer = granted(anna, 3, STORAGE_LIMIT - 8, STORAGE_LIMIT + 8);
    EQUAL(COPY(bert, buffer, KERNE_FETCH, 8, BASE, 8), KERNE_r_missing);
}

/* Sender and receiver are both inside the process whose page is missing. */
static void a_page_of_both_is_missing(void)
{
    begin();
    struct call creation = rig_creation("other", 5);
    creation.w[3] = 2;
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
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_NOT_MINE }, 1),
           normal);
    RESULT(rig_result(job), missing);
    EQUAL(CALL(boss, test_event, 0), KERNE_NO_EVENT);
}

/* ---- instructions ------------------------------------------------------ */

/* What is copied to a page that can be executed is what is executed there. */
static void instructions_are_fenced(void)
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

static const struct test tests[] = {
    { "copy.every_byte", every_byte },
    { "copy.zero_bytes", zero_bytes },
    { "copy.beyond_the_grant", beyond_the_grant },
    { "copy.refused", refused },
    { "copy.devices_are_never_copied", devices_are_never_copied },
    { "copy.missing.own_page", own_page_is_missing },
    { "copy.missing.brought", the_senders_page_is_brought },
    { "copy.missing.nobody_brings_it", nobody_brings_the_senders_page },
    { "copy.missing.the_clients_pager", the_clients_pager_is_not_awaited },
    { "copy.missing.of_both", a_page_of_both_is_missing },
    { "copy.instructions_are_fenced", instructions_are_fenced },
};

RIG_MAIN(tests)
