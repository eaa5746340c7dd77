/*
 * Conversations of eight words between two processes, and so between two
 * address spaces.  A round is measured by the client, from before its call
 * until the answer is in its registers; the C functions of calls.h are in it
 * on both sides.
 */
#include "bench.h"

#define CLIENT 1
#define SERVER 2
#define SERVER_ADDRESS KERNE_ADDRESS(1, SERVER)
#define DEPTH 16
#define QUEUED 16 /* messages that conversation.queued sends ahead */

static struct figure null_call = { .name = "call.null" };
static struct figure four_calls = { .name = "conversation.four_calls" };
static struct figure converse_serve = {
    .name = "conversation.converse_serve",
};
static struct figure converse_serve_fp = {
    .name = "conversation.converse_serve_fp",
};
static struct figure queued = {
    .name = "conversation.queued", .divisor = QUEUED,
};
static struct figure child_to_root = { .name = "conversation.child_to_root" };
static struct figure leaf_to_root = { .name = "conversation.leaf_to_root" };

static const struct kerne_words question = { { 8, 1, 2, 3, 4, 5, 6, 7 } };

/* All servers here are echoes. */
static void confirm(uint64_t result, const struct kerne_words *answer)
{
    expect_result_of("the answer", result, KERNE_r_normal);
    expect_words(answer, &question);
}

/* ---- servers ------------------------------------------------------------ */

static void four_calls_server(uint64_t argument)
{
    (void)argument;
    for (;;) {
        struct kerne_received r = kerne_wait_message();
        kerne_send_answer(r.buffer, KERNE_r_normal, &r.words);
    }
}

static void serving_server(uint64_t argument)
{
    (void)argument;
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, &question);
    for (;;) {
        r = kerne_serve(r.buffer, KERNE_r_normal, &r.words);
    }
}

static inline void add_some(void)
{
    __asm__ volatile("fadd.d fa0, fa0, fa0" : : : "fa0");
}

static void adding_server(uint64_t argument)
{
    (void)argument;
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, &question);
    for (;;) {
        add_some();
        r = kerne_serve(r.buffer, KERNE_r_normal, &r.words);
    }
}

/* ---- clients ------------------------------------------------------------ */

/* The clock is read: nothing waits, nothing is refused. */
static void null_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&null_call, i, kerne_get_clock());
    }
    bench_finished();
}

static void four_calls_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t buffer;
        uint64_t result;
        struct kerne_words answer;
        figure_measure(&four_calls, i,
                       kerne_send_message(SERVER_ADDRESS, &question, &buffer);
                       result = kerne_wait_answer(buffer, &answer));
        confirm(result, &answer);
    }
    bench_finished();
}

static void converse(struct figure *figure, uint64_t address)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        struct kerne_words answer;
        figure_measure(figure, i,
                       result = kerne_converse(address, &question, &answer));
        confirm(result, &answer);
    }
    bench_finished();
}

static void conversing_client(uint64_t argument)
{
    (void)argument;
    converse(&converse_serve, SERVER_ADDRESS);
}

static void adding_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        struct kerne_words answer;
        figure_measure(&converse_serve_fp, i,
                       add_some();
                       result = kerne_converse(SERVER_ADDRESS, &question,
                                               &answer));
        confirm(result, &answer);
    }
    bench_finished();
}

static void queueing_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t buffer[QUEUED];
        uint64_t result = 0;
        struct kerne_words answer;
        figure_measure(&queued, i,
                       for (unsigned k = 0; k < QUEUED; k++) {
                           kerne_send_message(SERVER_ADDRESS, &question,
                                              &buffer[k]);
                       }
                       for (unsigned k = 0; k < QUEUED; k++) {
                           result = kerne_wait_answer(buffer[k], &answer);
                       });
        confirm(result, &answer);
    }
    bench_finished();
}

/* ---- the figures -------------------------------------------------------- */

static void measure(const struct figure *figure, void (*server)(uint64_t),
                    void (*client)(uint64_t))
{
    struct test_child server_child;
    struct test_child client_child;
    bench_open();
    require(child_run(&server_child, "server", SERVER, server, 0));
    require(child_run(&client_child, "client", CLIENT, client, 0,
                      .buffers = QUEUED + 1));
    bench_serve();
    expect_result(child_remove(&client_child), normal);
    expect_result(child_remove(&server_child), normal);
    bench_close();
    figure_print(figure);
}

void bench_null(void)
{
    measure(&null_call, serving_server, null_client);
}

void bench_four_calls(void)
{
    measure(&four_calls, four_calls_server, four_calls_client);
}

void bench_converse_serve(void)
{
    measure(&converse_serve, serving_server, conversing_client);
}

void bench_converse_serve_fp(void)
{
    measure(&converse_serve_fp, adding_server, adding_client);
}

void bench_queued(void)
{
    measure(&queued, serving_server, queueing_client);
}

/* ---- from below to the root --------------------------------------------- */

static struct test_child links[DEPTH + 1];
static struct figure *lowest_figure;
static uint64_t lowest; /* depth of the process that converses with the root */

static void descend(uint64_t depth);

static void go_deeper(uint64_t depth)
{
    uint64_t below = lowest - depth;
    require(child_run(&links[depth], "link", CLIENT, descend, depth,
                      .buffers = 4 + 2 * below, .processes = below));
}

static void descend(uint64_t depth)
{
    if (depth < lowest) {
        go_deeper(depth + 1);
    } else {
        converse(lowest_figure, bench_root());
    }
}

static void measure_to_root(struct figure *figure, uint64_t depth)
{
    lowest_figure = figure;
    lowest = depth;
    bench_open();
    go_deeper(1);
    bench_serve();
    expect_result(child_remove(&links[1]), normal);
    bench_close();
    figure_print(figure);
}

void bench_child_to_root(void)
{
    measure_to_root(&child_to_root, 1);
}

void bench_leaf_to_root(void)
{
    measure_to_root(&leaf_to_root, DEPTH);
}
