/*
 * spender PAGES: gives all its window tables away to a child, whenever it has
 * some free, and uses so many pages of its storage meanwhile, in turn.  A
 * parent that takes pages away must have kept the tables for them.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 4

static void spend(uint64_t number)
{
    struct kerne_claim_record tables;
    struct kerne_creation creation = {
        .number = number,
    };
    char name[KERNE_NAME_BYTES];
    uint64_t heir, result;
    snprintf(name, sizeof name, "heir%lu", (unsigned long)number);
    creation.name = name;
    (void)kerne_describe_claim(0, KERNE_CLAIM_TABLES, &tables);
    creation.tables = tables.free;
    if (tables.free == 0) { return; }
    result = kerne_create(&creation, &heir);
    if (result != KERNE_r_normal) {
        kerne_give_up("spender: %s", kerne_result_text(result));
    }
}

int main(int argc, char **argv)
{
    uint64_t pages = strtoull(argc > 1 ? argv[1] : "", NULL, 10);
    uint64_t *area = malloc(pages * KERNE_PAGE), wrong = 0, spent = 0;
    if (area == NULL) { kerne_give_up("spender: it needs more storage"); }
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (uint64_t page = 0; page < pages; page++) {
            uint64_t *word = &area[page * KERNE_PAGE / sizeof *word];
            if (page % 64 == 0) { spend(spent++); }
            wrong += *word != round * page;
            *word += page;
        }
    }
    printf("spender: %lu of %lu pages are wrong\n", (unsigned long)wrong,
           (unsigned long)pages);
    return 0;
}
