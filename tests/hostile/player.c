#include "player.h"

#include "journal.h"

#include <harness.h>

#define PSEUDO 40               /* and further numbers: pseudo processes */
#define LINE KERNE_EXTERNAL + 5 /* which is the root's */

struct player players[PLAYERS];
static uint8_t stacks[PLAYERS][CHILD_STACK_BYTES] __attribute__((aligned(16)));

/* ---- calls -------------------------------------------------------------- */

static uint64_t digest_of_floats(const struct player *p)
{
    uint64_t digest = 0;
    for (unsigned i = 0; p->floats && i < 32; i++) {
        digest = journal_mix(digest, p->after.f[i]);
    }
    return p->floats ? journal_mix(digest, p->after.fcsr) : 0;
}

static void add_to_journal(const struct player *p)
{
    const uint64_t *in = p->before.x;
    struct journal_entry entry = {
        .who = p->number,
        .in = { in[REGISTER_A7], in[REGISTER_A0], in[REGISTER_A1],
                in[REGISTER_A2], in[REGISTER_T2] },
        .floats = digest_of_floats(p),
    };
    memcpy(entry.after, p->after.x, sizeof entry.after);
    journal_add(&entry);
}

void player_call(struct player *p, uint64_t function, uint64_t a0, uint64_t t2,
                 const struct kerne_words *words)
{
    struct register_file *in = &p->before;
    bool stores = p->stores && dice_one_in(&p->dice, 12);
    registers_fill(in, p->number);
    in->x[REGISTER_GP] = stores ? UART_WHEN_EMPTY : 0;
    in->x[REGISTER_TP] = (uint64_t)(stores ? UART_INTERRUPTS : &p->nothing);
    in->x[REGISTER_A7] = function;
    in->x[REGISTER_A0] = a0;
    in->x[REGISTER_T2] = t2;
    memcpy(&in->x[REGISTER_A1], words->w, 6 * sizeof words->w[0]);
    in->x[REGISTER_T0] = words->w[6];
    in->x[REGISTER_T1] = words->w[7];
    p->calls++;
    if (p->floats) {
        registers_call_between(in, &p->after);
    } else {
        registers_call_integers(in, &p->after);
    }
    if (function == KERNE_get_clock) {
        p->after.x[REGISTER_A0] = 0; /* which is not the same twice */
    }
    add_to_journal(p);
}

uint64_t player_result(const struct player *p)
{
    return p->after.x[REGISTER_T2];
}

static uint64_t call_of(struct player *p, uint64_t function, uint64_t a0)
{
    player_call(p, function, a0, 0, WORDS(0));
    return player_result(p);
}

/* ---- choices ------------------------------------------------------------ */

/* One of those for which `fits` says so; null: there is none. */
static struct player *choose(struct player *p,
                             bool (*fits)(const struct player *p,
                                          const struct player *other))
{
    struct player *found = NULL;
    uint64_t count = 0;
    for (unsigned i = 1; i < PLAYERS; i++) {
        if (players[i].parent != NULL && fits(p, &players[i]) &&
            dice_one_in(&p->dice, ++count)) {
            found = &players[i];
        }
    }
    return found;
}

static bool is_child(const struct player *p, const struct player *other)
{
    return other->parent == p && other->number >= PLAYER_FIRST;
}

static bool is_sibling(const struct player *p, const struct player *other)
{
    return other->parent == p->parent && other != p &&
           other->number >= PLAYER_FIRST;
}

static bool is_uncle(const struct player *p, const struct player *other)
{
    return p->parent != NULL && is_sibling(p->parent, other);
}

static uint64_t address_or_parent(uint64_t up, const struct player *p)
{
    return p != NULL ? KERNE_ADDRESS(up, p->number) : KERNE_PARENT;
}

/* Never the clock's. */
static uint64_t random_address(struct player *p)
{
    uint64_t number = dice_below(&p->dice, 100);
    if (number < 40) {
        return address_or_parent(1, choose(p, is_sibling));
    } else if (number < 65) {
        return address_or_parent(0, choose(p, is_child));
    } else if (number < 75) {
        return address_or_parent(2, choose(p, is_uncle));
    } else if (number < 90) {
        return KERNE_PARENT;
    } else if (number < 95) {
        return KERNE_ADDRESS(number % 2, PSEUDO + number % 3);
    } else if (number < 97) {
        return KERNE_SELF;
    }
    return number < 98   ? KERNE_ADDRESS(p->depth, LINE)
           : number < 99 ? KERNE_VACANT
                         : KERNE_ADDRESS(50, 1);
}

/* Also good as the answer to a break: word 0 is mostly KERNE_GO_ON. */
static struct kerne_words random_words(struct player *p)
{
    struct kerne_words words;
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        words.w[i] = dice_word(&p->dice) >> (i * 8);
    }
    words.w[0] = dice_one_in(&p->dice, 3) ? dice_below(&p->dice, 24) : 1;
    if (dice_one_in(&p->dice, 2)) {
        words.w[1] = (uint64_t)p->area;
        words.w[2] = (uint64_t)&p->area[PLAYER_KEPT];
    }
    return words;
}

static uint64_t random_result(struct player *p)
{
    return dice_one_in(&p->dice, 4) ? dice_below(&p->dice, 8) : KERNE_r_normal;
}

static uint64_t *random_place(struct player *p, uint64_t kept[PLAYER_KEPT])
{
    return &kept[dice_below(&p->dice, PLAYER_KEPT)];
}

/* Takes one out, if there is one. */
static uint64_t random_kept(struct player *p, uint64_t kept[PLAYER_KEPT])
{
    uint64_t *place = random_place(p, kept);
    for (unsigned i = 0; *place == 0 && i < PLAYER_KEPT; i++) {
        place = &kept[i];
    }
    uint64_t buffer = *place;
    *place = 0;
    return buffer;
}

/* ---- messages ----------------------------------------------------------- */

void player_hold(struct player *p, uint64_t buffer)
{
    uint64_t *place = random_place(p, p->held);
    uint64_t other = *place;
    *place = buffer;
    if (other != 0) {
        struct kerne_words words = random_words(p);
        player_call(p, KERNE_send_answer, other, random_result(p), &words);
    }
}

static void hold_received(struct player *p)
{
    uint64_t kind = KERNE_EVENT_KIND(player_result(p));
    if (kind == KERNE_MESSAGE || kind == KERNE_BREAK) {
        player_hold(p, p->after.x[REGISTER_A0]);
    }
}

void player_send(struct player *p)
{
    struct kerne_words words = random_words(p);
    player_call(p, KERNE_send_message, random_address(p), 0, &words);
    if (player_result(p) == KERNE_r_normal) {
        *random_place(p, p->sent) = p->after.x[REGISTER_A0];
    }
}

void player_regret(struct player *p)
{
    call_of(p, KERNE_regret_message, random_kept(p, p->sent));
}

static void converse(struct player *p)
{
    uint64_t address = random_address(p);
    do {
        struct kerne_words words = random_words(p);
        player_call(p, KERNE_converse, address, 0, &words);
    } while (!dice_one_in(&p->dice, 3));
}

static void answer(struct player *p, uint64_t function)
{
    struct kerne_words words = random_words(p);
    player_call(p, function, random_kept(p, p->held), random_result(p), &words);
}

static void serve(struct player *p)
{
    answer(p, KERNE_serve);
    while (KERNE_EVENT_KIND(player_result(p)) == KERNE_MESSAGE &&
           !dice_one_in(&p->dice, 5)) {
        struct kerne_words words = random_words(p);
        player_call(p, KERNE_serve, p->after.x[REGISTER_A0], random_result(p),
                    &words);
    }
    hold_received(p);
}

static void send_answer(struct player *p) { answer(p, KERNE_send_answer); }

static void wait_answer(struct player *p)
{
    uint64_t buffer = random_kept(p, p->sent);
    if (buffer != 0 || dice_one_in(&p->dice, 8)) {
        call_of(p, KERNE_wait_answer, buffer);
    }
}

static void wait_message(struct player *p)
{
    call_of(p, KERNE_wait_message, 0);
    hold_received(p);
}

static void look_at_events(struct player *p)
{
    call_of(p, dice_one_in(&p->dice, 2) ? KERNE_wait_event : KERNE_test_event,
            dice_one_in(&p->dice, 3) ? *random_place(p, p->sent) : 0);
    uint64_t kind = KERNE_EVENT_KIND(player_result(p));
    if (kind != KERNE_NO_EVENT && dice_one_in(&p->dice, 2)) {
        uint64_t buffer = p->after.x[REGISTER_A0];
        call_of(p, KERNE_get_event, buffer);
        if (kind != KERNE_ANSWER) { player_hold(p, buffer); }
    }
}

static void copy(struct player *p)
{
    uint64_t buffer = *random_place(p, p->held);
    player_call(p, KERNE_general_copy, buffer, 0,
                WORDS(dice_below(&p->dice, 2), dice_below(&p->dice, 16),
                      (uint64_t)p->area, dice_below(&p->dice, 32)));
    player_call(p, KERNE_sender_path, buffer, 0,
                WORDS(dice_below(&p->dice, 3)));
}

void player_end_break(struct player *by, uint64_t buffer)
{
    struct kerne_words words = random_words(by);
    player_call(by, KERNE_send_answer, buffer, random_result(by), &words);
}

/* ---- other calls -------------------------------------------------------- */

static uint64_t reference_of(const struct player *p)
{
    return p != NULL ? p->reference : 0;
}

/* Of itself or a child, anything but time. */
static void look(struct player *p)
{
    uint64_t what = dice_below(&p->dice, KERNE_DESCRIBE_TREE + 1);
    if (what != KERNE_DESCRIBE_TIME) {
        player_call(p, KERNE_describe, reference_of(choose(p, is_child)), 0,
                    WORDS(what, dice_one_in(&p->dice, 2)
                                    ? dice_below(&p->dice, 9)
                                    : *random_place(p, p->sent)));
    }
    uint64_t name[2];
    kerne_name(dice_one_in(&p->dice, 2) ? "pd" : "pseudo", name);
    player_call(p, KERNE_process_description, 0, 0, WORDS(name[0], name[1]));
    call_of(p, KERNE_get_clock, 0);
}

/* Its own instruction, or no function: a break in any case. */
static void go_wrong(struct player *p)
{
    if (!p->floats || dice_one_in(&p->dice, 2)) {
        call_of(p, 2 * dice_below(&p->dice, 4) + 1, 0);
        return;
    }
    registers_fill(&p->before, p->number);
    p->calls++;
    registers_break(&p->before, &p->after);
    add_to_journal(p);
}

static void control(struct player *p)
{
    struct player *child = choose(p, is_child);
    uint64_t name[2];
    switch (child == NULL ? 0 : dice_below(&p->dice, 10)) {
    case 0:
    case 1: player_make(p); break;
    case 2: player_remove(child, p); break;
    case 3:
        kerne_name("pseudo", name);
        player_call(p, KERNE_create_pseudo_process, 0, 0,
                    WORDS(name[0], name[1], PSEUDO + dice_below(&p->dice, 3),
                          random_address(p)));
        break;
    case 4:
        player_call(p, KERNE_set_share, child->reference, 0,
                    WORDS(20 + dice_below(&p->dice, 300)));
        break;
    case 5: player_begin_anew(child, p); break;
    case 6:
    case 7: call_of(p, KERNE_stop_internal_process, child->reference); break;
    default: call_of(p, KERNE_start_internal_process, child->reference);
    }
}

/* ---- the program -------------------------------------------------------- */

static const struct {
    void (*act)(struct player *p);
    unsigned weight;
} actions[] = {
    { converse, 28 },   { serve, 24 },         { player_send, 14 },
    { send_answer, 8 }, { wait_answer, 8 },    { wait_message, 6 },
    { control, 6 },     { look_at_events, 5 }, { player_regret, 3 },
    { copy, 2 },        { look, 2 },           { go_wrong, 2 },
};
#define ACTIONS (sizeof actions / sizeof actions[0])

static _Noreturn void player_run(uint64_t number)
{
    struct player *p = &players[number];
    unsigned all = 0;
    for (unsigned i = 0; i < ACTIONS; i++) { all += actions[i].weight; }
    for (;;) {
        uint64_t chosen = dice_below(&p->dice, all);
        unsigned i = 0;
        for (; chosen >= actions[i].weight; i++) {
            chosen -= actions[i].weight;
        }
        actions[i].act(p);
    }
}

/* ---- making and removing ------------------------------------------------ */

static uint64_t set_registers(const struct player *p)
{
    return child_set_registers(p->reference, (uint64_t)p->run,
                               (uint64_t)stacks[p->number + 1], p->number);
}

/* Some see less than they could, lack functions, or have none at all: then
 * each of their calls breaks. */
static void choose_kind(struct player *p, struct player *parent)
{
    struct dice *dice = &parent->dice;
    bool plays = p->number >= PLAYER_FIRST;
    p->horizon = plays ? dice_below(dice, parent->horizon + 2) : 1;
    p->mask = parent->mask;
    if (plays && dice_one_in(dice, 5)) {
        p->mask = KERNE_MASK_FOREIGN;
    } else if (plays && dice_one_in(dice, 5)) {
        p->mask &= ~(UINT64_C(1) << dice_below(dice, 63));
    }
    p->floats = plays && dice_one_in(dice, 3);
    p->stores = plays && dice_one_in(dice, 2);
    p->dice = dice_from(dice_word(dice));
}

/* Of a claim, for all below: it may not do. */
static uint64_t random_part(struct player *p, uint64_t levels, uint64_t each)
{
    return levels * (levels * each + dice_below(&p->dice, each));
}

/* Asks for its process; the place is taken meanwhile. */
static bool create(struct player *p, struct player *parent)
{
    uint64_t below = PLAYER_DEPTH - p->depth;
    uint64_t name = 'p' | ('a' + p->number) << 8;
    player_call(
        parent, KERNE_create_internal_process, 0, 0,
        WORDS(name, 0, p->number, 3 + random_part(parent, below, 5),
              random_part(parent, below, 2), 6 + random_part(parent, below, 6),
              p->mask,
              kerne_create_how(p->horizon, dice_one_in(&parent->dice, 4),
                               20 + dice_below(&parent->dice, 300))));
    p->reference = parent->after.x[REGISTER_A0];
    return player_result(parent) == KERNE_r_normal;
}

bool player_make_at(uint64_t place, struct player *parent,
                    void (*run)(uint64_t number))
{
    struct player *p = &players[place];
    *p = (struct player){
        .parent = parent,
        .number = place,
        .depth = parent->depth + 1,
        .run = run,
    };
    choose_kind(p, parent);
    if (p->depth > PLAYER_DEPTH || !create(p, parent)) {
        p->parent = NULL;
        return false;
    }
    if (child_map_program(p->reference, KERNE_READ | KERNE_WRITE |
                                            KERNE_EXECUTE) != KERNE_r_normal ||
        uart_lend(p->reference) != KERNE_r_normal ||
        set_registers(p) != KERNE_r_normal) {
        return false;
    }
    return call_of(parent, KERNE_start_internal_process, p->reference) ==
           KERNE_r_normal;
}

void player_make(struct player *parent)
{
    for (uint64_t i = PLAYER_FIRST; i < PLAYERS; i++) {
        if (players[i].parent == NULL) {
            player_make_at(i, parent, player_run);
            return;
        }
    }
}

static void forget(struct player *p)
{
    p->parent = NULL;
    for (unsigned i = 1; i < PLAYERS; i++) {
        if (players[i].parent == p) { forget(&players[i]); }
    }
}

void player_remove(struct player *p, struct player *by)
{
    uint64_t result = call_of(by, KERNE_remove_process, p->reference);
    if (result == KERNE_r_normal || result == KERNE_r_not_descendant) {
        forget(p);
    }
}

void player_begin_anew(struct player *p, struct player *by)
{
    call_of(by, KERNE_stop_internal_process, p->reference);
    set_registers(p);
    call_of(by, KERNE_start_internal_process, p->reference);
}
