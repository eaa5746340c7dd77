/* Boot: tables, the root's storage, how it begins, good images and bad. */
#include <string.h>

#include "image.h"
#include "rig.h"

static struct image_plan plan;
static struct boot boot;
static struct process *root;

static void prepare(void)
{
    plan = image_usual();
    boot = image_boot();
    simulator_begin(RIG_TIME);
}

static void boot_now(void)
{
    if (machine_physical(boot.image.first) != NULL) {
        image_lay(&plan, boot.image.first);
    }
    root = boot_nucleus(&boot);
    simulator_begin_root(root, 16);
    rig_check();
}

static void begin(void)
{
    prepare();
    boot_now();
}

/* ---- what the root finds ----------------------------------------------- */

TEST("boot.the_loader_begins")
{
    begin();
    EXPECT(this_hart->current == root);
    EQUAL(root->x[R_PC], IMAGE_FIRST + LOADER_OFFSET);
    const uint64_t facts[] = { TREE_FIRST, FIRMWARE_LAST, NUCLEUS_FIRST,
                               NUCLEUS_LAST, boot.tables.first };
    for (int i = 1; i < 32; i++) {
        bool is_fact = i >= R_A0 && i < R_A0 + 5;
        EQUAL(root->x[i], is_fact ? facts[i - R_A0] : 0);
    }
    EQUAL(root->name[0], rig_name("parent").w[0]);
    EQUAL(root->mask, KERNE_MASK_ALL);
    for (int line = 1; line < KERNE_LINES; line++) {
        EXPECT(nucleus.lines[line].user == root);
    }
}

/* Boot writes nothing but the tables: the image, above all, stays. */
TEST("boot.the_image_stays")
{
    static uint8_t before[IMAGE_BYTES];
    prepare();
    image_lay(&plan, IMAGE_FIRST);
    memcpy(before, machine_physical(IMAGE_FIRST), sizeof before);
    boot_now();
    EXPECT(memcmp(before, machine_physical(IMAGE_FIRST), sizeof before) == 0);
}

/* Every page of a range has these rights, or is not there. */
static void expect_pages(uint64_t first, uint64_t last, uint64_t rights)
{
    for (uint64_t page = first / KERNE_PAGE; page < last / KERNE_PAGE; page++) {
        uint64_t frame = 0, found = 0;
        bool is_there = check_root_page(page, &frame, &found);
        EXPECT(is_there == (rights != 0));
        EXPECT(!is_there || (frame == page && found == rights));
    }
}

TEST("boot.the_roots_storage")
{
    begin();
    expect_pages(0, DEVICE_FIRST, 0);
    expect_pages(DEVICE_FIRST, DEVICE_FIRST + DEVICE_BYTES, 3);
    expect_pages(RAM_FIRST, FIRMWARE_LAST, 0);
    expect_pages(FIRMWARE_LAST, NUCLEUS_FIRST, 7);
    expect_pages(NUCLEUS_FIRST, NUCLEUS_LAST, 0);
    expect_pages(NUCLEUS_LAST, boot.tables.first, 7);
    expect_pages(boot.tables.first, boot.tables.last, 0);
    expect_pages(boot.tables.last, RAM_FIRST + RAM_BYTES, 7);
    expect_pages(RAM_FIRST + RAM_BYTES, UINT64_C(0x88000000), 0);
    EXPECT(machine_frame(nucleus.processes) * KERNE_PAGE >= boot.tables.first);
    uint64_t last = /* if all buffers are at the clock */
        machine_frame(&nucleus.heap[root->claims[BUFFERS].received]);
    EXPECT((last + 1) * KERNE_PAGE <= boot.tables.last);
}

/* The tables are laid where nothing else is: neither image nor tree. */
TEST("boot.tables_out_of_the_way")
{
    const uint64_t top = RAM_FIRST + RAM_BYTES;
    begin();
    struct kerne_range usual = boot.tables;
    EQUAL(usual.last, top);
    prepare();
    boot.device_tree = (struct kerne_range){ top - 0x1000, top - 0x800 };
    boot_now();
    EXPECT(boot.tables.first <= usual.first);
    EQUAL(boot.tables.last, top - 0x1000);
    expect_pages(boot.tables.last, top, 7);
    EQUAL(root->x[R_A3] + root->x[R_A5], boot.tables.last + NUCLEUS_LAST);
    EQUAL(root->x[R_A4] + root->x[R_A6], boot.tables.first + top);
    prepare();
    boot.image = (struct kerne_range){ top - 0x2000, top };
    boot_now();
    EQUAL(boot.tables.last, top - 0x2000);
    EQUAL(root->x[R_PC], top - 0x2000 + LOADER_OFFSET);
}

/* The storage that the root is told of: no byte of it twice, and that much. */
static void expect_told(uint64_t bytes)
{
    for (int i = 0; i < 2 * KERNE_ROOT_RANGES; i += 2) {
        const uint64_t *x = &root->x[R_A1];
        EXPECT(x[i] <= x[i + 1]);
        bytes -= x[i + 1] - x[i];
        for (int j = 0; j < i; j += 2) {
            EXPECT(x[i] >= x[j + 1] || x[j] >= x[i + 1]);
        }
        if (x[i] < x[i + 1]) { expect_pages(x[i], x[i + 1], 7); }
    }
    EQUAL(bytes, 0);
}

/* Neighbours, and one apart; what lies between them is neither storage nor the
 * root's. */
TEST("boot.several_ranges")
{
    const uint64_t hole = RAM_FIRST + 0x400000, behind = RAM_FIRST + 0x480000;
    prepare();
    kerne_ranges_cut(&boot.ram, (struct kerne_range){ hole, behind });
    boot.storage = boot.ram;
    EQUAL(boot.storage.count, 2);
    boot_now();
    expect_told(NUCLEUS_FIRST - FIRMWARE_LAST + hole - NUCLEUS_LAST +
                (boot.tables.first - behind));
    expect_pages(hole, behind, 0);
    EQUAL(root->x[R_A1], FIRMWARE_LAST);
    EXPECT(storage_is_ram(hole - 1) && !storage_is_ram(hole));
    EXPECT(!storage_is_ram(behind - 1) && storage_is_ram(behind));
}

/* But for image and tree, which boot loaders reserve. */
TEST("boot.what_is_reserved")
{
    const uint64_t top = RAM_FIRST + RAM_BYTES;
    prepare();
    kerne_ranges_cut(&boot.storage,
                     (struct kerne_range){ top - 0x801, top - 0x7ff });
    kerne_ranges_cut(&boot.storage,
                     (struct kerne_range){ IMAGE_FIRST - 0x4000, 0x80300000 });
    boot_now();
    EQUAL(boot.tables.last, top - 0x1000);
    expect_pages(top - 0x1000, top, 0);
    expect_pages(IMAGE_FIRST - 0x4000, IMAGE_FIRST, 0);
    expect_pages(IMAGE_FIRST, IMAGE_FIRST + 0x2000, 7);
    expect_pages(IMAGE_FIRST + 0x2000, TREE_FIRST, 0);
    expect_pages(TREE_FIRST, TREE_FIRST + 0x1000, 7);
    expect_pages(TREE_FIRST + 0x1000, 0x80300000, 0);
    expect_told(NUCLEUS_FIRST - FIRMWARE_LAST +
                (IMAGE_FIRST - 0x4000 - NUCLEUS_LAST) + 0x2000 + 0x1000 +
                (boot.tables.first - 0x80300000));
}

TEST("boot.good_arguments")
{
    static const struct {
        const char *text;
        uint64_t slice;
        bool fast;
    } good[] = {
        { "", 256000, true },
        { "one two", 256000, true },
        { "slice=1000", 10000, true },
        { " slice=100  fast=off one slice=2000", 1000, false },
        { "slice=10000000 -- a=b", 100000000, true },
        { "-- slice=abc", 256000, true },
        { "one fast=off", 256000, true },
    };
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        prepare();
        boot.arguments = good[i].text;
        boot_now();
        EQUAL(nucleus.slice, good[i].slice);
        EXPECT(boot.fast == good[i].fast);
    }
}

/* A slice is a tick at least. */
TEST("boot.slow_clocks")
{
    static const uint64_t rates[][2] = { { 1000, 26 },
                                         { 32768, 839 },
                                         { UINT32_MAX, 109951163 } };
    for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
        prepare();
        boot.ticks_per_second = rates[i][0];
        boot_now();
        EQUAL(nucleus.slice, rates[i][1]);
    }
}

/* Whatever lay there before: nothing of it is taken for a record. */
TEST("boot.rubbish_is_no_record")
{
    begin();
    for (uint64_t index = 0; index < nucleus.buffer_limit + 10u; index++) {
        RESULT(CALL(root, wait_answer, IDENTITY(index)), gone);
        RESULT(CALL(root, wait_answer, IDENTITY(index) | 0xa5a5a5a5), gone);
    }
    RESULT(CALL(root, wait_answer, UINT64_C(0xa5a5a5a5a5a5a5a5)), gone);
    RESULT(CALL(root, stop_internal_process, UINT64_C(0xa5a5a5a5a5a5a5a5)),
           not_descendant);
}

TEST("boot.names")
{
    static const char *const table[][2] = {
        { "s", "s" },
        { "fifteen-letter9", "fifteen-letter9" },
        { "./s", "root" },
        { "S", "root" },
        { "sixteen--letters", "root" },
        { "a-name-that-is-too-long", "root" },
    };
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
        prepare();
        plan.name = table[i][0];
        boot_now();
        EQUAL(root->name[0], rig_name(table[i][1]).w[0]);
        EQUAL(root->name[1], rig_name(table[i][1]).w[1]);
    }
}

/* ---- bad images -------------------------------------------------------- */

static void refused(const char *words)
{
    EXPECT(rig_halts(boot_now));
    EQUAL(simulator.halted, 1);
    if (strstr(simulator.printed, words) == NULL) {
        tap_fail("wanted: %s; it said: %s", words, simulator.printed);
    }
    prepare();
}

TEST("boot.bad.arguments")
{
    static const char *const bad[] = { "slice=1",
                                       "slice=99",
                                       "slice=10000001",
                                       "slice=abc",
                                       "slice=",
                                       "slice=1000x",
                                       "slice=99999999999999999999999999",
                                       "fast=on",
                                       "fast=",
                                       "fast=offx",
                                       "slice=1000 a=b",
                                       "name=value",
                                       "=",
                                       "a= slice=1000",
                                       "--a=b",
                                       "slice=1000 SLICE=1" };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        prepare();
        boot.arguments = bad[i];
        refused("of the boot arguments");
    }
}

TEST("boot.bad.machines")
{
    static const struct {
        uint64_t *field, value;
        const char *words;
    } spoilt[] = {
        { &boot.ticks_per_second, 999, "no clock of 1000 Hz" },
        { &boot.ticks_per_second, UINT64_C(1) << 32, "no clock of 1000 Hz" },
        { &boot.ram.range[0].first, NUCLEUS_FIRST + 1,
          "no storage where the nucleus lies" },
        { &boot.ram.range[0].last, NUCLEUS_LAST - 1,
          "no storage where the nucleus lies" },
        { &boot.image.first, NUCLEUS_LAST - 0x1000, "no boot image" },
        { &boot.image.last, RAM_FIRST + RAM_BYTES + 1, "no boot image" },
        { &boot.image.last, UINT64_MAX, "no boot image" },
        { &boot.image.last, IMAGE_FIRST, "no boot image" },
        { &boot.image.last, IMAGE_FIRST + 512, "no boot image" },
        { &boot.storage.range[0].last, RAM_FIRST + 0x230000,
          "too little storage" },
        { &boot.storage.range[0].last, RAM_FIRST + 0x242000,
          "too little storage" },
        { &plan.file_bytes, 0x4000, "cut short" },
        { &plan.file_bytes, 0x2000 - 511, "cut short" },
        { &plan.file_bytes, 0, "empty" },
    };
    for (unsigned i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        prepare();
        *spoilt[i].field = spoilt[i].value;
        refused(spoilt[i].words);
    }
    boot.image = (struct kerne_range){ RAM_FIRST, RAM_FIRST + 0x2000 };
    refused("no boot image"); /* a sound one, but the firmware's storage */
    boot.storage.count = 0;
    refused("too little storage");
}

/* More than the root can be told of, and more than a set has room for. */
TEST("boot.bad.too_many_pieces")
{
    prepare();
    for (uint64_t i = 0; i < KERNE_ROOT_RANGES; i++) {
        uint64_t page = TREE_FIRST + 0x10000 + i * 0x2000;
        kerne_ranges_cut(&boot.storage, (struct kerne_range){ page, page + 1 });
    }
    refused("too many pieces for the root");
    while (!boot.devices.full) {
        uint64_t page = boot.devices.count * 0x2000;
        kerne_ranges_add(&boot.devices, (struct kerne_range){ page, page + 1 });
    }
    EQUAL(boot.devices.count, KERNE_RANGES);
    refused("too many pieces of storage, or devices");
}

TEST("boot.bad.archives")
{
    static const char *const sizes[] = { "",   "0000000060a", "00000000680",
                                         "-1", "00000000069", "0x600" };
    prepare();
    plan.magic = "xstar";
    refused("no tar archive");
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        plan.octal = sizes[i];
        refused("not octal");
    }
}

/* A file up to the image's very end is whole. */
TEST("boot.image_to_its_end")
{
    prepare();
    plan.file_bytes = 0x2000 - 512;
    boot_now();
    EQUAL(root->x[R_PC], IMAGE_FIRST + LOADER_OFFSET);
}
