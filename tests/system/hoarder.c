/*
 * hoarder: asks the console for lines, until it has no buffer left, and never
 * stops to: as many are always pending.
 * hoarder NAME: so with messages to NAME, which to the clock mean a delay that
 * does not end.
 */
#include <program.h>
#include <stdio.h>

#define NEVER (INT64_MAX / 2)

static char line[KERNE_LINE_BYTES];
static uint64_t server;

static bool ask(bool for_lines)
{
    static const struct kerne_words delay = {
        { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), NEVER },
    };
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, line, sizeof(line));
    uint64_t buffer;
    return kerne_send_message(server, for_lines ? &message : &delay, &buffer) ==
           KERNE_r_normal;
}

int main(int argc, char **argv)
{
    static const struct kerne_words nothing;
    bool for_lines = argc < 2;
    server = kerne_find(for_lines ? "console" : argv[1]);
    printf("hoarder is here\n");
    while (ask(for_lines)) {}
    for (;;) {
        struct kerne_received received =
            kerne_serve(0, KERNE_r_normal, &nothing);
        bool refused = KERNE_EVENT_KIND(received.event) == KERNE_ANSWER &&
                       KERNE_EVENT_RESULT(received.event) != KERNE_r_normal;
        if (refused) { (void)kerne_delay(kerne_ticks(100000)); }
        (void)ask(for_lines);
    }
}
