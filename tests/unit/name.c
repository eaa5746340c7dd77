/* Names, addresses, horizons, pseudo processes, paths of senders. */
#include <stdio.h>

#include "rig.h"

static struct process *root, *anna, *bert, *boss, *job;

/* anna and bert are siblings of boss, and job is boss's child. */
static void begin(void)
{
    root = rig_begin(20, 40, 80);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    boss = rig_child(root, "boss", 3);
    struct call creation = rig_creation("job", 4);
    creation.w[3] = 2;
    creation.w[4] = 0;
    creation.w[5] = 3;
    creation.w[7] = kerne_create_how(2, 0, 0);
    job = rig_create(boss, creation);
}

#define LOOK_UP(p, name) CALL(p, process_description, 0, { NAME(name) })

/* ---- looking up -------------------------------------------------------- */

static void from_the_inside_outwards(void)
{
    begin();
    RESULT(LOOK_UP(job, "job"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(1, 4));
    RESULT(LOOK_UP(job, "anna"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(2, 1));
    rig_child(boss, "anna", 0);
    RESULT(LOOK_UP(job, "anna"), normal);
    EQUAL(job->x[R_A0], KERNE_ADDRESS(1, 0));
    RESULT(LOOK_UP(anna, "job"), name_unknown);
    RESULT(LOOK_UP(root, "parent"), name_unknown);
    rig_child(root, "fifteen-letters", 4);
    RESULT(LOOK_UP(root, "fifteen-letters"), normal);
    EQUAL(root->x[R_A0], KERNE_ADDRESS(0, 4));
    RESULT(LOOK_UP(root, "fifteen-"), name_unknown);
}

static void nothing_beyond_the_horizon(void)
{
    begin();
    struct call creation = rig_creation("near", 5);
    creation.w[7] = kerne_create_how(0, 0, 0);
    struct process *near = rig_create(root, creation);
    RESULT(LOOK_UP(near, "anna"), name_unknown);
    RESULT(LOOK_UP(near, "clock"), name_unknown);
    RESULT(LOOK_UP(near, "nobody"), name_unknown);
    EQUAL(near->x[R_A0], 0); /* nothing of how far it looked */
}

struct spelling {
    const char *name;
    enum kerne_result result;
    uint64_t number;
};

static void externals_by_name(void)
{
    static const struct spelling spellings[] = {
        { "clock", KERNE_r_normal, 0 },
        { "line1", KERNE_r_normal, 1 },
        { "line9", KERNE_r_normal, 9 },
        { "line10", KERNE_r_normal, 10 },
        { "line63", KERNE_r_normal, 63 },
        { "line64", KERNE_r_name_unknown, 0 },
        { "line0", KERNE_r_name_unknown, 0 },
        { "line01", KERNE_r_name_unknown, 0 },
        { "line", KERNE_r_name_unknown, 0 },
        { "line1x", KERNE_r_name_unknown, 0 },
        { "line100", KERNE_r_name_unknown, 0 },
        { "lime1", KERNE_r_name_unknown, 0 },
        { "clocks", KERNE_r_name_unknown, 0 },
        { "line1-and-clock", KERNE_r_name_unknown, 0 },
    };
    begin();
    for (unsigned i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        EQUAL(LOOK_UP(anna, spellings[i].name), spellings[i].result);
        if (spellings[i].result == KERNE_r_normal) {
            EQUAL(anna->x[R_A0],
                  KERNE_ADDRESS(1, KERNE_EXTERNAL + spellings[i].number));
        }
    }
    RESULT(CALL(root, create_pseudo_process, 0, { NAME("clock"), 9, 1 }),
           normal);
    RESULT(LOOK_UP(anna, "clock"), normal);
    EQUAL(anna->x[R_A0], KERNE_ADDRESS(1, 9)); /* shadowed */
}

static void ill_formed(void)
{
    static const char *const names[] = {
        "",    "A",        "aB",
        "1a",  "-a",       "_a",
        "a b", "a.",       "sixteen-letters-",
        "a/b", "\303\246",
    };
    begin();
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        RESULT(LOOK_UP(anna, names[i]), name_ill_formed);
    }
    RESULT(CALL(anna, process_description, 0, { 'a', 'b' }), name_ill_formed);
    RESULT(CALL(anna, process_description, 0, { 'a' | 'b' << 16 }),
           name_ill_formed);
    RESULT(LOOK_UP(anna, "fifteen-letter9"), name_unknown);
    RESULT(LOOK_UP(anna, "a_-09z"), name_unknown);
}

/* ---- many siblings ----------------------------------------------------- */

#define MANY 240

static struct call numbered(uint64_t number)
{
    char name[KERNE_NAME_BYTES] = "";
    (void)snprintf(name, sizeof name, "n%u", (unsigned)number);
    struct call creation = rig_name(name);
    creation.w[2] = number;
    creation.w[3] = KERNE_VACANT;
    return creation;
}

/* Those of the numbers from `first` on that are multiples of `step`, and no
 * others, have their names. */
static void expect_every(uint64_t step, uint64_t first)
{
    for (uint64_t n = 0; n < MANY; n++) {
        struct call name = numbered(n);
        bool lives = n >= first && n % step == 0;
        EQUAL(rig_call(root, KERNE_process_description, name),
              lives ? KERNE_r_normal : KERNE_r_name_unknown);
        if (lives) {
            EQUAL(root->x[R_A0], n);
            RESULT(rig_call(root, KERNE_create_pseudo_process, name),
                   name_taken);
        }
    }
}

/* Several of them stand in each chain; each place there comes to be vacated. */
static void many_siblings(void)
{
    uint64_t reference[MANY];
    root = rig_begin(MANY, 40, 80);
    for (uint64_t n = 0; n < MANY; n++) {
        struct call creation = numbered(n);
        RESULT(rig_call(root, KERNE_create_pseudo_process, creation), normal);
        reference[n] = root->x[R_A0];
    }
    expect_every(1, 0);
    for (uint64_t n = 0; n < MANY; n++) {
        if (n % 3 != 0) {
            RESULT(CALL(root, remove_process, reference[n]), normal);
        }
    }
    expect_every(3, 0);
    for (uint64_t n = 0; n < MANY / 3; n++) {
        RESULT(CALL(root, remove_process, reference[3 * n]), normal);
        if (n % 16 == 0) { expect_every(3, 3 * n + 3); }
    }
}

/* ---- pseudo processes -------------------------------------------------- */

/* What comes of a message of job's to boss's child 9. */
static uint64_t ask(void)
{
    RESULT(CALL(job, send_message, KERNE_ADDRESS(1, 9), { 1, 2 }), normal);
    return job->x[R_A0];
}

#define PRESENT(server) \
    CALL(boss, create_pseudo_process, 0, { NAME("door"), 9, server })

static void pseudo_leads_anywhere(void)
{
    begin();
    RESULT(PRESENT(KERNE_SELF), normal);
    uint64_t pseudo = boss->x[R_A0];
    RESULT(LOOK_UP(job, "door"), normal);
    ask();
    EQUAL(CALL(boss, wait_message, 0), KERNE_MESSAGE);
    EQUAL(boss->x[R_FUNCTION],
          KERNE_ADDRESS(0, 4) | KERNE_SENDER_PSEUDO | UINT64_C(9) << 32);
    RESULT(CALL(boss, remove_process, pseudo), normal);
    RESULT(PRESENT(KERNE_ADDRESS(1, 1)), normal);
    ask();
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    EQUAL(anna->x[R_FUNCTION], KERNE_ADDRESS(1, 3) | KERNE_SENDER_INSIDE |
                                   KERNE_SENDER_PSEUDO | UINT64_C(9) << 32);
}

static void pseudo_leads_to_externals(void)
{
    begin();
    RESULT(PRESENT(KERNE_ADDRESS(1, KERNE_EXTERNAL)), normal);
    uint64_t buffer = ask();
    RESULT(CALL(job, wait_answer, buffer), normal);
    EQUAL(rig_word(job, 1), simulator.now);
}

static void vacant_and_circles(void)
{
    begin();
    RESULT(PRESENT(KERNE_VACANT), normal);
    uint64_t pseudo = boss->x[R_A0];
    RESULT(CALL(job, wait_answer, ask()), does_not_exist);
    RESULT(CALL(boss, remove_process, pseudo), normal);
    RESULT(CALL(boss, create_pseudo_process, 0,
                { NAME("ring-a"), 10, KERNE_ADDRESS(0, 11) }),
           normal);
    RESULT(CALL(boss, create_pseudo_process, 0,
                { NAME("ring-b"), 11, KERNE_ADDRESS(0, 10) }),
           normal);
    RESULT(CALL(boss, send_message, KERNE_ADDRESS(0, 10)), normal);
    RESULT(CALL(boss, wait_answer, boss->x[R_A0]), does_not_exist);
}

/* Resolved anew at each send: another server of the same number. */
static void pseudo_is_resolved_anew(void)
{
    begin();
    RESULT(PRESENT(KERNE_ADDRESS(0, 5)), normal);
    RESULT(CALL(job, wait_answer, ask()), does_not_exist);
    struct process *other = rig_child(boss, "other", 5);
    ask();
    EQUAL(CALL(other, wait_message, 0), KERNE_MESSAGE);
}

/* ---- paths of senders -------------------------------------------------- */

static void expect_path(struct process *p, uint64_t buffer, uint64_t level,
                        const char *name)
{
    RESULT(CALL(p, sender_path, buffer, { level }), normal);
    EQUAL(rig_word(p, 0), rig_name(name).w[0]);
    EQUAL(rig_word(p, 1), rig_name(name).w[1]);
}

static void path_of_a_sender(void)
{
    begin();
    RESULT(CALL(job, send_message, KERNE_ADDRESS(2, 1)), normal);
    uint64_t buffer = job->x[R_A0];
    expect_path(anna, buffer, 0, "boss");
    expect_path(anna, buffer, 1, "job");
    RESULT(CALL(anna, sender_path, buffer, { 2 }), no_more);
    RESULT(CALL(anna, sender_path, buffer, { UINT64_MAX }), no_more);
    RESULT(CALL(bert, sender_path, buffer, { 0 }), gone);
    RESULT(CALL(anna, sender_path, buffer + 1, { 0 }), gone);
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    expect_path(anna, buffer, 1, "job");
    RESULT(CALL(job, regret_message, buffer), normal);
    RESULT(CALL(anna, sender_path, buffer, { 0 }), gone);
}

static void path_ends_at_a_closed_system(void)
{
    begin();
    struct call creation = rig_creation("shut", 6);
    creation.w[7] = kerne_create_how(1, 1, 0);
    struct process *shut = rig_create(root, creation);
    struct process *inner = rig_child(shut, "inner", 1);
    RESULT(CALL(inner, send_message, KERNE_ADDRESS(2, 1)), normal);
    uint64_t buffer = inner->x[R_A0];
    expect_path(anna, buffer, 0, "shut");
    RESULT(CALL(anna, sender_path, buffer, { 1 }), no_more);
    RESULT(CALL(anna, send_message, KERNE_SELF), normal);
    RESULT(CALL(anna, sender_path, anna->x[R_A0], { 0 }), no_more);
    RESULT(CALL(root, send_message, KERNE_ADDRESS(0, 1)), normal);
    RESULT(CALL(anna, sender_path, root->x[R_A0], { 0 }), no_more);
}

static const struct test tests[] = {
    { "name.from_the_inside_outwards", from_the_inside_outwards },
    { "name.nothing_beyond_the_horizon", nothing_beyond_the_horizon },
    { "name.external_processes", externals_by_name },
    { "name.ill_formed", ill_formed },
    { "name.many_siblings", many_siblings },
    { "name.pseudo.leads_anywhere", pseudo_leads_anywhere },
    { "name.pseudo.leads_to_external_processes", pseudo_leads_to_externals },
    { "name.pseudo.vacant_and_circles", vacant_and_circles },
    { "name.pseudo.resolved_anew", pseudo_is_resolved_anew },
    { "name.sender_path", path_of_a_sender },
    { "name.sender_path.closed", path_ends_at_a_closed_system },
};

RIG_MAIN(tests)
