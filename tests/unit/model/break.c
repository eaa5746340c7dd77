/* Breaks in the model. */
#include "model.h"

/* ---- one's own breaks -------------------------------------------------- */

/* Writes a word into the storage of p, if it can be written and is no device.
 */
static bool store_word(int p, uint64_t address, uint64_t word)
{
    uint64_t page, rights;
    int culprit;
    if (address / KERNE_PAGE >= MODEL_PAGE_LIMIT ||
        !model_resolve(p, address / KERNE_PAGE, KERNE_WRITE, &page, &rights,
                       &culprit) ||
        model_page(page)->is_device) {
        return false;
    }
    for (int i = 0; i < 8; i++) {
        model_page(page)->bytes[address % KERNE_PAGE + (uint64_t)i] =
            (uint8_t)(word >> i * 8);
    }
    return true;
}

static bool interrupt_self(int p, const uint64_t words[KERNE_WORDS])
{
    struct model_process *process = &model.process[p];
    uint64_t area = process->area;
    process->area = 0;
    if (area == 0) { return false; }
    for (uint64_t i = 0; i < 40; i++) {
        uint64_t word = i < 8 ? words[i] : process->x[i - 8];
        if (!store_word(p, area + i * 8, word)) { return false; }
    }
    process->x[PC] = area + KERNE_AREA_BYTES;
    process->repeats = false;
    return true;
}

/* ---- raising ----------------------------------------------------------- */

static int take_break_buffer(int p)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        if (!model.buffer[b].in_use) {
            model.buffer[b] = (struct model_buffer){
                .in_use = true,
                .is_break = true,
                .identity = seen_break(p),
                .sender = p,
                .owner = NOBODY,
                .external = NOBODY,
            };
            model_set_account(&model.buffer[b], p);
            return b;
        }
    }
    model_disagrees("more buffers are in use than the model has");
}

void model_raise(int p, int culprit, const uint64_t words[KERNE_WORDS])
{
    struct model_process *process = &model.process[p];
    if (culprit == p && interrupt_self(p, words)) { return; }
    if (culprit == MODEL_ROOT) {
        model_disagrees("the root broke, and the machine goes on");
    }
    int b = take_break_buffer(p);
    int parent = model.process[culprit].parent;
    for (int i = 0; i < KERNE_WORDS; i++) {
        model.buffer[b].words[i] = words[i];
    }
    model.buffer[b].from = model_sender(culprit, parent) |
                           (culprit != p ? KERNE_SENDER_INSIDE : 0);
    process->culprit = culprit;
    process->copying = false;
    process->wait = KERNE_WAITS_BREAK;
    process->wait_for = model.buffer[b].identity;
    model_deliver(b, parent);
}

static void report(int p, int culprit, uint64_t address, uint64_t access,
                   bool copies)
{
    bool inside = culprit != p;
    int parent = model.process[culprit].parent;
    const uint64_t words[KERNE_WORDS] = {
        KERNE_BREAK_PAGE_FAULT,
        address,
        access,
        inside ? 0 : model.process[p].x[PC],
        inside,
        copies,
        copies ? model_sender(p, parent) : 0,
    };
    model_raise(p, culprit, words);
}

/* p, or its general copy, may not touch the address `fault` of its own so. */
void model_page_fault(int p, uint64_t fault, uint64_t access, bool copies)
{
    uint64_t page = fault / KERNE_PAGE, rights;
    int culprit = p;
    if (page < MODEL_PAGE_LIMIT) {
        model_resolve(p, fault / KERNE_PAGE, access, &page, &rights, &culprit);
    }
    model.process[p].fault = fault;
    report(p, culprit, page * KERNE_PAGE + fault % KERNE_PAGE, access, copies);
}

/* ---- answers ----------------------------------------------------------- */

static bool is_open(int p, uint64_t action)
{
    const struct model_process *process = &model.process[p];
    bool own = process->culprit == p && !process->copying;
    switch (action) {
    case KERNE_STAY:
    case KERNE_GO_ON: return own;
    case KERNE_AGAIN: return true;
    case KERNE_NOT_MINE: return !own;
    default: return false;
    }
}

/* The break is offered to the next parent downwards, if the page that p
 * touched is still known to it; else p tries again. */
static void offer_downwards(int p, int culprit, uint64_t access, bool copies)
{
    struct model_process *process = &model.process[p];
    uint64_t page = process->fault / KERNE_PAGE;
    int next = p;
    while (model.process[next].parent != culprit) {
        const struct model_window *window = model_window(next, page);
        if (window == NULL) { return; }
        page = window->onto;
        next = model.process[next].parent;
    }
    report(p, next, page * KERNE_PAGE + process->fault % KERNE_PAGE, access,
           copies);
}

static uint64_t instruction_bytes(int p)
{
    uint64_t pc = model.process[p].x[PC], page, rights;
    int culprit;
    if (pc / KERNE_PAGE >= MODEL_PAGE_LIMIT ||
        !model_resolve(p, pc / KERNE_PAGE, KERNE_EXECUTE, &page, &rights,
                       &culprit)) {
        return 4;
    }
    return (model_page(page)->bytes[pc % KERNE_PAGE] & 3) == 3 ? 4 : 2;
}

static void go_on(int p, uint64_t kind, uint64_t value)
{
    struct model_process *process = &model.process[p];
    process->repeats = false;
    if (kind == KERNE_BREAK_CALL) {
        process->x[A0] = value;
        process->x[PC] += 4;
    } else {
        process->x[PC] += instruction_bytes(p);
    }
}

enum kerne_result model_break_answer(int b, enum kerne_result result,
                                     const uint64_t words[KERNE_WORDS])
{
    int p = model.buffer[b].sender;
    struct model_process *process = &model.process[p];
    uint64_t action = result == KERNE_r_normal ? words[0] : KERNE_STAY;
    uint64_t kind = model.buffer[b].words[0];
    uint64_t access = model.buffer[b].words[2];
    bool copies = model.buffer[b].words[5] != 0;
    if (!is_open(p, action)) { return KERNE_r_bad_argument; }
    model_free(b);
    process->wait = KERNE_WAITS_NOT;
    if (action == KERNE_STAY) {
        process->stopped = true;
    } else if (action == KERNE_GO_ON) {
        go_on(p, kind, words[1]);
    } else if (action == KERNE_NOT_MINE && process->copying) {
        uint64_t *x = process->x;
        model_end_copy(p, KERNE_r_missing);
        process->repeats = false;
        x[PC] += 4;
        x[RA] = x[T3] = x[T3 + 1] = x[T3 + 2] = x[T3 + 3] = 0;
    } else if (action == KERNE_NOT_MINE) {
        offer_downwards(p, process->culprit, access, copies);
    }
    return KERNE_r_normal;
}

static enum kerne_result set_interrupt(int p)
{
    uint64_t area = model.process[p].x[A0];
    if (area % 8 != 0 ||
        area > MODEL_PAGE_LIMIT * KERNE_PAGE - KERNE_AREA_BYTES) {
        return KERNE_r_bad_address;
    }
    model.process[p].area = area;
    return KERNE_r_normal;
}

bool model_break_function(int p, enum model_outcome *ret_outcome)
{
    (void)ret_outcome;
    if (model.process[p].x[A7] != KERNE_set_interrupt) { return false; }
    model_result(p, set_interrupt(p));
    return true;
}
