/* What the firmware does for the nucleus. */
#include "riscv.h"

enum { SBI_PUTCHAR = 1, SBI_TIME = 0x54494d45 };
enum { TEST_DEVICE = 0x100000 }; /* of QEMU's machine `virt` */
enum { HALT_TAKES = 50000000 };  /* loads from there, at most */

/* The first function of an extension. */
static void sbi_call(uint64_t extension, uint64_t argument)
{
    register uint64_t a0 __asm__("a0") = argument;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("li a6, 0\n ecall"
                     : "+r"(a0)
                     : "r"(a7)
                     : "a1", "a6", "memory");
}

void machine_print(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') { sbi_call(SBI_PUTCHAR, '\r'); }
        sbi_call(SBI_PUTCHAR, (uint64_t)*text);
    }
}

void machine_print_number(const char *before, uint64_t number)
{
    machine_print(before);
    machine_print("0x");
    for (int at = 60; at >= 0; at -= 4) {
        uint64_t digit = number >> at & 15;
        bool leading = at > 0 && number >> at == 0;
        if (!leading) { sbi_call(SBI_PUTCHAR, "0123456789abcdef"[digit]); }
    }
}

/* The test device ends QEMU with an exit code, which the SBI cannot. */
_Noreturn void machine_halt(uint32_t code)
{
    volatile uint32_t *test = machine_physical(TEST_DEVICE);
    *test = code == 0 ? 0x5555 : code << 16 | 0x3333;
    for (uint32_t i = 0; i < HALT_TAKES; i++) { (void)*test; }
    machine_print("The machine does not switch itself off.\n");
    for (;;) { machine_wait_for_interrupt(); }
}

void machine_set_timer(uint64_t when)
{
    if (machine.has_stimecmp) {
        csr_write(0x14d, when);
        return;
    }
    uint64_t begin = machine_time();
    sbi_call(SBI_TIME, when);
    uint64_t ticks = machine_time() - begin;
    nucleus.firmware += ticks;
    this_hart->since += ticks; /* nobody else pays */
}
