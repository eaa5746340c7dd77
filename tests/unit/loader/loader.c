/* The root loader: what it reads, what it refuses, what the root then finds. */
#include <stdio.h>
#include <string.h>

#include <tap.h>

#include "dice.h"
#include "world.h"

static struct root_facts facts;
static struct world_plan plan;
static struct world_tree tree;
static struct root root;

static void prepare(void)
{
    facts = world_begin();
    plan = world_plan();
    tree = world_tree();
}

/* Null, or the words of the refusal. */
static const char *read_and_plan(void)
{
    root_read(&root, &facts);
    return root_plan(&root);
}

/* As it is prepared. */
static const char *lay_and_plan(void)
{
    world_lay(&plan);
    world_lay_tree(&tree);
    facts.device_tree = tree.tree;
    return read_and_plan();
}

static const struct kerne_start *load(void)
{
    const char *refusal = lay_and_plan();
    if (refusal != NULL) {
        tap_fail("refused: the root's program %s", refusal);
        return (const struct kerne_start *)WORLD_FIRST; /* rubbish */
    }
    root_load(&root);
    return (const struct kerne_start *)root.program.last;
}

static void refused_because(const char *refusal, const char *words)
{
    if (refusal == NULL || strstr(refusal, words) == NULL) {
        tap_fail("wanted: %s; got: %s", words,
                 refusal == NULL ? "it would be loaded" : refusal);
    }
}

static void refused(const char *words)
{
    refused_because(lay_and_plan(), words);
    prepare();
}

/* ---- what the root finds ----------------------------------------------- */

TEST("loader.the_device_tree_is_read")
{
    prepare();
    lay_and_plan();
    EQUAL(root.image.first, IMAGE_FIRST + HEADER_OFFSET);
    root_read(&root, &facts);
    EQUAL(root.image.first, IMAGE_FIRST);
    EQUAL(root.image.last, IMAGE_FIRST + IMAGE_BYTES);
    EQUAL(root.device_tree.first, TREE_FIRST);
    EQUAL(root.device_tree.last, TREE_FIRST + 0x800);
    EQUAL(root.ticks_per_second, 12345);
    EQUAL(root.uart.address, 0x20000000);
    EQUAL(root.power.address, 0x200000);
    EXPECT(strcmp(root.arguments, "one two") == 0);
}

TEST("loader.no_device_tree")
{
    prepare();
    root_read(&root, &facts);
    EQUAL(root.device_tree.first, root.device_tree.last);
    EQUAL(root.image.first, root.image.last);
    EQUAL(root.uart.address, 0x10000000);
    EQUAL(root.power.address, 0x100000);
    refused_because(root_plan(&root), "no boot image");
    lay_and_plan();
    *(uint8_t *)(TREE_FIRST + 4) = 1; /* it ends behind all storage */
    root_read(&root, &facts);
    EQUAL(root.device_tree.last, TREE_FIRST);
    EQUAL(root.image.last, 0);
}

TEST("loader.the_program_is_loaded")
{
    prepare();
    load();
    EQUAL(root.program.entry, PROGRAM_ENTRY);
    EQUAL(root.program.last, PROGRAM_FIRST + 0x2000);
    const uint8_t *text = (const uint8_t *)PROGRAM_FIRST;
    EXPECT(memcmp(text, (uint8_t *)(IMAGE_FIRST + FILE_OFFSET + TEXT_OFFSET),
                  TEXT_BYTES) == 0);
    for (unsigned i = TEXT_BYTES; i < PROGRAM_BYTES; i++) {
        EXPECT(text[i] == 0);
    }
}

/* In as much storage as a child has, with a gap between segments. */
TEST("loader.all_else_is_clear")
{
    static uint8_t wanted[0x5000];
    prepare();
    plan.elf.e_phnum = 2;
    plan.segment[1] = (Elf64_Phdr){ .p_type = PT_LOAD,
                                    .p_flags = PF_R | PF_W,
                                    .p_offset = TEXT_OFFSET + 1,
                                    .p_vaddr = PROGRAM_FIRST + 0x3000,
                                    .p_filesz = 0x21,
                                    .p_memsz = 0x800 };
    EXPECT(lay_and_plan() == NULL);
    memcpy(wanted, root.file.bytes + TEXT_OFFSET, TEXT_BYTES);
    memcpy(wanted + 0x3000, root.file.bytes + TEXT_OFFSET + 1, 0x21);
    executable_lay(&root.program, root.file.bytes, PROGRAM_FIRST,
                   sizeof wanted);
    EXPECT(memcmp((void *)PROGRAM_FIRST, wanted, sizeof wanted) == 0);
    EQUAL(*(uint8_t *)(PROGRAM_FIRST + sizeof wanted), 0xa5);
}

TEST("loader.the_start_record")
{
    static const struct kerne_range storage[] = {
        { PROGRAM_FIRST + 0x3000, TABLES_FIRST },
        { FIRMWARE_LAST, NUCLEUS_FIRST },
        { NUCLEUS_LAST, IMAGE_FIRST },
        { IMAGE_FIRST + 0x2000, TREE_FIRST },
        { TREE_FIRST + 0x1000, PROGRAM_FIRST },
        { TABLES_LAST, WORLD_LAST },
        { 0, 0 },
    };
    prepare();
    const struct kerne_start *start = load();
    EQUAL((uint64_t)start, PROGRAM_FIRST + 0x2000);
    EQUAL(start->magic, KERNE_START_MAGIC);
    EQUAL(start->bytes, sizeof(struct kerne_start));
    EQUAL(start->image.first, IMAGE_FIRST + HEADER_OFFSET);
    EQUAL(start->image.last, IMAGE_FIRST + IMAGE_BYTES);
    EQUAL(start->device_tree.first, TREE_FIRST);
    EQUAL(start->device_tree.last, TREE_FIRST + 0x800);
    EQUAL(start->ticks_per_second, 12345);
    EXPECT(strcmp(start->arguments, "one two") == 0);
    EXPECT(memcmp(start->storage, storage, sizeof storage) == 0);
}

TEST("loader.long_arguments")
{
    static char text[400];
    prepare();
    memset(text, 'a', sizeof text);
    tree.arguments = text;
    tree.argument_bytes = sizeof text;
    const struct kerne_start *start = load();
    EQUAL(strlen(start->arguments), KERNE_ARGUMENT_BYTES - 1);
    prepare();
    tree.arguments = "abcd";
    tree.argument_bytes = 4; /* no zero behind it */
    EXPECT(strcmp(load()->arguments, "abcd") == 0);
}

/* Those of the nucleus are left out. */
TEST("loader.the_roots_arguments")
{
    static const char *const texts[][2] = {
        { "slice=100 one two", "one two" },
        { "  slice=100  fast=off  one a=b ", "one a=b " },
        { "slice=100 -- a=b c", "a=b c" },
        { "-- -- a", "-- a" },
        { "--a b", "--a b" },
        { "one -- two", "one -- two" },
        { "slice=100", "" },
        { "slice=100 --", "" },
        { "", "" },
    };
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        prepare();
        tree.arguments = texts[i][0];
        tree.argument_bytes = (uint32_t)strlen(texts[i][0]);
        EXPECT(strcmp(load()->arguments, texts[i][1]) == 0);
    }
}

/* What is said to be free is the root's, and nothing else's. */
static void expect_free(const struct kerne_start *start)
{
    const struct kerne_range taken[] = { root.place, root.image,
                                         root.device_tree };
    for (int i = 0; i < KERNE_START_RANGES; i++) {
        const struct kerne_range *r = &start->storage[i];
        EXPECT(r->first <= r->last);
        EXPECT(r->first % KERNE_PAGE == 0 && r->last % KERNE_PAGE == 0);
        if (r->first == r->last) { continue; }
        bool inside = false;
        for (int j = 0; j < 3; j++) {
            EXPECT(r->last <= taken[j].first || r->first >= taken[j].last);
        }
        for (int j = 0; j < KERNE_ROOT_RANGES; j++) {
            inside |= r->first >= facts.storage[j].first &&
                      r->last <= facts.storage[j].last;
        }
        EXPECT(inside);
        for (int j = 0; j < i; j++) {
            EXPECT(r->last <= start->storage[j].first ||
                   r->first >= start->storage[j].last ||
                   start->storage[j].first == start->storage[j].last);
        }
    }
}

TEST("loader.what_is_free")
{
    static const struct {
        uint64_t image, tree;
    } layouts[] = {
        { IMAGE_FIRST, TREE_FIRST },
        { IMAGE_FIRST, IMAGE_FIRST + 0x1800 }, /* in one page */
        { IMAGE_FIRST, IMAGE_FIRST + 0x1c00 }, /* over two */
        { TREE_FIRST, IMAGE_FIRST },
        { PROGRAM_FIRST + 0x3000, PROGRAM_FIRST - 0x1000 },
        { PROGRAM_FIRST + 0x10000, PROGRAM_FIRST + 0x20000 },
        { TABLES_LAST + 0x4000, TABLES_LAST },
        { WORLD_LAST - 0x2000, WORLD_LAST - 0x3000 },
    };
    for (unsigned i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        prepare();
        plan.image = tree.first = layouts[i].image;
        tree.last = tree.first + IMAGE_BYTES;
        tree.tree = layouts[i].tree;
        expect_free(load());
    }
}

/* Zeros, that are not executed. */
static Elf64_Phdr empty_segment(uint64_t address)
{
    return (Elf64_Phdr){ .p_type = PT_LOAD,
                         .p_flags = PF_R,
                         .p_offset = TEXT_OFFSET,
                         .p_vaddr = address,
                         .p_memsz = 0x10 };
}

TEST("loader.other_segments")
{
    prepare();
    plan.elf.e_phnum = 3;
    plan.segment[1] = plan.segment[0];
    plan.segment[0] = (Elf64_Phdr){ .p_type = PT_LOPROC + 3,
                                    .p_offset = UINT64_MAX,
                                    .p_filesz = UINT64_MAX,
                                    .p_memsz = UINT64_MAX };
    plan.segment[2] = empty_segment(PROGRAM_FIRST + 0x8000);
    const struct kerne_start *start = load();
    EQUAL((uint64_t)start, PROGRAM_FIRST + 0x9000);
    EXPECT(*(uint64_t *)(PROGRAM_FIRST + 0x8008) == 0);
}

/* ---- bad images -------------------------------------------------------- */

/* A field of the plan or of the tree with another value, and what is said. */
struct spoilt {
    void *field;
    size_t bytes;
    uint64_t value;
    const char *words;
};
#define FIELD(field) &(field), sizeof(field)

static void expect_refused(const struct spoilt *spoilt, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        prepare();
        memcpy(spoilt[i].field, &spoilt[i].value, spoilt[i].bytes);
        refused(spoilt[i].words);
    }
}

TEST("loader.bad.archives")
{
    static const struct spoilt spoilt[] = {
        { FIELD(tree.last), IMAGE_FIRST, "no boot image" },
        { FIELD(tree.last), IMAGE_FIRST - 1, "no boot image" },
        { FIELD(tree.last), TABLES_FIRST + 1, "does not lie in storage" },
        { FIELD(tree.last), IMAGE_FIRST + HEADER_OFFSET, "second file" },
        { FIELD(tree.last), IMAGE_FIRST + FILE_OFFSET + FILE_BYTES - 1,
          "cut short" },
        { FIELD(plan.file_bytes), 0x4000, "cut short" },
        { FIELD(plan.file_bytes), 10, "no program" },
        { FIELD(plan.file_bytes), 0, "no program" },
    };
    expect_refused(spoilt, sizeof spoilt / sizeof *spoilt);
    plan.magic = "xstar";
    refused("damaged");
    tree.first = UINT64_MAX - 0x1000;
    tree.last = UINT64_MAX;
    refused("does not lie in storage");
    lay_and_plan();
    *(char *)(IMAGE_FIRST + HEADER_OFFSET) ^= 1; /* against the checksum */
    refused_because(read_and_plan(), "damaged");
    lay_and_plan();
    *(char *)IMAGE_FIRST ^= 1;
    refused_because(read_and_plan(), "damaged");
    lay_and_plan();
    ((char *)IMAGE_FIRST)[HEADER_OFFSET + 134] += 8; /* the size, not octal */
    ((char *)IMAGE_FIRST)[HEADER_OFFSET + 5] -= 8;   /* the name: same sum */
    refused_because(read_and_plan(), "damaged");
    lay_and_plan();
    memset((char *)IMAGE_FIRST + HEADER_OFFSET, 0, BLOCK); /* the end */
    refused_because(read_and_plan(), "second file");
}

TEST("loader.bad.programs")
{
    static const struct spoilt spoilt[] = {
        { FIELD(plan.elf.e_machine), EM_X86_64, "not for 64-bit RISC-V" },
        { FIELD(plan.elf.e_ident[EI_CLASS]), ELFCLASS32,
          "not for 64-bit RISC-V" },
        { FIELD(plan.elf.e_ident[EI_DATA]), ELFDATA2MSB,
          "not for 64-bit RISC-V" },
        { FIELD(plan.elf.e_type), ET_DYN, "shared libraries" },
        { FIELD(plan.elf.e_phentsize), 32, "cut short" },
        { FIELD(plan.elf.e_phoff), 0x700, "cut short" },
        { FIELD(plan.elf.e_phoff), UINT64_MAX - 7, "cut short" },
        { FIELD(plan.elf.e_phnum), 60000, "cut short" },
        { FIELD(plan.elf.e_phnum), 0, "nothing to be loaded" },
        { FIELD(plan.elf.e_entry), PROGRAM_FIRST - 2, "no instructions" },
        { FIELD(plan.elf.e_entry), PROGRAM_FIRST + PROGRAM_BYTES,
          "no instructions" },
        { FIELD(plan.elf.e_entry), PROGRAM_ENTRY + 1, "no instructions" },
    };
    expect_refused(spoilt, sizeof spoilt / sizeof *spoilt);
    for (uint64_t i = 1; i < SEGMENTS - 1; i++) {
        plan.segment[i] = empty_segment(PROGRAM_FIRST + i * 0x2000);
    }
    plan.elf.e_phnum = SEGMENTS - 1;
    refused("more than 8 segments");
    plan.elf.e_phnum = 2;
    plan.segment[1] = empty_segment(PROGRAM_FIRST + 0x2000);
    plan.elf.e_entry = PROGRAM_FIRST + 0x2000;
    refused("no instructions");
}

static void load_at(uint64_t address)
{
    prepare();
    plan.segment[0].p_vaddr = plan.elf.e_entry = address;
}

TEST("loader.bad.segments")
{
    static const struct spoilt spoilt[] = {
        { FIELD(plan.segment[0].p_vaddr), UINT64_MAX - 0xfff, "lies too high" },
        { FIELD(plan.segment[0].p_vaddr), UINT64_C(0xffffffc080300000),
          "lies too high" },
        { FIELD(plan.segment[0].p_vaddr), UINT64_C(1) << 38, "lies too high" },
        { FIELD(plan.segment[0].p_vaddr), PROGRAM_FIRST + 8,
          "not page-aligned" },
        { FIELD(plan.segment[0].p_memsz), UINT64_MAX, "lies too high" },
        { FIELD(plan.segment[0].p_memsz), 0x200000, "does not fit" },
        { FIELD(plan.segment[0].p_offset), 0x700, "cut short" },
        { FIELD(plan.segment[0].p_offset), UINT64_MAX, "cut short" },
        { FIELD(plan.segment[0].p_filesz), 0x1700, "cut short" },
        { FIELD(plan.segment[0].p_filesz), UINT64_MAX, "larger in the file" },
        { FIELD(plan.segment[0].p_memsz), 0x100, "larger in the file" },
        { FIELD(plan.segment[0].p_flags), 7, "both writable and executable" },
        { FIELD(plan.segment[0].p_flags), 0, "no rights" },
    };
    static const uint64_t places[] = {
        0,
        FIRMWARE_LAST,
        NUCLEUS_FIRST,
        NUCLEUS_LAST - 0x1000,
        TABLES_FIRST,
        TABLES_FIRST - 0x1000,
        TABLES_LAST - 0x1000,
        WORLD_LAST - 0x1000,
        WORLD_LAST,
        IMAGE_FIRST,
        IMAGE_FIRST - 0x1000,
        TREE_FIRST,
        TREE_FIRST - 0x2000, /* the record */
        (UINT64_C(1) << 38) - 0x2000,
    };
    expect_refused(spoilt, sizeof spoilt / sizeof *spoilt);
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        load_at(places[i]);
        refused("does not fit");
    }
    plan.elf.e_phnum = 2;
    plan.segment[1] = plan.segment[0];
    plan.segment[1].p_vaddr += 0x1000;
    refused("overlap");
    plan.elf.e_phnum = 2;
    plan.segment[1] = plan.segment[0];
    plan.segment[1].p_vaddr -= 0x2000;
    refused("do not ascend");
}

/* Places next to what is taken are good. */
TEST("loader.just_fits")
{
    static const uint64_t places[] = {
        NUCLEUS_LAST,        IMAGE_FIRST - 0x3000,  TREE_FIRST - 0x3000,
        TREE_FIRST + 0x1000, TABLES_FIRST - 0x3000, TABLES_LAST,
        WORLD_LAST - 0x3000,
    };
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        load_at(places[i]);
        expect_free(load());
        EQUAL(root.program.first, places[i]);
    }
}

/* ---- damage ------------------------------------------------------------ */

/* The image ends where storage does, ever earlier: nothing behind is read. */
TEST("loader.cut_anywhere")
{
    static uint8_t whole[IMAGE_BYTES];
    prepare();
    lay_and_plan();
    memcpy(whole, (uint8_t *)IMAGE_FIRST, IMAGE_BYTES);
    root.image.last = WORLD_LAST;
    for (uint64_t bytes = 1; bytes < FILE_OFFSET + FILE_BYTES; bytes++) {
        root.image.first = WORLD_LAST - bytes;
        memcpy((uint8_t *)root.image.first, whole, bytes);
        EXPECT(root_plan(&root) != NULL);
    }
}

/* Bytes are spoilt at random.  What is not refused is loaded to its place, and
 * nothing else is touched. */
TEST("loader.spoilt_anywhere")
{
    unsigned loaded = 0;
    prepare();
    dice_state = 1;
    for (unsigned round = 0; round < 20000; round++) {
        lay_and_plan();
        for (unsigned i = 0; i < 1 + round % 3; i++) {
            uint64_t at = dice(16) == 0
                              ? TREE_FIRST + 8 + dice(0x700)
                              : IMAGE_FIRST + FILE_OFFSET + dice(0x80);
            *(uint8_t *)at = (uint8_t)dice(256);
        }
        root_read(&root, &facts);
        if (root.image.first != IMAGE_FIRST) {
            continue; /* then it would not run at all */
        }
        if (root_plan(&root) == NULL) {
            EXPECT(root.place.first >= NUCLEUS_LAST);
            EXPECT(root.place.last <= WORLD_LAST);
            EXPECT(root.place.last <= IMAGE_FIRST ||
                   root.place.first >= root.image.last);
            root_load(&root);
            expect_free((const struct kerne_start *)root.program.last);
            loaded++;
        }
    }
    EXPECT(loaded > 100 && loaded < 19900);
}
