#include "executable.h"

#include <kerne.h>
#include <stdbool.h>
#include <string.h>

/* The parts of ELF that are needed, by the System V interface. */
struct elf_header {
    uint8_t identity[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, program_headers, section_headers;
    uint32_t flags;
    uint16_t header_bytes, program_header_bytes, program_header_count;
    uint16_t section_header_bytes, section_header_count, section_names;
};
_Static_assert(sizeof(struct elf_header) == 64, "size of an ELF64 header");

struct elf_segment {
    uint32_t type, flags;
    uint64_t offset, address, physical_address, in_file, bytes, alignment;
};
_Static_assert(sizeof(struct elf_segment) == 56, "size of an ELF64 segment");

enum {
    ELF_64_BITS = 2,
    ELF_LITTLE_ENDIAN = 1,
    ELF_EXECUTABLE = 2,
    ELF_RISC_V = 243,
    ELF_LOAD = 1,
    ELF_DYNAMIC = 2,
    ELF_INTERPRETER = 3,
    ELF_EXECUTE = 1,
    ELF_WRITE = 2,
    ELF_READ = 4,
};

static uint64_t page_up(uint64_t address)
{
    return (address + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
}

static enum executable_result check_header(const struct elf_header *header,
                                           uint64_t bytes)
{
    static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };
    if (memcmp(header->identity, magic, sizeof magic) != 0) {
        return EXECUTABLE_NOT_ELF;
    }
    if (header->identity[4] != ELF_64_BITS ||
        header->identity[5] != ELF_LITTLE_ENDIAN ||
        header->machine != ELF_RISC_V) {
        return EXECUTABLE_OTHER_MACHINE;
    }
    if (header->type != ELF_EXECUTABLE) { return EXECUTABLE_NOT_STATIC; }
    uint64_t table =
        (uint64_t)header->program_header_count * sizeof(struct elf_segment);
    if (header->program_header_bytes != sizeof(struct elf_segment) ||
        header->program_headers > bytes ||
        table > bytes - header->program_headers) {
        return EXECUTABLE_CUT_SHORT;
    }
    return EXECUTABLE_SOUND;
}

static uint64_t rights_of(uint32_t flags)
{
    return (flags & ELF_READ ? KERNE_READ : 0) |
           (flags & ELF_WRITE ? KERNE_READ | KERNE_WRITE : 0) |
           (flags & ELF_EXECUTE ? KERNE_EXECUTE : 0);
}

static enum executable_result check_segment(const struct elf_segment *segment,
                                            uint64_t bytes)
{
    if (segment->in_file > segment->bytes) { return EXECUTABLE_SEGMENT_SIZE; }
    if (segment->offset > bytes || segment->in_file > bytes - segment->offset) {
        return EXECUTABLE_CUT_SHORT;
    }
    if (segment->address % KERNE_PAGE != 0 ||
        segment->address >= EXECUTABLE_ADDRESS_END ||
        segment->bytes > EXECUTABLE_ADDRESS_END - segment->address) {
        return EXECUTABLE_SEGMENT_ADDRESS;
    }
    uint64_t rights = rights_of(segment->flags);
    if (rights == 0 || (rights & KERNE_WRITE && rights & KERNE_EXECUTE)) {
        return EXECUTABLE_SEGMENT_RIGHTS;
    }
    return EXECUTABLE_SOUND;
}

/* Puts a sound segment into its place among the others, which ascend. */
static void insert(struct executable *executable,
                   const struct elf_segment *segment)
{
    unsigned i = executable->count++;
    while (i > 0 && executable->segment[i - 1].address > segment->address) {
        executable->segment[i] = executable->segment[i - 1];
        i--;
    }
    executable->segment[i] = (struct executable_segment){
        .address = segment->address,
        .bytes = segment->bytes,
        .offset = segment->offset,
        .in_file = segment->in_file,
        .rights = rights_of(segment->flags),
    };
}

static enum executable_result gather(const uint8_t *file, uint64_t bytes,
                                     const struct elf_header *header,
                                     struct executable *executable)
{
    for (unsigned i = 0; i < header->program_header_count; i++) {
        struct elf_segment segment;
        memcpy(&segment, file + header->program_headers + i * sizeof segment,
               sizeof segment);
        if (segment.type == ELF_DYNAMIC || segment.type == ELF_INTERPRETER) {
            return EXECUTABLE_NOT_STATIC;
        }
        if (segment.type != ELF_LOAD || segment.bytes == 0) { continue; }
        enum executable_result result = check_segment(&segment, bytes);
        if (result != EXECUTABLE_SOUND) { return result; }
        if (executable->count == EXECUTABLE_SEGMENTS) {
            return EXECUTABLE_TOO_MANY_SEGMENTS;
        }
        insert(executable, &segment);
    }
    return executable->count == 0 ? EXECUTABLE_NO_SEGMENTS : EXECUTABLE_SOUND;
}

static enum executable_result check_whole(struct executable *executable)
{
    bool entry_is_sound = false;
    uint64_t behind = 0;
    for (unsigned i = 0; i < executable->count; i++) {
        const struct executable_segment *segment = &executable->segment[i];
        if (segment->address < behind) { return EXECUTABLE_SEGMENTS_OVERLAP; }
        behind = page_up(segment->address + segment->bytes);
        entry_is_sound |= segment->rights & KERNE_EXECUTE &&
                          executable->entry >= segment->address &&
                          executable->entry - segment->address < segment->bytes;
    }
    if (!entry_is_sound || executable->entry % 2 != 0) {
        return EXECUTABLE_ENTRY;
    }
    executable->first = executable->segment[0].address;
    executable->last = behind;
    return EXECUTABLE_SOUND;
}

enum executable_result executable_check(const uint8_t *file, uint64_t bytes,
                                        struct executable *ret_executable)
{
    struct elf_header header;
    if (bytes < sizeof header) { return EXECUTABLE_NOT_ELF; }
    memcpy(&header, file, sizeof header);
    enum executable_result result = check_header(&header, bytes);
    struct executable executable = { .entry = header.entry };
    if (result == EXECUTABLE_SOUND) {
        result = gather(file, bytes, &header, &executable);
    }
    if (result == EXECUTABLE_SOUND) { result = check_whole(&executable); }
    if (result == EXECUTABLE_SOUND) { *ret_executable = executable; }
    return result;
}

_Static_assert(EXECUTABLE_SEGMENTS == 8, "as the words below say");

const char *executable_words(enum executable_result result)
{
    /* Not pointers: the root loader is not relocated. */
    static const char words[][64] = {
        [EXECUTABLE_SOUND] = "is a sound program",
        [EXECUTABLE_NOT_ELF] = "is no program (it is not in the format ELF)",
        [EXECUTABLE_OTHER_MACHINE] =
            "is a program for another machine, not for 64-bit RISC-V",
        [EXECUTABLE_NOT_STATIC] =
            "is not linked to a fixed place without shared libraries",
        [EXECUTABLE_CUT_SHORT] = "is cut short, or damaged",
        [EXECUTABLE_NO_SEGMENTS] = "has nothing to be loaded",
        [EXECUTABLE_TOO_MANY_SEGMENTS] = "has more than 8 segments",
        [EXECUTABLE_SEGMENT_SIZE] =
            "has a segment that is larger in the file than in storage",
        [EXECUTABLE_SEGMENT_ADDRESS] =
            "has a segment that is not page-aligned, or lies too high",
        [EXECUTABLE_SEGMENT_RIGHTS] =
            "has a segment with no rights, or both writable and executable",
        [EXECUTABLE_SEGMENTS_OVERLAP] = "has segments that overlap",
        [EXECUTABLE_ENTRY] =
            "begins at an address where it has no instructions",
    };
    return words[result];
}
