/*
 * The machine's past: what was typed, and when; moments from which the run can
 * be had again; and what it has said.
 *
 * H1  Moments are in the order of time.  The first is the beginning; `base` is
 *     the last at which the run has been since it went to one.
 * H2  What was typed is in the order of time.  m->typed counts what of it the
 *     machine has had: it belongs to the state.
 * H3  Moments lie closer the later they are.
 */
#pragma once

#include "pages.h"

#define MOMENTS 1024
#define TYPED_MOST (1u << 18)
#define TEXT_MOST (1u << 22)

struct moment;

struct history {
    struct moment *moment; /* null: nothing is remembered */
    unsigned count, base;
    struct machine_typed *typed;
    uint32_t typed_count;
    uint8_t *text;
    bool has_failed;
};

/* When something was typed, or a moment was kept, next. */
uint64_t history_next(const struct machine *m);
/* The same; or when a moment is to be kept, if nothing but executes. */
uint64_t history_limit(const struct machine *m);
/* The machine is where somebody looks.  True: something was typed for it. */
bool history_look(struct machine *m);
/* Something is typed now; false: it cannot be remembered. */
bool history_type(struct machine *m, const uint8_t *bytes, uint8_t count);
/* A byte was sent. */
void history_say(struct machine *m, uint8_t byte);
/* There is no room to remember more. */
void history_fail(struct machine *m);
