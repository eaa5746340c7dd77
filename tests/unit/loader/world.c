#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tree.h"

#define TREE_BYTES 0x800

static uint8_t *at(uint64_t address) { return (uint8_t *)address; }

struct root_facts world_begin(void)
{
    static bool is_there;
    if (!is_there) {
        void *got =
            mmap(at(WORLD_FIRST), WORLD_BYTES, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        void *wall =
            mmap(at(WORLD_LAST), KERNE_PAGE, PROT_NONE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (got != at(WORLD_FIRST) || wall != at(WORLD_LAST)) {
            printf("Bail out! there is no room at the world's addresses\n");
            exit(1);
        }
        is_there = true;
    }
    memset(at(WORLD_FIRST), 0xa5, WORLD_BYTES);
    return (struct root_facts){
        .device_tree = TREE_FIRST,
        .storage = { { FIRMWARE_LAST, NUCLEUS_FIRST },
                     { NUCLEUS_LAST, TABLES_FIRST },
                     { TABLES_LAST, WORLD_LAST } },
    };
}

/* ---- the image --------------------------------------------------------- */

struct world_plan world_plan(void)
{
    return (struct world_plan){
        .image = IMAGE_FIRST,
        .magic = "ustar",
        .file_bytes = FILE_BYTES,
        .elf = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
                              ELFDATA2LSB },
                 .e_type = ET_EXEC,
                 .e_machine = EM_RISCV,
                 .e_entry = PROGRAM_ENTRY,
                 .e_phoff = sizeof(Elf64_Ehdr),
                 .e_phentsize = sizeof(Elf64_Phdr),
                 .e_phnum = 1 },
        .segment = { { .p_type = PT_LOAD,
                       .p_flags = PF_R | PF_X,
                       .p_offset = TEXT_OFFSET,
                       .p_vaddr = PROGRAM_FIRST,
                       .p_filesz = TEXT_BYTES,
                       .p_memsz = PROGRAM_BYTES } },
    };
}

void world_header(uint64_t place, const char *name, const char *magic,
                  uint64_t bytes)
{
    char *header = (char *)place;
    unsigned sum = 0;
    memset(header, 0, BLOCK);
    strcpy(header, name);
    snprintf(header + 124, 12, "%011lo", (unsigned long)bytes);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, magic, strlen(magic));
    for (unsigned i = 0; i < BLOCK; i++) { sum += (uint8_t)header[i]; }
    snprintf(header + 148, 8, "%06o", sum);
}

void world_lay(const struct world_plan *plan)
{
    uint8_t *file = at(plan->image + FILE_OFFSET);
    memset(at(plan->image), 0, IMAGE_BYTES);
    world_header(plan->image, "parent", "ustar", LOADER_BYTES);
    world_header(plan->image + HEADER_OFFSET, "parent", plan->magic,
                 plan->file_bytes);
    memcpy(file, &plan->elf, sizeof plan->elf);
    memcpy(file + sizeof plan->elf, plan->segment, sizeof plan->segment);
    for (unsigned i = TEXT_OFFSET; i < FILE_BYTES; i++) {
        file[i] = (uint8_t)(i * 7 + 3);
    }
}

/* ---- the device tree --------------------------------------------------- */

struct world_tree world_tree(void)
{
    return (struct world_tree){
        .tree = TREE_FIRST,
        .first = IMAGE_FIRST,
        .last = IMAGE_FIRST + IMAGE_BYTES,
        .arguments = "one two",
        .argument_bytes = sizeof "one two",
    };
}

static void number(const char *name, uint64_t value)
{
    NUMBERS(name, value >> 32, value & UINT32_MAX);
}

void world_lay_tree(const struct world_tree *tree)
{
    tree_begin();
    tree_begin_node("chosen");
    number("linux,initrd-start", tree->first);
    number("linux,initrd-end", tree->last);
    tree_texts("bootargs", tree->arguments, tree->argument_bytes);
    tree_end_node();
    tree_begin_node("cpus");
    NUMBERS("timebase-frequency", 12345);
    tree_end_node();
    tree_device("test@200000", "sifive,test1", 0x200000, 0x100);
    tree_device("serial@20000000", "ns16550a", 0x20000000, 0x100);
    tree_end();
    tree_word_at(4, TREE_BYTES);
    memcpy(at(tree->tree), tree_text, TREE_BYTES);
}
