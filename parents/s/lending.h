/*
 * Commands about devices: which there are, and who has them.
 */
#ifndef LENDING_H
#define LENDING_H

#include "system.h"

bool lending_include(struct system *system);
bool lending_exclude(struct system *system);
bool lending_devices(struct system *system);

#endif
