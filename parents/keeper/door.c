#include "door.h"

#include "ward.h"

#include <relay.h>

static void refuse(const struct kerne_received *received, uint64_t result)
{
    static const struct kerne_words nothing;
    kerne_send_answer(received->buffer, result, &nothing);
}

static bool has_buffer_to_spare(void)
{
    struct kerne_words claim;
    uint64_t next;
    return kerne_describe(0, KERNE_DESCRIBE_CLAIM, ACCOUNT_BUFFERS, &next,
                          &claim) == KERNE_r_normal &&
           claim.w[1] > KEEPER_BUFFERS;
}

void door_message(struct keeper *keeper, const struct kerne_received *received)
{
    if (keeper->door == NULL) {
        refuse(received, KERNE_r_unintelligible);
    } else if (!has_buffer_to_spare()) {
        refuse(received, KERNE_r_rejected);
    } else {
        struct relay *relay = relay_open(received);
        if (relay != NULL) {
            (void)relay_pass(relay, ward_address(keeper, keeper->door));
        }
    }
}

bool door_answer(const struct kerne_received *received)
{
    struct relay *relay = relay_answered(received);
    if (relay != NULL) { relay_close(relay); }
    return relay != NULL;
}
