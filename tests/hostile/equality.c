/*
 * Random programs, and a journal of what every call has given and of what
 * `describe` tells of every process, its time aside.  paths_equal.py compares
 * the journals of two boots, with the fast paths of the nucleus and without.
 *
 * So nothing here may depend on time, which passes differently in the two.  No
 * program reads it, and what is left is who runs when:
 *
 * - Nobody's turn ends, for the whole test takes less than the shortest turn
 *   there is, an eighth of the boot's slice of 10 seconds.  Who has been given
 *   a quantum never uses it up, with a share of 20 or more, so that credit is
 *   positive or not in both boots alike.
 * - The root needs no clock: it is told by children that always want to run,
 *   the metronomes, when all others before them in the ring wait.
 * - Who is to be interrupted makes the UART interrupt, by a store that is the
 *   instruction before or after a call of its own.  The driver wakes up there
 *   in both boots.
 */
#include "journal.h"
#include "player.h"

#include <harness.h>
#include <program.h>
#include <settle.h>
#include <stdlib.h>

#define ROUND 1000 /* entries */
#define LOOK 60    /* the whole tree is described at each so many beats */
#define PATIENCE 1 /* beats that one may wait, before it begins anew */
#define CHILDREN 4 /* that the root wants to have */
#define ROUNDS 30  /* unless the boot says otherwise */
#define TICKS_AT_MOST (UINT64_C(12500000)) /* an eighth of the slice */

static struct player *const root = &players[PLAYER_ROOT];
static uint64_t beats;

/* The number behind `name=` in the boot's arguments. */
static uint64_t argument(const char *name, uint64_t usual)
{
    const char *found = strstr(kerne_start_record->arguments, name);
    return found != NULL ? strtoul(found + strlen(name), NULL, 10) : usual;
}

/* ---- helpers of the root ------------------------------------------------ */

static _Noreturn void metronome(uint64_t unused)
{
    (void)unused;
    for (;;) {
        struct kerne_words answer;
        kerne_converse(KERNE_PARENT, WORDS(0), &answer);
    }
}

/* Interrupted so often; it precedes whoever made the UART interrupt. */
static _Noreturn void driver(uint64_t number)
{
    struct player *p = &players[number];
    for (;;) {
        *UART_INTERRUPTS = 0;
        player_call(p, KERNE_converse,
                    KERNE_ADDRESS(1, KERNE_EXTERNAL + LINE_UART), 0,
                    WORDS(KERNE_OPERATION(KERNE_LINE_AWAIT, 0)));
        player_regret(p);
        if (family_free(0) > 1) { /* one is for the line */
            player_send(p);
        }
    }
}

/* ---- looking ------------------------------------------------------------ */

static uint64_t describe(const struct player *p, enum kerne_describe what,
                         uint64_t cursor)
{
    player_call(root, KERNE_describe, p->reference, 0, WORDS(what, cursor));
    return player_result(root);
}

/* All buffers of one list, and their words. */
static void describe_list(const struct player *p, enum kerne_describe what)
{
    uint64_t buffer = 0;
    while (describe(p, what, buffer) == KERNE_r_normal) {
        buffer = root->after.x[REGISTER_A0];
        describe(p, KERNE_DESCRIBE_WORDS, buffer);
    }
}

static void read_registers(const struct player *p)
{
    static struct kerne_register_file file;
    struct journal_entry entry = { .who = p->number };
    memset(&file, 0, sizeof file);
    player_call(root, KERNE_modify_internal_process, p->reference, 0,
                WORDS((uint64_t)&file, KERNE_FETCH));
    memcpy(entry.after, file.x, sizeof file.x);
    for (unsigned i = 0; p->floats && i < 33; i++) {
        entry.floats =
            journal_mix(entry.floats, i < 32 ? file.f[i] : file.fcsr);
    }
    journal_add(&entry);
}

static void describe_all(const struct player *p)
{
    describe(p, KERNE_DESCRIBE_PROCESS, 0);
    describe(p, KERNE_DESCRIBE_TREE, 0);
    for (uint64_t claim = 0; claim < 5; claim++) {
        describe(p, KERNE_DESCRIBE_CLAIM, claim);
    }
    read_registers(p);
    describe_list(p, KERNE_DESCRIBE_EVENT);
    describe_list(p, KERNE_DESCRIBE_HELD);
    describe_list(p, KERNE_DESCRIBE_SENT);
}

static void describe_tree(void)
{
    for (unsigned i = 0; i < PLAYERS; i++) {
        if (i == PLAYER_ROOT || players[i].parent != NULL) {
            describe_all(&players[i]);
        }
    }
}

/* ---- keeping them going ------------------------------------------------- */

/* One that has made no call for a while is waiting, stopped or in a break: it
 * begins anew, which does not end a break; or it is thrown away. */
static void look_after(struct player *p)
{
    p->idle = p->calls == p->calls_seen ? p->idle + 1 : 0;
    p->calls_seen = p->calls;
    if (p->idle < PATIENCE) { return; }
    if (dice_one_in(&root->dice, 60) || p->idle > 8 * PATIENCE) {
        player_remove(p, root);
    } else if (dice_one_in(&root->dice, 2)) {
        player_begin_anew(p, root);
    }
}

/* All has been written: or it would interrupt only when that is so. */
static void await_uart(void)
{
    const volatile uint8_t *status = (volatile uint8_t *)(UART_PAGE + 5);
    while ((*status & 0x20) == 0) {}
}

static void beat(uint64_t shown)
{
    if (beats++ % LOOK == 0) { describe_tree(); }
    unsigned children = 0;
    for (unsigned i = PLAYER_FIRST; i < PLAYERS; i++) {
        if (players[i].parent != NULL) { look_after(&players[i]); }
        children += players[i].parent == root;
    }
    if (children < CHILDREN) { player_make(root); }
    if (dice_one_in(&root->dice, 2)) {
        player_regret(root);
        player_send(root);
    }
    if (journal_length() >= ROUND) {
        journal_end_round(shown);
        await_uart();
    }
}

/* ---- the root ----------------------------------------------------------- */

/* Of two metronomes one waits, and leaves the ring when the tree chooses, until
 * the other one comes: then it goes to the end, since it is stopped when it
 * gets its answer. */
static void answer_other_metronome(uint64_t number, uint64_t buffer)
{
    static uint64_t waiting[PLAYER_METRONOMES];
    uint64_t other = 1 - (number - PLAYER_METRONOME);
    uint64_t reference = players[PLAYER_METRONOME + other].reference;
    waiting[1 - other] = buffer;
    if (waiting[other] != 0) {
        kerne_stop(reference);
        kerne_send_answer(waiting[other], KERNE_r_normal, WORDS(0));
        kerne_start(reference);
    }
}

static void serve(uint64_t shown)
{
    struct kerne_words words = { { dice_word(&root->dice) } };
    uint64_t held = root->held[dice_below(&root->dice, PLAYER_KEPT)];
    player_call(root, KERNE_serve, held, KERNE_r_normal, &words);
    uint64_t buffer = root->after.x[REGISTER_A0];
    uint64_t number = KERNE_SENDER_ADDRESS(root->after.x[REGISTER_A7]);
    switch (KERNE_EVENT_KIND(player_result(root))) {
    case KERNE_BREAK: player_end_break(root, buffer); break;
    case KERNE_MESSAGE:
        if (number < PLAYER_DRIVER) {
            beat(shown);
            answer_other_metronome(number, buffer);
        } else {
            player_hold(root, buffer);
        }
    }
}

static void begin(void)
{
    root->mask = KERNE_MASK_ALL;
    root->dice = dice_from(argument("seed=", 1));
    for (unsigned i = 0; i < PLAYER_METRONOMES; i++) {
        expect(player_make_at(PLAYER_METRONOME + i, root, metronome));
    }
    expect(player_make_at(PLAYER_DRIVER, root, driver));
    expect_result(
        kerne_include_user(players[PLAYER_DRIVER].reference, LINE_UART),
        normal);
}

static void random_programs(void)
{
    uint64_t began = kerne_get_clock();
    uint64_t rounds = argument("rounds=", ROUNDS);
    uint64_t shown = argument("shown=", UINT64_MAX);
    begin();
    while (journal_rounds() < rounds && expect_failures() == 0) {
        serve(shown);
    }
    for (unsigned i = 1; i < PLAYERS; i++) {
        if (players[i].parent == root) { player_remove(&players[i], root); }
    }
    settle();
    expect(kerne_get_clock() - began < TICKS_AT_MOST);
}

const struct test tests[] = {
    { "hostile.random_programs", random_programs, .as_root = true },
    { NULL },
};
