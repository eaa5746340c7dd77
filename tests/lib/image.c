#include "image.h"

#include <string.h>

#define TAR_HEADER_BYTES 512
#define ELF_LOAD 1
#define ELF_EXECUTE 1
#define ELF_WRITE 2
#define ELF_READ 4

struct elf_header {
    uint8_t magic[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry;
    uint64_t segments_at;
    uint64_t sections_at;
    uint32_t flags;
    uint16_t header_bytes;
    uint16_t segment_bytes;
    uint16_t segments;
};

struct elf_segment {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t address;
    uint64_t physical;
    uint64_t file_bytes;
    uint64_t bytes;
    uint64_t alignment;
};

struct image_segment image_segment[IMAGE_SEGMENTS];
unsigned image_segments;

static uint64_t rights_of(uint32_t flags)
{
    return (flags & ELF_READ ? KERNE_READ : 0) |
           (flags & ELF_WRITE ? KERNE_READ | KERNE_WRITE : 0) |
           (flags & ELF_EXECUTE ? KERNE_EXECUTE : 0);
}

bool image_read(const uint8_t *archive)
{
    const uint8_t *file = archive + TAR_HEADER_BYTES;
    struct elf_header header;
    memcpy(&header, file, sizeof header);
    if (memcmp(header.magic, "\177ELF", 4) != 0) { return false; }
    image_segments = 0;
    for (unsigned i = 0; i < header.segments; i++) {
        struct elf_segment segment;
        memcpy(&segment, file + header.segments_at + i * sizeof segment,
               sizeof segment);
        if (segment.type != ELF_LOAD || segment.bytes == 0) { continue; }
        if (image_segments == IMAGE_SEGMENTS) { return false; }
        uint64_t mask = KERNE_PAGE - 1;
        image_segment[image_segments++] = (struct image_segment){
            .first = segment.address & ~mask,
            .last = (segment.address + segment.bytes + mask) & ~mask,
            .rights = rights_of(segment.flags),
        };
    }
    uint64_t here = (uint64_t)image_read;
    return image_segments > 0 && here >= image_segment[0].first &&
           here < image_segment[image_segments - 1].last;
}
