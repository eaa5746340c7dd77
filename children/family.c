/*
 * family: a process that has children, and a grandchild.
 *
 *     family -- anna -- carl
 *            \- bo
 *
 * All four run functions of this one program, in address spaces of their own.
 * Shown here: messages up and down; that a process sees its uncle, but its
 * grandparent cannot see into its parent; what a receiver learns of a sender;
 * and that remove takes the whole subtree and gives everything back.
 */
#include "kin.h"

#include <stdio.h>

enum family_operation {
    TELL = 40,       /* words 1 to 7: text.  Answer 1 */
    HAVE_CHILD = 41, /* answer 1, word 0: the result of kin_make */
};
#define TELL_BYTES (7 * 8)

enum { ANNA, BO, CARL };
static char stacks[3][KIN_STACK_BYTES] __attribute__((aligned(16)));

/* ---- what all of them do ------------------------------------------------- */

static void tell(uint64_t address, const char *text)
{
    struct kerne_words message = { { KERNE_OPERATION(TELL, 0) } };
    struct kerne_words answer;
    memcpy(&message.w[KERNE_WORD_FIRST], text, strnlen(text, TELL_BYTES - 1));
    (void)kerne_converse(address, &message, &answer);
}

static const char *told(const struct kerne_received *message)
{
    return (const char *)&message->words.w[KERNE_WORD_FIRST];
}

/* ---- carl, child of anna ------------------------------------------------- */

/* He sees his parent's brother as (2 levels up, number BO). */
static void carl(void)
{
    tell(kerne_find("bo"), "good day, uncle");
    for (;;) { (void)kerne_wait_message(); }
}

/* ---- anna, child of family ----------------------------------------------- */

static void serve_anna(const struct kerne_received *message,
                       struct kerne_reply *reply)
{
    static struct kin kin = {
        .creation = { .name = "carl",
                      .number = CARL,
                      .buffers = 1,
                      .tables = KIN_TABLES,
                      .mask = KERNE_MASK_ALL,
                      .horizon = 2 },
        .begin = carl,
        .stack = stacks[CARL],
    };
    if (kerne_operation_of(&message->words) == HAVE_CHILD) {
        reply->result = KERNE_r_normal;
        reply->words.w[KERNE_WORD_STATUS] = kin_make(&kin);
    }
}

static void anna(void)
{
    tell(KERNE_PARENT, "I am here");
    kerne_serve_all(serve_anna);
}

/* ---- bo, child of family ------------------------------------------------- */

/* He passes on what he is told, with what he learns of who told it. */
static void bo(void)
{
    static const struct kerne_words none;
    tell(KERNE_PARENT, "I am here");
    for (;;) {
        struct kerne_received message = kerne_wait_message();
        char path[32];
        char text[TELL_BYTES];
        kerne_sender_text(&message, path, sizeof(path));
        (void)snprintf(text, sizeof(text), "%.20s said: %.20s", path,
                       told(&message));
        (void)kerne_send_answer(message.buffer, KERNE_r_normal, &none);
        tell(KERNE_PARENT, text);
    }
}

/* ---- family -------------------------------------------------------------- */

static void hear(void)
{
    static const struct kerne_words none;
    struct kerne_received message = kerne_wait_message();
    char name[KERNE_NAME_BYTES];
    kerne_sender_text(&message, name, sizeof(name));
    printf("%s, my child %u, tells me: %s\n", name,
           (unsigned)KERNE_SENDER_ADDRESS(message.sender), told(&message));
    (void)kerne_send_answer(message.buffer, KERNE_r_normal, &none);
}

static void make(struct kin *kin)
{
    uint64_t result = kin_make(kin);
    if (result != KERNE_r_normal) {
        kerne_give_up("family: cannot make %s: %s; give family 3 processes, "
                      "10 buffers and 12 tables",
                      kin->creation.name, kerne_result_text(result));
    }
    printf("I have made %s of my own pages.\n", kin->creation.name);
}

static uint64_t free_claim(enum kerne_claim kind)
{
    struct kerne_claim_record claim;
    (void)kerne_describe_claim(0, kind, &claim);
    return claim.free;
}

static void print_claims(const char *when)
{
    printf("%s I have %u processes, %u buffers and %u tables free.\n", when,
           (unsigned)free_claim(1), (unsigned)free_claim(0),
           (unsigned)free_claim(2));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        printf("family: expected no arguments; got `%s`\n", argv[1]);
        return 1;
    }
    struct kin elder = {
        .creation = { .name = "anna",
                      .number = ANNA,
                      .buffers = 3,
                      .processes = 1,
                      .tables = 2 * KIN_TABLES,
                      .mask = KERNE_MASK_ALL,
                      .horizon = 1 },
        .begin = anna,
        .stack = stacks[ANNA],
    };
    struct kin younger = {
        .creation = { .name = "bo",
                      .number = BO,
                      .buffers = 1,
                      .tables = KIN_TABLES,
                      .mask = KERNE_MASK_ALL,
                      .horizon = 1 },
        .begin = bo,
        .stack = stacks[BO],
    };
    print_claims("Before:");
    make(&elder);
    make(&younger);
    hear();
    hear();

    struct kerne_words answer;
    (void)kerne_ask(KERNE_ADDRESS(0, ANNA), HAVE_CHILD, 0, 0, &answer);
    printf("I asked anna to make carl; she answers: %s.\n",
           kerne_result_text(answer.w[KERNE_WORD_STATUS]));
    hear();

    uint64_t address;
    printf("I look for carl: %s.\n",
           kerne_result_text(kerne_look_up("carl", &address)));

    printf("I remove anna, and carl with her: %s.\n",
           kerne_result_text(kerne_remove(elder.reference)));
    printf("I remove bo: %s.\n",
           kerne_result_text(kerne_remove(younger.reference)));
    print_claims("After:");
    return 0;
}
