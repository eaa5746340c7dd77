#include "intruder.h"

#include "private.h"

extern char kerne_text_first[];

static const uint64_t functions[] = {
#define KERNE_FUNCTION(number, name, handler) number,
#include <functions.def>
#undef KERNE_FUNCTION
};

/* Addresses of others, and borders. */
static const uint64_t baits[] = {
    UINT64_C(0xffffffc080200000), UINT64_C(0xffffffc000000000),
    UINT64_C(0xffffffffffffffff), UINT64_C(0xfffffffffffff000),
    UINT64_C(0x8000000000000000), UINT64_C(0x4000000000),
    UINT64_C(0x3ffffff000),       UINT64_C(0x3fffffffff),
    UINT64_C(0x80200000),         UINT64_C(0x80000000),
    UINT64_C(0x0c000000),         UINT64_C(0x02000000),
    UINT64_C(0x10000000),         UINT64_C(0x100000000),
    UINT64_C(0xffffffff),         UINT64_C(0xfffffffffffffff8),
    UINT64_C(0x7fffffffffffffff),
};

#define ANY(array) \
    ((array)[dice_below(dice, sizeof(array) / sizeof((array)[0]))])

/* ---- what it calls with ------------------------------------------------- */

static uint64_t scratch(struct intruder *h)
{
    struct dice *dice = &h->dice;
    uint64_t page = (uint64_t)h + PRIVATE_STACK_END +
                    dice_below(dice, INTRUDER_SCRATCH) * KERNE_PAGE;
    return dice_one_in(dice, 3) ? page + dice_below(dice, KERNE_PAGE) : page;
}

static uint64_t someone(struct dice *dice)
{
    switch (dice_below(dice, 6)) {
    case 0: return KERNE_PARENT;
    case 1: return KERNE_SELF;
    case 2:
        return KERNE_ADDRESS(dice_below(dice, 5),
                             KERNE_EXTERNAL + dice_below(dice, 12));
    default: return KERNE_ADDRESS(dice_below(dice, 4), dice_below(dice, 20));
    }
}

static uint64_t name(struct dice *dice)
{
    return 'a' + dice_below(dice, 5) + (dice_one_in(dice, 3) ? 0x7900 : 0);
}

static uint64_t some(struct intruder *h)
{
    struct dice *dice = &h->dice;
    switch (dice_below(dice, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: return ANY(h->things);
    case 5:
    case 6: return dice_below(dice, 16);
    case 7: return 0;
    case 8:
    case 9: return scratch(h);
    case 10:
        return (uint64_t)kerne_text_first + dice_below(dice, 4) * KERNE_PAGE;
    case 11: return ANY(baits);
    case 12:
    case 13: return someone(dice);
    case 14: return name(dice);
    default: return dice_word(dice) >> 2;
    }
}

/* Waits are rarer: an intruder that waits calls no more. */
static uint64_t some_function(struct intruder *h)
{
    struct dice *dice = &h->dice;
    uint64_t function = ANY(functions);
    if (dice_one_in(dice, 40)) { return some(h); }
    switch (function) {
    case KERNE_wait_answer:
    case KERNE_wait_message:
    case KERNE_wait_event:
    case KERNE_converse:
    case KERNE_serve:
        return dice_one_in(dice, 12) ? function : (uint64_t)KERNE_test_event;
    default: return function;
    }
}

/* Arguments as they are wanted, so that much succeeds; the registers that are
 * not set here stay random. */
static void set_likely(struct intruder *h, uint64_t *x)
{
    struct dice *dice = &h->dice;
    switch (x[REGISTER_A7]) {
    case KERNE_send_message:
    case KERNE_converse:
        x[REGISTER_A0] = someone(dice);
        x[REGISTER_A1] =
            KERNE_OPERATION(dice_below(dice, 6), dice_below(dice, 4));
        x[REGISTER_A1 + 1] = scratch(h);
        x[REGISTER_A1 + 2] = x[REGISTER_A1 + 1] + dice_below(dice, 9000);
        break;
    case KERNE_create_internal_process:
    case KERNE_create_pseudo_process:
        x[REGISTER_A0] = dice_one_in(dice, 3) ? ANY(h->things) : 0;
        x[REGISTER_A1] = name(dice);
        x[REGISTER_A1 + 1] = 0;
        x[REGISTER_A1 + 2] = dice_below(dice, 20);
        x[REGISTER_A1 + 3] = dice_below(dice, 4);
        x[REGISTER_A1 + 4] = dice_below(dice, 4);
        x[REGISTER_A1 + 5] = 1 + dice_below(dice, 6);
        x[REGISTER_T1] = kerne_create_how(dice_below(dice, 3), 0, 0);
        x[REGISTER_T2] = dice_one_in(dice, 2) ? ANY(h->things) : 0;
        break;
    case KERNE_map:
    case KERNE_unmap:
        x[REGISTER_A1] = scratch(h) & ~(uint64_t)(KERNE_PAGE - 1);
        x[REGISTER_A1 + 1] = scratch(h) & ~(uint64_t)(KERNE_PAGE - 1);
        x[REGISTER_A1 + 2] = dice_below(dice, 5);
        x[REGISTER_A1 + 3] = dice_below(dice, 8);
        break;
    case KERNE_general_copy:
        x[REGISTER_A1] = dice_below(dice, 2);
        x[REGISTER_A1 + 1] = dice_below(dice, 4000);
        x[REGISTER_A1 + 2] = scratch(h);
        x[REGISTER_A1 + 3] = dice_below(dice, 5000);
        x[REGISTER_A1 + 4] = 0;
        break;
    default: x[REGISTER_T2] = 1 + dice_below(dice, 8); break;
    }
}

/* ---- one call ----------------------------------------------------------- */

static void note(struct intruder *h, const char *what, unsigned number,
                 uint64_t word)
{
    if (h->faults++ == 0) {
        h->fault = what;
        h->word = word;
        h->number = number;
        h->was = h->before.x[number];
        h->function = h->before.x[REGISTER_A7];
    }
}

static bool is_bait(uint64_t word)
{
    for (unsigned i = 0; i < sizeof baits / sizeof baits[0]; i++) {
        if (baits[i] == word) { return true; }
    }
    return false;
}

/* Functions that tell what others have sent, or have in their registers; a
 * child may run with anything in them. */
static bool tells(uint64_t function)
{
    switch (function) {
    case KERNE_describe:
    case KERNE_wait_answer:
    case KERNE_wait_message:
    case KERNE_wait_event:
    case KERNE_test_event:
    case KERNE_converse:
    case KERNE_serve: return true;
    default: return false;
    }
}

/* A break that its parent has ended may have changed what a call changes, and
 * nothing but what a call changes. */
static void check(struct intruder *h)
{
    bool told = tells(h->before.x[REGISTER_A7]);
    for (unsigned i = 1; i < 32; i++) {
        uint64_t word = h->after.x[i];
        if (i == REGISTER_SP) { continue; }
        if (registers_kept(i) && word != h->before.x[i]) {
            note(h, "a register that is to be kept is not", i, word);
        }
        if (registers_cleared(i) && word != 0 && word != h->before.x[i]) {
            note(h, "a register that is to be zero is not", i, word);
        }
        if (!told && word != h->before.x[i] && registers_upper(word) &&
            !is_bait(word)) {
            note(h, "a register holds an address of the nucleus", i, word);
        }
        if (!told && word != h->before.x[i] && REGISTERS_IS_MARK(word)) {
            note(h, "a register holds what is another's", i, word);
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        if (h->after.f[i] != h->before.f[i]) {
            note(h, "a floating-point register is not kept", i, h->after.f[i]);
        }
    }
}

static void call_at_random(struct intruder *h)
{
    struct dice *dice = &h->dice;
    uint64_t *x = h->before.x;
    registers_fill(&h->before, h->owner);
    for (unsigned i = REGISTER_A0; i < REGISTER_A7; i++) { x[i] = some(h); }
    x[REGISTER_T0] = dice_one_in(dice, 2) ? KERNE_MASK_ALL : some(h);
    x[REGISTER_T1] = some(h);
    x[REGISTER_T2] = some(h);
    x[REGISTER_A7] = some_function(h);
    if (!dice_one_in(dice, 3)) { set_likely(h, x); }
    h->calls++;
    registers_call(&h->before, &h->after);
    check(h);
    ANY(h->things) = h->after.x[REGISTER_A0];
}

/* ---- children ----------------------------------------------------------- */

/* The second half of the block is a child's, which does the same; it takes the
 * place of the last one. */
static void beget(struct intruder *h)
{
    uint64_t child;
    struct kerne_creation creation = {
        .name = "brat",
        .number = dice_below(&h->dice, 20),
        .buffers = 4,
        .tables = PRIVATE_TABLES,
        .mask = KERNE_MASK_ALL,
        .horizon = 2,
    };
    uint64_t block = (uint64_t)h + INTRUDER_HALF * KERNE_PAGE;
    if (h->pages <= INTRUDER_HALF) { return; }
    kerne_remove(h->child);
    if (kerne_create(&creation, &child) != KERNE_r_normal) { return; }
    h->child = child;
    h->things[dice_below(&h->dice, INTRUDER_THINGS)] = child;
    intruder_prepare((struct intruder *)block, h->owner + 100, INTRUDER_HALF,
                     dice_word(&h->dice));
    private_start(child, intruder_run, block, INTRUDER_HALF);
}

void intruder_prepare(struct intruder *h, uint64_t owner, uint64_t pages,
                      uint64_t seed)
{
    memset(h, 0, sizeof *h);
    h->dice = dice_from(seed);
    h->owner = owner;
    h->pages = pages;
}

void intruder_run(uint64_t block)
{
    struct intruder *h = (struct intruder *)block;
    for (;;) {
        call_at_random(h);
        if (dice_one_in(&h->dice, 200)) { beget(h); }
    }
}
