/* Creation, control and removal. */
#include "rig.h"

#include <stdio.h>

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

static void create_refused(void)
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

static void all_claims_move(void)
{
    begin();
    struct claim buffers = root->claims[BUFFERS];
    struct claim tables = root->claims[TABLES];
    struct process *anna = rig_child(root, "anna", 1);
    EQUAL(look_free(root, BUFFERS), buffers.free - 4);
    EQUAL(look_free(root, TABLES), tables.free - 12);
    EQUAL(look_free(root, PROCESSES), 12 - 4);
    EQUAL(anna->claims[BUFFERS].received, 4);
    EQUAL(look_used(anna, TABLES), 1);
    EQUAL(anna->share, KERNE_SHARE);
    struct process *bert = rig_child(anna, "bert", 1);
    EQUAL(bert->claims[BUFFERS].received, 1);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(look_free(root, BUFFERS), buffers.free);
    EQUAL(look_free(root, TABLES), tables.free);
    EQUAL(look_free(root, PROCESSES), 12);
}

static void on_behalf_of_a_descendant(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    struct call creation = rig_creation("bert", 2);
    creation.a0 = process_reference(anna);
    creation.w[4] = 0;
    creation.w[5] = 2;
    RESULT(rig_call(root, KERNE_create_internal_process, creation), normal);
    struct process *bert = rig_process(root->x[R_A0]);
    EXPECT(bert->parent == anna);
    EQUAL(look_free(anna, BUFFERS), 0);
    RESULT(CALL(anna, start_internal_process, process_reference(bert)), normal);
    creation.a0 = process_reference(root);
    RESULT(rig_call(root, KERNE_create_internal_process, creation),
           not_descendant);
    creation.a0 = process_reference(anna);
    RESULT(rig_call(bert, KERNE_create_internal_process, creation),
           not_descendant);
}

static void as_deep_as_may_be(void)
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
static void used_again(void)
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

static void number_and_name_used_up(void)
{
    root = rig_begin(250, 10, 60);
    for (uint64_t i = 0; i < 250; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%lu", (unsigned long)i);
        RESULT(CALL(root, create_pseudo_process, 0, { NAME(name), i, 0 }),
               normal);
    }
    RESULT(CALL(root, create_pseudo_process, 0, { NAME("more"), 300, 0 }),
           no_processes);
    RESULT(rig_call(root, KERNE_create_internal_process,
                    rig_creation("more", 300)),
           no_processes);
}

/* ---- control ----------------------------------------------------------- */

static void start_and_stop(void)
{
    begin();
    RESULT(
        rig_call(root, KERNE_create_internal_process, rig_creation("anna", 1)),
        normal);
    uint64_t anna = root->x[R_A0];
    RESULT(CALL(root, stop_internal_process, anna), already_stopped);
    RESULT(CALL(root, start_internal_process, anna), normal);
    RESULT(CALL(root, start_internal_process, anna), not_stopped);
    RESULT(CALL(root, stop_internal_process, anna), normal);
    RESULT(CALL(root, stop_internal_process, anna), already_stopped);
    RESULT(CALL(root, stop_internal_process, 0), not_descendant);
    RESULT(CALL(root, stop_internal_process, anna & ~REFERENCE),
           not_descendant);
    RESULT(CALL(root, stop_internal_process, anna ^ UINT64_C(1) << 40),
           not_descendant);
}

/* Start puts back exactly what that stop took. */
static void a_family_is_stopped(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    struct process *bert = rig_child(anna, "bert", 1);
    struct process *carl = rig_child(anna, "carl", 2);
    RESULT(CALL(anna, stop_internal_process, process_reference(carl)), normal);
    RESULT(CALL(root, stop_internal_process, process_reference(anna)), normal);
    EXPECT(this_hart->current == root);
    EQUAL(bert->suspended, 0);
    RESULT(CALL(root, start_internal_process, process_reference(carl)), normal);
    RESULT(CALL(root, stop_internal_process, process_reference(carl)), normal);
    RESULT(CALL(root, start_internal_process, process_reference(anna)), normal);
    EQUAL(carl->suspended, KERNE_SUSPENDED_STOP);
    EQUAL(CALL(anna, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EXPECT(this_hart->current == bert);
    EQUAL(CALL(bert, wait_message, 0), RIG_WAITS);
    EXPECT(this_hart->current != carl);
}

/* A stop does not end a wait, a start does not either. */
static void a_wait_outlasts_stop_and_start(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    EQUAL(CALL(anna, wait_message, 0), RIG_WAITS);
    RESULT(CALL(root, stop_internal_process, process_reference(anna)), normal);
    RESULT(CALL(root, start_internal_process, process_reference(anna)), normal);
    EQUAL(process_wait(anna), KERNE_WAITS_MESSAGE);
    RESULT(CALL(root, send_message, KERNE_ADDRESS(0, 1), { 7 }), normal);
    EQUAL(rig_result(anna), KERNE_MESSAGE);
}

#define MODIFY(direction) \
    CALL(root, modify_internal_process, reference, { area, direction })

static void modify(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    uint64_t reference = process_reference(anna), area = RIG_STORAGE - 64;
    uint64_t *word = machine_physical(area);
    for (uint64_t i = 0; i < 66; i++) { word[i] = 0x1001 + i; }
    RESULT(MODIFY(KERNE_STORE), not_stopped);
    RESULT(CALL(root, stop_internal_process, reference), normal);
    RESULT(MODIFY(KERNE_STORE), normal);
    EQUAL(anna->x[R_PC], 0x1000); /* pcs are even */
    EQUAL(anna->x[31], 0x1020);
    EQUAL(anna->fcsr, 0x21);
    EQUAL(anna->f[0], 0x1022);
    EQUAL(anna->f[31], 0x1041);
    EXPECT((anna->special & SPECIAL_FLOATS) != 0);
    for (uint64_t i = 0; i < 66; i++) { word[i] = 0; }
    RESULT(MODIFY(KERNE_FETCH), normal);
    for (uint64_t i = 1; i < 65; i++) {
        EQUAL(word[i], i == 32 ? 0x21 : 0x1001 + i);
    }
    EQUAL(word[65], 1);
    word[33] = word[64] = word[65] = 0;
    RESULT(MODIFY(KERNE_STORE), normal);
    EXPECT((anna->special & SPECIAL_FLOATS) == 0);
    EQUAL(anna->f[0], 0x1022);
    EQUAL(anna->f[31], 0x1041);
    RESULT(MODIFY(KERNE_STORE + 1), bad_argument);
    area = RIG_STORAGE + 4;
    RESULT(MODIFY(KERNE_FETCH), bad_address);
    area = STORAGE_LIMIT - 65 * 8;
    RESULT(MODIFY(KERNE_FETCH), bad_address);
    area = RIG_DEVICE;
    RESULT(MODIFY(KERNE_FETCH), bad_address);
}

/* Two pages, of which the second is missing, or may not be written: the caller
 * breaks, and nothing has been moved. */
static void modify_breaks(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    struct process *bert = rig_child(anna, "bert", 1);
    uint64_t reference = process_reference(bert);
    uint64_t *word = machine_physical(RIG_STORAGE);
    const struct call call = { reference, { 2 * KERNE_PAGE - 8, KERNE_FETCH } };
    RESULT(CALL(anna, stop_internal_process, reference), normal);
    RESULT(rig_map(root, anna, KERNE_PAGE, RIG_STORAGE, 1, 3), normal);
    RESULT(rig_map(root, anna, 2 * KERNE_PAGE, RIG_STORAGE + KERNE_PAGE, 1, 1),
           normal);
    word[511] = word[512] = word[511 + 66] = 77;
    bert->x[1] = 88;
    EQUAL(rig_call(anna, KERNE_modify_internal_process, call), RIG_BROKE);
    EQUAL(word[511], 77);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(rig_word(root, 0), KERNE_BREAK_PAGE_FAULT);
    EQUAL(rig_word(root, 1), 2 * KERNE_PAGE + 65 * 8 - 8);
    EQUAL(rig_word(root, 2), KERNE_WRITE);
    uint64_t reported = root->x[R_A0];
    RESULT(rig_map(root, anna, 2 * KERNE_PAGE, RIG_STORAGE + KERNE_PAGE, 1, 3),
           normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(rig_result(anna), normal);
    EQUAL(word[511], bert->x[R_PC]);
    EQUAL(word[512], 88);
    EQUAL(word[511 + 66], 77);
}

/* Modify ends a wait: the call is repeated at start, as it then is. */
static void modify_ends_a_wait(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    uint64_t reference = process_reference(anna), area = RIG_STORAGE;
    struct kerne_register_file *file = machine_physical(area);
    EQUAL(CALL(anna, wait_message, 0), RIG_WAITS);
    RESULT(CALL(root, stop_internal_process, reference), normal);
    *file = (struct kerne_register_file){ .x = { 0x2000 } };
    RESULT(MODIFY(KERNE_STORE), normal);
    EQUAL(process_wait(anna), KERNE_WAITS_NOT);
    RESULT(CALL(root, start_internal_process, reference), normal);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EXPECT(this_hart->current == anna);
    EQUAL(anna->x[R_PC], 0x2000);
}

/* ---- claims ------------------------------------------------------------ */

static void expect_claims(const struct process *p, uint32_t buffers,
                          uint32_t processes, uint32_t tables)
{
    EQUAL(look_free(p, BUFFERS), buffers);
    EQUAL(look_free(p, PROCESSES), processes);
    EQUAL(look_free(p, TABLES), tables);
}

/* Anna has 4, 3 and 12; she uses a buffer, a process and tables, and has given
 * some on. */
static void set_claims(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    struct process *bert = rig_child(anna, "bert", 1);
    uint64_t reference = process_reference(anna);
    uint32_t buffers = look_free(root, BUFFERS);
    uint32_t processes = look_free(root, PROCESSES);
    uint32_t tables = look_free(root, TABLES);
    uint32_t free = look_free(anna, TABLES);
    RESULT(CALL(anna, send_message, KERNE_SELF), normal);
    RESULT(CALL(anna, regret_message, anna->x[R_A0]), normal); /* a spare */
    RESULT(CALL(anna, send_message, KERNE_SELF), normal);
#define SET(p, buffers, processes, tables) \
    CALL(p, set_claims, reference, { buffers, processes, tables })
    RESULT(SET(root, 5 + buffers, 3, 12), no_buffers);
    RESULT(SET(root, 4, 4 + processes, 12), no_processes);
    RESULT(SET(root, 4, 3, 13 + tables), no_tables);
    RESULT(SET(root, UINT64_MAX, 3, 12), no_buffers);
    RESULT(SET(root, 4 + buffers, 3 + processes, 12 + tables), normal);
    expect_claims(root, 0, 0, 0);
    EQUAL(look_free(anna, BUFFERS), 2 + buffers);
    RESULT(SET(root, 1, 3, 12), no_buffers); /* one in use, one is bert's */
    RESULT(SET(root, 2, 0, 12), no_processes);
    RESULT(SET(root, 2, 3, 11 - free), no_tables);
    RESULT(SET(root, 2, 1 + bert->claims[PROCESSES].received, 12 - free),
           normal);
    expect_claims(anna, 0, 0, 0);
    expect_claims(root, buffers + 2,
                  processes + 2 - bert->claims[PROCESSES].received,
                  tables + free);
    RESULT(CALL(anna, set_claims, reference, { 2, 1, 4 }), not_descendant);
    reference = process_reference(bert); /* of anna's, who has none */
    RESULT(SET(root, 2, 0, 1), no_buffers);
    RESULT(SET(root, 0, 0, 0), no_tables);
    RESULT(SET(root, 0, 0, bert->claims[TABLES].received), normal);
    EQUAL(look_free(anna, BUFFERS), 1);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(look_free(root, BUFFERS), buffers + 4);
}

/* ---- removal ----------------------------------------------------------- */

static void remove_refused(void)
{
    begin();
    struct process *anna = rig_child(root, "anna", 1);
    struct process *bert = rig_child(root, "bert", 2);
    struct process *carl = rig_child(bert, "carl", 1);
    RESULT(CALL(anna, remove_process, process_reference(bert)), not_descendant);
    RESULT(CALL(anna, remove_process, process_reference(carl)), not_descendant);
    RESULT(CALL(carl, remove_process, process_reference(bert)), not_descendant);
    RESULT(CALL(anna, remove_process, process_reference(anna)), not_descendant);
    RESULT(CALL(anna, remove_process, process_reference(root)), not_descendant);
    RESULT(CALL(root, remove_process, process_reference(carl)), normal);
    RESULT(CALL(root, remove_process, process_reference(carl)), not_descendant);
}

/* Abandoned midway it stays dying, and only remove accepts it. */
static void abandoned_removal(void)
{
    root = rig_begin(12, 200, 60);
    struct call creation = rig_creation("anna", 1);
    creation.w[3] = 150;
    struct process *anna = rig_create(root, creation);
    for (int i = 0; i < 150; i++) {
        RESULT(CALL(anna, send_message, KERNE_VACANT), normal);
    }
    uint64_t reference = process_reference(anna);
    EXPECT(!rig_step(root, KERNE_remove_process, (struct call){ reference }));
    RESULT(CALL(root, start_internal_process, reference), dying);
    RESULT(CALL(root, stop_internal_process, reference), dying);
    RESULT(CALL(root, modify_internal_process, reference), dying);
    RESULT(rig_map(root, anna, 0, 0, 1, 7), dying);
    RESULT(CALL(root, unmap, reference), dying);
    RESULT(CALL(root, set_share, reference, { 5 }), dying);
    RESULT(CALL(root, include_user, reference, { 5 }), dying);
    RESULT(CALL(root, describe, reference, { KERNE_DESCRIBE_PROCESS }), normal);
    EQUAL(rig_word(root, 3) >> 8 & KERNE_SUSPENDED_DYING,
          KERNE_SUSPENDED_DYING);
    creation = rig_creation("bert", 2);
    creation.a0 = reference;
    RESULT(rig_call(root, KERNE_create_internal_process, creation), dying);
    RESULT(CALL(root, create_pseudo_process, reference, { NAME("a"), 3 }),
           dying);
    RESULT(CALL(root, process_description, 0, { NAME("anna") }), name_unknown);
    struct process *other = rig_child(root, "anna", 1); /* both are free */
    RESULT(CALL(root, remove_process, reference), normal);
    RESULT(CALL(root, remove_process, reference), not_descendant);
    RESULT(CALL(root, remove_process, process_reference(other)), normal);
    EQUAL(look_free(root, BUFFERS), 200);
}

static void pseudo_processes_refuse(void)
{
    begin();
    RESULT(CALL(root, create_pseudo_process, 0, { NAME("a"), 3, 1 }), normal);
    uint64_t pseudo = root->x[R_A0];
    RESULT(CALL(root, start_internal_process, pseudo), bad_argument);
    RESULT(CALL(root, stop_internal_process, pseudo), bad_argument);
    RESULT(CALL(root, modify_internal_process, pseudo), bad_argument);
    RESULT(CALL(root, map, pseudo, { 0, 0, 1, 7 }), bad_argument);
    RESULT(CALL(root, unmap, pseudo), bad_argument);
    RESULT(CALL(root, set_share, pseudo, { 5 }), bad_argument);
    RESULT(CALL(root, set_claims, pseudo, { 0, 0, 1 }), bad_argument);
    RESULT(CALL(root, include_user, pseudo, { 5 }), bad_argument);
    RESULT(CALL(root, exclude_user, pseudo, { 5 }), bad_argument);
    RESULT(CALL(root, create_pseudo_process, pseudo, { NAME("b"), 3 }),
           bad_argument);
    RESULT(CALL(root, remove_process, pseudo), normal);
    EQUAL(look_free(root, PROCESSES), 12);
}

static const struct test tests[] = {
    { "process.create.refused", create_refused },
    { "process.create.all_claims_move", all_claims_move },
    { "process.create.on_behalf_of_a_descendant", on_behalf_of_a_descendant },
    { "process.create.as_deep_as_may_be", as_deep_as_may_be },
    { "process.create.used_again", used_again },
    { "process.create.used_up", number_and_name_used_up },
    { "process.start_and_stop", start_and_stop },
    { "process.stop.a_family", a_family_is_stopped },
    { "process.stop.a_wait_outlasts_it", a_wait_outlasts_stop_and_start },
    { "process.set_claims", set_claims },
    { "process.modify", modify },
    { "process.modify.breaks", modify_breaks },
    { "process.modify.ends_a_wait", modify_ends_a_wait },
    { "process.remove.refused", remove_refused },
    { "process.remove.abandoned", abandoned_removal },
    { "process.pseudo.refuses", pseudo_processes_refuse },
};

RIG_MAIN(tests)
