/*
 * Random calls by trees of processes, each compared with the plain model.
 *
 *   PROGRAM control|messages|storage|all [calls [seed]]
 *
 * Every sequence boots the nucleus anew and is repeated by its seed alone.  How
 * often each result has come is looked at when nothing is said of calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "choose.h"
#include "compare.h"
#include "dice.h"
#include "pick.h"
#include "rig.h"
#include "seen.h"

#define SEQUENCE 3000 /* calls */
#define TRACE 24

struct trace {
    const struct model_process *p;
    bool is_touch;
    uint64_t x[32];
};

static struct trace trace[TRACE];
static uint64_t steps, seed;
static jmp_buf failed;

/* ---- what went wrong --------------------------------------------------- */

static void show(const struct trace *t)
{
    const uint64_t *x = t->x;
    int number = (int)(t->p - model.process);
    if (t->is_touch) {
        tap_remark("%d touches %#lx for %lu", number, (unsigned long)x[A0],
                   (unsigned long)x[A0 + 1]);
        return;
    }
    char words[300] = "";
    for (int i = 0; i < 7; i++) {
        size_t length = strlen(words);
        snprintf(words + length, sizeof words - length, " %#lx",
                 (unsigned long)x[A0 + i]);
    }
    tap_remark("%d calls %s (%lu):%s, t2 %#lx", number, seen_name(x[A7]),
               (unsigned long)x[A7], words, (unsigned long)x[T2]);
}

void model_disagrees(const char *what)
{
    tap_remark("seed %lu, step %lu: the nucleus and the model disagree: %s",
               (unsigned long)seed, (unsigned long)steps, what);
    tap_remark("the last steps, process by its number in the model:");
    for (uint64_t i = steps > TRACE ? steps - TRACE : 0; i < steps; i++) {
        show(&trace[i % TRACE]);
    }
    longjmp(failed, 1);
}

static void remember(const struct model_process *p, bool is_touch,
                     const uint64_t x[32])
{
    struct trace *t = &trace[steps++ % TRACE];
    t->p = p;
    t->is_touch = is_touch;
    memcpy(t->x, x, sizeof t->x);
}

/* ---- interrupts -------------------------------------------------------- */

/* The call that the nucleus has done and the model has not. */
static struct model_process *calling;

static void call_in_model(void)
{
    struct model_process *p = calling;
    calling = NULL;
    if (p != NULL) { model_call(p); }
}

/* In place of simulator_serve: the model learns of each interrupt. */
static void serve(void)
{
    call_in_model();
    model.now = simulator.now;
    if (simulator.now >= simulator.timer) {
        do {
            time_interrupt();
        } while (external_deadline(1) <= simulator.now);
        model_clock();
    }
    for (uint32_t line = 1; line < KERNE_LINES; line++) {
        if (simulator.pending[line] && simulator.enabled[line]) {
            simulator.pending[line] = false;
            external_interrupt(line);
            model_line(line);
        }
    }
}

static void do_call(void)
{
    struct process *real = this_hart->current;
    uint64_t pc, area;
    calling = compare_model_of(real);
    remember(calling, false, calling->x);
    do { /* until it goes on, if only with its own break, or waits */
        pc = real->x[R_PC];
        area = real->area;
        call_do(real);
    } while (calling != NULL && process_wait(real) == KERNE_WAITS_NOT &&
             real->x[R_PC] == pc && real->area == area);
    call_in_model();
}

/* A trap, by a call or otherwise, and its end.  False: everything waits, for
 * ever. */
static bool trap(bool calls)
{
    jmp_buf standstill;
    simulator.on_standstill = &standstill;
    bool goes_on = setjmp(standstill) == 0;
    if (goes_on) {
        simulator_enter();
        if (calls) { do_call(); }
        time_next(this_hart->current);
    } else {
        call_in_model();
    }
    simulator.on_standstill = NULL;
    compare_all();
    if (goes_on) { compare_current(); }
    return goes_on;
}

/* Time passes, and sometimes a line interrupts. */
static void pass_time(void)
{
    simulator.now += dice(200);
    if (dice_percent(5)) { simulator.pending[1 + dice(6)] = true; }
    serve();
}

/* ---- steps ------------------------------------------------------------- */

static void do_touch(struct process *real, struct model_process *p)
{
    uint64_t address, access, physical = 0, expected;
    pick_touch(p, &address, &access);
    const uint64_t x[32] = { [A0] = address, access };
    remember(p, true, x);
    bool may = simulator_access(real, address, access, &physical);
    if (!may) {
        simulator_enter();
        break_page_fault(real, address, access);
        may = simulator_access(real, address, access, &physical);
    }
    if (model_touch(p, address, access, &expected) != may) {
        model_disagrees("whether a page may be touched");
    }
    if (may && physical != expected) { model_disagrees("where a page is"); }
}

/* The program of p has run: it has other registers now. */
static void set_registers(struct process *real, struct model_process *p,
                          const uint64_t x[32])
{
    for (int i = 1; i < 32; i++) { real->x[i] = p->x[i] = x[i]; }
}

static bool step(enum choose_profile profile)
{
    struct process *real = this_hart->current;
    struct model_process *p = compare_model_of(real);
    model.now = simulator.now;
    pick_remember();
    if (dice_percent(20)) {
        pass_time();
        return trap(false);
    }
    if (p->repeats) { return trap(true); }
    if (choose_touch(profile)) {
        do_touch(real, p);
        return trap(false);
    }
    uint64_t x[32];
    choose_call(p, profile, x);
    set_registers(real, p, x);
    return trap(true);
}

static void run_sequence(enum choose_profile profile)
{
    static const unsigned bits[] = { 16, 3, 0 };
    uint64_t end = steps + SEQUENCE;
    simulator_begin_root(rig_begin(26, 40, 90), bits[seed % 3]);
    nucleus.slice = 100 + seed % 5 * 300;
    simulator.serve = serve;
    dice_state = seed;
    calling = NULL;
    pick_begin();
    compare_begin();
    compare_all();
    while (steps < end && step(profile)) {}
}

static void run_profile(enum choose_profile profile, const char *profile_name,
                        uint64_t calls, uint64_t first)
{
    char name[100];
    steps = 0;
    bool good = setjmp(failed) == 0;
    if (good) {
        for (seed = first; steps < calls; seed++) { run_sequence(profile); }
    }
    snprintf(name, sizeof name, "random.%s.agrees_with_the_model",
             profile_name);
    tap_point(good, name);
}

int main(int count, char **arguments)
{
    static const char *const names[CHOOSE_PROFILES] = { "control", "messages",
                                                        "storage" };
    const char *wanted = count > 1 ? arguments[1] : "all";
    uint64_t calls = count > 2 ? strtoull(arguments[2], NULL, 0) : 550000;
    uint64_t first = count > 3 ? strtoull(arguments[3], NULL, 0) : 1;
    tap_begin();
    printf("# seeds from %lu on, %lu calls\n", (unsigned long)first,
           (unsigned long)calls);
    for (enum choose_profile i = 0; i < CHOOSE_PROFILES; i++) {
        if (strcmp(wanted, "all") == 0 || strcmp(wanted, names[i]) == 0) {
            run_profile(i, names[i], calls, first);
            if (count < 3) { seen_report(names[i]); }
        }
    }
    return tap_end();
}
