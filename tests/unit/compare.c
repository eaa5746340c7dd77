#include "compare.h"

#include <string.h>

#include <check/check.h>

#include "look.h"
#include "rig.h"

static uint8_t bytes[MODEL_PAGES][KERNE_PAGE];

static const struct model_process *compared;

static void require(bool condition, const char *what)
{
    if (!condition) {
        tap_remark("looking at process %d of the model",
                   (int)(compared - model.process));
        model_disagrees(what);
    }
}

static struct process *real_of(const struct model_process *p)
{
    return rig_process(p->reference);
}

struct model_process *compare_model_of(const struct process *p)
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

static void begin_process(struct model_process *p, const struct process *real,
                          struct model_process *parent)
{
    *p = (struct model_process){
        .alive = true,
        .stopped = real->suspended != 0,
        .parent = parent,
        .depth = real->depth,
        .born = ++model.serial,
        .reference = process_reference(real),
        .name = { real->name[0], real->name[1] },
        .number = real->number,
        .mask = real->mask,
        .share = real->share,
    };
    for (int i = 0; i < CLAIMS; i++) {
        p->received[i] = real->claims[i].received;
    }
    memcpy(p->x, real->x, sizeof p->x);
    p->set = model_new_set(p);
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
    begin_process(MODEL_ROOT, root, NULL);
    begin_process(&model.process[1], look_next_child(root, NULL), MODEL_ROOT);
    for (int line = 1; line < KERNE_LINES; line++) {
        model.user[line] = MODEL_ROOT;
    }
    model.root_tables = look_used(root, TABLES);
    for (unsigned i = 0; i < 14; i++) {
        add_page(first_hole() - 14 + i, 7, false);
    }
    add_page(RIG_DEVICE / KERNE_PAGE, 3, true);
    add_page(RIG_DEVICE / KERNE_PAGE + 1, 3, true);
}

/* ---- what the model is told -------------------------------------------- */

bool seen_completed(const struct model_process *p)
{
    const struct process *real = real_of(p);
    return process_wait(real) != KERNE_WAITS_NOT || real->x[R_PC] != p->x[PC];
}

uint64_t seen_break(const struct model_process *p)
{
    return real_of(p)->breaks->identity;
}

bool seen_pays_itself(const struct model_process *p, uint64_t identity)
{
    const struct buffer *b = &nucleus.buffers[IDENTITY_INDEX(identity)];
    return b->account == real_of(p)->identity;
}

uint64_t seen_register(const struct model_process *p, int number)
{
    return real_of(p)->x[number];
}

/* ---- processes --------------------------------------------------------- */

/* These hold nothing while a process waits, but in a break. */
#define LOST_IN_A_WAIT                                                \
    (1u << R_RA | 1u << R_T0 | 1u << R_T1 | 1u << R_T3 | 1u << R_T4 | \
     1u << R_T5 | 1u << R_T6 | 1u << R_A1 | 1u << R_A2 | 1u << R_A3 | \
     1u << R_A4 | 1u << R_A5 | 1u << R_A6)

/* Does the record hold this register, so that it is to be as in the model? */
static bool is_held(const struct process *p, int number)
{
    bool lost = (LOST_IN_A_WAIT >> number & 1) != 0;
    switch ((enum kerne_wait)process_wait(p)) {
    case KERNE_WAITS_MESSAGE:
    case KERNE_WAITS_ANSWER: return !lost && number != R_RESULT;
    case KERNE_WAITS_EVENT: return !lost;
    case KERNE_WAITS_NOT:
    case KERNE_WAITS_BREAK: break;
    }
    return true;
}

static void compare_registers(const struct model_process *p,
                              const struct process *real)
{
    for (int i = 0; i < 32; i++) {
        if (is_held(real, i) && p->x[i] != real->x[i]) {
            tap_remark("x%d: %#lx, in the model %#lx", i,
                       (unsigned long)real->x[i], (unsigned long)p->x[i]);
            require(false, "registers");
        }
    }
    require(memcmp(p->f, real->f, sizeof real->f) == 0 && p->fcsr == real->fcsr,
            "floating-point registers");
    require(process_wait(real) == p->wait, "what a process waits for");
    require(p->wait == KERNE_WAITS_NOT || real->wait_for == p->wait_for,
            "the buffer that a process waits for");
    require(real->area == p->area, "the area of set interrupt");
}

static void compare_claims(const struct model_process *p,
                           const struct process *real)
{
    static const char *const names[CLAIMS] = { "the claim of buffers",
                                               "the claim of processes",
                                               "the claim of tables" };
    for (int i = 0; i < CLAIMS; i++) {
        require(real->claims[i].received == p->received[i] &&
                    look_free(real, i) == model_free(p, i) &&
                    look_used(real, i) == model_used(p, i),
                names[i]);
    }
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
    } else if (buffer->external == MODEL_NO_EXTERNAL) {
        require(real->from == buffer->from, "what is learnt of a sender");
    }
    require(buffer->is_break ||
                real->regretted == (buffer->sender == NULL ? KERNE_INHERITED
                                    : buffer->regretted    ? KERNE_REGRETTED
                                                           : KERNE_WANTED),
            "whether a message is regretted, or its sender gone");
}

static void compare_lists(const struct model_process *p,
                          const struct process *real)
{
    static const struct {
        uint64_t list;
        const char *lost, *more;
    } lists[] = {
        { KERNE_DESCRIBE_EVENT, "an event is lost", "an event too many" },
        { KERNE_DESCRIBE_HELD, "a received message is lost",
          "a received message too many" },
        { KERNE_DESCRIBE_SENT, "a buffer in use is lost",
          "a buffer in use too many" },
    };
    for (int i = 0; i < 3; i++) {
        uint64_t list = lists[i].list;
        const struct model_buffer *buffer = model_next(p, list, NULL);
        const struct buffer *b = look_next(real, list, NULL);
        for (; buffer != NULL; buffer = model_next(p, list, buffer)) {
            require(b != NULL, lists[i].lost);
            compare_buffer(buffer, b);
            b = look_next(real, list, b);
        }
        require(b == NULL, lists[i].more);
    }
}

static void compare_windows(struct model_process *p, const struct process *real)
{
    require(real->windows->pages == p->set->windows, "the count of windows");
    for (unsigned i = 0; i < p->set->windows; i++) {
        const struct model_window *window = &p->set->window[i];
        const uint64_t *entry = storage_entry(real, window->page);
        require(entry != NULL, "a window is lost");
        require(WINDOW_PAGE(WINDOW(entry)->onto) == window->onto &&
                    WINDOW_RIGHTS(WINDOW(entry)->onto) == window->rights,
                "where a window looks, or its rights");
        require((*entry != 0 || WINDOW(entry)->onto >= WINDOW_TOUCHED) ==
                    window->touched,
                "whether a window was touched");
        if (*entry == 0) { continue; }
        struct model_way way = model_way(p, window->page, 0);
        require(way.is_open, "an entry without a chain of windows");
        require(machine_entry_frame(*entry) == way.page &&
                    machine_entry_rights(*entry) == way.rights,
                "an entry gives another page, or other rights, than its chain");
    }
}

static void compare_place(const struct model_process *p,
                          const struct process *real)
{
    require(process_reference(real) == p->reference, "a reference");
    require(real->depth == p->depth, "the depth");
    require(real->name[0] == p->name[0] && real->name[1] == p->name[1] &&
                (p == MODEL_ROOT || real->number == p->number),
            "name or number");
    require(real->is_pseudo == p->is_pseudo, "a pseudo process");
    require(!p->is_pseudo || real->server == p->server,
            "the server of a pseudo process");
    require(real->suspended == (p->stopped ? KERNE_SUSPENDED_STOP : 0),
            "whether a process is stopped");
    const struct model_process *c = model_next_child(p, NULL);
    const struct process *child = look_next_child(real, NULL);
    for (; c != NULL; c = model_next_child(p, c)) {
        require(child == real_of(c), "the children");
        child = look_next_child(real, child);
    }
    require(child == NULL, "a child too many");
    require(look_ring_is_whole(real), "a ring is torn");
}

static void compare_process(struct model_process *p)
{
    struct process *real = real_of(p);
    compared = p;
    compare_place(p, real);
    if (p->is_pseudo) { return; }
    require(real->horizon == p->horizon && real->closed == p->closed &&
                real->mask == p->mask && real->share == p->share,
            "what a process was created with");
    compare_registers(p, real);
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
    bool awaited[KERNE_LINES] = { false };
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        const struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->external > 0) { awaited[b->external] = true; }
    }
    for (int line = 1; line < KERNE_LINES; line++) {
        require(nucleus.lines[line].user == real_of(model.user[line]),
                "the interrupt lines");
        require(simulator.enabled[line] == awaited[line],
                "whether a line may interrupt");
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
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        if (model.process[i].alive) { compare_process(&model.process[i]); }
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
    struct model_process *p = compare_model_of(this_hart->current);
    require(p != NULL, "a process runs that does not live");
    require(p->wait == KERNE_WAITS_NOT, "a process runs that waits");
    require(!model_is_suspended(p), "a process runs that is suspended");
    require(simulator.timer <= external_deadline(1), "the timer comes late");
    require(this_hart->posted != NULL ||
                this_hart->account == real_of(model_account(p)) ||
                this_hart->account == real_of(p),
            "another pays than whoever should");
    while ((p = p->parent) != NULL) {
        require(p->wait != KERNE_WAITS_NOT,
                "a process runs before one above it that is ready");
    }
}
