#include "seen.h"

#include <stdio.h>

#include "tap.h"

#define FUNCTIONS 192

static uint64_t counts[FUNCTIONS][MODEL_ENDS];

void seen_end(uint64_t function, unsigned how)
{
    if (function < FUNCTIONS && how < MODEL_ENDS) { counts[function][how]++; }
}

const char *seen_name(uint64_t function)
{
    switch (function) {
#define KERNE_FUNCTION(number, name, handler) \
    case number:                              \
        return #name;
#include <functions.def>
#undef KERNE_FUNCTION
    default: return "no function";
    }
}

/* ---- what can happen --------------------------------------------------- */

#define R(name) (UINT64_C(1) << KERNE_r_##name)
#define EVENT(kind) (UINT64_C(1) << (MODEL_EVENT + (kind)))
#define EVENT_LAST_GONE(kind) EVENT((kind) + 4)
#define EVENT_ANSWER_GONE(kind) EVENT((kind) + 8)
#define WAITS (UINT64_C(1) << MODEL_WAITS)
#define BREAKS (UINT64_C(1) << MODEL_BREAKS)
#define ANSWERS                                                     \
    (R(normal) | R(rejected) | R(unintelligible) | R(malfunction) | \
     R(does_not_exist) | R(gone) | WAITS)
#define EVENTS (EVENT(KERNE_MESSAGE) | EVENT(KERNE_ANSWER) | EVENT(KERNE_BREAK))
#define EVENTS_LAST_GONE                                                       \
    (EVENTS | EVENT_LAST_GONE(KERNE_MESSAGE) | EVENT_LAST_GONE(KERNE_ANSWER) | \
     EVENT_LAST_GONE(KERNE_BREAK))
#define CONTROL (R(normal) | R(not_descendant) | R(bad_argument))

struct possible {
    uint64_t function, kinds;
};

/* Not too_deep: the trees are too small; it has a test of its own. */
static const struct possible possible[] = {
    { KERNE_set_interrupt, R(normal) | R(bad_address) },
    { KERNE_process_description,
      R(normal) | R(name_unknown) | R(name_ill_formed) },
    { KERNE_include_user, CONTROL | R(not_user) | R(line_in_use) },
    { KERNE_exclude_user, CONTROL | R(not_user) | R(line_in_use) },
    { KERNE_send_message, R(normal) | R(no_buffers) },
    { KERNE_wait_answer, ANSWERS },
    { KERNE_wait_message, EVENT(KERNE_MESSAGE) | EVENT(KERNE_BREAK) | WAITS },
    { KERNE_send_answer, R(normal) | R(gone) | R(bad_argument) },
    { KERNE_wait_event, EVENTS_LAST_GONE | WAITS },
    { KERNE_get_event, R(normal) | R(gone) },
    { KERNE_get_clock, R(normal) },
    { KERNE_create_internal_process,
      CONTROL | R(no_buffers) | R(no_processes) | R(no_tables) |
          R(name_ill_formed) | R(name_taken) | R(number_taken) |
          R(number_out_of_range) | R(mask_exceeded) | R(horizon_exceeded) },
    { KERNE_start_internal_process, CONTROL | R(not_stopped) },
    { KERNE_stop_internal_process, CONTROL | R(already_stopped) },
    { KERNE_modify_internal_process,
      CONTROL | R(not_stopped) | R(bad_address) | BREAKS },
    { KERNE_remove_process, R(normal) | R(not_descendant) },
    { KERNE_test_event, EVENTS_LAST_GONE | EVENT(KERNE_NO_EVENT) |
                            EVENT_LAST_GONE(KERNE_NO_EVENT) },
    { KERNE_create_pseudo_process,
      CONTROL | R(no_processes) | R(name_ill_formed) | R(name_taken) |
          R(number_taken) | R(number_out_of_range) },
    { KERNE_regret_message, R(normal) | R(gone) },
    { KERNE_general_copy, R(normal) | R(gone) | R(bad_argument) | R(no_grant) |
                              R(bad_address) | R(missing) | BREAKS },
    { KERNE_set_share, CONTROL },
    { KERNE_set_claims,
      CONTROL | R(no_buffers) | R(no_processes) | R(no_tables) },
    { KERNE_converse, ANSWERS | R(no_buffers) },
    { KERNE_serve, EVENTS | EVENT_ANSWER_GONE(KERNE_MESSAGE) |
                       EVENT_ANSWER_GONE(KERNE_ANSWER) |
                       EVENT_ANSWER_GONE(KERNE_BREAK) | WAITS },
    { KERNE_map, CONTROL | R(no_tables) | R(bad_address) },
    { KERNE_unmap, CONTROL | R(bad_address) },
    { KERNE_physical_address, R(normal) | R(bad_address) | BREAKS },
    { KERNE_describe, CONTROL | R(no_more) | R(gone) },
    { KERNE_sender_path, R(normal) | R(no_more) | R(gone) },
};

static void report(const struct possible *p, const char *profile)
{
    char name[100];
    bool good = true;
    uint64_t calls = 0;
    for (unsigned how = 0; how < MODEL_ENDS; how++) {
        uint64_t count = counts[p->function][how];
        bool is_possible = (p->kinds >> how & 1) != 0;
        if (how != MODEL_REFUSED && is_possible != (count != 0)) {
            tap_remark("%s %u: seen %lu times", seen_name(p->function), how,
                       (unsigned long)count);
            good = false;
        }
        calls += count;
    }
    snprintf(name, sizeof name, "random.%s.%s.every_result_seen (%lu calls)",
             profile, seen_name(p->function), (unsigned long)calls);
    tap_point(good, name);
}

/* Functions outside of somebody's mask, and what is no function. */
static void report_refused(const char *profile)
{
    char name[100];
    unsigned functions = 0, others = 0;
    for (uint64_t function = 0; function < FUNCTIONS; function++) {
        bool refused = counts[function][MODEL_REFUSED] != 0;
        functions += refused && model_is_function(function);
        others += refused && !model_is_function(function);
    }
    tap_remark("%u functions, %u others", functions, others);
    snprintf(name, sizeof name, "random.%s.refused_functions_seen", profile);
    tap_point(functions > 10 && others > 10, name);
}

void seen_report(const char *profile)
{
    report_refused(profile);
    for (unsigned i = 0; i < sizeof possible / sizeof *possible; i++) {
        report(&possible[i], profile);
    }
}
