/*
 * Every function with every kind of wrong argument, and the right result for
 * each.  One argument at a time is wrong: references, buffers, addresses,
 * numbers, names; and functions that are none.
 */
#include "attack.h"

#define CALL(function, ...)                 \
    {                                       \
        .a7 = KERNE_##function, __VA_ARGS__ \
    }

#define UPPER UINT64_C(0xffffffc000000000)
#define USER_END (UINT64_C(1) << 38)
#define NUCLEUS UINT64_C(0xffffffc080200000)

/* ---- references --------------------------------------------------------- */

static void references(void)
{
    const uint64_t wrong[] = {
        0,
        1,
        UINT64_MAX,
        UINT64_C(1) << 63,
        UINT64_C(1) << 32,
        NUCLEUS,
        UINT64_C(0x7fffffff00000000),
        UINT64_C(0xffffffff00000000),
        KERNE_PARENT,
        KERNE_SELF,
        KERNE_VACANT,
        scene.removed_child,
        scene.itself,
        scene.sibling,
        scene.held,
        scene.stopped_child + 1,
        scene.stopped_child - 1,
        scene.stopped_child ^ UINT64_C(1) << 63,
        scene.stopped_child ^ UINT64_C(1) << 62,
        scene.stopped_child ^ UINT64_C(1) << 31,
    };
    const uint64_t *not_zero = wrong + 1; /* 0 means the caller */
    const uint64_t page = family_arena();
#define REFERENCE(function, values, ...)                                   \
    {                                                                      \
#function ": reference", CALL(function, __VA_ARGS__), REGISTER_A0, \
            (values), COUNT(wrong) - (unsigned)((values)-wrong),           \
            RESULT(not_descendant)                                         \
    }
    const struct attempt attempts[] = {
        REFERENCE(start_internal_process, wrong, .a0 = 0),
        REFERENCE(stop_internal_process, wrong, .a0 = 0),
        REFERENCE(remove_process, wrong, .a0 = 0),
        REFERENCE(modify_internal_process, wrong, .a1 = page,
                  .a2 = KERNE_STORE),
        REFERENCE(include_user, wrong, .a1 = LINE_UART),
        REFERENCE(exclude_user, wrong, .a1 = LINE_UART),
        REFERENCE(set_share, wrong, .a1 = KERNE_SHARE),
        REFERENCE(set_claims, wrong, .a1 = 0),
        REFERENCE(map, wrong, .a1 = page, .a2 = page, .a3 = 1,
                  .a4 = KERNE_READ),
        REFERENCE(unmap, wrong, .a1 = page, .a3 = 1),
        REFERENCE(describe, not_zero, .a1 = KERNE_DESCRIBE_PROCESS),
        REFERENCE(create_internal_process, not_zero, .a1 = 'x', .a3 = 9,
                  .a6 = 1),
        { "create_internal_process: windows",
          CALL(create_internal_process, .a1 = 'x', .a3 = 9, .a6 = 1),
          REGISTER_T2, not_zero, COUNT(wrong) - 1, RESULT(not_descendant) },
        REFERENCE(create_pseudo_process, not_zero, .a1 = 'x', .a3 = 9,
                  .a4 = KERNE_VACANT),
    };
#undef REFERENCE
    attack_with(attempts, COUNT(attempts));
}

/* ---- buffers ------------------------------------------------------------ */

/* What is nobody's, or another's; and what is one's own, but not for this. */
static void buffers(void)
{
    const uint64_t wrong[] = {
        scene.stale,
        scene.foreign,
        scene.stopped_child,
        scene.itself,
        1,
        UINT64_MAX,
        NUCLEUS,
        UPPER,
        UINT64_C(1) << 32,
        KERNE_PARENT,
        UINT64_C(0x7fffffff00000000),
        UINT64_C(0xffffffff00000000),
        scene.held + 1,
        scene.held - 1,
        scene.held ^ UINT64_C(1) << 63,
        scene.held ^ UINT64_C(1) << 40,
    };
    const uint64_t sent[] = { 0, scene.sent, scene.regretted, scene.answer,
                              scene.withdrawn };
    const uint64_t sent_or_queued[] = { 0, scene.sent, scene.regretted,
                                        scene.answer, scene.queued };
    const uint64_t received[] = { 0, scene.held, scene.queued, scene.regretted,
                                  scene.withdrawn };
    const uint64_t not_queued[] = { 0, scene.held, scene.sent,
                                    scene.regretted };
#define BUFFER(function, values, ...)                                   \
    {                                                                   \
#function ": buffer", CALL(function, __VA_ARGS__), REGISTER_A0, \
            (values), COUNT(values), RESULT(gone)                       \
    }
#define BUFFERS(function, values, ...) \
    BUFFER(function, wrong, __VA_ARGS__), BUFFER(function, values, __VA_ARGS__)
    const struct attempt attempts[] = {
        BUFFERS(wait_answer, received, .a1 = 0),
        BUFFERS(send_answer, sent_or_queued, .t2 = KERNE_r_normal),
        BUFFERS(get_event, not_queued, .a1 = 0),
        BUFFERS(regret_message, received, .a1 = 0),
        BUFFERS(general_copy, sent_or_queued, .a3 = (uint64_t)&scene),
        BUFFER(general_copy, sent, .a3 = (uint64_t)&scene, .a4 = 8),
        BUFFERS(sender_path, sent, .a1 = 0),
    };
#undef BUFFERS
#undef BUFFER
    attack_with(attempts, COUNT(attempts));
}

/* A `last` that is no event in the queue: from the front, and it says so. */
static void last_events(void)
{
    const uint64_t wrong[] = {
        scene.stale, scene.foreign, scene.held, scene.sent,       scene.itself,
        1,           UINT64_MAX,    NUCLEUS,    scene.queued + 1,
    };
    for (unsigned i = 0; i < COUNT(wrong); i++) {
        struct kerne_registers r = { .a7 = KERNE_wait_event, .a0 = wrong[i] };
        for (unsigned k = 0; k < 2; k++) {
            uint64_t result = attack_call("wait event: last", &r);
            expect_equal(result, KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
            expect_equal(attack_after.x[REGISTER_A0], scene.queued);
            r.a7 = KERNE_test_event;
        }
    }
}

/* ---- addresses ---------------------------------------------------------- */

static const uint64_t no_pages[] = {
    /* no page begins there */
    1,
    8,
    2048,
    4095,
    USER_END,
    USER_END + 4096,
    USER_END - 4095,
    UPPER,
    NUCLEUS,
    UINT64_C(1) << 63,
    UINT64_MAX,
    UINT64_MAX - 4095,
    UINT64_C(0x4000000000000000),
    UINT64_C(1) << 39,
    UINT64_C(1) << 56,
};
static const uint64_t too_many[] = {
    /* pages, from any address */
    UINT64_MAX,
    UINT64_C(1) << 63,
    UINT64_C(1) << 52,
    UINT64_C(1) << 51,
    (UINT64_C(1) << 26) + 1,
    UINT64_C(1) << 26,
    UINT64_C(0xfffffffffffff),
    UINT64_MAX - 1,
};
static const uint64_t no_addresses[] = {
    /* no byte is there */
    USER_END,          USER_END + 1,      UPPER,          NUCLEUS, UINT64_MAX,
    UINT64_C(1) << 63, UINT64_C(1) << 39, UINT64_MAX - 7,
};
static const uint64_t no_areas[] = {
    /* for set interrupt */
    1,
    2,
    4,
    7,
    USER_END,
    UPPER,
    NUCLEUS,
    UINT64_MAX - 7,
    USER_END - 8,
    UINT64_C(1) << 63,
};
static const uint64_t no_rights[] = {
    0, 8, 9, 255, UINT64_MAX, UINT64_C(1) << 63, UINT64_C(0x100000001),
};

static void addresses(void)
{
    uint64_t child = scene.stopped_child;
    uint64_t page = family_arena();
#define RANGE(label, function, register, values, ...)                 \
    {                                                                 \
        label, CALL(function, __VA_ARGS__), REGISTER_A0 + (register), \
            (values), COUNT(values), RESULT(bad_address)              \
    }
#define MAP .a0 = child, .a1 = page, .a2 = page, .a3 = 1, .a4 = KERNE_READ
#define UNMAP .a0 = child, .a1 = page, .a3 = 1
    const struct attempt attempts[] = {
        RANGE("map: child's address", map, 1, no_pages, MAP),
        RANGE("map: own address", map, 2, no_pages, MAP),
        RANGE("map: pages", map, 3, too_many, MAP),
        { "map: rights", CALL(map, MAP), REGISTER_A0 + 4, no_rights,
          COUNT(no_rights), RESULT(bad_argument) },
        RANGE("unmap: child's address", unmap, 1, no_pages, UNMAP),
        RANGE("unmap: pages", unmap, 3, too_many, UNMAP),
        RANGE("physical address", physical_address, 0, no_addresses, .a1 = 0),
        RANGE("set interrupt: area", set_interrupt, 0, no_areas, .a1 = 0),
    };
#undef RANGE
#undef MAP
#undef UNMAP
    attack_with(attempts, COUNT(attempts));
}

/* ---- numbers ------------------------------------------------------------ */

static const uint64_t no_numbers[] = {
    KERNE_CHILDREN,
    KERNE_CHILDREN + 1,
    KERNE_EXTERNAL + LINE_UART,
    0xffff,
    0x10001,
    UINT64_C(0x100000001),
    UINT64_MAX,
    UINT64_C(1) << 63,
};
static const uint64_t no_lines[] = {
    0,          KERNE_LINES,       KERNE_LINES + LINE_UART,
    UINT64_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63,
};
static const uint64_t no_shares[] = {
    0,
    KERNE_SHARE_LIMIT + 1,
    UINT64_C(0x10000),
    UINT64_C(0x10064),
    UINT64_C(0x100000064),
    UINT64_MAX,
    UINT64_C(1) << 63,
};
static const uint64_t no_directions[] = {
    KERNE_STORE + 1,   255, UINT64_C(1) << 32, UINT64_MAX,
    UINT64_C(1) << 61, UINT64_C(1) << 63,
};
static const uint64_t no_answers[] = {
    0,          KERNE_r_gone,      7, 255, UINT64_C(0x100000001),
    UINT64_MAX, UINT64_C(1) << 63,
};
static const uint64_t no_descriptions[] = {
    KERNE_DESCRIBE_TREE + 1, 255, UINT64_C(1) << 32, UINT64_MAX,
    UINT64_C(1) << 63,
};
static const uint64_t too_much[] = {
    /* of any claim */
    1000000,           UINT64_C(1) << 31,
    UINT64_C(1) << 32, UINT64_C(0x100000001),
    UINT64_C(1) << 63, UINT64_MAX,
    UINT64_MAX - 1,
};
static const uint64_t no_hows[] = {
    /* bits without a meaning, large shares */
    UINT64_C(0x200),
    UINT64_C(0x8000),
    (KERNE_SHARE_LIMIT + 1) << 16,
    UINT64_C(0xffffffffffff0000),
    UINT64_C(1) << 63,
};
static const uint64_t too_far[] = { 255, 254, 100 };
static const uint64_t masks[] = { KERNE_MASK_COUNTERS, KERNE_MASK_ALL };

static void numbers(void)
{
    uint64_t child = scene.stopped_child;
#define NUMBER(label, function, register, values, expected, ...)  \
    {                                                             \
        label, CALL(function, __VA_ARGS__), (register), (values), \
            COUNT(values), (expected)                             \
    }
#define CREATE .a1 = 'x', .a3 = 9, .a6 = 1
    const struct attempt attempts[] = {
        NUMBER("create: number", create_internal_process, REGISTER_A0 + 3,
               no_numbers, RESULT(number_out_of_range), CREATE),
        NUMBER("create: buffers", create_internal_process, REGISTER_A0 + 4,
               too_much, RESULT(no_buffers), CREATE),
        NUMBER("create: processes", create_internal_process, REGISTER_A0 + 5,
               too_much, RESULT(no_processes), CREATE),
        NUMBER("create: tables", create_internal_process, REGISTER_A0 + 6,
               too_much, RESULT(no_tables), CREATE),
        NUMBER("create: mask", create_internal_process, REGISTER_T0, masks,
               RESULT(mask_exceeded), CREATE),
        NUMBER("create: how", create_internal_process, REGISTER_T1, no_hows,
               RESULT(bad_argument), CREATE),
        NUMBER("create: horizon", create_internal_process, REGISTER_T1, too_far,
               RESULT(horizon_exceeded), CREATE),
        NUMBER("create pseudo: number", create_pseudo_process, REGISTER_A0 + 3,
               no_numbers, RESULT(number_out_of_range), .a1 = 'x',
               .a4 = KERNE_VACANT),
        NUMBER("include: line", include_user, REGISTER_A1, no_lines,
               RESULT(bad_argument) | RESULT(not_user), .a0 = child),
        NUMBER("exclude: line", exclude_user, REGISTER_A1, no_lines,
               RESULT(bad_argument) | RESULT(not_user), .a0 = child),
        NUMBER("set share", set_share, REGISTER_A1, no_shares,
               RESULT(bad_argument), .a0 = child),
        NUMBER("modify: direction", modify_internal_process, REGISTER_A0 + 2,
               no_directions, RESULT(bad_argument), .a0 = child),
        NUMBER("modify: area", modify_internal_process, REGISTER_A1, no_areas,
               RESULT(bad_address), .a0 = child),
        NUMBER("send answer: result", send_answer, REGISTER_T2, no_answers,
               RESULT(bad_argument), .a0 = scene.held),
        NUMBER("describe: what", describe, REGISTER_A1, no_descriptions,
               RESULT(bad_argument), .a0 = child),
    };
#undef NUMBER
#undef CREATE
    attack_with(attempts, COUNT(attempts));
}

/* What is right for others, but not in this state. */
static void states(void)
{
    const uint64_t uart[] = { LINE_UART };
    const uint64_t running[] = { scene.running_child };
    const uint64_t stopped[] = { scene.stopped_child };
    const uint64_t taken[] = { 3, 4 }; /* numbers of those two */
    const struct attempt attempts[] = {
        { "include: another's line", CALL(include_user, .a0 = stopped[0]),
          REGISTER_A1, uart, 1, RESULT(not_user) },
        { "exclude: nobody's line", CALL(exclude_user, .a0 = stopped[0]),
          REGISTER_A1, uart, 1, RESULT(not_user) },
        { "modify: it runs",
          CALL(modify_internal_process, .a2 = KERNE_STORE), REGISTER_A0,
          running, 1, RESULT(not_stopped) },
        { "start: it runs", CALL(start_internal_process, .a1 = 0), REGISTER_A0,
          running, 1, RESULT(not_stopped) },
        { "stop: it is stopped", CALL(stop_internal_process, .a1 = 0),
          REGISTER_A0, stopped, 1, RESULT(already_stopped) },
        { "create: number taken",
          CALL(create_internal_process, .a1 = 'x', .a6 = 1), REGISTER_A0 + 3,
          taken, 2, RESULT(number_taken) },
        { "create pseudo: number taken", CALL(create_pseudo_process, .a1 = 'x'),
          REGISTER_A0 + 3, taken, 2, RESULT(number_taken) },
    };
    attack_with(attempts, COUNT(attempts));
}

static void reference_arguments(void) { attack_run(references); }

static void buffer_arguments(void) { attack_run(buffers); }

static void last_event_arguments(void) { attack_run(last_events); }

static void address_arguments(void) { attack_run(addresses); }

static void number_arguments(void) { attack_run(numbers); }

static void wrong_states(void) { attack_run(states); }

const struct test tests[] = {
    { .name = "hostile.references", .function = reference_arguments },
    { .name = "hostile.buffers", .function = buffer_arguments },
    { .name = "hostile.last_events", .function = last_event_arguments },
    { .name = "hostile.addresses", .function = address_arguments },
    { .name = "hostile.numbers", .function = number_arguments },
    { .name = "hostile.states", .function = wrong_states },
    { NULL, .function = NULL },
};
