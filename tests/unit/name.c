/* Names, horizons and paths: what random calls seldom come to; and the example
 * of the book. */
#include <stdio.h>

#include "rig.h"

static struct process *root, *anna, *bert, *boss, *job;

/* anna and bert are siblings of boss, and job is boss's child. */
static void begin(void)
{
    root = rig_begin(20, 40, 80);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    boss = rig_child(root, "boss", 3);
    job = rig_child(boss, "job", 4);
}

/* A child of the root, that sees so far, or that is closed. */
static struct process *child_with(const char *name, uint64_t horizon,
                                  bool closed)
{
    struct call creation = rig_creation(name, 5);
    creation.w[7] = kerne_create_how(horizon, closed, 0);
    return rig_create(root, creation);
}

#define LOOK_UP(p, name) CALL(p, process_description, 0, { NAME(name) })

TEST("name.from_the_inside_outwards")
{
    begin();
    RESULT(LOOK_UP(job, "job"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(1, 4));
    RESULT(LOOK_UP(job, "anna"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(2, 1));
    rig_child(boss, "anna", 0);
    RESULT(LOOK_UP(job, "anna"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(1, 0));
    RESULT(LOOK_UP(anna, "job"), name_unknown);
    RESULT(LOOK_UP(root, "parent"), name_unknown);
    rig_child(root, "fifteen-letters", 4);
    RESULT(LOOK_UP(root, "fifteen-letters"), normal);
    EQUAL(root->x[R_A0], KERNE_ADDRESS(0, 4));
    RESULT(LOOK_UP(root, "fifteen-"), name_unknown);
}

TEST("name.nothing_beyond_the_horizon")
{
    begin();
    struct process *near = child_with("near", 0, false);
    RESULT(LOOK_UP(near, "anna"), name_unknown);
    RESULT(LOOK_UP(near, "clock"), name_unknown);
    RESULT(LOOK_UP(near, "nobody"), name_unknown);
    EQUAL(near->x[R_A0], 0); /* nothing of how far it looked */
}

/* Nobody is told of what is beyond its own horizon. */
TEST("describe.a_holder_beyond_the_horizon")
{
    begin();
    struct process *near = child_with("near", 0, false);
    RESULT(
        CALL(near, create_pseudo_process, 0, { NAME("door"), 1, KERNE_PARENT }),
        normal);
    RESULT(CALL(near, send_message, KERNE_ADDRESS(0, 1)), normal);
    RESULT(CALL(near, describe, 0, { KERNE_DESCRIBE_SENT, 0 }), normal);
    EQUAL(rig_word(near, 3), KERNE_PARENT);
    struct process *inner = rig_child(near, "inner", 2);
    RESULT(CALL(inner, send_message, KERNE_ADDRESS(1, 1)), normal);
    RESULT(CALL(near, describe, process_reference(inner),
                { KERNE_DESCRIBE_SENT, 0 }),
           normal);
    EQUAL(rig_word(near, 3), KERNE_VACANT);
}

TEST("name.pseudo.leads_to_itself")
{
    begin();
    RESULT(CALL(boss, create_pseudo_process, 0,
                { NAME("ring"), 10, KERNE_ADDRESS(0, 10) }),
           normal);
    RESULT(CALL(boss, send_message, KERNE_ADDRESS(0, 10)), normal);
    RESULT(CALL(boss, wait_answer, boss->x[R_A0]), does_not_exist);
}

static void expect_path(struct process *p, uint64_t buffer, uint64_t level,
                        const char *name)
{
    RESULT(CALL(p, sender_path, buffer, { level }), normal);
    EQUAL(rig_word(p, 0), rig_name(name).w[0]);
    EQUAL(rig_word(p, 1), rig_name(name).w[1]);
}

TEST("name.sender_path.closed")
{
    begin();
    struct process *shut = child_with("shut", 1, true);
    struct process *inner = rig_child(shut, "inner", 1);
    RESULT(CALL(inner, send_message, KERNE_ADDRESS(2, 1)), normal);
    uint64_t buffer = inner->x[R_A0];
    expect_path(anna, buffer, 0, "shut");
    RESULT(CALL(anna, sender_path, buffer, { 1 }), no_more);
    RESULT(CALL(anna, send_message, KERNE_SELF), normal);
    RESULT(CALL(anna, sender_path, anna->x[R_A0], { 0 }), no_more);
    RESULT(CALL(root, send_message, KERNE_ADDRESS(0, 1)), normal);
    RESULT(CALL(anna, sender_path, root->x[R_A0], { 0 }), no_more);
}

/* ---- many siblings ----------------------------------------------------- */

#define MANY 240

static struct call numbered(uint64_t number)
{
    char name[KERNE_NAME_BYTES] = "";
    (void)snprintf(name, sizeof name, "n%u", (unsigned)number);
    struct call creation = rig_name(name);
    creation.w[2] = number;
    creation.w[3] = KERNE_VACANT;
    return creation;
}

/* Those of the numbers from `first` on that are multiples of `step`, and no
 * others, have their names. */
static void expect_every(uint64_t step, uint64_t first)
{
    for (uint64_t n = 0; n < MANY; n++) {
        struct call name = numbered(n);
        bool lives = n >= first && n % step == 0;
        EQUAL(rig_call(root, KERNE_process_description, name),
              lives ? KERNE_r_normal : KERNE_r_name_unknown);
        if (lives) {
            EQUAL(root->x[R_A0], n);
            RESULT(rig_call(root, KERNE_create_pseudo_process, name),
                   name_taken);
        }
    }
}

/* Several of them stand in each chain; each place there comes to be vacated. */
TEST("name.many_siblings")
{
    uint64_t reference[MANY];
    root = rig_begin(MANY, 40, 80);
    for (uint64_t n = 0; n < MANY; n++) {
        struct call creation = numbered(n);
        RESULT(rig_call(root, KERNE_create_pseudo_process, creation), normal);
        reference[n] = root->x[R_A0];
    }
    expect_every(1, 0);
    for (uint64_t n = 0; n < MANY; n++) {
        if (n % 3 != 0) {
            RESULT(CALL(root, remove_process, reference[n]), normal);
        }
    }
    expect_every(3, 0);
    for (uint64_t n = 0; n < MANY / 3; n++) {
        RESULT(CALL(root, remove_process, reference[3 * n]), normal);
        if (n % 16 == 0) { expect_every(3, 3 * n + 3); }
    }
}
