/*
 * How wide, and how many: all the children that a process can have, and all the
 * processes of the machine.  At each limit is a refusal that names it; it is
 * gone when what reached it is.
 */
#include <harness.h>

/* ---- wide --------------------------------------------------------------- */

static uint64_t children[KERNE_CHILDREN];

static uint64_t children_told(void)
{
    uint64_t count = 0;
    uint64_t child = family_describe(0, KERNE_DESCRIBE_TREE, 0, 1);
    while (child && count <= KERNE_CHILDREN) {
        count++;
        child = family_describe(child, KERNE_DESCRIBE_TREE, 0, 2);
    }
    return count;
}

/* Removed in another order, and made anew. */
static void wide(void)
{
    for (unsigned round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
            require(
                expect_result(family_empty(0, i, 0, 1, &children[i]), normal));
        }
        expect_equal(children_told(), KERNE_CHILDREN);
        for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
            uint64_t address;
            char name[KERNE_NAME_BYTES];
            family_numbered(i, name);
            expect_result(kerne_look_up(name, &address), normal);
            expect_equal(address, KERNE_ADDRESS(0, i));
        }
        uint64_t one_more;
        expect_result(family_empty(0, KERNE_CHILDREN, 0, 1, &one_more),
                      number_out_of_range);
        for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
            uint64_t number = (i * 131 + 7) % KERNE_CHILDREN;
            expect_result(kerne_remove(children[number]), normal);
        }
        expect_equal(children_told(), 0);
    }
}

/* ---- thousands of processes --------------------------------------------- */

#define NEST 200 /* children of one parent, below the root */

static uint64_t free_processes(void) { return family_free(1); }
static uint64_t free_tables(void) { return family_free(2); }

/* An internal process while there are tables, then pseudo processes. */
static uint64_t make_one(uint64_t nest, uint64_t number)
{
    uint64_t child;
    char name[KERNE_NAME_BYTES];
    family_numbered(number, name);
    uint64_t result = family_empty(nest, number, 0, 1, &child);
    return result != KERNE_r_no_tables
               ? result
               : kerne_create_pseudo(nest, name, number, KERNE_VACANT, &child);
}

/* Makes a nest and fills it to its claim; the root keeps a table for each nest
 * to come.  How many there are now. */
static uint64_t fill_nest(uint64_t index)
{
    uint64_t free = free_processes() - 1, tables = free_tables();
    uint64_t room = free < NEST ? free : NEST;
    tables = tables > KERNE_CHILDREN ? tables - KERNE_CHILDREN : 1;
    if (!expect_result(family_empty(0, index, room,
                                    tables < room + 1 ? tables : room + 1,
                                    &children[index]),
                       normal)) {
        return 0;
    }
    for (uint64_t i = 0; i < room; i++) {
        if (!expect_result(make_one(children[index], i), normal)) { return i; }
    }
    expect_result_of("one more in a nest", make_one(children[index], room),
                     KERNE_r_no_processes);
    return 1 + room;
}

/* Until every process of the machine is in use. */
static void thousands(void)
{
    uint64_t all = free_processes(), made = 0, count = 0, child;
    expect(all >= 2000);
    while (free_processes() > 0 && expect_failures() == 0) {
        made += fill_nest(count++);
    }
    expect_equal(made, all);
    expect_result(family_empty(0, count, 0, 1, &child), no_processes);
    expect_result(kerne_create_pseudo(0, "late", count, KERNE_VACANT, &child),
                  no_processes);
    while (count > 0) {
        expect_result(kerne_remove(children[--count]), normal);
    }
    expect_equal(free_processes(), all);
}

const struct test tests[] = {
    { "tree.limits.wide", wide, .as_root = true },
    { "tree.limits.thousands_of_processes", thousands, .as_root = true },
    { NULL },
};
