/*
 * depot: the parent of its own disk driver, for disk.py, as a store is.  It
 * lends the driver a run of its pages, and tries what only a parent can: the
 * device in these pages, and a driver and a client that die with requests under
 * way, after which no word may change that was written over their storage.
 */
#include "../bench/pace.h"
#include "driven.h"

#include <orders.h>
#include <stdio.h>

#define DRIVER_AT UINT64_C(0x90000000) /* where the driver has the run */
#define RUN_PAGES 161                  /* the last is for orders */
#define PART PACE_REQUEST              /* bytes: as many as there can be */
#define FLIGHT 20 /* requests: as many as the driver has slots, and some */
#define SLOTS 16
#define FIRST 4096 /* segment of what is read and written */

static struct parent depot;
static struct storage_run run;
static struct child *driver;

static void say(const char *what, bool is_good)
{
    parent_say(&depot, "%s: %s", what, is_good ? "good" : "WRONG");
}

/* ---- the driver ---------------------------------------------------------- */

static void start_driver(uint64_t turned)
{
    char command[KERNE_ARGUMENT_BYTES];
    struct device *device = device_of_kind(&depot.devices, DEVICE_DISK);
    snprintf(command, sizeof command, "disk run=0x%lx pages=%lu at=0x%lx",
             (unsigned long)run.first, (unsigned long)run.pages,
             (unsigned long)DRIVER_AT);
    driver =
        driven_make(&(struct driven){ .parent = &depot,
                                      .command = command,
                                      .mask = depot.mask,
                                      .device_tree = depot.start->device_tree,
                                      .at = DRIVER_AT,
                                      .from = run.first,
                                      .pages = run.pages,
                                      .turned = turned });
    if (device == NULL || !child_lend(&depot, driver, device) ||
        !child_start(&depot, driver)) {
        kerne_give_up("there is no driver: %s", depot.refusal);
    }
}

static uint64_t disk(void) { return KERNE_ADDRESS(0, driver->number); }

static char *run_at(uint64_t bytes) { return (char *)run.first + bytes; }

/* Of a message without a grant; *ret_bytes is word 1. */
static uint64_t ask(uint64_t operation, const void *area, uint64_t bytes,
                    uint64_t first, uint64_t *ret_status, uint64_t *ret_bytes)
{
    struct kerne_words answer, message = kerne_area(operation, 0, area, bytes);
    message.w[KERNE_WORD_SEGMENT] = first;
    uint64_t result = kerne_converse(disk(), &message, &answer);
    *ret_status = answer.w[KERNE_WORD_STATUS];
    *ret_bytes = answer.w[KERNE_WORD_BYTES];
    return result;
}

/* ---- words --------------------------------------------------------------- */

static void fill(void *area, uint64_t bytes, uint64_t seed)
{
    uint64_t *word = area;
    for (uint64_t i = 0; i < bytes / 8; i++) { word[i] = seed + i; }
}

/* How many words are not as they were filled. */
static uint64_t changed(const void *area, uint64_t bytes, uint64_t seed)
{
    const uint64_t *word = area;
    uint64_t count = 0;
    for (uint64_t i = 0; i < bytes / 8; i++) { count += word[i] != seed + i; }
    return count;
}

/* All free storage, so that it is what others had. */
static struct storage_run taken[STORAGE_RUNS];
static unsigned taken_runs;

static void take_all(void)
{
    uint64_t pages;
    for (taken_runs = 0; taken_runs < STORAGE_RUNS &&
                         (pages = storage_longest(&depot.storage)) > 0;
         taken_runs++) {
        taken[taken_runs] = storage_take(&depot.storage, pages);
        fill((void *)taken[taken_runs].first,
             taken[taken_runs].pages * KERNE_PAGE, taken_runs);
    }
}

static uint64_t changed_of_all(void)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < taken_runs; i++) {
        count +=
            changed((void *)taken[i].first, taken[i].pages * KERNE_PAGE, i);
        storage_return(&depot.storage, taken[i]);
    }
    return count;
}

/* ---- the device in the run ----------------------------------------------- */

static void direct(void)
{
    static char own[PART];
    uint64_t status, bytes;
    struct kerne_segments_done done;
    fill(run_at(0), PART, 1);
    bool is_good = ask(KERNE_OUTPUT, run_at(0), PART, FIRST, &status, &bytes) ==
                       KERNE_r_normal &&
                   bytes == PART;
    say("output from the run", is_good);
    kerne_segments_input(disk(), FIRST, own, PART / KERNE_SEGMENT, &done);
    say("input by a grant",
        done.result == KERNE_r_normal && changed(own, PART, 1) == 0);
    fill(run_at(PART), 2 * PART, 2);
    is_good = ask(KERNE_INPUT, run_at(PART + 1000), PART, FIRST, &status,
                  &bytes) == KERNE_r_normal &&
              bytes == PART && changed(run_at(PART + 1000), PART, 1) == 0 &&
              changed(run_at(PART), 1000, 2) == 0 &&
              changed(run_at(2 * PART + 1000), PART - 1000,
                      2 + (PART + 1000) / 8) == 0;
    say("input at any address of the run", is_good);
}

static void refusals(void)
{
    static char outside[KERNE_SEGMENT];
    const struct {
        const char *what;
        char *area;
        uint64_t bytes;
    } tries[] = {
        { "outside of the run", outside, KERNE_SEGMENT },
        { "before the run", run_at(0) - 8, KERNE_SEGMENT },
        { "behind the run", run_at(run.pages * KERNE_PAGE - 8), KERNE_SEGMENT },
        { "backwards", run_at(KERNE_SEGMENT), 0 - (uint64_t)KERNE_SEGMENT },
        { "all storage", run_at(0), 0 - run.first },
        { "no segment", run_at(0), 8 },
    };
    uint64_t status, bytes;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        say(tries[i].what,
            ask(KERNE_OUTPUT, tries[i].area, tries[i].bytes, FIRST, &status,
                &bytes) == KERNE_r_unintelligible &&
                status == KERNE_SEGMENTS_BAD_AREA);
    }
}

/* ---- orders -------------------------------------------------------------- */

static struct kerne_orders *orders(void)
{
    return (struct kerne_orders *)run_at((RUN_PAGES - 1) * KERNE_PAGE);
}

/* Lists are sent but not waited for: one buffer each. */
static uint64_t ask_orders(uint64_t list, uint64_t first, uint64_t bytes)
{
    uint64_t buffer;
    struct kerne_words words =
        kerne_area(KERNE_SEGMENTS_ORDERS, 0, (void *)first, bytes);
    words.w[KERNE_WORD_SEGMENT] = list;
    (void)kerne_send_message(disk(), &words, &buffer);
    return buffer;
}

static bool is_done(uint64_t buffer, uint64_t result)
{
    struct kerne_words answer;
    return kerne_wait_answer(buffer, &answer) == result &&
           answer.w[0] == (result == KERNE_r_normal ? KERNE_SEGMENTS_DONE
                                                    : KERNE_SEGMENTS_BAD_AREA);
}

/* One list with what can be done and what cannot, the others of one each. */
static void many_orders(void)
{
    const struct kerne_order tries[] = {
        { KERNE_OUTPUT, (uint64_t)run_at(0), PART, FIRST, 0 },
        { KERNE_SEGMENTS_FLUSH, 0, 0, 0, 0 },
        { KERNE_INPUT, (uint64_t)run_at(PART), 2 * PART, FIRST + 256, 0 },
        { KERNE_INPUT, (uint64_t)run_at(PART), 8, FIRST, 64 },
        { KERNE_INPUT, run.first - 8, KERNE_SEGMENT, FIRST, 64 },
        { KERNE_INPUT, run.first, 0 - run.first, FIRST, 64 },
        { KERNE_INPUT, run.first, UINT64_MAX / 512 * 512, FIRST, 64 },
        { KERNE_INPUT, run.first, PART, UINT64_MAX, 65 },
        { 77, run.first, PART, FIRST, 64 },
        { KERNE_INPUT, run.first, 0, FIRST, 0 },
    };
    const unsigned count = sizeof tries / sizeof tries[0];
    uint64_t buffer[KERNE_ORDERS];
    memcpy(orders()->order, tries, sizeof tries);
    fill(run_at(0), PART, 5);
    orders()->asked[3] = 1;
    bool is_good = kerne_orders_join(orders(), 3, 1);
    orders()->asked[3] = (1u << count) - 1;
    is_good = is_done(ask_orders(3, (uint64_t)orders(), sizeof *orders()),
                      KERNE_r_normal) &&
              !kerne_orders_join(orders(), 3, 0) && is_good;
    for (unsigned i = 0; i < count; i++) {
        const struct kerne_order *order = &orders()->order[i];
        is_good = is_good && order->status == tries[i].status &&
                  order->bytes == (i == 0 || i == 2 ? PART : 0);
    }
    say("orders", is_good);
    for (unsigned i = 0; i < KERNE_ORDERS; i++) {
        orders()->order[i] = (struct kerne_order){
            KERNE_INPUT, (uint64_t)run_at((1 + i % 8) * PART), PART, FIRST, 77
        };
        orders()->asked[i] = 1u << i;
        buffer[i] = ask_orders(i, (uint64_t)orders(), sizeof *orders());
    }
    for (unsigned i = 0; i < KERNE_ORDERS; i++) {
        is_good = is_done(buffer[i], KERNE_r_normal) && is_good &&
                  orders()->order[i].status == KERNE_SEGMENTS_DONE;
    }
    say("orders of many lists",
        is_good && changed(run_at(8 * PART), PART, 5) == 0);
}

static void bad_orders(void)
{
    char *past = run_at(RUN_PAGES * KERNE_PAGE - 8);
    const uint64_t tries[][3] = {
        { KERNE_ORDERS, (uint64_t)orders(), sizeof *orders() },
        { 0, (uint64_t)orders(), sizeof *orders() - 8 },
        { 0, (uint64_t)orders() + 1, sizeof *orders() },
        { 0, (uint64_t)past, sizeof *orders() },
        { 0, (uint64_t)tries, sizeof *orders() },
        { 0, 0 - (uint64_t)8, sizeof *orders() },
    };
    bool is_good = true;
    for (unsigned i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        uint64_t buffer = ask_orders(tries[i][0], tries[i][1], tries[i][2]);
        is_good = is_done(buffer, KERNE_r_unintelligible) && is_good;
    }
    orders()->order[0] =
        (struct kerne_order){ KERNE_INPUT, run.first, PART, FIRST, 0 };
    orders()->asked[0] = 1;
    uint64_t one = ask_orders(0, (uint64_t)orders(), sizeof *orders());
    uint64_t two = ask_orders(0, (uint64_t)orders(), sizeof *orders());
    is_good = is_done(two, KERNE_r_unintelligible) && is_good;
    is_good = is_done(one, KERNE_r_normal) && is_good;
    is_good = is_done(ask_orders(0, (uint64_t)orders(), sizeof *orders()),
                      KERNE_r_normal) &&
              is_good; /* of which nothing is asked */
    say("orders that are none", is_good);
}

/* Of a disk whose third segment cannot be read. */
static void failing(void)
{
    orders()->order[0] =
        (struct kerne_order){ KERNE_INPUT, run.first, PART, 0, 77 };
    orders()->asked[0] = 1;
    orders()->order[0].bytes = PART;
    uint64_t buffer = ask_orders(0, (uint64_t)orders(), sizeof *orders());
    bool is_told = is_done(buffer, KERNE_r_normal);
    say("an order that fails",
        is_told && orders()->order[0].bytes == 0 &&
            orders()->order[0].status == KERNE_SEGMENTS_DEVICE_ERROR);
}

/* ---- pages that are no neighbours ---------------------------------------- */

#define TURNED 4 /* a page of the run, which has its neighbour's place */

static const char *page_of(const char *area, uint64_t number)
{
    return area + number * KERNE_PAGE;
}

/* Two pages have changed places for the driver: so they do on the disk. */
static void scattered(void)
{
    static char own[PART];
    uint64_t status, bytes;
    struct kerne_segments_done done;
    (void)child_remove(&depot, driver);
    start_driver(TURNED);
    fill(run_at(0), PART, 7);
    bool is_good = ask(KERNE_OUTPUT, run_at(0), PART, FIRST, &status, &bytes) ==
                       KERNE_r_normal &&
                   bytes == PART;
    kerne_segments_input(disk(), FIRST, own, PART / KERNE_SEGMENT, &done);
    for (uint64_t i = 0; i < PART / KERNE_PAGE; i++) {
        uint64_t from = i == TURNED ? i + 1 : i == TURNED + 1 ? i - 1 : i;
        is_good = is_good && memcmp(page_of(own, i), page_of(run_at(0), from),
                                    KERNE_PAGE) == 0;
    }
    say("output of pages that are no neighbours", is_good);
    fill(run_at(0), PART, 8);
    is_good = ask(KERNE_INPUT, run_at(0), PART, FIRST, &status, &bytes) ==
                  KERNE_r_normal &&
              changed(run_at(0), PART, 7) == 0;
    say("input into them", is_good);
}

/* ---- deaths -------------------------------------------------------------- */

/* Half of them into the run, half by a grant. */
static void begin_flight(uint64_t buffer[FLIGHT])
{
    static char area[FLIGHT / 2][PART];
    for (unsigned i = 0; i < FLIGHT; i++) {
        bool is_direct = i % 2 == 0;
        struct kerne_words message =
            kerne_area(KERNE_INPUT, is_direct ? 0 : KERNE_GRANT_WRITE,
                       is_direct ? run_at(i / 2 * PART) : area[i / 2], PART);
        message.w[KERNE_WORD_SEGMENT] = i * PART / KERNE_SEGMENT;
        if (kerne_send_message(disk(), &message, &buffer[i]) !=
            KERNE_r_normal) {
            kerne_give_up("no buffer");
        }
    }
    kerne_delay(kerne_ticks(50000)); /* so that the driver takes them */
}

static void driver_dies(unsigned round)
{
    uint64_t buffer[FLIGHT], under_way = 0, others = 0;
    uint64_t bytes = run.pages * KERNE_PAGE;
    begin_flight(buffer);
    (void)child_remove(&depot, driver);
    take_all();
    fill(run_at(0), bytes, round);
    for (unsigned i = 0; i < FLIGHT; i++) {
        struct kerne_words answer;
        uint64_t result = kerne_wait_answer(buffer[i], &answer);
        bool is_gone = result == KERNE_r_does_not_exist;
        under_way += is_gone && answer.w[0] == KERNE_HAD_BEEN_RECEIVED;
        others += (is_gone && answer.w[0] == 0) || result == KERNE_r_normal;
    }
    say("its clients are answered",
        under_way == SLOTS && others == FLIGHT - SLOTS);
    kerne_delay(kerne_ticks(1000000)); /* for the device to be late */
    say("no word has changed",
        changed_of_all() == 0 && changed(run_at(0), bytes, round) == 0);
    start_driver(0);
    direct();
}

static void client_dies(void)
{
    struct child_order order = {
        .bytes = 2048 * 1024,
        .buffers = 80,
        .mask = depot.mask & ~KERNE_MASK_BIT(KERNE_physical_address),
    };
    order.tables = child_tables(&order);
    struct kerne_segments_done done;
    struct child *client = parent_make(&depot, "mover hang", &order);
    if (client == NULL || !child_start(&depot, client)) { return; }
    kerne_delay(kerne_ticks(50000));
    (void)child_remove(&depot, client);
    take_all();
    kerne_segments_flush(disk(), &done); /* behind all that it asked for */
    kerne_delay(kerne_ticks(1000000));
    say("nor of a client that is gone",
        done.result == KERNE_r_normal && changed_of_all() == 0);
    direct();
}

/* ---- what it costs ------------------------------------------------------- */

static const struct pace paces[] = {
    { "input_4k_alone", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 1, false },
    { "input_4k_of_eight", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 8, false },
    { "input_64k_of_eight", KERNE_INPUT, KERNE_GRANT_WRITE, PART, 8, false },
    { "output_4k_of_eight", KERNE_OUTPUT, KERNE_GRANT_READ, 4096, 8, false },
    { "output_64k_of_eight", KERNE_OUTPUT, KERNE_GRANT_READ, PART, 8, false },
    { "in_run_4k_of_eight", KERNE_INPUT, 0, 4096, 8, false },
    { "in_run_64k_of_eight", KERNE_INPUT, 0, PART, 8, false },
};

#define ALL_BYTES (2 * 1024 * 1024) /* moved in a round */

static void mark(const struct pace *pace, enum pace_mark what)
{
    static struct tally tally = { .parent = &depot,
                                  .label = "disk",
                                  .kib = ALL_BYTES / 1024 };
    tally_mark(&tally, pace->name, what);
}

static void measure(const char *show)
{
    const struct course course = {
        .address = disk(),
        .bytes = ALL_BYTES,
        .traced = 256 * 1024,
        .rounds = 24,
        .run = run_at(0),
        .mark = mark,
    };
    pace_all(&course, paces, sizeof paces / sizeof paces[0], show);
}

int main(int argc, char **argv)
{
    bool is_slow = argc > 1 && strcmp(argv[1], "slow") == 0;
    parent_begin(&depot);
    parent_needs_image(&depot);
    parent_learn_devices(&depot);
    parent_present(&depot, "console", depot.console.address);
    parent_present(&depot, "clock", depot.clock);
    run = storage_take(&depot.storage, RUN_PAGES);
    start_driver(0);
    if (argc > 1 && strcmp(argv[1], "failing") == 0) {
        failing();
        return 0;
    }
    if (argc > 1 && !is_slow) {
        measure(argc > 2 ? argv[2] : NULL);
        return 0;
    }
    direct();
    refusals();
    many_orders();
    bad_orders();
    scattered();
    for (unsigned round = 0; is_slow && round < 3; round++) {
        driver_dies(round);
    }
    if (is_slow) { client_dies(); }
    (void)child_remove(&depot, driver);
    return 0;
}
