/* Mostly stops and starts, while some wait for the clock and others run on. */
#include "random.h"

static const struct choose_profile profile = {
    "control",
    2,
    {
        { KERNE_set_interrupt, 3 },
        { KERNE_process_description, 10 },
        { KERNE_include_user, 12 },
        { KERNE_exclude_user, 8 },
        { KERNE_send_message, 40 },
        { KERNE_wait_answer, 40 },
        { KERNE_wait_message, 15 },
        { KERNE_send_answer, 70 },
        { KERNE_wait_event, 25 },
        { KERNE_get_event, 25 },
        { KERNE_get_clock, 3 },
        { KERNE_create_internal_process, 70 },
        { KERNE_start_internal_process, 100 },
        { KERNE_stop_internal_process, 130 },
        { KERNE_modify_internal_process, 12 },
        { KERNE_remove_process, 3 },
        { KERNE_test_event, 20 },
        { KERNE_create_pseudo_process, 12 },
        { KERNE_regret_message, 20 },
        { KERNE_general_copy, 20 },
        { KERNE_set_share, 20 },
        { KERNE_set_claims, 20 },
        { KERNE_converse, 160 },
        { KERNE_serve, 20 },
        { KERNE_map, 6 },
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
