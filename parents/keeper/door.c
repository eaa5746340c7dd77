#include "door.h"

#include "ward.h"

#include <program.h>

static void refuse(const struct kerne_received *received, uint64_t result)
{
    static const struct kerne_words nothing;
    kerne_send_answer(received->buffer, result, &nothing);
}

static struct passage *place_of(struct keeper *keeper, uint64_t outer,
                                uint64_t inner)
{
    for (unsigned i = 0; i < DOOR_PLACES; i++) {
        struct passage *passage = &keeper->passage[i];
        if (passage->outer == outer && passage->inner == inner) {
            return passage;
        }
    }
    return NULL;
}

void door_message(struct keeper *keeper, const struct kerne_received *received)
{
    struct passage *passage = place_of(keeper, 0, 0);
    if (keeper->door == NULL) {
        refuse(received, KERNE_r_unintelligible);
    } else if (received->words.w[0] & (KERNE_GRANT_READ | KERNE_GRANT_WRITE) ||
               passage == NULL ||
               kerne_send_message(ward_address(keeper, keeper->door),
                                  &received->words, &passage->inner) !=
                   KERNE_r_normal) {
        if (passage != NULL) {
            passage->inner = 0;
        }
        refuse(received, KERNE_r_rejected);
    } else {
        passage->outer = received->buffer;
    }
}

bool door_answer(struct keeper *keeper, const struct kerne_received *received)
{
    for (unsigned i = 0; i < DOOR_PLACES; i++) {
        struct passage *passage = &keeper->passage[i];
        if (passage->outer != 0 && passage->inner == received->buffer) {
            kerne_send_answer(passage->outer,
                              KERNE_EVENT_RESULT(received->event),
                              &received->words);
            *passage = (struct passage){ .outer = 0 };
            return true;
        }
    }
    return false;
}
