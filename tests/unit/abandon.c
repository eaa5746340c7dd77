/*
 * Long functions, interrupted and abandoned at random, with all rules checked
 * after each step; in the end everything is the root's again.
 *
 *   PROGRAM [steps [seed]]
 *
 * There is no model here: what a removal or an unmap has done so far is the
 * nucleus's own affair.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "look.h"
#include "rig.h"

#define SEQUENCE 4000
#define BASE UINT64_C(0x80400000)
/* What the root has got. */
#define HAS_PROCESSES 24
#define HAS_BUFFERS 400
#define HAS_TABLES 80

static struct process *root;
static uint64_t stale[16];
static uint64_t again, abandoned, removals; /* seen */

/* ---- what there is ----------------------------------------------------- */

static bool is_sink(const struct process *p)
{
    return p->parent == root && p->number == RIG_SINK;
}

/* One of p's descendants, or null. */
static struct process *some_descendant(const struct process *p)
{
    struct process *found = NULL;
    uint64_t count = 0;
    for (uint32_t i = 2; i < nucleus.never_used_process; i++) {
        struct process *c = process_at(i);
        if (c->parent != NULL && c != p && !is_sink(c) &&
            process_is_within(c, p) && dice(++count) == 0) {
            found = c;
        }
    }
    return found;
}

static uint64_t some_reference(const struct process *p)
{
    const struct process *c = some_descendant(p);
    if (c == NULL || dice_percent(4)) { return stale[dice(16)]; }
    return stale[dice(16)] = process_reference(c);
}

static uint64_t some_buffer(const struct process *p)
{
    const struct buffer *b =
        dice_percent(50)   ? look_next(p, KERNE_DESCRIBE_HELD, NULL)
        : dice_percent(50) ? look_next(p, KERNE_DESCRIBE_SENT, NULL)
                           : look_next(p, KERNE_DESCRIBE_EVENT, NULL);
    return b != NULL ? b->identity : dice_word();
}

/* ---- what a process does ----------------------------------------------- */

static void some_creation(const struct process *p, struct call *call)
{
    char name[16];
    snprintf(name, sizeof name, "p%lu", (unsigned long)dice(9));
    *call = rig_creation(name, dice(9));
    call->w[3] = dice(look_free(p, BUFFERS) / 2 + 1);
    call->w[4] = dice(look_free(p, PROCESSES) / 2 + 1);
    call->w[5] = 1 + dice(look_free(p, TABLES) / 2 + 1);
    call->w[7] = kerne_create_how(p->horizon + 1u, 0, 0);
    const struct process *child = look_next_child(p, NULL);
    if (child != NULL && !is_sink(child) && dice_percent(50)) {
        call->t2 = process_reference(child);
    }
}

static uint64_t some_message(const struct process *p, struct call *call)
{
    static const uint64_t up[] = { KERNE_PARENT, KERNE_SELF, 0, 1 << 16 };
    uint64_t address = up[dice(4)];
    call->a0 = address < KERNE_SELF ? address | dice(9) : address;
    call->w[0] = KERNE_OPERATION(3, 3);
    call->w[1] = BASE + dice(4096);
    call->w[2] = call->w[1] + dice(5000);
    if (dice_percent(20)) {
        call->a0 = KERNE_ADDRESS(p->depth, KERNE_EXTERNAL);
        call->w[0] = KERNE_OPERATION(KERNE_CLOCK_DELAY, 0);
        call->w[1] = dice(2000);
    }
    return KERNE_send_message;
}

static uint64_t some_windows(const struct process *p, struct call *call)
{
    uint64_t storage = p == root ? RIG_STORAGE : BASE;
    call->a0 = some_reference(p);
    call->w[0] = BASE + dice(100) * KERNE_PAGE;
    call->w[1] = storage + dice(20) * KERNE_PAGE;
    call->w[2] = 1 + dice(100);
    call->w[3] = 7;
    return dice_percent(65) ? KERNE_map : KERNE_unmap;
}

static uint64_t some_wait(const struct process *p, struct call *call)
{
    call->a0 = some_buffer(p);
    switch (dice(5)) {
    case 0:
        call->t2 = 1;
        call->w[0] = KERNE_AGAIN;
        return KERNE_send_answer;
    case 1: return KERNE_get_event;
    case 2: return KERNE_regret_message;
    case 3:
        call->w[0] = dice(2);
        call->w[2] = (p == root ? RIG_STORAGE : BASE) + dice(9000);
        call->w[3] = dice(3000);
        return KERNE_general_copy;
    default: call->a0 = 0; return p == root ? KERNE_test_event : KERNE_serve;
    }
}

static uint64_t choose(const struct process *p, struct call *call)
{
    static const uint64_t controls[] = {
        KERNE_start_internal_process,  KERNE_start_internal_process,
        KERNE_start_internal_process,  KERNE_stop_internal_process,
        KERNE_modify_internal_process,
    };
    uint64_t chance = dice(100);
    if (chance < 15) {
        some_creation(p, call);
        return KERNE_create_internal_process;
    }
    if (chance < 45) { return some_message(p, call); }
    if (chance < 60) { return some_windows(p, call); }
    if (chance < 75) { return some_wait(p, call); }
    call->a0 = some_reference(p);
    if (chance < 78) {
        removals++;
        return KERNE_remove_process;
    }
    call->w[0] = RIG_STORAGE; /* of modify, which reads */
    return controls[dice(5)];
}

static void touch(struct process *p)
{
    struct touch at;
    uint64_t physical;
    uint64_t address = BASE + dice(120) * KERNE_PAGE;
    if (!simulator_access(p, address, KERNE_READ, &physical) &&
        !storage_touch(p, address, KERNE_READ, &at)) {
        if (dice_percent(5)) {
            break_fault(p, KERNE_BREAK_PAGE_FAULT, address, at.culprit,
                        at.address, KERNE_READ, IN_PROGRAM);
        }
    } else {
        simulator_access(p, address, KERNE_READ, &physical);
    }
}

/* The root goes to sleep for a while, so that others run. */
static uint64_t root_sleeps(struct call *call)
{
    call->a0 = KERNE_EXTERNAL;
    call->w[0] = KERNE_OPERATION(KERNE_CLOCK_DELAY, 0);
    call->w[1] = 200 + dice(3000);
    return KERNE_converse;
}

/* ---- steps ------------------------------------------------------------- */

/* By record: there is more to do, or a wait is over. */
static bool in_call[HAS_PROCESSES + 8];

static void begin_call(struct process *p)
{
    struct call call = { 0 };
    uint64_t function =
        p == root && dice_percent(50) ? root_sleeps(&call) : choose(p, &call);
    p->x[R_FUNCTION] = function;
    p->x[R_A0] = call.a0;
    p->x[R_RESULT] = call.t2;
    call_set_words(p, call.w);
}

static void do_call(struct process *p)
{
    uint64_t pc = p->x[R_PC];
    call_do(p);
    bool stays = p->x[R_PC] == pc;
    in_call[process_index(p)] = stays;
    again += process_wait(p) == KERNE_WAITS_NOT && stays;
}

static void check_rings(void)
{
    for (uint32_t i = 1; i < nucleus.never_used_process; i++) {
        const struct process *p = process_at(i);
        if ((p == root || p->parent != NULL) && !p->is_pseudo &&
            !look_ring_is_whole(p)) {
            tap_fail("a ring is torn");
        }
    }
}

static void settle(void)
{
    jmp_buf standstill;
    simulator.on_standstill = &standstill;
    if (setjmp(standstill) == 0) { time_next(this_hart->current); }
    simulator.on_standstill = NULL;
}

static void step(void)
{
    struct process *p = this_hart->current;
    uint16_t index = process_index(p);
    simulator.now += dice(50);
    simulator_serve();
    if (p->x[R_PC] % 8 == 4) { /* behind a call */
        in_call[index] = false;
        p->x[R_PC] += 4;
    }
    if (in_call[index] && dice_percent(30) &&
        p->x[R_FUNCTION] != KERNE_converse) {
        in_call[index] = false;
        abandoned++;
    }
    if (process_wait(p) != KERNE_WAITS_NOT) {
        in_call[index] = true; /* the interrupt has not to do with it */
    } else if (in_call[index]) {
        do_call(p);
    } else if (p != root && dice_percent(30)) {
        touch(p);
    } else {
        begin_call(p);
        do_call(p);
    }
    settle();
    rig_check();
    check_rings();
}

/* ---- the end ----------------------------------------------------------- */

static void remove_all(void)
{
    uint64_t nodes = nucleus.node_limit;
    for (struct process *c; (c = some_descendant(root)) != NULL;) {
        while (c->depth > 1) { c = c->parent; }
        RESULT(CALL(root, remove_process, process_reference(c)), normal);
    }
    EQUAL(look_free(root, BUFFERS) + look_used(root, BUFFERS), HAS_BUFFERS);
    EQUAL(look_free(root, PROCESSES), HAS_PROCESSES);
    EQUAL(look_free(root, TABLES), HAS_TABLES);
    EQUAL(nucleus.node_limit, nodes);
    for (uint64_t i = 0; i <= nucleus.frame_count; i++) {
        EQUAL(nucleus.frames[i], 0);
    }
}

static void run_sequence(uint64_t seed)
{
    dice_state = seed;
    root = rig_begin(HAS_PROCESSES, HAS_BUFFERS, HAS_TABLES);
    nucleus.slice = 500;
    memset(in_call, 0, sizeof in_call);
    memset(stale, 0, sizeof stale);
    for (unsigned i = 0;
         i < SEQUENCE && this_hart->current != NULL && tap_is_good(); i++) {
        step();
    }
    if (process_wait(root) != KERNE_WAITS_NOT) {
        rig_pass(100000); /* it sleeps at the clock, if anywhere */
    }
    root->x[R_PC] = 0;
    remove_all();
}

static uint64_t steps_wanted = 200000, first_seed = 1;

TEST("abandon.rules_hold_and_nothing_is_lost")
{
    uint64_t seed = first_seed;
    for (uint64_t done = 0; done < steps_wanted && tap_is_good();
         done += SEQUENCE) {
        run_sequence(seed++);
    }
    tap_remark("the last seed is %lu", (unsigned long)seed - 1);
}

TEST("abandon.enough_was_abandoned")
{
    printf("# %lu interrupted, %lu abandoned, %lu removals\n",
           (unsigned long)again, (unsigned long)abandoned,
           (unsigned long)removals);
    EXPECT(again > steps_wanted / 100);
    EXPECT(abandoned > steps_wanted / 1000);
    EXPECT(removals > steps_wanted / 1000);
}

int main(int count, char **arguments)
{
    steps_wanted = count > 1 ? strtoull(arguments[1], NULL, 0) : steps_wanted;
    first_seed = count > 2 ? strtoull(arguments[2], NULL, 0) : first_seed;
    return tap_main();
}
