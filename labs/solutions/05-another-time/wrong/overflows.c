/* Multiplies, whatever comes of it. */
#include <clock_break.h>
#include <relay.h>
#include <skeleton.h>

#define SLOWER 4
#define NEVER ((uint64_t)INT64_MAX) /* of the true clock */

static struct parent mine;
static struct child *clock;
static uint64_t origin; /* when it began, in true ticks */

static uint64_t slow_time(uint64_t true_time)
{
    return (true_time - origin) / SLOWER;
}

static uint64_t true_time(uint64_t slow_time)
{
    bool is_never = slow_time > (NEVER - origin) / SLOWER;
    return is_never ? NEVER : origin + slow_time * SLOWER;
}

static void slow_message(uint64_t operation, uint64_t *time)
{
    if (operation == KERNE_CLOCK_UNTIL) {
        *time = true_time(*time);
    } else if (operation == KERNE_CLOCK_DELAY) {
        *time = *time * SLOWER;
    }
}

/* Sees a message before it goes on to the clock, and the answer before it goes
 * back. */
static void passes(struct relay *relay)
{
    uint64_t *time = &relay->words.w[KERNE_WORD_TIME];
    if (relay->result == 0) {
        slow_message(kerne_operation_of(&relay->client.words), time);
    } else if (relay->result == KERNE_r_normal) {
        *time = slow_time(*time);
    }
}

static bool answer_break(const struct kerne_received *received)
{
    const struct child *child =
        child_numbered(&mine.children, KERNE_SENDER_ADDRESS(received->sender));
    if (clock_break_asks(received) != CLOCK_ASKED_TICKS || child == NULL ||
        received->sender & KERNE_SENDER_INSIDE) {
        return false;
    }
    clock_break_answer(received, child->reference,
                       slow_time(kerne_get_clock()));
    return true;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    bool is_message = KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE;
    if (KERNE_EVENT_KIND(received->event) == KERNE_BREAK) {
        return answer_break(received);
    }
    if (is_message && !parent_is_for(received, clock)) { return false; }
    return relay_event(received, parent->clock, passes);
}

int main(int argc, char **argv)
{
    mine.event = event;
    mine.withheld = KERNE_MASK_BIT(KERNE_get_clock);
    origin = kerne_get_clock();
    parent_begin(&mine);
    parent_present(&mine, "console", mine.console.address);
    clock = parent_present(&mine, "clock", KERNE_SELF);
    parent_run_all(&mine, argc, argv);
    return parent_serve(&mine);
}
