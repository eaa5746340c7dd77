/*
 * RISC-V, as the nucleus sees it: Sv39, one table of the machine a page.
 *
 * The nucleus lives in the upper half, where all physical storage is mapped in
 * one piece; the lower half, 256 GiB, is the process's.
 */
#pragma once

#define MACHINE_DIRECT 0xffffffc000000000

#define CAUSE_CALL 8
#define STATUS_FS_CLEAN 0x4000
#define STATUS_FS 0x6000

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include "csr.h"

struct process;

struct machine_hart {
    struct process *running; /* whose registers are in the machine */
    uint64_t stack;          /* top of the nucleus's stack */
};

#define this_hart ((struct hart *)__builtin_thread_pointer())

static inline uint64_t machine_time(void) { return csr_read(time); }
static inline void machine_code_stored(void) { instruction("fence.i"); }

static inline void machine_forget(uint32_t space, uint64_t address)
{
    instruction("sfence.vma %0, %1", "r"(address), "r"(space));
}

static inline void machine_forget_all(uint32_t space)
{
    instruction("sfence.vma zero, %0", "r"(space));
}

extern volatile uint32_t *machine_priorities; /* of lines, in the PLIC */
static inline void machine_line_enable(uint64_t line, bool on)
{
    machine_priorities[line] = on;
}

/* Numbers in process.x; R_RESULT is t2. */
enum { R_PC, R_RA, R_T0 = 5, R_T1, R_RESULT };
enum { R_A0 = 10, R_A1, R_A2, R_A3, R_A4, R_A5, R_A6, R_FUNCTION };
enum { R_T3 = 28, R_T4, R_T5, R_T6 };

/* Entries of tables; the rights KERNE_* stand one bit higher there. */
#define ENTRY_VALID UINT64_C(1)
#define ENTRY_LEAF UINT64_C(0xc1) /* valid, accessed, dirty */
#define ENTRY_USER 0x10
#define ENTRY_GLOBAL 0x20
#define ENTRY_OWN(frame, rights) /* of the nucleus itself */ \
    ((frame) << 10 | (rights) << 1 | ENTRY_LEAF | ENTRY_GLOBAL)
#define machine_entry_leaf(frame, rights) \
    ((frame) << 10 | (rights) << 1 | ENTRY_LEAF | ENTRY_USER)
#define machine_entry_table(frame) ((frame) << 10 | ENTRY_VALID)
#define machine_entry_is_leaf(entry) ((14 & (entry)) != 0)
#define machine_entry_is_table(entry) ((15 & (entry)) == ENTRY_VALID)
#define machine_entry_frame(entry) ((entry) >> 10)
#define machine_entry_rights(entry) ((entry) >> 1 & 7)

#define machine_physical(address) ((void *)((address) + MACHINE_DIRECT))
#define machine_page(frame) machine_physical((frame) << 12)
/* Physical addresses have 38 bits, and are the lower bits of direct ones. */
#define machine_frame(page) ((uint64_t)(page) << 26 >> 38)

#endif
