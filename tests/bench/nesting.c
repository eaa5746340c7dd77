/*
 * What depth costs: a tower of processes, each the parent of the next.
 *
 * A level is an ordinary small process: a program of 64 KiB in small pages, and
 * a name among its parent's children.
 */
#include "bench.h"

#define LINK 1
#define LEVEL 2
#define CONSOLE 3
#define LEVEL_PAGES 16
#define LINE_BYTES 64
#define DEPTHS 6
#define DEEPEST 32

static const uint64_t depths[DEPTHS] = { 1, 2, 4, 8, 16, DEEPEST };

static struct figure level = { .name = "nesting.level_instructions" };
static struct figure relayed = { .name = "nesting.relayed_line_per_level" };
static struct figure passed = { .name = "nesting.passed_line" };

static uint64_t print_at(const struct figure *figure, uint64_t depth)
{
    uint64_t value = figure_value(figure);
    figure_print_at(figure->name, "depth", depth, value);
    return value;
}

/* ---- the tower ---------------------------------------------------------- */

/* What the processes of a tower do: `inner` those between the root and the
 * lowest one, when they have made the next. */
static struct tower {
    uint64_t lowest; /* its depth; 0: the root */
    void (*at_lowest)(struct figure *figure);
    void (*inner)(void);
    struct figure *figure;
    uint64_t console_is; /* that the children find; KERNE_VACANT: none */
} tower;

static struct test_child links[DEEPEST + 1];
static uint64_t console_name; /* the root's */

static void climb(uint64_t depth);

static void make_next(uint64_t depth)
{
    uint64_t below = tower.lowest - depth;
    uint64_t processes = 2 * below + 2;
    uint64_t name;
    if (tower.console_is != KERNE_VACANT) {
        /* The root is the console itself. */
        uint64_t server = depth == 0 ? KERNE_SELF : tower.console_is;
        expect_result(kerne_create_pseudo(0, "console", CONSOLE, server, &name),
                      normal);
        console_name = depth == 0 ? name : console_name;
    }
    if (below > 0) {
        require(child_run(&links[depth + 1], "link", LINK, climb, depth + 1,
                          .buffers = 4 * processes, .processes = processes));
    }
}

static void climb(uint64_t depth)
{
    if (depth < tower.lowest) {
        make_next(depth);
        tower.inner();
    } else {
        tower.at_lowest(tower.figure);
    }
}

static void rest(void) {}

/* ---- a level made ------------------------------------------------------- */

void level_program(void);
__asm__(".pushsection .text.level_program, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".globl level_program\n"
        "level_program: ebreak\n"
        ".zero 65536 - (. - level_program)\n"
        ".popsection\n");

/* To the child's first instruction, a break. */
static struct kerne_received make_level(uint64_t *ret_level, uint64_t *ret_name)
{
    static const struct kerne_creation creation = {
        .name = "level",
        .number = LEVEL,
        .tables = CHILD_TABLES,
        .mask = KERNE_MASK_ALL,
    };
    uint64_t program = (uint64_t)level_program;
    uint64_t left;
    kerne_create(&creation, ret_level);
    kerne_create_pseudo(0, "name", CONSOLE, KERNE_SELF, ret_name);
    kerne_map(*ret_level, program, program, LEVEL_PAGES,
              KERNE_READ | KERNE_EXECUTE, &left);
    kerne_modify(*ret_level, &(struct kerne_register_file){ .x = { program } });
    kerne_start(*ret_level);
    return kerne_serve(0, KERNE_r_normal, WORDS(0));
}

static void make_levels(struct figure *figure)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t made, name;
        struct kerne_received event;
        figure_measure(figure, i, event = make_level(&made, &name));
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
        expect_equal(event.words.w[0], KERNE_BREAK_BREAKPOINT);
        expect_result(kerne_remove(name), normal);
        expect_result(kerne_remove(made), normal);
    }
}

static void make_levels_and_tell(struct figure *figure)
{
    make_levels(figure);
    bench_finished();
}

/* Linear: between any two depths but the first, each level costs what it costs
 * between the second and the third, to a tenth. */
static void expect_linear(const uint64_t values[DEPTHS])
{
    uint64_t per_level = (values[2] - values[1]) / (depths[2] - depths[1]);
    for (unsigned i = 3; i < DEPTHS; i++) {
        uint64_t more = values[i] - values[1];
        uint64_t linear = per_level * (depths[i] - depths[1]);
        expect(more * 10 <= linear * 11 && more * 10 >= linear * 9);
    }
}

/* A round: create with a name beside it, lend, set pc, start, and the first
 * instruction, which touches its page through all levels. */
void bench_level(void)
{
    uint64_t values[DEPTHS];
    for (unsigned i = 0; i < DEPTHS; i++) {
        tower = (struct tower){ depths[i] - 1, make_levels_and_tell, rest,
                                &level, KERNE_VACANT };
        figure_forget(&level);
        bench_open();
        if (tower.lowest == 0) {
            make_levels(&level);
        } else {
            make_next(0);
            bench_serve();
            expect_result(child_remove(&links[1]), normal);
        }
        bench_close();
        values[i] = print_at(&level, depths[i]);
    }
    expect_linear(values);
}

/* ---- a line for the console --------------------------------------------- */

static struct kerne_words line_of(const char *text)
{
    return (
        struct kerne_words){ { KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ),
                               (uint64_t)text, (uint64_t)text + LINE_BYTES } };
}

static uint64_t copy_line(const struct kerne_received *message, char *ret_text)
{
    uint64_t bytes = 0;
    kerne_general_copy(message->buffer, KERNE_FETCH, 0, ret_text, LINE_BYTES,
                       &bytes);
    return bytes;
}

static bool is_line(const struct kerne_received *event)
{
    return KERNE_EVENT_KIND(event->event) == KERNE_MESSAGE &&
           event->words.w[0] == KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ);
}

/* Receives each line of its children, says it to its own console, and answers
 * what that answers. */
static void relay(void)
{
    char text[LINE_BYTES];
    struct kerne_words answer = { { 0 } };
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, &answer);
    while (is_line(&r)) {
        copy_line(&r, text);
        struct kerne_words message = line_of(text);
        uint64_t result =
            kerne_converse(KERNE_ADDRESS(1, CONSOLE), &message, &answer);
        r = kerne_serve(r.buffer, result, &answer);
    }
}

/* The root, as a console that writes nowhere. */
static void serve_lines(void)
{
    char text[LINE_BYTES];
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, WORDS(0));
    while (is_line(&r)) {
        uint64_t bytes = copy_line(&r, text);
        r = kerne_serve(r.buffer, KERNE_r_normal, WORDS(0, bytes, bytes));
    }
    expect_equal(r.words.w[0], BENCH_FINISHED);
    kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0));
}

static void say_lines(struct figure *figure)
{
    static const char text[LINE_BYTES] = "a line of text, said in the depth\n";
    struct kerne_words message = line_of(text);
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        struct kerne_words answer;
        uint64_t result;
        figure_measure(figure, i,
                       result = kerne_converse(KERNE_ADDRESS(1, CONSOLE),
                                               &message, &answer));
        expect_result_of("the console's answer", result, KERNE_r_normal);
        expect_equal(answer.w[1], LINE_BYTES);
    }
    bench_finished();
}

static void say_from_depths(struct figure *figure, void (*inner)(void),
                            uint64_t console_is)
{
    for (unsigned i = 0; i < DEPTHS; i++) {
        tower =
            (struct tower){ depths[i], say_lines, inner, figure, console_is };
        figure_forget(figure);
        figure->divisor = inner == relay ? (unsigned)depths[i] : 1;
        bench_open();
        make_next(0);
        serve_lines();
        expect_result(child_remove(&links[1]), normal);
        expect_result(kerne_remove(console_name), normal);
        bench_close();
        print_at(figure, depths[i]);
    }
}

/* A round: a line of 64 bytes that every level receives, copies and says again;
 * the value is for each level. */
void bench_relayed_line(void) { say_from_depths(&relayed, relay, KERNE_SELF); }

/* A round: the same line, where each level lets the name `console` stand for
 * its own console; the value is for all of it. */
void bench_passed_line(void)
{
    say_from_depths(&passed, rest, KERNE_ADDRESS(1, CONSOLE));
}
