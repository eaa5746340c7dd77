/*
 * Where the root begins.
 *
 * Entry, from the nucleus: user mode, x10 to x30 = struct root_facts, others
 * zero.  The stack grows down from x12, in the storage [x11, x12) that the
 * nucleus needed to boot only: an overflow is a break of the root, and the
 * nucleus says so.
 */
    .section .text.root_entry, "ax", @progbits
    .globl root_entry
    .type root_entry, @function
root_entry:
    addi sp, x12, -176
    .irp n, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
            26, 27, 28, 29, 30
    sd x\n, 8 * (\n - 10)(sp)
    .endr
    mv a0, sp
    call root_begin /* a0 = start record, a1 = entry */
    fence.i         /* the program was data until now */

    /* As any program begins; but a jump needs a register. */
    mv ra, a1
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, \
            21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\n, 0
    .endr
    ret
    .size root_entry, . - root_entry
