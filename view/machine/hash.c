/* A number for the whole state: FNV-1a's, over words of 64 bits. */
#include "whole.h"

#define PRIME UINT64_C(0x100000001b3)

static uint64_t mix(uint64_t hash, const void *bytes, uint64_t count)
{
    const uint8_t *at = bytes;
    uint64_t word;
    for (; count >= sizeof(word); count -= sizeof(word), at += sizeof(word)) {
        __builtin_memcpy(&word, at, sizeof(word));
        hash = (hash ^ word) * PRIME;
        hash ^= hash >> 29;
    }
    for (; count > 0; count--) { hash = (hash ^ *at++) * PRIME; }
    return hash;
}

static bool is_zero(const uint8_t *page)
{
    uint64_t any = 0, word;
    for (unsigned i = 0; i < PAGE_BYTES; i += sizeof(word)) {
        __builtin_memcpy(&word, page + i, sizeof(word));
        any |= word;
    }
    return any == 0;
}

/* Records with holes between their fields are all zero there, from their
 * beginning on. */
uint64_t machine_hash(struct machine *m)
{
    const struct storage *s = &m->storage;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    hash = mix(hash, &m->hart, offsetof(struct hart, flags));
    const uint8_t rest[] = { m->hart.flags, m->hart.rounding, m->hart.mode,
                             m->hart.waits };
    hash = mix(hash, rest, sizeof(rest));
    hash = mix(hash, &m->clock, sizeof(m->clock));
    hash = mix(hash, m->alarm, sizeof(m->alarm));
    hash = mix(hash, &m->plic, sizeof(m->plic));
    hash = mix(hash, &m->uart, sizeof(m->uart));
    hash = mix(hash, &m->rtc, sizeof(m->rtc));
    hash = mix(hash, &m->disk, sizeof(m->disk));
    for (uint64_t page = 0; page < s->bytes / PAGE_BYTES; page++) {
        const uint8_t *byte = s->byte + page * PAGE_BYTES;
        if ((s->flags[page] & PAGE_TOUCHED) && !is_zero(byte)) {
            hash = mix(hash, &page, sizeof(page));
            hash = mix(hash, byte, PAGE_BYTES);
        }
    }
    return m->config.disk == NULL
               ? hash
               : mix(hash, m->config.disk, m->config.disk_bytes);
}
