#include "actor.h"

void actor_rest(uint64_t unused) { (void)unused; }

void actor_client(uint64_t argument)
{
    struct actor_client *client = (struct actor_client *)argument;
    uint64_t buffer;
    uint64_t result =
        kerne_send_message(client->address, &client->message, &buffer);
    client->buffer = buffer;
    client->sent = result + 1;
    if (result == KERNE_r_normal) {
        client->result = kerne_wait_answer(buffer, &client->answer);
    }
}

void actor_converse(uint64_t argument)
{
    struct actor_client *client = (struct actor_client *)argument;
    client->result =
        kerne_converse(client->address, &client->message, &client->answer);
}

struct kerne_words actor_answer(const struct kerne_words *message)
{
    struct kerne_words answer;
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        answer.w[i] = message->w[i] + 1;
    }
    return answer;
}

void actor_server(uint64_t argument)
{
    struct actor_server *server = (struct actor_server *)argument;
    for (;;) {
        server->last = kerne_wait_message();
        struct kerne_words answer = actor_answer(&server->last.words);
        server->served++;
        kerne_send_answer(server->last.buffer, KERNE_r_normal, &answer);
    }
}

void actor_serve(uint64_t argument)
{
    struct actor_server *server = (struct actor_server *)argument;
    struct kerne_words answer = { { 0 } };
    uint64_t buffer = 0;
    for (;;) {
        server->last = kerne_serve(buffer, KERNE_r_normal, &answer);
        answer = actor_answer(&server->last.words);
        buffer = server->last.buffer;
        server->served++;
    }
}

void actor_hold(uint64_t argument)
{
    struct actor_server *server = (struct actor_server *)argument;
    server->last = kerne_wait_message();
    server->served++;
}

void actor_spin(uint64_t argument)
{
    volatile uint64_t *counter = (volatile uint64_t *)argument;
    for (;;) { ++*counter; }
}
