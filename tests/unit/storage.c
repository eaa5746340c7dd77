/* Windows: what random calls seldom come to, and steps of long functions. */
#include "rig.h"

static struct process *root, *anna, *bert;

#define BASE UINT64_C(0x80400000)
#define RW (KERNE_READ | KERNE_WRITE)
#define RWX (RW | KERNE_EXECUTE)

/* bert is anna's child. */
static void begin(void)
{
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(anna, "bert", 1);
}

static uint64_t physical;

static uint64_t touch(struct process *p, uint64_t address, uint64_t access)
{
    return rig_touch(p, address, access, &physical);
}

TEST("storage.map.refused")
{
    static const struct {
        uint64_t address, onto, pages, rights;
        enum kerne_result result;
    } refusals[] = {
        { STORAGE_LIMIT - KERNE_PAGE, 0, 2, RW, KERNE_r_bad_address },
        { 0, STORAGE_LIMIT - KERNE_PAGE, 2, RW, KERNE_r_bad_address },
        { 0xffffffffffff0000, 0, 16, RW, KERNE_r_bad_address },
        { 0, 0, 1, 0, KERNE_r_bad_argument },
        { 0, 0, 1, 8, KERNE_r_bad_argument },
        { 0, 0, 1, KERNE_WRITE, KERNE_r_bad_argument },
        { 0, 0, 1, KERNE_WRITE | KERNE_EXECUTE, KERNE_r_bad_argument },
        { 0, 0, 0, RW, KERNE_r_normal },
        { STORAGE_LIMIT, STORAGE_LIMIT, 0, RW, KERNE_r_normal },
        { STORAGE_LIMIT - KERNE_PAGE, STORAGE_LIMIT - KERNE_PAGE, 1, RW,
          KERNE_r_normal },
    };
    begin();
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        EQUAL(rig_map(root, anna, refusals[i].address, refusals[i].onto,
                      refusals[i].pages, refusals[i].rights),
              refusals[i].result);
    }
    EQUAL(anna->windows->pages, 1);
}

TEST("storage.long_maps_in_steps")
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 64, RW), normal);
    for (uint64_t i = 0; i < 64; i++) {
        RESULT(touch(anna, BASE + i * KERNE_PAGE, RW), normal);
    }
    EXPECT(
        !rig_step(root, KERNE_unmap,
                  (struct call){ process_reference(anna), { BASE, 0, 70 } }));
    RESULT(rig_call(root, UINT64_MAX, (struct call){ 0 }), normal);
    EQUAL(anna->windows->pages, 0);
    EQUAL(rig_word(root, 2), 0);
    EXPECT(!rig_step(root, KERNE_map,
                     (struct call){ process_reference(anna),
                                    { BASE, RIG_STORAGE, 100, RW } }));
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
}

/* What a page holds when it becomes executable is what is executed. */
TEST("storage.instructions_are_fenced")
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 2, RW), normal);
    RESULT(rig_map(root, anna, BASE + 2 * KERNE_PAGE, RIG_STORAGE, 1, RWX),
           normal);
    RESULT(rig_map(anna, bert, BASE, BASE + 2 * KERNE_PAGE, 1, KERNE_READ),
           normal);
    RESULT(touch(anna, BASE, RW), normal);
    EQUAL(simulator.fenced, 0);
    RESULT(touch(bert, BASE, KERNE_READ), normal);
    EQUAL(simulator.fenced, 1); /* anna can execute it now */
    RESULT(rig_map(anna, bert, BASE, BASE + 2 * KERNE_PAGE, 1, RWX), normal);
    RESULT(touch(bert, BASE, KERNE_READ), normal);
    EQUAL(simulator.fenced, 2);
    RESULT(touch(bert, BASE, KERNE_EXECUTE), normal);
    EQUAL(simulator.fenced, 2);
}

static bool is_cached(const struct process *p, uint64_t address)
{
    return *storage_entry(p, address / KERNE_PAGE) != 0;
}

/* The page for which a process waits is composed when it is mapped, if it is
 * cached above. */
TEST("storage.the_awaited_page")
{
    begin();
    EQUAL(touch(anna, BASE + 8, KERNE_WRITE), RIG_BROKE);
    RESULT(rig_map(root, anna, BASE + KERNE_PAGE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, KERNE_READ), normal);
    EXPECT(!is_cached(anna, BASE));
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    EXPECT(is_cached(anna, BASE));
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_AGAIN }, 1), normal);
    EQUAL(touch(bert, BASE, KERNE_READ), RIG_BROKE);
    RESULT(rig_map(anna, bert, BASE, BASE + KERNE_PAGE, 1, RW), normal);
    EXPECT(!is_cached(bert, BASE)); /* anna has not touched it */
}

/* The way has changed before the break is offered downwards: the process tries
 * again. */
TEST("break.climbs.a_way_that_is_gone")
{
    begin();
    struct call creation = rig_creation("carl", 1);
    creation.w[3] = creation.w[4] = 0;
    creation.w[5] = 3;
    RESULT(CALL(anna, set_claims, process_reference(bert), { 1, 1, 6 }),
           normal);
    struct process *carl = rig_create(bert, creation);
    RESULT(rig_map(anna, bert, BASE, BASE, 1, RW), normal);
    RESULT(rig_map(bert, carl, BASE, BASE, 1, RW), normal);
    EQUAL(touch(carl, BASE, KERNE_READ), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    uint64_t reported = root->x[R_A0];
    RESULT(CALL(bert, unmap, process_reference(carl), { BASE, 0, 1 }), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_NOT_MINE }, 1), normal);
    EQUAL(process_wait(carl), KERNE_WAITS_NOT);
    EQUAL(touch(carl, BASE, KERNE_READ), RIG_BROKE);
    EQUAL(CALL(bert, wait_message, 0), KERNE_BREAK);
}

/* Who is stopped in a break is so when that is offered downwards, too. */
TEST("break.climbs.while_it_is_stopped")
{
    begin();
    RESULT(rig_map(anna, bert, BASE, BASE, 1, RW), normal);
    EQUAL(touch(bert, BASE, KERNE_READ), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    uint64_t reported = root->x[R_A0];
    RESULT(CALL(root, stop_internal_process, process_reference(bert)), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_NOT_MINE }, 1), normal);
    EXPECT(!time_may_switch_to(bert));
    EQUAL(CALL(anna, wait_message, 0), KERNE_BREAK);
}

TEST("break.set_interrupt.refused")
{
    const uint64_t last = STORAGE_LIMIT - KERNE_AREA_BYTES;
    begin();
    RESULT(CALL(anna, set_interrupt, 4), bad_address);
    RESULT(CALL(anna, set_interrupt, last), normal);
    RESULT(CALL(anna, set_interrupt, last + 8), bad_address);
    RESULT(CALL(anna, set_interrupt, UINT64_MAX - 7), bad_address);
}

/* What lies far off is described after some steps, each bounded. */
TEST("describe.windows.in_steps")
{
    const uint64_t far = STORAGE_LIMIT - KERNE_PAGE;
    uint64_t cursor = 0, steps = 0;
    begin();
    RESULT(rig_map(root, bert, far, RIG_STORAGE, 1, RW), normal);
    do {
        RESULT(CALL(root, describe, process_reference(bert),
                    { KERNE_DESCRIBE_WINDOW, cursor }),
               normal);
        EXPECT(root->x[R_A0] > cursor);
        cursor = root->x[R_A0];
    } while (rig_word(root, 2) == 0 && ++steps < 10000);
    EXPECT(steps > 0);
    EQUAL(rig_word(root, 0), far);
}
