#include "compare.h"

#include <string.h>

#include <check/check.h>

#include "look.h"
#include "rig.h"

static uint8_t bytes[MODEL_PAGES][KERNE_PAGE];

static int compared; /* process */

static void require(bool condition, const char *what)
{
    if (!condition) {
        tap_remark("looking at process %d of the model", compared);
        model_disagrees(what);
    }
}

static struct process *real_of(int p)
{
    return look_process(model.process[p].reference);
}

int compare_number(const struct process *p)
{
    return model_by_reference(process_reference(p));
}

/* ---- the beginning ----------------------------------------------------- */

static void add_page(uint64_t page, uint64_t rights, bool is_device)
{
    struct model_page *new = &model.page[model.pages];
    *new = (struct model_page){ page, rights, is_device, bytes[model.pages] };
    model.pages++;
    memcpy(new->bytes, machine_page(page), KERNE_PAGE);
}

static void begin_process(int p, const struct process *real, int parent)
{
    struct model_process *process = &model.process[p];
    *process = (struct model_process){
        .alive = true,
        .stopped = real->suspended != 0,
        .parent = parent,
        .depth = parent + 1,
        .born = ++model.serial,
        .reference = process_reference(real),
        .name = { real->name[0], real->name[1] },
        .number = real->number,
        .mask = real->mask,
        .share = real->share,
        .serving = NOBODY,
        .culprit = NOBODY,
        .buffers = real->claims[BUFFERS].received,
        .processes = real->claims[PROCESSES].received,
        .tables = real->claims[TABLES].received,
    };
    memcpy(process->x, real->x, sizeof process->x);
    process->set = model_new_set(p);
}

/* The first page behind RIG_STORAGE that the root has not. */
static uint64_t first_hole(void)
{
    uint64_t page = RIG_STORAGE / KERNE_PAGE, frame, rights;
    while (check_root_page(page, &frame, &rights)) { page++; }
    return page;
}

void compare_begin(void)
{
    const struct process *root = process_at(ROOT);
    memset(&model, 0, sizeof model);
    begin_process(MODEL_ROOT, root, NOBODY);
    begin_process(1, look_next_child(root, NULL), MODEL_ROOT);
    model.root_tables = look_used(root, TABLES);
    for (unsigned i = 0; i < 14; i++) {
        add_page(first_hole() - 14 + i, 7, false);
    }
    add_page(RIG_DEVICE / KERNE_PAGE, 3, true);
    add_page(RIG_DEVICE / KERNE_PAGE + 1, 3, true);
}

/* ---- what the model is told -------------------------------------------- */

bool seen_completed(int p)
{
    const struct process *real = real_of(p);
    return process_wait(real) != KERNE_WAITS_NOT ||
           real->x[R_PC] != model.process[p].x[PC];
}

uint64_t seen_break(int p) { return look_break(real_of(p)); }

bool seen_pays_itself(int p, uint64_t identity)
{
    const struct buffer *b = &nucleus.buffers[IDENTITY_INDEX(identity)];
    return b->account == real_of(p)->identity;
}

uint64_t seen_register(int p, int number) { return real_of(p)->x[number]; }

/* ---- processes --------------------------------------------------------- */

/* Does the record hold this register, so that it is to be as in the model?
 * Those that hold nothing while a process waits may be anything. */
static bool is_held(const struct process *p, int number)
{
    switch (number) {
    case R_RA:
    case R_T0:
    case R_T1:
    case R_A1:
    case R_A2:
    case R_A3:
    case R_A4:
    case R_A5:
    case R_A6:
    case R_T3:
    case R_T4:
    case R_T5:
    case R_T6:
        return process_wait(p) == KERNE_WAITS_NOT ||
               process_wait(p) == KERNE_WAITS_BREAK;
    case R_RESULT:
        return process_wait(p) != KERNE_WAITS_ANSWER &&
               process_wait(p) != KERNE_WAITS_MESSAGE;
    default: return true;
    }
}

static void compare_registers(const struct model_process *process,
                              const struct process *real)
{
    for (int i = 0; i < 32; i++) {
        if (is_held(real, i) && process->x[i] != real->x[i]) {
            tap_remark("process %d, x%d: %#lx, in the model %#lx", compared, i,
                       (unsigned long)real->x[i], (unsigned long)process->x[i]);
            model_disagrees("registers");
        }
    }
    require(memcmp(process->f, real->f, sizeof real->f) == 0 &&
                process->fcsr == real->fcsr,
            "floating-point registers");
    require(process_wait(real) == process->wait, "what a process waits for");
    require(process->wait == KERNE_WAITS_NOT ||
                real->wait_for == process->wait_for,
            "the buffer that a process waits for");
    require(real->area == process->area, "the area of set interrupt");
}

static void compare_claim(const struct process *real, enum claims kind,
                          uint64_t received, uint64_t free, uint64_t used,
                          const char *what)
{
    require(real->claims[kind].received == received &&
                look_free(real, kind) == free && look_used(real, kind) == used,
            what);
}

static void compare_claims(int p, const struct process *real)
{
    const struct model_process *process = &model.process[p];
    compare_claim(real, BUFFERS, process->buffers, model_free_buffers(p),
                  model_used_buffers(p), "the claim of buffers");
    compare_claim(real, PROCESSES, process->processes, model_free_processes(p),
                  model_used_processes(p), "the claim of processes");
    compare_claim(real, TABLES, process->tables, model_free_tables(p),
                  model_used_tables(p), "the claim of tables");
}

static void compare_buffer(const struct model_buffer *buffer,
                           const struct buffer *real)
{
    require(real->identity == buffer->identity, "the order of buffers");
    require(real->state == buffer->state, "the state of a buffer");
    require(memcmp(real->words, buffer->words, sizeof real->words) == 0,
            "the words of a buffer");
    if (buffer->state == KERNE_ANSWERED) {
        require(real->result == buffer->result, "the result of an answer");
    } else if (buffer->external == NOBODY) {
        require(real->from == buffer->from, "what is learnt of a sender");
    }
    require(buffer->is_break ||
                real->regretted == (buffer->sender == NOBODY ? KERNE_INHERITED
                                    : buffer->regretted      ? KERNE_REGRETTED
                                                             : KERNE_WANTED),
            "whether a message is regretted, or its sender gone");
}

static void compare_lists(int p, const struct process *real)
{
    const struct buffer *b = look_next_event(real, NULL);
    for (int i = model_next_event(p, NOBODY); i != NOBODY;
         i = model_next_event(p, i), b = look_next_event(real, b)) {
        require(b != NULL, "an event is lost");
        compare_buffer(&model.buffer[i], b);
    }
    require(b == NULL, "an event too many");
    b = look_next_held(real, NULL);
    for (int i = model_next_held(p, NOBODY); i != NOBODY;
         i = model_next_held(p, i), b = look_next_held(real, b)) {
        require(b != NULL, "a received message is lost");
        compare_buffer(&model.buffer[i], b);
    }
    require(b == NULL, "a received message too many");
    b = look_next_used(real, NULL);
    for (int i = model_next_used(p, NOBODY); i != NOBODY;
         i = model_next_used(p, i), b = look_next_used(real, b)) {
        require(b != NULL, "a buffer in use is lost");
        compare_buffer(&model.buffer[i], b);
    }
    require(b == NULL, "a buffer in use too many");
}

static void compare_windows(int p, struct process *real)
{
    const struct model_set *set = model_set(p);
    require(real->windows->pages == set->windows, "the count of windows");
    for (unsigned i = 0; i < set->windows; i++) {
        const struct model_window *window = &set->window[i];
        uint64_t page, rights;
        uint64_t *entry = storage_entry(real, window->page);
        int culprit;
        require(entry != NULL, "a window is lost");
        require(WINDOW_PAGE(WINDOW(entry)->onto) == window->onto &&
                    WINDOW_RIGHTS(WINDOW(entry)->onto) == window->rights,
                "where a window looks, or its rights");
        if (*entry == 0) { continue; }
        require(model_resolve(p, window->page, 0, &page, &rights, &culprit),
                "an entry without a chain of windows");
        require(machine_entry_frame(*entry) == page &&
                    machine_entry_rights(*entry) == rights,
                "an entry gives another page, or other rights, than its chain");
    }
}

static void compare_place(int p, const struct process *real)
{
    const struct model_process *process = &model.process[p];
    require(process_reference(real) == process->reference, "a reference");
    require(real->depth == process->depth, "the depth");
    require(real->name[0] == process->name[0] &&
                real->name[1] == process->name[1] &&
                (p == MODEL_ROOT || real->number == process->number),
            "name or number");
    require(real->is_pseudo == process->is_pseudo, "a pseudo process");
    require(!process->is_pseudo || real->server == process->server,
            "the server of a pseudo process");
    require(real->suspended == (process->stopped ? KERNE_SUSPENDED_STOP : 0),
            "whether a process is stopped");
    const struct process *child = look_next_child(real, NULL);
    for (int c = model_next_child(p, NOBODY); c != NOBODY;
         c = model_next_child(p, c), child = look_next_child(real, child)) {
        require(child == real_of(c), "the children");
    }
    require(child == NULL, "a child too many");
    require(look_ring_is_whole(real), "a ring is torn");
}

static void compare_process(int p)
{
    const struct model_process *process = &model.process[p];
    struct process *real = real_of(p);
    compared = p;
    compare_place(p, real);
    if (process->is_pseudo) { return; }
    require(real->horizon == process->horizon &&
                real->closed == process->closed &&
                real->mask == process->mask && real->share == process->share,
            "what a process was created with");
    compare_registers(process, real);
    compare_claims(p, real);
    compare_lists(p, real);
    compare_windows(p, real);
    require(time_account(real) == real_of(model_account(p)), "who pays");
}

/* ---- the whole --------------------------------------------------------- */

static void compare_storage(void)
{
    for (unsigned i = 0; i < model.pages; i++) {
        require(memcmp(model.page[i].bytes, machine_page(model.page[i].page),
                       KERNE_PAGE) == 0,
                "the contents of storage");
    }
}

static void compare_lines(void)
{
    for (int line = 1; line < KERNE_LINES; line++) {
        require(nucleus.lines[line].user == real_of(model.user[line]),
                "the interrupt lines");
    }
}

/* The root's account, idle time and the firmware's are all that there was. */
static void compare_time(void)
{
    uint64_t charged =
        process_at(ROOT)->time_below + nucleus.idle + nucleus.firmware;
    require(charged + (simulator.now - this_hart->since) == simulator.now,
            "time is lost");
}

void compare_all(void)
{
    static unsigned calls;
    for (int p = 0; p < MODEL_PROCESSES; p++) {
        if (model.process[p].alive) { compare_process(p); }
    }
    if (calls++ % 16 == 0) { compare_storage(); }
    compare_lines();
    compare_time();
    const char *rule = check_rules();
    rule = rule != NULL ? rule : check_current();
    require(rule == NULL, rule);
    rule = simulator_check();
    require(rule == NULL, rule);
}

void compare_current(void)
{
    require(this_hart->current != NULL, "nobody runs");
    int p = compare_number(this_hart->current);
    require(p != NOBODY, "a process runs that does not live");
    require(model.process[p].wait == KERNE_WAITS_NOT,
            "a process runs that waits");
    require(!model_is_suspended(p), "a process runs that is suspended");
    require(this_hart->posted != NULL ||
                this_hart->account == real_of(model_account(p)) ||
                this_hart->account == real_of(p),
            "another pays than whoever should");
    for (int a = model.process[p].parent; a != NOBODY;
         a = model.process[a].parent) {
        require(model.process[a].wait != KERNE_WAITS_NOT,
                "a process runs before one above it that is ready");
    }
}
