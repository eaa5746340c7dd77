/*
 * From the start record to the loop in which s spends its life.
 */
#include "family.h"
#include "lending.h"
#include "operator.h"
#include "system.h"
#include "terminal.h"

#include <program.h>

static struct system s;

static void learn(struct system *system)
{
    const struct kerne_start *start = kerne_start_record;
    struct kerne_words words;
    uint64_t next;
    system->start = start;
    system->image = archive_lent(start);
    storage_begin_with(&system->storage, start);
    lending_learn(system);
    kerne_describe(0, KERNE_DESCRIBE_PROCESS, 0, &next, &words);
    memcpy(system->name, words.w, sizeof system->name - 1);
    system->mask = words.w[5];
    if (kerne_look_up("clock", &system->clock) != KERNE_r_normal) {
        system->clock = KERNE_VACANT;
    }
    system->console.clock = system->clock;
    system->console.ticks_per_second = start->ticks_per_second;
}

/* Without a message buffer, s could neither speak nor listen. */
static void require_buffers(void)
{
    struct kerne_words claim;
    uint64_t next;
    kerne_describe(0, KERNE_DESCRIBE_CLAIM, 0, &next, &claim);
    if (claim.w[1] == 0) {
        kerne_give_up("an operating system needs message buffers");
    }
}

static void greet(struct system *system)
{
    console_say(&system->console,
                "Kerne: the basic operating system s.  `help` lists "
                "the commands,");
    console_say(&system->console, "`halt` ends s; ESC lets you type to "
                                  "another process.");
    console_say(&system->console, "To begin: new hello run");
}

int main(void)
{
    const struct kerne_words nothing = { { 0 } };
    learn(&s);
    require_buffers();
    terminal_begin(&s);
    if (!operator_argument_line(&s)) { greet(&s); }
    for (;;) {
        operator_proceed(&s);
        struct kerne_received received = kerne_serve(0, 0, &nothing);
        family_event(&s, &received);
    }
}
