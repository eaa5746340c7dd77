/*
 * A small exact RISC-V machine, like QEMU's `virt` with OpenSBI in it: what the
 * command build/view/machine and the page both use.
 *
 * Deterministic: the same configuration, and the same input at the same times,
 * give the same run to the bit.  Its clock counts nanoseconds; an instruction
 * takes one, and while the hart waits the clock jumps.  Its counters read the
 * clock, as QEMU's do with -icount shift=0.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MACHINE_NEVER UINT64_MAX
#define MACHINE_STORAGE UINT64_C(0x80000000) /* where it begins */

struct machine;

struct machine_config {
    uint64_t storage_bytes; /* a multiple of 2 MB, from 16 MB to 3 GB */
    const void *kernel;     /* an ELF file */
    uint64_t kernel_bytes;
    const void *image; /* the boot image */
    uint64_t image_bytes;
    const char *arguments; /* of the boot; null: none */
    uint8_t *disk;         /* its contents, written in place; null: none */
    uint64_t disk_bytes;   /* a multiple of 512 */
    uint32_t disk_block; /* only multiples of so many bytes; 0: of 512 */
    bool disk_is_read_only;
    bool disk_is_direct; /* it takes no indirect descriptors */
    uint64_t epoch; /* what the real-time clock reads at first, nanoseconds */
};

enum machine_state {
    MACHINE_RUNS,
    MACHINE_WAITS, /* for an interrupt */
    MACHINE_HALTED,
};

/* A machine that has not executed an instruction.  Null: there is none; then
 * *ret_why says why. */
struct machine *machine_create(const struct machine_config *config,
                               const char **ret_why);

/* Executes until the clock is there, or the machine waits or has halted, or
 * somebody has asked it to stop (machine_stop()). */
enum machine_state machine_run(struct machine *m, uint64_t until);

/* While it waits: the clock goes on, up to `until` or to when something happens
 * by itself (machine_deadline()), and does not while it does not wait. */
void machine_pass(struct machine *m, uint64_t until);

/* When something happens by itself next; MACHINE_NEVER. */
uint64_t machine_deadline(const struct machine *m);

uint64_t machine_clock(const struct machine *m);
enum machine_state machine_state(const struct machine *m);
uint32_t machine_exit_status(const struct machine *m); /* once it has halted */
uint64_t machine_executed(const struct machine *m);    /* instructions */

/* From within a callback: machine_run() returns behind this instruction. */
void machine_stop(struct machine *m);

/* Types on the serial console, now.  Returns how many bytes were taken; the
 * others find no room now. */
size_t machine_type(struct machine *m, const void *bytes, size_t count);

#define MACHINE_TYPED 7
struct machine_typed {
    uint64_t clock;
    uint8_t count; /* of bytes, at most MACHINE_TYPED */
    uint8_t byte[MACHINE_TYPED];
};

/* How many bytes the device itself would take now. */
size_t machine_typing_room(const struct machine *m);

/* What the serial console has sent since the last call: as long as nothing
 * runs.  Returns how many bytes. */
size_t machine_sent(struct machine *m, const uint8_t **ret_bytes);

/* Registers: x0 to x31, f0 to f31, pc; then control registers by their
 * numbers. */
enum {
    MACHINE_X = 0,
    MACHINE_F = 32,
    MACHINE_PC = 64,
    MACHINE_CONTROL = 0x1000
};
uint64_t machine_register(struct machine *m, unsigned number);
unsigned machine_mode(const struct machine *m); /* 0 user, 1 supervisor */

/* Storage by its physical address.  False: not all of that is storage. */
bool machine_read(const struct machine *m, uint64_t address, void *ret_bytes,
                  uint64_t count);

/* The physical address of what the hart would read there; false: nothing. */
bool machine_translate(struct machine *m, uint64_t address, uint64_t *ret);

/* All of storage; from its first byte on, as many as there are. */
const uint8_t *machine_storage(const struct machine *m);
uint64_t machine_storage_bytes(const struct machine *m);

/* Who looks on: called in the midst of machine_run(), with the registers and
 * storage as the instruction finds or leaves them. */
struct machine_onlooker {
    void *context;
    /* Something was stored at that physical address, in a page that is watched;
     * or, by an instruction that loads and stores, is about to be. */
    void (*stored)(void *context, uint64_t address);
    /* The hart has begun a trap. */
    void (*trap_begins)(void *context);
    /* The hart is about to go back from a trap. */
    void (*trap_ends)(void *context);
};
void machine_look_on(struct machine *m,
                     const struct machine_onlooker *onlooker);
/* Watches the pages of that storage from now on; false: it is not storage. */
bool machine_watch(struct machine *m, uint64_t address, uint64_t count);
/* How many traps the hart has gone back from; a part of the state. */
uint64_t machine_traps(const struct machine *m);

/* ---- earlier moments ------------------------------------------------------
 *
 * A machine that remembers can be at any moment that it has been at, within the
 * time that a few million instructions take.  Who types in the past begins the
 * run anew from there: what was typed later, never was.
 */

/* From now on, before it has executed anything.  False: there is no room. */
bool machine_remember(struct machine *m);

/* To the moment when the clock is there, or as far as it comes by itself and
 * with what was typed.  What it says on the way is not sent again.  False: it
 * does not remember, or has no room for more. */
bool machine_go(struct machine *m, uint64_t clock);

/* What was typed, in order; false: not so much. */
bool machine_typed(const struct machine *m, size_t number,
                   struct machine_typed *ret);
/* Will be typed at its time, behind all that is.  False: there is something
 * later, or it is in the past, or does not fit. */
bool machine_type_later(struct machine *m, const struct machine_typed *typed);

/* All that the console has said up to now, of at most 4 MB; returns how many
 * bytes. */
size_t machine_text(const struct machine *m, const uint8_t **ret_text);

/* When the last moment is that is kept, and bytes that all of them take. */
uint64_t machine_remembered(const struct machine *m);
uint64_t machine_memory(const struct machine *m);

/* A number that differs when anything in the state differs: registers, storage,
 * devices, clock.  Looks through all of storage that was ever written. */
uint64_t machine_hash(struct machine *m);
