#include "breaks.h"

#include <parent.h>
#include <program.h>
#include <stdio.h>

enum {
    ZERO_REGISTER = 0,
    RESULT_REGISTER = 7, /* t2 is x7 */
};

static void call_words(const uint64_t *w, uint64_t reference, char *ret_words,
                       size_t bytes)
{
    struct kerne_register_file file = { .x = { 0 } };
    uint64_t number = w[KERNE_WORD_FUNCTION];
    const uint64_t *message = &w[KERNE_WORD_FUNCTION + 1];
    if (number != KERNE_NO_BUFFER_TO_END) {
        (void)kerne_read_registers(reference, &file);
        snprintf(ret_words, bytes,
                 "call %lu (%s) at pc 0x%lx is not in its function mask",
                 (unsigned long)number, kerne_function_name(number),
                 (unsigned long)file.x[0]);
    } else if (message[0] >> 2 == KERNE_FINIS) {
        snprintf(ret_words, bytes,
                 "it has no message buffer free to say that it has finished, "
                 "status %ld; give it more buffers",
                 (long)message[1]);
    } else {
        snprintf(ret_words, bytes,
                 "it has no message buffer free to say why it gives up; give "
                 "it more buffers");
    }
}

static const char *access_words(uint64_t access)
{
    if (access & KERNE_WRITE) { return "page fault: store to"; }
    if (access & KERNE_EXECUTE) { return "page fault: jump to"; }
    return "page fault: load from";
}

void break_words(const struct kerne_received *received, uint64_t reference,
                 char *ret_words, size_t bytes)
{
    const uint64_t *w = received->words.w;
    unsigned long pc = w[KERNE_WORD_PC];
    const char *what = "unknown break", *copied = "", *missing = "";
    switch ((enum kerne_break)w[KERNE_WORD_BREAK]) {
    case KERNE_BREAK_CALL: call_words(w, reference, ret_words, bytes); return;
    case KERNE_BREAK_BREAKPOINT:
        snprintf(ret_words, bytes, "breakpoint at pc 0x%lx", pc);
        return;
    case KERNE_BREAK_PAGE_FAULT:
        what = access_words(w[KERNE_WORD_ACCESS]);
        copied = w[KERNE_WORD_COPIED] ? " in general copy" : "";
        missing = ", where it has no page for that";
        break;
    case KERNE_BREAK_ILLEGAL: what = "illegal instruction"; break;
    case KERNE_BREAK_MISALIGNED: what = "misaligned address"; break;
    case KERNE_BREAK_ACCESS: what = "the machine has nothing at"; break;
    }
    snprintf(ret_words, bytes, "%s 0x%lx%s at pc 0x%lx%s", what,
             (unsigned long)w[KERNE_WORD_ADDRESS], copied, pc, missing);
}

bool break_passed_down(const struct kerne_received *received)
{
    bool inside =
        received->sender & KERNE_SENDER_INSIDE ||
        (received->words.w[KERNE_WORD_BREAK] == KERNE_BREAK_PAGE_FAULT &&
         received->words.w[KERNE_WORD_INSIDE] != 0);
    if (inside) {
        struct kerne_words answer = { { KERNE_NOT_MINE } };
        kerne_send_answer(received->buffer, KERNE_r_normal, &answer);
    }
    return inside;
}

void break_set_register(uint64_t reference, uint64_t number, uint64_t value)
{
    struct kerne_register_file file;
    if (number != ZERO_REGISTER &&
        kerne_read_registers(reference, &file) == KERNE_r_normal) {
        file.x[number] = value;
        kerne_modify(reference, &file);
    }
}

void break_answer_call(const struct kerne_received *received,
                       uint64_t reference, uint64_t value, uint64_t result)
{
    struct kerne_words answer = { { KERNE_GO_ON, value } };
    break_set_register(reference, RESULT_REGISTER, result);
    kerne_send_answer(received->buffer, KERNE_r_normal, &answer);
}
