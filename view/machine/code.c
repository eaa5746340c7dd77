/* The cache of decoded instructions; C1 and C2 of code.h. */
#include "execute.h"

bool cache_create(struct cache *cache)
{
    cache->code = machine_room(CODE_PAGES * sizeof(struct code));
    return cache->code != NULL;
}

static void empty(struct code *code)
{
    code->used = 1; /* 0 says that there is no block */
    __builtin_memset(code->block, 0, sizeof(code->block));
}

struct code *code_of(struct machine *m, uint64_t physical)
{
    uint64_t page = physical & ~UINT64_C(4095);
    struct code **kept =
        &m->storage.code[(page - MACHINE_STORAGE) >> PAGE_BITS];
    if (*kept == NULL) {
        if (m->cache.used == CODE_PAGES) { code_drop_all(m); }
        *kept = &m->cache.code[m->cache.used++];
        (*kept)->page = page;
        empty(*kept);
    }
    return *kept;
}

void code_drop(struct machine *m, uint64_t physical)
{
    struct code *code =
        m->storage.code[(physical - MACHINE_STORAGE) >> PAGE_BITS];
    *storage_flags(&m->storage, physical) &= (uint8_t)~PAGE_CODE;
    if (code != NULL) { empty(code); }
    m->limit = 0; /* it may be what is being executed */
}

void code_drop_all(struct machine *m)
{
    for (unsigned i = 0; i < m->cache.used; i++) {
        uint64_t page = m->cache.code[i].page;
        *storage_flags(&m->storage, page) &= (uint8_t)~PAGE_CODE;
        m->storage.code[(page - MACHINE_STORAGE) >> PAGE_BITS] = NULL;
    }
    m->cache.used = 0;
    storage_forget(&m->storage);
}

static uint32_t half_at(const uint8_t *byte)
{
    uint16_t half;
    __builtin_memcpy(&half, byte, sizeof(half));
    return half;
}

static bool is_long(uint32_t half) { return (half & 3) == 3; }

static void decode_at(const uint8_t *page, unsigned offset, uint32_t upper,
                      struct instruction *ret)
{
    uint32_t half = half_at(page + offset);
    decode(is_long(half) ? upper << 16 | half : half, ret);
    ret->offset = (uint16_t)offset;
    ret->length = is_long(half) ? 4 : 2;
}

struct instruction *code_block(struct machine *m, struct code *code,
                               unsigned offset)
{
    const uint8_t *page = storage_at(&m->storage, code->page);
    if (code->used + BLOCK_MOST + 2 > CODE_ROOM) { empty(code); }
    struct instruction *head = &code->row[code->used], *at = head;
    code->block[offset / 2] = (uint16_t)code->used;
    do {
        bool is_whole = offset < 4094 || !is_long(half_at(page + offset));
        if (!is_whole && at != head) { break; }
        at++;
        decode_at(page, offset, offset < 4094 ? half_at(page + offset + 2) : 0,
                  at);
        offset += at->length;
    } while (offset < PAGE_BYTES && at - head < BLOCK_MOST &&
             !ends_block(at->operation));
    head->imm = (int32_t)(at - head);
    at[1] =
        (struct instruction){ .operation = OP_end, .offset = (uint16_t)offset };
    code->used += (uint32_t)head->imm + 2;
    if ((*storage_flags(&m->storage, code->page) & PAGE_CODE) == 0) {
        storage_flag(&m->storage, code->page, code->page + 1, PAGE_CODE);
    }
    return head;
}

const struct instruction *execute_across(struct machine *m, uint64_t pc,
                                         struct code *code)
{
    const uint8_t *page = storage_at(&m->storage, code->page);
    if (!is_long(half_at(page + 4094))) { return code_block(m, code, 4094); }
    struct code *next = storage_fetch(m, pc + 2);
    if (next == NULL) { return NULL; }
    struct instruction *aside = m->cache.aside;
    decode_at(page, 4094, half_at(storage_at(&m->storage, next->page)),
              aside + 1);
    aside[0].imm = 1;
    aside[2] = (struct instruction){ .operation = OP_end, .offset = 4098 };
    return aside;
}

uint32_t execute_bits(struct machine *m, uint64_t pc)
{
    uint64_t physical;
    unsigned cause;
    uint32_t bits = 0;
    for (unsigned half = 0; half < 2; half++) {
        if (!storage_translate(m, pc + 2 * half, FETCH, &physical, &cause) ||
            !storage_has(&m->storage, physical, 2)) {
            return bits;
        }
        bits |= half_at(storage_at(&m->storage, physical)) << 16 * half;
        if (!is_long(bits)) { return bits; }
    }
    return bits;
}
