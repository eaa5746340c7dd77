/* Processes that have the same windows. */
#include "rig.h"

static struct process *root, *anna, *bert;

#define BASE UINT64_C(0x80400000)
#define RW (KERNE_READ | KERNE_WRITE)
#define LARGE UINT64_C(0x200000)

static uint64_t physical;

static struct call creation_with(const char *name, uint64_t number,
                                 const struct process *sibling)
{
    struct call creation = rig_creation(name, number);
    creation.w[5] = 8;
    creation.t2 = process_reference(sibling);
    return creation;
}

/* anna pays for the windows of both. */
static void begin(void)
{
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    bert = rig_create(root, creation_with("bert", 2, anna));
}

static uint64_t touch(struct process *p, uint64_t address, uint64_t access)
{
    return rig_touch(p, address, access, &physical);
}

static uint64_t tables(const struct process *p) { return look_used(p, TABLES); }

static void one_set_of_windows(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(root, bert, BASE + LARGE, RIG_STORAGE, 1, RW), normal);
    EQUAL(anna->space, bert->space);
    EQUAL(anna->windows->pages, 2);
    RESULT(touch(bert, BASE, RW), normal);
    RESULT(touch(anna, BASE + LARGE, RW), normal);
    RESULT(CALL(root, unmap, process_reference(bert), { BASE, 0, 1 }), normal);
    EQUAL(touch(anna, BASE, KERNE_READ), RIG_BROKE);
}

/* A fault is that of the one who touched, whoever's claim has paid. */
static void faults_of_each(void)
{
    begin();
    EQUAL(touch(bert, BASE, KERNE_WRITE), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 2));
    EQUAL(rig_word(root, 1), BASE);
    uint64_t reported = root->x[R_A0];
    EQUAL(touch(anna, BASE, KERNE_READ), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 1));
    uint64_t other = root->x[R_A0];
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(CALL(root, send_answer, other, { KERNE_AGAIN }, 1), normal);
    RESULT(touch(bert, BASE, KERNE_WRITE), normal);
    RESULT(touch(anna, BASE, KERNE_READ), normal);
}

/* The oldest pays for the tables; each has one for its own children. */
static void the_oldest_pays(void)
{
    begin();
    uint64_t used = tables(anna);
    EQUAL(tables(bert), 1);
    RESULT(rig_map(root, bert, BASE, RIG_STORAGE, 1, RW), normal);
    EQUAL(tables(anna), used + 2);
    EQUAL(tables(bert), 1);
    struct call creation = rig_creation("carl", 3);
    creation.w[5] = 1;
    struct process *carl = rig_create(root, creation);
    struct process *dora = rig_create(root, creation_with("dora", 4, carl));
    RESULT(rig_map(root, dora, BASE, RIG_STORAGE, 1, RW), no_tables);
}

static void expect_all_back(uint64_t free)
{
    EQUAL(root->claims[TABLES].free, free);
    EQUAL(root->claims[PROCESSES].free, 20);
}

static void the_younger_goes_first(void)
{
    root = rig_begin(20, 40, 90);
    uint64_t free = root->claims[TABLES].free;
    anna = rig_child(root, "anna", 1);
    bert = rig_create(root, creation_with("bert", 2, anna));
    RESULT(rig_map(root, bert, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(touch(bert, BASE, RW), normal);
    RESULT(CALL(root, remove_process, process_reference(bert)), normal);
    EQUAL(anna->windows->pages, 1);
    RESULT(touch(anna, BASE, RW), normal);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    expect_all_back(free);
}

/* The windows go on, with the claim, and with the number that nobody else may
 * have meanwhile. */
static void the_oldest_goes_first(void)
{
    root = rig_begin(20, 40, 90);
    uint64_t free = root->claims[TABLES].free;
    anna = rig_child(root, "anna", 1);
    bert = rig_create(root, creation_with("bert", 2, anna));
    struct process *carl = rig_create(root, creation_with("carl", 3, bert));
    RESULT(rig_map(root, carl, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(touch(anna, BASE, RW), normal);
    uint64_t received = anna->claims[TABLES].received;
    uint64_t used = tables(anna);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(bert->claims[TABLES].received, received + 8);
    EQUAL(tables(bert), used + 1);
    EQUAL(tables(carl), 1);
    struct process *dora = rig_child(root, "dora", 4);
    EXPECT(dora->space != carl->space);
    RESULT(rig_map(root, dora, BASE, RIG_STORAGE + KERNE_PAGE, 1, RW), normal);
    RESULT(touch(dora, BASE, RW), normal);
    RESULT(touch(carl, BASE, RW), normal);
    EQUAL(physical, RIG_STORAGE);
    RESULT(rig_map(root, carl, BASE + LARGE, RIG_STORAGE, 1, RW), normal);
    EQUAL(tables(bert), used + 2);
    RESULT(CALL(root, remove_process, process_reference(bert)), normal);
    RESULT(touch(carl, BASE + LARGE, RW), normal);
    RESULT(CALL(root, remove_process, process_reference(carl)), normal);
    RESULT(CALL(root, remove_process, process_reference(dora)), normal);
    expect_all_back(free);
}

/* Children of each are its own, by number and by name, and have windows onto
 * the storage of both. */
static void children_of_each(void)
{
    begin();
    struct process *own = rig_child(anna, "job", 1);
    struct process *other = rig_child(bert, "job", 1);
    EXPECT(own != other);
    RESULT(rig_map(bert, other, 0, BASE, 1, RW), normal);
    EQUAL(touch(other, 8, KERNE_WRITE), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 2) | KERNE_SENDER_INSIDE);
    EQUAL(rig_word(root, 1), BASE + 8);
    uint64_t reported = root->x[R_A0];
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(touch(other, 8, KERNE_WRITE), normal);
    RESULT(CALL(root, unmap, process_reference(anna), { BASE, 0, 1 }), normal);
    EQUAL(touch(other, 8, KERNE_WRITE), RIG_BROKE);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(other->parent->identity, bert->identity);
}

static void refused(void)
{
    begin();
    struct process *job = rig_child(anna, "job", 1);
    struct call creation = creation_with("carl", 3, job);
    RESULT(rig_call(root, KERNE_create_internal_process, creation),
           not_descendant);
    creation.t2 = process_reference(root);
    RESULT(rig_call(root, KERNE_create_internal_process, creation),
           not_descendant);
    creation.t2 = process_reference(anna) + 1;
    RESULT(rig_call(root, KERNE_create_internal_process, creation),
           not_descendant);
    RESULT(CALL(root, create_pseudo_process, 0, { NAME("name"), 4 }), normal);
    creation.t2 = root->x[R_A0];
    RESULT(rig_call(root, KERNE_create_internal_process, creation),
           bad_argument);
    EXPECT(!rig_step(root, KERNE_remove_process,
                     (struct call){ process_reference(anna) }) ||
           anna->parent == NULL);
}

/* Describe tells who else there is, to those above. */
static void described(void)
{
    begin();
    RESULT(CALL(root, describe, process_reference(anna),
                { KERNE_DESCRIBE_CLAIM, 4 }),
           normal);
    EQUAL(rig_word(root, 1), process_reference(bert));
    EQUAL(rig_word(root, 2), 1);
    RESULT(CALL(root, describe, process_reference(bert),
                { KERNE_DESCRIBE_CLAIM, 4 }),
           normal);
    EQUAL(rig_word(root, 1), process_reference(anna));
    EQUAL(rig_word(root, 2), 0);
    RESULT(CALL(bert, describe, 0, { KERNE_DESCRIBE_CLAIM, 4 }), normal);
    EQUAL(rig_word(bert, 1) | rig_word(bert, 2), 0);
}

static const struct test tests[] = {
    { "sharers.one_set_of_windows", one_set_of_windows },
    { "sharers.faults_of_each", faults_of_each },
    { "sharers.the_oldest_pays", the_oldest_pays },
    { "sharers.the_younger_goes_first", the_younger_goes_first },
    { "sharers.the_oldest_goes_first", the_oldest_goes_first },
    { "sharers.children_of_each", children_of_each },
    { "sharers.refused", refused },
    { "sharers.described", described },
};

RIG_MAIN(tests)
