/* A machine whose nucleus is watched. */
#include "session.h"

#define REGISTERS 32
#define USER 0
#define SSCRATCH (MACHINE_CONTROL + 0x140)

struct session {
    struct machine *machine;
    struct tables tables;
    uint64_t layout[LAYOUT_WORDS];
    struct watch *watch; /* null: the tables are not made yet */
    session_told *told;
    void *context;
    bool has_idled; /* and what that ended has been told */
    bool by_traps;
};

void *machine_room(uint64_t bytes);

static bool watch_table(struct session *s, const struct table *table)
{
    return machine_watch(s->machine, table->at, table->bytes * table->limit);
}

/* The first trap behind the boot. */
static void begin(struct session *s)
{
    struct tables *t = &s->tables;
    if (!tables_find(t)) { return; }
    void *room = machine_room(watch_bytes(t));
    if (room != NULL && watch_table(s, &t->processes) &&
        watch_table(s, &t->buffers) && watch_table(s, &t->nodes)) {
        s->watch = watch_begin(room, t, s->told, s->context);
    }
}

static void stored(void *context, uint64_t address)
{
    struct session *s = context;
    if (s->watch != NULL) { watch_store(s->watch, address); }
}

/* Who runs, which only the registers say. */
static void note_running(struct session *s, bool goes_back)
{
    s->tables.runs = goes_back || machine_mode(s->machine) == USER
                         ? machine_register(s->machine, SSCRATCH)
                         : 0;
}

static void get_registers(const struct session *s,
                          uint64_t ret_registers[REGISTERS])
{
    for (unsigned i = 0; i < REGISTERS; i++) {
        ret_registers[i] = machine_register(s->machine, MACHINE_X + i);
    }
}

static void trap_begins(void *context)
{
    struct session *s = context;
    uint64_t registers[REGISTERS];
    if (s->watch == NULL) { return; }
    get_registers(s, registers);
    watch_trap_begin(s->watch, registers);
}

static void trap_ends(void *context)
{
    struct session *s = context;
    uint64_t registers[REGISTERS];
    if (s->by_traps) { machine_stop(s->machine); }
    note_running(s, true);
    if (s->watch == NULL) {
        begin(s);
        return;
    }
    get_registers(s, registers);
    s->has_idled = false;
    watch_trap_end(s->watch, machine_clock(s->machine),
                   machine_traps(s->machine), s->tables.runs, registers);
}

struct session *session_create(struct machine *m,
                               const uint64_t layout[LAYOUT_WORDS],
                               session_told *told, void *context)
{
    struct session *s = machine_room(sizeof(*s));
    uint64_t bytes = machine_storage_bytes(m);
    if (s == NULL) { return NULL; }
    *s = (struct session){
        .machine = m,
        .told = told,
        .context = context,
        .tables = { .ram = machine_storage(m),
                    .first = MACHINE_STORAGE,
                    .bytes = bytes },
    };
    __builtin_memcpy(s->layout, layout, sizeof(s->layout));
    s->tables.layout = s->layout;
    machine_look_on(m, &(struct machine_onlooker){ .context = s,
                                                   .stored = stored,
                                                   .trap_begins = trap_begins,
                                                   .trap_ends = trap_ends });
    return s;
}

enum machine_state session_run(struct session *s, uint64_t until)
{
    enum machine_state state = machine_run(s->machine, until);
    note_running(s, false);
    if (state == MACHINE_WAITS && s->watch != NULL && !s->has_idled) {
        s->has_idled = true;
        watch_trap_end(s->watch, machine_clock(s->machine),
                       machine_traps(s->machine), 0, NULL);
    }
    return state;
}

void session_by_traps(struct session *s, bool is_so) { s->by_traps = is_so; }

void session_again(struct session *s)
{
    note_running(s, false);
    if (s->watch != NULL) { watch_again(s->watch, s->tables.runs); }
}

const struct tables *session_tables(const struct session *s)
{
    return s->watch != NULL ? &s->tables : NULL;
}

/* Where a page of a process is in the machine; false: nowhere. */
static bool physical_page(const struct tables *t, uint32_t process,
                          uint64_t *page)
{
    bool composed;
    for (unsigned i = 0; process != 1 && i < TABLES_DEPTH; i++) {
        uint64_t onto = tables_window(t, process, *page, &composed);
        if (onto == 0) { return false; }
        *page = onto >> 3;
        process = tables_parent(t, process);
    }
    return process == 1;
}

size_t session_read(const struct session *s, uint32_t process, uint64_t address,
                    void *ret_bytes, size_t count)
{
    size_t done = 0;
    while (done < count && s->watch != NULL) {
        uint64_t page = (address + done) / TABLES_PAGE;
        uint64_t inside = (address + done) % TABLES_PAGE;
        size_t part = TABLES_PAGE - inside;
        if (part > count - done) { part = count - done; }
        if (!physical_page(&s->tables, process, &page) ||
            !machine_read(s->machine, page * TABLES_PAGE + inside,
                          (char *)ret_bytes + done, part)) {
            break;
        }
        done += part;
    }
    return done;
}
