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
    root = boot_nucleus(&boot);
    rig_check();
}

static void begin(void)
{
    prepare();
    image_lay(&plan);
    boot_now();
}

/* ---- what the root finds ----------------------------------------------- */

static void the_loader_begins(void)
{
    begin();
    EXPECT(this_hart->current == root);
    EQUAL(root->x[R_PC], LOADER_FIRST);
    const uint64_t facts[] = {
        TREE_FIRST,
        FIRMWARE_LAST,
        NUCLEUS_FIRST,
        NUCLEUS_LAST,
        boot.tables.first,
        boot.tables.last,
        RAM_FIRST + RAM_BYTES,
    };
    for (int i = 1; i < 32; i++) {
        bool is_fact = i >= R_A0 && i <= R_A6;
        EQUAL(root->x[i], is_fact ? facts[i - R_A0] : 0);
    }
    EQUAL(root->name[0], rig_name("parent").w[0]);
    EQUAL(root->mask, KERNE_MASK_ALL);
    for (int line = 1; line < KERNE_LINES; line++) {
        EXPECT(nucleus.lines[line].user == root);
    }
}

/* Boot writes nothing but the tables: the image, above all, stays. */
static void the_image_stays(void)
{
    static uint8_t before[0x2000];
    prepare();
    image_lay(&plan);
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

static void the_roots_storage(void)
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
static void the_tables_are_out_of_the_way(void)
{
    const uint64_t large = KERNE_LARGE_PAGE;
    const uint64_t top = RAM_FIRST + RAM_BYTES;
    prepare();
    image_lay(&plan);
    boot_now();
    struct kerne_range usual = boot.tables;
    EQUAL(usual.last, top);
    prepare();
    image_lay(&plan);
    boot.device_tree = (struct kerne_range){ top - 0x1000, top - 0x800 };
    boot_now();
    EQUAL(boot.tables.first, usual.first - large);
    EQUAL(boot.tables.last, top - large);
    expect_pages(boot.tables.last, top, 7);
    EQUAL(root->x[R_A5], boot.tables.last);
}

static void the_slice(void)
{
    begin();
    EQUAL(nucleus.slice, 256000);
    prepare();
    boot.arguments = "one slice=1000 two";
    image_lay(&plan);
    boot_now();
    EQUAL(nucleus.slice, 10000);
    prepare();
    boot.arguments = "slice=1";
    image_lay(&plan);
    boot_now();
    EQUAL(nucleus.slice, 256000);
}

/* Whatever lay there before: nothing of it is taken for a record. */
static void rubbish_is_no_record(void)
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

static void names(void)
{
    static const char *const good[] = { "s", "fifteen-letter9" };
    static const char *const bad[] = { "./s", "S", "sixteen--letters",
                                       "a-name-that-is-too-long" };
    for (unsigned i = 0; i < 2; i++) {
        prepare();
        plan.name = good[i];
        image_lay(&plan);
        boot_now();
        EQUAL(root->name[0], rig_name(good[i]).w[0]);
        EQUAL(root->name[1], rig_name(good[i]).w[1]);
    }
    for (unsigned i = 0; i < 4; i++) {
        prepare();
        plan.name = bad[i];
        image_lay(&plan);
        boot_now();
        EQUAL(root->name[0], rig_name("root").w[0]);
        EQUAL(root->name[1], 0);
    }
}

/* ---- bad images -------------------------------------------------------- */

static void refused(const char *words)
{
    EXPECT(rig_halts(boot_now));
    EQUAL(simulator.halted, 1);
    if (strstr(simulator.printed, words) == NULL) {
        tap_remark("it said: %s", simulator.printed);
        EXPECT(false);
    }
}

static void refused_plan(const char *words)
{
    image_lay(&plan);
    refused(words);
    prepare();
}

static void bad_archives(void)
{
    prepare();
    plan.magic = "xstar";
    refused_plan("no tar archive");
    boot.image = (struct kerne_range){ 0, 0 };
    boot.image.first = boot.image.last = IMAGE_FIRST;
    refused_plan("no boot image");
    boot.image.last = IMAGE_FIRST + 512;
    refused_plan("no boot image");
    plan.file_bytes = 0x4000;
    refused_plan("cut short");
    plan.file_bytes = 0x2000 - 511;
    refused_plan("cut short");
    plan.file_bytes = 0;
    refused_plan("empty");
}

/* A file up to the image's very end is whole. */
static void the_image_to_its_end(void)
{
    prepare();
    plan.file_bytes = 0x2000 - 512;
    image_lay(&plan);
    boot_now();
    EQUAL(root->x[R_PC], LOADER_FIRST);
}

static void no_room(void)
{
    prepare();
    boot.ram.last = RAM_FIRST + 0x200000;
    refused_plan("too little storage");
}

static const struct test tests[] = {
    { "boot.the_loader_begins", the_loader_begins },
    { "boot.the_image_stays", the_image_stays },
    { "boot.the_roots_storage", the_roots_storage },
    { "boot.tables_out_of_the_way", the_tables_are_out_of_the_way },
    { "boot.the_slice", the_slice },
    { "boot.rubbish_is_no_record", rubbish_is_no_record },
    { "boot.names", names },
    { "boot.bad.archives", bad_archives },
    { "boot.image_to_its_end", the_image_to_its_end },
    { "boot.bad.no_room", no_room },
};

RIG_MAIN(tests)
