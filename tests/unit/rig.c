#include "rig.h"

#include <string.h>

#include <check/check.h>

#include "image.h"

#define TEST_PC UINT64_C(0x1000)
#define TEST_RUBBISH UINT64_C(0xbad0bad0bad0bad0)

/* ---- verdicts ---------------------------------------------------------- */

void rig_check(void)
{
    const char *rule = check_rules();
    if (rule == NULL) { rule = simulator_check(); }
    if (rule != NULL) { tap_fail("a rule is broken: %s", rule); }
}

/* ---- the nucleus ------------------------------------------------------- */

/* The root keeps so much: all else goes to a child that never runs. */
static void sink(struct process *root, uint32_t processes, uint32_t buffers,
                 uint32_t tables)
{
    struct call creation = rig_creation("sink", RIG_SINK);
    creation.w[3] = look_free(root, BUFFERS) - buffers;
    creation.w[4] = look_free(root, PROCESSES) - processes - 1;
    creation.w[5] = look_free(root, TABLES) - tables;
    RESULT(rig_call(root, KERNE_create_internal_process, creation), normal);
}

struct process *rig_begin(uint32_t processes, uint32_t buffers, uint32_t tables)
{
    struct image_plan plan = image_usual();
    struct boot boot = image_boot();
    simulator_begin(RIG_TIME);
    image_lay(&plan, IMAGE_FIRST);
    struct process *root = boot_nucleus(&boot);
    simulator_begin_root(root, 16);
    sink(root, processes, buffers, tables);
    return root;
}

void rig_run(struct process *p)
{
    struct process *current = this_hart->current;
    if (current == p) { return; }
    if (current != NULL && process_is_ready(current)) {
        time_ready(current, false);
    }
    if (this_hart->handoff != NULL) {
        time_ready(this_hart->handoff, false);
        this_hart->handoff = NULL;
    }
    time_charge();
    this_hart->current = machine_switch(p);
    this_hart->account = time_account(p);
}

/* The end of a trap, with the call of `caller`, if there is one, before. */
static void end_trap(struct process *caller)
{
    jmp_buf standstill;
    simulator.on_standstill = &standstill;
    if (setjmp(standstill) == 0) {
        simulator_enter();
        if (caller == NULL) {
            time_next(this_hart->current);
        } else if (call_quick(caller) == NULL) {
            call_do(caller);
            time_next(caller);
        }
    }
    simulator.on_standstill = NULL;
    rig_check();
}

static void set_call(struct process *p, uint64_t function, struct call call)
{
    for (int i = 1; i < 32; i++) { p->x[i] = TEST_RUBBISH + (uint64_t)i; }
    p->x[R_PC] = TEST_PC;
    p->x[R_FUNCTION] = function;
    p->x[R_A0] = call.a0;
    p->x[R_RESULT] = call.t2;
    call_set_words(p, call.w);
}

/* Has the call in p's registers ended? */
static bool is_done(const struct process *p)
{
    return process_wait(p) == KERNE_WAITS_NOT && p->x[R_PC] != TEST_PC;
}

static uint64_t outcome(const struct process *p)
{
    if (process_wait(p) == KERNE_WAITS_BREAK) { return RIG_BROKE; }
    if (process_wait(p) == KERNE_WAITS_NOT && !is_done(p)) {
        return RIG_WAITS; /* it did, and has yet to repeat its call */
    }
    if (is_done(p)) {
        EQUAL(p->x[R_RA] | p->x[R_T3] | p->x[R_T4] | p->x[R_T5] | p->x[R_T6],
              0);
    }
    EQUAL(p->x[2], TEST_RUBBISH + 2);
    EQUAL(p->x[8], TEST_RUBBISH + 8);
    EQUAL(p->x[27], TEST_RUBBISH + 27);
    return is_done(p) ? p->x[R_RESULT] : RIG_WAITS;
}

bool rig_step(struct process *p, uint64_t function, struct call call)
{
    rig_run(p);
    if (function != UINT64_MAX) { set_call(p, function, call); }
    end_trap(p);
    return process_wait(p) != KERNE_WAITS_NOT || p->x[R_PC] != TEST_PC;
}

uint64_t rig_call(struct process *p, uint64_t function, struct call call)
{
    bool done = rig_step(p, function, call);
    while (!done) { done = rig_step(p, UINT64_MAX, call); }
    return outcome(p);
}

uint64_t rig_result(struct process *p)
{
    if (process_wait(p) == KERNE_WAITS_NOT && p->x[R_PC] == TEST_PC) {
        return rig_call(p, UINT64_MAX, (struct call){ 0 });
    }
    return outcome(p);
}

uint64_t rig_touch(struct process *p, uint64_t address, uint64_t access,
                   uint64_t *ret_physical)
{
    rig_run(p);
    p->x[R_PC] = TEST_PC;
    *ret_physical = UINT64_MAX;
    if (simulator_access(p, address, access, ret_physical)) {
        return KERNE_r_normal;
    }
    simulator_enter();
    break_page_fault(p, address, access);
    bool good_now = simulator_access(p, address, access, ret_physical);
    end_trap(NULL);
    if (good_now) { return KERNE_r_normal; }
    return process_wait(p) == KERNE_WAITS_BREAK ? RIG_BROKE
                                                : KERNE_r_bad_address;
}

void rig_pass(uint64_t ticks)
{
    simulator.now += ticks;
    do {
        simulator_serve();
        end_trap(NULL);
    } while (simulator.now >= simulator.timer);
}

/* ---- processes --------------------------------------------------------- */

struct call rig_name(const char *text)
{
    struct call call = { 0 };
    memcpy(call.w, text, strlen(text) < 16 ? strlen(text) : 16);
    return call;
}

struct call rig_creation(const char *name, uint64_t number)
{
    struct call call = rig_name(name);
    call.w[2] = number;
    call.w[3] = 4;
    call.w[4] = 3;
    call.w[5] = 12;
    call.w[6] = KERNE_MASK_ALL;
    return call;
}

struct process *rig_process(uint64_t reference)
{
    return process_at(IDENTITY_INDEX(reference & ~REFERENCE));
}

struct process *rig_create(struct process *parent, struct call creation)
{
    RESULT(rig_call(parent, KERNE_create_internal_process, creation), normal);
    uint64_t reference = parent->x[R_A0];
    RESULT(CALL(parent, start_internal_process, reference), normal);
    return rig_process(reference);
}

struct process *rig_child(struct process *parent, const char *name,
                          uint64_t number)
{
    struct call creation = rig_creation(name, number);
    creation.w[7] = kerne_create_how(parent->horizon + 1u, 0, 0);
    if (parent->parent != NULL) {
        creation.w[3] = 1;
        creation.w[4] = look_free(parent, PROCESSES) / 2;
        creation.w[5] = look_free(parent, TABLES) / 2;
    }
    return rig_create(parent, creation);
}

uint64_t rig_map(struct process *parent, struct process *child,
                 uint64_t address, uint64_t onto, uint64_t pages,
                 uint64_t rights)
{
    return CALL(parent, map, process_reference(child),
                { address, onto, pages, rights });
}

uint64_t rig_word(const struct process *p, unsigned index)
{
    uint64_t words[KERNE_WORDS];
    call_words(p, words);
    return words[index];
}

/* ---- running tests ----------------------------------------------------- */

bool rig_halts(void (*f)(void))
{
    jmp_buf halt, *outer = simulator.on_halt;
    volatile bool halted = true;
    simulator.on_halt = &halt;
    if (setjmp(halt) == 0) {
        f();
        halted = false;
    }
    simulator.on_halt = outer;
    return halted;
}

/* Each test; a halt of the machine fails it. */
static void run(void (*test)(void))
{
    if (rig_halts(test)) {
        tap_fail("the machine halted with code %u: %s", simulator.halted,
                 simulator.printed);
    }
}

__attribute__((constructor)) static void begin(void) { tap_run = run; }
