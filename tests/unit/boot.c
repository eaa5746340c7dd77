/* Boot: tables, the root's storage and program, good images and bad. */
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

static void the_program_is_loaded(void)
{
    begin();
    EXPECT(this_hart->current == root);
    EQUAL(root->x[R_PC], PROGRAM_ENTRY);
    EQUAL(root->x[R_A0], PROGRAM_FIRST + 0x2000);
    for (int i = 1; i < 32; i++) {
        EXPECT(i == R_A0 || root->x[i] == 0);
    }
    const uint8_t *text = machine_physical(PROGRAM_FIRST);
    const uint8_t *file = machine_physical(IMAGE_FIRST + 512 + 0x200);
    EXPECT(memcmp(text, file, 0x300) == 0);
    for (unsigned i = 0x300; i < 0x1800; i++) {
        EXPECT(text[i] == 0);
    }
    EQUAL(root->name[0], rig_name("parent").w[0]);
    EQUAL(root->mask, KERNE_MASK_ALL);
    for (int line = 1; line < KERNE_LINES; line++) {
        EXPECT(nucleus.lines[line].user == root);
    }
}

static void the_start_record(void)
{
    begin();
    const struct kerne_start *start = machine_physical(root->x[R_A0]);
    EQUAL(start->magic, KERNE_START_MAGIC);
    EQUAL(start->bytes, sizeof(struct kerne_start));
    EQUAL(start->image.first, IMAGE_FIRST);
    EQUAL(start->device_tree.first, TREE_FIRST);
    EQUAL(start->ticks_per_second, boot.ticks_per_second);
    EXPECT(strcmp(start->arguments, "one two") == 0);
    EQUAL(start->storage[0].first, root->x[R_A0] + KERNE_PAGE);
    EQUAL(start->storage[1].first, FIRMWARE_LAST);
    EQUAL(start->storage[1].last, NUCLEUS_FIRST);
}

/* Every page of a range has these rights, or is not there. */
static void expect_pages(uint64_t first, uint64_t last, uint64_t rights)
{
    for (uint64_t page = first / KERNE_PAGE; page < last / KERNE_PAGE;
         page++) {
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
    EXPECT(machine_frame(nucleus.processes) * KERNE_PAGE >=
           boot.tables.first);
    uint64_t last = /* if all buffers are at the clock */
        machine_frame(&nucleus.heap[root->claims[BUFFERS].received]);
    EXPECT((last + 1) * KERNE_PAGE <= boot.tables.last);
}

/* What is said to be free is the root's and is nothing else's. */
static void what_is_free(void)
{
    prepare();
    boot.image.last = IMAGE_FIRST + 0x1234;
    boot.device_tree = (struct kerne_range){ IMAGE_FIRST + 0x1800,
                                             IMAGE_FIRST + 0x5000 };
    image_lay(&plan);
    boot_now();
    const struct kerne_start *start = machine_physical(root->x[R_A0]);
    for (int i = 0; i < KERNE_START_RANGES; i++) {
        const struct kerne_range *r = &start->storage[i];
        EXPECT(r->first <= r->last);
        EXPECT(r->first % KERNE_PAGE == 0 && r->last % KERNE_PAGE == 0);
        for (int j = 0; j < BOOT_TAKEN && r->first < r->last; j++) {
            EXPECT(r->last <= boot.taken[j].first ||
                   r->first >= boot.taken[j].last);
        }
        expect_pages(r->first, r->last, 7);
    }
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
        RESULT(CALL(root, wait_answer, index << 32), gone);
        RESULT(CALL(root, wait_answer, index << 32 | 0xa5a5a5a5), gone);
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
    plan.file_bytes = 10;
    refused_plan("no program");
}

static void bad_programs(void)
{
    prepare();
    plan.machine = 62;
    refused_plan("no program for RISC-V");
    plan.class = 1;
    refused_plan("no program for RISC-V");
    plan.segment_bytes = 32;
    refused_plan("no program for RISC-V");
    plan.offset = 0x700;
    refused_plan("no program for RISC-V");
    plan.offset = UINT64_MAX - 7;
    refused_plan("no program for RISC-V");
    plan.segments = 60000;
    refused_plan("no program for RISC-V");
    plan.segments = 0;
    refused_plan("does not fit");
}

static void bad_segments(void)
{
    static const uint64_t places[] = {
        0, FIRMWARE_LAST, NUCLEUS_FIRST, RAM_FIRST + RAM_BYTES - KERNE_PAGE,
        IMAGE_FIRST, IMAGE_FIRST - 0x1000, TREE_FIRST,
        RAM_FIRST + RAM_BYTES, UINT64_MAX - 0x1000,
        UINT64_C(0xffffffc080300000),
    };
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        prepare();
        plan.segment[0].address = places[i];
        refused_plan("does not fit");
    }
    plan.segment[0].offset = 0x700;
    refused_plan("cut short");
    plan.segment[0].offset = UINT64_MAX;
    refused_plan("cut short");
    plan.segment[0].file_bytes = 0x1900;
    refused_plan("cut short");
    plan.segment[0].file_bytes = UINT64_MAX;
    refused_plan("cut short");
    plan.segment[0].bytes = 0x100;
    refused_plan("cut short");
    plan.segment[0].bytes = UINT64_MAX;
    refused_plan("does not fit");
}

static void no_room_for_the_record(void)
{
    prepare();
    plan.segment[0].address = IMAGE_FIRST - 0x1800;
    refused_plan("does not fit");
    boot.ram.last = RAM_FIRST + 0x200000;
    refused_plan("too little storage");
}

static void other_segments_are_passed_over(void)
{
    prepare();
    plan.segments = 3;
    plan.segment[1] = plan.segment[0];
    plan.segment[0] = (struct image_segment){ 0x70000003, UINT64_MAX, 0,
                                              UINT64_MAX, UINT64_MAX };
    plan.segment[2] = (struct image_segment){ 1, 0x200, PROGRAM_FIRST + 0x8000,
                                              0, 0x10 };
    image_lay(&plan);
    boot_now();
    EQUAL(root->x[R_A0], PROGRAM_FIRST + 0x9000);
}

static const struct test tests[] = {
    { "boot.the_program_is_loaded", the_program_is_loaded },
    { "boot.the_start_record", the_start_record },
    { "boot.the_roots_storage", the_roots_storage },
    { "boot.what_is_free", what_is_free },
    { "boot.the_slice", the_slice },
    { "boot.rubbish_is_no_record", rubbish_is_no_record },
    { "boot.names", names },
    { "boot.bad.archives", bad_archives },
    { "boot.bad.programs", bad_programs },
    { "boot.bad.segments", bad_segments },
    { "boot.bad.no_room", no_room_for_the_record },
    { "boot.other_segments", other_segments_are_passed_over },
};

RIG_MAIN(tests)
