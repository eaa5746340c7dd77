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
    for (;;) { r = kerne_serve(r.buffer, KERNE_r_normal, &r.words); }
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
        figure_measure(&figure_null_call, i, kerne_get_clock());
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
        figure_measure(&figure_four_calls, i,
                       kerne_send_message(SERVER_ADDRESS, &question, &buffer);
                       result = kerne_wait_answer(buffer, &answer));
        confirm(result, &answer);
    }
    bench_finished();
}

void bench_converse(struct figure *figure, uint64_t address, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        uint64_t result;
        struct kerne_words answer;
        figure_measure(figure, i,
                       result = kerne_converse(address, &question, &answer));
        confirm(result, &answer);
    }
}

static void conversing_client(uint64_t argument)
{
    (void)argument;
    bench_converse(&figure_converse_serve, SERVER_ADDRESS, FIGURE_ALL);
    bench_finished();
}

static void adding_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        struct kerne_words answer;
        figure_measure(&figure_converse_serve_fp, i, add_some();
                       result =
                           kerne_converse(SERVER_ADDRESS, &question, &answer));
        confirm(result, &answer);
    }
    bench_finished();
}

static void queueing_client(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t buffer[BENCH_QUEUED];
        uint64_t result = 0;
        struct kerne_words answer;
        figure_measure(
            &figure_queued, i,
            for (unsigned k = 0; k < BENCH_QUEUED; k++) {
                kerne_send_message(SERVER_ADDRESS, &question, &buffer[k]);
            } for (unsigned k = 0; k < BENCH_QUEUED;
                   k++) { result = kerne_wait_answer(buffer[k], &answer); });
        confirm(result, &answer);
    }
    bench_finished();
}

/* ---- the figures -------------------------------------------------------- */

static void measure(void (*server)(uint64_t), void (*client)(uint64_t))
{
    struct test_child server_child;
    struct test_child client_child;
    bench_open();
    require(bench_run(&server_child, "server", SERVER, server, 0));
    require(bench_run(&client_child, "client", CLIENT, client, 0,
                      .buffers = BENCH_QUEUED + 1));
    bench_serve();
    expect_result(child_remove(&client_child), normal);
    expect_result(child_remove(&server_child), normal);
    bench_close();
}

void run_null_call(void) { measure(serving_server, null_client); }

void run_four_calls(void) { measure(four_calls_server, four_calls_client); }

void run_converse_serve(void) { measure(serving_server, conversing_client); }

void run_converse_serve_fp(void) { measure(adding_server, adding_client); }

void run_queued(void) { measure(serving_server, queueing_client); }
