/*
 * player WHAT: plays with a raw stream, as raw.py wants it.
 *
 *   echo N   writes N keys back as they came
 *   sum N    tells how many keys came, N in all, and what they add up to
 *   paint    draws the corners of a screen of its own, anew with each turn and
 *            size, until q
 *   deaf     takes no key
 *   flood    takes no key, and writes what no terminal likes
 *   says N   says N lines as any program does, while the screen is its own
 */
#include <raw.h>
#include <stdio.h>
#include <stdlib.h>

static struct kerne_raw raw;

static void put(const char *text, size_t bytes)
{
    uint64_t result = kerne_raw_put(&raw, text, bytes);
    if (result != KERNE_r_normal) {
        kerne_give_up("put: %s", kerne_result_text(result));
    }
}

static void put_text(const char *text) { put(text, strlen(text)); }

static size_t keys(char *area, size_t bytes)
{
    size_t came;
    uint64_t result = kerne_raw_keys(&raw, area, bytes, &came);
    if (result != KERNE_r_normal) {
        kerne_give_up("keys: %s", kerne_result_text(result));
    }
    return came;
}

static void echo(unsigned long wanted)
{
    char key[300]; /* not a divisor of what anybody keeps */
    while (wanted > 0) {
        size_t bytes = keys(key, sizeof(key) < wanted ? sizeof(key) : wanted);
        put(key, bytes);
        wanted -= bytes;
    }
}

static void add_up(unsigned long wanted)
{
    char key[700], text[64];
    unsigned long came = 0;
    unsigned sum = 0;
    put_text("sum is here\r\n");
    while (came < wanted) {
        size_t bytes = keys(key, sizeof(key));
        for (size_t i = 0; i < bytes; i++) {
            sum = sum * 31 + (unsigned char)key[i];
        }
        came += bytes;
    }
    (void)snprintf(text, sizeof(text), "%lu keys, sum %u\r\n", came, sum);
    put_text(text);
}

/* Its own screen, no cursor, a region, letters of another set. */
static void paint(void)
{
    char key[8], text[160];
    size_t bytes = 0;
    put_text("\x1b[?1049h\x1b[?25l\x1b[2;5r\x1b[?1h\x1b=");
    while (memchr(key, 'q', bytes) == NULL) {
        bytes = keys(key, sizeof(key));
        (void)snprintf(text, sizeof(text),
                       "\x1b(B\x1b[2J\x1b[H\x1b[7mtop\x1b[%u;%uHE"
                       "\x1b[2;1H%ux%u\x1b(0",
                       (unsigned)raw.rows, (unsigned)raw.columns,
                       (unsigned)raw.rows, (unsigned)raw.columns);
        if (bytes == 0) { put_text(text); }
    }
    put_text("\x1b(B\x1b>\x1b[?1l\x1b[r\x1b[?25h\x1b[?1049l");
}

static _Noreturn void flood(void)
{
    for (;;) {
        put_text("\x1b[?1049h\x1b[?25l\x1b[1mconsole: keys make lines again"
                 "\r\nto s\r\n\x1b[m> halt\r\n\x1b[3;9r\x1b]0;");
    }
}

static void say(unsigned long lines)
{
    char key;
    (void)keys(&key, 1); /* the turn */
    put_text("player says nothing\r\n");
    for (unsigned long i = 1; i <= lines; i++) {
        printf("player says line %lu\n", i);
        if (i == 1) { put_text("player has said one\r\n"); }
    }
    while (keys(&key, 1) == 0) {}
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    unsigned long wanted = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    uint64_t result = kerne_raw_begin(&raw, kerne_find("console"));
    if (result != KERNE_r_normal) {
        kerne_give_up("raw: %s", kerne_result_text(result));
    }
    if (strcmp(what, "echo") == 0) { echo(wanted); }
    if (strcmp(what, "sum") == 0) { add_up(wanted); }
    if (strcmp(what, "paint") == 0) { paint(); }
    if (strcmp(what, "deaf") == 0) { (void)kerne_wait_message(); }
    if (strcmp(what, "flood") == 0) { flood(); }
    if (strcmp(what, "says") == 0) { say(wanted); }
    kerne_raw_end(&raw);
    printf("player ends\n");
    return 0;
}
