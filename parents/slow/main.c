/*
 * slow N PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating system whose
 * children live in a time that runs N times slower than its own; with N = 0 it
 * stands still.
 *
 * A child has the time from three places, and all three are its parent's to
 * give: messages to `clock`, the function get clock, and the counters of the
 * machine.  The function and the counters are not in the children's mask, so
 * that they break, and are answered here.
 *
 *   T1  slow time and true time agree at the start
 *   T2  a child is never told a time before one that it was told already
 */
#include <clock_break.h>
#include <relay.h>
#include <skeleton.h>
#include <text.h>

static struct parent slow;
static struct child *clock;
static uint64_t times;  /* N */
static uint64_t origin; /* T1, in ticks */

/* ---- the two times ------------------------------------------------------- */

static uint64_t slow_time(uint64_t true_time)
{
    return times == 0 ? origin : origin + (true_time - origin) / times;
}

/* When it is so late in slow time; the farthest there is stands for never. */
static uint64_t true_time(uint64_t slow_time)
{
    if (slow_time <= origin) { return origin; }
    bool is_never = times == 0 || slow_time - origin > INT64_MAX / times;
    return is_never ? INT64_MAX : origin + (slow_time - origin) * times;
}

/* ---- messages to the clock ----------------------------------------------- */

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

/* Each becomes `until`, in true time, whatever it was. */
static void slow_message(struct kerne_words *words)
{
    uint64_t now = slow_time(kerne_get_clock());
    uint64_t operation = kerne_operation_of(words);
    uint64_t word = words->w[KERNE_WORD_FIRST];
    if (operation == KERNE_CLOCK_DELAY || operation == KERNE_CLOCK_UNTIL) {
        uint64_t when = operation == KERNE_CLOCK_DELAY ? sum(now, word) : word;
        *words = (struct kerne_words){ { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0),
                                         true_time(when) } };
    } else {
        words->w[KERNE_WORD_OPERATION] = KERNE_OPERATION(operation, 0);
    }
}

static void passes(struct relay *relay)
{
    uint64_t *time = &relay->words.w[KERNE_WORD_TIME];
    if (relay->result == 0) { slow_message(&relay->words); }
    if (relay->result == KERNE_r_normal) { *time = slow_time(*time); }
}

/* ---- events -------------------------------------------------------------- */

static bool answer_break(const struct kerne_received *received)
{
    enum clock_asked asked = clock_break_asks(received);
    const struct child *child =
        child_numbered(&slow.children, KERNE_SENDER_ADDRESS(received->sender));
    if (asked == CLOCK_ASKED_NOT || child == NULL ||
        received->sender & KERNE_SENDER_INSIDE) {
        return false;
    }
    uint64_t told = clock_break_told(asked);
    clock_break_answer(received, child->reference,
                       asked == CLOCK_ASKED_TICKS ? slow_time(told)
                       : times == 0               ? 0
                                                  : told / times);
    return true;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    switch ((enum kerne_event)KERNE_EVENT_KIND(received->event)) {
    case KERNE_MESSAGE:
        return parent_is_for(received, clock) &&
               relay_event(received, parent->clock, passes);
    case KERNE_ANSWER: return relay_event(received, parent->clock, passes);
    case KERNE_BREAK: return answer_break(received);
    case KERNE_NO_EVENT: break;
    }
    return false;
}

static uint64_t read_times(const char *word)
{
    uint64_t number;
    if (!text_to_number(word, &number) || number > 1000000) {
        kerne_give_up("it expected how many times slower, 0 to 1000000; "
                      "got `%s`",
                      word);
    }
    return number;
}

int main(int argc, char **argv)
{
    slow.event = event;
    slow.withheld = CLOCK_BREAK_MASK;
    times = read_times(argc > 1 ? argv[1] : "");
    origin = kerne_get_clock();
    parent_begin(&slow);
    parent_present(&slow, "console", slow.console.address);
    clock = parent_present(&slow, "clock", KERNE_SELF);
    parent_run_all(&slow, argc - 1, argv + 1);
    return parent_serve(&slow);
}
