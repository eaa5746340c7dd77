/* Breaks: raised, answered, offered downwards, handled by oneself. */
#include <string.h>

#include "rig.h"

static struct process *root, *anna, *bert, *carl;

#define PAGE_AT UINT64_C(0x80400000)
#define ALL 7

/* bert is anna's child, carl is bert's; the root's page is shown to all. */
static void begin(void)
{
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    struct call creation = rig_creation("bert", 1);
    creation.w[3] = creation.w[4] = 1;
    creation.w[5] = 6;
    bert = rig_create(anna, creation);
    creation = rig_creation("carl", 1);
    creation.w[3] = creation.w[4] = 0;
    creation.w[5] = 3;
    carl = rig_create(bert, creation);
    RESULT(rig_map(anna, bert, PAGE_AT, PAGE_AT, 1, ALL), normal);
    RESULT(rig_map(bert, carl, PAGE_AT, PAGE_AT, 1, ALL), normal);
}

static uint64_t touch(struct process *p, uint64_t address)
{
    uint64_t physical;
    return rig_touch(p, address, KERNE_READ, &physical);
}

/* p receives the break of a process inside its child, or of that itself. */
static uint64_t receive(struct process *p, uint64_t address, bool inside)
{
    EQUAL(CALL(p, wait_message, 0), KERNE_BREAK);
    EQUAL(p->x[R_FUNCTION],
          KERNE_ADDRESS(0, 1) | (inside ? KERNE_SENDER_INSIDE : 0));
    EQUAL(rig_word(p, 1), address);
    EQUAL(rig_word(p, 4), inside);
    return p->x[R_A0];
}

static uint64_t answer(struct process *p, uint64_t buffer, uint64_t action)
{
    return CALL(p, send_answer, buffer, { action, 77 }, 1);
}

/* ---- a fault that climbs ----------------------------------------------- */

static void again_when_the_page_is_there(void)
{
    begin();
    EQUAL(touch(carl, PAGE_AT + 8), RIG_BROKE);
    uint64_t reported = receive(root, PAGE_AT + 8, true);
    RESULT(answer(root, reported, KERNE_STAY), bad_argument);
    RESULT(answer(root, reported, KERNE_GO_ON), bad_argument);
    RESULT(answer(root, reported, 4), bad_argument);
    RESULT(rig_map(root, anna, PAGE_AT, RIG_STORAGE, 1, ALL), normal);
    RESULT(answer(root, reported, KERNE_AGAIN), normal);
    EQUAL(process_wait(carl), KERNE_WAITS_NOT);
    EQUAL(carl->x[R_PC], 0x1000);
    RESULT(touch(carl, PAGE_AT + 8), normal);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
}

static void not_mine_goes_downwards(void)
{
    begin();
    EQUAL(touch(carl, PAGE_AT + 8), RIG_BROKE);
    RESULT(answer(root, receive(root, PAGE_AT + 8, true), KERNE_NOT_MINE),
           normal);
    RESULT(answer(anna, receive(anna, PAGE_AT + 8, true), KERNE_NOT_MINE),
           normal);
    uint64_t reported = receive(bert, PAGE_AT + 8, false);
    RESULT(answer(bert, reported, KERNE_NOT_MINE), bad_argument);
    RESULT(answer(bert, reported, KERNE_STAY), normal);
    EQUAL(carl->suspended, KERNE_SUSPENDED_STOP);
    EQUAL(process_wait(carl), KERNE_WAITS_NOT);
}

/* The way has changed meanwhile: the process tries again. */
static void not_mine_of_a_way_that_is_gone(void)
{
    begin();
    EQUAL(touch(carl, PAGE_AT), RIG_BROKE);
    uint64_t reported = receive(root, PAGE_AT, true);
    RESULT(CALL(bert, unmap, process_reference(carl), { PAGE_AT, 0, 1 }),
           normal);
    RESULT(answer(root, reported, KERNE_NOT_MINE), normal);
    EQUAL(process_wait(carl), KERNE_WAITS_NOT);
    EQUAL(touch(carl, PAGE_AT), RIG_BROKE);
    receive(bert, PAGE_AT, false);
}

/* A stop between the break and its answers is not passed over, even by the
 * direct switch. */
static void stopped_between_the_answers(void)
{
    begin();
    EQUAL(touch(carl, PAGE_AT), RIG_BROKE);
    uint64_t reported = receive(root, PAGE_AT, true);
    RESULT(CALL(root, stop_internal_process, process_reference(bert)), normal);
    EQUAL(CALL(anna, serve, 0), RIG_WAITS);
    RESULT(CALL(root, send_answer, reported, { KERNE_NOT_MINE }, 1), normal);
    EQUAL(rig_result(anna), KERNE_BREAK);
    EQUAL(CALL(anna, serve, anna->x[R_A0], { KERNE_AGAIN }, 1), RIG_WAITS);
    EQUAL(process_wait(carl), KERNE_WAITS_NOT);
    EXPECT(this_hart->current != carl);
}

/* ---- answers ----------------------------------------------------------- */

static void a_foreign_call_is_one_conversation(void)
{
    begin();
    struct call creation = rig_creation("mute", 2);
    creation.w[6] = KERNE_MASK_FOREIGN;
    struct process *mute = rig_create(root, creation);
    EQUAL(CALL(mute, send_message, 5, { 6 }), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(rig_word(root, 1), KERNE_send_message);
    uint64_t x8 = mute->x[8];
    RESULT(answer(root, root->x[R_A0], KERNE_GO_ON), normal);
    EQUAL(mute->x[R_A0], 77);
    EQUAL(mute->x[R_PC], 0x1004);
    EQUAL(mute->x[8], x8);
    EQUAL(rig_call(mute, 99, (struct call){ 0 }), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_GO_ON }, 2), normal);
    EQUAL(mute->suspended, KERNE_SUSPENDED_STOP); /* no normal answer: stay */
}

static void going_on_knows_short_instructions(void)
{
    begin();
    RESULT(rig_map(root, anna, PAGE_AT, RIG_STORAGE, 1, ALL), normal);
    uint16_t *code = machine_physical(RIG_STORAGE);
    code[0] = 0x0001;
    code[1] = 0x0003;
    for (uint64_t i = 0; i < 2; i++) {
        const uint64_t words[KERNE_WORDS] = { KERNE_BREAK_ILLEGAL, 0, 0, 1 };
        rig_run(anna);
        anna->x[R_PC] = PAGE_AT + 2 * i;
        memcpy(anna->breaks->words, words, sizeof(words));
        EXPECT(break_raise(anna, anna, false) == WAITS);
        time_next(anna);
        EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
        uint64_t a0 = anna->x[R_A0];
        RESULT(answer(root, root->x[R_A0], KERNE_GO_ON), normal);
        EQUAL(anna->x[R_PC], PAGE_AT + (i == 0 ? 2 : 6));
        EQUAL(anna->x[R_A0], a0);
    }
}

static void modify_in_a_break(void)
{
    begin();
    uint64_t reference = process_reference(carl);
    struct kerne_register_file *file = machine_physical(RIG_STORAGE);
    RESULT(rig_map(root, anna, PAGE_AT, RIG_STORAGE, 1, ALL), normal);
    *file = (struct kerne_register_file){ .x = { 0x4000 } };
    EQUAL(touch(carl, 0), RIG_BROKE);
#define SET(p) \
    CALL(p, modify_internal_process, reference, { PAGE_AT, KERNE_STORE })
    RESULT(SET(bert), not_stopped);
    uint64_t reported = receive(bert, 0, false);
    RESULT(SET(anna), not_stopped);
    RESULT(SET(bert), normal);
    EQUAL(process_wait(carl), KERNE_WAITS_BREAK);
    RESULT(CALL(bert, stop_internal_process, reference), normal);
    RESULT(CALL(bert, start_internal_process, reference), normal);
    EQUAL(process_wait(carl), KERNE_WAITS_BREAK);
    RESULT(answer(bert, reported, KERNE_AGAIN), normal);
    EQUAL(carl->x[R_PC], 0x4000);
    RESULT(answer(bert, reported, KERNE_AGAIN), gone);
}

static void removed_in_a_break(void)
{
    begin();
    EQUAL(touch(carl, 0), RIG_BROKE);
    uint64_t reported = receive(bert, 0, false);
    RESULT(CALL(bert, remove_process, process_reference(carl)), normal);
    RESULT(answer(bert, reported, KERNE_AGAIN), gone);
    EQUAL(touch(bert, 0), RIG_BROKE);
    RESULT(CALL(anna, remove_process, process_reference(bert)), normal);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
}

static void a_break_grants_and_gives_nothing(void)
{
    begin();
    EQUAL(touch(carl, 0), RIG_BROKE);
    uint64_t reported = receive(bert, 0, false);
    RESULT(CALL(bert, general_copy, reported, { KERNE_FETCH, 0, 0, 0 }),
           no_grant);
    RESULT(CALL(bert, regret_message, reported), gone);
    RESULT(CALL(bert, wait_answer, reported), gone);
    EQUAL(CALL(bert, sender_path, reported, { 0 }), KERNE_r_normal);
}

/* ---- one's own breaks -------------------------------------------------- */

#define AREA (PAGE_AT + 0x100)

static void one_gets_ones_own_breaks(void)
{
    begin();
    RESULT(rig_map(root, anna, PAGE_AT, RIG_STORAGE, 1, ALL), normal);
    RESULT(CALL(anna, set_interrupt, AREA), normal);
    anna->x[9] = 99;
    RESULT(touch(anna, 0x5008), bad_address);
    EQUAL(anna->x[R_PC], AREA + KERNE_AREA_BYTES);
    uint64_t area[40];
    memcpy(area, machine_physical(RIG_STORAGE + 0x100), sizeof area);
    EQUAL(area[0], KERNE_BREAK_PAGE_FAULT);
    EQUAL(area[1], 0x5008);
    EQUAL(area[8], 0x1000);
    EQUAL(area[8 + 9], 99);
    EQUAL(touch(anna, 0x5008), RIG_BROKE); /* only once */
}

static void own_breaks_that_cannot_be_written(void)
{
    begin();
    RESULT(rig_map(root, anna, PAGE_AT, RIG_STORAGE, 1, ALL), normal);
    RESULT(CALL(anna, set_interrupt, PAGE_AT + KERNE_PAGE - 64), normal);
    EQUAL(touch(anna, 0), RIG_BROKE);
    EQUAL(anna->area, 0);
    RESULT(CALL(bert, set_interrupt, 0), normal);
    EQUAL(touch(bert, 0), RIG_BROKE);
    /* A page above one's own parent is never one's own affair. */
    RESULT(CALL(root, unmap, process_reference(anna), { PAGE_AT, 0, 1 }),
           normal);
    RESULT(CALL(carl, set_interrupt, AREA), normal);
    EQUAL(touch(carl, PAGE_AT), RIG_BROKE);
    EQUAL(carl->area, AREA);
}

static void set_interrupt_refused(void)
{
    static const uint64_t areas[] = {
        1,
        4,
        STORAGE_LIMIT,
        STORAGE_LIMIT - KERNE_AREA_BYTES + 8,
        UINT64_MAX - 7,
        UINT64_C(1) << 63,
    };
    begin();
    for (unsigned i = 0; i < sizeof areas / sizeof *areas; i++) {
        RESULT(CALL(anna, set_interrupt, areas[i]), bad_address);
    }
    RESULT(CALL(anna, set_interrupt, STORAGE_LIMIT - KERNE_AREA_BYTES), normal);
}

static void break_the_root(void)
{
    CALL(root, get_clock, 0);
    rig_call(root, 97, (struct call){ 0 });
}

static void the_root_halts_in_words(void)
{
    begin();
    EXPECT(rig_halts(break_the_root));
    EQUAL(simulator.halted, 2);
    EXPECT(strstr(simulator.printed, "root broke") != NULL);
}

static const struct test tests[] = {
    { "break.climbs.again_when_the_page_is_there",
      again_when_the_page_is_there },
    { "break.climbs.not_mine_goes_downwards", not_mine_goes_downwards },
    { "break.climbs.a_way_that_is_gone", not_mine_of_a_way_that_is_gone },
    { "break.climbs.stopped_between_the_answers", stopped_between_the_answers },
    { "break.foreign_call", a_foreign_call_is_one_conversation },
    { "break.go_on.short_instructions", going_on_knows_short_instructions },
    { "break.modify", modify_in_a_break },
    { "break.removed", removed_in_a_break },
    { "break.grants_and_gives_nothing", a_break_grants_and_gives_nothing },
    { "break.set_interrupt.once", one_gets_ones_own_breaks },
    { "break.set_interrupt.cannot_be_written",
      own_breaks_that_cannot_be_written },
    { "break.set_interrupt.refused", set_interrupt_refused },
    { "break.of_the_root", the_root_halts_in_words },
};

RIG_MAIN(tests)
