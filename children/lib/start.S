/*
 * Where a program begins.
 *
 * Entry: user mode, a0 = address of the start record (struct kerne_start),
 * every other register zero, storage behind each segment's file contents
 * cleared by the loader.  Sets up gp, sp and tp, and never returns.
 */
    .section .text.kerne_entry, "ax", @progbits
    .globl kerne_entry
    .type kerne_entry, @function
kerne_entry:
    .option push
    .option norelax /* gp is what relaxation would use */
    la gp, __global_pointer$
    .option pop

    /* One thread: the thread's variables stay where they were loaded, so
     * picolibc's errno is at tp + its offset. */
    la tp, __tls_base
    la sp, kerne_stack_last

    /* No frame is above this one; gdb ends its backtrace here. */
    mv fp, zero
    mv ra, zero
    tail kerne_begin
    .size kerne_entry, . - kerne_entry
