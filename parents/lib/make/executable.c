#include "executable.h"

#include <elf.h>
#include <kerne.h>
#include <ranges.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char cut_short[] = "is cut short, or damaged";
static const char not_static[] =
    "is not linked to a fixed place without shared libraries";

static const char *check_header(const Elf64_Ehdr *header, uint64_t bytes)
{
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return "is no program (it is not in the format ELF)";
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != EM_RISCV) {
        return "is a program for another machine, not for 64-bit RISC-V";
    }
    if (header->e_type != ET_EXEC) { return not_static; }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff > bytes ||
        header->e_phnum > (bytes - header->e_phoff) / sizeof(Elf64_Phdr)) {
        return cut_short;
    }
    return NULL;
}

static uint64_t rights_of(uint32_t flags)
{
    return (flags & PF_R ? KERNE_READ : 0) |
           (flags & PF_W ? KERNE_READ | KERNE_WRITE : 0) |
           (flags & PF_X ? KERNE_EXECUTE : 0);
}

static const char *check_segment(const Elf64_Phdr *segment, uint64_t bytes)
{
    uint64_t rights = rights_of(segment->p_flags);
    if (segment->p_filesz > segment->p_memsz) {
        return "has a segment that is larger in the file than in storage";
    }
    if (segment->p_offset > bytes ||
        segment->p_filesz > bytes - segment->p_offset) {
        return cut_short;
    }
    if (segment->p_vaddr % KERNE_PAGE != 0 ||
        segment->p_vaddr >= EXECUTABLE_ADDRESS_END ||
        segment->p_memsz > EXECUTABLE_ADDRESS_END - segment->p_vaddr) {
        return "has a segment that is not page-aligned, or lies too high";
    }
    if (rights == 0 || (rights & KERNE_WRITE && rights & KERNE_EXECUTE)) {
        return "has a segment with no rights, or both writable and executable";
    }
    return NULL;
}

/* Adds what is to be loaded.  By the standard such segments ascend. */
static const char *add(struct executable *to, const Elf64_Phdr *segment,
                       uint64_t bytes)
{
    if (segment->p_type == PT_DYNAMIC || segment->p_type == PT_INTERP) {
        return not_static;
    }
    if (segment->p_type != PT_LOAD || segment->p_memsz == 0) { return NULL; }
    const char *refusal = check_segment(segment, bytes);
    if (refusal != NULL) { return refusal; }
    _Static_assert(EXECUTABLE_SEGMENTS == 8, "as it says");
    if (to->count == EXECUTABLE_SEGMENTS) { return "has more than 8 segments"; }
    if (segment->p_vaddr < to->last) {
        return "has segments that overlap, or do not ascend";
    }
    if (to->count == 0) { to->first = segment->p_vaddr; }
    to->last = kerne_ranges_up(segment->p_vaddr + segment->p_memsz);
    to->segment[to->count++] = (struct executable_segment){
        .address = segment->p_vaddr,
        .bytes = segment->p_memsz,
        .offset = segment->p_offset,
        .in_file = segment->p_filesz,
        .rights = rights_of(segment->p_flags),
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
    Elf64_Ehdr header = { .e_type = ET_NONE };
    Elf64_Phdr segment;
    if (bytes >= sizeof header) { memcpy(&header, file, sizeof header); }
    const char *refusal = check_header(&header, bytes);
    struct executable executable = { .entry = header.e_entry };
    for (unsigned i = 0; refusal == NULL && i < header.e_phnum; i++) {
        memcpy(&segment, file + header.e_phoff + i * sizeof segment,
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

/* Only pages that the file does not fill are cleared. */
void executable_lay(const struct executable *executable, const uint8_t *file,
                    uint64_t to, uint64_t bytes)
{
    uint64_t end = to + bytes;
    for (unsigned i = executable->count; i-- > 0;) {
        const struct executable_segment *segment = &executable->segment[i];
        uint64_t place = to + (segment->address - executable->first);
        uint64_t filled = kerne_ranges_down(place + segment->in_file);
        memset((void *)filled, 0, end - filled);
        memcpy((void *)place, file + segment->offset, segment->in_file);
        end = place;
    }
}
