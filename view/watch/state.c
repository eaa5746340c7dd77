/* What is true in the nucleus now, as JSON. */
#include "state.h"

#include <kerne.h>

#define REGISTERS 32
#define CLAIM_KINDS 3
#define RIGHTS 7

const char *state_wait_name(uint64_t wait)
{
    static const char *const name[] = {
        [KERNE_WAITS_NOT] = "not",       [KERNE_WAITS_MESSAGE] = "message",
        [KERNE_WAITS_ANSWER] = "answer", [KERNE_WAITS_EVENT] = "event",
        [KERNE_WAITS_BREAK] = "break",
    };
    wait &= 0xff;
    return wait < sizeof(name) / sizeof(name[0]) ? name[wait] : "unknown";
}

const char *state_buffer_name(uint64_t state)
{
    static const char *const name[] = {
        [KERNE_FREE] = "free",
        [KERNE_QUEUED] = "queued",
        [KERNE_RECEIVED] = "received",
        [KERNE_ANSWERED] = "answered",
    };
    return state < sizeof(name) / sizeof(name[0]) ? name[state] : "unknown";
}

/* ---- processes --------------------------------------------------------- */

/* The buffers of a ring of a process; false: none is written that is free. */
static void write_ring(const struct tables *t, uint64_t p, enum layout head,
                       enum layout member, struct json *j)
{
    uint32_t limit = t->buffers.limit;
    uint64_t b = 0;
    while ((b = tables_next(t, p, head, b, member, &limit)) != 0) {
        if (tables_get(t, b, buffer_state) != KERNE_FREE) {
            json_number(j, tables_index(&t->buffers, b));
        }
    }
}

static void write_buffers_of(const struct tables *t, uint64_t p, struct json *j)
{
    uint32_t serving = tables_index_in(t, &t->buffers, p, process_serving);
    uint32_t breaks = tables_index_in(t, &t->buffers, p, process_breaks);
    uint64_t b = tables_buffer(t, breaks);
    json_name(j, "queue");
    json_begin(j, '[');
    write_ring(t, p, process_events, buffer_event, j);
    json_end(j, ']');
    json_name(j, "held");
    json_begin(j, '[');
    write_ring(t, p, process_held, buffer_event, j);
    if (serving != 0) { json_number(j, serving); }
    json_end(j, ']');
    json_named_truth(j, "works", serving != 0);
    json_name(j, "sent");
    json_begin(j, '[');
    write_ring(t, p, process_in_use, buffer_claim, j);
    if (tables_get(t, b, buffer_state) != KERNE_FREE) {
        json_number(j, breaks);
    }
    json_end(j, ']');
}

static void write_claims(const struct tables *t, uint64_t p, struct json *j)
{
    uint64_t first = p + LAYOUT_OFFSET(t->layout[process_claims]);
    bool spare = tables_get(t, p, process_spare) != 0;
    json_name(j, "claims");
    json_begin(j, '[');
    for (unsigned kind = 0; kind < CLAIM_KINDS; kind++) {
        uint64_t claim = first + kind * t->layout[BYTES_OF_claim];
        json_begin(j, '[');
        json_number(j, (int64_t)tables_get(t, claim, claim_received));
        json_number(j, (int64_t)tables_get(t, claim, claim_free) +
                           (kind == 0 && spare));
        json_number(j, (int64_t)tables_get(t, claim, claim_given));
        json_end(j, ']');
    }
    json_end(j, ']');
}

static void write_times(const struct tables *t, uint64_t p, struct json *j)
{
    json_named_number(j, "share", (int64_t)tables_get(t, p, process_share));
    json_named_number(j, "credit", (int64_t)tables_get(t, p, process_credit));
    json_named_number(j, "time", (int64_t)tables_get(t, p, process_time));
    json_named_number(j, "timeBelow",
                      (int64_t)tables_get(t, p, process_time_below));
}

static void write_process(const struct tables *t, uint32_t index,
                          struct json *j)
{
    uint64_t p = tables_process(t, index);
    uint64_t suspended = tables_get(t, p, process_suspended);
    bool pseudo = tables_get(t, p, process_is_pseudo) != 0;
    uint64_t node = tables_physical(t, tables_get(t, p, process_windows));
    char name[TABLES_NAME + 1];
    tables_name(t, index, name);
    json_begin(j, '{');
    json_named_number(j, "index", index);
    json_named_text(j, "name", name);
    json_named_number(j, "parent", tables_parent(t, index));
    json_named_number(j, "number", (int64_t)tables_get(t, p, process_number));
    json_named_number(j, "depth", (int64_t)tables_get(t, p, process_depth));
    json_named_number(j, "horizon", (int64_t)tables_get(t, p, process_horizon));
    json_named_truth(j, "pseudo", pseudo);
    json_named_word(j, "server", pseudo ? tables_get(t, p, process_server) : 0);
    json_named_text(j, "wait", state_wait_name(tables_get(t, p, process_wait)));
    json_named_number(j, "waitFor",
                      tables_identified(tables_get(t, p, process_wait_for)));
    json_named_truth(j, "stopped", (suspended & KERNE_SUSPENDED_STOP) != 0);
    json_named_truth(j, "dying", (suspended & KERNE_SUSPENDED_DYING) != 0);
    json_named_word(j, "mask", tables_get(t, p, process_mask));
    json_named_word(j, "identity", tables_get(t, p, process_identity));
    json_named_number(j, "pages", (int64_t)tables_get(t, node, node_pages));
    write_buffers_of(t, p, j);
    write_claims(t, p, j);
    write_times(t, p, j);
    json_end(j, '}');
}

/* ---- buffers ----------------------------------------------------------- */

static void write_words(const struct tables *t, uint64_t b, struct json *j)
{
    json_name(j, "words");
    json_begin(j, '[');
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        json_word(j, tables_element(t, b, buffer_words, i));
    }
    json_end(j, ']');
}

static void write_buffer(const struct tables *t, uint32_t index, struct json *j)
{
    uint64_t b = tables_buffer(t, index);
    uint64_t state = tables_get(t, b, buffer_state);
    json_begin(j, '{');
    json_named_number(j, "index", index);
    json_named_word(j, "identity", tables_get(t, b, buffer_identity));
    json_named_text(j, "state", state_buffer_name(state));
    json_named_number(j, "sender",
                      tables_index_in(t, &t->processes, b, buffer_sender));
    json_named_number(j, "receiver",
                      tables_index_in(t, &t->processes, b, buffer_receiver));
    json_named_number(j, "external",
                      (int64_t)tables_get(t, b, buffer_external));
    json_named_truth(j, "isBreak", tables_get(t, b, buffer_is_break) != 0);
    json_named_number(j, "regretted",
                      (int64_t)tables_get(t, b, buffer_regretted));
    json_named_number(j, "result", (int64_t)tables_get(t, b, buffer_result));
    json_named_number(j, "account",
                      tables_identified(tables_get(t, b, buffer_account)));
    write_words(t, b, j);
    json_end(j, '}');
}

/* ---- all of it --------------------------------------------------------- */

static void write_nucleus(const struct tables *t, struct json *j)
{
    uint64_t nucleus = tables_physical(t, t->layout[AT_nucleus]);
    json_named_number(j, "running", tables_running(t));
    json_named_number(j, "payer", tables_payer(t));
    json_named_number(j, "idle", (int64_t)tables_get(t, nucleus, nucleus_idle));
    json_named_number(j, "firmware",
                      (int64_t)tables_get(t, nucleus, nucleus_firmware));
    json_named_number(j, "slice",
                      (int64_t)tables_get(t, nucleus, nucleus_slice));
}

void state_write(const struct tables *t, struct json *j)
{
    uint32_t processes = tables_used(t, nucleus_never_used_process);
    uint32_t buffers = tables_used(t, nucleus_never_used_buffer);
    json_begin(j, '{');
    write_nucleus(t, j);
    json_name(j, "processes");
    json_begin(j, '[');
    for (uint32_t i = 1; i < processes; i++) {
        if (tables_lives(t, i)) { write_process(t, i, j); }
    }
    json_end(j, ']');
    json_name(j, "buffers");
    json_begin(j, '[');
    for (uint32_t i = 1; i < buffers; i++) {
        if (tables_get(t, tables_buffer(t, i), buffer_state) != KERNE_FREE) {
            write_buffer(t, i, j);
        }
    }
    json_end(j, ']');
    json_end(j, '}');
}

/* ---- storage ----------------------------------------------------------- */

void state_windows(const struct tables *t, uint32_t process, uint64_t page,
                   unsigned most, struct json *j)
{
    json_begin(j, '{');
    json_name(j, "windows");
    json_begin(j, '[');
    page = tables_next_window(t, process, page);
    while (page != UINT64_MAX && most > 0) {
        bool composed, next_composed;
        uint64_t onto = tables_window(t, process, page, &composed);
        uint64_t count = 1, step = RIGHTS + 1;
        while (tables_window(t, process, page + count, &next_composed) ==
                   onto + count * step &&
               next_composed == composed) {
            count++;
        }
        json_begin(j, '{');
        json_named_number(j, "page", (int64_t)page);
        json_named_number(j, "onto", (int64_t)(onto / step));
        json_named_number(j, "rights", (int64_t)(onto & RIGHTS));
        json_named_truth(j, "composed", composed);
        json_named_number(j, "count", (int64_t)count);
        json_end(j, '}');
        page = tables_next_window(t, process, page + count);
        most--;
    }
    json_end(j, ']');
    json_named_number(j, "next", (int64_t)page);
    json_end(j, '}');
}

void state_way(const struct tables *t, uint32_t process, uint64_t page,
               struct json *j)
{
    json_begin(j, '[');
    for (unsigned steps = 0; steps < TABLES_DEPTH && process != 0; steps++) {
        bool composed, root = process == 1;
        uint64_t onto = tables_window(t, process, page, &composed);
        json_begin(j, '{');
        json_named_number(j, "process", process);
        json_named_number(j, "page", (int64_t)page);
        json_named_truth(j, "window", onto != 0);
        json_named_number(j, "rights",
                          root ? RIGHTS : (int64_t)(onto & RIGHTS));
        json_named_truth(j, "composed", composed);
        json_end(j, '}');
        if (onto == 0 || root) { break; }
        page = onto / (RIGHTS + 1);
        process = tables_parent(t, process);
    }
    json_end(j, ']');
}

void state_registers(const struct tables *t, uint32_t process, struct json *j)
{
    uint64_t p = tables_process(t, process);
    json_begin(j, '[');
    for (unsigned i = 0; i < REGISTERS; i++) {
        json_word(j, tables_element(t, p, process_x, i));
    }
    json_end(j, ']');
}
