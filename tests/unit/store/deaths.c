/*
 * Clients that create, write, reserve and use areas are removed at random
 * moments, also in the middle of a copy.  The store with its messages is real;
 * the disk is in memory, and the nucleus is here: it knows who sent what, and
 * who is gone.
 */
#include "post.h"

#include <backing.h>
#include <dice.h>
#include <string.h>
#include <tap.h>
#include <uses.h>

#define ENTRIES 64
#define LIVES 8 /* at a time */
#define DEATHS 1000
#define NAMES (2 * LIVES)
#define DOOMED 4096

static struct rig *rig;
static unsigned deaths;
static uint64_t doomed[DOOMED]; /* serials of areas that are to go */
static unsigned dooms;

/* ---- the nucleus --------------------------------------------------------- */

static bool is_temporary(const struct store_work *work)
{
    const struct store_entry *entry = catalog_entry(&rig->store, work);
    return entry != NULL && !(entry->flags & STORE_PERMANENT);
}

/* Another one comes in its place, with the same address. */
static void die(uint64_t address)
{
    deaths++;
    for (struct client *client = clients; client < clients + CLIENTS;
         client++) {
        if (client->state == CLIENT_USES && client->part == address &&
            !letter_of(client->message.buffer)->is_gone && client->is_writing &&
            is_temporary(&client->work) && dooms < DOOMED) {
            doomed[dooms++] = client->work.serial;
        }
    }
    post_dies(address);
}

/* The owner of the area that is being read or written, by his digit. */
static char owner_for(uint64_t buffer)
{
    const struct client *client = clients;
    while (client->state != CLIENT_WORKS || client->message.buffer != buffer) {
        client++;
    }
    return rig->store.tables.entries[client->work.entry].owner[1];
}

/* Whoever writes fills his area with his digit; so that is all that there may
 * be, beside zeros. */
uint64_t kerne_general_copy(uint64_t buffer, enum kerne_direction direction,
                            uint64_t offset, void *own, uint64_t length,
                            uint64_t *ret_bytes)
{
    (void)offset;
    const struct letter *letter = letter_of(buffer);
    *ret_bytes = 0;
    if (letter->is_gone) { return KERNE_r_gone; }
    if (length == 0) { return KERNE_r_normal; }
    char owner = owner_for(buffer);
    char *bytes = own;
    bool dies = dice_percent(3);
    *ret_bytes = dies ? dice(length) : length;
    if (direction == KERNE_FETCH) {
        EXPECT(owner == digit_of(letter));
        memset(bytes, owner, *ret_bytes);
    }
    for (uint64_t i = 0; direction == KERNE_STORE && i < *ret_bytes; i++) {
        if (bytes[i] != 0 && bytes[i] != owner) {
            tap_fail("%c finds %d in its area", owner, bytes[i]);
        }
    }
    if (dies) { die(KERNE_SENDER_ADDRESS(letter->sender)); }
    return dies ? KERNE_r_gone : KERNE_r_normal;
}

/* ---- clients ------------------------------------------------------------- */

static void ask(uint64_t sender, uint64_t operation, uint64_t name)
{
    struct kerne_words words = { { KERNE_OPERATION(operation, 0), name } };
    (void)post_send(sender, &words);
}

/* Each has two, and names those of others now and then. */
static uint64_t own_name(uint64_t sender)
{
    return 'a' + KERNE_SENDER_ADDRESS(sender) % LIVES * 2 + dice(2);
}

/* Of the store's parent: gives something to one of them, or takes all back. */
static void give_at_random(void)
{
    struct kerne_words words = { { KERNE_OPERATION(
        dice_percent(80) ? KERNE_BACKING_GIVE : KERNE_BACKING_TAKE_BACK, 0) } };
    words.w[KERNE_WORD_NAME] = 'k' + ('0' + dice(LIVES)) * 256;
    words.w[KERNE_WORD_SIZE] = dice(200);
    words.w[KERNE_WORD_ENTRIES] = dice(3);
    (void)post_send(KERNE_PARENT, &words);
}

static void ask_at_random(uint64_t sender)
{
    static const uint64_t operations[] = {
        KERNE_BACKING_CREATE,  KERNE_BACKING_CREATE, KERNE_BACKING_CREATE,
        KERNE_BACKING_LOOK_UP, KERNE_BACKING_RENAME, KERNE_BACKING_SIZE,
        KERNE_BACKING_REMOVE,  KERNE_BACKING_USE,    KERNE_BACKING_USE,
        KERNE_BACKING_USE,     KERNE_BACKING_LIST,   KERNE_BACKING_RELEASE,
        KERNE_SEGMENTS_FLUSH,  KERNE_OUTPUT,         KERNE_OUTPUT,
        KERNE_OUTPUT,          KERNE_OUTPUT,         KERNE_INPUT,
        KERNE_INPUT,
    };
    uint64_t operation =
        operations[dice(sizeof operations / sizeof *operations)];
    uint64_t number = dice(2);
    struct kerne_words words = { { KERNE_OPERATION(operation, 0) } };
    words.w[KERNE_WORD_NAME] =
        operation == KERNE_BACKING_CREATE || dice_percent(85)
            ? own_name(sender)
            : 'a' + dice(NAMES);
    if (operation == KERNE_INPUT || operation == KERNE_OUTPUT) {
        words.w[KERNE_WORD_OPERATION] |= KERNE_GRANT_READ | KERNE_GRANT_WRITE;
        words.w[KERNE_WORD_FIRST] = 0;
        words.w[KERNE_WORD_LAST] = dice(30) * KERNE_SEGMENT;
        words.w[KERNE_WORD_SEGMENT] = dice(20);
    } else if (operation == KERNE_BACKING_USE) {
        words.w[KERNE_WORD_NUMBER] = number;
        words.w[KERNE_WORD_MODE] = dice_percent(70);
    } else if (operation == KERNE_BACKING_RENAME) {
        words.w[KERNE_WORD_NEW_NAME] = own_name(sender);
    } else {
        words.w[KERNE_WORD_SIZE] = dice(dice_percent(5) ? 10000 : 100);
        words.w[KERNE_WORD_FLAGS] = dice(2);
    }
    bool is_to_area =
        operation < KERNE_BACKING_CREATE || operation == KERNE_BACKING_RELEASE;
    (void)post_send(is_to_area ? sender | KERNE_SENDER_PSEUDO | number << 32
                               : sender,
                    &words);
}

/* ---- the test ------------------------------------------------------------ */

static uint32_t entries_in_use(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        uint64_t serial = rig->store.tables.entries[i].serial;
        count += serial != 0;
        for (unsigned k = 0; k < dooms && serial != 0; k++) {
            if (doomed[k] == serial) {
                tap_fail("a temporary area outlives its user");
            }
        }
    }
    return count;
}

/* It is looked who is gone, and what was under way ends. */
static void settle(void)
{
    rig_end_all(rig);
    ask(KERNE_PARENT, KERNE_BACKING_LIST, 0);
    rig_end_all(rig);
    (void)entries_in_use();
}

static void check_that_all_is_over(void)
{
    for (uint64_t i = 0; i < LIVES; i++) { die(KERNE_ADDRESS(1, i)); }
    settle();
    for (int i = 0; i < CLIENTS; i++) { EQUAL(clients[i].state, CLIENT_FREE); }
    for (int i = 0; i < LETTERS; i++) { EXPECT(!letters[i].is_held); }
    EQUAL(rig->store.catalog.free_entries, ENTRIES - entries_in_use());
    EXPECT(rig_is_sound(rig));
}

/* All areas are removed: then everything is free, here and on the disk. */
static void check_that_all_is_free(void)
{
    for (uint64_t name = 'a'; name < 'a' + NAMES; name++) {
        ask(KERNE_PARENT, KERNE_BACKING_REMOVE, name);
        rig_end_all(rig);
    }
    ask(KERNE_PARENT, KERNE_SEGMENTS_FLUSH, 0);
    rig_end_all(rig);
    EXPECT(rig_mount(rig));
    EQUAL(rig->store.catalog.free_entries, ENTRIES);
    EQUAL(rig->store.catalog.free_slots, rig->store.geometry.slots);
    EXPECT(rig_is_sound(rig));
}

TEST("store.a_thousand_deaths_lose_nothing")
{
    dice_state = 1;
    rig = post_rig(200, ENTRIES);
    while (deaths < DEATHS && tap_is_good()) {
        uint64_t what = dice(100);
        uint64_t who = KERNE_ADDRESS(1, dice(LIVES));
        if (what < 2) {
            give_at_random();
        } else if (what < 50) {
            ask_at_random(who);
        } else if (what < 99) {
            rig_end_transfer(rig);
        } else {
            die(who);
        }
        if (dice_percent(1)) { settle(); }
        if (rig->store.phase == STORE_OPEN && !rig_is_sound(rig)) {
            tap_fail("after %u deaths", deaths);
        }
    }
    EXPECT(dooms > DEATHS / 20);
    check_that_all_is_over();
    check_that_all_is_free();
    rig_free(rig);
}
