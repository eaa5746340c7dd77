#include "attack.h"

#include <stdio.h>

/* One for each child that runs, until all are removed. */
#define STACKS 48
static char stacks[STACKS][KIN_STACK_BYTES] __attribute__((aligned(16)));
static unsigned stacks_used;

uint64_t attack_free(enum attack_claim claim)
{
    struct kerne_claim_record record;
    (void)kerne_describe_claim(0, (enum kerne_claim)claim, &record);
    return record.free;
}

bool attack_make(const struct attack_order *order, uint64_t *ret_reference)
{
    unsigned stack = __atomic_fetch_add(&stacks_used, 1, __ATOMIC_SEQ_CST);
    char name[KERNE_NAME_BYTES];
    (void)snprintf(name, sizeof(name), "child%u", (unsigned)order->number);
    struct kin kin = {
        .creation = { .parent = order->parent,
                      .name = name,
                      .number = order->number,
                      .buffers = order->buffers,
                      .processes = order->processes,
                      .tables = KIN_TABLES + order->tables,
                      .mask = KERNE_MASK_ALL },
        .begin = order->begin,
        .stack = stacks[stack % STACKS],
    };
    bool made = stack < STACKS && kin_make(&kin) == KERNE_r_normal;
    *ret_reference = kin.reference;
    return made;
}

void attack_nap(uint64_t microseconds)
{
    (void)kerne_delay(kerne_ticks(microseconds));
}

void attack_work(uint64_t microseconds)
{
    uint64_t end = kerne_get_clock() + kerne_ticks(microseconds);
    while (kerne_get_clock() < end) {}
}

void attack_clear(void)
{
    struct kerne_tree_record tree;
    while (kerne_describe_tree(0, &tree) == KERNE_r_normal &&
           tree.first_child != 0) {
        (void)kerne_remove(tree.first_child);
    }
    stacks_used = 0;
}
