/*
 * checkio CONSOLE: stands in for the console, as a process of this name did in
 * 1970.  Its parent presents it to the other children under the name
 * `console`; it passes each message on to the real console, and each answer
 * back, and prints both.  CONSOLE is the name of the real one; `terminal` if
 * nothing is said.
 */
#include <quote.h>
#include <relay.h>
#include <stdarg.h>
#include <stdio.h>

static uint64_t console;

/* printf would go to `console`, which is this program. */
static void print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
    char line[KERNE_LINE_BYTES];
    size_t taken;
    va_list list;
    va_start(list, format);
    (void)vsnprintf(line, sizeof(line) - 1, format, list);
    va_end(list);
    strcat(line, "\n");
    (void)kerne_output(console, line, strlen(line), &taken);
}

/* A message passes, or its answer does. */
static void print_relay(struct relay *relay)
{
    char sender[32];
    char text[KERNE_LINE_BYTES / 2];
    kerne_sender_text(&relay->client, sender, sizeof(sender));
    quote_relay(relay, text, sizeof(text));
    print("%s: %s", sender, text);
}

int main(int argc, char **argv)
{
    static const struct kerne_words none;
    console = kerne_find(argc > 1 ? argv[1] : "terminal");
    if (argc > 2) {
        print("checkio: expected one name, of the console; got also `%s`",
              argv[2]);
        return 1;
    }
    for (;;) {
        struct kerne_received event = kerne_serve(0, KERNE_r_normal, &none);
        (void)relay_console_event(&event, console, print_relay);
    }
}
