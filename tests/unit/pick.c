#include "pick.h"

#include "dice.h"

#define HISTORY 48
#define NAMES 6

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
static bool is_sink(const struct model_process *p)
{
    return p->parent == MODEL_ROOT && p->number == KERNE_CHILDREN - 1;
}

void pick_remember(void)
{
    const struct model_process *p = &model.process[dice(MODEL_PROCESSES)];
    const struct model_buffer *b = &model.buffer[dice(MODEL_BUFFERS)];
    if (p->alive && !is_sink(p)) {
        references[next_reference++ % HISTORY] = p->reference;
    }
    if (b->in_use) { identities[next_identity++ % HISTORY] = b->identity; }
}

struct model_process *pick_descendant(const struct model_process *p)
{
    struct model_process *found = NULL;
    uint64_t count = 0;
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        struct model_process *c = &model.process[i];
        if (c->alive && c != p && !is_sink(c) && model_is_within(c, p) &&
            dice(++count) == 0) {
            found = c;
        }
    }
    return found;
}

uint64_t pick_reference(const struct model_process *p)
{
    const struct model_process *found = pick_descendant(p);
    uint64_t chance = dice(100);
    if (chance < 85 && found != NULL) { return found->reference; }
    if (chance < 92) { return references[dice(HISTORY)]; }
    if (chance < 95) { return p->reference; }
    return chance < 97 ? dice(3) : references[dice(HISTORY)] ^ 1 << dice(20);
}

static bool is_wanted(const struct model_process *p,
                      const struct model_buffer *b, uint64_t function)
{
    switch (function) {
    case KERNE_wait_answer:
    case KERNE_converse:
    case KERNE_regret_message: return b->in_use && b->sender == p;
    case KERNE_get_event:
    case KERNE_wait_event:
    case KERNE_test_event: return model_is_in(p, KERNE_DESCRIBE_EVENT, b);
    default: return model_is_in(p, KERNE_DESCRIBE_HELD, b);
    }
}

uint64_t pick_identity(const struct model_process *p, uint64_t function)
{
    const struct model_buffer *found = NULL;
    uint64_t count = 0;
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        const struct model_buffer *b = &model.buffer[i];
        if (is_wanted(p, b, function) && dice(++count) == 0) { found = b; }
    }
    uint64_t chance = dice(100);
    if (chance < 88 && found != NULL) { return found->identity; }
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
        "clock",
        "clocks",
        "line1",
        "line63",
        "line64",
        "line01",
        "line7x",
        "line0",
        "line",
        "line99",
        "lime1",
        "line100",
        "sink",
        "parent",
        "Anna",
        "",
        "a b",
        "0ab",
        "line1-and-clock",
        "fifteen-letters",
        "sixteen--letters",
    };
    static const char *const usual[NAMES] = {
        "anna", "bert", "carl", "dora", "emil", "long_name-with9",
    };
    const char *text = dice_percent(90) ? usual[dice(NAMES)]
                                        : odd[dice(sizeof odd / sizeof *odd)];
    ret_name[0] = ret_name[1] = 0;
    for (unsigned i = 0; i < 16 && text[i] != '\0'; i++) {
        ret_name[i / 8] |= (uint64_t)(uint8_t)text[i] << i % 8 * 8;
    }
    if (dice_percent(1)) { ret_name[1] |= UINT64_C(97) << 56; }
}

uint64_t pick_address(const struct model_process *p)
{
    uint64_t up = dice(p->horizon + 1);
    const struct model_process *declarer = p, *child = NULL;
    switch (dice(20)) {
    case 0:
    case 1:
    case 2: return KERNE_PARENT;
    case 3: return KERNE_SELF;
    case 4: return dice_percent(50) ? KERNE_VACANT : dice_word();
    case 5: return KERNE_ADDRESS(dice(8), pick_number());
    case 6:
    case 7:
    case 8: return KERNE_ADDRESS(p->depth, KERNE_EXTERNAL);
    case 9:
    case 10:
        return KERNE_ADDRESS(p->depth, KERNE_EXTERNAL + 1 + dice(PICK_LINES));
    default: break;
    }
    for (uint64_t i = 0; i < up && declarer != MODEL_ROOT; i++) {
        declarer = declarer->parent;
    }
    for (uint64_t i = 1 + dice(4); i > 0; i--) {
        child = model_next_child(declarer, child);
    }
    return KERNE_ADDRESS(up, child != NULL ? child->number : pick_number());
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

uint64_t pick_own_page(const struct model_process *p)
{
    if (p == MODEL_ROOT) {
        return model.page[dice_percent(95) ? dice(14) : dice(16)].page;
    }
    return !p->is_pseudo && p->set->windows > 0 && dice_percent(90)
               ? p->set->window[dice(p->set->windows)].page
               : pick_page();
}

uint64_t pick_own_address(const struct model_process *p)
{
    uint64_t page = pick_own_page(p);
    uint64_t offset = dice_percent(30)   ? 0
                      : dice_percent(20) ? KERNE_PAGE - 64
                                         : dice(KERNE_PAGE / 8) * 8;
    return page * KERNE_PAGE + offset + (dice_percent(10) ? dice(64) : 0);
}

void pick_touch(const struct model_process *p, uint64_t *ret_address,
                uint64_t *ret_access)
{
    static const uint64_t access[] = { KERNE_READ, KERNE_READ, KERNE_WRITE,
                                       KERNE_WRITE, KERNE_EXECUTE };
    *ret_access = access[dice(5)];
    *ret_address = dice_percent(97) ? pick_own_address(p) : dice_word();
    if (p == MODEL_ROOT) {
        *ret_address = model.page[dice(14)].page * KERNE_PAGE + dice(4096);
    }
}
