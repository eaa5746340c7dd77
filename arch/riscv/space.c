/* Address spaces: the nucleus's half of them, and translations forgotten. */
#include "riscv.h"

/* Highest table of the nucleus, the gigabyte in which it lies itself, and the
 * two megabytes. */
uint64_t nucleus_top[512] __attribute__((aligned(4096)));
uint64_t nucleus_middle[512] __attribute__((aligned(4096)));
uint64_t nucleus_leaf[512] __attribute__((aligned(4096)));

extern char nucleus_first[], boot_last[];

uint64_t machine_space_begin(uint32_t process, uint64_t *entries)
{
    __builtin_memcpy(&entries[HALF], &nucleus_top[HALF], machine.gigabytes * 8);
    __asm__ volatile("sfence.vma" : : : "memory"); /* what is global, too */
    return SATP_SV39 | (uint64_t)process << 44 | machine_frame(entries);
}

void machine_space_end(uint32_t process, uint64_t *entries)
{
    __builtin_memset(&entries[HALF], 0, machine.gigabytes * 8);
    machine_forget_all(process);
}

/* Pages of the nucleus itself, by their addresses before or after paging. */
void space_map(const char *page, const char *last, uint64_t rights)
{
    for (; page < last; page += PAGE) {
        nucleus_leaf[machine_frame(page) % 512] =
            ENTRY_OWN(machine_frame(page), rights);
    }
}

/* Boot is over: its pages become plain storage, and the root starts. */
_Noreturn void machine_begin(struct process *root)
{
    space_map(nucleus_first, boot_last, KERNE_READ | KERNE_WRITE);
    __asm__ volatile("sfence.vma" : : : "memory");
    csr_write(sstatus, STATUS_SPIE | STATUS_UXL_64); /* and nothing else */
    csr_write(sie, INTERRUPT_TIMER | INTERRUPT_EXTERNAL);
    csr_write(scounteren, 7);
    csr_write(satp, root->space);
    root->calls = machine_calls(root->mask);
    trap_return(root);
}
