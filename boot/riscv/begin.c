/* Boot on this machine: from the firmware to the nucleus with paging on. */
#include <boot.h>

#include "riscv.h"

#define RAM_GIGABYTE 2 /* the nucleus lies at 0x80200000 */
#define READ_WRITE (KERNE_READ | KERNE_WRITE)

extern char nucleus_first[], boot_last[], text_last[], rodata_last[];
extern char nucleus_last[], stack_guard[], bss_first[], bss_last[];

/* The nucleus's half: all that can be addressed, but for the two megabytes in
 * front of the nucleus, and itself page by page.  Runs before paging.  Returns
 * satp. */
uint64_t boot_tables(void)
{
    uint64_t ram = RAM_GIGABYTE * GIGABYTE / PAGE;
    __builtin_memset(bss_first, 0, (size_t)(bss_last - bss_first));
    for (uint64_t i = 0; i < HALF; i++) {
        nucleus_top[HALF + i] = ENTRY_OWN(i * GIGABYTE / PAGE, READ_WRITE);
    }
    nucleus_top[HALF + RAM_GIGABYTE] =
        machine_entry_table(machine_frame(nucleus_middle));
    nucleus_middle[1] = machine_entry_table(machine_frame(nucleus_leaf));
    for (uint64_t i = 2; i < 512; i++) {
        nucleus_middle[i] = ENTRY_OWN(ram + i * 512, READ_WRITE);
    }
    half_map(nucleus_first, text_last, KERNE_READ | KERNE_EXECUTE);
    half_map(text_last, rodata_last, KERNE_READ);
    half_map(rodata_last, stack_guard, READ_WRITE);
    half_map(stack_guard + PAGE, nucleus_first + 512 * PAGE, READ_WRITE);
    return SATP_SV39 | machine_frame(nucleus_top);
}

static volatile bool lacks; /* the hart does not know an instruction */

/* Where traps go while the root is not there: behind an instruction that is
 * tried. */
__attribute__((interrupt("supervisor"), aligned(4))) static void boot_trap(void)
{
    if (csr_read(scause) != 2) {
        machine_print_number("cause ", csr_read(scause));
        machine_print_number(", address ", csr_read(stval));
        machine_print("\n");
        boot_require(false, "the machine lacks what its device tree says it "
                            "has, see above");
    }
    lacks = true;
    csr_write(sepc, csr_read(sepc) + 4);
}

/* What the hart has, by trying.  What no process has registers for is closed to
 * all: senvcfg, and sstateen0, by their numbers. */
static void probe(void)
{
#define HAS(text) ({ lacks = false; instruction(text); !lacks; })
    csr_write(sstatus, 0);
    machine.lacks = HAS("csrr zero, fcsr") ? LACKS_FS : 0;
    csr_write(sstatus, STATUS_FS);
    machine.has_floats = HAS(".4byte 0xf2000053"); /* fmv.d.x f0, zero */
    machine.has_stimecmp = HAS("csrr zero, 0x14d");
    (void)HAS("csrw 0x10a, zero");
    (void)HAS("csrw 0x10c, zero");
}

/* All lines are off, by priority zero: unlike the enable bits, it leaves the
 * completion of a line that is off its effect, and QEMU looks at what is
 * pending when it changes. */
static void plic_begin(void)
{
    volatile uint32_t *threshold = PLIC(PLIC_CONTEXT(machine.context));
    machine.claim = threshold + 1;
    machine_priorities = PLIC(0);
    for (uint32_t i = 1; i < KERNE_LINES; i++) { machine_priorities[i] = 0; }
    *PLIC(0x2000 + machine.context * 0x80) = UINT32_MAX;
    *PLIC(0x2004 + machine.context * 0x80) = UINT32_MAX;
    *threshold = 1;
    boot_require(*threshold == 1, "no PLIC answers where the tree has it");
    *threshold = 0;
}

_Noreturn void boot_machine(uint64_t hart, uint64_t device_tree)
{
    struct boot boot = { .arguments = "" };
    csr_write(stvec, boot_trap);
    machine_print("Kerne 0.1, a nucleus in the manner of the RC 4000\n");
    device_tree_read(device_tree, hart, &boot);
    boot.early.first = machine_frame(nucleus_first) * PAGE;
    boot.early.last = boot.nucleus.first = machine_frame(boot_last) * PAGE;
    boot.nucleus.last = machine_frame(nucleus_last) * PAGE;
    boot_require(boot.ram.count > 0, "the device tree has no storage");
    uint64_t last = boot.ram.range[boot.ram.count - 1].last;
    machine.gigabytes = (last + GIGABYTE - 1) / GIGABYTE;
    boot_require(machine.controller != 0 &&
                     machine.controller + PLIC_BYTES < last &&
                     PLIC_CONTEXT(machine.context) < PLIC_BYTES,
                 "the device tree has no PLIC for this hart below storage's "
                 "end");
    plic_begin();
    probe();
    struct process *root = boot_nucleus(&boot);
    if (!space_numbers_suffice()) { machine.lacks |= LACKS_ASIDS; }
    machine.fast = KERNE_FAST && boot.fast && machine.lacks == 0;
    csr_write(stvec, trap_entry);
    machine_begin(root);
}
