/*
 * The driver of a virtio disk, towards its clients: segments.h has the
 * messages, docs/man/programs/disk.md the arguments.
 *
 * D1  A message is taken only when a slot is free for it: those that wait do so
 *     in the driver's event queue, in order of arrival, in buffers that their
 *     senders have paid for.
 * D2  The device reaches the driver's own pages, and those of the run that its
 *     parent has lent it for that (run.h); never those of a client.  Each slot
 *     has pages of its own, from and to which general copy moves what clients
 *     grant.
 * D3  Who has orders pays for beginning them.  While those of several are under
 *     way, what comes of them is the driver's to pay: an interrupt is nobody's.
 * D4  A message is answered once, also one whose sender is gone; its slot stays
 *     taken until the device is done with it, or is reset.
 */
#include "device.h"
#include "run.h"

#include <orders.h>
#include <stdio.h>

#define AREA_PAGES (DEVICE_PAGES - 1) /* they begin with a page */

struct request {
    struct list *list; /* of which it is an order; null: of none */
    uint64_t buffer;
    uint64_t operation;
    uint64_t bytes; /* that are moved by this message */
    unsigned order;
    bool is_in_run; /* else by way of the slot's area */
};
static struct request request_in[DEVICE_SLOTS];

static char area[DEVICE_SLOTS][AREA_PAGES * KERNE_PAGE]
    __attribute__((aligned(KERNE_PAGE)));
static uint64_t area_page[DEVICE_SLOTS][AREA_PAGES]; /* as the device sees it */

/* A message that asks for orders (orders.h). */
struct list {
    uint64_t buffer; /* 0: it is free */
    uint64_t payer;  /* a number for who pays */
    struct kerne_orders *orders;
    uint32_t waiting; /* for a slot, a bit for each order */
    unsigned left;    /* orders that are not done */
};
static struct list lists[KERNE_ORDERS];
static bool is_waiting; /* an order of any list */
static bool has_payers; /* lists of several are under way */
static bool is_paid;    /* it works for a list */

static const char *missing; /* why there is no disk; null: there is one */

/* ---- answers ------------------------------------------------------------- */

static void answer(uint64_t buffer, uint64_t result, uint64_t status,
                   uint64_t bytes)
{
    kerne_hold_answer(buffer, result,
                      &(struct kerne_words){ { status, bytes } });
}

/* ---- requests ------------------------------------------------------------ */

static uint64_t whole_blocks(uint64_t bytes)
{
    return bytes - bytes % (device.block * KERNE_SEGMENT);
}

/* What kept an area's copy from being whole. */
static void answer_copy(const struct request *request, uint64_t result,
                        uint64_t bytes)
{
    if (result == KERNE_r_missing) {
        answer(request->buffer, KERNE_r_malfunction, KERNE_r_missing,
               whole_blocks(bytes));
    } else {
        answer(request->buffer, KERNE_r_unintelligible, KERNE_SEGMENTS_BAD_AREA,
               0);
    }
}

/* False: it is answered. */
static bool fetch(struct request *request, char *into)
{
    uint64_t bytes;
    uint64_t result = kerne_general_copy(request->buffer, KERNE_FETCH, 0, into,
                                         request->bytes, &bytes);
    if (result == KERNE_r_normal) { return true; }
    if (result == KERNE_r_missing && whole_blocks(bytes) > 0) {
        request->bytes = whole_blocks(bytes);
        return true; /* the first part; the client asks for the rest */
    }
    answer_copy(request, result, bytes);
    return false;
}

static void end_order(struct list *list, unsigned number, uint64_t status,
                      uint64_t bytes)
{
    struct kerne_order *order = &list->orders->order[number];
    order->status = status;
    order->bytes = status == KERNE_SEGMENTS_DONE ? bytes : 0;
    if (--list->left > 0) { return; }
    answer(list->buffer, KERNE_r_normal, KERNE_SEGMENTS_DONE, 0);
    list->buffer = 0;
}

static void begin(struct request *request, unsigned slot, uint64_t first,
                  uint64_t segment)
{
    struct device_request order = {
        .operation = request->operation == KERNE_INPUT    ? DEVICE_INPUT
                     : request->operation == KERNE_OUTPUT ? DEVICE_OUTPUT
                                                          : DEVICE_FLUSH,
        .page = area_page[slot],
    };
    if (request->is_in_run) {
        order.page = run_pages(first);
        order.offset = (uint32_t)(first % KERNE_PAGE);
    } else if (order.operation == DEVICE_OUTPUT &&
               !fetch(request, area[slot])) {
        return;
    }
    if (order.operation != DEVICE_FLUSH) {
        order.segment = segment;
        order.bytes = (uint32_t)request->bytes;
    }
    request_in[slot] = *request;
    device_begin(slot, &order);
}

static void finish(unsigned slot, uint64_t status)
{
    const struct request *request = &request_in[slot];
    uint64_t bytes, result = KERNE_r_normal;
    if (request->list != NULL) {
        end_order(request->list, request->order, status, request->bytes);
        return;
    }
    if (status != KERNE_SEGMENTS_DONE) {
        answer(request->buffer, KERNE_r_malfunction, status, 0);
        return;
    }
    if (request->operation == KERNE_INPUT && !request->is_in_run) {
        result = kerne_general_copy(request->buffer, KERNE_STORE, 0, area[slot],
                                    request->bytes, &bytes);
    }
    if (result == KERNE_r_normal) {
        answer(request->buffer, KERNE_r_normal, KERNE_SEGMENTS_DONE,
               request->bytes);
    } else {
        answer_copy(request, result, bytes);
    }
}

/* ---- messages ------------------------------------------------------------ */

static bool is_of_parent(const struct kerne_received *message)
{
    return KERNE_SENDER_ADDRESS(message->sender) == KERNE_PARENT;
}

/* Is the area granted, or the parent's own in the run?  Then whether the
 * latter. */
static bool has_area(const struct kerne_received *message, uint64_t grant,
                     bool *ret_in_run)
{
    const uint64_t *w = message->words.w;
    uint64_t granted =
        w[KERNE_WORD_OPERATION] & (KERNE_GRANT_READ | KERNE_GRANT_WRITE);
    uint64_t first = w[KERNE_WORD_FIRST], last = w[KERNE_WORD_LAST];
    *ret_in_run =
        granted == 0 && is_of_parent(message) && run_holds(first, last);
    return first <= last && (last - first) % KERNE_SEGMENT == 0 &&
           (granted & grant || *ret_in_run);
}

/* Why these segments cannot be moved. */
static uint64_t refusal(uint64_t operation, uint64_t first, uint64_t segments)
{
    if (missing != NULL) { return KERNE_SEGMENTS_NO_DEVICE; }
    if (operation == KERNE_OUTPUT && !device.is_writable) {
        return KERNE_SEGMENTS_READ_ONLY;
    }
    if (first > device.segments || segments > device.segments - first) {
        return KERNE_SEGMENTS_NO_SEGMENT;
    }
    if ((first | segments) % device.block != 0) {
        return KERNE_SEGMENTS_PART_OF_BLOCK;
    }
    return KERNE_SEGMENTS_DONE;
}

static void transfer(const struct kerne_received *message, uint64_t grant)
{
    const uint64_t *w = message->words.w;
    uint64_t segments =
        (w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST]) / KERNE_SEGMENT;
    struct request request = {
        .buffer = message->buffer,
        .operation = kerne_operation_of(&message->words),
    };
    if (!has_area(message, grant, &request.is_in_run)) {
        answer(message->buffer, KERNE_r_unintelligible, KERNE_SEGMENTS_BAD_AREA,
               0);
        return;
    }
    uint64_t status =
        refusal(request.operation, w[KERNE_WORD_SEGMENT], segments);
    if (status != KERNE_SEGMENTS_DONE) {
        answer(message->buffer, KERNE_r_rejected, status, 0);
        return;
    }
    segments = segments < device.largest ? segments : device.largest;
    request.bytes = segments * KERNE_SEGMENT;
    if (segments == 0) {
        answer(message->buffer, KERNE_r_normal, KERNE_SEGMENTS_DONE, 0);
    } else {
        begin(&request, device_free_slot(), w[KERNE_WORD_FIRST],
              w[KERNE_WORD_SEGMENT]);
    }
}

static void flush(const struct kerne_received *message)
{
    struct request request = {
        .buffer = message->buffer,
        .operation = KERNE_SEGMENTS_FLUSH,
    };
    if (missing != NULL) {
        answer(message->buffer, KERNE_r_rejected, KERNE_SEGMENTS_NO_DEVICE, 0);
    } else if (!device.keeps_back) {
        answer(message->buffer, KERNE_r_normal, KERNE_SEGMENTS_DONE, 0);
    } else {
        begin(&request, device_free_slot(), 0, 0);
    }
}

static void begin_order(struct list *list, unsigned number, unsigned slot)
{
    const struct kerne_order order = list->orders->order[number];
    bool is_flush = order.operation == KERNE_SEGMENTS_FLUSH;
    struct request request = {
        .list = list,
        .order = number,
        .operation = order.operation,
        .is_in_run = !is_flush,
    };
    uint64_t segments = order.bytes / KERNE_SEGMENT;
    uint64_t status = refusal(order.operation, order.segment, segments);
    if (is_flush) {
        segments = 0;
        status =
            missing != NULL ? KERNE_SEGMENTS_NO_DEVICE : KERNE_SEGMENTS_DONE;
    } else if ((order.operation != KERNE_INPUT &&
                order.operation != KERNE_OUTPUT) ||
               order.bytes % KERNE_SEGMENT != 0 ||
               !run_holds(order.first, order.first + order.bytes)) {
        status = KERNE_SEGMENTS_BAD_AREA;
    }
    request.bytes =
        (segments < device.largest ? segments : device.largest) * KERNE_SEGMENT;
    if (status != KERNE_SEGMENTS_DONE ||
        (is_flush ? !device.keeps_back : segments == 0)) {
        end_order(list, number, status, 0);
    } else {
        begin(&request, slot, order.first, order.segment);
    }
}

/* As many as there are slots for.  True: all. */
static bool begin_list(struct list *list)
{
    for (unsigned i = 0; list->waiting >> i != 0; i++) {
        uint32_t order = UINT32_C(1) << i;
        if (!(list->waiting & order)) { continue; }
        unsigned slot = device_free_slot();
        if (missing == NULL && slot == DEVICE_SLOTS) { return false; }
        list->waiting &= ~order;
        begin_order(list, i, slot);
    }
    return true;
}

static void begin_waiting(void)
{
    struct list *list = lists;
    while (list < lists + KERNE_ORDERS && begin_list(list)) { list++; }
    is_waiting = list < lists + KERNE_ORDERS;
}

static void take_orders(const struct kerne_received *message)
{
    const uint64_t *w = message->words.w;
    uint64_t first = w[KERNE_WORD_FIRST], number = w[KERNE_WORD_SEGMENT];
    if (!is_of_parent(message) || first % sizeof(uint64_t) != 0 ||
        w[KERNE_WORD_LAST] - first != sizeof(struct kerne_orders) ||
        !run_holds(first, w[KERNE_WORD_LAST]) || number >= KERNE_ORDERS ||
        lists[number].buffer != 0) {
        answer(message->buffer, KERNE_r_unintelligible, KERNE_SEGMENTS_BAD_AREA,
               0);
        return;
    }
    struct list *list = &lists[number];
    list->orders = run_own(first);
    list->waiting = kerne_orders_take(list->orders, (unsigned)number) &
                    ((UINT32_C(1) << KERNE_ORDERS) - 1);
    list->payer = w[KERNE_WORD_SEGMENT + 1];
    list->left = 0;
    has_payers = false;
    for (unsigned i = 0; i < KERNE_ORDERS; i++) {
        list->left += list->waiting >> i & 1;
        has_payers = has_payers ||
                     (lists[i].buffer != 0 && lists[i].payer != list->payer);
    }
    if (list->left == 0) {
        answer(message->buffer, KERNE_r_normal, KERNE_SEGMENTS_DONE, 0);
        return;
    }
    list->buffer = message->buffer;
    is_paid = true;
    is_waiting = is_waiting || !begin_list(list);
}

static void sense(const struct kerne_received *message)
{
    if (missing != NULL) {
        answer(message->buffer, KERNE_r_rejected, KERNE_SEGMENTS_NO_DEVICE, 0);
        return;
    }
    struct kerne_words words = { { 0 } };
    words.w[KERNE_WORD_ALL] = device.segments;
    words.w[KERNE_WORD_WRITABLE] = device.is_writable;
    words.w[KERNE_WORD_LARGEST] = device.largest;
    words.w[KERNE_WORD_BEST] = device.largest;
    words.w[KERNE_WORD_BLOCK] = device.block;
    kerne_hold_answer(message->buffer, KERNE_r_normal, &words);
}

static void take_message(const struct kerne_received *message)
{
    switch (kerne_operation_of(&message->words)) {
    case KERNE_SENSE: sense(message); break;
    case KERNE_INPUT: transfer(message, KERNE_GRANT_WRITE); break;
    case KERNE_OUTPUT: transfer(message, KERNE_GRANT_READ); break;
    case KERNE_SEGMENTS_FLUSH: flush(message); break;
    case KERNE_SEGMENTS_ORDERS: take_orders(message); break;
    default: answer(message->buffer, KERNE_r_unintelligible, 0, 0); break;
    }
}

/* ---- events -------------------------------------------------------------- */

static void take_answer(uint64_t buffer, uint64_t result)
{
    unsigned slot;
    uint64_t status;
    bool is_alarm = device_answer(buffer, result);
    while (device_done(&slot, &status)) { finish(slot, status); }
    if (is_alarm && device_is_silent()) {
        for (slot = 0; slot < DEVICE_SLOTS; slot++) {
            if (device_take_back(slot)) {
                finish(slot, KERNE_SEGMENTS_DEVICE_SILENT);
            }
        }
    }
    if (is_waiting) { begin_waiting(); }
}

/* The next answer; messages stay in the queue. */
static struct kerne_received next_answer(void)
{
    static uint64_t last; /* that was passed over; none is in front of it */
    struct kerne_received event;
    kerne_send_held();
    while (event = kerne_wait_event(last),
           KERNE_EVENT_KIND(event.event) == KERNE_MESSAGE) {
        last = event.buffer;
    }
    (void)kerne_get_event(event.buffer);
    return event;
}

/* With all slots taken, the device's events are the only ones of use (D1). */
static void take_event(void)
{
    if (missing == NULL) {
        device_await();
        device_tell();
    }
    if (is_paid && has_payers) {
        kerne_work_for_oneself();
        is_paid = false;
    }
    struct kerne_received event =
        missing == NULL && device_free_slot() == DEVICE_SLOTS
            ? next_answer()
            : kerne_serve_held();
    switch ((enum kerne_event)KERNE_EVENT_KIND(event.event)) {
    case KERNE_MESSAGE: take_message(&event); break;
    case KERNE_ANSWER:
        take_answer(event.buffer, KERNE_EVENT_RESULT(event.event));
        break;
    case KERNE_BREAK: /* the driver has no children */
    case KERNE_NO_EVENT: break;
    }
}

static void see_areas(void)
{
    for (unsigned slot = 0; slot < DEVICE_SLOTS; slot++) {
        for (unsigned page = 0; page < AREA_PAGES; page++) {
            area_page[slot][page] = device_sees(&area[slot][page * KERNE_PAGE]);
        }
    }
}

int main(int argc, char **argv)
{
    kerne_work_for_oneself();
    missing = device_open();
    if (missing != NULL) {
        (void)printf("disk: %s\n", missing);
    } else {
        run_open(argc, argv);
        see_areas();
    }
    for (;;) { take_event(); }
}
