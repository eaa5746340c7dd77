#include <loop.h>

#include <calls/table.h>
#include <clock_break.h>
#include <files/volume.h>
#include <memory/fault.h>
#include <memory/frames.h>
#include <memory/hands.h>
#include <memory/swap.h>
#include <processes/delivery.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <skeleton.h>
#include <terminals/screen.h>
#include <calls/trace.h>
#include <waiting/timer.h>

#define NUMBER_OF_WRITE 64 /* the call */

struct parent linux_parent;

static struct thread *first_ready, *last_ready;
static uint64_t held; /* a buffer whose answer goes with the next wait */
static uint64_t held_action, held_value;
static struct process *current;
static struct thread *running;
static bool is_over;
/* Somebody has begun, and goes on before those that are ready; he has since the
 * clock was asked. */
static bool is_begun, has_begun;
static int status;

unsigned loop_due = LOOP_SCREEN;

/* ---- answers ------------------------------------------------------------- */

void loop_flush(void)
{
    struct kerne_words answer = { { held_action, held_value } };
    if (held != 0) { kerne_send_answer(held, KERNE_r_normal, &answer); }
    held = 0;
}

static inline void hold(struct thread *t, uint64_t action, uint64_t value)
{
    if (held != 0) { loop_flush(); }
    held = t->buffer;
    held_action = action;
    held_value = value;
    t->buffer = 0;
}

void loop_go_on(struct thread *t, long value)
{
    hold(t, KERNE_GO_ON, (uint64_t)value);
}

void loop_again(struct thread *t) { hold(t, KERNE_AGAIN, 0); }

/* ---- threads that are ready ---------------------------------------------- */

void loop_make_ready(struct thread *t)
{
    t->is_ready = true;
    loop_due |= LOOP_READY;
    t->next_ready = NULL;
    *(first_ready == NULL ? &first_ready : &last_ready->next_ready) = t;
    last_ready = t;
}

void loop_begin_before(struct thread *t)
{
    is_begun = has_begun = true;
    t->is_waiting = true;
    loop_make_ready(t);
}

void loop_forget(struct thread *t)
{
    struct thread *before = NULL, *at = first_ready;
    if (t->buffer != 0 && t->buffer == held) { held = 0; }
    if (!t->is_ready) { return; }
    while (at != t) {
        before = at;
        at = at->next_ready;
    }
    *(before == NULL ? &first_ready : &before->next_ready) = t->next_ready;
    if (last_ready == t) { last_ready = before; }
    t->is_ready = false;
}

/* ---- calls and faults ---------------------------------------------------- */

/* To be run again. */
static inline void note_call(struct thread *t, const uint64_t *w)
{
    if (w != &t->call.number) {
        __builtin_memcpy(&t->call, __builtin_assume_aligned(w, 8),
                         sizeof t->call);
    }
}

static void make_room(struct thread *t);

/* A page was missing, or a frame: the call is to be run again, as if it had not
 * been, when there is one.  Of a write that has done a part, the rest is. */
static bool is_repeated(struct thread *t, const uint64_t *w, long value)
{
    struct queue *queue = swap_wanted;
    swap_wanted = NULL;
    if (value == CALL_NO_ANSWER || value == CALL_WAITS) { return false; }
    if (value > 0 && w[0] == NUMBER_OF_WRITE && (uint64_t)value < w[3]) {
        note_call(t, w);
        t->progress = (uint64_t)value;
        t->is_again = true;
    } else if (value != -LINUX_EFAULT &&
               (queue == &swap_never ||
                (value != -LINUX_ENOMEM && value != -LINUX_ENOSPC &&
                 value != -LINUX_EAGAIN))) {
        return false;
    }
    if (queue == &swap_never) {
        make_room(t);
    } else {
        t->waits_for_page = true;
        swap_wait(t, queue);
    }
    return true;
}

/* What a call came to that is not just answered. */
static void settle(struct thread *t, const uint64_t *w, long value)
{
    if (swap_wanted != NULL && is_repeated(t, w, value)) { return; }
    if (value == CALL_NO_ANSWER) { return; }
    if (value == CALL_WAITS) {
        if (!t->is_again) { note_call(t, w); }
        return;
    }
    bool is_cut = call_is_cut(value);
    if (is_cut && !t->is_again) { note_call(t, w); }
    if (t->is_again && !is_cut) { wait_over(t); }
    if (!t->is_again) { t->progress = 0; } /* the next call has done nothing */
    if (t->attention != 0 || is_cut) {
        value = delivery_attend(t, value);
        swap_wanted = NULL;
        if (value == CALL_NO_ANSWER) { return; }
    }
    loop_go_on(t, value);
}

/* Runs a call; w[0] is its number, and what follows are its arguments.  Before
 * it no page is wanted: whatever else may want one forgets it. */
static inline void take_call(struct thread *t, const uint64_t *w)
{
    long value = call_run(t, w[0], w + 1);
    if (value >= CALL_LEAST && swap_wanted == NULL &&
        !(t->is_unusual | t->progress)) {
        hold(t, KERNE_GO_ON, (uint64_t)value);
    } else {
        settle(t, w, value);
    }
}

/* Delivers what had to wait until a call was done, and ends who was killed.  If
 * that was the first process, all ends here: the loop need not ask for it. */
static __attribute__((noinline, cold)) void resume_now(void)
{
    loop_due &= ~(unsigned)LOOP_SIGNALS;
    signals_resume();
    process_end_killed();
    swap_wanted = NULL;
    if (is_over) { loop_finish(status); }
}

static inline void resume(void)
{
    if (loop_due & LOOP_SIGNALS) { resume_now(); }
}

/* It waited for a page, not in a call, or in one that is not to be run again
 * but made again. */
static bool is_page_there(struct thread *t)
{
    if (!t->waits_for_page) { return false; }
    t->waits_for_page = false;
    if (t->is_again) { return false; }
    if (delivery_attend_fault(t)) { loop_again(t); }
    return true;
}

static void run_again(struct thread *t)
{
    t->is_again = true;
    swap_wanted = NULL;
    settle(t, &t->call.number, call_run(t, t->call.number, t->call.argument));
}

static void run_ready(void)
{
    while (first_ready != NULL) {
        struct thread *t = first_ready;
        loop_forget(t);
        wait_end(t);
        current = t->process;
        running = t;
        if (!is_page_there(t)) { run_again(t); }
        swap_wanted = NULL;
        current = NULL;
        resume();
    }
}

/* No page is left: ends the process that has the most, and lets the caller try
 * again, unless it was that one. */
static void make_room(struct thread *t)
{
    uint64_t pages = 0;
    struct process *p =
        frames_free() <= FRAMES_RESERVED ? process_largest(&pages) : t->process;
    t->is_again = false;
    if (pages > 0) {
        parent_say(&linux_parent,
                   "out of memory: process %u (%s) is ended, which has the "
                   "most, %lu pages; give linux more with `size`",
                   p->id, p->name, (unsigned long)pages);
    } else {
        parent_say(&linux_parent,
                   "out of window tables: process %u (%s) is ended; give linux "
                   "more with `tables`",
                   p->id, p->name);
    }
    process_kill(p, LINUX_SIGKILL);
    if (p != t->process) { loop_again(t); }
}

static void take_fault(struct thread *t, const uint64_t *w)
{
    static const struct {
        int signal, code;
    } told[] = {
        [FAULT_NO_AREA] = { LINUX_SIGSEGV, 1 },
        [FAULT_NO_RIGHT] = { LINUX_SIGSEGV, 2 },
        [FAULT_BEYOND] = { LINUX_SIGBUS, 2 },
    };
    swap_wanted = NULL;
    enum fault result = fault(t->space, w[1], w[2]);
    struct queue *queue = swap_wanted;
    swap_wanted = NULL;
    if (result == FAULT_DONE) {
        if (delivery_attend_fault(t)) { loop_again(t); }
        return;
    }
    if (result == FAULT_WAITS) {
        t->waits_for_page = true;
        swap_wait(t, queue);
        return;
    }
    if (result == FAULT_NO_MEMORY) {
        make_room(t);
        return;
    }
    delivery_fault(t, told[result].signal, told[result].code, w[1]);
}

static void take_illegal(struct thread *t,
                         const struct kerne_received *received)
{
    enum clock_asked asked = clock_break_asks(received);
    if (asked == CLOCK_ASKED_NOT) {
        delivery_fault(t, LINUX_SIGILL, 1, received->words.w[3]);
        return;
    }
    clock_break_answer(received, t->reference, clock_break_told(asked));
    t->buffer = 0;
}

static void take_other_break(struct thread *t,
                             const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    switch (w[0]) {
    case KERNE_BREAK_PAGE_FAULT: take_fault(t, w); return;
    case KERNE_BREAK_ILLEGAL: take_illegal(t, received); return;
    case KERNE_BREAK_MISALIGNED:
        delivery_fault(t, LINUX_SIGBUS, 1, w[1]);
        return;
    case KERNE_BREAK_BREAKPOINT:
        delivery_fault(t, LINUX_SIGTRAP, 1, w[3]);
        return;
    default: delivery_fault(t, LINUX_SIGBUS, 3, w[1]); return;
    }
}

/* ---- the loop ------------------------------------------------------------ */

static void take_other(const struct kerne_received *received)
{
    loop_due |= LOOP_SCREEN;
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER &&
        (timer_answer(received->buffer) || swap_answer(received) ||
         screen_answer(received) || volume_answer(received->buffer))) {
        return;
    }
    parent_event(&linux_parent, received);
}

static void take_event(const struct kerne_received *received)
{
    uint64_t number = KERNE_SENDER_ADDRESS(received->sender);
    if (KERNE_EVENT_KIND(received->event) != KERNE_BREAK) {
        take_other(received);
        swap_wanted = NULL;
        return;
    }
    struct thread *t = number < KERNE_CHILDREN ? thread_of[number] : NULL;
    if (t == NULL) { return; }
    t->buffer = received->buffer;
    current = t->process;
    running = t;
    if (received->words.w[0] == KERNE_BREAK_CALL) {
        take_call(t, &received->words.w[1]);
    } else {
        take_other_break(t, received);
        swap_wanted = NULL;
    }
    current = NULL;
}

/* Who woke others goes on before them, to its next call, in which it mostly
 * waits: to answer one after the other costs a third of answering two at once.
 * If it does not come to a call, the clock is there soon. */
static bool may_ready_wait(void)
{
    bool goes_on = held != 0 || is_begun;
    is_begun = false;
    return goes_on && !(loop_due & LOOP_NOW) && timer_is_soon();
}

/* The clock has answered, perhaps soon after somebody began. */
void loop_soon(void)
{
    is_begun = has_begun;
    has_begun = false;
}

static void do_what_is_due(void)
{
    resume();
    if (loop_due & LOOP_READY && !may_ready_wait()) {
        run_ready();
        loop_due &= ~(unsigned)(LOOP_READY | LOOP_NOW);
    }
    unsigned due = loop_due;
    loop_due &= LOOP_READY;
    if (due & LOOP_TIMER) { timer_ask(); }
    if (due & LOOP_FRAMES) {
        hands_turn();
        swap_wanted = NULL;
    }
    if (due & LOOP_SCREEN) { screen_send(); }
}

int loop_run(void)
{
    while (!is_over) {
        if (loop_due != 0) { do_what_is_due(); }
        uint64_t buffer = held;
        held = 0;
        struct kerne_received received = kerne_serve(
            buffer, KERNE_r_normal,
            &(struct kerne_words){ { held_action, held_value, kerne_any(),
                                     kerne_any(), kerne_any(), kerne_any(),
                                     kerne_any(), kerne_any() } });
        take_event(&received);
    }
    return status;
}

struct process *loop_process(void) { return current; }

struct thread *loop_thread(void) { return running; }

void loop_end(int ended)
{
    is_over = true;
    status = ended;
    loop_due |= LOOP_SIGNALS;
}
