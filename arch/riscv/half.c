/* The nucleus's half of every address space. */
#include "riscv.h"

/* Highest table of the nucleus, the gigabyte in which it lies itself, and the
 * two megabytes. */
uint64_t nucleus_top[512] __attribute__((aligned(4096)));
uint64_t nucleus_middle[512] __attribute__((aligned(4096)));
uint64_t nucleus_leaf[512] __attribute__((aligned(4096)));

extern char nucleus_first[], boot_last[];

/* Pages of the nucleus itself, by their addresses before or after paging. */
void half_map(const char *page, const char *last, uint64_t rights)
{
    for (; page < last; page += PAGE) {
        nucleus_leaf[machine_frame(page) % 512] =
            ENTRY_OWN(machine_frame(page), rights);
    }
}

/* Boot is over: its pages become plain storage, and the root starts. */
_Noreturn void machine_begin(struct process *root)
{
    half_map(nucleus_first, boot_last, KERNE_READ | KERNE_WRITE);
    instruction("sfence.vma");
    csr_write(sstatus, STATUS_SPIE | STATUS_UXL_64); /* and nothing else */
    csr_write(sie, INTERRUPT_TIMER | INTERRUPT_EXTERNAL);
    csr_write(scounteren, 7);
    space_switch(root);
    root->calls = machine_calls(root->mask);
    trap_return(root);
}
