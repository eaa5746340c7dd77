#include "forwarder.h"

#include "service.h"

#include <relay.h>

static void refuse(const struct kerne_received *received, uint64_t result)
{
    static const struct kerne_words nothing;
    kerne_send_answer(received->buffer, result, &nothing);
}

static bool has_buffer_to_spare(void)
{
    struct accounts own;
    return accounts_read(0, &own) &&
           own.claim[KERNE_CLAIM_BUFFERS].free > keeper.parent.buffers_kept;
}

void forwarder_message(const struct kerne_received *received)
{
    if (keeper.door == NULL) {
        refuse(received, KERNE_r_unintelligible);
    } else if (!has_buffer_to_spare()) {
        refuse(received, KERNE_r_rejected);
    } else {
        (void)relay_event(received, service_address(keeper.door), NULL);
    }
}

bool forwarder_answer(const struct kerne_received *received)
{
    return relay_event(received, KERNE_VACANT, NULL);
}
