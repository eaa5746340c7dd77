/* The grader's children of lab 6: what each does goes by its name.  Times are
 * in milliseconds from its beginning. */
#include <bank.h>
#include <program.h>

#define MILLISECOND UINT64_C(10000) /* ticks */
#define UNKNOWN 42

static uint64_t bank, clock, begin;

static void at(uint64_t milliseconds)
{
    struct kerne_words answer;
    (void)kerne_ask(clock, KERNE_CLOCK_UNTIL,
                    begin + milliseconds * MILLISECOND, 0, &answer);
}

static void ask(uint64_t operation, uint64_t kind, uint64_t number)
{
    struct kerne_words answer;
    (void)kerne_ask(bank, operation, kind, number, &answer);
}

/* Gives back one buffer while all are in use, and then again. */
static void return_in_use(void)
{
    const struct kerne_words hour = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                        3600000 * MILLISECOND } };
    uint64_t buffer[2];
    for (int i = 0; i < 2; i++) {
        (void)kerne_send_message(clock, &hour, &buffer[i]);
    }
    ask(BANK_RETURN, KERNE_CLAIM_BUFFERS, 1);
    for (int i = 0; i < 2; i++) { (void)kerne_regret_message(buffer[i]); }
    ask(BANK_RETURN, KERNE_CLAIM_BUFFERS, 1);
}

static void first(void)
{
    ask(BANK_LEND, KERNE_CLAIM_BUFFERS, 4);
    ask(BANK_LEND, KERNE_CLAIM_PROCESSES, 3);
    ask(BANK_LEND, KERNE_CLAIM_TABLES, 2);
    ask(BANK_LEND, KERNE_CLAIM_BUFFERS, 3); /* with those: too many */
    ask(BANK_LEND, KERNE_CLAIM_TABLES, 0);
    ask(BANK_RETURN, KERNE_CLAIM_PROCESSES, 4);
    ask(BANK_RETURN, KERNE_CLAIM_BUFFERS, 5); /* it has them, and owes 4 */
    ask(BANK_LEND, KERNE_CLAIM_LINES, 1);
    ask(UNKNOWN, KERNE_CLAIM_BUFFERS, 1);
    at(10);
    ask(BANK_RETURN, KERNE_CLAIM_BUFFERS, 3);
    return_in_use();
    at(30);
}

static void second(void)
{
    at(2);
    ask(BANK_LEND, KERNE_CLAIM_BUFFERS, 4);
    at(20);
    ask(BANK_LEND, KERNE_CLAIM_PROCESSES, 6);
    at(40);
}

static void third(void)
{
    at(4);
    ask(BANK_LEND, KERNE_CLAIM_BUFFERS, 2);
    at(22);
    ask(BANK_LEND, KERNE_CLAIM_PROCESSES, 1);
    at(45);
}

/* Ends while its request waits. */
static void fourth(void)
{
    const struct kerne_words all = { { KERNE_OPERATION(BANK_LEND, 0),
                                       KERNE_CLAIM_PROCESSES, 6 } };
    uint64_t buffer;
    at(21);
    (void)kerne_send_message(bank, &all, &buffer);
}

int main(void)
{
    struct kerne_process_record own;
    bank = kerne_find("bank");
    clock = kerne_find("clock");
    begin = kerne_get_clock();
    (void)kerne_describe_process(0, &own);
    if (strcmp(own.name, "first") == 0) { first(); }
    if (strcmp(own.name, "second") == 0) { second(); }
    if (strcmp(own.name, "third") == 0) { third(); }
    if (strcmp(own.name, "fourth") == 0) { fourth(); }
    return 0;
}
