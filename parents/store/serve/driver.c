#include "driver.h"

#include <segments.h>
#include <stdio.h>

#define DRIVER_BYTES (1280 * 1024)
#define DRIVER_NUMBER 0
#define RUN_AT \
    UINT64_C(0x100000000) /* where the driver has the store's pages */
/* A driver that ends more often than that in so many microseconds is of no
 * use. */
#define RESTARTS 5
#define RESTARTS_WITHIN 10000000

static struct parent *parent;
static struct store *store;

static struct {
    uint64_t buffer; /* 0: it is not under way */
    uint64_t moved;  /* bytes */
} flights[STORE_TRANSFERS];

static uint64_t sense_buffer;
static bool is_writable;
static unsigned restarts;
static uint64_t restarted_at;

/* ---- the child ----------------------------------------------------------- */

static void start(void)
{
    static const uint64_t number = DRIVER_NUMBER;
    struct device *device = device_of_kind(&parent->devices, DEVICE_DISK);
    uint64_t pages = store->memory_bytes / KERNE_PAGE;
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
             (unsigned long)store->memory, (unsigned long)pages,
             (unsigned long)RUN_AT);
    struct child *child = parent_make(parent, command, &order);
    uint64_t left;
    if (child == NULL) { kerne_give_up("its driver: %s", parent->refusal); }
    uint64_t result =
        kerne_map(child->reference, RUN_AT, (uint64_t)store->memory, pages,
                  KERNE_READ | KERNE_WRITE, &left);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver: %s", kerne_result_text(result));
    }
    if (!child_lend(parent, child, device) || !child_start(parent, child)) {
        kerne_give_up("its driver: %s", parent->refusal);
    }
}

void driver_begin(struct parent *of, struct store *core)
{
    parent = of;
    store = core;
    start();
}

void driver_ask(void)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    uint64_t result = kerne_send_message(KERNE_ADDRESS(0, DRIVER_NUMBER),
                                         &words, &sense_buffer);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver cannot be asked: %s",
                      kerne_result_text(result));
    }
}

bool driver_is_writable(void) { return is_writable; }

/* ---- transfers ----------------------------------------------------------- */

static void send(struct transfer *transfer)
{
    static const uint64_t operations[] = {
        [TRANSFER_READ] = KERNE_INPUT,
        [TRANSFER_WRITE] = KERNE_OUTPUT,
        [TRANSFER_FLUSH] = KERNE_SEGMENTS_FLUSH,
    };
    size_t number = (size_t)(transfer - store->transfers);
    uint64_t moved = flights[number].moved;
    struct kerne_words words = kerne_segments_message(
        operations[transfer->kind], 0, (char *)transfer->own + moved,
        transfer->segments - moved / KERNE_SEGMENT,
        (uint64_t)transfer->page * STORE_PAGE_SEGMENTS + moved / KERNE_SEGMENT);
    uint64_t result = kerne_send_message(KERNE_ADDRESS(0, DRIVER_NUMBER),
                                         &words, &flights[number].buffer);
    if (result != KERNE_r_normal) {
        kerne_give_up("its driver cannot be asked: %s; it wants %u message "
                      "buffers",
                      kerne_result_text(result), STORE_TRANSFERS);
    }
}

void driver_transfer(struct store *core, struct transfer *transfer)
{
    flights[transfer - core->transfers].moved = 0;
    send(transfer);
}

static void sensed(const struct kerne_received *received)
{
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    sense_buffer = 0;
    if (result == KERNE_r_does_not_exist) {
        driver_ask(); /* the next one */
        return;
    }
    if (result != KERNE_r_normal) { kerne_give_up("its driver has no disk"); }
    is_writable = received->words.w[KERNE_WORD_WRITABLE] != 0;
    store->disk_pages = received->words.w[KERNE_WORD_ALL] / STORE_PAGE_SEGMENTS;
    store_begin(store);
}

static void answered(size_t number, const struct kerne_received *received)
{
    struct transfer *transfer = &store->transfers[number];
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    flights[number].buffer = 0;
    if (result == KERNE_r_does_not_exist) {
        send(transfer); /* to the new one, which there is by now */
        return;
    }
    bool is_good = result == KERNE_r_normal;
    if (is_good && transfer->kind != TRANSFER_FLUSH) {
        flights[number].moved += bytes;
        is_good = bytes > 0;
        if (is_good && flights[number].moved <
                           (uint64_t)transfer->segments * KERNE_SEGMENT) {
            send(transfer);
            return;
        }
    }
    store_done(store, transfer, is_good);
}

bool driver_answer(const struct kerne_received *received)
{
    if (received->buffer == sense_buffer) {
        sensed(received);
        return true;
    }
    for (size_t i = 0; i < STORE_TRANSFERS; i++) {
        if (flights[i].buffer == received->buffer) {
            answered(i, received);
            return true;
        }
    }
    return false;
}

/* Messages to one that is removed come back with result 5, and go to the next
 * one then (answered()). */
void driver_ended(void)
{
    struct child *child = child_named(&parent->children, "disk");
    uint64_t now = kerne_get_clock();
    if (now - restarted_at > kerne_ticks(RESTARTS_WITHIN)) { restarts = 0; }
    restarted_at = now;
    if (++restarts > RESTARTS) {
        kerne_give_up("its driver %s; it ends again and again", parent->ending);
    }
    parent_say(parent, "its driver %s; it is started anew", parent->ending);
    child_remove(parent, child);
    start();
}
