#include "executable.h"

#include <elf_file.h>
#include <kerne.h>
#include <ranges.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char cut_short[] = "is cut short, or damaged";
static const char not_static[] =
    "is not linked to a fixed place without shared libraries";

static const char *check_header(const struct elf_header *header, uint64_t there,
                                uint64_t bytes)
{
    if (memcmp(header->identity, ELF_MAGIC, 4) != 0) {
        return "is no program (it is not in the format ELF)";
    }
    if (header->identity[4] != ELF_64_BITS ||
        header->identity[5] != ELF_LITTLE_ENDIAN ||
        header->machine != ELF_RISC_V) {
        return "is a program for another machine, not for 64-bit RISC-V";
    }
    if (header->type != ELF_EXECUTABLE) { return not_static; }
    if (header->program_header_bytes != sizeof(struct elf_segment) ||
        header->program_headers > there ||
        header->program_header_count >
            (there - header->program_headers) / sizeof(struct elf_segment)) {
        return there == bytes ? cut_short
                              : "does not begin with what says where it goes";
    }
    return NULL;
}

static uint64_t rights_of(uint32_t flags)
{
    return (flags & ELF_READ ? KERNE_READ : 0) |
           (flags & ELF_WRITE ? KERNE_READ | KERNE_WRITE : 0) |
           (flags & ELF_EXECUTE ? KERNE_EXECUTE : 0);
}

static const char *check_segment(const struct elf_segment *segment,
                                 uint64_t bytes)
{
    uint64_t rights = rights_of(segment->flags);
    if (segment->in_file > segment->bytes) {
        return "has a segment that is larger in the file than in storage";
    }
    if (segment->offset > bytes || segment->in_file > bytes - segment->offset) {
        return cut_short;
    }
    if (segment->address % KERNE_PAGE != 0 ||
        segment->address >= EXECUTABLE_ADDRESS_END ||
        segment->bytes > EXECUTABLE_ADDRESS_END - segment->address) {
        return "has a segment that is not page-aligned, or lies too high";
    }
    if (rights == 0 || (rights & KERNE_WRITE && rights & KERNE_EXECUTE)) {
        return "has a segment with no rights, or both writable and executable";
    }
    return NULL;
}

/* Adds what is to be loaded.  By the standard such segments ascend. */
static const char *add(struct executable *to, const struct elf_segment *segment,
                       uint64_t bytes)
{
    if (segment->type == ELF_DYNAMIC || segment->type == ELF_INTERPRETER) {
        return not_static;
    }
    if (segment->type != ELF_LOAD || segment->bytes == 0) { return NULL; }
    const char *refusal = check_segment(segment, bytes);
    if (refusal != NULL) { return refusal; }
    _Static_assert(EXECUTABLE_SEGMENTS == 8, "as it says");
    if (to->count == EXECUTABLE_SEGMENTS) { return "has more than 8 segments"; }
    if (segment->address < to->last) {
        return "has segments that overlap, or do not ascend";
    }
    if (to->count == 0) { to->first = segment->address; }
    to->last = kerne_ranges_up(segment->address + segment->bytes);
    to->segment[to->count++] = (struct executable_segment){
        .address = segment->address,
        .bytes = segment->bytes,
        .offset = segment->offset,
        .in_file = segment->in_file,
        .rights = rights_of(segment->flags),
    };
    return NULL;
}

static bool begins_in_instructions(const struct executable *executable)
{
    bool found = false;
    for (unsigned i = 0; i < executable->count; i++) {
        const struct executable_segment *segment = &executable->segment[i];
        found |= segment->rights & KERNE_EXECUTE &&
                 executable->entry >= segment->address &&
                 executable->entry - segment->address < segment->bytes;
    }
    return found && executable->entry % 2 == 0;
}

const char *executable_check(const uint8_t *file, uint64_t bytes,
                             struct executable *ret_executable)
{
    return executable_check_head(file, bytes, bytes, ret_executable);
}

const char *executable_check_head(const uint8_t *file, uint64_t there,
                                  uint64_t bytes,
                                  struct executable *ret_executable)
{
    struct elf_header header = { .type = 0 };
    struct elf_segment segment;
    if (there >= sizeof header) { memcpy(&header, file, sizeof header); }
    const char *refusal = check_header(&header, there, bytes);
    struct executable executable = { .entry = header.entry };
    for (unsigned i = 0; refusal == NULL && i < header.program_header_count;
         i++) {
        memcpy(&segment, file + header.program_headers + i * sizeof segment,
               sizeof segment);
        refusal = add(&executable, &segment, bytes);
    }
    if (refusal != NULL) { return refusal; }
    if (executable.count == 0) { return "has nothing to be loaded"; }
    if (!begins_in_instructions(&executable)) {
        return "begins at an address where it has no instructions";
    }
    *ret_executable = executable;
    return NULL;
}

/* Only what the file does not fill is cleared. */
void executable_lay(const struct executable *executable, const uint8_t *file,
                    uint64_t to, uint64_t bytes)
{
    uint64_t end = to + bytes;
    for (unsigned i = executable->count; i-- > 0;) {
        const struct executable_segment *segment = &executable->segment[i];
        uint64_t place = to + (segment->address - executable->first);
        uint64_t filled = place + segment->in_file;
        memset((void *)filled, 0, end - filled);
        if (file != NULL) {
            memcpy((void *)place, file + segment->offset, segment->in_file);
        }
        end = place;
    }
}

void executable_lay_page(const struct executable *executable,
                         const uint8_t *file, uint64_t address, void *to)
{
    memset(to, 0, KERNE_PAGE);
    for (unsigned i = 0; i < executable->count; i++) {
        const struct executable_segment *segment = &executable->segment[i];
        uint64_t offset = address - segment->address;
        if (offset < segment->in_file) {
            uint64_t rest = segment->in_file - offset;
            memcpy(to, file + segment->offset + offset,
                   rest < KERNE_PAGE ? rest : KERNE_PAGE);
        }
    }
}
