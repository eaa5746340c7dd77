/*
 * Input and output of areas, a page at a time: each step looks how things are,
 * does what can be done, and is made again when something has changed.
 */
#pragma once

#include <stdbool.h>

struct store;
struct store_work;

/* True: it has its result. */
bool area_input(struct store *store, struct store_work *work);
bool area_output(struct store *store, struct store_work *work);
