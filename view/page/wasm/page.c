/*
 * The machine, for the page: what src/machine.js calls.
 *
 * One machine, which is looked on at.  Text goes to the page in one buffer:
 * page_text() is where, and each function that writes returns how much.
 */
#include <kerne.h>
#include <session.h>
#include <state.h>

#define EXPORT(name) __attribute__((export_name(#name))) name
#define TEXT_BYTES (8u << 20)
#define SCRATCH_BYTES 512
#define LINE_BYTES 256

enum stop { NONE, TRAP, EVENT, WAITS };
enum among { MESSAGES = 1, BREAKS = 2, EXTERNALS = 4 }; /* bits */
enum news { CAME_TO_TIME, STOPPED, ASLEEP, HALTED };

void *machine_room(uint64_t bytes);

static struct machine *machine;
static struct session *session;
static uint64_t layout[LAYOUT_WORDS];
static char text[TEXT_BYTES];
static char scratch[SCRATCH_BYTES];

/* Events that the page has not taken yet, as JSON. */
static char told_text[TEXT_BYTES];
static struct json told = { told_text, TEXT_BYTES, 0, true };

static struct {
    enum stop kind;
    const char *word, *from, *to; /* of an event, and names; "": any */
    uint32_t among;               /* if a buffer is in it */
    int64_t operation;            /* of a message; less than 0: any */
    uint64_t longer;              /* nanoseconds */
    bool is_met;
} wanted;

/* For WAITS: what each process waits for, and since when. */
struct waiting {
    uint64_t identity, what; /* of the process; and of the buffer, 0: nothing */
    uint64_t since;
};
static struct waiting *waiting; /* null: not asked for yet */
static uint64_t looked;         /* when that was looked at last, */
static uint64_t last_event;     /* and when something happened */

/* While the machine comes to another moment, nothing is told. */
static bool is_going;

/* ---- events ------------------------------------------------------------ */

static const char *const word_of[WATCH_KINDS] = {
#define EVENT(name, word) [WATCH_##name] = word,
#include <events.def>
#undef EVENT
};

static bool equals(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) { a++, b++; }
    return *a == *b;
}

/* 0 has none: it is outside, the clock or an interrupt line. */
static bool has_name(uint32_t process, const char *name)
{
    char own[TABLES_NAME + 1] = { 0 };
    if (*name == '\0') { return true; }
    if (process != 0) { tables_name(session_tables(session), process, own); }
    return equals(own, name);
}

static bool meets(const struct watch_event *event)
{
    uint32_t one = event->is_break      ? BREAKS
                   : event->is_external ? EXTERNALS
                                        : MESSAGES;
    return wanted.kind == EVENT && equals(word_of[event->kind], wanted.word) &&
           (event->buffer == 0 || (wanted.among & one) != 0) &&
           (wanted.operation < 0 ||
            (event->has_words &&
             event->words[0] >> 2 == (uint64_t)wanted.operation)) &&
           has_name(event->process, wanted.from) &&
           has_name(event->other, wanted.to);
}

/* What the message says, if it is a line of text; the page has it at once,
 * while its sender still does. */
static void write_text(const struct watch_event *event, struct json *j)
{
    static char line[LINE_BYTES];
    uint64_t first = event->words[1], last = event->words[2];
    if (event->kind != WATCH_QUEUED || event->is_break || !event->has_words ||
        event->words[0] != (KERNE_OUTPUT << 2 | 1) || last <= first) {
        return;
    }
    size_t count = last - first < LINE_BYTES ? last - first : LINE_BYTES;
    count = session_read(session, event->process, first, line, count);
    if (count == 0) { return; }
    j->length--; /* the event goes on */
    j->is_first = false;
    json_name(j, "text");
    json_text(j, line, count);
    json_end(j, '}');
}

static void take(void *context, const struct watch_event *event)
{
    struct json before = told;
    (void)context;
    last_event = event->at;
    if (is_going) { return; }
    watch_write(event, &told);
    if (told.length <= told.size) { write_text(event, &told); }
    if (told.length > told.size) { told = before; } /* the page is too slow */
    if (meets(event)) {
        wanted.is_met = true;
        machine_stop(machine);
    }
}

/* ---- the machine ------------------------------------------------------- */

/* Storage for the page's files; and null, if there is none left. */
void *EXPORT(page_room)(uint32_t bytes) { return machine_room(bytes); }
char *EXPORT(page_text)(void) { return text; }
char *EXPORT(page_scratch)(void) { return scratch; }
uint32_t EXPORT(page_scratch_bytes)(void) { return SCRATCH_BYTES; }

/* `arguments`: the boot's, a text; null: none.  With an empty disk of so many
 * bytes, 0: with none.  Null, or why it cannot be. */
const char *EXPORT(page_boot)(uint32_t storage, const void *kernel,
                              uint32_t kernel_bytes, const void *image,
                              uint32_t image_bytes, const void *words,
                              uint32_t words_bytes, const char *arguments,
                              uint32_t disk_bytes)
{
    struct machine_config config = {
        .storage_bytes = storage,
        .arguments = arguments,
        .kernel = kernel,
        .kernel_bytes = kernel_bytes,
        .image = image,
        .image_bytes = image_bytes,
        .disk = disk_bytes > 0 ? machine_room(disk_bytes) : NULL,
        .disk_bytes = disk_bytes,
        .epoch = UINT64_C(1800000000) * 1000000000,
    };
    const char *why = NULL;
    if (words_bytes != sizeof(layout)) {
        return "the layout is of another version";
    }
    if (disk_bytes > 0 && config.disk == NULL) {
        return "there is no room for its disk";
    }
    __builtin_memcpy(layout, words, sizeof(layout));
    machine = machine_create(&config, &why);
    if (machine == NULL) { return why; }
    session = session_create(machine, layout, take, NULL);
    return session != NULL && machine_remember(machine)
               ? NULL
               : "there is no room to look on";
}

uint64_t EXPORT(page_clock)(void) { return machine_clock(machine); }
uint64_t EXPORT(page_traps)(void) { return machine_traps(machine); }
uint64_t EXPORT(page_executed)(void) { return machine_executed(machine); }
/* Of the whole state, as the command's --hash says it. */
uint64_t EXPORT(page_hash)(void) { return machine_hash(machine); }
uint32_t EXPORT(page_halted)(void)
{
    return machine_state(machine) == MACHINE_HALTED;
}

/* ---- typing ------------------------------------------------------------ */

/* The byte will be typed at that time, which is not before any other's. */
void EXPORT(page_play)(uint64_t at, uint32_t byte)
{
    struct machine_typed one = { .clock = at,
                                 .count = 1,
                                 .byte = { (uint8_t)byte } };
    (void)machine_type_later(machine, &one);
}

/* Now; what was typed later belongs to another run.  False: there is no room
 * for it. */
uint32_t EXPORT(page_type)(uint32_t byte)
{
    uint8_t one = (uint8_t)byte;
    return machine_type(machine, &one, 1) == 1;
}

/* ---- earlier moments --------------------------------------------------- */

/* In the midst of a trap, to its end, since the tables are whole only there. */
void EXPORT(page_finish)(void)
{
    session_by_traps(session, true);
    while (machine_mode(machine) == 1 &&
           machine_state(machine) == MACHINE_RUNS) {
        (void)session_run(session, MACHINE_NEVER);
    }
}

/* To an earlier moment, or to the end of the trap that it is in.  False: there
 * is no room for it. */
uint32_t EXPORT(page_go)(uint64_t clock)
{
    is_going = true;
    bool done = machine_go(machine, clock);
    if (done) { page_finish(); }
    is_going = false;
    session_again(session);
    return done;
}

/* How many bytes the console has said up to now, and where they are; the first
 * 4 MiB of them. */
uint32_t EXPORT(page_said)(void)
{
    const uint8_t *bytes;
    return (uint32_t)machine_text(machine, &bytes);
}

const uint8_t *EXPORT(page_said_bytes)(void)
{
    const uint8_t *bytes;
    (void)machine_text(machine, &bytes);
    return bytes;
}

/* ---- who waits --------------------------------------------------------- */

/* The buffer whose answer a process waits for, its own break's too; 0: none. */
static uint64_t awaited(const struct tables *t, uint64_t p)
{
    uint64_t wait = tables_get(t, p, process_wait) & 0xff;
    if (wait == KERNE_WAITS_ANSWER) {
        return tables_get(t, p, process_wait_for);
    }
    uint32_t breaks = tables_index_in(t, &t->buffers, p, process_breaks);
    return wait == KERNE_WAITS_BREAK
               ? tables_get(t, tables_buffer(t, breaks), buffer_identity)
               : 0;
}

/* When the first of those that are meant will have waited so long, if nothing
 * comes in between; MACHINE_NEVER: nobody waits.  A wait begins with an event,
 * at the end of the trap that has just been. */
static uint64_t longest_wait(void)
{
    const struct tables *t = session_tables(session);
    uint64_t now = machine_clock(machine), first = MACHINE_NEVER;
    if (t == NULL) { return first; }
    if (waiting == NULL) {
        waiting = machine_room(t->processes.limit * sizeof(*waiting));
    }
    if (waiting == NULL) { return first; }
    if (last_event > looked && last_event < now) { now = last_event; }
    looked = machine_clock(machine);
    uint32_t used = tables_used(t, nucleus_never_used_process);
    for (uint32_t i = 1; i <= used && i < t->processes.limit; i++) {
        uint64_t p = tables_process(t, i);
        struct waiting is = {
            .identity = tables_get(t, p, process_identity),
            .what = tables_lives(t, i) ? awaited(t, p) : 0,
            .since = now,
        };
        if (is.what != 0 && is.identity == waiting[i].identity &&
            is.what == waiting[i].what) {
            is.since = waiting[i].since;
        }
        waiting[i] = is;
        if (is.what != 0 && is.since + wanted.longer < first &&
            has_name(i, wanted.from)) {
            first = is.since + wanted.longer;
        }
    }
    return first;
}

/* Who waits already, waits from now on. */
void EXPORT(page_waits_begin)(void)
{
    const struct tables *t = session_tables(session);
    looked = machine_clock(machine);
    if (t != NULL && waiting != NULL) {
        __builtin_memset(waiting, 0, t->processes.limit * sizeof(*waiting));
    }
}

/* ---- running ----------------------------------------------------------- */

static enum news one_portion(uint64_t until)
{
    uint64_t trap = machine_traps(machine);
    for (;;) {
        uint64_t limit = wanted.kind == WAITS ? longest_wait() : MACHINE_NEVER;
        if (limit <= machine_clock(machine)) { return STOPPED; }
        if (limit > until) { limit = until; }
        enum machine_state state = session_run(session, limit);
        if (state == MACHINE_HALTED) { return HALTED; }
        if (wanted.is_met) { return STOPPED; }
        if (wanted.kind == TRAP && machine_traps(machine) != trap) {
            return STOPPED;
        }
        if (state == MACHINE_WAITS) {
            if (machine_deadline(machine) == MACHINE_NEVER && limit == until) {
                return ASLEEP;
            }
            machine_pass(machine, limit);
        }
        if (machine_clock(machine) >= until) { return CAME_TO_TIME; }
    }
}

/* Runs until the clock is there, or that has happened; of an event, its word
 * and two names are given, one behind the other, and the operation of its
 * message; less than 0: any. */
uint32_t EXPORT(page_run)(uint64_t until, uint32_t kind, const char *words,
                          uint32_t among, uint64_t longer,
                          int64_t operation)
{
    wanted.kind = kind <= WAITS ? (enum stop)kind : NONE;
    wanted.word = words;
    while (*words != '\0') { words++; }
    wanted.from = ++words;
    while (*words != '\0') { words++; }
    wanted.to = ++words;
    wanted.among = among;
    wanted.longer = longer;
    wanted.operation = operation;
    wanted.is_met = false;
    session_by_traps(session, wanted.kind == TRAP || wanted.kind == WAITS);
    return one_portion(until);
}

/* ---- what the page reads ----------------------------------------------- */

/* What the console has said since. */
uint32_t EXPORT(page_output)(void)
{
    const uint8_t *bytes;
    size_t count = machine_sent(machine, &bytes);
    if (count > TEXT_BYTES) { count = TEXT_BYTES; }
    __builtin_memcpy(text, bytes, count);
    return (uint32_t)count;
}

uint32_t EXPORT(page_events)(void)
{
    uint32_t count = (uint32_t)told.length;
    text[0] = '[';
    __builtin_memcpy(text + 1, told_text, count);
    text[count + 1] = ']';
    told = (struct json){ told_text, TEXT_BYTES - 2, 0, true };
    return count + 2;
}

static struct json beginning(void)
{
    return (struct json){ text, TEXT_BYTES, 0, true };
}

static uint32_t empty(const char *what)
{
    uint32_t count = 0;
    while (what[count] != '\0') { count++; }
    __builtin_memcpy(text, what, count);
    return count;
}

static uint32_t ending(const struct json *j, const char *otherwise)
{
    return j->length <= j->size ? (uint32_t)j->length : empty(otherwise);
}

uint32_t EXPORT(page_state)(void)
{
    const struct tables *t = session_tables(session);
    struct json j = beginning();
    if (t == NULL) {
        return empty("{\"running\":0,\"payer\":0,\"idle\":0,\"firmware\":0,"
                     "\"processes\":[],\"buffers\":[]}");
    }
    state_write(t, &j);
    return ending(&j, "null");
}

#define RANGES 500

uint32_t EXPORT(page_windows)(uint32_t process, uint64_t page)
{
    const struct tables *t = session_tables(session);
    struct json j = beginning();
    if (t == NULL) { return empty("null"); }
    state_windows(t, process, page, RANGES, &j);
    return ending(&j, "null");
}

uint32_t EXPORT(page_way)(uint32_t process, uint64_t page)
{
    const struct tables *t = session_tables(session);
    struct json j = beginning();
    if (t == NULL) { return empty("[]"); }
    state_way(t, process, page, &j);
    return ending(&j, "[]");
}

uint32_t EXPORT(page_registers)(uint32_t process)
{
    const struct tables *t = session_tables(session);
    struct json j = beginning();
    if (t == NULL) { return empty("null"); }
    if (process == tables_running(t)) {
        json_begin(&j, '[');
        json_word(&j, machine_register(machine, MACHINE_PC));
        for (unsigned i = 1; i < 32; i++) {
            json_word(&j, machine_register(machine, MACHINE_X + i));
        }
        json_end(&j, ']');
    } else {
        state_registers(t, process, &j);
    }
    return ending(&j, "null");
}

/* Bytes of a process's storage; less than 0: there are none. */
int32_t EXPORT(page_read)(uint32_t process, uint64_t address, uint32_t count)
{
    if (count > TEXT_BYTES) { count = TEXT_BYTES; }
    size_t done = session_read(session, process, address, text, count);
    return done > 0 ? (int32_t)done : -1;
}
