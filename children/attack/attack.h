/*
 * The attacks, each of which never returns, and what they have in common:
 * children made of this program, and time for them to run.
 */
#pragma once

#include "../kin.h"

/* messages.c */
void attack_flood(void);
void attack_hoard(void);
void attack_mute(void);
void attack_breaks(void);
void attack_console(void);

/* processes.c */
void attack_bomb(void);
void attack_create(void);
void attack_stop(void);
void attack_names(void);
void attack_tower(void);

/* storage.c */
void attack_tables(void);
void attack_faults(void);

/* main.c */
_Noreturn void attack_spin(void);

/* ---- children.c ---------------------------------------------------------- */

enum attack_claim { /* as describe numbers them */
                    ATTACK_BUFFERS,
                    ATTACK_PROCESSES,
                    ATTACK_TABLES,
};

/* What is free of a claim of the caller. */
uint64_t attack_free(enum attack_claim claim);

/*
 * Makes and starts a child of `parent` (0: the caller) that begins at `begin`,
 * with so many buffers, processes and tables to give away besides those that
 * it needs itself.  True: it runs.
 */
struct attack_order {
    uint64_t parent, number;
    void (*begin)(void);
    uint64_t buffers, processes, tables;
};
bool attack_make(const struct attack_order *order, uint64_t *ret_reference);

/* Lets the children run so long. */
void attack_nap(uint64_t microseconds);

/* Computes so long. */
void attack_work(uint64_t microseconds);

/* Removes all children, and those below them. */
void attack_clear(void);
