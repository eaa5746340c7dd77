/*
 * What a call does to the registers, whatever the function: s0 to s11, sp, gp
 * and tp are kept, t3 to t6 and ra are zero, and nothing that is not the
 * caller's own comes back in any other.
 */
#include "actor.h"
#include "harness.h"

#define PATTERN(number) ((number)*UINT64_C(0x9e3779b97f4a7c15) | 1)

/* Loads x1 and x3 to x31 from `before`, calls, and stores x1 to x31 behind. */
__attribute__((naked, noinline)) static void
call_with_all(const uint64_t before[32], uint64_t after[32])
{
    (void)before;
    (void)after;
    __asm__ volatile(
        "addi sp, sp, -160\n"
        "sd ra, 0(sp)\nsd gp, 8(sp)\nsd tp, 16(sp)\nsd a1, 24(sp)\n"
        "sd s0, 40(sp)\nsd s1, 48(sp)\nsd s2, 56(sp)\nsd s3, 64(sp)\n"
        "sd s4, 72(sp)\nsd s5, 80(sp)\nsd s6, 88(sp)\nsd s7, 96(sp)\n"
        "sd s8, 104(sp)\nsd s9, 112(sp)\nsd s10, 120(sp)\nsd s11, 128(sp)\n"
        ".irp n, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
        "20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "ld x\\n, 8 * \\n(x10)\n"
        ".endr\n"
        "ld x10, 80(x10)\n"
        "ecall\n"
        "sd x1, 32(sp)\n"
        "ld x1, 24(sp)\n"
        ".irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, "
        "19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
        "sd x\\n, 8 * \\n(x1)\n"
        ".endr\n"
        "ld t0, 32(sp)\nsd t0, 8(x1)\n"
        "addi t0, sp, 160\nsd t0, 0(x1)\n"
        "ld ra, 0(sp)\nld gp, 8(sp)\nld tp, 16(sp)\n"
        "ld s0, 40(sp)\nld s1, 48(sp)\nld s2, 56(sp)\nld s3, 64(sp)\n"
        "ld s4, 72(sp)\nld s5, 80(sp)\nld s6, 88(sp)\nld s7, 96(sp)\n"
        "ld s8, 104(sp)\nld s9, 112(sp)\nld s10, 120(sp)\nld s11, 128(sp)\n"
        "addi sp, sp, 160\n"
        "ret\n");
}

static void fill(uint64_t registers[32], uint64_t function)
{
    for (unsigned i = 1; i < 32; i++) { registers[i] = PATTERN(i); }
    registers[17] = function;
}

static void expect_kept(const char *name, const uint64_t before[32],
                        const uint64_t after[32])
{
    static const uint8_t kept[] = { 3,  4,  8,  9,  18, 19, 20,
                                    21, 22, 23, 24, 25, 26, 27 };
    static const uint8_t zero[] = { 1, 28, 29, 30, 31 };
    for (unsigned i = 0; i < sizeof kept; i++) {
        expect_equal_of(name, after[kept[i]], before[kept[i]]);
    }
    for (unsigned i = 0; i < sizeof zero; i++) {
        expect_equal_of(name, after[zero[i]], 0);
    }
    expect_equal_of(name, after[2] + 160, after[0]);
}

static const struct {
    uint64_t number;
    const char *name;
} functions[] = {
#define KERNE_FUNCTION(number, name, handler) { (number), #name },
#include <functions.def>
#undef KERNE_FUNCTION
};

static bool receives(uint64_t function)
{
    return function == KERNE_wait_message || function == KERNE_wait_event ||
           function == KERNE_test_event || function == KERNE_serve;
}

/* Each function with arguments that mean nothing: what comes back beside the
 * result is zero, or as it was. */
static void refused_calls(void)
{
    static const uint8_t words[] = { 11, 12, 13, 14, 15, 16, 5, 6 };
    for (unsigned i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        uint64_t before[32];
        uint64_t after[32];
        const char *name = functions[i].name;
        if (receives(functions[i].number)) { continue; }
        fill(before, functions[i].number);
        call_with_all(before, after);
        expect_kept(name, before, after);
        for (unsigned w = 0; w < sizeof words; w++) {
            uint64_t value = after[words[w]];
            expect_equal_of(name, value == before[words[w]] ? 0 : value, 0);
        }
        if (functions[i].number == KERNE_send_message) {
            struct kerne_words answer;
            expect_result(kerne_wait_answer(after[10], &answer),
                          does_not_exist);
        }
    }
}

/* The functions that receive, with a message in the queue. */
static void receiving_calls(void)
{
    for (unsigned i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        uint64_t function = functions[i].number;
        uint64_t before[32];
        uint64_t after[32];
        uint64_t buffer;
        struct kerne_words answer;
        if (!receives(function)) { continue; }
        expect_result(kerne_send_message(
                          KERNE_SELF, WORDS(1, 2, 3, 4, 5, 6, 7, 8), &buffer),
                      normal);
        fill(before, function);
        before[10] = 0;
        before[7] = KERNE_r_normal;
        call_with_all(before, after);
        expect_kept(functions[i].name, before, after);
        expect_equal(after[7], KERNE_MESSAGE);
        expect_equal(after[17], KERNE_SELF);
        expect_equal(after[10], buffer);
        for (unsigned w = 1; w <= 6; w++) { expect_equal(after[10 + w], w); }
        expect_equal(after[5], 7);
        expect_equal(after[6], 8);
        if (function == KERNE_wait_event || function == KERNE_test_event) {
            expect_result(kerne_get_event(buffer), normal);
        }
        expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)),
                      normal);
        expect_result(kerne_wait_answer(buffer, &answer), normal);
    }
}

static uint64_t client_before[32];
static uint64_t client_after[32];
static uint64_t server_before[32];
static uint64_t server_after[32];

static void converse_with_all(uint64_t unused)
{
    (void)unused;
    fill(client_before, KERNE_converse);
    client_before[10] = KERNE_ADDRESS(1, 4);
    call_with_all(client_before, client_after);
}

static void serve_with_all(uint64_t unused)
{
    (void)unused;
    fill(server_before, KERNE_serve);
    server_before[10] = 0;
    server_before[7] = KERNE_r_normal;
    call_with_all(server_before, server_after);
    server_before[10] = server_after[10];
    server_before[7] = KERNE_r_rejected;
    uint64_t second[32];
    call_with_all(server_before, second);
}

/* Through the direct switch: each has its own registers back, and the words
 * of the other, and nothing else of it. */
static void direct_switch(void)
{
    struct test_child server;
    struct test_child client;
    require(child_run(&server, "server", 4, serve_with_all, 0));
    require(expect_waits(&server, KERNE_WAITS_EVENT));
    require(child_run(&client, "client", 5, converse_with_all, 0));
    require(expect_rests(&client));
    require(expect_waits(&server, KERNE_WAITS_EVENT));
    expect_kept("converse", client_before, client_after);
    expect_kept("serve", server_before, server_after);
    expect_equal(server_after[17], KERNE_ADDRESS(1, 5));
    expect_equal(server_after[7], KERNE_MESSAGE);
    expect_result(client_after[7], rejected);
    for (unsigned w = 11; w <= 16; w++) {
        expect_equal(server_after[w], PATTERN(w));
        expect_equal(client_after[w], PATTERN(w));
    }
    for (unsigned w = 5; w <= 6; w++) {
        expect_equal(server_after[w], PATTERN(w));
        expect_equal(client_after[w], PATTERN(w));
    }
    child_remove(&client);
    child_remove(&server);
}

const struct test tests[] = {
    { .name = "call.registers.refused_calls", .function = refused_calls },
    { .name = "call.registers.receiving_calls", .function = receiving_calls },
    { .name = "call.registers.direct_switch", .function = direct_switch },
    { NULL },
};
