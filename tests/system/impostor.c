/*
 * impostor: the parent of a disk driver whose device it plays itself, for
 * disk.py.  What the driver takes for registers is a page of the parent's, the
 * interrupt line is a name that leads to the parent, and the queue lies in the
 * parent's storage, as all that the driver has.  So it can say what no sound
 * device does.
 */
#include "../../children/drivers/disk/registers.h"
#include "driven.h"

#include <segments.h>
#include <skeleton.h>
#include <stdio.h>

#define DEVICE_AT UINT64_C(0x10008000) /* a slot in the device tree */
#define LINE "line8"
#define QUEUE 16
#define REQUEST_BYTES (2 * KERNE_SEGMENT)

static struct parent impostor;
static struct child *driver;
static struct child *line;
static struct child *clock; /* null: the driver has none */
static uint64_t awaited;    /* the driver's message to the line; 0: none */
static uint64_t delayed;    /* to the clock, the same */

static volatile uint32_t registers[KERNE_PAGE / 4]
    __attribute__((aligned(KERNE_PAGE)));
static char area[REQUEST_BYTES];
static uint64_t asked; /* the buffer of the request; 0: it is answered */
static uint64_t result;
static struct kerne_words answer;
static struct kerne_range tree; /* the driver's device tree */
static uint64_t withheld;       /* of its functions */

static void say(const char *what, bool is_good)
{
    parent_say(&impostor, "%s: %s", what, is_good ? "good" : "WRONG");
}

/* ---- events -------------------------------------------------------------- */

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE &&
        parent_is_for(received, line)) {
        awaited = received->buffer;
        return true;
    }
    if (KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE && clock != NULL &&
        parent_is_for(received, clock)) {
        delayed = received->buffer;
        return true;
    }
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER &&
        received->buffer == asked) {
        result = KERNE_EVENT_RESULT(received->event);
        answer = received->words;
        asked = 0;
        return true;
    }
    if (KERNE_EVENT_KIND(received->event) == KERNE_BREAK && withheld != 0) {
        static uint64_t time; /* each call a second later */
        registers[REGISTER_STATUS] = STATUS_NEEDS_RESET;
        (void)kerne_send_answer(
            received->buffer, KERNE_r_normal,
            &(struct kerne_words){
                { KERNE_GO_ON, time += kerne_ticks(1000000) } });
        return true;
    }
    return false;
}

static uint64_t disk(void) { return KERNE_ADDRESS(0, driver->number); }

/* Serves until the driver awaits an interrupt, or is gone; then it has at most
 * an answer to send, which comes before that to sense. */
static void let_it_run(void)
{
    struct kerne_words words;
    struct kerne_received received;
    while (awaited == 0 && driver->state != CHILD_NONE) {
        parent_serve_one(&impostor);
    }
    if (driver->state != CHILD_NONE) {
        (void)kerne_ask(disk(), KERNE_SENSE, 0, 0, &words);
    }
    while (received = kerne_test_event(0),
           KERNE_EVENT_KIND(received.event) != KERNE_NO_EVENT) {
        (void)kerne_get_event(received.buffer);
        if (!event(&impostor, &received)) {
            parent_event(&impostor, &received);
        }
    }
}

static void answer_to(uint64_t *message)
{
    uint64_t buffer = *message;
    *message = 0;
    (void)kerne_send_answer(buffer, KERNE_r_normal,
                            &(struct kerne_words){ { 0 } });
    let_it_run();
}

static void interrupt(uint32_t reasons)
{
    registers[REGISTER_INTERRUPT] = reasons;
    answer_to(&awaited);
}

static void ask(uint64_t operation)
{
    struct kerne_words message = kerne_segments_message(
        operation,
        operation == KERNE_INPUT ? KERNE_GRANT_WRITE : KERNE_GRANT_READ, area,
        REQUEST_BYTES / KERNE_SEGMENT, 8);
    (void)kerne_send_message(disk(), &message, &asked);
    let_it_run();
}

/* ---- what lies in the driver's pages ------------------------------------- */

/* Where the parent has what the device sees there; null: it is no page of the
 * driver's. */
static void *seen_at(uint64_t physical)
{
    for (uint64_t i = 0; i < driver->run.pages; i++) {
        char *page = (char *)driver->run.first + i * KERNE_PAGE;
        uint64_t address;
        if (kerne_physical_address(page, &address) == KERNE_r_normal &&
            address == (physical & ~(KERNE_PAGE - 1))) {
            return page + physical % KERNE_PAGE;
        }
    }
    return NULL;
}

static void *part(enum virtio_register where)
{
    return seen_at((uint64_t)registers[where + 1] << 32 | registers[where]);
}

static volatile struct {
    uint16_t flags, put;
    struct {
        uint32_t entry, bytes;
    } ring[QUEUE];
} * used;
static volatile struct {
    uint16_t flags, put, ring[QUEUE];
} * available;
static struct virtio_descriptor *descriptors;

static void put_used(uint32_t entry, uint32_t bytes)
{
    used->ring[used->put % QUEUE].entry = entry;
    used->ring[used->put % QUEUE].bytes = bytes;
    used->put++;
}

/* The entry of the request that was put last, and its outcome. */
static uint32_t last_entry(void)
{
    return available->ring[(uint16_t)(available->put - 1) % QUEUE];
}

static void set_outcome(uint8_t outcome)
{
    struct virtio_descriptor *list = seen_at(descriptors[last_entry()].address);
    unsigned last = 0;
    while (list[last].flags & DESCRIPTOR_NEXT) { last = list[last].next; }
    *(uint8_t *)seen_at(list[last].address) = outcome;
}

/* ---- the driver ---------------------------------------------------------- */

static void start_driver(void)
{
    driver = driven_make(&(struct driven){ .parent = &impostor,
                                           .command = "disk",
                                           .mask = impostor.mask & ~withheld,
                                           .device_tree = tree,
                                           .at = DEVICE_AT,
                                           .from = (uint64_t)registers,
                                           .pages = 1 });
    if (!child_start(&impostor, driver)) {
        kerne_give_up("there is no driver: %s", impostor.refusal);
    }
}

/* A register that shows one word of features whichever is asked for: bit 0 of
 * the second one is virtio's version 1. */
static void be_a_disk(void)
{
    registers[REGISTER_MAGIC] = VIRTIO_MAGIC;
    registers[REGISTER_VERSION] = VIRTIO_MODERN;
    registers[REGISTER_KIND] = VIRTIO_DISK;
    registers[REGISTER_FEATURES] = 1u << FEATURE_INDIRECT | 1;
    registers[REGISTER_QUEUE_MOST] = QUEUE;
    registers[REGISTER_CAPACITY] = 1000;
    registers[REGISTER_STATUS] = 0;
}

static bool is_answered(uint64_t wanted, uint64_t status)
{
    return asked == 0 && result == wanted &&
           answer.w[KERNE_WORD_STATUS] == status;
}

/* The driver finds no disk that it could use, and tells that to its clients. */
static void refuses(const char *what)
{
    start_driver();
    (void)kerne_send_message(
        disk(), &(struct kerne_words){ { KERNE_OPERATION(KERNE_SENSE, 0) } },
        &asked);
    while (asked != 0 && driver->state != CHILD_NONE) {
        parent_serve_one(&impostor);
    }
    say(what, is_answered(KERNE_r_rejected, KERNE_SEGMENTS_NO_DEVICE));
    child_remove(&impostor, driver);
}

static void unusable(void)
{
    static const struct {
        const char *what;
        enum virtio_feature feature; /* that it has besides */
        enum virtio_register where;
        uint32_t value;
    } tries[] = {
        { "no magic", 0, REGISTER_MAGIC, 0 },
        { "another kind", 0, REGISTER_KIND, 1 },
        { "the old form", 0, REGISTER_VERSION, 1 },
        { "no queue", 0, REGISTER_QUEUE_MOST, 0 },
        { "no entry", FEATURE_MOST_ENTRIES, REGISTER_MOST_ENTRIES, 0 },
        { "one entry", FEATURE_MOST_ENTRIES, REGISTER_MOST_ENTRIES, 1 },
        { "no block", FEATURE_BLOCK_BYTES, REGISTER_BLOCK_BYTES, 0 },
        { "a small block", FEATURE_BLOCK_BYTES, REGISTER_BLOCK_BYTES, 256 },
        { "an odd block", FEATURE_BLOCK_BYTES, REGISTER_BLOCK_BYTES, 1536 },
        { "a large block", FEATURE_BLOCK_BYTES, REGISTER_BLOCK_BYTES, 1 << 17 },
        { "no version 1", 0, REGISTER_FEATURES, 1u << FEATURE_INDIRECT },
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        be_a_disk();
        registers[REGISTER_FEATURES] |= 1u << tries[i].feature;
        registers[tries[i].where] = tries[i].value;
        refuses(tries[i].what);
    }
    be_a_disk();
    withheld = KERNE_MASK_BIT(KERNE_get_clock);
    refuses("no reset");
    withheld = 0;
}

/* The device tree says that the registers are where this is. */
static void put_registers_at(uint64_t address)
{
    static uint8_t copy[64 * 1024];
    const struct kerne_range *own = &impostor.start->device_tree;
    const uint8_t *byte = (const uint8_t *)own->first;
    uint64_t bytes = own->last - own->first;
    if (bytes > sizeof copy) { kerne_give_up("its device tree is too large"); }
    memcpy(copy, byte, bytes);
    for (uint64_t i = 0; i + 8 <= bytes; i++) {
        uint64_t usual = __builtin_bswap64(DEVICE_AT);
        uint64_t other = __builtin_bswap64(address);
        if (memcmp(&byte[i], &usual, sizeof usual) == 0) {
            memcpy(&copy[i], &other, sizeof other);
        }
    }
    tree = (struct kerne_range){ (uint64_t)copy, (uint64_t)copy + bytes };
}

/* In a page of registers, but not where whole ones could be. */
static void misplaced(void)
{
    static const struct {
        const char *what;
        uint64_t address;
    } tries[] = {
        { "registers that end behind their page",
          DEVICE_AT + KERNE_PAGE - 0x100 },
        { "registers at an odd address", DEVICE_AT + 2 },
        { "registers that are not lent", DEVICE_AT + KERNE_PAGE },
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        be_a_disk();
        memmove((void *)((uintptr_t)registers + tries[i].address % KERNE_PAGE),
                (void *)registers, 0x100);
        put_registers_at(tries[i].address);
        refuses(tries[i].what);
        memset((void *)registers, 0, sizeof registers);
    }
    tree = impostor.start->device_tree;
}

/* ---- what a device may say ----------------------------------------------- */

static void numbers(void)
{
    ask(KERNE_INPUT);
    say("a request is put", available->put == 1 && asked != 0);
    put_used(77, REQUEST_BYTES + 1);
    put_used(UINT32_MAX, REQUEST_BYTES + 1);
    put_used((last_entry() + 1) % QUEUE, REQUEST_BYTES + 1);
    interrupt(INTERRUPT_USED);
    say("numbers that are no request", asked != 0 && awaited != 0);
    used->put = (uint16_t)(used->put - 2);
    interrupt(INTERRUPT_USED);
    say("a ring that goes backwards", awaited != 0);
    used->put = (uint16_t)(used->put + 2);
    interrupt(0);
    say("no reason at all", awaited != 0);
}

static void outcomes(void)
{
    static const struct {
        const char *what;
        uint64_t operation;
        uint8_t outcome;
        uint32_t bytes;
        uint64_t result, status;
    } tries[] = {
        { "input", KERNE_INPUT, 0, REQUEST_BYTES + 1, 1, 0 },
        { "no outcome", KERNE_INPUT, 0xff, REQUEST_BYTES + 1, 4, 1 },
        { "an outcome that there is not", KERNE_INPUT, 27, 1, 4, 1 },
        { "unsupported", KERNE_OUTPUT, OUTCOME_UNSUPPORTED, 1, 4, 2 },
        { "an error", KERNE_OUTPUT, OUTCOME_ERROR, 1, 4, 1 },
        { "less than was asked for", KERNE_INPUT, 0, REQUEST_BYTES, 4, 1 },
        { "nothing", KERNE_INPUT, 0, 0, 4, 1 },
        { "output", KERNE_OUTPUT, 0, 1, 1, 0 },
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (asked == 0) { ask(tries[i].operation); }
        set_outcome(tries[i].outcome);
        put_used(last_entry(), tries[i].bytes);
        put_used(last_entry(), tries[i].bytes); /* and once more */
        interrupt(INTERRUPT_USED);
        say(tries[i].what, is_answered(tries[i].result, tries[i].status));
    }
}

static void changes(void)
{
    struct kerne_words words;
    registers[REGISTER_CAPACITY] = 9;
    interrupt(INTERRUPT_CHANGED);
    ask(KERNE_OUTPUT);
    say("fewer segments",
        is_answered(KERNE_r_rejected, KERNE_SEGMENTS_NO_SEGMENT));
    (void)kerne_ask(disk(), KERNE_SENSE, 0, 0, &words);
    say("as sense says", words.w[KERNE_WORD_ALL] == 9);
    registers[REGISTER_STATUS] |= STATUS_NEEDS_RESET;
    interrupt(INTERRUPT_CHANGED);
    say("a device that does not go on",
        driver->state == CHILD_NONE && impostor.status == 1);
}

/* False: it has no queue, or does not wait. */
static bool begin(void)
{
    be_a_disk();
    awaited = 0;
    start_driver();
    let_it_run();
    used = part(REGISTER_USED);
    available = part(REGISTER_AVAILABLE);
    descriptors = part(REGISTER_DESCRIPTORS);
    return used != NULL && available != NULL && descriptors != NULL &&
           registers[REGISTER_STATUS] & STATUS_READY && awaited != 0;
}

/* The clock rings late for one request that is done, and early for the next. */
static void alarms(void)
{
    clock = parent_present(&impostor, "clock", KERNE_SELF);
    if (!begin()) { return; }
    ask(KERNE_INPUT);
    say("an alarm is set", asked != 0 && delayed != 0);
    set_outcome(0);
    put_used(last_entry(), REQUEST_BYTES + 1);
    interrupt(INTERRUPT_USED);
    bool is_done = is_answered(KERNE_r_normal, KERNE_SEGMENTS_DONE);
    ask(KERNE_INPUT);
    answer_to(&delayed);
    say("an alarm that was another's", is_done && asked != 0 && delayed != 0);
    answer_to(&delayed);
    say("one that was its own",
        is_answered(KERNE_r_malfunction, KERNE_SEGMENTS_DEVICE_SILENT));
    child_remove(&impostor, driver);
}

int main(void)
{
    impostor.event = event;
    parent_begin(&impostor);
    parent_needs_image(&impostor);
    parent_present(&impostor, "console", impostor.console.address);
    line = parent_present(&impostor, LINE, KERNE_SELF);
    tree = impostor.start->device_tree;
    unusable();
    misplaced();
    bool is_ready = begin();
    say("it begins", is_ready);
    if (!is_ready) { return 1; }
    numbers();
    outcomes();
    changes();
    alarms();
    return 0;
}
