#include "pick.h"

#include "dice.h"

#define HISTORY 48
#define NAMES 6

uint64_t dice_state;
static uint64_t references[HISTORY], identities[HISTORY];
static unsigned next_reference, next_identity;

/* ---- what is there ----------------------------------------------------- */

void pick_begin(void)
{
    for (unsigned i = 0; i < HISTORY; i++) {
        references[i] = identities[i] = 0;
    }
    next_reference = next_identity = 0;
}

/* It has more than the model could follow, and is left alone. */
static bool is_sink(int p)
{
    return model.process[p].parent == MODEL_ROOT &&
           model.process[p].number == KERNE_CHILDREN - 1;
}

void pick_remember(void)
{
    int p = (int)dice(MODEL_PROCESSES), b = (int)dice(MODEL_BUFFERS);
    if (model.process[p].alive && !is_sink(p)) {
        references[next_reference++ % HISTORY] = model.process[p].reference;
    }
    if (model.buffer[b].in_use) {
        identities[next_identity++ % HISTORY] = model.buffer[b].identity;
    }
}

/* One of p's descendants; NOBODY: none. */
int pick_descendant(int p)
{
    int found = NOBODY;
    uint64_t count = 0;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && c != p && !is_sink(c) &&
            model_is_within(c, p) && dice(++count) == 0) {
            found = c;
        }
    }
    return found;
}

uint64_t pick_reference(int p)
{
    int found = pick_descendant(p);
    uint64_t chance = dice(100);
    if (chance < 85 && found != NOBODY) {
        return model.process[found].reference;
    }
    if (chance < 92) { return references[dice(HISTORY)]; }
    if (chance < 95) { return model.process[p].reference; }
    return chance < 97 ? dice(3) : references[dice(HISTORY)] ^ 1 << dice(20);
}

static bool is_wanted(int p, const struct model_buffer *b, uint64_t function)
{
    switch (function) {
    case KERNE_wait_answer:
    case KERNE_converse:
    case KERNE_regret_message: return b->sender == p;
    case KERNE_get_event:
    case KERNE_wait_event:
    case KERNE_test_event:
        return (b->state == KERNE_QUEUED && b->receiver == p) ||
               (b->state == KERNE_ANSWERED && b->sender == p);
    default: return b->state == KERNE_RECEIVED && b->receiver == p;
    }
}

/* A buffer that p can use in this function. */
static int some_buffer(int p, uint64_t function)
{
    int found = NOBODY;
    uint64_t count = 0;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        if (model.buffer[b].in_use &&
            is_wanted(p, &model.buffer[b], function) && dice(++count) == 0) {
            found = b;
        }
    }
    return found;
}

uint64_t pick_identity(int p, uint64_t function)
{
    int found = some_buffer(p, function);
    uint64_t chance = dice(100);
    if (chance < 88 && found != NOBODY) { return model.buffer[found].identity; }
    if (chance < 96) { return identities[dice(HISTORY)]; }
    return identities[dice(HISTORY)] ^ UINT64_C(1) << dice(64);
}

/* ---- names and addresses ----------------------------------------------- */

uint64_t pick_number(void)
{
    return dice_percent(97) ? dice(NAMES) : 380 + dice(8);
}

void pick_name(uint64_t ret_name[2])
{
    static const char *const odd[] = {
        "clock",  "line1", "line63", "line64",          "line01",
        "line7x", "line",  "sink",   "parent",          "Anna",
        "",       "a b",   "0ab",    "fifteen-letters", "sixteen--letters",
        "line99",
    };
    static const char *const usual[NAMES] = {
        "anna", "bert", "carl", "dora", "emil", "long_name-with9",
    };
    const char *text = dice_percent(90) ? usual[dice(NAMES)] : odd[dice(16)];
    ret_name[0] = ret_name[1] = 0;
    for (unsigned i = 0; i < 16 && text[i] != '\0'; i++) {
        ret_name[i / 8] |= (uint64_t)(uint8_t)text[i] << i % 8 * 8;
    }
    if (dice_percent(1)) { ret_name[1] |= UINT64_C(97) << 56; }
}

uint64_t pick_address(int p)
{
    const struct model_process *process = &model.process[p];
    uint64_t up = dice(process->horizon + 1);
    int declarer = p;
    switch (dice(20)) {
    case 0:
    case 1:
    case 2: return KERNE_PARENT;
    case 3: return KERNE_SELF;
    case 4: return dice_percent(50) ? KERNE_VACANT : dice_word();
    case 5: return KERNE_ADDRESS(dice(8), pick_number());
    case 6:
    case 7:
    case 8: return KERNE_ADDRESS(process->depth, KERNE_EXTERNAL);
    case 9:
    case 10:
        return KERNE_ADDRESS(process->depth,
                             KERNE_EXTERNAL + 1 + dice(PICK_LINES));
    default: break;
    }
    for (uint64_t i = 0; i < up && declarer != MODEL_ROOT; i++) {
        declarer = model.process[declarer].parent;
    }
    int child = NOBODY;
    for (uint64_t i = 1 + dice(4); i > 0 && declarer != NOBODY; i--) {
        child = model_next_child(declarer, child);
    }
    return KERNE_ADDRESS(up, child != NOBODY ? model.process[child].number
                                             : pick_number());
}

/* ---- storage ----------------------------------------------------------- */

#define BASES 5
static const uint64_t bases[BASES] = {
    0x80400, 0x80600, 0xc0000, MODEL_PAGE_LIMIT - 8, 0,
};

uint64_t pick_page(void)
{
    return bases[dice_percent(60) ? 0 : dice(BASES)] + dice(8);
}

/* A page that p has, if it has any. */
uint64_t pick_own_page(int p)
{
    const struct model_set *set = model_set(p);
    if (p == MODEL_ROOT) {
        return model.page[dice_percent(95) ? dice(14) : dice(16)].page;
    }
    return set->windows > 0 && dice_percent(90)
               ? set->window[dice(set->windows)].page
               : pick_page();
}

uint64_t pick_own_address(int p)
{
    uint64_t page = pick_own_page(p);
    uint64_t offset = dice_percent(30)   ? 0
                      : dice_percent(20) ? KERNE_PAGE - 64
                                         : dice(KERNE_PAGE / 8) * 8;
    return page * KERNE_PAGE + offset + (dice_percent(10) ? dice(64) : 0);
}

void pick_touch(int p, uint64_t *ret_address, uint64_t *ret_access)
{
    static const uint64_t access[] = { KERNE_READ, KERNE_READ, KERNE_WRITE,
                                       KERNE_WRITE, KERNE_EXECUTE };
    *ret_access = access[dice(5)];
    *ret_address = dice_percent(97) ? pick_own_address(p) : dice_word();
    if (p == MODEL_ROOT) {
        *ret_address = model.page[dice(14)].page * KERNE_PAGE + dice(4096);
    }
}
