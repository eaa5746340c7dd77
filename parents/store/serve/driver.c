#include "driver.h"

#include <orders.h>
#include <stdio.h>

#define DRIVER_BYTES (1280 * 1024)
#define DRIVER_NUMBER 1 /* 0 is the clock's */
#define RUN_AT \
    UINT64_C(0x100000000) /* where the driver has the store's pages */
/* A driver that ends more often than that in so many microseconds is of no
 * use. */
#define RESTARTS 5
#define RESTARTS_WITHIN 10000000

static struct parent *parent;
static struct store *store;

/* Transfers and orders have the same numbers; a list has that of its first. */
static struct kerne_orders *orders;
static uint64_t moved[STORE_TRANSFERS]; /* bytes */
static struct {
    uint64_t buffer; /* 0: it is not under way */
    uint32_t orders; /* bit by bit */
} lists[STORE_TRANSFERS];
static size_t last_list;
static uint64_t last_payer, payer;
_Static_assert(STORE_TRANSFERS <= KERNE_ORDERS, "an order for each transfer");

static uint64_t sense_buffer;
static unsigned restarts;
static uint64_t restarted_at;

/* ---- the child ----------------------------------------------------------- */

static void start(void)
{
    static const uint64_t number = DRIVER_NUMBER;
    struct device *device = device_of_kind(&parent->devices, DEVICE_DISK);
    uint64_t pages = 1 + store->memory_bytes / KERNE_PAGE;
    char command[KERNE_ARGUMENT_BYTES];
    struct child_order order = {
        .name = "disk",
        .number = &number,
        .bytes = DRIVER_BYTES,
        .buffers = DRIVER_BUFFERS,
        .mask = parent->mask,
        .device_tree = parent->start->device_tree,
    };
    if (device == NULL) {
        kerne_give_up("it has no disk to keep anything on; under s, `devices` "
                      "shows the line of one, and `include` gives it");
    }
    order.tables = child_tables(&order) + pages / 512 + 3;
    snprintf(command, sizeof command, "disk run=%#lx pages=%lu at=%#lx",
             (unsigned long)orders, (unsigned long)pages,
             (unsigned long)RUN_AT);
    struct child *child = parent_make(parent, command, &order);
    uint64_t left;
    if (child == NULL) { kerne_give_up("its driver: %s", parent->refusal); }
    uint64_t result = kerne_map(child->reference, RUN_AT, (uint64_t)orders,
                                pages, KERNE_READ | KERNE_WRITE, &left);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver: %s", kerne_result_text(result));
    }
    if (!child_lend(parent, child, device) || !child_start(parent, child)) {
        kerne_give_up("its driver: %s", parent->refusal);
    }
}

static void ask_what(void)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    medium_state.is_asked = true;
    uint64_t result = kerne_send_message(KERNE_ADDRESS(0, DRIVER_NUMBER),
                                         &words, &sense_buffer);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver cannot be asked: %s",
                      kerne_result_text(result));
    }
}

/* ---- transfers ----------------------------------------------------------- */

static void put(size_t number)
{
    static const uint64_t operations[] = {
        [TRANSFER_READ] = KERNE_INPUT,
        [TRANSFER_WRITE] = KERNE_OUTPUT,
        [TRANSFER_FLUSH] = KERNE_SEGMENTS_FLUSH,
    };
    const struct transfer *transfer = &store->transfers[number];
    struct kerne_order *order = &orders->order[number];
    order->operation = operations[transfer->kind];
    order->first = (uint64_t)transfer->own + moved[number];
    order->bytes = (uint64_t)transfer->segments * KERNE_SEGMENT - moved[number];
    order->segment = (uint64_t)transfer->page * STORE_PAGE_SEGMENTS +
                     moved[number] / KERNE_SEGMENT;
    order->status = KERNE_SEGMENTS_DEVICE_ERROR; /* until the driver says so */
}

static void ask(size_t list, uint32_t of)
{
    struct kerne_words words =
        kerne_area(KERNE_SEGMENTS_ORDERS, 0, orders, sizeof *orders);
    words.w[KERNE_WORD_SEGMENT] = list;
    words.w[KERNE_WORD_SEGMENT + 1] = last_payer;
    lists[list].orders = orders->asked[list] = of;
    uint64_t result = kerne_send_message(KERNE_ADDRESS(0, DRIVER_NUMBER),
                                         &words, &lists[list].buffer);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver cannot be asked: %s; it wants %u message "
                      "buffers",
                      kerne_result_text(result), STORE_TRANSFERS);
    }
}

void driver_works_for(uint64_t sender) { payer = sender; }

/* The driver runs when the store waits: until then more join a list, if the
 * same one pays for them. */
static void begin(struct store *core, struct transfer *transfer)
{
    size_t number = (size_t)(transfer - core->transfers);
    uint32_t order = UINT32_C(1) << number;
    moved[number] = 0;
    put(number);
    if (lists[last_list].orders != 0 && payer == last_payer &&
        kerne_orders_join(orders, (unsigned)last_list, (unsigned)number)) {
        lists[last_list].orders |= order;
        return;
    }
    last_list = number;
    last_payer = payer;
    ask(number, order);
}

static void sensed(const struct kerne_received *received)
{
    sense_buffer = 0;
    if (KERNE_EVENT_RESULT(received->event) == KERNE_r_does_not_exist) {
        ask_what(); /* the next one */
    } else {
        medium_sensed(store, received, NULL);
    }
}

/* True: it has ended.  A part that was moved is followed by the next. */
static bool has_ended(size_t number)
{
    struct transfer *transfer = &store->transfers[number];
    const struct kerne_order *order = &orders->order[number];
    bool is_good = order->status == KERNE_SEGMENTS_DONE;
    if (!is_good && order->status < KERNE_SEGMENTS_BAD_AREA) {
        medium_state.fault = order->status;
    }
    if (is_good && transfer->kind != TRANSFER_FLUSH) {
        moved[number] += order->bytes;
        is_good = order->bytes > 0;
        if (is_good &&
            moved[number] < (uint64_t)transfer->segments * KERNE_SEGMENT) {
            put(number);
            return false;
        }
    }
    store_ended(store, transfer, is_good);
    return true;
}

static void answered(size_t list, uint64_t result)
{
    uint32_t asked = lists[list].orders, again = asked;
    lists[list].buffer = lists[list].orders = 0;
    if (result != KERNE_r_does_not_exist) { /* else the new one is asked */
        for (size_t i = 0; asked >> i != 0; i++) {
            if (asked >> i & 1 && has_ended(i)) {
                again &= ~(UINT32_C(1) << i);
            }
        }
        list = 0;
        while (again != 0 && !(again >> list & 1)) { list++; }
    }
    if (again != 0) { ask(list, again); }
    store_run(store);
}

static bool answer(const struct kerne_received *received)
{
    if (received->buffer == sense_buffer) {
        sensed(received);
        return true;
    }
    for (size_t i = 0; i < STORE_TRANSFERS; i++) {
        if (lists[i].buffer == received->buffer) {
            answered(i, KERNE_EVENT_RESULT(received->event));
            return true;
        }
    }
    return false;
}

const struct medium *driver_begin(struct parent *of, struct store *core)
{
    static const struct medium medium = { ask_what, begin, answer };
    parent = of;
    store = core;
    orders = (struct kerne_orders *)store->memory;
    store->memory += KERNE_PAGE;
    store->memory_bytes -= KERNE_PAGE;
    parent_present(parent, "clock", parent->clock);
    start();
    return &medium;
}

/* Messages to one that is removed come back with result 5, and go to the next
 * one then (answered()). */
bool driver_ended(struct parent *own, struct child *child)
{
    uint64_t now = kerne_get_clock();
    if (now - restarted_at > kerne_ticks(RESTARTS_WITHIN)) { restarts = 0; }
    restarted_at = now;
    if (++restarts > RESTARTS) {
        kerne_give_up("its driver %s; it ends again and again", parent->ending);
    }
    parent_say(own, "its driver %s; it is started anew", own->ending);
    child_remove(own, child);
    start();
    return true;
}
