/*
 * pest: a child that does to its parent all that a child can, and then breaks.
 * Whatever stands behind `console`, `clock` and the parent must answer all of
 * it; pest says how often it was not answered as it should be, by 0.
 * `pest halves` says a word in two outputs; `pest hollow` is a console for
 * others, which takes all and gives nothing; `pest sees` one that shows on
 * `terminal` to what a line may be completed.  `pest peeks` grants the clock an
 * area, and counts what comes into it.
 * `pest strews NAME` breaks when all its messages are with that one: `pest
 * deaf`, which receives none, or `pest hoards`, which answers none.
 */
#include <program.h>
#include <stdio.h>

#define ROUNDS 20
#define OPERATIONS 40
#define SENT 64

/* First and last of areas that are none, or not pest's to grant. */
static const uint64_t area[][2] = {
    { 0, 0 },
    { 0, UINT64_MAX },
    { 0x80400000, 0x80300000 },
    { 0x1000, 0x2000 },
    { UINT64_C(0xffffffff80000000), UINT64_C(0xffffffff80001000) },
    { UINT64_MAX - 8, UINT64_MAX },
    { UINT64_C(0x8000000000000000), UINT64_C(0x8000000000001000) },
    { 0x7f000000, UINT64_C(0xffffffffffff) },
};
#define AREAS (sizeof area / sizeof area[0])

static unsigned unanswered;

static void expect_answer(uint64_t result)
{
    unanswered += result < KERNE_r_normal || result > KERNE_r_does_not_exist;
}

/* A message that may wait for ever is not awaited: an input, a long delay, a
 * raw stream, which lasts as long as its message. */
static void ask(uint64_t address, uint64_t w0, uint64_t w1, uint64_t w2)
{
    struct kerne_words message = { { w0, w1, w2 } };
    struct kerne_words answer;
    uint64_t buffer;
    uint64_t operation = w0 >> 2;
    if (kerne_send_message(address, &message, &buffer) != KERNE_r_normal) {
        unanswered++;
    } else if (operation == KERNE_INPUT || operation == KERNE_CLOCK_DELAY ||
               operation == KERNE_CLOCK_UNTIL ||
               operation == KERNE_CONSOLE_RAW) {
        kerne_regret_message(buffer);
    } else {
        expect_answer(kerne_wait_answer(buffer, &answer));
    }
}

static bool would_end(uint64_t address, uint64_t operation)
{
    return address == KERNE_PARENT &&
           (operation == KERNE_FINIS || operation == KERNE_GIVE_UP);
}

static void strange_messages(uint64_t address)
{
    for (uint64_t operation = 0; operation < OPERATIONS; operation++) {
        for (size_t i = 0; i < AREAS; i++) {
            if (!would_end(address, operation)) {
                ask(address, KERNE_OPERATION(operation, i & 3), area[i][0],
                    area[i][1]);
                ask(address, KERNE_OPERATION(operation, 3), area[i][0],
                    area[i][1]);
            }
        }
    }
}

/* All buffers at once; half of the messages are regretted. */
static void flood(uint64_t address)
{
    static const struct kerne_words sense = { { 0 } };
    uint64_t buffer[SENT];
    unsigned sent = 0;
    struct kerne_words answer;
    while (sent < SENT && kerne_send_message(address, &sense, &buffer[sent]) ==
                              KERNE_r_normal) {
        sent++;
    }
    for (unsigned i = 0; i < sent; i++) {
        if (i % 2 == 0) {
            kerne_regret_message(buffer[i]);
        } else {
            expect_answer(kerne_wait_answer(buffer[i], &answer));
        }
    }
}

/* What goes wrong here ends in a break, and the rest is not seen. */
static void ask_for_time(void)
{
    uint64_t before = kerne_get_clock();
    uint64_t value;
    __asm__ volatile("rdcycle %0" : "=r"(value));
    __asm__ volatile("rdinstret %0" : "=r"(value));
    unanswered += kerne_get_clock() < before;
}

static int say_in_halves(void)
{
    size_t taken;
    uint64_t console = kerne_find("console");
    kerne_output(console, "par", 3, &taken);
    kerne_output(console, "ent\n", 4, &taken);
    return 0;
}

static _Noreturn void answer_with_nothing(void)
{
    static const struct kerne_words nothing;
    uint64_t buffer = 0;
    for (;;) { buffer = kerne_serve(buffer, KERNE_r_normal, &nothing).buffer; }
}

static _Noreturn void show_words(void)
{
    static const struct kerne_words nothing;
    char words[33] = { [32] = '\n' };
    uint64_t copied, terminal = kerne_find("terminal"), buffer = 0;
    size_t taken;
    for (;;) {
        struct kerne_received message =
            kerne_serve(buffer, KERNE_r_normal, &nothing);
        buffer = message.buffer;
        if (kerne_operation_of(&message.words) == KERNE_INPUT) {
            (void)kerne_general_copy(buffer, KERNE_FETCH, KERNE_LINE_BYTES,
                                     words, sizeof words - 1, &copied);
            kerne_output(terminal, words, sizeof words, &taken);
            buffer = 0; /* no line comes */
        }
    }
}

static int peek(void)
{
    char text[64] = "";
    struct kerne_words answer,
        message = kerne_area(KERNE_SENSE, KERNE_GRANT_WRITE, text, sizeof text);
    unsigned seen = 0;
    kerne_delay(kerne_ticks(1000000)); /* others have said what they say */
    expect_answer(kerne_converse(kerne_find("clock"), &message, &answer));
    for (size_t i = 0; i < sizeof text; i++) { seen += text[i] != '\0'; }
    printf("pest: %u bytes of others\n", seen);
    return (int)unanswered;
}

static void strew(const char *name)
{
    static const struct kerne_words nothing;
    struct kerne_words words = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   100000 } };
    uint64_t to = 0, pause = 0, buffer;
    (void)kerne_send_message(kerne_find("clock"), &words, &pause);
    (void)kerne_look_up(name, &to);
    while (kerne_send_message(to, &nothing, &buffer) == KERNE_r_normal) {}
    (void)kerne_wait_answer(pause, &words);
    __asm__ volatile("ebreak");
}

static void wait_for_oneself(void)
{
    static const struct kerne_words nothing;
    struct kerne_words answer;
    (void)kerne_converse(KERNE_SELF, &nothing, &answer);
}

static void hoard(void)
{
    for (;;) { (void)kerne_wait_message(); }
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "strews") == 0) { strew(argv[2]); }
    if (argc > 1 && strcmp(argv[1], "deaf") == 0) { wait_for_oneself(); }
    if (argc > 1 && strcmp(argv[1], "hoards") == 0) { hoard(); }
    if (argc > 1 && strcmp(argv[1], "hollow") == 0) { answer_with_nothing(); }
    if (argc > 1 && strcmp(argv[1], "sees") == 0) { show_words(); }
    if (argc > 1 && strcmp(argv[1], "peeks") == 0) { return peek(); }
    if (argc > 1 && strcmp(argv[1], "halves") == 0) { return say_in_halves(); }
    uint64_t address[3] = { KERNE_PARENT };
    unsigned count = 1;
    count += kerne_look_up("console", &address[count]) == KERNE_r_normal;
    count += kerne_look_up("clock", &address[count]) == KERNE_r_normal;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < count; i++) {
            if (round == 0) { strange_messages(address[i]); }
            flood(address[i]);
        }
        ask_for_time();
    }
    printf("pest: %u unanswered\n", unanswered);
    __asm__ volatile("ebreak");
    return 0;
}
