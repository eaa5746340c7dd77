/*
 * Boot: tables sized from storage, and the root process of the boot image.
 * What stands here is the root's storage afterwards.
 *
 * The image is a tar archive whose first file is run where it lies: the root
 * loader, which finds all else (parents/loader).  The nucleus knows no other
 * file, and no format of programs.
 */
#include "boot.h"

#define SLICE 25600 /* microseconds, unless the arguments say otherwise */

#define NAME_ROOT UINT64_C(0x746f6f72) /* "root" */

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

/* Behind `with`, if the text begins so; null otherwise. */
static const char *behind(const char *text, const char *with)
{
    for (; *with != '\0' && *text == *with; text++) { with++; }
    return *with == '\0' ? text : NULL;
}

static bool is_end(char c) { return c == ' ' || c == '\0'; }

/* The number that stands there, of at most 32 bits; returns what is behind it,
 * or the text, if there is none. */
static const char *number_at(const char *text, unsigned base,
                             uint64_t *ret_number)
{
    uint64_t number = 0;
    for (; (unsigned)(*text - '0') < base && number >> 32 == 0; text++) {
        number = number * base + (uint64_t)(*text - '0');
    }
    *ret_number = number;
    return text;
}

/* Words like name=value in front of all others are for the nucleus. */
static void read_arguments(const char *text, struct boot *boot)
{
    const char *end = text;
    do {
        for (text = end; *text == ' '; text++) {}
        if ((end = behind(text, "slice=")) != NULL) {
            end = number_at(end, 10, &boot->slice);
        } else if ((end = behind(text, "fast=off")) != NULL) {
            boot->fast = false;
        }
    } while (end != NULL && is_end(*end));
    while (!is_end(*text) && *text != '=') { text++; }
    boot_require(*text != '=' && boot->slice >= 100 && boot->slice <= 10000000,
                 "of the boot arguments, the nucleus takes slice=100 to "
                 "slice=10000000 and fast=off; others with `=` go behind `--`");
}

/* ---- tables ------------------------------------------------------------ */

/* What the root is to be given, and the tables.  Image and tree are its, though
 * boot loaders reserve them; if they lie elsewhere they are not there.  What is
 * below the nucleus is the firmware's, but for what only boot needs. */
static void find_storage(struct boot *boot)
{
    struct kerne_range *const lent[] = { &boot->image, &boot->device_tree };
    boot_require(kerne_ranges_hold(&boot->ram, boot->nucleus),
                 "the device tree has no storage where the nucleus lies");
    boot_require(!boot->ram.full && !boot->storage.full && !boot->devices.full,
                 "there are too many pieces of storage, or devices");
    nucleus.ram = boot->ram;
    for (int i = 0; i < 2; i++) {
        if (!kerne_ranges_hold(&boot->ram, *lent[i])) { lent[i]->last = 0; }
        kerne_ranges_add(&boot->storage, *lent[i]);
    }
    kerne_ranges_cut(&boot->storage,
                     (struct kerne_range){ 0, boot->nucleus.last });
    kerne_ranges_add(&boot->storage, boot->early);
}

/* The highest stretch where the tables fit is theirs. */
static void find_room(struct boot *boot, uint64_t size)
{
    struct kerne_ranges room = boot->storage;
    struct kerne_range r;
    kerne_ranges_cut(&room, boot->early);
    kerne_ranges_cut(&room, boot->image);
    kerne_ranges_cut(&room, boot->device_tree);
    do {
        boot_require(room.count-- > 0,
                     "there is too little storage for the nucleus's tables");
        r = room.range[room.count];
    } while (r.last - r.first < size);
    boot->tables.first = kerne_ranges_down(r.last - size);
    boot->tables.last = r.last;
    kerne_ranges_cut(&boot->storage, boot->tables);
}

/* So many for each 64 KiB of the RAM, and a buffer for the breaks of each
 * process, as far as identities go.  Records are initialised when they are
 * first used.  Page frames are counted from the lowest storage to the highest.
 */
static void lay_out(struct boot *boot)
{
    uint64_t first = nucleus.ram.range[0].first;
    uint64_t last = nucleus.ram.range[nucleus.ram.count - 1].last;
    uint64_t bytes = kerne_ranges_common(
        &nucleus.ram, (struct kerne_range){ 0, STORAGE_LIMIT });
    uint32_t n = (uint32_t)(bytes >> 16);
    uint32_t processes = 2 * n < 0xffff ? 2 * n : 0xffff;
    uint32_t buffers = 8 * n + processes + 1, most = IDENTITY_INDEX(UINT64_MAX);
    if (buffers > most) { buffers = most; }
    uint64_t frames = (last - first) / KERNE_PAGE;
    uint64_t size = n * (sizeof(struct node) + sizeof(struct node_info)) +
                    processes * sizeof(struct process) +
                    (frames + 1) * sizeof(uint32_t) +
                    buffers * (sizeof(struct buffer) + sizeof(struct buffer *));
    find_room(boot, size);
    nucleus.node_limit = n;
    nucleus.process_limit = processes;
    nucleus.buffer_limit = buffers;
    nucleus.frame_count = frames;
    nucleus.first_frame = first / KERNE_PAGE;
    nucleus.nodes = machine_physical(boot->tables.first);
    nucleus.buffers = (void *)&nucleus.nodes[n];
    nucleus.processes = (void *)&nucleus.buffers[buffers];
    nucleus.node_infos = (void *)&nucleus.processes[processes];
    nucleus.heap = (void *)&nucleus.node_infos[n];
    nucleus.frames = (void *)&nucleus.heap[buffers];
    __builtin_memset(nucleus.frames, 0, (frames + 1) * sizeof(uint32_t));
    nucleus.never_used_node = 1;
}

/* ---- the root ---------------------------------------------------------- */

/* The first process, with all claims.  Nobody has the record before it: number
 * 0 names no process, and no buffer. */
static struct process *make_root(void)
{
    process_take_record();
    struct process *p = process_take_record();
    p->claims[BUFFERS].received =
        nucleus.buffer_limit - 1 - nucleus.process_limit;
    p->claims[PROCESSES].received = nucleus.process_limit - 2;
    p->claims[TABLES].received = nucleus.node_limit - 1;
    for (enum claims kind = BUFFERS; kind < CLAIMS; kind++) {
        p->claims[kind].free = p->claims[kind].received;
    }
    for (int n = 1; n < KERNE_LINES; n++) { nucleus.lines[n].user = p; }
    p->display[0] = ROOT;
    p->mask = KERNE_MASK_ALL;
    p->share = KERNE_SHARE;
    storage_begin(p, NULL);
    return p;
}

/* Pages of the root are page frames of the same number, in large entries where
 * they fit. */
static void give(struct process *root, const struct kerne_range *range,
                 uint64_t rights)
{
    uint64_t page = range->first / KERNE_PAGE, shift;
    uint64_t end = range->last / KERNE_PAGE;
    for (; page < end && page < PAGE_LIMIT; page += UINT64_C(1) << shift) {
        shift = page % NODE_ENTRIES == 0 && end - page >= NODE_ENTRIES ? 9 : 0;
        struct table_entry at = storage_need(root, page, shift);
        boot_require(at.shift == shift,
                     "there are too few tables for the root's own storage");
        *at.entry = machine_entry_leaf(page, rights);
    }
}

/* All is given to the root, and it is told of the storage: first of what was
 * needed at boot only, which is the lowest. */
static void give_all(struct process *root, struct boot *boot)
{
    const uint64_t read_write = KERNE_READ | KERNE_WRITE;
    const struct kerne_ranges *storage = &boot->storage;
    boot_require(storage->count <= KERNE_ROOT_RANGES,
                 "storage lies in too many pieces for the root");
    root->x[R_A0] = boot->device_tree.first;
    for (unsigned i = 0; i < storage->count; i++) {
        give(root, &storage->range[i], read_write | KERNE_EXECUTE);
        root->x[R_A1 + 2 * i] = storage->range[i].first;
        root->x[R_A2 + 2 * i] = storage->range[i].last;
    }
    for (unsigned i = 0; i < boot->devices.count; i++) {
        give(root, &boot->devices.range[i], read_write);
    }
}

/* The root begins in the first file of the archive, and has its name, if that
 * can be one.  An image below the nucleus it would not have. */
static void begin_loader(struct process *root, const struct boot *boot)
{
    const struct kerne_range *image = &boot->image;
    const char *tar = machine_physical(image->first);
    boot_require(image->first >= boot->nucleus.last &&
                     image->last > image->first + TAR_BLOCK &&
                     behind(tar + TAR_MAGIC, "ustar") != NULL,
                 "there is no boot image, or it is no tar archive (-initrd)");
    uint64_t bytes;
    boot_require(is_end(*number_at(tar + TAR_SIZE, 8, &bytes)) && bytes > 0 &&
                     bytes <= image->last - image->first - TAR_BLOCK,
                 "the first file of the boot image is empty or cut short, or "
                 "its size is not octal");
    root->x[R_PC] = image->first + TAR_BLOCK;
    for (unsigned i = 0; i < KERNE_NAME_BYTES; i++) {
        root->name[i / 8] |= (uint64_t)(uint8_t)tar[i] << i % 8 * 8;
    }
    if (!kerne_name_is_good(root->name)) {
        root->name[0] = NAME_ROOT;
        root->name[1] = 0;
    }
}

struct process *boot_nucleus(struct boot *boot)
{
    uint64_t rate = boot->ticks_per_second;
    boot->slice = SLICE;
    boot->fast = true;
    read_arguments(boot->arguments, boot);
    boot_require(rate >= 1000 && rate >> 32 == 0,
                 "the device tree has no clock of 1000 Hz or more "
                 "(timebase-frequency)");
    nucleus.slice = (boot->slice * rate + 999999) / 1000000;
    find_storage(boot);
    lay_out(boot);
    struct process *root = make_root();
    give_all(root, boot);
    begin_loader(root, boot);
    nucleus.stops = 1; /* no new process has it, nor */
    this_hart->quick = WAIT_EPOCH | WAIT_QUICK | KERNE_WAITS_EVENT;
    this_hart->current = this_hart->account = root;
    this_hart->since = nucleus.firmware = machine_time();
    this_hart->only_runnable = true;
    time_arm();
    return root;
}
