/* Mostly control and storage: windows, touches, breaks, copies. */
#include "random.h"

static const struct choose_profile profile = {
    "storage",
    25,
    {
        { KERNE_set_interrupt, 20 },
        { KERNE_process_description, 6 },
        { KERNE_include_user, 12 },
        { KERNE_exclude_user, 10 },
        { KERNE_send_message, 60 },
        { KERNE_wait_answer, 20 },
        { KERNE_wait_message, 40 },
        { KERNE_send_answer, 70 },
        { KERNE_wait_event, 40 },
        { KERNE_get_event, 30 },
        { KERNE_get_clock, 2 },
        { KERNE_create_internal_process, 80 },
        { KERNE_start_internal_process, 90 },
        { KERNE_stop_internal_process, 15 },
        { KERNE_modify_internal_process, 20 },
        { KERNE_remove_process, 12 },
        { KERNE_test_event, 16 },
        { KERNE_create_pseudo_process, 6 },
        { KERNE_regret_message, 6 },
        { KERNE_general_copy, 80 },
        { KERNE_set_share, 3 },
        { KERNE_set_claims, 8 },
        { KERNE_converse, 25 },
        { KERNE_serve, 70 },
        { KERNE_map, 200 },
        { KERNE_unmap, 40 },
        { KERNE_physical_address, 15 },
        { KERNE_describe, 25 },
        { KERNE_sender_path, 5 },
        { 0, 0 },
    },
};

int main(int count, char **arguments)
{
    return random_main(&profile, count, arguments);
}
