/* Boot on this machine: from the firmware to the nucleus with paging on. */
#include <boot.h>

#include "riscv.h"

#define RAM_GIGABYTE 2 /* the nucleus lies at 0x80200000 */
#define READ_WRITE (KERNE_READ | KERNE_WRITE)

extern char nucleus_first[], boot_last[], text_last[], rodata_last[];
extern char nucleus_last[], stack_guard[];

/* The nucleus's half: devices, the RAM without the firmware, and the nucleus
 * itself page by page.  Runs before paging.  Returns satp. */
uint64_t boot_tables(void)
{
    uint64_t ram = RAM_GIGABYTE * GIGABYTE / PAGE;
    nucleus_top[HALF] = ENTRY_OWN(UINT64_C(0), READ_WRITE);
    nucleus_top[HALF + RAM_GIGABYTE] =
        machine_entry_table(machine_frame(nucleus_middle));
    nucleus_middle[1] = machine_entry_table(machine_frame(nucleus_leaf));
    for (uint64_t i = 2; i < 512; i++) {
        nucleus_middle[i] = ENTRY_OWN(ram + i * 512, READ_WRITE);
    }
    space_map(nucleus_first, text_last, KERNE_READ | KERNE_EXECUTE);
    space_map(text_last, rodata_last, KERNE_READ);
    space_map(rodata_last, stack_guard, READ_WRITE);
    space_map(stack_guard + PAGE, nucleus_first + 512 * PAGE, READ_WRITE);
    return SATP_SV39 | machine_frame(nucleus_top);
}

_Noreturn void boot_machine(uint64_t hart_number, uint64_t device_tree)
{
    struct boot boot = { .ticks_per_second = 10000000, .arguments = "" };
    machine_print("Kerne 0.1, a nucleus in the manner of the RC 4000\n");
    device_tree_read(device_tree, &boot);
    boot.firmware = (struct kerne_range){ boot.ram.first,
                                          machine_frame(nucleus_first) * PAGE };
    boot.nucleus = (struct kerne_range){ machine_frame(boot_last) * PAGE,
                                         machine_frame(nucleus_last) * PAGE };
    if (boot.ram.last > STORAGE_LIMIT) { boot.ram.last = STORAGE_LIMIT; }
    machine.gigabytes = (boot.ram.last + GIGABYTE - 1) / GIGABYTE;
    for (uint64_t i = RAM_GIGABYTE + 1; i < machine.gigabytes; i++) {
        nucleus_top[HALF + i] = ENTRY_OWN(i * GIGABYTE / PAGE, READ_WRITE);
    }
    this_hart->machine.context = 2 * hart_number + 1; /* its supervisor mode */
    plic_begin();
    if (boot_find(boot.arguments, "fast=off") != NULL) {
        csr_write(stvec, trap_entry_plain);
    }
    machine_begin(boot_nucleus(&boot));
}
