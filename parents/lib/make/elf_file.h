/*
 * The parts of ELF that are needed, by the System V interface; newer picolibcs
 * have no <elf.h>.
 */
#pragma once

#include <stdint.h>

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

#define ELF_MAGIC "\177ELF" /* of its identity; behind it: */

enum {
    ELF_64_BITS = 2,
    ELF_LITTLE_ENDIAN = 1,
    ELF_EXECUTABLE = 2, /* type of a file */
    ELF_RISC_V = 243,   /* machine */
    ELF_LOAD = 1,       /* types of a segment */
    ELF_DYNAMIC = 2,
    ELF_INTERPRETER = 3,
    ELF_EXECUTE = 1, /* flags of a segment */
    ELF_WRITE = 2,
    ELF_READ = 4,
};
