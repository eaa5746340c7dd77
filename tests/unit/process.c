/* Creation and removal: what random calls seldom come to. */
#include <string.h>

#include "rig.h"

static struct process *root;

static void begin(void) { root = rig_begin(12, 30, 60); }

/* ---- creation ---------------------------------------------------------- */

/* The usual creation with one word changed, and its result. */
struct refusal {
    unsigned word;
    uint64_t value;
    enum kerne_result result;
};

/* The caller has number 1, mask without sender path, horizon 1; of 4 buffers it
 * has given one. */
static const struct refusal refusals[] = {
    { 0, 0, KERNE_r_name_ill_formed },
    { 0, 'A', KERNE_r_name_ill_formed },
    { 0, '1', KERNE_r_name_ill_formed },
    { 0, 'a' | ' ' << 8, KERNE_r_name_ill_formed },
    { 1, UINT64_C(1) << 56, KERNE_r_name_ill_formed },
    { 2, KERNE_CHILDREN, KERNE_r_number_out_of_range },
    { 2, UINT64_C(0x100000001), KERNE_r_number_out_of_range },
    { 2, 5, KERNE_r_number_taken },
    { 0, 'o' | 'l' << 8 | 'd' << 16, KERNE_r_name_taken },
    { 3, 4, KERNE_r_no_buffers },
    { 3, UINT64_C(0x100000000), KERNE_r_no_buffers },
    { 4, 2, KERNE_r_no_processes },
    { 4, UINT64_MAX, KERNE_r_no_processes },
    { 5, 0, KERNE_r_no_tables },
    { 5, 11, KERNE_r_no_tables },
    { 5, UINT64_MAX, KERNE_r_no_tables },
    { 6, KERNE_MASK_BIT(KERNE_sender_path), KERNE_r_mask_exceeded },
    { 6, KERNE_MASK_ALL, KERNE_r_mask_exceeded },
    { 7, 3, KERNE_r_horizon_exceeded },
    { 7, 0x200, KERNE_r_bad_argument },
    { 7, (KERNE_SHARE_LIMIT + 1) << 16, KERNE_r_bad_argument },
    { 7, UINT64_MAX & ~UINT64_C(0xff), KERNE_r_bad_argument },
};

TEST("process.create.refused")
{
    begin();
    struct call creation = rig_creation("boss", 1);
    creation.w[6] &= ~KERNE_MASK_BIT(KERNE_sender_path);
    creation.w[7] = kerne_create_how(1, 0, 0);
    struct process *boss = rig_create(root, creation);
    creation = rig_creation("old", 5);
    creation.w[3] = 1;
    creation.w[4] = 0;
    creation.w[5] = 1;
    creation.w[6] = 0;
    rig_create(boss, creation);
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        creation = rig_creation("new", 6);
        creation.w[3] = creation.w[4] = 0;
        creation.w[5] = 1;
        creation.w[6] = 0;
        creation.w[refusals[i].word] = refusals[i].value;
        EQUAL(rig_call(boss, KERNE_create_internal_process, creation),
              refusals[i].result);
        EQUAL(look_used(boss, PROCESSES), 1);
    }
}

TEST("process.create.as_deep_as_may_be")
{
    struct process *p = root = rig_begin(60, 60, 90);
    for (int depth = 1; depth < DEPTH_LIMIT; depth++) {
        struct call creation = rig_creation("deep", 0);
        creation.w[3] = 0;
        creation.w[4] = look_free(p, PROCESSES) - 1;
        creation.w[5] = look_free(p, TABLES);
        creation.w[7] = kerne_create_how(p->horizon + 1u, 0, 0);
        p = rig_create(p, creation);
    }
    struct call creation = rig_creation("deep", 0);
    creation.w[3] = creation.w[4] = 0;
    creation.w[5] = 1;
    RESULT(rig_call(p, KERNE_create_internal_process, creation), too_deep);
    RESULT(CALL(p, create_pseudo_process, 0, { NAME("deep"), 0, 1 }), too_deep);
    RESULT(CALL(p, process_description, 0, { NAME("clock") }), normal);
    EQUAL(p->x[R_A0], KERNE_ADDRESS(DEPTH_LIMIT - 1, KERNE_EXTERNAL));
}

/* Records and tables are used again, and no reference with them. */
TEST("process.create.used_again")
{
    uint64_t references[60];
    begin();
    for (unsigned i = 0; i < 60; i++) {
        struct process *p = rig_child(root, "anna", 1);
        references[i] = process_reference(p);
        for (unsigned j = 0; j < i; j++) {
            EXPECT(references[j] != references[i]);
        }
        if (i > 0) {
            RESULT(CALL(root, stop_internal_process, references[i - 1]),
                   not_descendant);
        }
        RESULT(CALL(root, remove_process, references[i]), normal);
    }
    EXPECT(nucleus.never_used_process < 5);
}

/* ---- removal ----------------------------------------------------------- */

/* Abandoned midway it stays dying, and only remove accepts it. */
TEST("process.remove.abandoned")
{
    static const struct {
        uint64_t function, w[4];
    } refused[] = {
        { KERNE_start_internal_process, { 0 } },
        { KERNE_stop_internal_process, { 0 } },
        { KERNE_modify_internal_process, { 0 } },
        { KERNE_create_internal_process, { 'b' } },
        { KERNE_create_pseudo_process, { 'b' } },
        { KERNE_map, { 0, 0, 1, 7 } },
        { KERNE_unmap, { 0, 0, 1 } },
        { KERNE_set_share, { 5 } },
        { KERNE_set_claims, { 1, 1, 1 } },
        { KERNE_include_user, { 5 } },
        { KERNE_exclude_user, { 5 } },
    };
    root = rig_begin(12, 200, 60);
    struct call creation = rig_creation("anna", 1);
    creation.w[3] = 150;
    struct process *anna = rig_create(root, creation);
    for (int i = 0; i < 150; i++) {
        RESULT(CALL(anna, send_message, KERNE_VACANT), normal);
    }
    uint64_t reference = process_reference(anna);
    EXPECT(!rig_step(root, KERNE_remove_process, (struct call){ reference }));
    for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct call call = { .a0 = reference };
        memcpy(call.w, refused[i].w, sizeof refused[i].w);
        EQUAL(rig_call(root, refused[i].function, call), KERNE_r_dying);
    }
    RESULT(CALL(root, describe, reference, { KERNE_DESCRIBE_PROCESS }), normal);
    EQUAL(rig_word(root, 3) >> 8 & KERNE_SUSPENDED_DYING,
          KERNE_SUSPENDED_DYING);
    RESULT(CALL(root, process_description, 0, { NAME("anna") }), name_unknown);
    struct process *other = rig_child(root, "anna", 1); /* both are free */
    RESULT(CALL(root, remove_process, reference), normal);
    RESULT(CALL(root, remove_process, reference), not_descendant);
    RESULT(CALL(root, remove_process, process_reference(other)), normal);
    EQUAL(look_free(root, BUFFERS), 200);
}

/* However many messages it has got, a step answers only some. */
TEST("process.remove.messages_in_steps")
{
    uint64_t buffers[20];
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    for (unsigned i = 0; i < 20; i++) {
        RESULT(CALL(root, send_message, KERNE_ADDRESS(0, 1)), normal);
        buffers[i] = root->x[R_A0];
    }
    struct call removal = { process_reference(anna) };
    EXPECT(!rig_step(root, KERNE_remove_process, removal));
    EXPECT(!link_is_empty(&anna->messages));
    RESULT(rig_call(root, UINT64_MAX, removal), normal);
    for (unsigned i = 0; i < 20; i++) {
        RESULT(CALL(root, wait_answer, buffers[i]), does_not_exist);
    }
}

/* While anna is removed, disk still asks flash at her expense; when she is gone
 * it is not to take the answer so: from then on it pays for itself. */
TEST("process.remove.who_pays_for_others")
{
    root = rig_begin(20, 200, 90);
    struct call creation = rig_creation("boss", 1);
    creation.w[3] = 160;
    creation.w[7] = kerne_create_how(root->horizon + 1u, 0, 0);
    struct process *boss = rig_create(root, creation);
    struct process *files = rig_child(root, "files", 2);
    struct process *disk = rig_child(root, "disk", 3);
    struct process *flash = rig_child(root, "flash", 4);
    creation = rig_creation("anna", 1);
    creation.w[3] = 150;
    creation.w[4] = 0;
    creation.w[5] = 1;
    creation.w[7] = kerne_create_how(boss->horizon + 1u, 0, 0);
    struct process *anna = rig_create(boss, creation);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    for (int i = 1; i < 150; i++) {
        RESULT(CALL(anna, send_message, KERNE_VACANT), normal);
    }
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(2, 2)), normal);
    EQUAL(CALL(files, serve, 0), KERNE_MESSAGE);
    EQUAL(CALL(files, converse, KERNE_ADDRESS(1, 3)), RIG_WAITS);
    EQUAL(CALL(disk, serve, 0), KERNE_MESSAGE);
    RESULT(CALL(flash, send_message, KERNE_ADDRESS(1, 1)), normal);
    EQUAL(rig_result(boss), KERNE_MESSAGE);
    struct call removal = { process_reference(anna) };
    EXPECT(!rig_step(boss, KERNE_remove_process, removal));
    EXPECT(time_account(disk) == anna);
    EQUAL(CALL(disk, converse, KERNE_ADDRESS(1, 4)), RIG_WAITS);
    EQUAL(CALL(flash, serve, 0), KERNE_MESSAGE);
    RESULT(rig_call(boss, UINT64_MAX, removal), normal);
    EXPECT(time_account(disk) == disk);
}

static void break_the_root(void) { rig_call(root, 97, (struct call){ 0 }); }

TEST("process.root_breaks")
{
    begin();
    EXPECT(rig_halts(break_the_root));
    EQUAL(simulator.halted, 2);
    EXPECT(strstr(simulator.printed, "function 0x61, pc ") != NULL);
}
