/* Children of figures, with storage that they have touched. */
#include "lent.h"

#include "bench.h"

#include <program.h>

/* In the child: far from its program, and aligned as the widest table is. */
#define WHERE UINT64_C(0x1000000000)
#define PAGES_OF_TABLE (KERNE_LARGE_PAGE / KERNE_PAGE)

static struct kerne_range lent;

void lent_set(uint64_t first, uint64_t bytes)
{
    lent = (struct kerne_range){ first, first + bytes };
}

bool lent_behind_arena(uint64_t bytes)
{
    uint64_t first = family_arena() + ARENA_BYTES;
    const struct kerne_range *range = kerne_start_record->storage;
    for (unsigned i = 0; i < KERNE_START_RANGES; i++) {
        if (range[i].first <= first && first + bytes <= range[i].last) {
            lent_set(first, bytes);
            return true;
        }
    }
    return false;
}

uint64_t lent_bytes(void) { return lent.last - lent.first; }

/* A foreign child can do this too: it ends in a break. */
static void touch_all(uint64_t bytes)
{
    for (uint64_t at = 0; at < bytes; at += KERNE_PAGE) {
        (void)*(volatile uint64_t *)(WHERE + at);
    }
    __asm__ volatile("ebreak");
}

static uint64_t tables_of(uint64_t bytes)
{
    uint64_t pages = bytes / KERNE_PAGE;
    return 2 + (pages + PAGES_OF_TABLE - 1) / PAGES_OF_TABLE;
}

/* It is suspended before and after. */
static uint64_t touch(struct test_child *child)
{
    uint64_t left;
    uint64_t bytes = lent_bytes();
    uint64_t result =
        kerne_map(child->reference, WHERE, lent.first, bytes / KERNE_PAGE,
                  KERNE_READ | KERNE_WRITE, &left);
    if (result != KERNE_r_normal) { return result; }
    child_set_function(child, touch_all, bytes);
    kerne_start(child->reference);
    struct kerne_received r = expect_break(child, KERNE_BREAK_BREAKPOINT);
    expect_result(kerne_stop(child->reference), normal);
    child_set_function(child, child->function, child->argument);
    return family_answer_break(r.buffer, KERNE_AGAIN, 0);
}

uint64_t bench_make_with(struct test_child *ret_child, const char *name,
                         uint64_t number, void (*function)(uint64_t),
                         uint64_t argument, const struct child_options *options)
{
    struct child_options more = *options;
    if (lent_bytes() > 0) {
        uint64_t usual = CHILD_TABLES * (1 + more.processes);
        more.tables =
            (more.tables ? more.tables : usual) + tables_of(lent_bytes());
    }
    uint64_t result =
        child_make_with(ret_child, name, number, function, argument, &more);
    return result != KERNE_r_normal || lent_bytes() == 0 ? result
                                                         : touch(ret_child);
}
