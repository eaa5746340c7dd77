#include "members.h"

struct member member[MEMBERS] = {
    [BOSS] = { "boss", KERNE_WAITS_ANSWER, .suspended = 0 },
    [SERVER] = { "server", KERNE_WAITS_ANSWER, .suspended = 0 },
    [ALPHA] = { "alpha", KERNE_WAITS_ANSWER, .suspended = 0 },
    [BETA] = { "beta", KERNE_WAITS_ANSWER, .suspended = 0 },
    [DEAF] = { "deaf", KERNE_WAITS_EVENT, .suspended = 0 },
    [BROKEN] = { "broken", KERNE_WAITS_BREAK, .suspended = 0 },
    [CRASHED] = { "crashed", KERNE_WAITS_BREAK, .suspended = 0 },
    [UNBORN] = { "unborn", KERNE_WAITS_NOT, .suspended = KERNE_SUSPENDED_STOP },
    [WATCHER] = { "watcher", KERNE_WAITS_EVENT,
                  .suspended = KERNE_SUSPENDED_STOP },
    [IDLE] = { "idle", KERNE_WAITS_MESSAGE, .suspended = 0 },
    [SPINNER] = { "spinner", KERNE_WAITS_NOT, .suspended = 0 },
};
volatile uint64_t letter_buffer[LETTERS];
uint64_t members_front;
uint64_t members_idle_area;
volatile uint64_t members_crash_buffer;

static uint64_t idle_area[KERNE_AREA_BYTES / 8];

/* How far the arrangement has come, where its order matters. */
static volatile uint64_t alpha_has_sent;
static volatile uint64_t alpha_has_settled;
static volatile uint64_t regretted_is_held;
static volatile uint64_t beta_has_regretted;
static volatile uint64_t server_has_settled;

/* A word that says which message it is in, and which word of it. */
struct kerne_words letter_words(enum letter letter)
{
    struct kerne_words words;
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        words.w[i] = UINT64_C(0x6c65747400000000) | (uint64_t)letter << 8 |
                     (i == 0 ? 0 : i);
    }
    words.w[0] &= ~UINT64_C(3); /* grants nothing */
    return words;
}

struct kerne_words letter_answer(void) { return letter_words(LETTERS); }

static void send(enum letter letter, uint64_t address)
{
    struct kerne_words words = letter_words(letter);
    uint64_t buffer;
    expect_result(kerne_send_message(address, &words, &buffer), normal);
    letter_buffer[letter] = buffer;
}

/* ---- one instruction with every register a mark ------------------------- */

static void expect_kept(struct member *m)
{
    for (unsigned i = 1; i < 32; i++) {
        if (registers_kept(i) && i != REGISTER_SP) {
            expect_equal_of(m->name, m->after.x[i], m->before.x[i]);
        }
        if (registers_cleared(i)) {
            expect_equal_of(m->name, m->after.x[i], 0);
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        expect_equal_of(m->name, m->after.f[i], m->before.f[i]);
    }
    expect_equal_of(m->name, m->after.fcsr, m->before.fcsr);
}

/* A call with a0 and, if not null, eight words. */
static void call_marked(enum member_number self, uint64_t function, uint64_t a0,
                        const struct kerne_words *words)
{
    struct member *m = &member[self];
    registers_fill(&m->before, self + 1);
    m->before.x[REGISTER_A7] = function;
    m->before.x[REGISTER_A0] = a0;
    for (unsigned i = 0; words && i < 6; i++) {
        m->before.x[REGISTER_A1 + i] = words->w[i];
    }
    if (words) {
        m->before.x[REGISTER_T0] = words->w[6];
        m->before.x[REGISTER_T1] = words->w[7];
    }
    registers_call(&m->before, &m->after);
    expect_kept(m);
}

/* In a break at an instruction, all registers are kept. */
static void break_marked(enum member_number self)
{
    struct member *m = &member[self];
    registers_fill(&m->before, self + 1);
    registers_break(&m->before, &m->after);
    for (unsigned i = 1; i < 32; i++) {
        if (i != REGISTER_SP) {
            expect_equal_of(m->name, m->after.x[i], m->before.x[i]);
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        expect_equal_of(m->name, m->after.f[i], m->before.f[i]);
    }
}

/* ---- the children's scripts --------------------------------------------- */

static void expect_letter(const struct kerne_received *r, enum letter letter)
{
    struct kerne_words words = letter_words(letter);
    expect_equal(r->buffer, letter_buffer[letter]);
    expect_words(&r->words, &words);
}

static void answer(uint64_t buffer, enum kerne_result result)
{
    struct kerne_words words = letter_answer();
    expect_result(kerne_send_answer(buffer, result, &words), normal);
}

static void answer_next(enum letter letter)
{
    struct kerne_received r = kerne_wait_message();
    expect_letter(&r, letter);
    answer(r.buffer, KERNE_r_normal);
}

static void server(uint64_t argument)
{
    (void)argument;
    struct kerne_words words;
    struct kerne_received first = kerne_wait_message();
    struct kerne_received second = kerne_wait_message();
    answer(second.buffer, KERNE_r_rejected);
    struct kerne_received regretted = kerne_wait_message();
    regretted_is_held = 1;
    struct kerne_received last = kerne_wait_message();
    letter_buffer[BETA_HELD] = last.buffer;
    send(SERVER_TO_SELF, KERNE_SELF);
    send(SERVER_TO_DEAF, KERNE_ADDRESS(1, DEAF));
    server_has_settled = 1;
    call_marked(SERVER, KERNE_wait_answer, letter_buffer[SERVER_TO_DEAF], NULL);
    answer(first.buffer, KERNE_r_normal);
    expect_result(kerne_send_answer(regretted.buffer, KERNE_r_normal, WORDS(0)),
                  gone);
    answer(last.buffer, KERNE_r_normal);
    answer_next(SERVER_TO_SELF);
    answer_next(ALPHA_QUEUED);
    expect_result(kerne_wait_answer(letter_buffer[SERVER_TO_SELF], &words),
                  normal);
}

static void expect_answer(enum letter letter, uint64_t result)
{
    struct kerne_words expected = letter_answer();
    struct kerne_words words;
    expect_result_of("alpha's answer",
                     kerne_wait_answer(letter_buffer[letter], &words), result);
    expect_words(&words, &expected);
}

static void alpha(uint64_t argument)
{
    (void)argument;
    send(ALPHA_HELD, KERNE_ADDRESS(1, SERVER));
    send(ALPHA_ANSWERED, KERNE_ADDRESS(1, SERVER));
    alpha_has_sent = 1;
    /* The server has taken all that it will take. */
    expect_becomes(&server_has_settled, 1);
    send(ALPHA_QUEUED, KERNE_ADDRESS(1, SERVER));
    alpha_has_settled = 1;
    call_marked(ALPHA, KERNE_wait_answer, letter_buffer[ALPHA_HELD], NULL);
    expect_answer(ALPHA_ANSWERED, KERNE_r_rejected);
    expect_answer(ALPHA_QUEUED, KERNE_r_normal);
}

static void beta(uint64_t argument)
{
    (void)argument;
    struct kerne_words words = letter_words(BETA_HELD);
    send(BETA_REGRETTED, KERNE_ADDRESS(1, SERVER));
    expect_becomes(&regretted_is_held, 1);
    expect_result(kerne_regret_message(letter_buffer[BETA_REGRETTED]), normal);
    beta_has_regretted = 1;
    call_marked(BETA, KERNE_converse, KERNE_ADDRESS(1, SERVER), &words);
}

static void deaf(uint64_t argument)
{
    (void)argument;
    struct kerne_received held = kerne_wait_message();
    expect_letter(&held, SERVER_TO_DEAF);
    call_marked(DEAF, KERNE_wait_event, 0, NULL);
    expect_result(kerne_get_event(member[DEAF].after.x[REGISTER_A0]), normal);
    answer(member[DEAF].after.x[REGISTER_A0], KERNE_r_normal);
    answer(held.buffer, KERNE_r_normal);
}

static void watcher(uint64_t argument)
{
    (void)argument;
    struct kerne_received first = kerne_wait_event(0);
    expect_letter(&first, BOSS_TO_WATCHER);
    call_marked(WATCHER, KERNE_wait_event, first.buffer, NULL);
    uint64_t second = member[WATCHER].after.x[REGISTER_A0];
    expect(second != first.buffer);
    expect_result(kerne_get_event(second), normal);
    answer(second, KERNE_r_normal);
    expect_result(kerne_get_event(first.buffer), normal);
    answer(first.buffer, KERNE_r_normal);
}

static void idle(uint64_t argument)
{
    (void)argument;
    struct kerne_words words;
    expect_result(kerne_set_interrupt(idle_area), normal);
    send(IDLE_TO_NOBODY, KERNE_ADDRESS(1, 99));
    call_marked(IDLE, KERNE_wait_message, 0, NULL);
    answer(member[IDLE].after.x[REGISTER_A0], KERNE_r_normal);
    expect_result(kerne_wait_answer(letter_buffer[IDLE_TO_NOBODY], &words),
                  does_not_exist);
    expect_result(kerne_set_interrupt(NULL), normal);
}

static void spinner(uint64_t argument)
{
    (void)argument;
    struct member *m = &member[SPINNER];
    registers_fill(&m->before, SPINNER + 1);
    m->before.x[REGISTER_T0] = UINT64_MAX >> 1;
    registers_spin(&m->before, &m->after);
}

static void broken(uint64_t self) { break_marked((enum member_number)self); }

/* ---- the boss ----------------------------------------------------------- */

#define FURTHEST (BOSS_HORIZON + 1)
#define MAKE(number, function, ...)                                      \
    expect_result(child_make(&member[number].child, member[number].name, \
                             number, function, number, __VA_ARGS__),     \
                  normal)
#define RUN(number, function, ...)          \
    (MAKE(number, function, __VA_ARGS__) && \
     expect_result(kerne_start(member[number].child.reference), normal))
#define AWAIT(number, wait) \
    expect_waits(&member[number].child, KERNE_WAITS_##wait)

static bool arrange_conversations(void)
{
    return RUN(DEAF, deaf, .horizon = FURTHEST) && AWAIT(DEAF, MESSAGE) &&
           RUN(SERVER, server, .horizon = SERVER_HORIZON) &&
           RUN(ALPHA, alpha, .horizon = FURTHEST, .closed = true,
               .share = ALPHA_SHARE, .without = ALPHA_WITHOUT) &&
           expect_becomes(&alpha_has_sent, 1) &&
           RUN(BETA, beta, .horizon = FURTHEST) &&
           expect_becomes(&beta_has_regretted, 1) &&
           expect_becomes(&server_has_settled, 1) &&
           expect_becomes(&alpha_has_settled, 1) && AWAIT(SERVER, ANSWER) &&
           AWAIT(ALPHA, ANSWER) && AWAIT(BETA, ANSWER);
}

/* The boss takes the break of `crashed`, not that of `broken`. */
static bool arrange_breaks(void)
{
    if (!RUN(CRASHED, broken, .horizon = FURTHEST) || !AWAIT(CRASHED, BREAK)) {
        return false;
    }
    struct kerne_received event =
        expect_break(&member[CRASHED].child, KERNE_BREAK_BREAKPOINT);
    members_crash_buffer = event.buffer;
    return RUN(BROKEN, broken, .horizon = FURTHEST) && AWAIT(BROKEN, BREAK);
}

static bool arrange_unborn(void)
{
    struct member *m = &member[UNBORN];
    registers_fill(&m->before, UNBORN + 1);
    m->before.x[0] = REGISTERS_MARK(UNBORN + 1, 0) & ~UINT64_C(1); /* pc */
    if (!MAKE(UNBORN, broken, .horizon = FURTHEST)) { return false; }
    struct kerne_register_file file = { .fcsr = m->before.fcsr, .floats = 1 };
    memcpy(file.x, m->before.x, sizeof file.x);
    memcpy(file.f, m->before.f, sizeof file.f);
    return expect_result(kerne_modify(m->child.reference, &file), normal);
}

/* The spinner has come to its loop. */
static bool spins(void)
{
    uint64_t reference = member[SPINNER].child.reference;
    uint64_t first = (uint64_t)registers_spin_here;
    for (unsigned i = 0; i < 1000; i++) {
        if (child_register(reference, 0) - first < 8) { return true; }
        family_nap(100);
    }
    return expect(!"the spinner spins");
}

static bool arrange_others(void)
{
    if (!RUN(WATCHER, watcher, .horizon = FURTHEST)) { return false; }
    send(BOSS_TO_WATCHER, KERNE_ADDRESS(0, WATCHER));
    return AWAIT(WATCHER, EVENT) &&
           expect_result(kerne_stop(member[WATCHER].child.reference), normal) &&
           RUN(IDLE, idle, .horizon = FURTHEST) && AWAIT(IDLE, MESSAGE) &&
           RUN(SPINNER, spinner, .horizon = FURTHEST) && spins() &&
           expect_result(kerne_create_pseudo(0, "front", FRONT,
                                             KERNE_ADDRESS(0, SERVER),
                                             &members_front),
                         normal);
}

static void converse_with(enum member_number number)
{
    struct kerne_words words;
    expect_result(kerne_converse(KERNE_ADDRESS(0, number), WORDS(0), &words),
                  normal);
}

static void end_conversations(void)
{
    struct kerne_words words;
    family_answer_break(members_crash_buffer, KERNE_GO_ON, 1);
    struct kerne_received event =
        expect_break(&member[BROKEN].child, KERNE_BREAK_BREAKPOINT);
    family_answer_break(event.buffer, KERNE_GO_ON, 1);
    expect_result(kerne_start(member[WATCHER].child.reference), normal);
    converse_with(WATCHER);
    expect_result(kerne_wait_answer(letter_buffer[BOSS_TO_WATCHER], &words),
                  normal);
    converse_with(IDLE);
    converse_with(DEAF);
}

static void remove_all(void)
{
    for (unsigned i = SERVER; i < MEMBERS; i++) {
        if (i != UNBORN && i != SPINNER) { expect_rests(&member[i].child); }
        expect_result(child_remove(&member[i].child), normal);
    }
    expect_result(kerne_remove(members_front), normal);
}

static void boss(uint64_t argument)
{
    (void)argument;
    struct kerne_words words = letter_words(BOSS_TO_TEST);
    require(arrange_conversations() && arrange_breaks() && arrange_unborn() &&
            arrange_others());
    call_marked(BOSS, KERNE_converse, KERNE_PARENT, &words);
    end_conversations();
    remove_all();
}

static bool arrange(void)
{
    alpha_has_sent = alpha_has_settled = regretted_is_held = 0;
    beta_has_regretted = server_has_settled = 0;
    members_idle_area = (uint64_t)idle_area;
    return expect_result(child_make(&member[BOSS].child, member[BOSS].name,
                                    BOSS_NUMBER, boss, 0,
                                    .processes = BOSS_PROCESSES,
                                    .buffers = BOSS_BUFFERS, .closed = true,
                                    .horizon = BOSS_HORIZON),
                         normal) &&
           expect_result(kerne_start(member[BOSS].child.reference), normal);
}

void members_in_the_middle(void (*check)(void))
{
    require(arrange());
    struct kerne_received message = family_next();
    letter_buffer[BOSS_TO_TEST] = message.buffer;
    expect_equal(message.sender, KERNE_ADDRESS(0, BOSS_NUMBER));
    expect_letter(&message, BOSS_TO_TEST);
    check();
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_rests(&member[BOSS].child);
    expect_result(child_remove(&member[BOSS].child), normal);
}
