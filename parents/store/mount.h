/* Mounting: a flush, so that what is read is durable; the roots; the tables. */
#pragma once

#include <stdbool.h>

struct store;
struct transfer;

void mount_begin(struct store *store);

/* The transfer that it waited for has ended. */
void mount_done(struct store *store, const struct transfer *transfer,
                bool is_good);
