/* Mostly conversations: who says what to whom, and who waits. */
#include "random.h"

static const struct choose_profile profile = {
    "messages",
    3,
    {
        { KERNE_set_interrupt, 6 },
        { KERNE_process_description, 10 },
        { KERNE_include_user, 12 },
        { KERNE_exclude_user, 8 },
        { KERNE_send_message, 110 },
        { KERNE_wait_answer, 40 },
        { KERNE_wait_message, 40 },
        { KERNE_send_answer, 70 },
        { KERNE_wait_event, 70 },
        { KERNE_get_event, 60 },
        { KERNE_get_clock, 3 },
        { KERNE_create_internal_process, 70 },
        { KERNE_start_internal_process, 60 },
        { KERNE_stop_internal_process, 30 },
        { KERNE_modify_internal_process, 12 },
        { KERNE_remove_process, 7 },
        { KERNE_test_event, 20 },
        { KERNE_create_pseudo_process, 12 },
        { KERNE_regret_message, 20 },
        { KERNE_general_copy, 20 },
        { KERNE_set_share, 4 },
        { KERNE_set_claims, 4 },
        { KERNE_converse, 60 },
        { KERNE_serve, 70 },
        { KERNE_map, 30 },
        { KERNE_unmap, 4 },
        { KERNE_physical_address, 4 },
        { KERNE_describe, 30 },
        { KERNE_sender_path, 15 },
        { 0, 0 },
    },
};

int main(int count, char **arguments)
{
    return random_main(&profile, count, arguments);
}
