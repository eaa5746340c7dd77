/*
 * The registers that a parent is told of its child, in each kind of wait, in a
 * break and while it computes: what the child has loaded, where the pc stands,
 * and nothing of another's.  Afterwards it goes on with the same.
 */
#include "../hostile/marks.h"

#include <harness.h>

#define CHILD 1
#define OWNER 9

enum release { BY_MESSAGE, BY_ANSWER, BY_BREAK, NEVER };

static const struct state {
    const char *name;
    uint64_t wait; /* enum kerne_wait */
    void (*enter)(const struct register_file *in,
                  struct register_file *ret_out);
    const char *here; /* where the pc then stands, or so far behind it */
    uint64_t length;
    enum release release;
    uint64_t function, a0;
} states[] = {
#define WAITS(name, wait, release, a0)                                     \
    {                                                                      \
#name, KERNE_WAITS_##wait, registers_call, registers_call_here, 4, \
            release, KERNE_##name, a0                                      \
    }
    WAITS(wait_message, MESSAGE, BY_MESSAGE, 0),
    WAITS(wait_event, EVENT, BY_MESSAGE, 0),
    WAITS(serve, EVENT, BY_MESSAGE, 0),
    WAITS(wait_answer, ANSWER, BY_ANSWER, 0), /* of what it has just sent */
    WAITS(converse, ANSWER, BY_ANSWER, KERNE_PARENT),
#undef WAITS
    { "a break", KERNE_WAITS_BREAK, registers_break, registers_break_here, 0,
      BY_BREAK, 0, 0 },
    { "computing", KERNE_WAITS_NOT, registers_spin, registers_spin_here, 7,
      NEVER, 0, 0 },
};

static struct register_file before, after;

static void enter(uint64_t index)
{
    const struct state *s = &states[index];
    registers_fill(&before, OWNER);
    if (s->enter == registers_call) {
        before.x[REGISTER_A7] = s->function;
        before.x[REGISTER_A0] = s->a0;
        before.x[REGISTER_T2] = KERNE_r_normal;
        marks_set_words(&before, 16);
    }
    if (s->function == KERNE_wait_answer) {
        expect_result(
            kerne_send_message(KERNE_PARENT, WORDS(0), &before.x[REGISTER_A0]),
            normal);
    }
    if (s->release == NEVER) { before.x[REGISTER_T0] = UINT64_MAX >> 1; }
    s->enter(&before, &after);
}

/* It has come to where it is to be seen. */
static bool arrives(const struct test_child *child, const struct state *s)
{
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t pc = child_register(child->reference, 0);
        if (family_wait(child->reference) == s->wait &&
            pc - (uint64_t)s->here <= s->length) {
            return true;
        }
        family_nap(100);
    }
    return expect_equal_of(s->name, family_wait(child->reference), s->wait) &&
           expect(!"the pc stands where it should");
}

/* The same whether it is stopped or not, for who does not run. */
static struct register_file told(const struct test_child *child,
                                 const struct state *s)
{
    struct kerne_register_file file, again;
    expect_result(kerne_stop(child->reference), normal);
    expect_result(kerne_read_registers(child->reference, &file), normal);
    expect_result(kerne_start(child->reference), normal);
    if (s->release != NEVER) {
        expect_result(kerne_read_registers(child->reference, &again), normal);
        expect_equal_of(s->name, memcmp(&file, &again, sizeof file), 0);
    }
    struct register_file told = { .fcsr = file.fcsr };
    memcpy(told.x, file.x, sizeof told.x);
    memcpy(told.f, file.f, sizeof told.f);
    return told;
}

static void release(const struct test_child *child, enum release how)
{
    uint64_t buffer;
    struct kerne_received r;
    switch (how) {
    case BY_MESSAGE:
        expect_result(
            kerne_send_message(child_address(child), WORDS(0), &buffer),
            normal);
        expect_rests(child);
        expect_result(kerne_regret_message(buffer), normal);
        break;
    case BY_ANSWER:
        r = family_next();
        expect_result(kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0)),
                      normal);
        expect_rests(child);
        break;
    case BY_BREAK:
        r = expect_break(child, KERNE_BREAK_BREAKPOINT);
        expect_result(family_answer_break(r.buffer, KERNE_GO_ON, 0), normal);
        expect_rests(child);
        break;
    case NEVER: break;
    }
}

static void registers_are_told(void)
{
    for (uint64_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const struct state *s = &states[i];
        bool call = s->enter == registers_call;
        struct test_child child;
        require(child_run(&child, "child", CHILD, enter, i));
        require(arrives(&child, s));
        struct register_file seen = told(&child, s);
        marks_expect(s->name, OWNER, &before, &seen, call);
        release(&child, s->release);
        if (s->release != NEVER) {
            marks_expect(s->name, OWNER, &before, &after, call);
            expect_equal_of(s->name, seen.x[REGISTER_SP], after.x[REGISTER_SP]);
        }
        expect_result(child_remove(&child), normal);
    }
}

const struct test tests[] = {
    { .name = "tree.registers_are_told", .function = registers_are_told },
    { NULL },
};
