/*
 * A nucleus, booted on the stand-in machine, whose processes do what a test
 * says: each call as a trap would do it, and all rules checked behind it.
 */
#pragma once

#include <hart.h>

#include "look.h"
#include "machine/simulator.h"
#include "tap.h"

/* What rig_call returns beside the result in t2. */
#define RIG_WAITS UINT64_C(1000)
#define RIG_BROKE UINT64_C(1001)

/* A free stretch of the root's storage, and a device page of it. */
#define RIG_STORAGE (RAM_FIRST + 0x320000)
#define RIG_DEVICE DEVICE_FIRST
#define RIG_TIME UINT64_C(1000000) /* of boot */

/* The registers of a call: a0; a1 to a6, t0, t1; t2. */
struct call {
    uint64_t a0, w[KERNE_WORDS], t2;
};

/* Boots, and leaves the root so much: the rest is with a child that is never
 * started, of number RIG_SINK.  Returns the root. */
#define RIG_SINK 383
struct process *rig_begin(uint32_t processes, uint32_t buffers,
                          uint32_t tables);

/* Makes p the process that runs, as if its turn had come. */
void rig_run(struct process *p);

/* p's call, repeated while there is more to do.  Returns its result, or
 * RIG_WAITS, or RIG_BROKE when p waits in a break. */
uint64_t rig_call(struct process *p, uint64_t function, struct call call);
#define CALL(p, function, ...) \
    rig_call(p, KERNE_##function, (struct call){ __VA_ARGS__ })

/* One step of it: false if there is more to do. */
bool rig_step(struct process *p, uint64_t function, struct call call);

/* The call in which p waited: its result by now, p running if need be. */
uint64_t rig_result(struct process *p);

/* What p's program touches; like rig_call, normal if it can go on. */
uint64_t rig_touch(struct process *p, uint64_t address, uint64_t access,
                   uint64_t *ret_physical);

/* Processes.  The usual child: everything allowed, buffers 4, processes 3,
 * tables 12, horizon as far as may be, started; deeper ones have 1 buffer and
 * half of what their parents have free. */
#define NAME(text) rig_name(text).w[0], rig_name(text).w[1]
struct call rig_name(const char *text);
struct call rig_creation(const char *name, uint64_t number);
struct process *rig_create(struct process *parent, struct call creation);
struct process *rig_child(struct process *parent, const char *name,
                          uint64_t number);
struct process *rig_process(uint64_t reference);

/* Windows of a child onto a page of its parent. */
uint64_t rig_map(struct process *parent, struct process *child,
                 uint64_t address, uint64_t onto, uint64_t pages,
                 uint64_t rights);

/* The words in p's registers. */
uint64_t rig_word(const struct process *p, unsigned index);

/* Time passes, and what is due is served. */
void rig_pass(uint64_t ticks);

/* Runs f; true if it halted the machine, with simulator.halted. */
bool rig_halts(void (*f)(void));

/* ---- verdicts ---------------------------------------------------------- */

#define RESULT(call, name) EQUAL(call, KERNE_r_##name)

/* All rules of the nucleus and of the stand-in machine. */
void rig_check(void);
