/* What happened to processes, and to their claims. */
#include "seen.h"

static struct process_seen look(const struct watch *w, uint32_t index)
{
    const struct tables *t = &w->tables;
    uint64_t p = tables_process(t, index);
    struct process_seen seen = {
        .identity = tables_get(t, p, process_identity),
        .parent = tables_parent(t, index),
        .suspended = (uint8_t)tables_get(t, p, process_suspended),
        .wait = (uint8_t)tables_get(t, p, process_wait),
        .lives = tables_lives(t, index),
    };
    uint64_t claim = p + LAYOUT_OFFSET(t->layout[process_claims]);
    for (unsigned kind = 0; kind < CLAIM_KINDS; kind++) {
        seen.received[kind] = (uint32_t)tables_get(t, claim, claim_received);
        seen.given[kind] = (uint32_t)tables_get(t, claim, claim_given);
        claim += t->layout[BYTES_OF_claim];
    }
    return seen;
}

static void tell_made(struct watch *w, uint32_t index, uint32_t parent)
{
    struct watch_event event = { .kind = WATCH_MADE,
                                 .process = index,
                                 .other = parent };
    tables_name(&w->tables, index, event.name);
    watch_tell(w, event);
}

static void tell_claims(struct watch *w, uint32_t index,
                        const struct process_seen *then,
                        const struct process_seen *now)
{
    for (unsigned kind = 0; kind < CLAIM_KINDS; kind++) {
        if (then->received[kind] != now->received[kind] ||
            then->given[kind] != now->given[kind]) {
            watch_tell(w, (struct watch_event){ .kind = WATCH_CLAIM,
                                                .process = index,
                                                .number = { now->received[kind],
                                                            now->given[kind],
                                                            kind } });
        }
    }
}

/* Flags that came and went, in the order in which it can be. */
static void tell_flags(struct watch *w, uint32_t index, uint8_t then,
                       uint8_t now)
{
    uint8_t came = now & (uint8_t)~then, went = then & (uint8_t)~now;
    if ((went & KERNE_SUSPENDED_STOP) != 0) {
        watch_tell_of(w, WATCH_STARTED, index, 0);
    }
    if ((came & KERNE_SUSPENDED_DYING) != 0) {
        watch_tell_of(w, WATCH_REMOVED, index, 0);
    } else if ((came & KERNE_SUSPENDED_STOP) != 0) {
        watch_tell_of(w, WATCH_STOPPED, index, 0);
    }
}

void seen_process(struct watch *w, uint32_t index)
{
    w->processes[index] = look(w, index);
}

void seen_process_compare(struct watch *w, uint32_t index)
{
    struct process_seen then = w->processes[index], now = look(w, index);
    w->processes[index] = now;
    if (then.lives && (!now.lives || now.identity != then.identity)) {
        watch_tell_of(w, WATCH_GONE, index, then.parent);
        then = (struct process_seen){ 0 };
    }
    if (!now.lives) { return; }
    if (!then.lives) {
        tell_made(w, index, now.parent);
        then.suspended = KERNE_SUSPENDED_STOP;
    }
    tell_flags(w, index, then.suspended, now.suspended);
    tell_claims(w, index, &then, &now);
}
