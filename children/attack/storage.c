/* Attacks by storage: window tables, and pages that are missing. */
#include "attack.h"

#define TABLE_BYTES (512u * KERNE_PAGE) /* that one table stands for */

static char page[KERNE_PAGE] __attribute__((aligned(4096)));

/* ---- tables -------------------------------------------------------------- */

/* Windows as far from each other as it takes for each to want a table of its
 * own; at the refusal all are closed, and opened again elsewhere. */
void attack_tables(void)
{
    struct kerne_creation creation = {
        .name = "wide",
        .tables = attack_free(ATTACK_TABLES),
        .mask = KERNE_MASK_FOREIGN,
    };
    uint64_t child;
    uint64_t left;
    (void)kerne_create(&creation, &child);
    for (uint64_t begin = 0;; begin = (begin + KERNE_PAGE) % TABLE_BYTES) {
        uint64_t address = begin;
        while (kerne_map(child, address, (uint64_t)page, 1, KERNE_READ,
                         &left) == KERNE_r_normal) {
            address += TABLE_BYTES;
        }
        (void)kerne_unmap(child, 0, UINT64_C(1) << 26, &left);
    }
}

/* ---- faults -------------------------------------------------------------- */

static void touch_nothing(void)
{
    for (;;) { *(volatile char *)(uint64_t)TABLE_BYTES = 0; }
}

/* A page fault without end: the parent says `again`, and gives no page. */
void attack_faults(void)
{
    uint64_t reference;
    uint64_t buffer = 0;
    (void)attack_make(&(struct attack_order){ .begin = touch_nothing },
                      &reference);
    for (;;) {
        struct kerne_words again = { { KERNE_AGAIN } };
        buffer = kerne_serve(buffer, KERNE_r_normal, &again).buffer;
    }
}
