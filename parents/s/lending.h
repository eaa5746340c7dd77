/*
 * Commands about devices: which there are, and who has them.
 */
#ifndef LENDING_H
#define LENDING_H

#include "system.h"

bool lending_include(struct system *system);
bool lending_exclude(struct system *system);
bool lending_devices(struct system *system);

/* Learns which devices s has: what its parent has lent it may be more, or less,
 * than it was. */
void lending_learn(struct system *system);

#endif
