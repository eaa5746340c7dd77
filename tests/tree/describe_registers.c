/*
 * Describe tells all, as in describe_tells.c.  Here: every register, every
 * window, and the tree.
 */
#include "told.h"

static uint64_t told_sp[MEMBERS];

/* Does the test know what this register should hold?  A call may have put
 * anything of the process's own into those that it does not keep. */
static bool known(unsigned number, unsigned i)
{
    if (number == UNBORN) { return true; }
    if (i == REGISTER_SP || (number == SPINNER && i == REGISTER_T0)) {
        return false;
    }
    return number == SPINNER || member[number].wait == KERNE_WAITS_BREAK ||
           registers_kept(i);
}

/* Of a process in a call, the pc is at the call or behind it. */
static bool right_pc(unsigned number, uint64_t pc)
{
    switch (number) {
    case UNBORN: return pc == member[UNBORN].before.x[0];
    case SPINNER: return pc - (uint64_t)registers_spin_here < 8;
    case BROKEN:
    case CRASHED: return pc == (uint64_t)registers_break_here;
    default: return pc - (uint64_t)registers_call_here <= 4;
    }
}

static void check_registers_of(unsigned number)
{
    const struct member *m = &member[number];
    struct register_file file;
    told_registers(m->child.reference, &file);
    expect_equal_of(m->name, right_pc(number, file.x[0]), true);
    for (unsigned i = 1; i < 32; i++) {
        if (known(number, i)) {
            expect_equal_of(m->name, file.x[i], m->before.x[i]);
        }
        expect_equal_of(m->name, file.x[i] >> 63, 0);
    }
    for (unsigned i = 0; i < 32; i++) {
        expect_equal_of(m->name, file.f[i], m->before.f[i]);
    }
    expect_equal_of(m->name, file.fcsr, m->before.fcsr);
    told_sp[number] = file.x[REGISTER_SP];
}

static void check_registers(void)
{
    for (unsigned i = 0; i < MEMBERS; i++) { check_registers_of(i); }
}

/* Where each stack was, its process says afterwards. */
static void registers(void)
{
    members_in_the_middle(check_registers);
    for (unsigned i = 0; i < MEMBERS; i++) {
        if (i != UNBORN && i != SPINNER) {
            expect_equal_of(member[i].name, told_sp[i],
                            member[i].after.x[REGISTER_SP]);
        }
    }
}

/* ---- storage ------------------------------------------------------------ */

static void check_windows(void)
{
    for (unsigned i = 0; i < MEMBERS; i++) {
        uint64_t touched =
            told_windows(member[i].name, member[i].child.reference);
        if (i == UNBORN) { expect_equal(touched, 0); }
        if (i == SPINNER) { expect(touched > 0); }
    }
}

static void windows(void) { members_in_the_middle(check_windows); }

/* ---- the tree ----------------------------------------------------------- */

/* Is this a child of the boss's?  Each is asked for once, a bit each. */
static uint64_t bit_of(uint64_t reference)
{
    for (unsigned i = BOSS + 1; i < MEMBERS; i++) {
        if (member[i].child.reference == reference) { return UINT64_C(1) << i; }
    }
    return reference == members_front ? UINT64_C(1) << FRONT : 0;
}

static void check_tree(void)
{
    uint64_t boss = member[BOSS].child.reference;
    struct kerne_words words = told(boss, KERNE_DESCRIBE_TREE, 0);
    expect_equal(words.w[2], 0);
    expect_equal(told(0, KERNE_DESCRIBE_TREE, 0).w[1], boss);
    uint64_t seen = 0;
    for (uint64_t child = words.w[1]; child; child = words.w[2]) {
        words = told(child, KERNE_DESCRIBE_TREE, 0);
        expect_equal(words.w[0], boss);
        expect_equal(words.w[1], 0);
        require(expect_equal(seen & bit_of(child), 0));
        seen |= bit_of(child);
    }
    expect_equal(seen, (UINT64_C(2) << FRONT) - 2);
}

static void tree(void) { members_in_the_middle(check_tree); }

const struct test tests[] = {
    { .name = "tree.describe_tells.registers", .function = registers },
    { .name = "tree.describe_tells.windows", .function = windows },
    { .name = "tree.describe_tells.tree", .function = tree },
    { NULL, .function = NULL },
};
