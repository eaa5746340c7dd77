/*
 * swapped OPTIONS PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating
 * system whose children share one part of storage, in turn, as in 1969:
 *
 *     swapped size=1M quantum=50 primes 100000, primes 200000
 *
 * One is in storage, and runs; the others are stopped, written out, and have no
 * window.
 *
 *   W1  who is not in storage is stopped, and has no window: what a server has
 *       for him then finds no page, and comes again when he asks again
 */
#include <pager.h>

static struct pager pager;
static struct pager_order order;
static struct child *in; /* who is in storage; null: nobody */
static uint64_t alarm;   /* at the clock; 0: it has rung */
static unsigned long swaps;
static uint64_t longest; /* of them, in ticks */

/* ---- who has something to do --------------------------------------------- */

static bool is_answered(uint64_t reference, uint64_t wanted)
{
    struct kerne_sent_record sent;
    uint64_t buffer = 0;
    while (kerne_describe_sent(reference, &buffer, &sent) == KERNE_r_normal) {
        if (buffer == wanted) { return sent.state == KERNE_ANSWERED; }
    }
    return true; /* it is told that there is no such message */
}

static bool has_event(uint64_t reference)
{
    struct kerne_words words;
    uint64_t buffer;
    return kerne_describe(reference, KERNE_DESCRIBE_EVENT, 0, &buffer,
                          &words) == KERNE_r_normal;
}

static bool would_run(uint64_t reference)
{
    struct kerne_process_record process;
    (void)kerne_describe_process(reference, &process);
    switch (process.waits) {
    case KERNE_WAITS_NOT: return true;
    case KERNE_WAITS_ANSWER: return is_answered(reference, process.buffer);
    case KERNE_WAITS_MESSAGE:
    case KERNE_WAITS_EVENT: return has_event(reference);
    case KERNE_WAITS_BREAK: return false;
    }
    return false;
}

/* It, or somebody inside that is not stopped there. */
static bool is_busy(uint64_t reference)
{
    struct kerne_tree_record tree;
    struct kerne_process_record process;
    if (would_run(reference)) { return true; }
    (void)kerne_describe_tree(reference, &tree);
    for (uint64_t inside = tree.first_child; inside != 0;
         inside = tree.next_sibling) {
        (void)kerne_describe_process(inside, &process);
        if (!process.is_pseudo && process.suspended == 0 && is_busy(inside)) {
            return true;
        }
        (void)kerne_describe_tree(inside, &tree);
    }
    return false;
}

static bool lives(const struct child *child)
{
    return child->state == CHILD_STARTED || child->state == CHILD_STOPPED;
}

/* The next in turn that is busy, and is not in storage; null: nobody. */
static struct child *next_busy(void)
{
    struct children *children = &pager.parent.children;
    struct child *child = in;
    for (unsigned i = 0; i < 2 * CHILDREN_MAX; i++) {
        child = child_next(children, child);
        if (child != NULL && child != in && lives(child) &&
            is_busy(child->reference)) {
            return child;
        }
    }
    return NULL;
}

/* ---- swapping ------------------------------------------------------------ */

static void take_out(struct child *child)
{
    child_stop(&pager.parent, child);
    const char *fault = pager_swap_out(&pager, child);
    if (fault != NULL) {
        parent_ended(&pager.parent, child, CHILD_BROKEN, fault);
    }
}

/* Stop, write out, close the windows, read in, start. */
static void swap(struct child *child)
{
    uint64_t before = kerne_get_clock();
    if (in != NULL) { take_out(in); }
    in = child;
    swaps++;
    const char *fault = pager_swap_in(&pager, child);
    uint64_t taken = kerne_get_clock() - before;
    longest = taken > longest ? taken : longest;
    if (fault != NULL) {
        parent_ended(&pager.parent, child, CHILD_BROKEN, fault);
    } else {
        child_start(&pager.parent, child);
    }
}

static bool ended(struct parent *parent, struct child *child)
{
    (void)parent;
    if (in == child) { in = NULL; }
    return false;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    bool is_alarm = KERNE_EVENT_KIND(received->event) == KERNE_ANSWER &&
                    received->buffer == alarm;
    if (is_alarm) { alarm = 0; }
    return is_alarm || pager_event(&pager, received);
}

/* One turn: until the quantum is over, or who is in has ended. */
static void serve(void)
{
    const struct child *one = in;
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     order.quantum } };
    if (kerne_send_message(pager.parent.clock, &message, &alarm) !=
        KERNE_r_normal) {
        kerne_give_up("it has no buffer for its alarm; give it more");
    }
    while (alarm != 0 && in == one) { parent_serve_one(&pager.parent); }
    if (alarm != 0) { kerne_regret_message(alarm); }
}

static bool any_lives(void)
{
    struct child *child = child_next(&pager.parent.children, NULL);
    while (child != NULL && !lives(child)) {
        child = child_next(&pager.parent.children, child);
    }
    return child != NULL;
}

int main(int argc, char **argv)
{
    struct parent *parent = &pager.parent;
    struct child *child = NULL;
    parent->event = event;
    parent->ended = ended;
    parent_begin(parent);
    int words = pager_options(argc, argv, &order);
    if (order.bytes == 0) {
        kerne_give_up("it has to be told the storage of each child, for "
                      "example by size=1M");
    }
    order.frames = order.bytes / KERNE_PAGE;
    pager_begin(&pager, &order);
    pager_present(&pager, &order);
    parent_run_all(parent, argc - words, argv + words);
    while ((child = child_next(&parent->children, child)) != NULL) {
        if (child->state == CHILD_STARTED) { take_out(child); }
    }
    while (any_lives()) {
        child = next_busy();
        if (child != NULL) { swap(child); }
        serve();
    }
    parent_say(parent,
               "swapped size=%luk: %lu swaps, of %lu us at most; %lu pages "
               "written",
               (unsigned long)order.bytes / 1024, swaps,
               (unsigned long)kerne_microseconds(longest),
               (unsigned long)pager.counts.written);
    pager_draw(&pager, "pages that came in");
    return parent->status;
}
