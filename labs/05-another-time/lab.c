/* A parent whose children's time begins at 0, and runs four times slower: yours
 * to write. */
#include <clock_break.h>
#include <relay.h>
#include <skeleton.h>

#define SLOWER 4
#define NEVER ((uint64_t)INT64_MAX) /* of the true clock */

static struct parent mine;
static struct child *clock;
static uint64_t origin; /* when it began, in true ticks */

/* Sees a message before it goes on to the clock, and the answer before it goes
 * back. */
static void passes(struct relay *relay) { (void)relay; }

static bool event(struct parent *parent, const struct kerne_received *received)
{
    bool is_message = KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE;
    bool is_break = KERNE_EVENT_KIND(received->event) == KERNE_BREAK;
    if (is_break || (is_message && !parent_is_for(received, clock))) {
        return false;
    }
    return relay_event(received, parent->clock, passes);
}

int main(int argc, char **argv)
{
    mine.event = event;
    origin = kerne_get_clock();
    parent_begin(&mine);
    parent_present(&mine, "console", mine.console.address);
    clock = parent_present(&mine, "clock", KERNE_SELF);
    parent_run_all(&mine, argc, argv);
    return parent_serve(&mine);
}
