#include "history.h"

#include "whole.h"

#define NEAR UINT64_C(1000000) /* instructions between the latest moments */
#define FAR UINT64_C(8000000)  /* between the earliest */

/* All that W1 names, as it was. */
struct moment {
    uint64_t clock, executed;
    uint32_t typed;
    uint8_t state[offsetof(struct machine, storage)];
};

static bool remembers(const struct machine *m)
{
    return m->history.moment != NULL;
}

static void keep(struct machine *m)
{
    struct history *h = &m->history;
    struct moment *at = &h->moment[h->count];
    at->clock = m->clock;
    at->executed = machine_executed(m);
    at->typed = m->typed;
    __builtin_memcpy(at->state, m, sizeof(at->state));
    h->base = h->count++;
}

bool machine_remember(struct machine *m)
{
    struct history *h = &m->history;
    if (remembers(m)) { return true; }
    h->moment = machine_room(MOMENTS * sizeof(struct moment));
    h->typed = machine_room(TYPED_MOST * sizeof(struct machine_typed));
    h->text = machine_room(TEXT_MOST);
    bool has_room = h->moment != NULL && h->typed != NULL && h->text != NULL;
    if (machine_executed(m) != 0 || !has_room || !pages_begin(m)) {
        h->moment = NULL;
        return false;
    }
    keep(m);
    return true;
}

void history_fail(struct machine *m)
{
    m->history.has_failed = true;
    machine_stop(m);
}

/* ---- moments ------------------------------------------------------------- */

static void drop(struct machine *m, unsigned moment)
{
    struct history *h = &m->history;
    pages_drop(m, moment);
    h->count--;
    for (unsigned i = moment; i < h->count; i++) {
        h->moment[i] = h->moment[i + 1];
    }
    if (h->base >= moment) { h->base--; }
}

/* So far apart two moments may be, of which the later was so long ago. */
static uint64_t most_apart(uint64_t ago)
{
    uint64_t most = ago / 4;
    if (most > FAR) { most = FAR; }
    return most < NEAR ? NEAR : most;
}

/* Drops one that has those beside it near enough, if there is one (H3). */
static void thin(struct machine *m)
{
    const struct history *h = &m->history;
    uint64_t now = machine_executed(m);
    for (unsigned i = 1; i + 1 < h->count; i++) {
        const struct moment *before = &h->moment[i - 1], *after = before + 2;
        if (after->executed - before->executed <=
            most_apart(now - after->executed)) {
            drop(m, i);
            return;
        }
    }
    if (h->count == MOMENTS) { drop(m, MOMENTS / 2); }
}

static bool is_last(const struct history *h) { return h->base + 1 == h->count; }

uint64_t history_next(const struct machine *m)
{
    const struct history *h = &m->history;
    uint64_t next = MACHINE_NEVER;
    if (!remembers(m)) { return next; }
    if (m->typed < h->typed_count) { next = h->typed[m->typed].clock; }
    uint64_t moment = h->moment[h->base + 1].clock;
    return !is_last(h) && moment < next ? moment : next;
}

uint64_t history_limit(const struct machine *m)
{
    const struct history *h = &m->history;
    uint64_t next = history_next(m);
    if (!remembers(m) || !is_last(h)) { return next; }
    uint64_t since = machine_executed(m) - h->moment[h->base].executed;
    uint64_t moment = m->clock + (since < NEAR ? NEAR - since : 0);
    return moment < next ? moment : next;
}

/* A moment comes, for the first time or again. */
static void look_for_moment(struct machine *m)
{
    struct history *h = &m->history;
    const struct moment *base = &h->moment[h->base];
    if (is_last(h)) {
        if (machine_executed(m) - base->executed >= NEAR) {
            thin(m);
            pages_keep(m, h->count);
            keep(m);
        }
    } else if (base[1].clock == m->clock && base[1].typed == m->typed) {
        pages_arrive(m);
        h->base++;
    }
}

bool history_look(struct machine *m)
{
    const struct history *h = &m->history;
    if (!remembers(m)) { return false; }
    look_for_moment(m);
    if (m->typed == h->typed_count || h->typed[m->typed].clock > m->clock) {
        return false;
    }
    const struct machine_typed *typed = &h->typed[m->typed++];
    uart_type(m, typed->byte, typed->count);
    return true;
}

/* ---- typing -------------------------------------------------------------- */

/* What is behind the present never was. */
static void begin_branch(struct machine *m)
{
    struct history *h = &m->history;
    h->typed_count = m->typed;
    h->count = h->base + 1;
    pages_cut(m, h->base);
}

bool history_type(struct machine *m, const uint8_t *bytes, uint8_t count)
{
    struct history *h = &m->history;
    if (!remembers(m)) { return true; }
    if (m->typed < h->typed_count || !is_last(h)) { begin_branch(m); }
    if (h->typed_count == TYPED_MOST) { return false; }
    struct machine_typed *typed = &h->typed[h->typed_count++];
    *typed = (struct machine_typed){ .clock = m->clock, .count = count };
    __builtin_memcpy(typed->byte, bytes, count);
    m->typed++;
    return true;
}

bool machine_typed(const struct machine *m, size_t number,
                   struct machine_typed *ret)
{
    if (!remembers(m) || number >= m->history.typed_count) { return false; }
    *ret = m->history.typed[number];
    return true;
}

bool machine_type_later(struct machine *m, const struct machine_typed *typed)
{
    struct history *h = &m->history;
    uint64_t last = h->typed_count > 0 ? h->typed[h->typed_count - 1].clock : 0;
    if (!remembers(m) || h->typed_count == TYPED_MOST || typed->clock < last ||
        typed->clock < m->clock || typed->count > sizeof(typed->byte)) {
        return false;
    }
    h->typed[h->typed_count++] = *typed;
    return true;
}

/* ---- going --------------------------------------------------------------- */

static void go_to_moment(struct machine *m, unsigned moment)
{
    struct history *h = &m->history;
    pages_go(m, h->base, moment);
    h->base = moment;
    __builtin_memcpy(m, h->moment[moment].state, sizeof(h->moment->state));
    storage_context(m);
}

bool machine_go(struct machine *m, uint64_t clock)
{
    struct history *h = &m->history;
    unsigned moment = 0;
    if (!remembers(m) || h->has_failed) { return false; }
    while (moment + 1 < h->count && h->moment[moment + 1].clock <= clock) {
        moment++;
    }
    /* There may be several at the same clock, if something was typed then. */
    while (moment > 0 && h->moment[moment].clock == clock) { moment--; }
    if (clock < m->clock || h->moment[moment].clock > m->clock) {
        go_to_moment(m, moment);
    }
    while (m->clock < clock && !m->has_halted && !h->has_failed) {
        if (machine_run(m, clock) == MACHINE_WAITS) { machine_pass(m, clock); }
        m->sent_count = 0;
    }
    return !h->has_failed;
}

uint64_t machine_remembered(const struct machine *m)
{
    const struct history *h = &m->history;
    return remembers(m) ? h->moment[h->count - 1].clock : 0;
}

uint64_t machine_memory(const struct machine *m) { return m->pages.bytes; }

void history_say(struct machine *m, uint8_t byte)
{
    if (remembers(m) && m->said < TEXT_MOST) {
        m->history.text[m->said] = byte;
    }
    m->said++;
}

size_t machine_text(const struct machine *m, const uint8_t **ret_text)
{
    *ret_text = m->history.text;
    return !remembers(m) ? 0 : m->said < TEXT_MOST ? m->said : TEXT_MOST;
}
