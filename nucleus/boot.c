/*
 * Boot: tables sized from storage, and the root process of the boot image.
 * What stands here is the root's storage afterwards.
 *
 * The image is a tar archive whose first file is run where it lies: the root
 * loader, which finds all else (parents/loader).  The nucleus knows no other
 * file, and no format of programs.
 */
#include "boot.h"

#define LARGE KERNE_LARGE_PAGE
#define SLICE 25600 /* microseconds, unless the arguments say otherwise */

enum { TAR_SIZE = 124, TAR_MAGIC = 257, TAR_BLOCK = 512 };

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

/* The number that stands there; 0, if the text is null. */
static uint64_t number_at(const char *text, uint64_t base)
{
    uint64_t number = 0;
    for (; text != NULL && *text >= '0' && *text <= '9'; text++) {
        number = number * base + (uint64_t)(*text - '0');
    }
    return number;
}

/* ---- tables ------------------------------------------------------------ */

/* How far the RAM is free from `first` on, in large pages; less than `first` or
 * the same: not at all. */
static uint64_t free_until(const struct boot *boot, uint64_t first)
{
    uint64_t last = boot->ram.last;
    for (int i = 0; i < BOOT_TAKEN; i++) {
        const struct kerne_range *r = &boot->taken[i];
        if (r->first < last && first < r->last) {
            last = r->first / LARGE * LARGE;
        }
    }
    return last;
}

/* The highest stretch of the RAM where the tables fit. */
static struct kerne_range find_room(const struct boot *boot, uint64_t size)
{
    uint64_t first = (boot->ram.last - size) / LARGE * LARGE, last;
    while ((last = free_until(boot, first)) < first + size) {
        boot_require(first > boot->ram.first && first < boot->ram.last,
                     "there is too little storage for the nucleus's tables");
        first -= LARGE;
    }
    return (struct kerne_range){ first, last };
}

/* So many for each 64 KiB of the RAM, and a buffer for the breaks of each
 * process, as far as identities go.  Records are initialised when they are
 * first used. */
static void lay_out(struct boot *boot)
{
    uint32_t n = (uint32_t)((boot->ram.last - boot->ram.first) >> 16);
    uint32_t processes = 2 * n < 0xffff ? 2 * n : 0xffff;
    uint32_t buffers = 8 * n + processes + 1, most = IDENTITY_INDEX(UINT64_MAX);
    if (buffers > most) { buffers = most; }
    uint32_t frames = (uint32_t)(boot->ram.last / KERNE_PAGE) -
                      (uint32_t)(boot->ram.first / KERNE_PAGE);
    uint64_t size =
        n * (sizeof(struct node) + sizeof(struct node_info)) +
        processes * sizeof(struct process) + frames * sizeof(uint32_t) +
        buffers * (sizeof(struct buffer) + sizeof(struct buffer *));
    boot->tables = find_room(boot, size);
    nucleus.node_limit = n;
    nucleus.process_limit = processes;
    nucleus.buffer_limit = buffers;
    nucleus.frame_count = frames;
    nucleus.first_frame = boot->ram.first / KERNE_PAGE;
    nucleus.nodes = machine_physical(boot->tables.first);
    nucleus.buffers = (void *)&nucleus.nodes[n];
    nucleus.processes = (void *)&nucleus.buffers[buffers];
    nucleus.node_infos = (void *)&nucleus.processes[processes];
    nucleus.heap = (void *)&nucleus.node_infos[n];
    nucleus.frames = (void *)&nucleus.heap[buffers];
    __builtin_memset(nucleus.frames, 0, frames * sizeof(uint32_t));
    nucleus.never_used_node = 1;
}

/* ---- the root ---------------------------------------------------------- */

/* The first process, with all claims.  It has them of a record that nobody has:
 * number 0 names no process, and no buffer. */
static struct process *make_root(void)
{
    struct process *nobody = process_take_record();
    struct process *p = process_take_record();
    claim_give(nobody, p, BUFFERS,
               nucleus.buffer_limit - 1 - nucleus.process_limit);
    claim_give(nobody, p, PROCESSES, nucleus.process_limit - 2);
    claim_give(nobody, p, TABLES, nucleus.node_limit - 1);
    for (int n = 1; n < KERNE_LINES; n++) { nucleus.lines[n].user = p; }
    p->display[0] = ROOT;
    p->mask = KERNE_MASK_ALL;
    p->share = KERNE_SHARE;
    p->table = storage_take_node(p, 0);
    p->space = machine_space_begin(ROOT, p->table->entry);
    return p;
}

/* Pages of the root are page frames of the same number, in large entries where
 * they fit.  What is given already stays. */
static void give(struct process *root, const struct kerne_range *range,
                 uint64_t rights)
{
    uint64_t page = range->first / KERNE_PAGE, step;
    uint64_t end = (range->last + KERNE_PAGE - 1) / KERNE_PAGE;
    for (; page < end && page < PAGE_LIMIT; page += step) {
        bool large = page % NODE_ENTRIES == 0 && end - page >= NODE_ENTRIES;
        struct table_entry at = storage_need(root, page, large ? 9 : 0);
        boot_require(*at.entry != 0 || at.shift <= (large ? 9 : 0),
                     "there are too few tables for the root's own storage");
        step = *at.entry == 0 ? UINT64_C(1) << at.shift : 1;
        if (*at.entry == 0) { *at.entry = machine_entry_leaf(page, rights); }
    }
}

/* The RAM but firmware, nucleus and tables, which the root is also told of. */
static void give_all(struct process *root, const struct boot *boot)
{
    const uint64_t read_write = KERNE_READ | KERNE_WRITE;
    const struct kerne_range storage[] = {
        { boot->firmware.last, boot->nucleus.first },
        { boot->nucleus.last, boot->tables.first },
        { boot->tables.last, boot->ram.last },
    };
    for (int i = 0; i < 3; i++) {
        give(root, &storage[i], read_write | KERNE_EXECUTE);
        root->x[R_A1 + 2 * i] = storage[i].first;
        root->x[R_A2 + 2 * i] = storage[i].last;
    }
    for (unsigned i = 0; i < boot->device_count; i++) {
        give(root, &boot->devices[i], read_write);
    }
    root->x[R_A0] = boot->device_tree.first;
}

/* The root begins in the first file of the archive, and has its name, if that
 * can be one. */
static void begin_loader(struct process *root, const struct kerne_range *image)
{
    const char *tar = machine_physical(image->first);
    boot_require(image->last > image->first + TAR_BLOCK &&
                     boot_begins(tar + TAR_MAGIC, "ustar") != NULL,
                 "there is no boot image, or it is no tar archive (-initrd)");
    uint64_t bytes = number_at(tar + TAR_SIZE, 8);
    boot_require(bytes > 0 && bytes <= image->last - image->first - TAR_BLOCK,
                 "the first file of the boot image is empty, or cut short");
    root->x[R_PC] = image->first + TAR_BLOCK;
    __builtin_memcpy(root->name, tar, KERNE_NAME_BYTES);
    if (!kerne_name_is_good(root->name)) {
        __builtin_memcpy(root->name, (char[16]){ "root" }, KERNE_NAME_BYTES);
    }
}

struct process *boot_nucleus(struct boot *boot)
{
    lay_out(boot);
    struct process *root = make_root();
    give_all(root, boot);
    begin_loader(root, &boot->image);
    uint64_t slice = number_at(boot_find(boot->arguments, "slice="), 10);
    if (slice < 100 || slice > 10000000) { slice = SLICE; }
    nucleus.slice = slice * boot->ticks_per_second / 1000000;
    nucleus.switch_epoch = 1; /* no new process has it */
    this_hart->current = this_hart->account = root;
    this_hart->since = nucleus.firmware = machine_time();
    this_hart->only_runnable = true;
    time_arm();
    return root;
}
