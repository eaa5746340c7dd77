/*
 * The first and only process of a Linux that disk_beside_linux.py boots: moves
 * as shelf.c does, between its storage and the disk itself, without a file
 * system, and says how long a KiB takes.  It needs no library.
 */
#include <stddef.h>
#include <stdint.h>

#define AREA_BYTES (16 * 1024 * 1024)
#define REQUEST (64 * 1024)
#define FLIGHT 8
#define ROUNDS 5
#define SEGMENT 512

static void *memset_of(void *to, int byte, size_t bytes)
{
    char *at = to;
    while (bytes-- > 0) { *at++ = (char)byte; }
    return to;
}

/* ---- calls --------------------------------------------------------------- */

enum {
    CALL_IO_SETUP = 0,
    CALL_IO_SUBMIT = 2,
    CALL_IO_GETEVENTS = 4,
    CALL_IOCTL = 29,
    CALL_MOUNT = 40,
    CALL_OPENAT = 56,
    CALL_CLOSE = 57,
    CALL_READ = 63,
    CALL_WRITE = 64,
    CALL_PREAD = 67,
    CALL_PWRITE = 68,
    CALL_FSYNC = 82,
    CALL_NANOSLEEP = 101,
    CALL_INIT_MODULE = 105,
    CALL_CLOCK_GETTIME = 113,
    CALL_REBOOT = 142,
};
#define HERE (-100)
#define READ_WRITE 2
#define DIRECT 040000
#define FORGET_CACHED 0x1261 /* BLKFLSBUF */

static long call6(long number, long a, long b, long c, long d, long e)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
                     : "memory");
    return a0;
}

static long call(long number, long a, long b, long c)
{
    return call6(number, a, b, c, 0, 0);
}

static void say(const char *text)
{
    size_t bytes = 0;
    while (text[bytes] != 0) { bytes++; }
    call(CALL_WRITE, 1, (long)text, (long)bytes);
}

static void say_number(uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    say(digits + at);
}

_Noreturn static void halt(void)
{
    for (;;) { call6(CALL_REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0, 0); }
}

static long good(const char *what, long result)
{
    if (result >= 0) { return result; }
    say(what);
    say(": error ");
    say_number((uint64_t)-result);
    say("\n");
    halt();
}

static uint64_t nanoseconds(void)
{
    struct {
        int64_t seconds, rest;
    } now;
    call(CALL_CLOCK_GETTIME, 1, (long)&now, 0);
    return (uint64_t)now.seconds * 1000000000 + (uint64_t)now.rest;
}

/* ---- the disk ------------------------------------------------------------ */

static void load(const char *path)
{
    static char module[4 * 1024 * 1024];
    long file = good(path, call(CALL_OPENAT, HERE, (long)path, 0));
    long bytes = 0, part;
    while ((part = call(CALL_READ, file, (long)(module + bytes),
                        (long)sizeof module - bytes)) > 0) {
        bytes += part;
    }
    good(path, call(CALL_INIT_MODULE, (long)module, bytes, (long)""));
    call(CALL_CLOSE, file, 0, 0);
}

static long open_disk(long how)
{
    struct {
        int64_t seconds, rest;
    } moment = { 0, 10000000 };
    long disk = -1;
    for (int i = 0; disk < 0 && i < 1000; i++) {
        disk = call(CALL_OPENAT, HERE, (long)"/dev/vda", READ_WRITE | how);
        if (disk < 0) { call(CALL_NANOSLEEP, (long)&moment, 0, 0); }
    }
    return good("/dev/vda", disk);
}

struct io_request {
    uint64_t data;
    uint32_t key, flags;
    uint16_t operation;
    int16_t priority;
    uint32_t file;
    uint64_t area, bytes;
    int64_t offset;
    uint64_t reserved;
    uint32_t more_flags, event;
};
struct io_event {
    uint64_t data, request;
    int64_t result, result_2;
};

struct pace {
    const char *name;
    int is_output;
    uint64_t bytes, at_once; /* 0: through Linux's cache, one at a time */
    int is_random;
};

static char area[FLIGHT][REQUEST] __attribute__((aligned(4096)));
static uint64_t place;

static uint64_t next_place(const struct pace *pace)
{
    uint64_t parts = AREA_BYTES / pace->bytes;
    place =
        (pace->is_random ? place * 1664525 + 1013904223 : place + 1) % parts;
    return place * pace->bytes;
}

static void submit(uint64_t context, const struct pace *pace, long disk,
                   uint64_t k)
{
    struct io_request request, *list = &request;
    memset_of(&request, 0, sizeof request);
    request.data = k;
    request.operation = (uint16_t)(pace->is_output ? 1 : 0);
    request.file = (uint32_t)disk;
    request.area = (uint64_t)area[k];
    request.bytes = pace->bytes;
    request.offset = (int64_t)next_place(pace);
    good("io_submit", call(CALL_IO_SUBMIT, (long)context, 1, (long)&list));
}

/* Past Linux's cache, so many requests under way. */
static void move_at_once(const struct pace *pace, long disk)
{
    static uint64_t context;
    uint64_t count = AREA_BYTES / pace->bytes, begun = 0, done = 0;
    if (context == 0) {
        good("io_setup", call(CALL_IO_SETUP, FLIGHT, (long)&context, 0));
    }
    while (begun < pace->at_once) { submit(context, pace, disk, begun++); }
    while (done < count) {
        struct io_event events[FLIGHT];
        long ended =
            good("io_getevents", call6(CALL_IO_GETEVENTS, (long)context, 1,
                                       FLIGHT, (long)events, 0));
        for (long i = 0; i < ended; i++, done++) {
            if (events[i].result != (int64_t)pace->bytes) {
                good("input or output",
                     events[i].result < 0 ? (long)events[i].result : -5);
            }
            if (begun < count) {
                submit(context, pace, disk, events[i].data);
                begun++;
            }
        }
    }
}

static void move_cached(const struct pace *pace, long disk)
{
    for (uint64_t i = 0; i < AREA_BYTES / pace->bytes; i++) {
        long offset = (long)next_place(pace);
        good("input or output",
             call6(pace->is_output ? CALL_PWRITE : CALL_PREAD, disk,
                   (long)area[0], (long)pace->bytes, offset, 0));
    }
}

static void measure(const struct pace *pace, long direct, long cached)
{
    uint64_t best = UINT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        call(CALL_FSYNC, cached, 0, 0);
        good("forget", call(CALL_IOCTL, cached, FORGET_CACHED, 0));
        uint64_t before = nanoseconds();
        if (pace->at_once > 0) {
            move_at_once(pace, direct);
        } else {
            move_cached(pace, cached);
        }
        if (pace->is_output) { good("fsync", call(CALL_FSYNC, cached, 0, 0)); }
        uint64_t taken = nanoseconds() - before;
        if (taken < best) { best = taken; }
    }
    say("linux ");
    say(pace->name);
    say(" ");
    say_number(best / (AREA_BYTES / 1024));
    say("\n");
}

static const struct pace paces[] = {
    { "output_64k_of_eight", 1, REQUEST, 8, 0 },
    { "output_4k", 1, 4096, 0, 0 },
    { "input_64k_of_eight", 0, REQUEST, 8, 0 },
    { "input_4k_ahead", 0, 4096, 0, 0 },
    { "input_4k_random", 0, 4096, 8, 1 },
    { "output_4k_random", 1, 4096, 0, 1 },
};

void _start(void)
{
    call6(CALL_MOUNT, (long)"dev", (long)"/dev", (long)"devtmpfs", 0, 0);
    load("/virtio_mmio.ko");
    load("/virtio_blk.ko");
    long direct = open_disk(DIRECT), cached = open_disk(0);
    for (size_t i = 0; i < sizeof paces / sizeof paces[0]; i++) {
        measure(&paces[i], direct, cached);
    }
    halt();
}
