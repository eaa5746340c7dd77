/* What a port does, on the host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <riscv.h>

#include "simulator.h"

#define TRANSLATIONS 512

struct translation {
    bool used;
    uint32_t number; /* of an address space */
    uint64_t page, frame, rights;
};

struct simulator simulator;
struct hart the_hart;
struct machine machine;
uint64_t nucleus_top[512]; /* of which there is none here */
static _Alignas(4096) uint8_t ram[RAM_BYTES];
static _Alignas(4096) uint8_t devices[DEVICE_BYTES];
static struct translation translations[TRANSLATIONS];
static unsigned next_translation;

void simulator_begin(uint64_t now)
{
    memset(&simulator, 0, sizeof simulator);
    memset(&the_hart, 0, sizeof the_hart);
    memset(&nucleus, 0, sizeof nucleus);
    memset(ram, 0xa5, sizeof ram);
    memset(devices, 0, sizeof devices);
    memset(translations, 0, sizeof translations);
    simulator.now = now;
    simulator.numbers = 0xffff;
    simulator.timer = UINT64_MAX;
    simulator.serve = simulator_serve;
}

void simulator_begin_root(struct process *root, unsigned bits)
{
    simulator.numbers = (UINT64_C(1) << bits) - 1;
    machine.lacks = space_numbers_suffice() ? 0 : LACKS_ASIDS;
    machine_switch(root);
}

/* ---- storage ----------------------------------------------------------- */

void *machine_physical(uint64_t address)
{
    if (address - RAM_FIRST < RAM_BYTES) { return &ram[address - RAM_FIRST]; }
    if (address - DEVICE_FIRST < DEVICE_BYTES) {
        return &devices[address - DEVICE_FIRST];
    }
    return NULL;
}

uint64_t machine_frame(const void *page)
{
    uintptr_t offset = (uintptr_t)page - (uintptr_t)ram;
    return (RAM_FIRST + offset) >> 12;
}

/* The tables of p, walked as the machine does it; 0: no entry. */
static uint64_t walk(const struct process *p, uint64_t page)
{
    const uint64_t *entries = p->windows->entry;
    for (int shift = 18; shift >= 0; shift -= 9) {
        uint64_t entry = entries[page >> shift & 511];
        if (machine_entry_is_leaf(entry)) {
            uint64_t within = page & ((UINT64_C(1) << shift) - 1);
            return machine_entry_leaf(machine_entry_frame(entry) + within,
                                      machine_entry_rights(entry));
        }
        if (!machine_entry_is_table(entry)) { return 0; }
        entries = machine_page(machine_entry_frame(entry));
    }
    return 0;
}

static bool is_of(const struct translation *t, uint64_t number)
{
    return t->used && t->number == (number & simulator.numbers);
}

static struct translation *find(uint64_t number, uint64_t page)
{
    for (unsigned i = 0; i < TRANSLATIONS; i++) {
        if (is_of(&translations[i], number) && translations[i].page == page) {
            return &translations[i];
        }
    }
    return NULL;
}

bool simulator_access(struct process *p, uint64_t address, uint64_t access,
                      uint64_t *ret_physical)
{
    uint64_t page = address >> 12;
    uint32_t number = SATP_ASID(simulator.satp);
    struct translation *t = find(number, page);
    if (simulator_satp(p->space) != simulator.satp) {
        fprintf(stderr, "a program in another's address space\n");
        abort();
    }
    if (page >= UINT64_C(1) << 26) { return false; }
    if (t == NULL) {
        uint64_t entry = walk(p, page);
        if (entry == 0) { return false; }
        t = &translations[next_translation++ % TRANSLATIONS];
        *t = (struct translation){ true, number, page,
                                   machine_entry_frame(entry),
                                   machine_entry_rights(entry) };
    }
    *ret_physical = t->frame << 12 | (address & 0xfff);
    return (t->rights & access) == access;
}

void machine_forget(uint32_t space, uint64_t address)
{
    struct translation *t = find(space, address >> 12);
    if (t != NULL) {
        t->used = false;
        simulator.forgotten++;
    }
}

void machine_forget_all(uint32_t space)
{
    for (unsigned i = 0; i < TRANSLATIONS; i++) {
        if (is_of(&translations[i], space)) {
            translations[i].used = false;
            simulator.forgotten++;
        }
    }
}

void machine_code_stored(void) { simulator.fenced++; }

/* Whom a translation serves without a switch that forgets it: one of those who
 * have that address space; record 0: nobody has it any more; null: nobody. */
static const struct process *user_of(const struct translation *t)
{
    const struct process *p = this_hart->current;
    if (!t->used) { return NULL; }
    for (uint32_t i = ROOT; (machine.lacks & LACKS_ASIDS) == 0; i++) {
        p = process_at(i);
        if (i == nucleus.never_used_process) { return process_at(0); }
        if ((p->parent != NULL || i == ROOT) && !p->is_pseudo &&
            p->windows->payer->space_number == t->number) {
            return p;
        }
    }
    return p != NULL && is_of(t, SATP_ASID(p->space)) ? p : NULL;
}

const char *simulator_check(void)
{
    const struct process *running = this_hart->current;
    if (running != NULL && simulator_satp(running->space) != simulator.satp) {
        return "the running process has another's address space";
    }
    for (unsigned i = 0; i < TRANSLATIONS; i++) {
        const struct translation *t = &translations[i];
        const struct process *p = user_of(t);
        if (p == NULL) { continue; }
        if (p->parent == NULL && process_index(p) != ROOT) {
            return "a translation outlives its address space";
        }
        if (walk(p, t->page) != machine_entry_leaf(t->frame, t->rights)) {
            return "a translation was not forgotten";
        }
    }
    return NULL;
}

/* ---- time and interrupts ----------------------------------------------- */

uint64_t machine_time(void) { return simulator.now; }

void machine_set_timer(uint64_t when) { simulator.timer = when; }

void machine_line_enable(uint64_t line, bool enable)
{
    simulator.enabled[line] = enable;
}

void simulator_serve(void)
{
    if (simulator.now >= simulator.timer) { time_interrupt(); }
    for (uint32_t line = 1; line < KERNE_LINES; line++) {
        if (simulator.pending[line] && simulator.enabled[line]) {
            simulator.pending[line] = false;
            external_interrupt(line);
        }
    }
}

static bool is_line_due(void)
{
    for (uint32_t line = 1; line < KERNE_LINES; line++) {
        if (simulator.pending[line] && simulator.enabled[line]) { return true; }
    }
    return false;
}

void machine_wait_for_interrupt(void)
{
    if (is_line_due()) { return; }
    if (simulator.timer != UINT64_MAX) {
        simulator.now =
            simulator.now > simulator.timer ? simulator.now : simulator.timer;
    } else if (simulator.on_standstill != NULL) {
        longjmp(*simulator.on_standstill, 1);
    } else {
        fprintf(stderr, "the machine waits, and nothing can wake it\n");
        abort();
    }
}

void machine_poll(void) { simulator.serve(); }

/* ---- processor and console --------------------------------------------- */

struct process *machine_switch(struct process *p)
{
    space_switch(p);
    return p;
}

void simulator_enter(void)
{
    if (this_hart->posted != NULL) { queue_posted(); }
}

void machine_break(struct process *p) { (void)p; }

const void *machine_calls(uint64_t mask)
{
    (void)mask;
    return NULL;
}

void machine_fp_begin(struct process *p) { p->special |= SPECIAL_FLOATS; }

uint64_t machine_instruction_bytes(const uint16_t *instruction)
{
    return (*instruction & 3) == 3 ? 4 : 2;
}

void machine_print(const char *text)
{
    size_t length = strlen(simulator.printed);
    snprintf(simulator.printed + length, sizeof simulator.printed - length,
             "%s", text);
}

void machine_print_number(const char *before, uint64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%#lx", (unsigned long)number);
    machine_print(before);
    machine_print(text);
}

void machine_halt(uint32_t code)
{
    simulator.halted = code;
    if (simulator.on_halt != NULL) { longjmp(*simulator.on_halt, 1); }
    fprintf(stderr, "the machine halts with code %u:\n%s", code,
            simulator.printed);
    abort();
}
