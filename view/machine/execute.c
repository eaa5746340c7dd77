/* The loop that executes: blocks of decoded instructions, one after another. */
#include "execute.h"

#include "arithmetic.h"
#include "control.h"
#include "floating.h"
#include "sbi.h"
#include "trap.h"

#define WORD(value) ((uint64_t)(int64_t)(int32_t)(value))

#define RD x[e->rd]
#define A x[e->rs1]
#define B x[e->rs2]
#define IMM ((uint64_t)(int64_t)e->imm)
#define FLOAT(number) hart->f[number]
#define BOX(value) ((value) | UINT64_C(0xffffffff00000000))
#define HERE (page + e->offset)
#define BEHIND (HERE + e->length)
#define GO(target)     \
    {                  \
        pc = (target); \
        goto block;    \
    }

/* Before anybody else looks at the clock: this instruction counts. */
#define SEEN m->clock = clock - (uint64_t)(last - e)
#define ILLEGAL goto illegal;
#define REFUSED goto refused;
#define RAISE(cause_, value_)                          \
    {                                                  \
        m->trap = (struct trap){ (cause_), (value_) }; \
        goto counted;                                  \
    }
/* After a slow way, which may have changed what is to be done next. */
#define GO_ON \
    if (m->limit == 0) { goto leave; }

#define FLOATS \
    if ((hart->status & STATUS_FS) == 0) { ILLEGAL }
#define SOIL hart->status |= STATUS_FS

/* One compare finds whether the page is known and the whole of it is there. */
#define TAG(bytes) (((address + (bytes)-1) & ~UINT64_C(4095)) | context)
#define LOADED loaded
#define LOAD_AS(type, ...)                                                 \
    uint64_t address = A + IMM, loaded;                                    \
    const struct entry *t = &s->loads[storage_place(address, spread)];     \
    if (t->tag == TAG(sizeof(type))) {                                     \
        type value;                                                        \
        __builtin_memcpy(&value, (void *)(t->offset + (uintptr_t)address), \
                         sizeof(value));                                   \
        loaded = (uint64_t)(int64_t)value;                                 \
        __VA_ARGS__;                                                       \
    } else {                                                               \
        SEEN;                                                              \
        if (!storage_load(m, address, sizeof(type), &loaded)) {            \
            goto trapped;                                                  \
        }                                                                  \
        loaded = (uint64_t)(int64_t)(type)loaded;                          \
        __VA_ARGS__;                                                       \
        GO_ON                                                              \
    }
#define STORE_AS(type, what)                                                   \
    uint64_t address = A + IMM;                                                \
    const struct entry *t = &s->stores[storage_place(address, spread)];        \
    type value = (type)(what);                                                 \
    if (t->tag == TAG(sizeof(type))) {                                         \
        __builtin_memcpy((void *)(t->offset + (uintptr_t)address), &value,     \
                         sizeof(value));                                       \
    } else {                                                                   \
        SEEN;                                                                  \
        if (!storage_store(m, address, sizeof(type), value)) { goto trapped; } \
        GO_ON                                                                  \
    }

/* As with QEMU, that these load is what is noticed first. */
#define ALIGNED(type)                                              \
    if (address % sizeof(type) != 0) {                             \
        m->trap = (struct trap){ CAUSE_LOAD_MISALIGNED, address }; \
        goto trapped;                                              \
    }
#define BOTH(type, ...)                                   \
    uint64_t address = A;                                 \
    type old, new = (type)B;                              \
    ALIGNED(type)                                         \
    SEEN;                                                 \
    uint8_t *at = storage_both(m, address, sizeof(type)); \
    if (at == NULL) { goto trapped; }                     \
    __builtin_memcpy(&old, at, sizeof(old));              \
    new = (__VA_ARGS__);                                  \
    __builtin_memcpy(at, &new, sizeof(new));              \
    RD = (uint64_t)(int64_t)old;                          \
    GO_ON
#define RESERVE(type)                                                      \
    uint64_t address = A, value;                                           \
    ALIGNED(type)                                                          \
    SEEN;                                                                  \
    if (!storage_load(m, address, sizeof(type), &value)) { goto trapped; } \
    hart->reserved_at = address;                                           \
    hart->reserved = RD = (uint64_t)(int64_t)(type)value;                  \
    GO_ON
/* As QEMU has it: what was loaded must stand there again. */
#define CONDITIONAL(type)                                     \
    uint64_t address = A, failed = 1;                         \
    type old, new = (type)B;                                  \
    if (address == hart->reserved_at) {                       \
        ALIGNED(type)                                         \
        SEEN;                                                 \
        uint8_t *at = storage_both(m, address, sizeof(type)); \
        if (at == NULL) { goto trapped; }                     \
        __builtin_memcpy(&old, at, sizeof(old));              \
        failed = (uint64_t)(int64_t)old != hart->reserved;    \
        if (old == (type)hart->reserved) {                    \
            __builtin_memcpy(at, &new, sizeof(new));          \
        }                                                     \
    }                                                         \
    hart->reserved_at = UINT64_MAX;                           \
    RD = failed;                                              \
    GO_ON

/* The block at pc; null: it traps. */
static const struct instruction *find(struct machine *m, uint64_t pc)
{
    struct storage *s = &m->storage;
    unsigned place =
        (unsigned)((pc >> PAGE_BITS) + s->spread) & (FETCH_ENTRIES - 1);
    struct code *code = s->fetches[place].code;
    if (s->fetches[place].tag != ((pc & ~UINT64_C(4095)) | s->context)) {
        code = storage_fetch(m, pc);
        if (code == NULL) { return NULL; }
    }
    unsigned offset = pc & 4095;
    uint16_t block = code->block[offset / 2];
    if (block != 0) { return &code->row[block]; }
    if (offset == 4094) { return execute_across(m, pc, code); }
    return code_block(m, code, offset);
}

/* As many instructions of a block as the limit allows. */
static const struct instruction *
cut(struct machine *m, const struct instruction *head, uint64_t count)
{
    struct instruction *aside = m->cache.aside;
    __builtin_memmove(aside, head, (count + 2) * sizeof(*head));
    aside[0].imm = (int32_t)count;
    aside[count + 1].operation = OP_end;
    return aside;
}

void execute(struct machine *m)
{
    static const void *const where[] = {
#define INSTRUCTION(name, ...) &&do_##name,
#include "integer.def"
#include "memory.def"
#include "system.def"
#undef INSTRUCTION
    };
    struct hart *hart = &m->hart;
    struct storage *s = &m->storage;
    uint64_t *x = hart->x;
    uint64_t pc = hart->pc, clock = m->clock, page, context, spread;
    const struct instruction *e, *last;

block:
    if (clock >= m->limit) {
        hart->pc = pc;
        m->clock = clock;
        return;
    }
    page = pc & ~UINT64_C(4095);
    context = s->context;
    spread = s->spread;
    e = find(m, pc);
    if (e == NULL) {
        hart->pc = pc;
        m->clock = clock;
        trap_enter(m, m->trap.cause, m->trap.value);
        clock = m->clock;
        pc = hart->pc;
        goto block;
    }
    if ((uint64_t)e->imm > m->limit - clock) {
        e = cut(m, e, m->limit - clock);
    }
    clock += (uint64_t)e->imm;
    last = e + e->imm;
    e++;
    goto *where[e->operation];

#define INSTRUCTION(name, ...)  \
    do_##name: { __VA_ARGS__; } \
    e++;                        \
    goto *where[e->operation];
#include "integer.def"
#include "memory.def"
#include "system.def"
#undef INSTRUCTION

leave:
    clock -= (uint64_t)(last - e);
    pc = BEHIND;
    goto block;

refused:
    clock--;
illegal:
    m->trap = (struct trap){ CAUSE_ILLEGAL, execute_bits(m, HERE) };
    goto counted;
trapped:
    clock--;
counted:
    clock -= (uint64_t)(last - e);
    hart->pc = HERE;
    m->clock = clock;
    trap_enter(m, m->trap.cause, m->trap.value);
    clock = m->clock;
    pc = hart->pc;
    goto block;
}
