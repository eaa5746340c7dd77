#include <loop.h>

#include <calls/table.h>
#include <memory/fault.h>
#include <processes/process.h>
#include <skeleton.h>
#include <terminals/screen.h>
#include <calls/trace.h>
#include <waiting/timer.h>

struct parent linux_parent;

static struct thread *first_ready, *last_ready;
static uint64_t held; /* a buffer whose answer goes with the next wait */
static struct kerne_words answer;
static struct process *current;
static struct thread *running;
static bool is_over;
static int status;

/* ---- answers ------------------------------------------------------------- */

void loop_flush(void)
{
    if (held != 0) { kerne_send_answer(held, KERNE_r_normal, &answer); }
    held = 0;
}

static void hold(struct thread *t, uint64_t action, uint64_t value)
{
    loop_flush();
    held = t->buffer;
    answer.w[0] = action;
    answer.w[1] = value;
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
    t->next_ready = NULL;
    *(first_ready == NULL ? &first_ready : &last_ready->next_ready) = t;
    last_ready = t;
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

/* What a call came to: an answer, or none yet. */
static void complete(struct thread *t, const uint64_t *w, long value)
{
    if (value == CALL_NO_ANSWER) { return; }
    if (value == CALL_WAITS) {
        if (!t->is_again) { memcpy(&t->call, w, sizeof t->call); }
        return;
    }
    if (t->is_again) {
        timer_forget(t);
        t->is_again = t->is_timed_out = false;
        t->progress = 0;
    }
    if (t->attention != 0 || value == CALL_RESTART) {
        if (value == CALL_RESTART) { memcpy(&t->call, w, sizeof t->call); }
        value = signal_attend(t, value);
        if (value == CALL_NO_ANSWER) { return; }
    }
    loop_go_on(t, value);
}

static void run_ready(void)
{
    while (first_ready != NULL) {
        struct thread *t = first_ready;
        loop_forget(t);
        wait_end(t);
        t->is_again = true;
        current = t->process;
        running = t;
        const struct call call = t->call;
        complete(t, &call.number, call_run(t, call.number, call.argument));
    }
}

static void take_fault(struct thread *t, const uint64_t *w)
{
    static const struct {
        int signal, code;
    } told[] = {
        [FAULT_NO_AREA] = { LINUX_SIGSEGV, 1 },
        [FAULT_NO_RIGHT] = { LINUX_SIGSEGV, 2 },
        [FAULT_BEYOND] = { LINUX_SIGBUS, 2 },
        [FAULT_NO_MEMORY] = { LINUX_SIGKILL, 0 },
    };
    enum fault result = fault(t->space, w[1], w[2]);
    if (result == FAULT_DONE) {
        if (signal_attend_fault(t)) { loop_again(t); }
        return;
    }
    if (result == FAULT_NO_MEMORY) {
        parent_say(&linux_parent,
                   "out of memory: process %u (%s) is ended: no page is left "
                   "for it",
                   t->process->id, t->process->name);
    }
    signal_fault(t, told[result].signal, told[result].code, w[1]);
}

static void take_break(const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    struct thread *t = thread_of[KERNE_SENDER_ADDRESS(received->sender)];
    if (t == NULL) { return; }
    t->buffer = received->buffer;
    current = t->process;
    running = t;
    switch (w[0]) {
    case KERNE_BREAK_CALL: complete(t, w + 1, call_run(t, w[1], w + 2)); return;
    case KERNE_BREAK_PAGE_FAULT: take_fault(t, w); return;
    case KERNE_BREAK_ILLEGAL: signal_fault(t, LINUX_SIGILL, 1, w[3]); return;
    case KERNE_BREAK_MISALIGNED: signal_fault(t, LINUX_SIGBUS, 1, w[1]); return;
    case KERNE_BREAK_BREAKPOINT:
        signal_fault(t, LINUX_SIGTRAP, 1, w[3]);
        return;
    default: signal_fault(t, LINUX_SIGBUS, 3, w[1]); return;
    }
}

/* ---- the loop ------------------------------------------------------------ */

static void take_other(const struct kerne_received *received)
{
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER &&
        (timer_answer(received->buffer) || screen_answer(received))) {
        return;
    }
    parent_event(&linux_parent, received);
}

int loop_run(void)
{
    while (!is_over) {
        run_ready();
        if (is_over) { break; }
        timer_ask();
        screen_send();
        uint64_t buffer = held;
        held = 0;
        struct kerne_received received =
            kerne_serve(buffer, KERNE_r_normal, &answer);
        if (KERNE_EVENT_KIND(received.event) == KERNE_BREAK) {
            take_break(&received);
            current = NULL;
        } else {
            take_other(&received);
        }
    }
    loop_flush();
    return status;
}

struct process *loop_process(void) { return current; }

struct thread *loop_thread(void) { return running; }

void loop_end(int ended)
{
    is_over = true;
    status = ended;
}
