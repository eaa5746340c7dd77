/* Attacks by processes: many, short-lived, deep, stopped and started. */
#include "attack.h"

#include <stdio.h>

#define WHILE 5000 /* microseconds */
#define OFTEN 200

/* ---- bomb ---------------------------------------------------------------- */

/* Two children with half of what there is for each, which do the same; who can
 * have none computes. */
static void multiply(void)
{
    bool made = false;
    for (uint64_t number = 0; number < 2; number++) {
        uint64_t reference;
        uint64_t processes = attack_free(ATTACK_PROCESSES);
        uint64_t tables = attack_free(ATTACK_TABLES) / (2 - number);
        made |=
            processes > 0 && tables > KIN_TABLES &&
            attack_make(&(struct attack_order){ .number = number,
                                                .begin = multiply,
                                                .processes = (processes - 1) /
                                                             (2 - number),
                                                .tables = tables - KIN_TABLES },
                        &reference);
    }
    for (;;) {
        if (!made) { attack_spin(); }
        (void)kerne_wait_message();
    }
}

/* Children, and children's children, until all is used up; and then anew. */
void attack_bomb(void)
{
    for (;;) {
        uint64_t reference;
        (void)attack_make(
            &(struct attack_order){
                .begin = multiply,
                .processes = attack_free(ATTACK_PROCESSES) - 1,
                .tables = attack_free(ATTACK_TABLES) - KIN_TABLES },
            &reference);
        attack_nap(WHILE);
        attack_clear();
    }
}

/* ---- the life of a process ----------------------------------------------- */

void attack_create(void)
{
    for (;;) {
        uint64_t reference;
        (void)attack_make(&(struct attack_order){ .begin = attack_spin },
                          &reference);
        attack_clear();
    }
}

/* As deep as it goes, each under the one before it, and all computing.
 * Returns the reference of the uppermost. */
static uint64_t build(void)
{
    struct attack_order order = {
        .begin = attack_spin,
        .processes = attack_free(ATTACK_PROCESSES),
        .tables = attack_free(ATTACK_TABLES),
    };
    uint64_t first = 0;
    while (order.processes > 0 && order.tables >= KIN_TABLES) {
        order.processes--;
        order.tables -= KIN_TABLES;
        if (!attack_make(&order, &order.parent)) { break; }
        first = first == 0 ? order.parent : first;
    }
    return first;
}

/* Stopped and started as a whole, with what is below it. */
void attack_stop(void)
{
    uint64_t tower = build();
    for (;;) {
        for (unsigned i = 0; i < OFTEN; i++) {
            (void)kerne_stop(tower);
            (void)kerne_start(tower);
        }
        attack_nap(WHILE / 10);
    }
}

/* A tower is built, and thrown away at once. */
void attack_tower(void)
{
    for (;;) {
        (void)build();
        attack_nap(WHILE);
        attack_clear();
    }
}

/* ---- names --------------------------------------------------------------- */

void attack_names(void)
{
    for (unsigned n = 0;; n++) {
        char name[KERNE_NAME_BYTES];
        uint64_t reference;
        uint64_t address;
        (void)snprintf(name, sizeof(name), "name%u", n % OFTEN);
        (void)kerne_create_pseudo(0, name, n % OFTEN, KERNE_PARENT, &reference);
        (void)kerne_look_up(name, &address);
        (void)kerne_look_up("nobody", &address);
        (void)kerne_remove(reference);
    }
}
