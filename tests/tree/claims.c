/* Each claim used up is a refusal that names it, and all is as before when
 * what used it up is gone. */
#include <harness.h>

enum claim {
    BUFFERS,
    PROCESSES,
    TABLES,
    CLAIMS,
};

static uint64_t free_of(enum claim claim) { return family_free(claim); }

static uint64_t create(uint64_t parent, uint64_t number, const char *name,
                       const uint64_t claims[CLAIMS], uint64_t *ret_child)
{
    struct kerne_creation creation = {
        .parent = parent,
        .name = name,
        .number = number,
        .buffers = claims[BUFFERS],
        .processes = claims[PROCESSES],
        .tables = claims[TABLES],
        .mask = KERNE_MASK_ALL,
    };
    return kerne_create(&creation, ret_child);
}

/* ---- one create --------------------------------------------------------- */

static const uint64_t refusal[CLAIMS] = {
    [BUFFERS] = KERNE_r_no_buffers,
    [PROCESSES] = KERNE_r_no_processes,
    [TABLES] = KERNE_r_no_tables,
};

static void expect_refused(enum claim claim, uint64_t amount)
{
    uint64_t claims[CLAIMS] = { 0, 0, 1 };
    uint64_t child;
    claims[claim] = amount;
    expect_result_of("create beyond a claim",
                     create(0, 2, "greedy", claims, &child), refusal[claim]);
}

/* All of what is free can be given, and not one more: of processes, the child
 * itself is one. */
static void all_of(enum claim claim)
{
    uint64_t claims[CLAIMS] = { 0, 0, 1 };
    uint64_t most = free_of(claim) - (claim == PROCESSES);
    uint64_t child;
    expect_refused(claim, most + 1);
    expect_refused(claim, UINT64_C(1) << 32);
    expect_refused(claim, UINT64_MAX - 1);
    expect_refused(claim, UINT64_MAX);
    claims[claim] = most;
    require(expect_result(create(0, 1, "heir", claims, &child), normal));
    expect_equal(free_of(claim), 0);
    expect_equal(family_describe(child, KERNE_DESCRIBE_CLAIM, claim, 0), most);
    expect_refused(claim, claim == PROCESSES ? 0 : 1);
    require(expect_result(kerne_remove(child), normal));
    expect_equal(free_of(claim) - (claim == PROCESSES), most);
}

static void each_claim(void)
{
    for (enum claim claim = BUFFERS; claim < CLAIMS; claim++) { all_of(claim); }
}

/* ---- thousands of processes --------------------------------------------- */

#define NEST 200 /* children of one parent, below the root */
#define NESTS KERNE_CHILDREN
#define TABLES_KEPT NESTS /* one for each nest to come */

static uint64_t nests[NESTS];

/* A name for each number: "n000" and so on. */
static const char *name_of(uint64_t number)
{
    static char name[8];
    name[0] = 'n';
    name[1] = (char)('0' + number / 100 % 10);
    name[2] = (char)('0' + number / 10 % 10);
    name[3] = (char)('0' + number % 10);
    return name;
}

/* An internal process while there are tables, then pseudo processes. */
static uint64_t make_one(uint64_t nest, uint64_t number)
{
    static const uint64_t none[CLAIMS] = { 0, 0, 1 };
    uint64_t child;
    uint64_t result = create(nest, number, name_of(number), none, &child);
    if (result == KERNE_r_no_tables) {
        result = kerne_create_pseudo(nest, name_of(number), number,
                                     KERNE_VACANT, &child);
    }
    return result;
}

/* Tables for a nest and each in it, while the root keeps some for others. */
static uint64_t tables_for(uint64_t room)
{
    uint64_t free = free_of(TABLES);
    uint64_t some = free > TABLES_KEPT ? free - TABLES_KEPT : 1;
    return some < room + 1 ? some : room + 1;
}

/* Makes a nest and fills it to its claim. */
static uint64_t fill_nest(uint64_t index)
{
    uint64_t free = free_of(PROCESSES) - 1;
    uint64_t room = free < NEST ? free : NEST;
    uint64_t claims[CLAIMS] = { 0, room, tables_for(room) };
    if (!expect_result(create(0, index, name_of(index), claims, &nests[index]),
                       normal)) {
        return 0;
    }
    for (uint64_t i = 0; i < room; i++) {
        if (!expect_result(make_one(nests[index], i), normal)) { return i; }
    }
    uint64_t last = make_one(nests[index], room);
    expect_result_of("one more in a nest", last, KERNE_r_no_processes);
    return room;
}

/* Until every process of the machine is in use. */
static void thousands(void)
{
    uint64_t all = free_of(PROCESSES);
    uint64_t made = 0;
    uint64_t count = 0;
    expect(all >= 2000);
    while (count < NESTS && free_of(PROCESSES) > 0 && expect_failures() == 0) {
        made += 1 + fill_nest(count++);
    }
    expect_equal(made, all);
    uint64_t none[CLAIMS] = { 0, 0, 1 };
    uint64_t child;
    expect_result(create(0, count, "late", none, &child), no_processes);
    expect_result(kerne_create_pseudo(0, "late", count, KERNE_VACANT, &child),
                  no_processes);
    while (count > 0) { expect_result(kerne_remove(nests[--count]), normal); }
    expect_equal(free_of(PROCESSES), all);
}

/* ---- by use ------------------------------------------------------------- */

/* A claim of buffers is used up by one's own messages, and is whole again
 * when they have been answered and taken, or regretted. */
static void buffers_by_sending(void)
{
    for (unsigned round = 0; round < 2; round++) {
        uint64_t all = free_of(BUFFERS);
        uint64_t buffer;
        uint64_t sent = 0;
        while (kerne_send_message(KERNE_SELF, WORDS(0, sent), &buffer) ==
               KERNE_r_normal) {
            sent++;
        }
        expect_equal(sent, all);
        expect_result(kerne_send_message(KERNE_SELF, WORDS(0), &buffer),
                      no_buffers);
        for (uint64_t i = 0; i < sent; i++) {
            struct kerne_received r = kerne_wait_message();
            struct kerne_words answer;
            expect_equal(r.words.w[1], i);
            if (round == 0) {
                expect_result(
                    kerne_send_answer(r.buffer, KERNE_r_normal, &r.words),
                    normal);
                expect_result(kerne_wait_answer(r.buffer, &answer), normal);
            } else {
                expect_result(kerne_regret_message(r.buffer), normal);
                expect_result(
                    kerne_send_answer(r.buffer, KERNE_r_normal, &r.words),
                    gone);
            }
        }
        expect_equal(free_of(BUFFERS), all);
    }
}

#define MAPPED_TABLES 20

/* Each further 2 MiB costs a table; the first of all costs three. */
static void tables_by_mapping(void)
{
    uint64_t claims[CLAIMS] = { 0, 0, MAPPED_TABLES };
    uint64_t child;
    uint64_t left;
    uint64_t base = UINT64_C(0x40000000);
    require(expect_result(create(0, 3, "mapped", claims, &child), normal));
    for (uint64_t i = 0; i < MAPPED_TABLES - 2; i++) {
        expect_result(kerne_map(child, base + i * KERNE_LARGE_PAGE,
                                family_arena(), 1, KERNE_READ, &left),
                      normal);
        expect_equal(left, 0);
    }
    expect_equal(family_describe(child, KERNE_DESCRIBE_CLAIM, TABLES, 1), 0);
    uint64_t end = base + (MAPPED_TABLES - 2) * KERNE_LARGE_PAGE;
    expect_result(kerne_map(child, end - KERNE_PAGE, family_arena(), 3,
                            KERNE_READ, &left),
                  no_tables);
    expect(left == 2 || left == 3);
    expect_result(kerne_map(child, base + 5 * KERNE_PAGE, family_arena(), 100,
                            KERNE_READ, &left),
                  normal);
    expect_result(kerne_remove(child), normal);
}

const struct test tests[] = {
    { .name = "tree.claims.each_claim",
      .function = each_claim,
      .as_root = true },
    { .name = "tree.claims.thousands_of_processes",
      .function = thousands,
      .as_root = true },
    { .name = "tree.claims.buffers_by_sending",
      .function = buffers_by_sending,
      .buffers = 1000 },
    { .name = "tree.claims.tables_by_mapping", .function = tables_by_mapping },
    { NULL, .function = NULL },
};
