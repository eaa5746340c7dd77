/*
 * host: passes the operator on to `guest`, a child made of its own pages, in
 * all ways that are right or wrong, as its lines say:
 *
 *   pass NAME   asks the console to pass the operator on to this child
 *   back        asks it to take the operator back
 *   remove      removes guest when it has had the line `go`, and waits for more
 *
 * It asks once before it has had a line.
 */
#include "../../children/kin.h"
#include <stdio.h>

#define GUEST 1
#define CONSOLE 2
#define A_WHILE 100000 /* microseconds; for guest to ask for another line */

static char stack[KIN_STACK_BYTES] __attribute__((aligned(16)));

/* In the guest: no library is begun there, so none is used that keeps state. */
static void guest(void)
{
    char line[KERNE_LINE_BYTES + 16] = "guest hears: ";
    const size_t begin = strlen(line);
    const struct kerne_words told = { { KERNE_SENSE } };
    for (;;) {
        size_t bytes, said;
        uint64_t buffer;
        if (kerne_input(KERNE_ADDRESS(1, CONSOLE), line + begin,
                        KERNE_LINE_BYTES, &bytes) == KERNE_r_normal) {
            (void)kerne_output(KERNE_ADDRESS(1, CONSOLE), line, begin + bytes,
                               &said);
        }
        if (strncmp(line + begin, "go\n", 3) == 0) {
            (void)kerne_send_message(KERNE_PARENT, &told, &buffer);
        }
    }
}

static void pass(const char *name)
{
    struct kerne_words answer;
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CONSOLE_PASS, 0) } };
    strncpy((char *)&message.w[1], name, KERNE_NAME_BYTES);
    uint64_t result = kerne_converse(kerne_find("console"), &message, &answer);
    printf("passing on to `%s`: %s\n", name, kerne_result_name(result));
}

static void remove_guest(const struct kin *kin)
{
    struct kerne_words answer;
    (void)kerne_wait_message();
    (void)kerne_delay(kerne_ticks(A_WHILE));
    (void)kerne_remove(kin->reference);
    (void)kerne_ask(kerne_find("console"), KERNE_SENSE, 0, 0, &answer);
    printf("guest is removed\n");
}

static void make_guest(struct kin *kin)
{
    uint64_t name;
    uint64_t result = kerne_create_pseudo(0, "console", CONSOLE,
                                          kerne_find("console"), &name);
    if (result == KERNE_r_normal) { result = kin_make(kin); }
    if (result != KERNE_r_normal) {
        kerne_give_up("host: no guest: %s", kerne_result_text(result));
    }
}

int main(void)
{
    struct kin kin = {
        .creation = { .name = "guest",
                      .number = GUEST,
                      .buffers = 3,
                      .tables = KIN_TABLES,
                      .mask = KERNE_MASK_ALL,
                      .horizon = 1 },
        .begin = guest,
        .stack = stack,
    };
    char line[KERNE_LINE_BYTES + 1];
    make_guest(&kin);
    pass("guest");
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "pass ", 5) == 0) {
            pass(line + 5);
        } else if (strcmp(line, "back") == 0) {
            pass("");
        } else if (strcmp(line, "remove") == 0) {
            remove_guest(&kin);
        } else {
            printf("host hears: %s\n", line);
        }
    }
    return 0;
}
