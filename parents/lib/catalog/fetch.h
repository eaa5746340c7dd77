/*
 * Segments of an area of a store, into a parent's own storage, by events: its
 * owner sends each message, and hands each answer over.
 *
 *     fetch_begin(&fetch, "mine", to, 0, 8);
 *     while (fetch_message(&fetch, &message)) {
 *         ... send it, and go on with the loop when it is answered:
 *         if (!fetch_answer(&fetch, result, &answer)) { ... why not }
 *     }
 *
 * Reading is free, and needs no use of the area.  What comes there is taken for
 * hostile by whoever reads it.
 *
 *   F1  no function here waits
 *   F2  nothing is moved but while a message is under way: who regrets it has
 *       the pages for himself at once
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <backing.h>
#include <executable.h>
#include <parent.h>
#include <stdbool.h>

struct fetch {
    char name[KERNE_NAME_BYTES]; /* of the area */
    char *to;
    uint64_t first;          /* segment */
    uint64_t segments, done; /* to be moved, and moved */
    unsigned fruitless;      /* answers in a row by which nothing was moved */
};

/* So many segments, from `first` on. */
void fetch_begin(struct fetch *fetch, const char *name, void *to,
                 uint64_t first, uint64_t segments);

/* The first page of an area that has so many segments, or all of it. */
void fetch_head(struct fetch *fetch, const char *name,
                uint8_t ret_page[KERNE_PAGE], uint64_t segments);

/* The next message to the store; false: all is there. */
bool fetch_message(const struct fetch *fetch, struct kerne_words *ret_message);

/* Its answer; false: it is a refusal, or nothing is moved again and again. */
bool fetch_answer(struct fetch *fetch, uint64_t result,
                  const struct kerne_words *answer);

/* Begins with the next segment of a program, to where it lies in a run, which
 * is `run`; false: there is none.  *number counts them, from 0. */
bool fetch_program(struct fetch *fetch, const char *name,
                   const struct executable *program, uint64_t run,
                   unsigned *number);

/* Whether segments of a program begin where those of an area do, as linkers
 * let them. */
bool fetch_suits(const struct executable *program);
