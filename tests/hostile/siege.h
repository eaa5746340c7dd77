/*
 * A small operating system with an attacker and two innocent children, which
 * are its siblings.  The attacker is the program `attack` of the boot image,
 * loaded as s would load it; the innocents compute, or converse with a server
 * that the attacker can address as well.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define INNOCENTS 2

enum siege_innocents {
    SIEGE_COMPUTE,
    SIEGE_CONVERSE,
    SIEGE_INNOCENTS,
};

struct siege {
    const char *kind; /* of the attack */
    enum siege_innocents innocents;
    bool inside; /* the system is a child of the root, not the root itself */
    uint64_t warm_up, microseconds; /* the latter are measured */
    uint64_t done[INNOCENTS];       /* set: what each did in so many ticks */
    uint64_t ticks;
    uint64_t attacker_ticks; /* of these: charged to the attacker, all below it
                              * included */
};

/* Makes it all, measures, and removes it all.  What cannot be made, an attack
 * that ends, and claims that are not whole afterwards, count as failures. */
void siege_run(struct siege *siege);
