#include "outer.h"

#include <backing.h>
#include <touch.h>

#define NUMBER 0    /* of the area in use, among the store's children */
#define PATIENCE 30 /* seconds, at least, until the server is silent */

static struct parent *parent;
static struct store *store;
static const char *name;
static uint64_t outer = KERNE_VACANT; /* the store whose area it is */
static uint64_t address;
static uint64_t sense_buffer, use_buffer, watch; /* 0: none is under way */
static bool has_answered;                        /* since the watch began */
static const char *why; /* the use of the area has ended; null: it has not */

static struct flight {
    uint64_t buffer; /* 0: it is not under way */
    uint64_t moved;  /* bytes */
    unsigned fruitless;
    bool waits; /* the server had too many messages */
} flights[STORE_TRANSFERS];

static uint64_t send(uint64_t to, const struct kerne_words *words)
{
    uint64_t buffer;
    uint64_t result = kerne_send_message(to, words, &buffer);
    if (result != KERNE_r_normal) {
        kerne_give_up("%s cannot be asked: %s; it wants %u message buffers",
                      name, kerne_result_text(result), STORE_TRANSFERS + 3);
    }
    return buffer;
}

/* V1.  The clock wakes it at times, while something is under way. */
static void keep_watch(void)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(PATIENCE * 1000000) } };
    if (watch == 0 && parent->clock != KERNE_VACANT) {
        has_answered = false;
        watch = send(parent->clock, &words);
    }
}

static void look(uint64_t result)
{
    bool waits = sense_buffer != 0 || !store_is_idle(store);
    watch = 0;
    if (result != KERNE_r_normal || !waits) { return; }
    if (!has_answered && !medium_state.is_silent) {
        medium_state.is_silent = true;
        medium_state.fault = KERNE_SEGMENTS_DEVICE_SILENT;
        store_off(store, "%s has not answered for %u s", name, PATIENCE);
        store_run(store);
    }
    keep_watch();
}

static void ask(void)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    struct kerne_words use = { { KERNE_OPERATION(KERNE_BACKING_USE, 0) } };
    if (outer != KERNE_VACANT && use_buffer == 0) {
        kerne_name(name, &use.w[KERNE_WORD_NAME]);
        use.w[KERNE_WORD_NUMBER] = NUMBER;
        use.w[KERNE_WORD_MODE] = KERNE_USE_WRITE;
        use_buffer = send(outer, &use);
        why = NULL;
    }
    medium_state.is_asked = true;
    sense_buffer = send(address, &words);
    keep_watch();
}

/* ---- transfers ----------------------------------------------------------- */

static void go_on(size_t number)
{
    static const struct {
        uint64_t operation, grant;
    } kinds[] = {
        [TRANSFER_READ] = { KERNE_INPUT, KERNE_GRANT_WRITE },
        [TRANSFER_WRITE] = { KERNE_OUTPUT, KERNE_GRANT_READ },
        [TRANSFER_FLUSH] = { KERNE_SEGMENTS_FLUSH, 0 },
    };
    const struct transfer *transfer = &store->transfers[number];
    uint64_t moved = flights[number].moved / KERNE_SEGMENT;
    struct kerne_words words = kerne_segments_message(
        kinds[transfer->kind].operation, kinds[transfer->kind].grant,
        (char *)transfer->own + moved * KERNE_SEGMENT,
        transfer->segments - moved,
        (uint64_t)transfer->page * STORE_PAGE_SEGMENTS + moved);
    flights[number].waits = false;
    flights[number].buffer = send(address, &words);
    keep_watch();
}

static void begin(struct store *core, struct transfer *transfer)
{
    size_t number = (size_t)(transfer - core->transfers);
    flights[number].moved = 0;
    flights[number].fruitless = 0;
    go_on(number);
}

/* One that waits is sent again when another one was answered. */
static void send_waiting(void)
{
    size_t i = 0;
    while (i < STORE_TRANSFERS && !flights[i].waits) { i++; }
    if (i < STORE_TRANSFERS) { go_on(i); }
}

static bool is_any_under_way(void)
{
    bool is_any = false;
    for (size_t i = 0; i < STORE_TRANSFERS; i++) {
        is_any = is_any || flights[i].buffer != 0;
    }
    return is_any;
}

static void answered(size_t number, uint64_t result, const uint64_t *w)
{
    struct transfer *transfer = &store->transfers[number];
    struct flight *flight = &flights[number];
    uint64_t rest =
        (uint64_t)transfer->segments * KERNE_SEGMENT - flight->moved;
    uint64_t bytes = w[KERNE_WORD_BYTES] / KERNE_SEGMENT * KERNE_SEGMENT;
    uint64_t status = w[KERNE_WORD_STATUS];
    bool is_good = result == KERNE_r_normal;
    bool is_missing =
        result == KERNE_r_malfunction && status == KERNE_r_missing;
    flight->buffer = 0;
    if (result == KERNE_r_rejected && status == KERNE_SEGMENTS_TOO_MANY &&
        is_any_under_way()) {
        flight->waits = true;
        return;
    }
    if (is_missing || (is_good && rest > 0)) {
        if (bytes > rest) { bytes = rest; }
        rest -= bytes;
        flight->moved += bytes;
        flight->fruitless = bytes == 0 ? flight->fruitless + 1 : 0;
        if (is_missing) {
            kerne_touch(transfer->kind == TRANSFER_READ ? KERNE_GRANT_WRITE
                                                        : KERNE_GRANT_READ,
                        (char *)transfer->own + flight->moved, rest);
        }
        if (rest > 0 && flight->fruitless < FRUITLESS) {
            go_on(number);
            return;
        }
    }
    is_good = rest == 0 && (is_good || is_missing);
    if (!is_good) {
        bool is_the_devices = result == KERNE_r_malfunction && status > 0 &&
                              status < KERNE_SEGMENTS_BAD_AREA && !is_missing;
        medium_state.fault =
            is_the_devices ? status : KERNE_SEGMENTS_DEVICE_ERROR;
    }
    store_ended(store, transfer, is_good);
    send_waiting();
    store_run(store);
}

static bool answer(const struct kerne_received *received)
{
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    const uint64_t *w = received->words.w;
    if (received->buffer == watch) {
        look(result);
        return true;
    }
    has_answered = true;
    if (received->buffer == use_buffer) {
        use_buffer = 0;
        why = kerne_backing_text(result, w[KERNE_WORD_STATUS]);
        if (!medium_state.is_asked) { /* it tries to have it again */
            store_off(store, "%s is in use no more: %s", name, why);
            store_run(store);
        }
        return true;
    }
    if (received->buffer == sense_buffer) {
        sense_buffer = 0;
        medium_state.is_silent = false;
        medium_sensed(store, received, why);
        return true;
    }
    for (size_t i = 0; i < STORE_TRANSFERS; i++) {
        if (flights[i].buffer == received->buffer) {
            medium_state.is_silent = false;
            answered(i, result, w);
            return true;
        }
    }
    return false;
}

const struct medium *outer_begin(struct parent *own, struct store *core,
                                 const char *of_name, const char *of)
{
    static const struct medium medium = { ask, begin, answer };
    uint64_t reference;
    parent = own;
    store = core;
    name = of_name;
    address = of == NULL ? kerne_find(name) : KERNE_ADDRESS(0, NUMBER);
    if (of != NULL) {
        outer = kerne_find(of);
        uint64_t result =
            kerne_create_pseudo(0, name, NUMBER, outer, &reference);
        if (result != KERNE_r_normal) {
            kerne_give_up("its disk %s: %s", name, kerne_result_text(result));
        }
    }
    return &medium;
}
