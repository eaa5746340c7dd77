/* Attacks by messages: many of them, and none answered. */
#include "attack.h"

#include <stdio.h>

#define BATCH 64
#define SIBLINGS 16
#define CLIENTS 6
#define WHILE 10000 /* microseconds */
#define BEGINNING 400

static const struct kerne_words none;

/* ---- flood --------------------------------------------------------------- */

/* The parent, then the siblings, one after another. */
static uint64_t victim(uint64_t n)
{
    uint64_t number = n % (SIBLINGS + 1);
    return number == SIBLINGS ? KERNE_PARENT : KERNE_ADDRESS(1, number);
}

/* All buffers are under way at all times: what is not answered when they are
 * used up is regretted, and sent again. */
void attack_flood(void)
{
    static uint64_t sent[BATCH];
    unsigned under_way = 0;
    for (uint64_t n = 0;; n++) {
        bool gone = kerne_send_message(victim(n), &none, &sent[under_way]) ==
                    KERNE_r_normal;
        if (gone && ++under_way < BATCH) { continue; }
        while (under_way > 0) { (void)kerne_regret_message(sent[--under_way]); }
    }
}

/* ---- no answers ---------------------------------------------------------- */

/* All that it has, and then again for ever. */
static void send_all(void)
{
    uint64_t buffer;
    while (kerne_send_message(KERNE_PARENT, &none, &buffer) == KERNE_r_normal) {
    }
    for (;;) { (void)kerne_wait_message(); }
}

static void converse_once(void)
{
    struct kerne_words answer;
    (void)kerne_converse(KERNE_PARENT, &none, &answer);
    attack_spin();
}

static void break_once(void)
{
    __asm__ volatile("ebreak");
    attack_spin();
}

/* Children that begin so, each with this many buffers. */
static void beget(void (*begin)(void), uint64_t buffers)
{
    for (uint64_t number = 0; number < CLIENTS; number++) {
        uint64_t reference;
        (void)attack_make(&(struct attack_order){ .number = number,
                                                  .begin = begin,
                                                  .buffers = buffers },
                          &reference);
    }
    attack_nap(BEGINNING);
}

/* Takes every message that there is, and keeps it. */
static void take_all(void)
{
    struct kerne_received next = kerne_test_event(0);
    while (KERNE_EVENT_KIND(next.event) != KERNE_NO_EVENT) {
        (void)kerne_get_event(next.buffer);
        next = kerne_test_event(0);
    }
}

/* Every buffer of all children is held and never answered, and then those of
 * its own, sent to itself. */
void attack_hoard(void)
{
    for (;;) {
        uint64_t own[BATCH];
        unsigned count = 0;
        beget(send_all, attack_free(ATTACK_BUFFERS) / (CLIENTS + 1));
        take_all();
        while (count < BATCH &&
               kerne_send_message(KERNE_SELF, &none, &own[count]) ==
                   KERNE_r_normal) {
            count++;
        }
        take_all();
        attack_work(WHILE);
        while (count > 0) {
            (void)kerne_regret_message(own[--count]);
            (void)kerne_send_answer(own[count], KERNE_r_normal, &none);
        }
        attack_clear();
    }
}

/* A server whose clients wait for ever. */
void attack_mute(void)
{
    for (;;) {
        beget(converse_once, 1);
        take_all();
        attack_work(WHILE);
        attack_clear();
    }
}

/* An operating system that leaves its children's breaks alone, and answers
 * those of nobody: buffers that are none, or are another's. */
void attack_breaks(void)
{
    for (;;) {
        beget(break_once, 0);
        take_all();
        for (uint64_t index = 0; index < 10000; index++) {
            struct kerne_words again = { { KERNE_AGAIN } };
            (void)kerne_send_answer(index << 44 | (index & 3), KERNE_r_normal,
                                    &again);
        }
        attack_clear();
    }
}

/* ---- console ------------------------------------------------------------- */

void attack_console(void)
{
    for (unsigned long line = 1;; line++) {
        printf("%lu: this line is of no use to anybody\n", line);
    }
}
