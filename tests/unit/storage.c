/* Windows: map, unmap, first touch, physical address. */
#include "rig.h"

static struct process *root, *anna, *bert, *carl;

#define BASE UINT64_C(0x80400000)
#define RW (KERNE_READ | KERNE_WRITE)
#define RWX (RW | KERNE_EXECUTE)
#define LARGE UINT64_C(0x200000)

/* bert is anna's child, carl is bert's. */
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
}

static uint64_t physical;

static uint64_t touch(struct process *p, uint64_t address, uint64_t access)
{
    return rig_touch(p, address, access, &physical);
}

/* p is in a break for a page of its own; its parent takes it. */
static void expect_break(struct process *p, uint64_t address, uint64_t access)
{
    struct process *parent = p->parent;
    EQUAL(CALL(parent, wait_message, 0), KERNE_BREAK);
    EQUAL(parent->x[R_FUNCTION], KERNE_ADDRESS(0, p->number));
    EQUAL(rig_word(parent, 0), KERNE_BREAK_PAGE_FAULT);
    EQUAL(rig_word(parent, 1), address);
    EQUAL(rig_word(parent, 2), access);
    EQUAL(rig_word(parent, 3), p->x[R_PC]);
    EQUAL(rig_word(parent, 4), 0);
}

/* ---- windows ----------------------------------------------------------- */

static void a_window_shows_the_parents_page(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 3, RWX), normal);
    EQUAL(rig_word(root, 2), 0);
    EQUAL(rig_word(root, 0), BASE + 3 * KERNE_PAGE);
    RESULT(touch(anna, BASE + 0x1234, KERNE_WRITE), normal);
    EQUAL(physical, RIG_STORAGE + 0x1234);
    EQUAL(touch(anna, BASE + 3 * KERNE_PAGE, KERNE_READ), RIG_BROKE);
    expect_break(anna, BASE + 3 * KERNE_PAGE, KERNE_READ);
}

static void rights_are_those_of_the_chain(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(anna, bert, BASE, BASE, 1, RWX), normal);
    RESULT(rig_map(bert, carl, 0, BASE, 1, KERNE_READ), normal);
    RESULT(touch(carl, 0, KERNE_READ), normal);
    EQUAL(physical, RIG_STORAGE);
    EQUAL(touch(carl, 8, KERNE_WRITE), RIG_BROKE);
    expect_break(carl, 8, KERNE_WRITE);
    EQUAL(touch(bert, BASE, KERNE_EXECUTE), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 1) | KERNE_SENDER_INSIDE);
    EQUAL(rig_word(root, 1), BASE);
    EQUAL(rig_word(root, 3), 0);
    EQUAL(rig_word(root, 4), 1);
}

/* Whatever the hart keeps of the numbers of two address spaces. */
static void translations_are_ones_own(void)
{
    for (unsigned bits = 0; bits <= 16; bits += 4) {
        begin();
        simulator_begin_root(root, bits);
        RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 2, RW), normal);
        RESULT(rig_map(anna, bert, BASE, BASE + KERNE_PAGE, 1, RW), normal);
        for (int i = 0; i < 3; i++) {
            RESULT(touch(anna, BASE, KERNE_WRITE), normal);
            EQUAL(physical, RIG_STORAGE);
            RESULT(touch(bert, BASE, KERNE_WRITE), normal);
            EQUAL(physical, RIG_STORAGE + KERNE_PAGE);
        }
    }
}

static void several_windows_on_one_page(void)
{
    begin();
    struct process *dora = rig_child(root, "dora", 2);
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(root, anna, BASE + LARGE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(root, dora, 0, RIG_STORAGE, 1, RW), normal);
    RESULT(touch(anna, BASE, RW), normal);
    RESULT(touch(anna, BASE + LARGE, RW), normal);
    RESULT(touch(dora, 0, RW), normal);
    EQUAL(physical, RIG_STORAGE);
    RESULT(CALL(root, unmap, process_reference(anna), { BASE, 0, 1 }), normal);
    EQUAL(touch(anna, BASE, KERNE_READ), RIG_BROKE);
    RESULT(touch(dora, 0, RW), normal);
}

static void revocation_reaches_every_depth(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 2, RWX), normal);
    RESULT(rig_map(anna, bert, BASE, BASE, 2, RWX), normal);
    RESULT(rig_map(bert, carl, BASE, BASE, 2, RWX), normal);
    RESULT(touch(carl, BASE, RWX), normal);
    RESULT(touch(carl, BASE + KERNE_PAGE, RWX), normal);
    uint64_t forgotten = simulator.forgotten;
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, KERNE_READ), normal);
    EXPECT(simulator.forgotten > forgotten);
    RESULT(touch(carl, BASE + KERNE_PAGE, RWX), normal);
    RESULT(touch(carl, BASE, KERNE_READ), normal);
    EQUAL(touch(carl, BASE, KERNE_WRITE), RIG_BROKE);
    EQUAL(CALL(root, wait_message, 0), KERNE_BREAK);
    uint64_t reported = root->x[R_A0];
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE + KERNE_PAGE, 1, RWX), normal);
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    RESULT(touch(carl, BASE, KERNE_WRITE), normal);
    EQUAL(physical, RIG_STORAGE + KERNE_PAGE);
}

static void devices_and_holes(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_DEVICE, 2, RWX), normal);
    RESULT(rig_map(root, anna, BASE + LARGE, 0, 1, RWX), normal);
    RESULT(touch(anna, BASE + KERNE_PAGE, RW), normal);
    EQUAL(physical, RIG_DEVICE + KERNE_PAGE);
    EQUAL(touch(anna, BASE, KERNE_EXECUTE), RIG_BROKE);
    expect_break(anna, BASE, KERNE_EXECUTE);
    RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_AGAIN }, 1), normal);
    EQUAL(touch(anna, BASE + LARGE + 16, KERNE_READ), RIG_BROKE);
    expect_break(anna, BASE + LARGE + 16, KERNE_READ);
}

/* ---- refusals ---------------------------------------------------------- */

struct refusal {
    uint64_t address, onto, pages, rights;
    enum kerne_result result;
};

static void map_refused(void)
{
    static const struct refusal refusals[] = {
        { 1, 0, 1, RW, KERNE_r_bad_address },
        { 0, 8, 1, RW, KERNE_r_bad_address },
        { STORAGE_LIMIT, 0, 1, RW, KERNE_r_bad_address },
        { 0, STORAGE_LIMIT, 1, RW, KERNE_r_bad_address },
        { STORAGE_LIMIT - KERNE_PAGE, 0, 2, RW, KERNE_r_bad_address },
        { 0, STORAGE_LIMIT - KERNE_PAGE, 2, RW, KERNE_r_bad_address },
        { 0, 0, UINT64_MAX, RW, KERNE_r_bad_address },
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
        const struct refusal *r = &refusals[i];
        EQUAL(rig_map(root, anna, r->address, r->onto, r->pages, r->rights),
              r->result);
    }
    EQUAL(anna->windows->pages, 1);
    RESULT(rig_map(anna, anna, 0, 0, 1, RW), not_descendant);
    RESULT(rig_map(bert, anna, 0, 0, 1, RW), not_descendant);
    RESULT(CALL(root, unmap, process_reference(anna), { 1, 0, 1 }),
           bad_address);
    RESULT(CALL(root, unmap, process_reference(anna), { 0, 0, UINT64_MAX }),
           bad_address);
    RESULT(CALL(bert, unmap, process_reference(anna), { 0, 0, 1 }),
           not_descendant);
}

/* Tables: one for 2 MiB, one for the GiB, as far as the claim goes. */
static void tables_are_charged(void)
{
    root = rig_begin(20, 40, 90);
    struct call creation = rig_creation("anna", 1);
    creation.w[5] = 6;
    anna = rig_create(root, creation);
    uint64_t used = look_used(anna, TABLES);
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 512, RW), normal);
    EQUAL(look_used(anna, TABLES), used + 2);
    RESULT(rig_map(root, anna, BASE + LARGE, RIG_STORAGE, 1, RW), normal);
    EQUAL(look_used(anna, TABLES), used + 3);
    RESULT(rig_map(root, anna, 0, RIG_STORAGE, 1, RW), normal);
    EQUAL(look_used(anna, TABLES), used + 5);
    EQUAL(look_free(anna, TABLES), 0);
    RESULT(rig_map(root, anna, LARGE - KERNE_PAGE, RIG_STORAGE, 3, RW),
           no_tables);
    EQUAL(rig_word(root, 2), 2); /* pages not done */
    EQUAL(rig_word(root, 0), LARGE);
    RESULT(touch(anna, LARGE - KERNE_PAGE, RW), normal);
    EQUAL(touch(anna, LARGE, KERNE_READ), RIG_BROKE);
    RESULT(CALL(root, unmap, process_reference(anna),
                { 0, 0, STORAGE_LIMIT / KERNE_PAGE }),
           normal);
    EQUAL(look_used(anna, TABLES), used);
    EQUAL(anna->windows->pages, 0);
}

/* Nothing is left of a table that could be had, when the next cannot. */
static void half_a_path_of_tables(void)
{
    begin();
    struct call creation = rig_creation("dora", 2);
    creation.w[5] = 2;
    struct process *dora = rig_create(root, creation);
    RESULT(rig_map(root, dora, BASE, RIG_STORAGE, 1, RW), no_tables);
    EQUAL(look_free(dora, TABLES), 1);
}

/* ---- the rest ---------------------------------------------------------- */

static void long_maps_in_steps(void)
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

static void physical_address(void)
{
    begin();
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, KERNE_READ), normal);
    RESULT(rig_map(root, anna, 0, RIG_STORAGE, 1, KERNE_EXECUTE), normal);
    RESULT(CALL(anna, physical_address, BASE + 0x777), normal);
    EQUAL(anna->x[R_A0], RIG_STORAGE + 0x777);
    RESULT(CALL(anna, physical_address, STORAGE_LIMIT), bad_address);
    RESULT(CALL(anna, physical_address, UINT64_MAX), bad_address);
    RESULT(CALL(root, physical_address, RIG_DEVICE + 5), normal);
    EQUAL(root->x[R_A0], RIG_DEVICE + 5);
    EQUAL(CALL(anna, physical_address, 0), RIG_BROKE);
    expect_break(anna, 0, KERNE_READ);
    EQUAL(anna->x[R_A0], 0);
}

static void beyond_all_addresses(void)
{
    static const uint64_t addresses[] = {
        STORAGE_LIMIT,
        STORAGE_LIMIT + 8,
        UINT64_MAX - 7,
        UINT64_C(1) << 63,
        UINT64_C(0xffffffc080200000),
    };
    begin();
    for (unsigned i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        EQUAL(touch(anna, addresses[i], KERNE_READ), RIG_BROKE);
        expect_break(anna, addresses[i], KERNE_READ);
        RESULT(CALL(root, send_answer, root->x[R_A0], { KERNE_AGAIN }, 1),
               normal);
    }
}

static bool is_cached(const struct process *p, uint64_t address)
{
    return *storage_entry(p, address / KERNE_PAGE) != 0;
}

/* The page for which a process waits is composed when it is mapped, if it is
 * cached above. */
static void the_awaited_page(void)
{
    begin();
    EQUAL(touch(anna, BASE + 8, KERNE_WRITE), RIG_BROKE);
    expect_break(anna, BASE + 8, KERNE_WRITE);
    uint64_t reported = root->x[R_A0];
    RESULT(rig_map(root, anna, BASE + KERNE_PAGE, RIG_STORAGE, 1, RW), normal);
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, KERNE_READ), normal);
    EXPECT(!is_cached(anna, BASE));
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, RW), normal);
    EXPECT(is_cached(anna, BASE));
    RESULT(CALL(root, send_answer, reported, { KERNE_AGAIN }, 1), normal);
    rig_run(anna);
    EXPECT(simulator_access(anna, BASE + 8, KERNE_WRITE, &physical));
    EQUAL(physical, RIG_STORAGE + 8);
    EQUAL(touch(bert, BASE, KERNE_READ), RIG_BROKE);
    expect_break(bert, BASE, KERNE_READ);
    RESULT(rig_map(anna, bert, BASE, BASE + KERNE_PAGE, 1, RW), normal);
    EXPECT(!is_cached(bert, BASE)); /* anna has not touched it */
}

/* What a page holds when it becomes executable is what is executed. */
static void instructions_are_fenced(void)
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

static const struct test tests[] = {
    { "storage.a_window_shows_the_parents_page",
      a_window_shows_the_parents_page },
    { "storage.rights_are_those_of_the_chain", rights_are_those_of_the_chain },
    { "storage.translations_are_ones_own", translations_are_ones_own },
    { "storage.several_windows_on_one_page", several_windows_on_one_page },
    { "storage.revocation_reaches_every_depth",
      revocation_reaches_every_depth },
    { "storage.devices_and_holes", devices_and_holes },
    { "storage.map.refused", map_refused },
    { "storage.tables_are_charged", tables_are_charged },
    { "storage.half_a_path_of_tables", half_a_path_of_tables },
    { "storage.long_maps_in_steps", long_maps_in_steps },
    { "storage.physical_address", physical_address },
    { "storage.beyond_all_addresses", beyond_all_addresses },
    { "storage.the_awaited_page", the_awaited_page },
    { "storage.instructions_are_fenced", instructions_are_fenced },
};

RIG_MAIN(tests)
