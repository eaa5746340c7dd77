#include "device.h"

#include "find.h"
#include "registers.h"

#include <stdio.h>

/* Entries for each slot: a header, the pages, a status.  A device without
 * indirect entries has them in the queue itself, which has room for fewer. */
#define ENTRIES 30
#define ENTRIES_IN_QUEUE 32
#define QUEUE 256
_Static_assert(DEVICE_PAGES + 2 <= ENTRIES, "a request has entries enough");
_Static_assert(DEVICE_SLOTS <= QUEUE, "an entry for each slot");

struct device device;

/* ---- what the device reads and writes ------------------------------------ */

struct block {
    struct virtio_descriptor entry[ENTRIES];
    struct virtio_header header;
    volatile uint8_t outcome;
};
static union {
    struct block block;
    char whole[KERNE_SEGMENT]; /* so that none is cut by the end of a page */
} blocks[DEVICE_SLOTS] __attribute__((aligned(KERNE_PAGE)));
_Static_assert(sizeof(blocks[0]) == KERNE_SEGMENT, "a block is not longer");

static struct virtio_descriptor descriptors[QUEUE]
    __attribute__((aligned(KERNE_PAGE)));
static volatile struct {
    uint16_t flags, put;
    uint16_t ring[QUEUE];
} available __attribute__((aligned(KERNE_PAGE)));
static volatile struct {
    uint16_t flags, put;
    struct {
        uint32_t entry, bytes;
    } ring[QUEUE];
} used __attribute__((aligned(KERNE_PAGE)));
_Static_assert(sizeof(descriptors) <= KERNE_PAGE &&
                   sizeof(available) <= KERNE_PAGE &&
                   sizeof(used) <= KERNE_PAGE,
               "each part of the queue lies in one page");

/* ---- what only the driver knows ------------------------------------------ */

static volatile uint32_t *registers;
static uint64_t features; /* that both have */
static unsigned queue;    /* entries of it that are used */
static unsigned slots;
static unsigned busy;  /* so many of them are */
static uint16_t taken; /* of what the device has put into `used` */
static uint16_t put;   /* into `available`, also what the device is not told */

static struct {
    bool is_busy;
    uint8_t alarms;   /* that have rung since it began */
    uint32_t written; /* bytes that the device must have written */
    uint64_t seen_at; /* where the device sees its block */
} slot_of[DEVICE_SLOTS];

static uint64_t line_address, clock_address;
static uint64_t awaiting; /* the message to the line, or 0 */
static uint64_t alarm;    /* the message to the clock, or 0 */

static bool has(enum virtio_feature feature) { return features >> feature & 1; }

/* Between what is written to storage and what to a register, both ways. */
static void in_order(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* ---- beginning ----------------------------------------------------------- */

uint64_t device_sees(const volatile void *page)
{
    uint64_t physical;
    uint64_t result = kerne_physical_address(page, &physical);
    if (result != KERNE_r_normal) {
        kerne_give_up("disk: no physical address of a page: %s",
                      kerne_result_text(result));
    }
    return physical;
}

static void add_status(enum virtio_status status)
{
    registers[REGISTER_STATUS] |= status;
}

/* False: it has not, within a second. */
static bool reset(void)
{
    registers[REGISTER_STATUS] = 0;
    uint64_t begin = kerne_get_clock();
    while (registers[REGISTER_STATUS] != 0) {
        if (kerne_get_clock() - begin > kerne_ticks(1000000)) { return false; }
    }
    add_status(STATUS_SEEN);
    add_status(STATUS_DRIVER);
    return true;
}

/* Takes of the features that are offered those that this file understands;
 * false: the device does not agree. */
static bool agree(void)
{
    const uint64_t understood =
        UINT64_C(1) << FEATURE_MOST_ENTRIES | UINT64_C(1) << FEATURE_READ_ONLY |
        UINT64_C(1) << FEATURE_BLOCK_BYTES | UINT64_C(1) << FEATURE_FLUSH |
        UINT64_C(1) << FEATURE_INDIRECT | UINT64_C(1) << FEATURE_MODERN;
    uint64_t offered = 0;
    for (unsigned word = 0; word < 2; word++) {
        registers[REGISTER_FEATURES_WORD] = word;
        offered |= (uint64_t)registers[REGISTER_FEATURES] << 32 * word;
    }
    features = offered & understood;
    for (unsigned word = 0; word < 2; word++) {
        registers[REGISTER_ACCEPTED_WORD] = word;
        registers[REGISTER_ACCEPTED] = (uint32_t)(features >> 32 * word);
    }
    add_status(STATUS_FEATURES);
    return has(FEATURE_MODERN) && registers[REGISTER_STATUS] & STATUS_FEATURES;
}

/* Two words that may change in between; not for ever (V2). */
static void read_capacity(void)
{
    uint32_t generation;
    unsigned tries = 0;
    do {
        generation = registers[REGISTER_GENERATION];
        device.segments = (uint64_t)registers[REGISTER_CAPACITY + 1] << 32 |
                          registers[REGISTER_CAPACITY];
    } while (generation != registers[REGISTER_GENERATION] && ++tries < 100);
}

static void place(enum virtio_register where, const volatile void *part)
{
    uint64_t physical = device_sees(part);
    registers[where] = (uint32_t)physical;
    registers[where + 1] = (uint32_t)(physical >> 32);
}

/* False: the queue is too short. */
static bool make_queue(void)
{
    registers[REGISTER_QUEUE] = 0;
    queue = has(FEATURE_INDIRECT) ? DEVICE_SLOTS : QUEUE;
    while (queue > registers[REGISTER_QUEUE_MOST]) { queue /= 2; }
    slots = has(FEATURE_INDIRECT) ? queue : queue / ENTRIES_IN_QUEUE;
    registers[REGISTER_QUEUE_SIZE] = queue;
    available.put = put = used.put = taken = 0;
    place(REGISTER_DESCRIPTORS, descriptors);
    place(REGISTER_AVAILABLE, &available);
    place(REGISTER_USED, &used);
    registers[REGISTER_QUEUE_READY] = 1;
    for (unsigned i = 0; i < slots; i++) {
        slot_of[i].seen_at = device_sees(&blocks[i]);
    }
    return slots > 0;
}

/* Pages of one request, of which the first and the last may not be whole. */
static unsigned most_pages(void)
{
    uint32_t most = has(FEATURE_MOST_ENTRIES) ? registers[REGISTER_MOST_ENTRIES]
                                              : DEVICE_PAGES;
    return most < DEVICE_PAGES ? most : DEVICE_PAGES;
}

/* False: its blocks are none that one request can move. */
static bool read_block(void)
{
    uint64_t bytes = has(FEATURE_BLOCK_BYTES) ? registers[REGISTER_BLOCK_BYTES]
                                              : KERNE_SEGMENT;
    device.block = bytes / KERNE_SEGMENT;
    device.largest = (most_pages() - 1) * (KERNE_PAGE / KERNE_SEGMENT);
    device.largest -= device.largest % (device.block > 0 ? device.block : 1);
    return bytes >= KERNE_SEGMENT && (bytes & (bytes - 1)) == 0 &&
           device.largest > 0;
}

/* From its reset on; as device_open(). */
static const char *begin(void)
{
    if (!reset()) { return "the disk does not reset"; }
    if (!agree()) { return "the disk does not agree to virtio's version 1"; }
    if (!make_queue() || most_pages() < 2) {
        return "the disk's queue is too short";
    }
    if (!read_block()) {
        return "the disk's blocks are of no size that a request can move";
    }
    read_capacity();
    device.is_writable = !has(FEATURE_READ_ONLY);
    device.keeps_back = has(FEATURE_FLUSH);
    add_status(STATUS_READY);
    return NULL;
}

static bool may_see(void)
{
    struct kerne_process_record own;
    return kerne_describe_process(0, &own) == KERNE_r_normal &&
           own.mask & KERNE_MASK_BIT(KERNE_physical_address);
}

const char *device_open(void)
{
    uint64_t line;
    char name[KERNE_NAME_BYTES];
    registers = find_disk(&line);
    if (registers == NULL) {
        return "there is no disk among the devices that it was lent";
    }
    if (registers[REGISTER_VERSION] != VIRTIO_MODERN) {
        return "the disk speaks the old form of virtio; QEMU needs -global "
               "virtio-mmio.force-legacy=false";
    }
    if (!may_see()) {
        return "it has a disk, but not the function physical_address, without "
               "which it can use none";
    }
    (void)snprintf(name, sizeof(name), "line%lu", (unsigned long)line);
    line_address = kerne_find(name);
    if (kerne_look_up("clock", &clock_address) == KERNE_r_normal) {
        device.patience = DEVICE_PATIENCE;
    }
    return begin();
}

/* ---- requests ------------------------------------------------------------ */

unsigned device_free_slot(void)
{
    static unsigned slot;
    for (unsigned tries = 0; tries < slots; tries++) {
        if (!slot_of[slot].is_busy) { return slot; }
        slot = slot + 1 < slots ? slot + 1 : 0;
    }
    return DEVICE_SLOTS;
}

/* Pages that are neighbours in the machine have one entry. */
static unsigned put_pages(struct virtio_descriptor *entry, uint16_t first,
                          const struct device_request *request)
{
    uint16_t written =
        request->operation == DEVICE_INPUT ? DESCRIPTOR_WRITTEN : 0;
    const uint64_t *page = request->page;
    uint32_t left = request->offset + request->bytes; /* from a page on */
    uint32_t offset = request->offset;
    uint16_t i = 0;
    while (left > 0) {
        uint64_t address = *page;
        uint32_t bytes = KERNE_PAGE;
        while (bytes < left && page[1] == page[0] + KERNE_PAGE) {
            bytes += KERNE_PAGE;
            page++;
        }
        page++;
        if (bytes > left) { bytes = left; }
        entry[i] = (struct virtio_descriptor){
            .address = address + offset,
            .bytes = bytes - offset,
            .flags = DESCRIPTOR_NEXT | written,
            .next = (uint16_t)(first + i + 1),
        };
        left -= bytes;
        offset = 0;
        i++;
    }
    return i;
}

/* The entries of a request, the first of which has this number. */
static uint32_t put_entries(struct virtio_descriptor *entry, uint16_t first,
                            unsigned slot, const struct device_request *request)
{
    uint64_t seen_at = slot_of[slot].seen_at;
    entry[0] = (struct virtio_descriptor){
        .address = seen_at + offsetof(struct block, header),
        .bytes = sizeof(struct virtio_header),
        .flags = DESCRIPTOR_NEXT,
        .next = (uint16_t)(first + 1),
    };
    unsigned last = 1 + put_pages(entry + 1, (uint16_t)(first + 1), request);
    entry[last] = (struct virtio_descriptor){
        .address = seen_at + offsetof(struct block, outcome),
        .bytes = 1,
        .flags = DESCRIPTOR_WRITTEN,
    };
    return last + 1;
}

void device_begin(unsigned slot, const struct device_request *request)
{
    struct block *block = &blocks[slot].block;
    uint16_t first = (uint16_t)slot;
    block->header = (struct virtio_header){
        .operation = request->operation,
        .segment = request->segment,
    };
    block->outcome = OUTCOME_NONE;
    busy++;
    slot_of[slot].is_busy = true;
    slot_of[slot].alarms = 0;
    slot_of[slot].written =
        request->operation == DEVICE_INPUT ? request->bytes + 1 : 1;
    if (has(FEATURE_INDIRECT)) {
        uint32_t entries = put_entries(block->entry, 0, slot, request);
        descriptors[slot] = (struct virtio_descriptor){
            .address = slot_of[slot].seen_at,
            .bytes = entries * (uint32_t)sizeof(struct virtio_descriptor),
            .flags = DESCRIPTOR_INDIRECT,
        };
    } else {
        first = (uint16_t)(slot * ENTRIES_IN_QUEUE);
        put_entries(descriptors + first, first, slot, request);
    }
    available.ring[put++ % queue] = first;
}

void device_tell(void)
{
    if (available.put == put) { return; }
    in_order();
    available.put = put;
    in_order();
    registers[REGISTER_NOTIFY] = 0;
}

/* The busy slot whose first entry this is; DEVICE_SLOTS: it is none (V2). */
static unsigned slot_with(uint32_t entry)
{
    unsigned entries = has(FEATURE_INDIRECT) ? 1 : ENTRIES_IN_QUEUE;
    unsigned slot = entry / entries;
    bool is_one = entry % entries == 0 && slot < slots && slot_of[slot].is_busy;
    return is_one ? slot : DEVICE_SLOTS;
}

static uint64_t status_of(unsigned slot, uint32_t written)
{
    switch (blocks[slot].block.outcome) {
    case OUTCOME_DONE:
        return written < slot_of[slot].written ? KERNE_SEGMENTS_DEVICE_ERROR
                                               : KERNE_SEGMENTS_DONE;
    case OUTCOME_UNSUPPORTED: return KERNE_SEGMENTS_DEVICE_UNSUPPORTED;
    default: return KERNE_SEGMENTS_DEVICE_ERROR;
    }
}

bool device_done(unsigned *ret_slot, uint64_t *ret_status)
{
    while (taken != used.put) {
        in_order();
        unsigned place = taken++ % queue;
        unsigned slot = slot_with(used.ring[place].entry);
        if (slot < DEVICE_SLOTS) {
            *ret_slot = slot;
            *ret_status = status_of(slot, used.ring[place].bytes);
            return device_take_back(slot);
        }
    }
    return false;
}

bool device_take_back(unsigned slot)
{
    bool was_busy = slot_of[slot].is_busy;
    slot_of[slot].is_busy = false;
    busy -= was_busy;
    return was_busy;
}

/* ---- interrupts, and none ------------------------------------------------ */

void device_await(void)
{
    static const struct kerne_words await = {
        { KERNE_OPERATION(KERNE_LINE_AWAIT, 0) },
    };
    if (awaiting == 0) {
        uint64_t result = kerne_send_message(line_address, &await, &awaiting);
        if (result != KERNE_r_normal) {
            kerne_give_up("disk: cannot await interrupts: %s",
                          kerne_result_text(result));
        }
    }
    if (alarm == 0 && busy > 0 && device.patience > 0) {
        const struct kerne_words delay = {
            { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
              kerne_ticks(device.patience * 1000000) },
        };
        (void)kerne_send_message(clock_address, &delay, &alarm);
    }
}

static void interrupted(uint64_t result)
{
    if (result != KERNE_r_normal) {
        kerne_give_up("disk: the interrupt line is not this driver's: %s",
                      kerne_result_text(result));
    }
    uint32_t reasons = registers[REGISTER_INTERRUPT];
    registers[REGISTER_INTERRUPT_TAKEN] = reasons;
    if (reasons & INTERRUPT_CHANGED) {
        if (registers[REGISTER_STATUS] & STATUS_NEEDS_RESET) {
            kerne_give_up("disk: the device does not go on without a reset");
        }
        read_capacity();
    }
}

bool device_answer(uint64_t buffer, uint64_t result)
{
    if (buffer == awaiting) {
        awaiting = 0;
        interrupted(result);
        return false;
    }
    alarm = 0;
    if (result != KERNE_r_normal) { device.patience = 0; }
    for (unsigned slot = 0; slot < slots && device.patience > 0; slot++) {
        slot_of[slot].alarms++;
    }
    return true;
}

bool device_is_silent(void)
{
    bool is_silent = false;
    for (unsigned slot = 0; slot < slots; slot++) {
        is_silent |= slot_of[slot].is_busy && slot_of[slot].alarms > 1;
    }
    const char *why = is_silent ? begin() : NULL;
    if (why != NULL) { kerne_give_up("disk: %s", why); }
    return is_silent;
}
