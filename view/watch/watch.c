/* What happens in the nucleus: events, found at the end of each trap. */
#include "seen.h"

/* ---- telling ----------------------------------------------------------- */

void watch_tell(struct watch *w, struct watch_event event)
{
    event.at = w->at;
    event.trap = w->trap;
    w->told(w->context, &event);
}

void watch_tell_of(struct watch *w, enum watch_kind kind, uint32_t process,
                   uint32_t other)
{
    watch_tell(w, (struct watch_event){
                      .kind = kind, .process = process, .other = other });
}

/* ---- the trap ---------------------------------------------------------- */

/* What a pending record is, above its index. */
enum { IS_PROCESS, IS_BUFFER, IS_NODE };
#define KIND_SHIFT 30
#define INDEX_MASK ((UINT32_C(1) << KIND_SHIFT) - 1)

static void remember(struct watch *w, uint32_t kind, uint32_t index,
                     bool *is_pending)
{
    if (!*is_pending) {
        *is_pending = true;
        w->pending[w->pending_count++] = kind << KIND_SHIFT | index;
    }
}

/* No record is met in the last bytes of a store only. */
void watch_store(struct watch *w, uint64_t at)
{
    const struct tables *t = &w->tables;
    uint32_t i = tables_index(&t->processes, at);
    if (i != 0) {
        if (at - tables_at(&t->processes, i) >= w->registers_bytes) {
            remember(w, IS_PROCESS, i, &w->processes[i].pending);
        }
    } else if ((i = tables_index(&t->buffers, at)) != 0) {
        remember(w, IS_BUFFER, i, &w->buffers[i].pending);
    } else if ((i = tables_index(&t->nodes, at)) != 0) {
        seen_node_store(w, i, (at - tables_at(&t->nodes, i)) / 8);
        remember(w, IS_NODE, i, &w->nodes[i].pending);
    }
}

static void compare(struct watch *w, uint32_t record)
{
    uint32_t index = record & INDEX_MASK, kind = record >> KIND_SHIFT;
    if (kind == IS_PROCESS) {
        seen_process_compare(w, index);
    } else if (kind == IS_BUFFER) {
        seen_buffer_compare(w, index);
    } else {
        seen_node_compare(w, index);
    }
}

static bool waits(const struct watch *w, uint32_t process)
{
    const struct tables *t = &w->tables;
    return (uint8_t)tables_get(t, tables_process(t, process), process_wait) !=
           KERNE_WAITS_NOT;
}

/* Who runs.  The fast way from one to another does not note it; then it is the
 * other, whose wait a buffer has ended. */
static uint32_t who_runs(const struct watch *w)
{
    const struct tables *t = &w->tables;
    uint32_t noted = tables_running(t);
    if (noted == 0 || t->runs != 0 || !waits(w, noted)) { return noted; }
    for (uint32_t i = 0; i < w->pending_count; i++) {
        uint32_t index = w->pending[i] & INDEX_MASK;
        if (w->pending[i] >> KIND_SHIFT != IS_BUFFER) { continue; }
        uint32_t other = seen_buffer_comes_to(w, index);
        if (other != 0 && !waits(w, other)) { return other; }
    }
    return w->running;
}

void watch_trap_begin(struct watch *w, const uint64_t *registers)
{
    for (unsigned i = 0; i < WATCH_WORDS; i++) {
        w->asked[i] = registers[watch_word_registers[i]];
    }
    w->has_asked = true;
}

void watch_trap_end(struct watch *w, uint64_t at, uint64_t trap, uint64_t runs,
                    const uint64_t *registers)
{
    uint32_t payer = tables_payer(&w->tables);
    w->at = at;
    w->trap = trap;
    w->registers = registers;
    w->ran = w->running;
    w->tables.runs = runs;
    w->running = who_runs(w);
    for (uint32_t i = 0; i < w->pending_count; i++) {
        compare(w, w->pending[i]);
    }
    w->pending_count = 0;
    w->has_asked = false;
    if (w->running != w->ran) { watch_tell_of(w, WATCH_RUNS, w->running, 0); }
    if (payer != w->payer) { watch_tell_of(w, WATCH_PAYS, payer, 0); }
    w->payer = payer;
}

/* ---- beginning --------------------------------------------------------- */

size_t watch_bytes(const struct tables *t)
{
    return sizeof(struct watch) +
           t->processes.limit * (sizeof(struct process_seen) + 4) +
           t->buffers.limit * (sizeof(struct buffer_seen) + 4) +
           t->nodes.limit * (sizeof(struct node_seen) + 4) + 64;
}

/* So many bytes of what is left, rounded up to 8. */
static void *room(char **rest, size_t bytes)
{
    char *at = *rest;
    *rest += (bytes + 7) / 8 * 8;
    return at;
}

struct watch *watch_begin(void *memory, const struct tables *t,
                          void (*told)(void *context,
                                       const struct watch_event *event),
                          void *context)
{
    char *rest = memory;
    struct watch *w = room(&rest, sizeof(*w));
    w->tables = *t;
    w->told = told;
    w->context = context;
    w->registers_bytes = LAYOUT_OFFSET(t->layout[process_wait]);
    w->processes = room(&rest, t->processes.limit * sizeof(*w->processes));
    w->buffers = room(&rest, t->buffers.limit * sizeof(*w->buffers));
    w->nodes = room(&rest, t->nodes.limit * sizeof(*w->nodes));
    w->pending = room(&rest, 0);
    watch_again(w, t->runs);
    return w;
}

/* Records that were never used may hold anything, and are made whole when they
 * are taken. */
void watch_again(struct watch *w, uint64_t runs)
{
    const struct tables *t = &w->tables;
    w->tables.runs = runs;
    uint32_t used = tables_used(t, nucleus_never_used_process);
    for (uint32_t i = 1; i < t->processes.limit; i++) {
        w->processes[i] = (struct process_seen){ 0 };
        if (i < used) { seen_process(w, i); }
    }
    used = tables_used(t, nucleus_never_used_buffer);
    for (uint32_t i = 1; i < t->buffers.limit; i++) {
        w->buffers[i] = (struct buffer_seen){ 0 };
        if (i < used) { seen_buffer(w, i); }
    }
    used = tables_used(t, nucleus_never_used_node);
    for (uint32_t i = 1; i < t->nodes.limit; i++) {
        w->nodes[i].pending = false;
        if (i < used || w->nodes[i].owner != 0) { seen_node(w, i); }
    }
    w->pending_count = 0;
    w->running = tables_running(t);
    w->payer = tables_payer(t);
}
