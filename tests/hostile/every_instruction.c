/*
 * A conversation interrupted at every single instruction of it, in programs and
 * nucleus: all registers are right, and nobody else's ever show.
 *
 * The clock interrupts at a tick, which is 100 instructions.  The client goes
 * through a slide of no-ops, so that it begins its conversation 0, 1, 2, ...
 * instructions before that, until the conversation is over when it comes.
 * Each time the root, which precedes both, takes the processor and looks at
 * their registers; and in half of the sweeps it keeps both of them out while
 * another process fills all registers with marks of its own.
 *
 * The root itself, since it then has no other message at the clock, which would
 * set the timer anew.  For the same reason the slice is long: what is left of a
 * turn, and of credit, decides branches of the nucleus, so that in another turn
 * all may be two instructions further, and two are passed over.
 */
#include "marks.h"

#include <harness.h>

#define LEAD 60     /* ticks from an order to its interrupt */
#define END 401     /* functions that do not exist: of a foreign client, that */
#define FOREIGN 403 /* it has ended, and what it asks for */
#define VALUE 0x1234 /* what that gives */

enum { SERVER = 1, CLIENT = 2, OTHER = 3 }; /* owners, and child numbers */

/* Between whom, and by which calls. */
struct conversation {
    void (*client)(void);
    void (*serve)(struct register_file *file);
    bool breaks; /* the server is the client's parent */
};

static struct test_child server;
static struct test_child client;
static struct test_child other;
static const struct conversation *now;
static volatile uint64_t begins_at; /* instructions */
static volatile bool late;

/* The upper bits of where the nucleus has all storage; the programs compute
 * with small negative numbers, too. */
#define NUCLEUS UINT64_C(0x7fffffe)

/* Places in registers_call at which they were interrupted, by their address. */
#define PLACES 1024
static bool interrupted[2][PLACES];

/* Is a tick of the clock 100 instructions, and the count of them the time? */
static bool is_exact(void)
{
    uint64_t count;
    uint64_t before = kerne_get_clock();
    __asm__ volatile("rdinstret %0" : "=r"(count));
    return count / 100 >= before && count / 100 <= kerne_get_clock();
}

/* ---- the client --------------------------------------------------------- */

static void call(struct register_file *file, uint64_t owner, uint64_t function)
{
    struct register_file before = *file;
    before.x[REGISTER_A7] = function;
    registers_call(&before, file);
    marks_expect("a call", owner, &before, file, true);
}

/* The client's message to the server, by converse or send message. */
static void client_says(struct register_file *file, uint64_t function)
{
    registers_fill(file, CLIENT);
    file->x[REGISTER_A0] = KERNE_ADDRESS(1, SERVER);
    marks_set_words(file, 16);
    call(file, CLIENT, function);
}

static void client_converses(void)
{
    struct register_file file;
    client_says(&file, KERNE_converse);
    expect_equal(file.x[REGISTER_T2], KERNE_r_normal);
    marks_expect_words(&file, 16);
}

static void client_sends_and_waits(void)
{
    struct register_file file;
    client_says(&file, KERNE_send_message);
    expect_equal(file.x[REGISTER_T2], KERNE_r_normal);
    uint64_t buffer = file.x[REGISTER_A0];
    registers_fill(&file, CLIENT);
    file.x[REGISTER_A0] = buffer;
    call(&file, CLIENT, KERNE_wait_answer);
    expect_equal(file.x[REGISTER_T2], KERNE_r_normal);
    marks_expect_words(&file, 16);
}

/* What the server is told of is a0 to a5; the others are marks. */
static void client_calls_its_system(void)
{
    struct register_file before;
    struct register_file after;
    registers_fill(&before, CLIENT);
    for (unsigned i = 0; i < 6; i++) { before.x[REGISTER_A0 + i] = i; }
    before.x[REGISTER_A7] = FOREIGN;
    registers_call(&before, &after);
    before.x[REGISTER_A0] = VALUE;
    marks_expect("a foreign call", CLIENT, &before, &after, false);
    expect_equal(after.x[REGISTER_T0], before.x[REGISTER_T0]);
}

static void client_breaks(void)
{
    struct register_file before;
    struct register_file after;
    registers_fill(&before, CLIENT);
    registers_break(&before, &after);
    marks_expect("a break", CLIENT, &before, &after, false);
    expect_equal(after.x[REGISTER_T0], before.x[REGISTER_T0]);
}

/* A foreign one can tell nobody but its parent that it has ended. */
static void client_once(uint64_t unused)
{
    (void)unused;
    if (registers_align(begins_at)) {
        now->client();
    } else {
        late = true;
    }
    if (now->breaks) {
        struct kerne_registers r = { .a7 = END };
        kerne_call(&r);
    }
    struct kerne_words answer;
    kerne_converse(KERNE_PARENT, WORDS(0), &answer);
}

/* ---- the server --------------------------------------------------------- */

static void by_serve(struct register_file *file)
{
    call(file, SERVER, KERNE_serve);
}

/* A message of its own waits while it answers, and is all that it gets. */
static void by_serve_with_a_queue(struct register_file *file)
{
    if (file->x[REGISTER_A0] != 0) {
        uint64_t own;
        kerne_send_message(KERNE_SELF, WORDS(0), &own);
        call(file, SERVER, KERNE_serve);
        expect_equal(file->x[REGISTER_T2], KERNE_MESSAGE);
        expect_equal(file->x[REGISTER_A0], own);
        expect_result(kerne_send_answer(own, KERNE_r_normal, WORDS(0)), normal);
        expect_result(kerne_get_event(own), normal);
        registers_fill(file, SERVER);
        file->x[REGISTER_A0] = 0;
    }
    call(file, SERVER, KERNE_serve);
}

static void by_four_calls(struct register_file *file)
{
    if (file->x[REGISTER_A0] != 0) {
        call(file, SERVER, KERNE_send_answer);
        expect_equal(file->x[REGISTER_T2], KERNE_r_normal);
    }
    registers_fill(file, SERVER);
    call(file, SERVER, KERNE_wait_message);
}

/* The answer to a message, or to the break of a foreign client: the same words
 * of a message; its value, at its end to stay. */
static void set_answer(struct register_file *file)
{
    struct register_file received = *file;
    registers_fill(file, SERVER);
    file->x[REGISTER_A0] = received.x[REGISTER_A0];
    file->x[REGISTER_T2] = KERNE_r_normal;
    if (!now->breaks) {
        expect_equal(received.x[REGISTER_T2], KERNE_MESSAGE);
        marks_expect_words(&received, 16);
        marks_set_words(file, 16);
        return;
    }
    expect_equal(received.x[REGISTER_T2], KERNE_BREAK);
    file->x[REGISTER_A1] = KERNE_GO_ON;
    file->x[REGISTER_A2] = VALUE;
    if (received.x[REGISTER_A1] == KERNE_BREAK_CALL &&
        received.x[REGISTER_A2] == END) {
        struct kerne_words answer;
        family_answer_break(received.x[REGISTER_A0], KERNE_STAY, 0);
        kerne_converse(KERNE_PARENT, WORDS(0), &answer);
        file->x[REGISTER_A0] = 0;
    }
}

static void serve(uint64_t unused)
{
    (void)unused;
    struct register_file file;
    registers_fill(&file, SERVER);
    file.x[REGISTER_A0] = 0;
    for (;;) {
        now->serve(&file);
        set_answer(&file);
    }
}

/* ---- another ------------------------------------------------------------ */

static void fill(uint64_t unused)
{
    (void)unused;
    struct register_file file = { .x = { 0 } };
    for (;;) {
        uint64_t buffer = file.x[REGISTER_A0];
        registers_fill(&file, OTHER);
        file.x[REGISTER_A0] = buffer;
        file.x[REGISTER_T2] = KERNE_r_normal;
        marks_set_words(&file, 32);
        call(&file, OTHER, KERNE_serve);
    }
}

/* ---- the interrupt ------------------------------------------------------ */

/* x1, x5, x6, x11 to x16 and x28 to x31, which hold nothing in a wait. */
#define EMPTY UINT64_C(0xf001f862)

static bool holds_nothing(const struct test_child *child, uint64_t number)
{
    uint64_t wait = family_wait(child->reference);
    return number < 32 && (EMPTY >> number & 1) != 0 &&
           wait != KERNE_WAITS_NOT && wait != KERNE_WAITS_BREAK;
}

static void look_at(const struct test_child *child, uint64_t owner, bool floats)
{
    static struct kerne_register_file file;
    const uint64_t *words = (const uint64_t *)&file;
    expect_result(kerne_read_registers(child->reference, &file), normal);
    for (unsigned i = 0; i < (floats ? 65 : 32); i++) {
        uint64_t whose = REGISTERS_OWNER(words[i]);
        if (REGISTERS_IS_MARK(words[i]) && whose != 0) {
            expect_equal(whose, owner); /* 0: one being computed */
        }
        expect(words[i] >> 37 != NUCLEUS);
        if (holds_nothing(child, i)) { expect_equal(words[i], 0); }
    }
    uint64_t place = file.x[0] - (uint64_t)registers_call;
    if (place < PLACES) { interrupted[owner - SERVER][place] = true; }
}

/* With others: neither goes on until another has had all registers. */
static void interrupt(bool others)
{
    look_at(&server, SERVER, others);
    look_at(&client, CLIENT, others);
    if (!others) { return; }
    struct kerne_words answer;
    bool stopped = kerne_stop(client.reference) == KERNE_r_normal;
    expect_result(kerne_stop(server.reference), normal);
    expect_result(kerne_converse(child_address(&other), WORDS(0), &answer),
                  normal);
    expect_result(kerne_start(server.reference), normal);
    if (stopped) { kerne_start(client.reference); }
}

/* QEMU's timer keeps the part of a tick at which it was set, so that is always
 * the same.  Returns the buffer. */
static uint64_t set_alarm(uint64_t before)
{
    uint64_t first = kerne_get_clock() + 10;
    uint64_t tick = first + LEAD + before / 100;
    struct kerne_words message = {
        { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0), tick },
    };
    uint64_t buffer;
    begins_at = tick * 100 - before;
    late |= !registers_align(first * 100);
    kerne_send_message(KERNE_ADDRESS(0, KERNE_EXTERNAL), &message, &buffer);
    return buffer;
}

/* One conversation, interrupted `before` instructions after the client has
 * been near its beginning.  False: it had ended by then. */
static bool interrupted_after(uint64_t before, bool others)
{
    uint64_t done = 0;
    bool rings = false;
    bool in_time = true;
    kerne_stop(client.reference);
    child_set_function(&client, client_once, 0);
    uint64_t alarm = set_alarm(before);
    expect_result(kerne_start(client.reference), normal);
    while (!rings || done == 0) {
        struct kerne_received r = family_next();
        if (r.buffer == alarm) {
            rings = true;
            in_time = done == 0;
            interrupt(others);
        } else {
            done = r.buffer;
        }
    }
    expect_result(kerne_send_answer(done, KERNE_r_normal, WORDS(0)), normal);
    return in_time;
}

/* ---- sweeps ------------------------------------------------------------- */

static void make(void)
{
    memset(interrupted, 0, sizeof interrupted);
    require(child_run(&server, "server", SERVER, serve, 0, .processes = 2,
                      .buffers = 20));
    require(child_run(&other, "other", OTHER, fill, 0));
    expect_result(child_make(&client, "client", CLIENT, client_once, 0,
                             .behalf_of = now->breaks ? server.reference : 0,
                             .without = now->breaks ? ~KERNE_MASK_COUNTERS : 0),
                  normal);
    expect_waits(&server, now->serve == by_four_calls ? KERNE_WAITS_MESSAGE
                                                      : KERNE_WAITS_EVENT);
}

/* Every instruction there, to the last one, which returns. */
static void expect_all_interrupted(unsigned who)
{
    uint64_t place = 0;
    uint64_t end = (uint64_t)(registers_call_end - (char *)registers_call);
    while (place < end) {
        const uint16_t *at = (uint16_t *)((uint64_t)registers_call + place);
        if (!expect(interrupted[who][place])) {
            expect_equal_of("place in registers_call", place, 0);
        }
        place += (*at & 3) == 3 ? 4 : 2;
    }
}

static void sweep(const struct conversation *conversation)
{
    late = false;
    now = conversation;
    if (!is_exact()) {
        expect_skip("the clock does not count instructions");
        return;
    }
    for (unsigned others = 0; others < 2; others++) {
        make();
        uint64_t count = 0;
        while (expect_failures() == 0 && interrupted_after(count, others)) {
            count++;
        }
        expect(count > 1000);
        expect(!late);
        if (now->client != client_breaks) {
            expect_all_interrupted(CLIENT - SERVER);
        }
        expect_all_interrupted(0);
        child_remove(&client);
        child_remove(&server);
        child_remove(&other);
    }
}

static void converse_and_serve(void)
{
    sweep(&(struct conversation){ client_converses, by_serve, false });
}

static void queue_not_empty(void)
{
    sweep(&(struct conversation){ client_converses, by_serve_with_a_queue,
                                  false });
}

static void four_calls(void)
{
    sweep(
        &(struct conversation){ client_sends_and_waits, by_four_calls, false });
}

static void foreign_call(void)
{
    sweep(&(struct conversation){ client_calls_its_system, by_serve, true });
}

static void breakpoint(void)
{
    sweep(&(struct conversation){ client_breaks, by_serve, true });
}

const struct test tests[] = {
    { "hostile.every_instruction.converse_and_serve", converse_and_serve,
      .as_root = true },
    { "hostile.every_instruction.queue_not_empty", queue_not_empty,
      .as_root = true },
    { "hostile.every_instruction.four_calls", four_calls, .as_root = true },
    { "hostile.every_instruction.foreign_call", foreign_call, .as_root = true },
    { "hostile.every_instruction.breakpoint", breakpoint, .as_root = true },
    { NULL },
};
