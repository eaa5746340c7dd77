#include "siege.h"

#include <actor.h>
#include <archive.h>
#include <harness.h>
#include <loader.h>
#include <program.h>
#include <settle.h>

enum { /* numbers */
       ATTACKER = 1,
       CLOCK = 2,
       FIRST_INNOCENT = 8, /* the attack knows its siblings up to 15 */
       SERVER = 10,
       CONSOLE = 11,
       SYSTEM = 20, /* below the root: whose children all these are then */
};
#define ATTACKER_BYTES (UINT64_C(1) << 20)
#define BUFFERS 128
#define PROCESSES 60
#define TABLES 300
#define SYSTEM_STACK_BYTES 65536

static struct test_child innocent[INNOCENTS], server, console;
static volatile uint64_t done[INNOCENTS];
static uint64_t attacker;

/* Of the root's start record, which nobody below it has. */
static struct kerne_range image;
static uint64_t ticks_per_second;

/* ---- the innocents, and whom they talk to ------------------------------- */

/* Instructions that QEMU passes over in next to no time: what an innocent does
 * is to count, not to take long here. */
static inline void work(void) { __asm__ volatile(".rept 400\n nop\n .endr"); }

static void compute(uint64_t i)
{
    for (;;) {
        work();
        done[i]++;
    }
}

static void converse(uint64_t i)
{
    struct kerne_words words = { { 0 } };
    while (kerne_converse(KERNE_ADDRESS(1, SERVER), &words, &words) ==
           KERNE_r_normal) {
        work();
        done[i]++;
    }
}

/* A console that takes every line, and shows none. */
static void take_lines(uint64_t unused)
{
    static char line[256];
    struct kerne_received r = { .buffer = 0 };
    struct kerne_words answer = { { 0 } };
    (void)unused;
    for (;;) {
        r = kerne_serve(r.buffer, KERNE_r_normal, &answer);
        uint64_t bytes = r.words.w[2] - r.words.w[1];
        answer.w[1] = 0;
        kerne_general_copy(r.buffer, KERNE_FETCH, 0, line,
                           bytes < sizeof line ? bytes : sizeof line,
                           &answer.w[1]);
    }
}

static bool make_innocents(bool converses)
{
    static const char *const names[INNOCENTS] = { "one", "other" };
    static struct actor_server served;
    bool good = child_run(&server, "server", SERVER, actor_serve, &served) &&
                child_run(&console, "console", CONSOLE, take_lines, 0);
    for (unsigned i = 0; good && i < INNOCENTS; i++) {
        good = child_run(&innocent[i], names[i], FIRST_INNOCENT + i,
                         converses ? converse : compute, i);
    }
    return good;
}

/* ---- the attacker ------------------------------------------------------- */

static bool create_attacker(void)
{
    struct kerne_creation creation = {
        .name = "attacker",
        .number = ATTACKER,
        .buffers = BUFFERS,
        .processes = PROCESSES,
        .tables = TABLES,
        .horizon = 1,
        .mask = family_describe(0, KERNE_DESCRIBE_PROCESS, 0, 5),
    };
    return expect_result(kerne_create(&creation, &attacker), normal);
}

static bool load_attacker(const char *kind)
{
    struct archive_member file = { .size = 0 };
    struct executable program = { .count = 0 };
    expect_equal(archive_find(&image, "attack", &file), ARCHIVE_MEMBER);
    if (!expect(executable_check(file.bytes, file.size, &program) == NULL)) {
        return false;
    }
    uint64_t result = loader_load(&(struct loader_order){
        .child = attacker,
        .run = { family_arena(), ATTACKER_BYTES / KERNE_PAGE },
        .program = &program,
        .file = file.bytes,
        .arguments = kind,
        .ticks_per_second = ticks_per_second,
    });
    return expect_result(result, normal) &&
           expect_result(kerne_start(attacker), normal);
}

/* ---- the operating system ----------------------------------------------- */

static uint64_t result_for(const struct kerne_received *r)
{
    if (KERNE_EVENT_KIND(r->event) == KERNE_BREAK) {
        expect_equal_of("a break, at", r->words.w[3], r->words.w[0]);
        return KERNE_r_rejected; /* which means `stay` */
    }
    switch (r->words.w[0] >> 2) {
    case KERNE_SENSE:
    case KERNE_OUTPUT: return KERNE_r_normal;
    case KERNE_FINIS:
    case KERNE_GIVE_UP: expect(!"the attack goes on"); return KERNE_r_rejected;
    default: return KERNE_r_unintelligible;
    }
}

/* Serves its children so long.  It answers and waits in one call, so that it
 * never works at its own expense. */
static void serve(uint64_t microseconds)
{
    struct kerne_received r = { .buffer = 0 };
    uint64_t alarm = 0;
    expect_result(
        kerne_send_message(family_clock(),
                           WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                 family_ticks(microseconds)),
                           &alarm),
        normal);
    for (uint64_t result = 0; alarm != 0 && r.buffer != alarm;) {
        bool wanted = KERNE_EVENT_KIND(r.event) != KERNE_ANSWER;
        r = kerne_serve(wanted ? r.buffer : 0, result, WORDS(0));
        result = result_for(&r);
    }
}

static uint64_t charged_to_attacker(void)
{
    return family_describe(attacker, KERNE_DESCRIBE_TIME, 0, 1);
}

static void measure(struct siege *siege)
{
    uint64_t before[INNOCENTS];
    serve(siege->warm_up);
    memcpy(before, (const void *)done, sizeof before);
    uint64_t charged = charged_to_attacker();
    uint64_t begin = kerne_get_clock();
    serve(siege->microseconds);
    siege->ticks = kerne_get_clock() - begin;
    siege->attacker_ticks = charged_to_attacker() - charged;
    for (unsigned i = 0; i < INNOCENTS; i++) {
        siege->done[i] = done[i] - before[i];
    }
}

static void remove_all(void)
{
    expect_result(kerne_remove(attacker), normal);
    for (unsigned i = 0; i < INNOCENTS; i++) {
        expect_result(child_remove(&innocent[i]), normal);
    }
    expect_result(child_remove(&server), normal);
    expect_result(child_remove(&console), normal);
}

/* All below the caller; its claims are the same before and after. */
static void besiege(struct siege *siege)
{
    struct family_claims before;
    family_claims(0, &before);
    if (create_attacker() &&
        make_innocents(siege->innocents == SIEGE_CONVERSE) &&
        load_attacker(siege->kind)) {
        measure(siege);
    }
    remove_all();
    settle();
    family_expect_claims(&before);
}

/* ---- the same, one level deeper ----------------------------------------- */

static void system(uint64_t siege)
{
    uint64_t clock;
    expect_result(
        kerne_create_pseudo(0, "clock", CLOCK, family_clock(), &clock), normal);
    besiege((struct siege *)siege);
    expect_result(kerne_remove(clock), normal);
}

static void besiege_inside(struct siege *siege)
{
    static uint8_t stack[SYSTEM_STACK_BYTES] __attribute__((aligned(16)));
    struct test_child child;
    require(expect_result(
        child_make(&child, "system", SYSTEM, system, siege,
                   .buffers = 2 * BUFFERS, .processes = PROCESSES + 12,
                   .tables = TABLES + 60,
                   .stack = (uint64_t)stack + sizeof stack - CHILD_STACK_BYTES),
        normal));
    uint64_t first = image.first & ~(uint64_t)(KERNE_PAGE - 1);
    expect_result(family_lend(child.reference, family_arena(), ATTACKER_BYTES,
                              KERNE_READ | KERNE_WRITE | KERNE_EXECUTE),
                  normal);
    expect_result(family_lend(child.reference, first,
                              image.last - first + KERNE_PAGE - 1, KERNE_READ),
                  normal);
    expect_result(kerne_start(child.reference), normal);
    expect_rests(&child);
    expect_result(child_remove(&child), normal);
}

void siege_run(struct siege *siege)
{
    image = kerne_start_record->image;
    ticks_per_second = kerne_start_record->ticks_per_second;
    if (siege->inside) {
        besiege_inside(siege);
    } else {
        besiege(siege);
    }
}
