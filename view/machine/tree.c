#include "tree.h"

#include "devices.h"

enum token { BEGIN = 1, END = 2, PROPERTY = 3, LAST = 9 };
enum { HEADER = 40, NAMES_MOST = 1024, NOTHING_RESERVED = 16 };
enum {
    HART_PHANDLE = 1,
    LINES_PHANDLE = 2,
    PLIC_PHANDLE = 3,
    TEST_PHANDLE = 4
};

struct tree {
    uint8_t *byte;
    uint32_t used;
    char name[NAMES_MOST]; /* of properties, one behind the other */
    uint32_t names;
    bool is_full;
};

static size_t length(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0') { n++; }
    return n;
}

static void put(struct tree *t, const void *bytes, size_t count)
{
    size_t whole = (count + 3) & ~(size_t)3;
    if (t->is_full || whole > TREE_MOST - t->used) {
        t->is_full = true;
        return;
    }
    __builtin_memset(t->byte + t->used, 0, whole);
    __builtin_memcpy(t->byte + t->used, bytes, count);
    t->used += (uint32_t)whole;
}

static void put_word(struct tree *t, uint32_t word)
{
    uint32_t big = __builtin_bswap32(word);
    put(t, &big, sizeof(big));
}

static bool same(const char *a, const char *b)
{
    size_t bytes = length(a) + 1;
    return length(b) + 1 == bytes && __builtin_memcmp(a, b, bytes) == 0;
}

/* Where a name stands among the names. */
static uint32_t name_of(struct tree *t, const char *name)
{
    size_t bytes = length(name) + 1;
    for (uint32_t at = 0; at < t->names;) {
        if (same(t->name + at, name)) { return at; }
        at += (uint32_t)length(t->name + at) + 1;
    }
    if (bytes > NAMES_MOST - t->names) {
        t->is_full = true;
        return 0;
    }
    __builtin_memcpy(t->name + t->names, name, bytes);
    t->names += (uint32_t)bytes;
    return t->names - (uint32_t)bytes;
}

static void property(struct tree *t, const char *name, const void *value,
                     size_t bytes)
{
    put_word(t, PROPERTY);
    put_word(t, (uint32_t)bytes);
    put_word(t, name_of(t, name));
    put(t, value, bytes);
}

static void text(struct tree *t, const char *name, const char *value)
{
    property(t, name, value, length(value) + 1);
}

static void cells(struct tree *t, const char *name, const uint32_t *value,
                  unsigned count)
{
    uint32_t big[8];
    for (unsigned i = 0; i < count; i++) {
        big[i] = __builtin_bswap32(value[i]);
    }
    property(t, name, big, count * sizeof(*big));
}

#define CELLS(t, name, ...)                               \
    cells((t), (name), (const uint32_t[]){ __VA_ARGS__ }, \
          sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)
#define WORDS(number) (uint32_t)((uint64_t)(number) >> 32), (uint32_t)(number)

static void begin(struct tree *t, const char *name)
{
    put_word(t, BEGIN);
    put(t, name, length(name) + 1);
}

static void end(struct tree *t) { put_word(t, END); }

static void within(struct tree *t, uint32_t address, uint32_t size)
{
    CELLS(t, "#address-cells", address);
    CELLS(t, "#size-cells", size);
}

/* Named with its address in hexadecimal. */
static void begin_at(struct tree *t, const char *name, uint64_t address,
                     uint64_t bytes)
{
    char full[40];
    size_t n = length(name);
    unsigned shift = 60;
    __builtin_memcpy(full, name, n);
    full[n++] = '@';
    while (shift > 0 && address >> shift == 0) { shift -= 4; }
    for (;; shift -= 4) {
        full[n++] = "0123456789abcdef"[address >> shift & 15];
        if (shift == 0) { break; }
    }
    full[n] = '\0';
    begin(t, full);
    CELLS(t, "reg", WORDS(address), WORDS(bytes));
}

static void device(struct tree *t, const char *name, uint64_t address,
                   uint64_t bytes, uint32_t line)
{
    begin_at(t, name, address, bytes);
    CELLS(t, "interrupts", line);
    CELLS(t, "interrupt-parent", PLIC_PHANDLE);
}

static void chosen(struct tree *t, const struct tree_facts *facts)
{
    begin(t, "chosen");
    if (facts->image_last > facts->image_first) {
        CELLS(t, "linux,initrd-end", WORDS(facts->image_last));
        CELLS(t, "linux,initrd-start", WORDS(facts->image_first));
    }
    if (facts->arguments != NULL) { text(t, "bootargs", facts->arguments); }
    text(t, "stdout-path", "/soc/serial@10000000");
    end(t);
}

static void storage(struct tree *t, uint64_t bytes)
{
    begin(t, "reserved-memory");
    within(t, 2, 2);
    property(t, "ranges", "", 0);
    begin_at(t, "mmode_resv0", MACHINE_STORAGE, 0x80000);
    property(t, "no-map", "", 0);
    end(t);
    end(t);
    begin_at(t, "memory", MACHINE_STORAGE, bytes);
    text(t, "device_type", "memory");
    end(t);
}

static void harts(struct tree *t)
{
    begin(t, "cpus");
    within(t, 1, 0);
    CELLS(t, "timebase-frequency", 10000000);
    begin(t, "cpu@0");
    CELLS(t, "phandle", HART_PHANDLE);
    text(t, "device_type", "cpu");
    CELLS(t, "reg", 0);
    text(t, "status", "okay");
    text(t, "compatible", "riscv");
    text(t, "riscv,isa", "rv64imafdc_zicsr_zifencei_sstc");
    text(t, "mmu-type", "riscv,sv39");
    begin(t, "interrupt-controller");
    CELLS(t, "#interrupt-cells", 1);
    property(t, "interrupt-controller", "", 0);
    text(t, "compatible", "riscv,cpu-intc");
    CELLS(t, "phandle", LINES_PHANDLE);
    end(t);
    end(t);
    end(t);
}

static void power(struct tree *t)
{
    static const char compatible[] = "sifive,test1\0sifive,test0\0syscon";
    begin_at(t, "test", TEST_AT, 0x1000);
    CELLS(t, "phandle", TEST_PHANDLE);
    property(t, "compatible", compatible, sizeof(compatible));
    end(t);
}

static void controller(struct tree *t)
{
    static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
    begin_at(t, "plic", PLIC_AT, PLIC_BYTES);
    CELLS(t, "phandle", PLIC_PHANDLE);
    CELLS(t, "riscv,ndev", 95);
    CELLS(t, "interrupts-extended", LINES_PHANDLE, 11, LINES_PHANDLE, 9);
    property(t, "interrupt-controller", "", 0);
    property(t, "compatible", compatible, sizeof(compatible));
    CELLS(t, "#interrupt-cells", 1);
    CELLS(t, "#address-cells", 0);
    end(t);
}

static void devices(struct tree *t)
{
    begin(t, "soc");
    within(t, 2, 2);
    text(t, "compatible", "simple-bus");
    property(t, "ranges", "", 0);
    device(t, "rtc", RTC_AT, 0x1000, RTC_LINE);
    text(t, "compatible", "google,goldfish-rtc");
    end(t);
    device(t, "serial", UART_AT, 0x100, UART_LINE);
    CELLS(t, "clock-frequency", 3686400);
    text(t, "compatible", "ns16550a");
    end(t);
    power(t);
    for (unsigned i = VIRTIO_COUNT; i > 0; i--) {
        device(t, "virtio_mmio", VIRTIO_AT + 0x1000 * (i - 1), 0x1000, i);
        text(t, "compatible", "virtio,mmio");
        end(t);
    }
    controller(t);
    end(t);
}

static void whole(struct tree *t, const struct tree_facts *facts)
{
    begin(t, "");
    within(t, 2, 2);
    text(t, "compatible", "riscv-virtio");
    text(t, "model", "kerne,view");
    chosen(t, facts);
    storage(t, facts->storage_bytes);
    harts(t);
    devices(t);
    end(t);
    put_word(t, LAST);
}

static void put_header(struct tree *t, uint32_t structure)
{
    uint32_t names_at = t->used;
    put(t, t->name, t->names);
    const uint32_t header[HEADER / 4] = {
        0xd00dfeed, t->used, HEADER + NOTHING_RESERVED,
        names_at,   HEADER,  17,
        16,         0,       t->names,
        structure,
    };
    uint32_t last = t->used;
    t->used = 0;
    for (unsigned i = 0; i < HEADER / 4; i++) { put_word(t, header[i]); }
    t->used = last;
}

uint32_t tree_make(const struct tree_facts *facts, uint8_t *ret_tree)
{
    struct tree t = { .byte = ret_tree, .used = HEADER };
    static const uint8_t reserved[NOTHING_RESERVED];
    put(&t, reserved, sizeof(reserved));
    uint32_t first = t.used;
    whole(&t, facts);
    put_header(&t, t.used - first);
    return t.is_full ? 0 : t.used;
}
