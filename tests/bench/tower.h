/*
 * A tower of processes: each the parent of the next, at any depth.
 *
 * Each level has the whole program and the arena, so that what a figure needs
 * of its parent is the same at each depth, and the same in the root.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TOWER_DEEPEST 32

/* What the processes above may have for their own use. */
#define TOWER_PROCESSES 4
#define TOWER_TABLES 32

struct tower {
    uint64_t depth;       /* of the process at the top; 0: the root itself */
    void (*at_top)(void); /* what that one does */
    void (*root)(void);   /* meanwhile; null: serves as an echo */
    uint64_t processes;   /* that the top has for its use, and */
    uint64_t tables;      /* so many tables for each; 0: the usual */
    bool uart; /* it has the page and the interrupt line of the UART */
};

/* In the root: builds it, lets the top do that, and removes it all. */
void tower_run(const struct tower *tower);

/* In a process of a tower: the root's address. */
uint64_t tower_root(void);
