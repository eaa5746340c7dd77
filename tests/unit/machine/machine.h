/*
 * A stand-in for the machine: what arch.h asks for, on the host.
 *
 * Found by include path in place of a port's machine.h.  Entries look unlike
 * those of any real machine, so that nothing in nucleus/ can rely on them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct process;
struct hart;

struct machine_hart {
    struct process *running;
};

extern struct hart the_hart;
#define this_hart (&the_hart)

enum machine_register { /* numbers in process.x; 0 is the pc */
                        R_PC = 0,
                        R_RA = 1,
                        R_T0 = 5,
                        R_T1 = 6,
                        R_RESULT = 7,
                        R_A0 = 10,
                        R_A1 = 11,
                        R_A2 = 12,
                        R_A3 = 13,
                        R_A4 = 14,
                        R_A5 = 15,
                        R_A6 = 16,
                        R_FUNCTION = 17,
                        R_T3 = 28,
                        R_T4 = 29,
                        R_T5 = 30,
                        R_T6 = 31,
};

/* An entry: frame << 8, rights << 4, kind. */
enum { ENTRY_LEAF = 1, ENTRY_TABLE = 2 };

static inline uint64_t machine_entry_leaf(uint64_t frame, uint64_t rights)
{
    return frame << 8 | rights << 4 | ENTRY_LEAF;
}

static inline uint64_t machine_entry_table(uint64_t frame)
{
    return frame << 8 | ENTRY_TABLE;
}

static inline bool machine_entry_is_leaf(uint64_t entry)
{
    return (entry & 3) == ENTRY_LEAF;
}

static inline bool machine_entry_is_table(uint64_t entry)
{
    return (entry & 3) == ENTRY_TABLE;
}

static inline uint64_t machine_entry_frame(uint64_t entry)
{
    return entry >> 8;
}

static inline uint64_t machine_entry_rights(uint64_t entry)
{
    return entry >> 4 & 7;
}

void machine_code_stored(void);

/* Null for an address at which this machine has nothing. */
void *machine_physical(uint64_t address);
uint64_t machine_frame(const void *page);

static inline void *machine_page(uint64_t frame)
{
    return machine_physical(frame << 12);
}
