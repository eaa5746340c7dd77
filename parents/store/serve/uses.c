#include "uses.h"

#include <backing.h>
#include <calls.h>

struct client clients[CLIENTS];
static size_t used;
static size_t end; /* from here on all are free */

static const struct place *held(size_t number)
{
    return clients[number].state == CLIENT_FREE ? NULL : &clients[number].place;
}

static const struct places places = { CLIENTS, CLIENTS_OF_ONE, held, &used };

void client_answer(struct client *client, uint64_t result,
                   const struct kerne_words *words)
{
    kerne_hold_answer(client->message.buffer, result, words);
    client->state = CLIENT_FREE;
    used--;
    while (end > 0 && clients[end - 1].state == CLIENT_FREE) { end--; }
}

void client_answer_plainly(struct client *client, uint64_t result,
                           uint64_t status, uint64_t word_1, uint64_t word_2)
{
    client_answer(client, result,
                  &(struct kerne_words){ { status, word_1, word_2 } });
}

void client_reject(struct client *client, uint64_t status)
{
    client_answer_plainly(client, KERNE_r_rejected, status, 0, 0);
}

struct client *client_for(const struct kerne_received *received)
{
    struct client *client = clients;
    while (client < clients + CLIENTS && client->state != CLIENT_FREE) {
        client++;
    }
    if (client == clients + CLIENTS ||
        !kerne_has_place(&places, received, &client->place)) {
        kerne_hold_answer(received->buffer, KERNE_r_rejected,
                          &(struct kerne_words){ { KERNE_SEGMENTS_TOO_MANY } });
        return NULL;
    }
    if (client == clients + end) { end++; }
    used++;
    uint64_t operation = kerne_operation_of(&received->words);
    if (operation != KERNE_INPUT && operation != KERNE_OUTPUT) {
        struct place place = client->place;
        memset(client, 0, sizeof *client); /* these set what they need */
        client->place = place;
    }
    client->state = CLIENT_DEFERRED;
    client->message = *received;
    client->part = KERNE_SENDER_ADDRESS(received->sender);
    return client;
}

/* ---- areas in use -------------------------------------------------------- */

static bool is_in_use_by(const struct client *client, uint64_t part,
                         uint64_t number)
{
    return client->state == CLIENT_USES && client->number == number &&
           client->part == part;
}

/* A number is that of a child of the sender's part, or of the store's
 * parent. */
struct client *use_of(const struct client *client)
{
    uint64_t number = KERNE_SENDER_ADDRESSED(client->message.sender);
    if (!(client->message.sender & KERNE_SENDER_PSEUDO)) { return NULL; }
    for (struct client *use = clients; use < clients + end; use++) {
        if (is_in_use_by(use, client->part, number) ||
            is_in_use_by(use, KERNE_PARENT, number)) {
            return use;
        }
    }
    return NULL;
}

bool use_has_number(const struct client *client)
{
    for (const struct client *use = clients; use < clients + end; use++) {
        if (use != client && use->state == CLIENT_USES &&
            use->number == client->number &&
            (use->part == client->part || use->part == KERNE_PARENT ||
             client->part == KERNE_PARENT)) {
            return true;
        }
    }
    return false;
}

bool use_writes(uint32_t entry, uint64_t serial)
{
    for (const struct client *use = clients; use < clients + end; use++) {
        if (use->state == CLIENT_USES && use->is_writing &&
            use->work.entry == entry && use->work.serial == serial) {
            return true;
        }
    }
    return false;
}

bool use_may(const struct store *store, const struct client *client,
             enum use_right right)
{
    const struct store_entry *entry =
        &store->tables.entries[client->work.entry];
    bool owns = client->part == KERNE_PARENT ||
                memcmp(client->owner, entry->owner, STORE_NAME_BYTES) == 0;
    bool is_open = right == USE_READ && !(entry->flags & STORE_PRIVATE);
    return owns || is_open ||
           (right != USE_OWN &&
            catalog_has_user(store, &client->work, client->owner));
}

static void strike_transfers(const struct client *use)
{
    for (struct client *client = clients; client < clients + end; client++) {
        bool is_his = client->state == CLIENT_WORKS && client->use == use;
        if (is_his) { client->work.serial = 0; }
    }
}

void use_end(struct store *store, struct client *use)
{
    const struct store_entry *entry = catalog_entry(store, &use->work);
    strike_transfers(use);
    if (entry != NULL && use->is_writing && !(entry->flags & STORE_PERMANENT) &&
        memcmp(use->owner, entry->owner, STORE_NAME_BYTES) == 0) {
        use->state = CLIENT_WORKS;
        use->work.kind = STORE_REMOVE;
        store_work(store, &use->work);
    } else {
        client_answer_plainly(use, KERNE_r_normal, 0, 0, 0);
    }
}

void use_end_gone(struct store *store)
{
    for (struct client *use = clients; use < clients + end; use++) {
        uint64_t bytes;
        if (use->state == CLIENT_USES &&
            kerne_general_copy(use->message.buffer, KERNE_FETCH, 0, &bytes, 0,
                               &bytes) == KERNE_r_gone) {
            use_end(store, use);
        }
    }
}

void use_end_excluded(struct store *store)
{
    for (struct client *use = clients; use < clients + end; use++) {
        if (use->state == CLIENT_USES &&
            catalog_entry(store, &use->work) != NULL &&
            !use_may(store, use, use->is_writing ? USE_WRITE : USE_READ)) {
            strike_transfers(use);
            client_reject(use, KERNE_BACKING_EXCLUDED);
        }
    }
}
