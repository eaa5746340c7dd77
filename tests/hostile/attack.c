#include "attack.h"

#define ATTACKER 1
#define SIBLING 2
#define RUNNING 3
#define STOPPED 4
#define REMOVED 5
#define VACANT 99
#define FINISHED KERNE_OPERATION(16, 0)

struct attack_scene scene;
struct register_file attack_after;

static void (*attack_now)(void);
static volatile uint64_t sibling_settled;

/* ---- one call ----------------------------------------------------------- */

static void set_registers(struct register_file *file,
                          const struct kerne_registers *r)
{
    const uint64_t *a = &r->a0;
    registers_fill(file, 1);
    for (unsigned i = 0; i < 7; i++) { file->x[REGISTER_A0 + i] = a[i]; }
    file->x[REGISTER_A7] = r->a7;
    file->x[REGISTER_T0] = r->t0;
    file->x[REGISTER_T1] = r->t1;
    file->x[REGISTER_T2] = r->t2;
}

/* Did any register hold this word? */
static bool is_in(const struct register_file *file, uint64_t word)
{
    bool found = false;
    for (unsigned i = 1; i < 32; i++) { found = found || file->x[i] == word; }
    return found;
}

/* What is kept is kept, what is cleared is 0; no register ever holds an address
 * of the nucleus that its caller did not put there itself. */
uint64_t attack_call(const char *label, const struct kerne_registers *r)
{
    static struct register_file before;
    set_registers(&before, r);
    registers_call(&before, &attack_after);
    for (unsigned i = 1; i < 32; i++) {
        uint64_t word = attack_after.x[i];
        if (i == REGISTER_SP) { continue; }
        if (registers_kept(i)) { expect_equal_of(label, word, before.x[i]); }
        if (registers_cleared(i)) { expect_equal_of(label, word, 0); }
        if (!is_in(&before, word)) {
            expect_equal_of(label, REGISTERS_IS_MARK(word), 0);
            expect_equal_of(label, registers_upper(word), 0);
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        expect_equal_of(label, attack_after.f[i], before.f[i]);
    }
    return attack_after.x[REGISTER_T2];
}

static void attack_once(const struct attempt *a, uint64_t value)
{
    struct kerne_registers r = a->right;
    uint64_t *registers = &r.a0;
    switch (a->wrong) {
    case REGISTER_T0: r.t0 = value; break;
    case REGISTER_T1: r.t1 = value; break;
    case REGISTER_T2: r.t2 = value; break;
    default: registers[a->wrong - REGISTER_A0] = value;
    }
    uint64_t result = attack_call(a->label, &r);
    if (result >= 64 || !(a->results >> result & 1)) {
        uint64_t one = 0;
        while (!(a->results >> one & 1)) { one++; }
        expect_result_of(a->label, result, one);
        expect_equal_of("with this value", value, 0);
    }
}

void attack_with(const struct attempt *attempts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < attempts[i].count; k++) {
            attack_once(&attempts[i], attempts[i].values[k]);
        }
    }
}

/* ---- the scene ---------------------------------------------------------- */

static void spin(uint64_t argument)
{
    (void)argument;
    for (;;) { __asm__ volatile("" : : : "memory"); }
}

static uint64_t make_empty(uint64_t number, const char *name)
{
    struct test_child child;
    expect_result(child_make(&child, name, number, spin, 0, .unmapped = true,
                             .buffers = CHILD_NONE),
                  normal);
    return child.reference;
}

static struct test_child running;

static void make_children(void)
{
    scene.stopped_child = make_empty(STOPPED, "stopped");
    scene.removed_child = make_empty(REMOVED, "removed");
    expect_result(kerne_remove(scene.removed_child), normal);
    require(child_run(&running, "running", RUNNING, spin, 0));
    scene.running_child = running.reference;
}

static void open_conversations(void)
{
    struct kerne_words words;
    struct kerne_received message = kerne_wait_message();
    uint64_t sibling = KERNE_ADDRESS(1, SIBLING);
    uint64_t nobody = KERNE_ADDRESS(1, VACANT);
    scene.held = message.buffer;
    scene.queued = kerne_test_event(0).buffer;
    expect_result(kerne_send_message(sibling, WORDS(0), &scene.regretted),
                  normal);
    expect_becomes(&sibling_settled, 1);
    expect_result(kerne_regret_message(scene.regretted), normal);
    expect_result(kerne_send_message(sibling, WORDS(0), &scene.sent), normal);
    expect_result(kerne_send_message(KERNE_SELF, WORDS(3, 0, UINT64_MAX),
                                     &scene.withdrawn),
                  normal);
    expect_result(kerne_get_event(scene.withdrawn), normal);
    expect_result(kerne_regret_message(scene.withdrawn), normal);
    expect_result(kerne_send_message(nobody, WORDS(0), &scene.stale), normal);
    expect_result(kerne_wait_answer(scene.stale, &words), does_not_exist);
    expect_result(kerne_send_message(nobody, WORDS(0), &scene.answer), normal);
}

static void close_conversations(void)
{
    struct kerne_words words;
    expect_result(kerne_send_answer(scene.held, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_result(kerne_get_event(scene.queued), normal);
    expect_result(kerne_send_answer(scene.queued, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_result(kerne_wait_answer(scene.answer, &words), does_not_exist);
    expect_result(kerne_regret_message(scene.sent), normal);
    expect_result(kerne_send_answer(scene.withdrawn, KERNE_r_normal, WORDS(0)),
                  gone);
}

static void attacker(uint64_t argument)
{
    (void)argument;
    struct family_claims before;
    struct family_claims after;
    struct kerne_words words;
    make_children();
    open_conversations();
    family_claims(0, &before);
    attack_now();
    family_claims(0, &after);
    for (unsigned i = 0; i < 4; i++) {
        expect_words(&after.claim[i], &before.claim[i]);
    }
    close_conversations();
    expect_result(kerne_remove(scene.stopped_child), normal);
    expect_result(child_remove(&running), normal);
    kerne_converse(KERNE_PARENT, WORDS(FINISHED), &words);
}

/* Takes one message and keeps it; has one of its own with the test. */
static void sibling(uint64_t argument)
{
    (void)argument;
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_PARENT, WORDS(0), &buffer), normal);
    scene.foreign = buffer;
    kerne_wait_message();
    sibling_settled = 1;
}

/* Serves until the attacker has finished, having answered the two messages that
 * the test sent to it; it never breaks. */
static void serve(void)
{
    unsigned answers = 0;
    for (;;) {
        struct kerne_received r = family_next();
        require(expect(KERNE_EVENT_KIND(r.event) != KERNE_BREAK));
        answers += KERNE_EVENT_KIND(r.event) == KERNE_ANSWER;
        if (KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE &&
            r.words.w[0] == FINISHED) {
            expect_equal(answers, 2);
            kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0));
            return;
        }
    }
}

void attack_run(void (*attack)(void))
{
    struct test_child attacker_child;
    struct test_child sibling_child;
    uint64_t buffer;
    attack_now = attack;
    sibling_settled = 0;
    require(child_run(&sibling_child, "sibling", SIBLING, sibling, 0));
    require(expect_result(child_make(&attacker_child, "attacker", ATTACKER,
                                     attacker, 0, .processes = 4, .buffers = 32,
                                     .without = ATTACK_WITHOUT),
                          normal));
    scene.itself = attacker_child.reference;
    scene.sibling = sibling_child.reference;
    kerne_send_message(KERNE_ADDRESS(0, ATTACKER), WORDS(0), &buffer);
    kerne_send_message(KERNE_ADDRESS(0, ATTACKER), WORDS(0), &buffer);
    require(expect_result(kerne_start(attacker_child.reference), normal));
    serve();
    expect_result(child_remove(&attacker_child), normal);
    expect_result(child_remove(&sibling_child), normal);
    expect_result(kerne_send_answer(scene.foreign, KERNE_r_normal, WORDS(0)),
                  gone);
}
