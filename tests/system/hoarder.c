/*
 * hoarder: asks the console for lines, until it has no buffer left, and never
 * stops to: as many are always pending.
 */
#include <program.h>
#include <stdio.h>

static char line[KERNE_LINE_BYTES];

static bool ask(uint64_t console)
{
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, line, sizeof(line));
    uint64_t buffer;
    return kerne_send_message(console, &message, &buffer) == KERNE_r_normal;
}

int main(void)
{
    static const struct kerne_words nothing;
    uint64_t console = kerne_find("console");
    printf("hoarder is here\n");
    while (ask(console)) {}
    for (;;) {
        struct kerne_received received =
            kerne_serve(0, KERNE_r_normal, &nothing);
        bool refused = KERNE_EVENT_KIND(received.event) == KERNE_ANSWER &&
                       KERNE_EVENT_RESULT(received.event) != KERNE_r_normal;
        if (refused) { (void)kerne_delay(kerne_ticks(100000)); }
        (void)ask(console);
    }
}
