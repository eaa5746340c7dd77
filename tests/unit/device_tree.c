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

#include "dice.h"
#include "tree.h"

#define TREE_ADDRESS UINT64_C(0x123450000)
#define HART 3
#define ROUNDS 5000

struct machine machine;
static jmp_buf halt;
static const char *said;
static uint8_t *tree; /* where the nucleus reads it */
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

static void memory(uint64_t first, uint64_t bytes)
{
    tree_begin_device("storage", first, bytes);
    TEXTS("device_type", "memory");
    tree_end_node();
}

static void cpu(uint64_t number)
{
    tree_begin_node("cpu");
    NUMBERS("reg", number);
    TEXTS("device_type", "cpu");
    tree_begin_node("interrupt-controller");
    NUMBERS("phandle", 100 + number);
    TEXTS("compatible", "riscv,cpu-intc");
    tree_end_node();
    tree_end_node();
}

static void plic(uint64_t first, uint64_t hart)
{
    tree_begin_device("interrupts", first, 0x600000);
    TEXTS("compatible", "sifive,plic-1.0.0\0riscv,plic0");
    NUMBERS("interrupts-extended", 99, 11, UINT32_MAX, UINT32_MAX, 100 + hart,
            11, 100 + hart, 9);
    tree_end_node();
}

static void begin(void)
{
    memset(&machine, 0, sizeof machine);
    boot = (struct boot){ .arguments = "" };
    tree_begin();
}

/* Much of what there is. */
static void usual_tree(void)
{
    begin();
    tree_word_at(TREE_RESERVED + 4, 0x80000000);
    tree_word_at(TREE_RESERVED + 12, 0x40000);
    plic(0xc000000, HART); /* before the harts */
    plic(0xc600000, 1);
    tree_begin_node("chosen");
    NUMBERS("linux,initrd-start", 0x84000000);
    NUMBERS("linux,initrd-end", 0, 0x84123456);
    TEXTS("bootargs", "slice=100 list");
    tree_end_node();
    memory(0x80000000, 0x4000000);
    memory(0x84000000, 0x3fff800);
    memory(UINT64_C(0x280000800), 0x80000000);
    tree_begin_node("reserved-memory");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 1);
    tree_property("ranges", 0);
    tree_begin_node("kept");
    NUMBERS("reg", 0x87000001, 1, 0x80010000, 0x100000);
    tree_end_node();
    tree_end_node();
    tree_begin_node("cpus");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 0);
    NUMBERS("timebase-frequency", 12345);
    cpu(1);
    cpu(HART);
    tree_end_node();
    tree_begin_node("soc");
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 2);
    tree_property("ranges", 0);
    tree_device("timer", "riscv,clint0", 0x2000000, 0x10000);
    tree_device("memory@10000000", "ns16550a", 0x10000100, 0x100);
    tree_device("plic@10001000", "virtio,mmio", 0x10001000, 0x1000);
    tree_begin_node("bus");
    NUMBERS("#address-cells", 1);
    NUMBERS("#size-cells", 1);
    NUMBERS("ranges", 0, 0x20000000, 0x1000);
    tree_begin_node("translated");
    NUMBERS("reg", 0x80000000, 0x1000);
    tree_end_node();
    tree_begin_node("bus");
    tree_property("ranges", 0);
    NUMBERS("#address-cells", 2);
    NUMBERS("#size-cells", 1);
    tree_begin_node("below it");
    NUMBERS("reg", 0, 0x80000000, 0x1000);
    tree_end_node();
    tree_end_node();
    tree_end_node();
    tree_end_node();
    tree_end();
}

/* Reads it; false: refused. */
static bool read_tree(uint64_t bytes)
{
    volatile bool read = false;
    said = NULL;
    tree = malloc(bytes);
    memcpy(tree, tree_text, bytes < TREE_MOST ? bytes : TREE_MOST);
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

TEST("device_tree.what_is_found")
{
    usual_tree();
    EXPECT(read_tree(tree_used));
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
    EQUAL(boot.device_tree.last, TREE_ADDRESS + tree_used);
}

/* They are read where they lie. */
TEST("device_tree.arguments")
{
    usual_tree();
    tree = malloc(tree_used);
    memcpy(tree, tree_text, tree_used);
    if (setjmp(halt) == 0) { device_tree_read(TREE_ADDRESS, HART, &boot); }
    EXPECT(strcmp(boot.arguments, "slice=100 list") == 0);
    free(tree);
    begin();
    tree_begin_node("chosen");
    tree_texts("bootargs", "endless", 7);
    tree_end_node();
    tree_end();
    EXPECT(!read_tree(tree_used));
}

TEST("device_tree.no_controller")
{
    begin();
    plic(0xc000000, 0); /* and no hart of any name */
    tree_end();
    EXPECT(read_tree(tree_used));
    EQUAL(machine.controller, 0);
    EQUAL(boot.devices.count, 0);
}

static void refused(void)
{
    EXPECT(!read_tree(tree_used));
    EXPECT(said != NULL && strstr(said, "sound device tree") != NULL);
    usual_tree();
}

TEST("device_tree.bad.headers")
{
    usual_tree();
    const uint64_t words[][2] = {
        { 0, 0xd00dfeee },    { 4, 39 },
        { 4, tree_used - 4 }, /* the end is cut off */
        { 8, tree_used },     { 8, UINT32_MAX },
        { 12, UINT32_MAX },   { 16, tree_used - 8 },
        { 20, 16 },
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        tree_word_at(words[i][0], words[i][1]);
        refused();
    }
}

TEST("device_tree.bad.structures")
{
    begin();
    for (int i = 0; i < 20; i++) { tree_begin_node("deep"); }
    for (int i = 0; i < 20; i++) { tree_end_node(); }
    tree_end();
    refused();
    begin();
    tree_end_node();
    tree_end_node();
    tree_end();
    refused();
    begin();
    tree_word(9);
    tree_end();
    refused();
    begin();
    tree_word(5);
    tree_end();
    refused();
    begin();
    tree_property("reg", UINT32_MAX);
    tree_end();
    refused();
    begin();
    memory(UINT64_C(1) << 56, 0x1000);
    tree_end();
    refused();
    begin();
    memory(0x80000000, UINT64_MAX);
    tree_end();
    refused();
}

static void in_storage(uint64_t first, uint64_t bytes, const char *compatible)
{
    begin();
    tree_device("device", compatible, first, bytes);
    memory(0x80000000, 0x1000000); /* behind it */
    tree_end();
    EXPECT(!read_tree(tree_used));
    EXPECT(said != NULL && strstr(said, "lies in storage") != NULL);
}

TEST("device_tree.devices_in_storage")
{
    in_storage(0x80201000, 0x1000, "ns16550a");
    in_storage(0x80ffffff, 0x1000, "ns16550a");
    in_storage(0x7fffffff, 2, "ns16550a");
    in_storage(0x10000000, UINT64_C(0x100000000), "ns16550a");
    in_storage(0x80000000, 0x1000, "riscv,plic0");
    in_storage(0x80000000, 0x1000, "riscv,clint0");
}

/* What lies above all addresses of a process is nobody's. */
TEST("device_tree.far_up")
{
    begin();
    memory(0x80000000, UINT64_C(1) << 50);
    memory(UINT64_C(1) << 40, 0x1000);
    tree_end();
    EXPECT(read_tree(tree_used));
    RANGES_ARE(&boot.ram, { 0x80000000, STORAGE_LIMIT });
}

/* Many nodes in one of many properties, and a device with as many texts as
 * ranges: it would take hours, if one were read again for each of the other. */
TEST("device_tree.bad.much_to_read")
{
    begin();
    tree_begin_node("many");
    for (int i = 0; i < 25000; i++) { tree_property("reg", 0); }
    for (int i = 0; i < 20000; i++) {
        tree_begin_node("");
        NUMBERS("reg", 0);
        tree_end_node();
    }
    tree_end_node();
    tree_begin_node("long");
    tree_property("reg", 150000);
    tree_used += 150000;
    tree_property("compatible", 150000);
    tree_used += 150000;
    tree_end_node();
    tree_end();
    EXPECT(read_tree(tree_used));
}

/* The tree ends ever earlier, and says so or not. */
TEST("device_tree.cut_anywhere")
{
    usual_tree();
    uint64_t whole = tree_used;
    for (uint64_t bytes = 40; bytes < whole; bytes++) {
        usual_tree();
        tree_word_at(4, bytes);
        EXPECT(!read_tree(bytes));
    }
}

/* Bytes and words are spoilt at random. */
TEST("device_tree.spoilt_anywhere")
{
    unsigned read = 0;
    dice_state = 1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        usual_tree();
        for (unsigned i = 0; i < 1 + round % 4; i++) {
            uint64_t at = 8 + dice(dice(4) == 0 ? 32 : tree_used - 12);
            uint64_t value = dice(256);
            if (dice_percent(50)) {
                tree_text[at] = (uint8_t)value;
            } else {
                tree_word_at(at / 4 * 4, value < 0x80 ? value % 12 : 0 - value);
            }
        }
        read += read_tree(tree_used);
    }
    EXPECT(read > ROUNDS / 20 && read < ROUNDS - ROUNDS / 20);
}
