/* Pages touched, copied and taken away. */
#include "bench.h"

#define CLIENT 1
#define SERVER 2
#define PAGES FIGURE_ALL

static uint8_t source[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static uint8_t target[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));

static void copying_server(uint64_t argument)
{
    (void)argument;
    struct kerne_received r = kerne_wait_message();
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t bytes = 0;
        uint64_t result;
        figure_measure(&figure_copy, i,
                       result = kerne_general_copy(r.buffer, KERNE_FETCH, 0,
                                                   target, KERNE_PAGE, &bytes));
        expect_result_of("general copy", result, KERNE_r_normal);
        expect_equal(bytes, KERNE_PAGE);
    }
    bench_finished();
}

static void granting_client(uint64_t argument)
{
    (void)argument;
    struct kerne_words answer;
    kerne_converse(KERNE_ADDRESS(1, SERVER),
                   WORDS(KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ),
                         (uint64_t)source, (uint64_t)source + KERNE_PAGE),
                   &answer);
}

/* A round: one page fetched from a client's area into one's own. */
void run_copy(void)
{
    struct test_child server;
    struct test_child client;
    memset(source, 0x5a, sizeof source);
    bench_open();
    require(bench_run(&server, "server", SERVER, copying_server, 0));
    require(bench_run(&client, "client", CLIENT, granting_client, 0));
    bench_serve();
    expect_equal(memcmp(source, target, KERNE_PAGE), 0);
    expect_result(child_remove(&client), normal);
    expect_result(child_remove(&server), normal);
    bench_close();
}

static void toucher(uint64_t argument)
{
    for (unsigned i = 0; i < PAGES; i++) {
        volatile uint64_t *word =
            (volatile uint64_t *)(argument + i * KERNE_PAGE);
        figure_measure(&figure_first_touch, i, *word = i);
    }
    bench_finished();
}

static void with_touched_pages(void (*then)(const struct test_child *child))
{
    struct test_child child;
    bench_open();
    expect_result(bench_make(&child, "toucher", CLIENT, toucher, family_arena(),
                             .tables = CHILD_TABLES + 1),
                  normal);
    /* One page more than are touched and taken away: its table stays. */
    expect_result(family_lend(child.reference, family_arena(),
                              (PAGES + 1) * KERNE_PAGE,
                              KERNE_READ | KERNE_WRITE),
                  normal);
    expect_result(kerne_start(child.reference), normal);
    bench_serve();
    then(&child);
    expect_result(child_remove(&child), normal);
    bench_close();
}

static void nothing_more(const struct test_child *child) { (void)child; }

/* A round: one store into a page that is mapped and was never touched. */
void run_first_touch(void) { with_touched_pages(nothing_more); }

/* A round: a page lent to a child that has others in the same table. */
void run_map(void)
{
    struct test_child child;
    uint64_t left;
    uint64_t page = family_arena();
    require(expect_result(bench_make(&child, "holder", CLIENT, NULL, 0,
                                     .tables = CHILD_TABLES + 1),
                          normal));
    expect_result(kerne_map(child.reference, page, page, 1, KERNE_READ, &left),
                  normal);
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t result;
        page += KERNE_PAGE;
        figure_measure(&figure_map, i,
                       result = kerne_map(child.reference, page, page, 1,
                                          KERNE_READ, &left));
        expect_result_of("map", result, KERNE_r_normal);
    }
    expect_result(child_remove(&child), normal);
}

static void unmap_one_by_one(const struct test_child *child)
{
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t left;
        uint64_t result;
        uint64_t page = family_arena() + i * KERNE_PAGE;
        figure_measure(&figure_unmap, i,
                       result = kerne_unmap(child->reference, page, 1, &left));
        expect_result_of("unmap", result, KERNE_r_normal);
    }
}

/* A round: one page taken away that the child had touched. */
void run_unmap(void) { with_touched_pages(unmap_one_by_one); }
