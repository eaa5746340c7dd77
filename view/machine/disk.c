/*
 * The disk: virtio's, over memory-mapped registers, in its modern form.
 *
 * Everything that the driver says is looked at: a request that makes no sense
 * makes the device need a reset, and touches nothing.
 */
#include "whole.h"

#define SEGMENT 512
#define QUEUE_MOST 1024
#define TAKES 20000      /* nanoseconds, of all that is there when it is told */
#define ENTRIES_MOST 256 /* of a request */

enum register_number {
    MAGIC = 0x000,
    VERSION = 0x004,
    KIND = 0x008,
    MAKER = 0x00c,
    FEATURES = 0x010,
    FEATURES_WORD = 0x014,
    ACCEPTED = 0x020,
    ACCEPTED_WORD = 0x024,
    QUEUE_SIZE_MOST = 0x034,
    QUEUE_SIZE = 0x038,
    QUEUE_READY = 0x044,
    NOTIFY = 0x050,
    INTERRUPT_WHY = 0x060,
    INTERRUPT_TAKEN = 0x064,
    STATUS = 0x070,
    PLACES = 0x080, /* three, of two words each, every 16 bytes */
    CAPACITY = 0x100,
    ENTRIES_AT_ONCE = 0x10c,
    BLOCK_SIZE = 0x114,
};

#define FEATURE(bit) (UINT64_C(1) << (bit))
#define FEATURE_READ_ONLY FEATURE(5)
#define FEATURE_INDIRECT FEATURE(28)
#define OFFERED \
    (FEATURE(2) | FEATURE(6) | FEATURE(9) | FEATURE(28) | FEATURE(32))
#define NEEDS_RESET 64

enum { NEXT = 1, WRITTEN = 2, INDIRECT = 4 };
enum { INPUT = 0, OUTPUT = 1, FLUSH = 4, IDENTITY = 8 };
enum { DONE = 0, FAILED = 1, UNSUPPORTED = 2 };
enum { DESCRIPTORS, AVAILABLE, USED };

struct descriptor {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags, next;
};

struct request {
    struct descriptor entry[ENTRIES_MOST];
    unsigned count;
};

static bool has_disk(const struct machine *m) { return m->config.disk != NULL; }

static uint64_t offered(const struct machine *m)
{
    return (OFFERED | (m->config.disk_is_read_only ? FEATURE_READ_ONLY : 0)) &
           ~(m->config.disk_is_direct ? FEATURE_INDIRECT : 0);
}

static uint32_t block(const struct machine *m)
{
    return m->config.disk_block != 0 ? m->config.disk_block : SEGMENT;
}

static void interrupt(struct machine *m, uint32_t why)
{
    m->disk.interrupt |= why;
    plic_line(m, DISK_LINE, m->disk.interrupt != 0);
}

static void begin(struct machine *m)
{
    m->disk = (struct disk){ .size = QUEUE_MOST };
    machine_alarm(m, ALARM_DISK, MACHINE_NEVER);
}

void disk_begin(struct machine *m) { begin(m); }

static void give_up(struct machine *m)
{
    m->disk.status |= NEEDS_RESET;
    interrupt(m, 2);
}

static bool get(const struct machine *m, uint64_t address, void *ret,
                uint64_t bytes)
{
    if (!storage_has(&m->storage, address, bytes)) { return false; }
    __builtin_memcpy(ret, storage_at(&m->storage, address), bytes);
    return true;
}

static bool put(struct machine *m, uint64_t address, const void *from,
                uint64_t bytes)
{
    if (!storage_has(&m->storage, address, bytes)) { return false; }
    storage_write(m, address, from, bytes);
    return true;
}

/* ---- requests ------------------------------------------------------------ */

/* The entries that hang on one; false: they make no sense. */
static bool collect(const struct machine *m, uint16_t first,
                    struct request *ret)
{
    uint64_t table = m->disk.place[DESCRIPTORS];
    uint32_t size = m->disk.size, at = first;
    struct descriptor d;
    if (at >= size || !get(m, table + at * sizeof(d), &d, sizeof(d))) {
        return false;
    }
    if (d.flags & INDIRECT) {
        table = d.address;
        size = d.bytes / (uint32_t)sizeof(d);
        at = 0;
    }
    for (ret->count = 0; ret->count < ENTRIES_MOST; at = d.next) {
        if (at >= size || !get(m, table + at * sizeof(d), &d, sizeof(d)) ||
            !storage_has(&m->storage, d.address, d.bytes)) {
            return false;
        }
        ret->entry[ret->count++] = d;
        if ((d.flags & NEXT) == 0) { return true; }
    }
    return false;
}

/* One entry's bytes, between it and the disk. */
static void transfer(struct machine *m, const struct descriptor *d,
                     uint64_t from, bool is_input)
{
    uint8_t *disk = m->config.disk + from;
    if (is_input) {
        storage_write(m, d->address, disk, d->bytes);
    } else {
        pages_touch_disk(m, from, d->bytes);
        __builtin_memcpy(disk, storage_at(&m->storage, d->address), d->bytes);
    }
}

/* Input and output.  Adds to *written what storage gets. */
static uint8_t move(struct machine *m, const struct request *request,
                    uint64_t segment, bool is_input, uint32_t *written)
{
    uint64_t bytes = 0, size = m->config.disk_bytes;
    for (unsigned i = 1; i + 1 < request->count; i++) {
        const struct descriptor *d = &request->entry[i];
        if (((d->flags & WRITTEN) != 0) != is_input) { return FAILED; }
        bytes += d->bytes;
    }
    bool is_there = segment <= size / SEGMENT &&
                    bytes <= size - segment * SEGMENT && bytes % block(m) == 0;
    if (!is_there || (!is_input && m->config.disk_is_read_only)) {
        return FAILED;
    }
    uint64_t at = segment * SEGMENT;
    for (unsigned i = 1; i + 1 < request->count; i++) {
        transfer(m, &request->entry[i], at, is_input);
        at += request->entry[i].bytes;
    }
    if (is_input) { *written += (uint32_t)bytes; }
    return DONE;
}

static uint8_t identify(struct machine *m, const struct request *request,
                        uint32_t *written)
{
    static const char name[20];
    const struct descriptor *d = &request->entry[1];
    uint32_t bytes = d->bytes < sizeof(name) ? d->bytes : sizeof(name);
    if (request->count < 3 || (d->flags & WRITTEN) == 0) { return FAILED; }
    storage_write(m, d->address, name, bytes);
    *written += bytes;
    return DONE;
}

/* False: it makes no sense. */
static bool serve(struct machine *m, uint16_t first, uint32_t *ret_written)
{
    static struct request request;
    struct {
        uint32_t operation, reserved;
        uint64_t segment;
    } header;
    uint32_t written = 1;
    uint8_t outcome = UNSUPPORTED;
    if (!collect(m, first, &request) || request.count < 2) { return false; }
    const struct descriptor *last = &request.entry[request.count - 1];
    bool is_sound = request.entry[0].bytes >= sizeof(header) &&
                    (last->flags & WRITTEN) && last->bytes > 0;
    if (!is_sound) { return false; }
    get(m, request.entry[0].address, &header, sizeof(header));
    switch (header.operation) {
    case INPUT:
    case OUTPUT:
        outcome = move(m, &request, header.segment, header.operation == INPUT,
                       &written);
        break;
    case FLUSH: outcome = DONE; break;
    case IDENTITY: outcome = identify(m, &request, &written); break;
    }
    *ret_written = written;
    return put(m, last->address + last->bytes - 1, &outcome, 1);
}

/* What the driver has put into `available` and the device has not taken. */
void disk_alarm(struct machine *m)
{
    struct disk *disk = &m->disk;
    uint16_t put_there, first = 0;
    uint64_t available = disk->place[AVAILABLE], used = disk->place[USED];
    bool is_any = false;
    if (!disk->ready || (disk->status & NEEDS_RESET)) { return; }
    while (get(m, available + 2, &put_there, 2) && put_there != disk->taken) {
        struct {
            uint32_t entry, bytes;
        } done = { 0, 0 };
        uint64_t place = disk->taken++ % disk->size;
        bool is_good = get(m, available + 4 + 2 * place, &first, 2) &&
                       serve(m, first, &done.bytes);
        done.entry = first;
        is_good = is_good && put(m, used + 4 + 8 * (disk->put % disk->size),
                                 &done, sizeof(done));
        disk->put++;
        if (!is_good || !put(m, used + 2, &disk->put, 2)) {
            give_up(m);
            return;
        }
        is_any = true;
    }
    if (is_any) { interrupt(m, 1); }
}

/* ---- registers ----------------------------------------------------------- */

static uint32_t load(const struct machine *m, uint64_t offset)
{
    uint64_t segments = m->config.disk_bytes / SEGMENT;
    switch (offset) {
    case FEATURES:
        return m->disk.features_word > 1
                   ? 0
                   : (uint32_t)(offered(m) >> 32 * m->disk.features_word);
    case QUEUE_SIZE_MOST: return QUEUE_MOST;
    case QUEUE_READY: return m->disk.ready;
    case INTERRUPT_WHY: return m->disk.interrupt;
    case STATUS: return m->disk.status;
    case CAPACITY: return (uint32_t)segments;
    case CAPACITY + 4: return (uint32_t)(segments >> 32);
    case ENTRIES_AT_ONCE: return ENTRIES_MOST - 2;
    case BLOCK_SIZE: return block(m);
    }
    return 0;
}

bool virtio_load(struct machine *m, uint64_t offset, uint64_t *ret)
{
    bool is_disk = VIRTIO_AT + offset - DISK_AT < 0x1000 && has_disk(m);
    offset &= 0xfff;
    switch (offset) {
    case MAGIC: *ret = 0x74726976; break;
    case VERSION: *ret = 2; break;
    case KIND: *ret = is_disk ? 2 : 0; break;
    case MAKER: *ret = 0x554d4551; break;
    default: *ret = is_disk ? load(m, offset) : 0;
    }
    return true;
}

static void set_place(struct machine *m, uint64_t offset, uint64_t value)
{
    unsigned which = (unsigned)(offset - PLACES) / 16;
    unsigned shift = offset & 4 ? 32 : 0;
    uint64_t *place = &m->disk.place[which];
    if (which > USED || (offset & 8)) { return; }
    *place = (*place & ~(UINT64_C(0xffffffff) << shift)) | value << shift;
}

static void set_status(struct machine *m, uint32_t value)
{
    if (value == 0) {
        begin(m);
        plic_line(m, DISK_LINE, false);
        return;
    }
    m->disk.status = (m->disk.status & NEEDS_RESET) | (value & 0xff);
}

static void set_ready(struct machine *m, uint64_t value)
{
    m->disk.ready = value & 1;
    m->disk.taken = m->disk.put = 0;
}

bool disk_store(struct machine *m, uint64_t offset, uint64_t value)
{
    struct disk *disk = &m->disk;
    if (VIRTIO_AT + offset - DISK_AT >= 0x1000 || !has_disk(m)) { return true; }
    offset &= 0xfff;
    value &= UINT64_C(0xffffffff);
    switch (offset) {
    case FEATURES_WORD: disk->features_word = (uint32_t)value; break;
    case ACCEPTED_WORD: disk->accepted_word = (uint32_t)value; break;
    case ACCEPTED:
        if (disk->accepted_word < 2) {
            disk->accepted |= value << 32 * disk->accepted_word;
        }
        break;
    case QUEUE_SIZE:
        if (value > 0 && value <= QUEUE_MOST && (value & (value - 1)) == 0) {
            disk->size = (uint32_t)value;
        }
        break;
    case QUEUE_READY: set_ready(m, value); break;
    case NOTIFY: machine_alarm(m, ALARM_DISK, m->clock + TAKES); break;
    case INTERRUPT_TAKEN:
        disk->interrupt &= (uint32_t)~value;
        plic_line(m, DISK_LINE, disk->interrupt != 0);
        break;
    case STATUS: set_status(m, (uint32_t)value); break;
    default:
        if (offset >= PLACES && offset < PLACES + 0x30) {
            set_place(m, offset, value);
        }
    }
    return true;
}
