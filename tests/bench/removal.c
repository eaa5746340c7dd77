/*
 * A tree of thousands of processes is made and removed, for longest_off.py,
 * which counts from outside how long interrupts are off meanwhile.
 */
#include <harness.h>

#define BRANCHES 60
#define LEAVES 50 /* of each branch */
#define APART UINT64_C(0x200000)

static uint64_t make(uint64_t parent, uint64_t number, uint64_t processes)
{
    char name[] = { 'p', (char)('0' + number / 10), (char)('0' + number % 10),
                    '\0' };
    uint64_t reference;
    expect_result(
        kerne_create(&(struct kerne_creation){ .parent = parent,
                                               .name = name,
                                               .number = number,
                                               .processes = processes,
                                               .tables = 1 + processes,
                                               .mask = KERNE_MASK_ALL },
                     &reference),
        normal);
    return reference;
}

static void a_tree(void)
{
    uint64_t trunk = make(0, 0, BRANCHES * (LEAVES + 1));
    uint64_t made = 1;
    for (uint64_t b = 0; b < BRANCHES; b++) {
        uint64_t branch = make(trunk, b, LEAVES);
        for (uint64_t l = 0; l < LEAVES && expect_failures() == 0; l++) {
            make(branch, l, 0);
            made++;
        }
        made++;
    }
    expect(made > 3000);
    expect_result(kerne_remove(trunk), normal);
}

/* One that has all that there is to take down. */
static void a_wide_process(void)
{
    uint64_t left;
    uint64_t page = family_arena();
    uint64_t child;
    expect_result(
        kerne_create(&(struct kerne_creation){ .name = "wide",
                                               .number = 1,
                                               .tables = 600,
                                               .mask = KERNE_MASK_ALL },
                     &child),
        normal);
    expect_result(
        kerne_map(child, 0, page, ARENA_BYTES / KERNE_PAGE, KERNE_READ, &left),
        normal);
    for (uint64_t i = 2; i < 500; i++) {
        expect_result(kerne_map(child, i * APART + i * KERNE_PAGE, page, 1,
                                KERNE_READ, &left),
                      normal);
    }
    expect_result(kerne_unmap(child, 0, 256, &left), normal);
    expect_result(kerne_remove(child), normal);
}

const struct test tests[] = {
    { .name = "removal.of_a_tree", .function = a_tree, .as_root = true },
    { .name = "removal.of_a_wide_process",
      .function = a_wide_process,
      .as_root = true },
    { NULL, .function = NULL },
};
