/*
 * Boot: tables sized from storage, and the root process of the boot image.
 * What stands here is the root's storage afterwards.
 *
 * The image is a tar archive whose first member is the root's program; the
 * nucleus knows no other, and no file system.
 */
#include "boot.h"

#define LARGE KERNE_LARGE_PAGE

enum { TAR_SIZE = 124, TAR_MAGIC = 257, TAR_BLOCK = 512 };

struct elf_header {
    char magic[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, program_offset, section_offset;
    uint32_t flags;
    uint16_t header_bytes, program_bytes, program_count;
};

struct elf_program {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_bytes, bytes, align;
};

/* What 64 KiB of the RAM add to the nucleus's tables. */
struct portion {
    struct node nodes[1];
    struct buffer buffers[8], break_buffers[2];
    struct process processes[2];
    struct node_info node_infos[1];
    uint32_t frames[16], heap[8];
};

void boot_require(bool condition, const char *otherwise)
{
    if (condition) { return; }
    machine_print("boot: ");
    machine_print(otherwise);
    machine_print("\nThe machine halts; see README.md on boot images.\n");
    machine_halt(1);
}

/* ---- text -------------------------------------------------------------- */

const char *boot_begins(const char *text, const char *with)
{
    for (; *with != '\0' && *text == *with; text++) { with++; }
    return *with == '\0' ? text : NULL;
}

const char *boot_find(const char *text, const char *what)
{
    while (*text != '\0' && boot_begins(text, what) == NULL) { text++; }
    return boot_begins(text, what);
}

static void copy_text(char *to, const char *text, int limit)
{
    for (int i = 0; i < limit && text[i] != '\0'; i++) { to[i] = text[i]; }
}

static uint64_t number_at(const char *text, uint64_t base)
{
    uint64_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * base + (uint64_t)(*text - '0');
    }
    return number;
}

/* ---- tables ------------------------------------------------------------ */

/* What lies in this stretch of the RAM; null: nothing. */
static const struct kerne_range *taken(const struct boot *boot,
                                       struct kerne_range r)
{
    for (int i = 0; i < BOOT_TAKEN; i++) {
        const struct kerne_range *other = &boot->taken[i];
        if (other->first < r.last && r.first < other->last) { return other; }
    }
    return NULL;
}

/* The highest stretch of the RAM where the tables fit. */
static struct kerne_range find_room(const struct boot *boot, uint64_t size)
{
    uint64_t last = boot->ram.last;
    struct kerne_range r = { (last - size) / LARGE * LARGE, last };
    for (const struct kerne_range *other; (other = taken(boot, r)) != NULL;) {
        r.last = other->first / LARGE * LARGE;
        r.first = (r.last - size) / LARGE * LARGE;
    }
    boot_require(r.first >= boot->ram.first && r.first < r.last,
                 "there is too little storage for the nucleus's tables");
    return r;
}

/* Records are initialised when they are first used; number 0 names none. */
static void lay_out(struct boot *boot)
{
    uint32_t n = (uint32_t)((boot->ram.last - boot->ram.first) >> 16);
    boot->tables = find_room(boot, (n + UINT64_C(1)) * sizeof(struct portion));
    nucleus.nodes = machine_physical(boot->tables.first);
    nucleus.buffers = (void *)&nucleus.nodes[n];
    nucleus.break_buffers = 8 * n + 1;
    nucleus.process_limit = 2 * n < 0xffff ? 2 * n : 0xffff;
    nucleus.node_limit = n;
    nucleus.frame_count = UINT64_C(16) * n;
    nucleus.processes = (void *)&nucleus.buffers[10 * n + 1];
    nucleus.node_infos = (void *)&nucleus.processes[2 * n];
    nucleus.frames = (void *)&nucleus.node_infos[n];
    nucleus.heap = &nucleus.frames[nucleus.frame_count];
    nucleus.fresh_process = nucleus.fresh_node = nucleus.fresh_buffer = 1;
    nucleus.first_frame = boot->ram.first / KERNE_PAGE;
    __builtin_memset(nucleus.frames, 0, nucleus.frame_count * sizeof(uint32_t));
}

/* Ticks: `slice=MICROSECONDS` among the arguments, or what is usual. */
static uint64_t slice(const struct boot *boot)
{
    const char *text = boot_find(boot->arguments, "slice=");
    uint64_t given = text != NULL ? number_at(text, 10) : 0;
    return (given < 100 || given > 10000000 ? boot->slice : given) *
           boot->ticks_per_second / 1000000;
}

/* ---- the root ---------------------------------------------------------- */

/* The first process, with all claims. */
static struct process *make_root(void)
{
    *process_at(0) = (struct process){ 0 };
    struct process *p = process_take_record();
    p->buffers.received = p->buffers.free = nucleus.break_buffers - 1;
    p->processes.received = p->processes.free = nucleus.process_limit - 2;
    p->tables.received = p->tables.free = nucleus.node_limit - 1;
    p->display[0] = ROOT;
    p->mask = KERNE_MASK_ALL;
    p->quick = CALL_QUICK;
    p->share = KERNE_SHARE;
    p->lines = ~UINT64_C(1);
    for (int n = 1; n < KERNE_LINES; n++) { nucleus.lines[n].user = ROOT; }
    storage_take_node(p, 0, &p->table);
    p->space = machine_space_begin(ROOT, nucleus.nodes[p->table].entry);
    return p;
}

/* The entry of this index in the table to which an entry leads. */
static uint64_t *below(struct process *root, uint64_t *entry, uint64_t index)
{
    uint32_t added;
    if (*entry == 0) {
        boot_require(storage_take_node(root, 0, &added),
                     "there are too few tables for the root's own storage");
        *entry = machine_entry_table(machine_frame(&nucleus.nodes[added]));
    }
    struct node *node = machine_page(machine_entry_frame(*entry));
    return &node->entry[index & 511];
}

/* Pages of the root are page frames of the same number. */
static void give(struct process *root, uint64_t first, uint64_t last,
                 uint64_t rights)
{
    uint64_t page = first / KERNE_PAGE, step = 1;
    uint64_t end = (last + KERNE_PAGE - 1) / KERNE_PAGE;
    for (; page < end && page < STORAGE_LIMIT / KERNE_PAGE; page += step) {
        uint64_t *top = &nucleus.nodes[root->table].entry[page >> 18];
        uint64_t *entry = below(root, top, page >> 9);
        step = page % 512 == 0 && end - page >= 512 && *entry == 0 ? 512 : 1;
        if (machine_entry_is_leaf(*entry)) { continue; } /* given already */
        if (step == 1) { entry = below(root, entry, page); }
        *entry = machine_entry_leaf(page, rights);
    }
}

static void give_all(struct process *root, const struct boot *boot)
{
    const uint64_t read_write = KERNE_READ | KERNE_WRITE;
    uint64_t first = boot->ram.first;
    for (int i = 0; i < BOOT_KEPT; i++) {
        give(root, first, boot->taken[i].first, read_write | KERNE_EXECUTE);
        first = boot->taken[i].last;
    }
    give(root, first, boot->ram.last, read_write | KERNE_EXECUTE);
    for (unsigned i = 0; i < boot->device_count; i++) {
        give(root, boot->devices[i].first, boot->devices[i].last, read_write);
    }
}

/* ---- its program ------------------------------------------------------- */

static void require_room(const struct boot *boot, uint64_t first, uint64_t last)
{
    boot_require(first >= boot->nucleus.last && last >= first &&
                     last <= boot->ram.last &&
                     taken(boot, (struct kerne_range){ first, last }) == NULL,
                 "the root's program does not fit into storage");
}

/* Puts the program, `bytes` long, where its addresses say; returns the page
 * behind it. */
static uint64_t load(const struct boot *boot, const struct elf_header *elf,
                     uint64_t bytes)
{
    const char *file = (const char *)elf;
    uint64_t end = 0;
    bool good = bytes >= sizeof(*elf) && elf->machine == 243 &&
                boot_begins(elf->magic, "\177ELF\2") != NULL &&
                elf->program_bytes == sizeof(struct elf_program) &&
                elf->program_offset % 8 == 0 && elf->program_offset <= bytes &&
                elf->program_count * sizeof(struct elf_program) <=
                    bytes - elf->program_offset;
    boot_require(good,
                 "the first file of the boot image is no program for RISC-V");
    const struct elf_program *p = (const void *)(file + elf->program_offset);
    for (int i = 0; i < elf->program_count; i++, p++) {
        if (p->type != 1) { continue; }
        boot_require(p->offset <= bytes && p->file_bytes <= bytes - p->offset &&
                         p->file_bytes <= p->bytes,
                     "the root's program is cut short");
        require_room(boot, p->address, p->address + p->bytes);
        char *to = machine_physical(p->address);
        __builtin_memcpy(to, file + p->offset, p->file_bytes);
        __builtin_memset(to + p->file_bytes, 0, p->bytes - p->file_bytes);
        if (end < p->address + p->bytes) { end = p->address + p->bytes; }
    }
    return (end + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
}

/* The program is the first member of the archive, and gives the root its name,
 * if that can be one. */
static void begin_program(struct process *root, const struct boot *boot)
{
    const struct kerne_range *image = &boot->image;
    const char *tar = machine_physical(image->first);
    boot_require(image->last > image->first + TAR_BLOCK &&
                     boot_begins(tar + TAR_MAGIC, "ustar") != NULL,
                 "there is no boot image, or it is no tar archive (-initrd)");
    uint64_t bytes = number_at(tar + TAR_SIZE, 8);
    boot_require(bytes <= image->last - image->first - TAR_BLOCK,
                 "the first file of the boot image is cut short");
    const struct elf_header *elf = (const void *)(tar + TAR_BLOCK);
    root->x[R_A0] = load(boot, elf, bytes);
    root->x[R_PC] = elf->entry;
    copy_text((char *)root->name, tar, KERNE_NAME_BYTES);
    if (!name_is_well_formed(root->name)) {
        root->name[0] = 0x746f6f72; /* "root" */
        root->name[1] = 0;
    }
}

/* What is free between `first` and the next thing in the way. */
static struct kerne_range free_from(const struct boot *boot, uint64_t first)
{
    first = (first + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
    struct kerne_range r = { first, boot->ram.last };
    for (const struct kerne_range *other; (other = taken(boot, r)) != NULL;) {
        r.last = other->first / KERNE_PAGE * KERNE_PAGE;
    }
    if (r.last < first) { r.last = first; }
    return r;
}

static void write_start_record(const struct boot *boot, uint64_t place)
{
    struct kerne_start *start = machine_physical(place);
    require_room(boot, place, place + KERNE_PAGE);
    *start = (struct kerne_start){ .magic = KERNE_START_MAGIC,
                                   .bytes = sizeof(*start) };
    start->storage[0] = free_from(boot, place + KERNE_PAGE);
    start->storage[1] = free_from(boot, boot->firmware.last);
    start->storage[2] = free_from(boot, boot->image.last);
    start->storage[3] = free_from(boot, boot->device_tree.last);
    start->image = boot->image;
    start->device_tree = boot->device_tree;
    start->ticks_per_second = boot->ticks_per_second;
    copy_text(start->arguments, boot->arguments, KERNE_ARGUMENT_BYTES - 1);
}

struct process *boot_nucleus(struct boot *boot)
{
    lay_out(boot);
    nucleus.slice = slice(boot);
    struct process *root = make_root();
    give_all(root, boot);
    begin_program(root, boot);
    write_start_record(boot, root->x[R_A0]);
    this_hart->current = root;
    this_hart->account = ROOT;
    this_hart->since = machine_time();
    this_hart->alone = true;
    time_arm();
    return root;
}
