/* The life of a process. */
#include "bench.h"

#define CHILD 1
#define BEGIN UINT64_C(0x80400000) /* of programs; of a table, too */

/* The one page that is lent: the child's whole program.  It stands where any
 * program begins: a remove looks through the table up to there. */
void breaks_at_once(void);
__asm__(".pushsection .text.breaks_at_once, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".globl breaks_at_once\n"
        "breaks_at_once: ebreak\n"
        ".balign 4096\n"
        ".popsection\n");

static const struct kerne_creation creation = {
    .name = "mayfly",
    .number = CHILD,
    .tables = CHILD_TABLES,
    .mask = KERNE_MASK_ALL,
};

static const struct kerne_register_file begin = { .x = { BEGIN } };

static struct kerne_received live_and_die(void)
{
    uint64_t page = (uint64_t)breaks_at_once;
    uint64_t child;
    uint64_t left;
    kerne_create(&creation, &child);
    kerne_map(child, BEGIN, page, 1, KERNE_READ | KERNE_EXECUTE, &left);
    kerne_modify(child, &begin);
    kerne_start(child);
    struct kerne_received event = kerne_serve(0, KERNE_r_normal, WORDS(0));
    kerne_remove(child);
    return event;
}

/* A round: create, one page mapped, pc set, start, the child's one
 * instruction and its break taken, remove. */
void run_create_start_remove(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        struct kerne_received event;
        figure_measure(&figure_create_start_remove, i, event = live_and_die());
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
        expect_equal(event.words.w[0], KERNE_BREAK_BREAKPOINT);
    }
}

/* ---- registers ---------------------------------------------------------- */

static uint64_t stopped;
static struct kerne_register_file all;

/* A round: all 66 words of a process that has used floating point. */
static void read_often(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        figure_measure(&figure_read_registers, i,
                       result = kerne_read_registers(stopped, &all));
        expect_result_of("read", result, KERNE_r_normal);
    }
}

static void set_often(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        figure_measure(&figure_set_registers, i,
                       result = kerne_modify(stopped, &all));
        expect_result_of("set", result, KERNE_r_normal);
    }
}

static void of_stopped(void (*often)(void))
{
    all = (struct kerne_register_file){ .floats = 1 };
    expect_result(kerne_create(&creation, &stopped), normal);
    expect_result(kerne_modify(stopped, &all), normal);
    often();
    expect_equal(all.floats, 1);
    expect_result(kerne_remove(stopped), normal);
}

void run_read_registers(void) { of_stopped(read_often); }

void run_set_registers(void) { of_stopped(set_often); }
