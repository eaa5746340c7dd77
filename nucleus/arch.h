/*
 * What a port supplies, beside <machine.h>.
 *
 * <machine.h> gives, as macros or inline functions: `struct machine_hart`, the
 * numbers R_* of the registers of the interface in process.x, `this_hart` (the
 * structure of the hart that runs), machine_entry_*, machine_frame and
 * machine_physical:
 *
 *   machine_entry_leaf(frame, rights)  an entry of a lowest table
 *   machine_entry_table(frame)         an entry that leads to a table
 *   machine_entry_is_leaf(entry), machine_entry_is_table(entry)
 *   machine_entry_frame(entry), machine_entry_rights(entry)
 *   machine_physical(address)          where the nucleus sees it
 *   machine_page(frame), machine_frame(pointer)   the same by page frame
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct process;

/* An address space begins and ends: its number, and its highest table.  Returns
 * what process.space is to be. */
uint64_t machine_space_begin(uint32_t space, uint64_t *entries);
void machine_space_end(uint32_t space, uint64_t *entries);

/* Where the machine begins with the calls of a process that has this mask, to
 * be kept in process.calls. */
const void *machine_calls(uint64_t mask);

/* The parent of p, which runs and has broken, is told of that by what stands in
 * the buffer of p's breaks, and goes on in its place; or nothing is done, and
 * this returns.  The parent is quick, and p's registers are in its record. */
void machine_break(struct process *p);

/* No translation of this page, or of any page, in the address space of this
 * number may be used any more. */
void machine_forget(uint32_t space, uint64_t address);
void machine_forget_all(uint32_t space);

/* What was stored until now is executed as it is from now on, where a page has
 * become executable.  (Who stores into one that is does as much for itself.) */
void machine_code_stored(void);

/* The clock, in ticks; inline where that is quicker. */
uint64_t machine_time(void);

/* One interrupt at a time to come (UINT64_MAX: none), upon which
 * time_interrupt() is called. */
void machine_set_timer(uint64_t when);

/* An interrupt of an enabled line calls external_interrupt(). */
void machine_line_enable(uint64_t line, bool enable);

/* Waits until an interrupt is pending; serves one that is. */
void machine_wait_for_interrupt(void);
void machine_poll(void);

/* p is to have floating-point registers, if there are any. */
void machine_fp_begin(struct process *p);

/* p is to run next in place of the one that does: its address space, floating
 * point and right to the counters.  Returns p.
 */
struct process *machine_switch(struct process *p);

/* Bytes of the instruction that begins with this half word. */
uint64_t machine_instruction_bytes(const uint16_t *instruction);

/* The console of last resort, and the end: exit code 0 to 255. */
void machine_print(const char *text);
void machine_print_number(const char *before, uint64_t number);
_Noreturn void machine_halt(uint32_t code);
