/* As QEMU does it: the image half of storage behind the nucleus, or 128 MB if
 * that is less, the tree in storage's last 2 MB. */
#include "load.h"

#include "tree.h"

#define MEGABYTE (UINT64_C(1) << 20)

struct elf_header {
    uint8_t identity[16];
    uint16_t kind, machine;
    uint32_t version;
    uint64_t entry, segments, sections;
    uint32_t flags;
    uint16_t bytes, segment_bytes, segment_count;
    uint16_t section_bytes, section_count, names;
};
struct elf_segment {
    uint32_t kind, flags;
    uint64_t offset, address, physical, in_file, in_storage, align;
};
enum { RISCV = 243, LOADED = 1 };

static bool segment_load(struct machine *m, const struct elf_segment *s)
{
    const struct machine_config *config = &m->config;
    if (s->kind != LOADED || s->in_storage == 0) { return true; }
    if (s->offset > config->kernel_bytes ||
        s->in_file > config->kernel_bytes - s->offset ||
        s->in_file > s->in_storage ||
        !storage_has(&m->storage, s->physical, s->in_storage)) {
        return false;
    }
    storage_write(m, s->physical, (const uint8_t *)config->kernel + s->offset,
                  s->in_file);
    return true;
}

/* Where it begins to execute, which is its lowest address; 0: it is no kernel
 * for this machine. */
static uint64_t kernel_load(struct machine *m)
{
    const uint8_t *file = m->config.kernel;
    uint64_t bytes = m->config.kernel_bytes;
    struct elf_header header;
    struct elf_segment segment;
    uint64_t lowest = UINT64_MAX;
    if (bytes < sizeof(header)) { return 0; }
    __builtin_memcpy(&header, file, sizeof(header));
    if (__builtin_memcmp(header.identity,
                         "\x7f"
                         "ELF\2\1",
                         6) != 0 ||
        header.machine != RISCV || header.segment_bytes != sizeof(segment)) {
        return 0;
    }
    for (unsigned i = 0; i < header.segment_count; i++) {
        uint64_t at = header.segments + i * sizeof(segment);
        if (at > bytes || bytes - at < sizeof(segment)) { return 0; }
        __builtin_memcpy(&segment, file + at, sizeof(segment));
        if (!segment_load(m, &segment)) { return 0; }
        if (segment.kind == LOADED && segment.physical < lowest) {
            lowest = segment.physical;
        }
    }
    return lowest == UINT64_MAX ? 0 : lowest;
}

static uint64_t image_place(uint64_t entry, uint64_t storage_bytes)
{
    uint64_t half = storage_bytes / 2;
    return entry + (half < 128 * MEGABYTE ? half : 128 * MEGABYTE);
}

static uint64_t tree_place(uint64_t storage_bytes, uint64_t bytes)
{
    uint64_t last = MACHINE_STORAGE + storage_bytes;
    uint64_t most = UINT64_C(3) << 30;
    if (last > most) { last = most; }
    return (last - bytes) & ~(2 * MEGABYTE - 1);
}

const char *load_all(struct machine *m)
{
    const struct machine_config *config = &m->config;
    static uint8_t tree[TREE_MOST];
    uint64_t entry = kernel_load(m);
    if (entry == 0) {
        return "the kernel is no ELF file of RISC-V that storage has room for";
    }
    struct tree_facts facts = {
        .storage_bytes = config->storage_bytes,
        .image_first = image_place(entry, config->storage_bytes),
        .arguments = config->arguments,
    };
    facts.image_last = facts.image_first + config->image_bytes;
    uint32_t bytes = tree_make(&facts, tree);
    if (bytes == 0) { return "the boot arguments are too long"; }
    uint64_t at = tree_place(config->storage_bytes, bytes);
    if (at < facts.image_first ||
        config->image_bytes > at - facts.image_first) {
        return "the boot image is larger than storage has room for";
    }
    storage_write(m, facts.image_first, config->image, config->image_bytes);
    storage_write(m, at, tree, bytes);
    m->hart.pc = entry;
    m->hart.x[11] = at;
    return NULL;
}
