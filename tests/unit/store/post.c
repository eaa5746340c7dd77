#include "post.h"

#include <string.h>
#include <tap.h>

struct letter letters[LETTERS];
struct medium_state medium_state = { .fault = 1 };

struct rig *post_rig(uint32_t pages, uint32_t entries)
{
    struct rig *rig = rig_make(pages, entries, 24, NULL);
    rig->store.finished = clients_finished;
    rig->store.copy = clients_copy;
    clients_begin(&rig->store);
    medium_state = (struct medium_state){ .is_writable = true, .fault = 1 };
    return rig;
}

struct letter *letter_of(uint64_t buffer)
{
    struct letter *letter = &letters[(buffer - 1) % LETTERS];
    EXPECT(letter->is_held);
    return letter;
}

char digit_of(const struct letter *letter)
{
    return (char)('0' + KERNE_SENDER_ADDRESS(letter->sender) % 16);
}

uint64_t kerne_sender_path(uint64_t buffer, uint64_t level,
                           char ret_name[KERNE_NAME_BYTES])
{
    const struct letter *letter = letter_of(buffer);
    if (letter->is_gone) { return KERNE_r_gone; }
    if (level > 0 || KERNE_SENDER_ADDRESS(letter->sender) == KERNE_PARENT) {
        return KERNE_r_no_more;
    }
    memset(ret_name, 0, KERNE_NAME_BYTES);
    ret_name[0] = 'k';
    ret_name[1] = digit_of(letter);
    return KERNE_r_normal;
}

void kerne_work_for_oneself(void) {}

void kerne_hold_answer(uint64_t buffer, uint64_t result,
                       const struct kerne_words *words)
{
    struct letter *letter = letter_of(buffer);
    EXPECT(result >= KERNE_r_normal && result <= KERNE_r_malfunction);
    letter->is_held = false;
    letter->result = result;
    letter->answer = *words;
}

struct letter *post_send(uint64_t sender, const struct kerne_words *words)
{
    uint64_t buffer = 1;
    while (buffer <= LETTERS && letters[buffer - 1].is_held) { buffer++; }
    if (buffer > LETTERS) { return NULL; }
    letters[buffer - 1] = (struct letter){ .is_held = true, .sender = sender };
    clients_message(&(struct kerne_received){
        .sender = sender, .buffer = buffer, .words = *words });
    return &letters[buffer - 1];
}

void post_dies(uint64_t address)
{
    for (struct letter *letter = letters; letter < letters + LETTERS;
         letter++) {
        letter->is_gone =
            letter->is_gone || KERNE_SENDER_ADDRESS(letter->sender) == address;
    }
}
