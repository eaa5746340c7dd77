/* What a worker does; see worker.h. */
#include "worker.h"

/* ---- messages ----------------------------------------------------------- */

/* Anybody near: own children, siblings, the parent's siblings, the clock and
 * the UART's line as seen from several depths, and nobody. */
static uint64_t someone(struct dice *dice)
{
    static const uint64_t others[] = {
        KERNE_PARENT,
        KERNE_SELF,
        KERNE_VACANT,
        KERNE_ADDRESS(1, KERNE_EXTERNAL),
        KERNE_ADDRESS(2, KERNE_EXTERNAL),
        KERNE_ADDRESS(3, KERNE_EXTERNAL + LINE_UART),
        KERNE_ADDRESS(1, 300),
    };
    if (dice_one_in(dice, 4)) {
        return others[dice_below(dice, sizeof others / sizeof others[0])];
    }
    return KERNE_ADDRESS(dice_below(dice, 4), dice_below(dice, 8));
}

static struct kerne_words some_words(struct dice *dice)
{
    uint64_t first = (uint64_t)worker_pages + dice_below(dice, KERNE_PAGE);
    struct kerne_words words = {
        { KERNE_OPERATION(dice_below(dice, 6), dice_below(dice, 4)), first,
          first + dice_below(dice, sizeof worker_pages) },
    };
    if (dice_one_in(dice, 3)) {
        words.w[1] = dice_below(dice, 2000); /* for the clock */
    }
    return words;
}

static void send(struct worker *self)
{
    struct kerne_words words = some_words(&self->dice);
    uint64_t buffer;
    uint64_t result =
        worker_allow("send message",
                     kerne_send_message(someone(&self->dice), &words, &buffer),
                     RESULT(normal) | RESULT(no_buffers));
    if (result == KERNE_r_normal) { *worker_any(self, self->sent) = buffer; }
}

/* The word of a break's answer is an action; of others it is nothing. */
static void answer(struct worker *self)
{
    uint64_t *held = worker_any(self, self->held);
    struct kerne_words words = {
        { dice_below(&self->dice, 4), dice_word(&self->dice) },
    };
    uint64_t result = 1 + dice_below(&self->dice, 5);
    worker_allow("send answer", kerne_send_answer(*held, result, &words),
                 RESULT(normal) | RESULT(gone) | RESULT(bad_argument));
    *held = 0;
}

static void keep_event(struct worker *self, const struct kerne_received *r)
{
    uint64_t kind = KERNE_EVENT_KIND(r->event);
    expect_equal_of("an event", kind >= KERNE_MESSAGE && kind <= KERNE_BREAK,
                    true);
    if (kind != KERNE_ANSWER) { *worker_any(self, self->held) = r->buffer; }
}

/* The first event, or one further back, without waiting. */
static void take(struct worker *self)
{
    uint64_t last = 0;
    struct kerne_received r;
    do {
        r = kerne_test_event(last);
        if (KERNE_EVENT_KIND(r.event) == KERNE_NO_EVENT) { return; }
        last = r.buffer;
    } while (dice_one_in(&self->dice, 3));
    worker_allow("get event", kerne_get_event(r.buffer), RESULT(normal));
    keep_event(self, &r);
}

static void regret(struct worker *self)
{
    worker_allow("regret", kerne_regret_message(*worker_any(self, self->sent)),
                 RESULT(normal) | RESULT(gone));
}

/* A break in the middle of a copy may be ended by "go on behind it": then the
 * register of the result is as it was, 0. */
static void copy(struct worker *self)
{
    uint64_t bytes;
    struct dice *dice = &self->dice;
    uint8_t *own = worker_pages[0] + dice_below(dice, KERNE_PAGE);
    enum kerne_direction way = (enum kerne_direction)dice_below(dice, 2);
    uint64_t result = kerne_general_copy(*worker_any(self, self->held), way,
                                         dice_below(dice, 5000), own,
                                         dice_below(dice, 5000), &bytes);
    worker_allow("general copy", result,
                 1 | RESULT(normal) | RESULT(gone) | RESULT(no_grant) |
                     RESULT(missing) | RESULT(bad_address) |
                     RESULT(bad_argument));
}

void worker_message(struct worker *self)
{
    static void (*const actions[])(struct worker *) = {
        send, send, send, take, take, take, answer, answer, regret, copy,
    };
    actions[dice_below(&self->dice, sizeof actions / sizeof actions[0])](self);
}

/* ---- control ------------------------------------------------------------ */

/* One's own child, or a descendant further down. */
static uint64_t descendant(struct worker *self)
{
    uint64_t reference = *worker_any(self, self->below);
    if (reference == 0 || dice_one_in(&self->dice, 3)) {
        reference = family_describe(0, KERNE_DESCRIBE_TREE, 0, 1);
    }
    while (reference && dice_one_in(&self->dice, 2)) {
        uint64_t next =
            family_describe(reference, KERNE_DESCRIBE_TREE, 0,
                            1 + (unsigned)dice_below(&self->dice, 2));
        reference = next ? next : reference;
    }
    return reference;
}

static void make(struct worker *self)
{
    worker_make(self, dice_one_in(&self->dice, 4) ? descendant(self) : 0);
}

static void make_pseudo(struct worker *self)
{
    struct dice *dice = &self->dice;
    uint64_t reference;
    uint64_t result =
        kerne_create_pseudo(dice_one_in(dice, 2) ? descendant(self) : 0,
                            dice_one_in(dice, 2) ? "amber" : "ivy",
                            dice_below(dice, 8), someone(dice), &reference);
    worker_allow("create pseudo", result,
                 CONTROL_RESULTS | RESULT(no_processes) | RESULT(name_taken) |
                     RESULT(number_taken) | RESULT(bad_argument));
    if (result == KERNE_r_normal) {
        *worker_any(self, self->below) = reference;
    }
}

static void stop(struct worker *self)
{
    worker_allow("stop", kerne_stop(descendant(self)),
                 CONTROL_RESULTS | RESULT(already_stopped));
}

static void start(struct worker *self)
{
    worker_allow("start", kerne_start(descendant(self)),
                 CONTROL_RESULTS | RESULT(not_stopped));
}

static void remove(struct worker *self)
{
    worker_allow("remove", kerne_remove(descendant(self)),
                 RESULT(normal) | RESULT(not_descendant));
}

static void modify(struct worker *self)
{
    uint64_t reference = descendant(self);
    struct kerne_register_file file;
    uint64_t read = kerne_read_registers(reference, &file);
    worker_allow("registers read", read, CONTROL_RESULTS);
    if (read == KERNE_r_normal) {
        worker_allow("modify", kerne_modify(reference, &file),
                     CONTROL_RESULTS | RESULT(not_stopped));
    }
}

static void set_share(struct worker *self)
{
    worker_allow(
        "set share",
        kerne_set_share(descendant(self), 1 + dice_below(&self->dice, 1000)),
        CONTROL_RESULTS);
}

static void lend(struct worker *self)
{
    uint64_t left;
    struct dice *dice = &self->dice;
    uint64_t first = dice_below(dice, WORKER_PAGES);
    uint64_t result =
        kerne_map(descendant(self), (uint64_t)worker_pages[first],
                  (uint64_t)worker_pages[dice_below(dice, WORKER_PAGES)],
                  1 + dice_below(dice, WORKER_PAGES - first),
                  KERNE_READ | (dice_one_in(dice, 2) ? KERNE_WRITE : 0), &left);
    worker_allow("map", result, CONTROL_RESULTS | RESULT(no_tables));
}

static void take_back(struct worker *self)
{
    uint64_t left;
    uint64_t first = dice_below(&self->dice, WORKER_PAGES);
    uint64_t result =
        kerne_unmap(descendant(self), (uint64_t)worker_pages[first],
                    1 + dice_below(&self->dice, WORKER_PAGES - first), &left);
    worker_allow("unmap", result, CONTROL_RESULTS);
}

void worker_control(struct worker *self)
{
    static void (*const actions[])(struct worker *) = {
        make,  make,   make,   make,      make_pseudo, stop, start,
        start, remove, modify, set_share, lend,        lend, take_back,
    };
    actions[dice_below(&self->dice, sizeof actions / sizeof actions[0])](self);
}

/* ---- waits and breaks --------------------------------------------------- */

static void wait(struct worker *self)
{
    struct kerne_words words;
    struct kerne_received r;
    switch (dice_below(&self->dice, 5)) {
    case 0:
        worker_allow("wait answer",
                     kerne_wait_answer(*worker_any(self, self->sent), &words),
                     ANSWER_RESULTS | RESULT(gone));
        break;
    case 1:
        r = kerne_wait_message();
        keep_event(self, &r);
        break;
    case 2:
        kerne_wait_event(0);
        take(self);
        break;
    case 3:
        words = some_words(&self->dice);
        worker_allow("converse",
                     kerne_converse(someone(&self->dice), &words, &words),
                     ANSWER_RESULTS | RESULT(no_buffers));
        break;
    case 4:
        r = kerne_serve(*worker_any(self, self->held), KERNE_r_normal,
                        WORDS(KERNE_AGAIN));
        keep_event(self, &r);
        break;
    }
}

static void touch(struct worker *self)
{
    uint64_t page = dice_below(&self->dice, WORKER_PAGES);
    volatile uint8_t *byte = &worker_pages[page][0];
    if (dice_one_in(&self->dice, 2)) {
        (void)*byte;
    } else {
        *byte = (uint8_t)page;
    }
}

/* A call that is no function: all that a call may change is lost. */
static void no_function(void)
{
    register uint64_t a7 __asm__("a7") = 1022;
    __asm__ volatile("ecall"
                     : "+r"(a7)
                     :
                     : "ra", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "t0",
                       "t1", "t2", "t3", "t4", "t5", "t6", "memory");
}

static void break_off(struct worker *self)
{
    switch (dice_below(&self->dice, 3)) {
    case 0: __asm__ volatile("ebreak" : : : "a0"); break;
    case 1: __asm__ volatile("unimp" : : : "a0"); break;
    case 2: no_function(); break;
    }
}

/* Long enough for a time slice now and then. */
static void compute(struct worker *self)
{
    for (uint64_t i = dice_below(&self->dice, 20000); i > 0; i--) {
        __asm__ volatile("" : : : "memory");
    }
}

void worker_wait_or_break(struct worker *self)
{
    static void (*const actions[])(struct worker *) = {
        wait, wait, wait, touch, touch, break_off, compute,
    };
    actions[dice_below(&self->dice, sizeof actions / sizeof actions[0])](self);
}
