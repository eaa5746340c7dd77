/* Address spaces, which have numbers: those of their processes, as far as the
 * hart keeps them. */
#include "riscv.h"

/* Does the hart keep the numbers of all processes? */
bool space_numbers_suffice(void)
{
    uint64_t satp = csr_read(satp);
    csr_write(satp, satp | UINT64_C(0xffff) << SATP_ASID_AT);
    uint32_t kept = SATP_ASID(csr_read(satp));
    csr_write(satp, satp);
    return kept >= nucleus.process_limit - 1;
}

uint64_t machine_space_begin(uint32_t space, uint64_t *entries)
{
    __builtin_memcpy(&entries[HALF], &nucleus_top[HALF], machine.gigabytes * 8);
    instruction("sfence.vma"); /* of all numbers: of what is global, too */
    return SATP_SV39 | (uint64_t)space << SATP_ASID_AT |
           machine_frame(entries);
}

void machine_space_end(uint32_t space, uint64_t *entries)
{
    __builtin_memset(&entries[HALF], 0, machine.gigabytes * 8);
    machine_forget_all(space);
}
