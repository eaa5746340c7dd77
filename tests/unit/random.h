/*
 * Random calls by trees of processes, each compared with the plain model.
 *
 *   PROGRAM [calls [seed]]
 *
 * Every sequence boots the nucleus anew and is repeated by its seed alone.
 */
#pragma once

#include "choose.h"

int random_main(const struct choose_profile *profile, int count,
                char **arguments);
