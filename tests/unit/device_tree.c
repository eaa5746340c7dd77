/*
 * How arch/riscv reads a device tree: what it finds, and what it does with
 * trees that are damaged.  The tree lies in bytes of its own, so that the
 * sanitizer sees whatever is read outside.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <boot.h>
#include <riscv.h>
#include <tap.h>

#define TREE_ADDRESS UINT64_C(0x123450000)
#define HART 3
#define MOST (1 << 21)
#define ROUNDS 5000

struct machine machine;
static jmp_buf halt;
static const char *said;
static uint8_t *tree;      /* where the nucleus reads it */
static uint8_t text[MOST]; /* as it is written */
static uint64_t used;      /* bytes */
static struct boot boot;

/* ---- in place of the nucleus ------------------------------------------- */

void *tree_physical(uint64_t address)
{
    EQUAL(address, TREE_ADDRESS);
    return tree;
}

void boot_require(bool condition, const char *otherwise)
{
    if (!condition) {
        said = otherwise;
        longjmp(halt, 1);
    }
}

/* ---- writing a tree ---------------------------------------------------- */

static void word_at(uint64_t at, uint64_t value)
{
    for (int i = 0; i < 4; i++) {
        text[at + (uint64_t)i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static void word(uint64_t value)
{
    word_at(used, value);
    used += 4;
}

static void bytes_of(const void *from, uint64_t bytes)
{
    memcpy(text + used, from, bytes);
    used += (bytes + 3) / 4 * 4;
}

/* Names stand in front of the structure, each where it is first used. */
#define STRINGS 40
#define STRINGS_BYTES 512
#define RESERVED (STRINGS + STRINGS_BYTES)
#define STRUCTURE (RESERVED + 48)

static uint64_t string(const char *name)
{
    uint64_t at = 0;
    while (text[STRINGS + at] != '\0' &&
           strcmp((char *)text + STRINGS + at, name) != 0) {
        at += strlen((char *)text + STRINGS + at) + 1;
    }
    strcpy((char *)text + STRINGS + at, name);
    return at;
}

static void property(const char *name, uint64_t bytes)
{
    word(3);
    word(bytes);
    word(string(name));
}

static void begin_node(const char *name)
{
    word(1);
    bytes_of(name, strlen(name) + 1);
}

static void end_node(void) { word(2); }

static void numbers(const char *name, unsigned count, const uint64_t *value)
{
    property(name, 4 * count);
    for (unsigned i = 0; i < count; i++) { word(value[i]); }
}
#define NUMBERS(name, ...)                               \
    numbers(name, sizeof(uint64_t[]){ __VA_ARGS__ } / 8, \
            (const uint64_t[]){ __VA_ARGS__ })

static void texts(const char *name, const char *value, uint64_t bytes)
{
    property(name, bytes);
    bytes_of(value, bytes);
}
#define TEXTS(name, value) texts(name, value, sizeof value)

static void node_with_registers(const char *name, const char *compatible,
                                uint64_t first, uint64_t bytes)
{
    begin_node(name);
    NUMBERS("reg", first >> 32, first & UINT32_MAX, bytes >> 32,
            bytes & UINT32_MAX);
    texts("compatible", compatible, strlen(compatible) + 1);
    end_node();
}

static void memory(uint64_t first, uint64_t bytes)
{
    begin_node("storage");
    NUMBERS("reg", first >> 32, first & UINT32_MAX, bytes >> 32,
            bytes & UINT32_MAX);
    TEXTS("device_type", "memory");
    end_node();
}

static void cpu(uint64_t number)
{
    begin_node("cpu");
    NUMBERS("reg", number);
    TEXTS("device_type", "cpu");
    begin_node("interrupt-controller");
    NUMBERS("phandle", 100 + number);
    TEXTS("compatible", "riscv,cpu-intc");
    end_node();
    end_node();
}

static void plic(uint64_t first, uint64_t hart)
{
    begin_node("interrupts");
    NUMBERS("reg", first >> 32, first & UINT32_MAX, 0, 0x600000);
    TEXTS("compatible", "sifive,plic-1.0.0\0riscv,plic0");
    NUMBERS("interrupts-extended", 99, 11, UINT32_MAX, UINT32_MAX, 100 + hart,
            11, 100 + hart, 9);
    end_node();
}

static void begin_tree(void)
{
    memset(text, 0, used); /* as far as the last tree went */
    used = STRUCTURE;
    memset(&machine, 0, sizeof machine);
    boot = (struct boot){ .arguments = "" };
    begin_node("");
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 2);
}

static void end_tree(void)
{
    end_node();
    word(9);
    const uint64_t header[] = {
        0xd00dfeed, used, STRUCTURE, STRINGS,       RESERVED,
        17,         16,   0,         STRINGS_BYTES, used - STRUCTURE
    };
    for (unsigned i = 0; i < 10; i++) { word_at(4 * i, header[i]); }
}

/* Much of what there is. */
static void usual_tree(void)
{
    begin_tree();
    word_at(RESERVED + 4, 0x80000000);
    word_at(RESERVED + 12, 0x40000);
    plic(0xc000000, HART); /* before the harts */
    plic(0xc600000, 1);
    begin_node("chosen");
    NUMBERS("linux,initrd-start", 0x84000000);
    NUMBERS("linux,initrd-end", 0, 0x84123456);
    TEXTS("bootargs", "slice=100 list");
    end_node();
    memory(0x80000000, 0x4000000);
    memory(0x84000000, 0x3fff800);
    memory(UINT64_C(0x280000800), 0x80000000);
    begin_node("reserved-memory");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 1);
    property("ranges", 0);
    begin_node("kept");
    NUMBERS("reg", 0x87000001, 1, 0x80010000, 0x100000);
    end_node();
    end_node();
    begin_node("cpus");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 0);
    NUMBERS("timebase-frequency", 12345);
    cpu(1);
    cpu(HART);
    end_node();
    begin_node("soc");
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 2);
    property("ranges", 0);
    node_with_registers("timer", "riscv,clint0", 0x2000000, 0x10000);
    node_with_registers("memory@10000000", "ns16550a", 0x10000100, 0x100);
    node_with_registers("plic@10001000", "virtio,mmio", 0x10001000, 0x1000);
    begin_node("bus");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 1);
    NUMBERS("ranges", 0, 0x20000000, 0x1000);
    begin_node("translated");
    NUMBERS("reg", 0x80000000, 0x1000);
    end_node();
    begin_node("bus");
    property("ranges", 0);
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 1);
    begin_node("below it");
    NUMBERS("reg", 0, 0x80000000, 0x1000);
    end_node();
    end_node();
    end_node();
    end_node();
    end_tree();
}

/* Reads it; false: refused. */
static bool read_tree(uint64_t bytes)
{
    volatile bool read = false;
    said = NULL;
    tree = malloc(bytes);
    memcpy(tree, text, bytes < MOST ? bytes : MOST);
    if (setjmp(halt) == 0) {
        device_tree_read(TREE_ADDRESS, HART, &boot);
        read = true;
    }
    free(tree);
    return read;
}

/* ---- tests ------------------------------------------------------------- */

static void expect_ranges(const struct kerne_ranges *set, unsigned count,
                          const struct kerne_range *range)
{
    EQUAL(set->count, count);
    for (unsigned i = 0; i < count && i < set->count; i++) {
        EQUAL(set->range[i].first, range[i].first);
        EQUAL(set->range[i].last, range[i].last);
    }
}
#define RANGES_ARE(set, ...)                                             \
    expect_ranges(set, sizeof(struct kerne_range[]){ __VA_ARGS__ } / 16, \
                  (const struct kerne_range[]){ __VA_ARGS__ })

static void what_is_found(void)
{
    usual_tree();
    EXPECT(read_tree(used));
    RANGES_ARE(&boot.ram, { 0x80000000, 0x87fff000 },
               { UINT64_C(0x280001000), UINT64_C(0x300000000) });
    RANGES_ARE(&boot.storage, { 0x80110000, 0x87000000 },
               { 0x87001000, 0x87fff000 },
               { UINT64_C(0x280001000), UINT64_C(0x300000000) });
    RANGES_ARE(&boot.devices, { 0x10000000, 0x10002000 });
    EQUAL(machine.controller, 0xc000000);
    EQUAL(machine.context, 3);
    EQUAL(boot.image.first, 0x84000000);
    EQUAL(boot.image.last, 0x84123456);
    EQUAL(boot.ticks_per_second, 12345);
    EQUAL(boot.device_tree.first, TREE_ADDRESS);
    EQUAL(boot.device_tree.last, TREE_ADDRESS + used);
}

/* They are read where they lie. */
static void arguments(void)
{
    usual_tree();
    tree = malloc(used);
    memcpy(tree, text, used);
    if (setjmp(halt) == 0) { device_tree_read(TREE_ADDRESS, HART, &boot); }
    EXPECT(strcmp(boot.arguments, "slice=100 list") == 0);
    free(tree);
    begin_tree();
    begin_node("chosen");
    texts("bootargs", "endless", 7);
    end_node();
    end_tree();
    EXPECT(!read_tree(used));
}

static void no_controller(void)
{
    begin_tree();
    plic(0xc000000, 0); /* and no hart of any name */
    end_tree();
    EXPECT(read_tree(used));
    EQUAL(machine.controller, 0);
    EQUAL(boot.devices.count, 0);
}

static void refused(void)
{
    EXPECT(!read_tree(used));
    EXPECT(said != NULL && strstr(said, "sound device tree") != NULL);
    usual_tree();
}

static void bad_headers(void)
{
    usual_tree();
    word_at(0, 0xd00dfeee);
    refused();
    word_at(4, 39);
    refused();
    word_at(4, used - 4); /* the end is cut off */
    refused();
    word_at(8, used);
    refused();
    word_at(8, UINT32_MAX);
    refused();
    word_at(12, UINT32_MAX);
    refused();
    word_at(16, used - 8);
    refused();
    word_at(20, 16);
    refused();
}

static void bad_structures(void)
{
    begin_tree();
    for (int i = 0; i < 20; i++) { begin_node("deep"); }
    for (int i = 0; i < 20; i++) { end_node(); }
    end_tree();
    refused();
    begin_tree();
    end_node();
    end_node();
    end_tree();
    refused();
    begin_tree();
    word(9);
    end_tree();
    refused();
    begin_tree();
    word(5);
    end_tree();
    refused();
    begin_tree();
    property("reg", UINT32_MAX);
    end_tree();
    refused();
    begin_tree();
    memory(UINT64_C(1) << 56, 0x1000);
    end_tree();
    refused();
    begin_tree();
    memory(0x80000000, UINT64_MAX);
    end_tree();
    refused();
}

static void in_storage(uint64_t first, uint64_t bytes, const char *compatible)
{
    begin_tree();
    node_with_registers("device", compatible, first, bytes);
    memory(0x80000000, 0x1000000); /* behind it */
    end_tree();
    EXPECT(!read_tree(used));
    EXPECT(said != NULL && strstr(said, "lies in storage") != NULL);
}

static void devices_in_storage(void)
{
    in_storage(0x80201000, 0x1000, "ns16550a");
    in_storage(0x80ffffff, 0x1000, "ns16550a");
    in_storage(0x7fffffff, 2, "ns16550a");
    in_storage(0x10000000, UINT64_C(0x100000000), "ns16550a");
    in_storage(0x80000000, 0x1000, "riscv,plic0");
    in_storage(0x80000000, 0x1000, "riscv,clint0");
}

/* What lies above all addresses of a process is nobody's. */
static void far_up(void)
{
    begin_tree();
    memory(0x80000000, UINT64_C(1) << 50);
    memory(UINT64_C(1) << 40, 0x1000);
    end_tree();
    EXPECT(read_tree(used));
    RANGES_ARE(&boot.ram, { 0x80000000, STORAGE_LIMIT });
}

/* Many nodes in one of many properties, and a device with as many texts as
 * ranges: it would take hours, if one were read again for each of the other. */
static void much_to_read(void)
{
    begin_tree();
    begin_node("many");
    for (int i = 0; i < 25000; i++) { property("reg", 0); }
    for (int i = 0; i < 20000; i++) {
        begin_node("");
        NUMBERS("reg", 0);
        end_node();
    }
    end_node();
    begin_node("long");
    property("reg", 150000);
    used += 150000;
    property("compatible", 150000);
    used += 150000;
    end_node();
    end_tree();
    EXPECT(read_tree(used));
}

/* The tree ends ever earlier, and says so or not. */
static void cut_anywhere(void)
{
    usual_tree();
    uint64_t whole = used;
    for (uint64_t bytes = 40; bytes < whole; bytes++) {
        usual_tree();
        word_at(4, bytes);
        EXPECT(!read_tree(bytes));
    }
}

/* Bytes and words are spoilt at random. */
static void spoilt_anywhere(void)
{
    uint64_t dice = 1;
    unsigned read = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        usual_tree();
        for (unsigned i = 0; i < 1 + round % 4; i++) {
            dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407;
            uint64_t at = 8 + (dice >> 33) % (used - 12);
            uint64_t value = dice >> 20 & 0xff;
            if (dice >> 62 == 0) { at = 8 + at % 32; }
            if (dice >> 60 & 1) {
                text[at] = (uint8_t)value;
            } else {
                word_at(at / 4 * 4, value < 0x80 ? value % 12 : 0 - value);
            }
        }
        read += read_tree(used);
    }
    EXPECT(read > ROUNDS / 20 && read < ROUNDS - ROUNDS / 20);
}

static const struct test tests[] = {
    { "device_tree.what_is_found", what_is_found },
    { "device_tree.arguments", arguments },
    { "device_tree.no_controller", no_controller },
    { "device_tree.far_up", far_up },
    { "device_tree.devices_in_storage", devices_in_storage },
    { "device_tree.bad.headers", bad_headers },
    { "device_tree.bad.structures", bad_structures },
    { "device_tree.bad.much_to_read", much_to_read },
    { "device_tree.cut_anywhere", cut_anywhere },
    { "device_tree.spoilt_anywhere", spoilt_anywhere },
};

TAP_MAIN(tests, NULL)
