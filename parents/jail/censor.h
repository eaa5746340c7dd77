/*
 * The censor: what prisoners write, and what they read.
 *
 *   C1  each forbidden word is made of asterisks, also in what a line may be
 *       completed to
 *   C2  an output leaves in whole lines, so that no word is smuggled out in
 *       halves
 */
#pragma once

#include <relay.h>

/* Learns the words: the first arguments that begin with `-`.  How many. */
int censor_begin(int argc, char **argv);

void censor_text(char *text, uint64_t bytes);

/* What passes to the console, and back. */
void censor(struct relay *relay);
