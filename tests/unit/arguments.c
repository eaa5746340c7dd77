#include "arguments.h"

#include "dice.h"
#include "pick.h"

/* Windows of a child: of the root's pages only those that the model has. */
static void some_windows(uint64_t x[32])
{
    const struct model_process *child = model_by_reference(x[A0]);
    const struct model_process *parent = child != NULL ? child->parent : NULL;
    uint64_t onto = parent != NULL ? pick_own_page(parent) : pick_page();
    uint64_t pages = dice_percent(70) ? 1 : dice(6);
    x[A0 + 1] = pick_page() * KERNE_PAGE;
    if (child != NULL && dice_percent(30)) {
        x[A0 + 1] = pick_own_page(child) * KERNE_PAGE;
    }
    if (parent == MODEL_ROOT) {
        const struct model_page *page = model_page(onto);
        uint64_t left =
            page->is_device ? 1 : (uint64_t)(&model.page[14] - page);
        pages = pages > left ? left : pages;
        if (dice_percent(3)) {
            onto = dice_percent(50) ? 0 : MODEL_PAGE_LIMIT - 1;
            pages = 1;
        }
    }
    x[A0 + 2] = onto * KERNE_PAGE;
    x[A0 + 3] = pages;
    x[A0 + 4] = dice_percent(60)   ? 7
                : dice_percent(50) ? KERNE_READ | KERNE_WRITE
                                   : dice(9);
    if (dice_percent(2)) {
        x[A0 + 1 + dice(2)] += dice_percent(50) ? 8 : UINT64_C(1) << 38;
    }
    if (x[A7] == KERNE_unmap && dice_percent(4)) {
        x[A0 + 3] = dice_percent(50) ? UINT64_C(1) << 18 : UINT64_MAX;
    }
}

/* ---- arguments --------------------------------------------------------- */

static void some_words(const struct model_process *p, uint64_t x[32])
{
    uint64_t from = pick_own_address(p), length = dice(700);
    for (int i = 1; i < 7; i++) {
        x[A0 + i] = dice_percent(50) ? dice(100) : dice_word();
    }
    x[T0] = dice_word();
    x[T1] = dice_word();
    x[A0 + 1] = KERNE_OPERATION(dice(4), dice_percent(80) ? 3 : dice(4));
    x[A0 + 2] = from;
    x[A0 + 3] = from + (dice_percent(10) ? dice(9000) : length);
    if (dice_percent(2)) { x[A0 + 2 + dice(2)] = dice_word(); }
}

/* No two messages to the clock are due at once: who is first is open. */
static void some_delay(uint64_t x[32])
{
    uint64_t delay = dice_percent(95) ? 1 + dice(4000) : UINT64_MAX - dice(9);
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        const struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->external == 0 && b->deadline == model.now + delay) {
            delay++;
            i = -1;
        }
    }
    uint64_t operation = dice_percent(60) ? KERNE_CLOCK_DELAY : dice(4);
    x[A0 + 1] = KERNE_OPERATION(operation, 0);
    x[A0 + 2] = operation == KERNE_CLOCK_UNTIL ? model.now + delay : delay;
}

static void some_message(const struct model_process *p, uint64_t x[32])
{
    x[A0] = pick_address(p);
    some_words(p, x);
    uint64_t number = x[A0] & 0xffff;
    if (number == KERNE_EXTERNAL) {
        some_delay(x);
    } else if (number > KERNE_EXTERNAL && number < 0xff00) {
        x[A0 + 1] = KERNE_OPERATION(dice_percent(85) ? 1 : dice(4), 0);
    }
}

void arguments_of_action(uint64_t x[32])
{
    const struct model_buffer *b = model_by_identity(x[A0]);
    if (b == NULL || !b->is_break) { return; }
    bool inside = b->sender->culprit != b->sender;
    uint64_t chance = dice(10);
    x[A0 + 1] = chance < 5   ? (inside ? KERNE_NOT_MINE : KERNE_GO_ON)
                : chance < 8 ? KERNE_AGAIN
                             : dice(5);
    x[T2] = dice_percent(95) ? KERNE_r_normal : dice(7);
}

/* An answer, which may be one to a break. */
void arguments_of_answer(const struct model_process *p, uint64_t x[32])
{
    x[A0] = pick_identity(p, x[A7]);
    some_words(p, x);
    x[T2] = dice_percent(95) ? 1 + dice(5) : dice(9);
    arguments_of_action(x);
}

static uint64_t some_mask(uint64_t mask)
{
    if (dice_percent(10)) { mask &= ~(UINT64_C(1) << dice(55)); }
    if (dice_percent(2)) {
        mask = dice_percent(50) ? KERNE_MASK_FOREIGN : KERNE_MASK_ALL;
    }
    return mask;
}

/* Of a claim: mostly what there is, sometimes more. */
static uint64_t some_part(uint64_t free, uint64_t most)
{
    if (dice_percent(4)) { return dice(most); }
    return free > 2 ? dice(free * 2 / 3) : dice(free + 1);
}

/* Mostly nobody's windows; else those of a child of that parent. */
static uint64_t some_sibling(const struct model_process *p,
                             const struct model_process *parent)
{
    const struct model_process *child = model_next_child(parent, NULL);
    if (dice_percent(65) || child == NULL) { return 0; }
    if (dice_percent(5)) { return pick_reference(p); }
    const struct model_process *next = model_next_child(parent, child);
    return (next != NULL && dice_percent(50) ? next : child)->reference;
}

/* Name and number: mostly such as are free. */
static void some_place(const struct model_process *parent, uint64_t x[32])
{
    for (int tries = 0; tries < 3; tries++) {
        pick_name(&x[A0 + 1]);
        x[A0 + 3] = pick_number();
        if (model_named(parent, &x[A0 + 1]) == NULL &&
            model_child(parent, x[A0 + 3]) == NULL) {
            return;
        }
    }
}

void arguments_of_creation(const struct model_process *p, uint64_t x[32])
{
    const struct model_process *parent = p;
    x[A0] = 0;
    if (dice_percent(20)) {
        x[A0] = pick_reference(p);
        const struct model_process *found = model_by_reference(x[A0]);
        parent = found != NULL ? found : p;
    }
    some_place(parent, x);
    if (x[A7] == KERNE_create_pseudo_process) {
        x[A0 + 4] = pick_address(parent);
        return;
    }
    uint64_t horizon = parent->horizon + 1;
    x[A0 + 4] = some_part(model_free(parent, OF_BUFFERS), 60);
    x[A0 + 5] = some_part(model_free(parent, OF_PROCESSES), 40);
    x[A0 + 6] = 1 + some_part(model_free(parent, OF_TABLES), 100);
    x[T2] = some_sibling(p, parent);
    x[T0] = some_mask(parent->mask);
    x[T1] = kerne_create_how(dice_percent(80) ? horizon : dice(horizon + 2),
                             dice(4) == 0, dice_percent(90) ? 0 : dice(1200));
    x[T1] |= dice_percent(1) ? 0x400 : 0;
}

static void some_copy(const struct model_process *p, uint64_t x[32])
{
    uint64_t length = dice_percent(90) ? dice(300) : dice(5000);
    x[A0] = pick_identity(p, x[A7]);
    const struct model_buffer *b = model_by_identity(x[A0]);
    uint64_t granted = b != NULL ? b->words[2] - b->words[1] : 0;
    uint64_t offset = dice_percent(60) ? 0 : dice(64);
    if (granted > offset && granted < 10000 && dice_percent(90)) {
        length = dice(granted - offset + 1);
    }
    x[A0 + 1] = dice(dice_percent(97) ? 2 : 4);
    x[A0 + 2] = offset;
    x[A0 + 3] = dice_percent(94) ? pick_own_address(p) : dice_word();
    x[A0 + 4] = length;
    x[A0 + 5] = dice_percent(97) ? 0 : dice(400);
}

/* Near to what the process has: a little more, or less. */
static void some_claims(const struct model_process *p, uint64_t x[32])
{
    x[A0] = pick_reference(p);
    const struct model_process *q = model_by_reference(x[A0]);
    if (q == NULL) { return; }
    for (int i = 0; i < MODEL_CLAIMS; i++) {
        x[A0 + 1 + i] = q->received[i] + dice(4) - dice(4);
        if (dice_percent(40)) { x[A0 + 1 + i] = q->received[i]; }
        if (dice_percent(2)) { x[A0 + 1 + i] = dice_word(); }
    }
}

static void some_modification(const struct model_process *p, uint64_t x[32])
{
    x[A0] = pick_reference(p);
    x[A0 + 1] =
        dice_percent(94) ? pick_own_address(p) & ~UINT64_C(7) : dice_word();
    x[A0 + 2] = dice(dice_percent(97) ? 2 : 4);
}

static void some_description(const struct model_process *p, uint64_t x[32])
{
    uint64_t what = dice(dice_percent(98) ? 9 : 14);
    x[A0] = dice_percent(20) ? 0 : pick_reference(p);
    const struct model_process *q = model_by_reference(x[A0]);
    q = q != NULL ? q : p;
    x[A0 + 1] = what;
    x[A0 + 2] = dice(10);
    if (what == KERNE_DESCRIBE_CLAIM) {
        x[A0 + 2] = dice(6);
    } else if (what == KERNE_DESCRIBE_WINDOW) {
        x[A0 + 2] =
            dice_percent(50) ? pick_own_page(q) : dice_word() >> dice(64);
    } else if (what >= KERNE_DESCRIBE_EVENT && what <= KERNE_DESCRIBE_WORDS) {
        static const uint64_t functions[] = {
            KERNE_get_event,
            KERNE_send_answer,
            KERNE_regret_message,
        };
        uint64_t kind = what - KERNE_DESCRIBE_EVENT;
        x[A0 + 2] =
            dice_percent(40)
                ? 0
                : pick_identity(q, functions[kind < 3 ? kind : dice(3)]);
    }
}

void arguments(const struct model_process *p, uint64_t x[32])
{
    switch (x[A7]) {
    case KERNE_set_interrupt:
        x[A0] = dice_percent(15)   ? 0
                : dice_percent(95) ? pick_own_address(p) & ~UINT64_C(7)
                                   : pick_own_address(p);
        return;
    case KERNE_process_description:
        pick_name(&x[A0 + 1]);
        x[A0] = dice_percent(97) ? 0 : dice(3);
        return;
    case KERNE_include_user:
    case KERNE_exclude_user:
        x[A0] = pick_reference(p);
        x[A0 + 1] = dice_percent(95) ? 1 + dice(PICK_LINES) : dice(70);
        return;
    case KERNE_send_message: some_message(p, x); return;
    case KERNE_converse:
        some_message(p, x);
        if (dice_percent(20)) { x[A0] = pick_identity(p, x[A7]); }
        return;
    case KERNE_wait_answer:
    case KERNE_regret_message:
    case KERNE_get_event: x[A0] = pick_identity(p, x[A7]); return;
    case KERNE_wait_event:
    case KERNE_test_event:
        x[A0] = dice_percent(50) ? 0 : pick_identity(p, x[A7]);
        return;
    case KERNE_send_answer: arguments_of_answer(p, x); return;
    case KERNE_serve:
        arguments_of_answer(p, x);
        x[A0] = dice_percent(40) ? 0 : x[A0];
        return;
    case KERNE_sender_path:
        x[A0] = pick_identity(p, x[A7]);
        x[A0 + 1] = dice_percent(97) ? dice(4) : dice_word();
        return;
    case KERNE_create_internal_process:
    case KERNE_create_pseudo_process: arguments_of_creation(p, x); return;
    case KERNE_set_claims: some_claims(p, x); return;
    case KERNE_modify_internal_process: some_modification(p, x); return;
    case KERNE_general_copy: some_copy(p, x); return;
    case KERNE_map:
    case KERNE_unmap:
        x[A0] = pick_reference(p);
        some_windows(x);
        return;
    case KERNE_physical_address:
        x[A0] = dice_percent(97) ? pick_own_address(p) : dice_word();
        return;
    case KERNE_describe: some_description(p, x); return;
    default:
        x[A0] = pick_reference(p);
        x[A0 + 1] = dice_percent(90) ? 1 + dice(1000) : dice(1100);
    }
}
