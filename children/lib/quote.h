/*
 * Messages in words, for whoever prints those that pass.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include "relay.h"

/* What a relay is about, at its present stage:
 *     output "Hello."
 *     answered 1, status 0, 6 bytes
 * with what is in the area in quotes, its newlines as \n, and cut. */
void quote_relay(const struct relay *relay, char *ret_text, size_t bytes);
