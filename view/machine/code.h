/*
 * Decoded instructions, by the physical page that they come from.
 *
 * A page's code is a row of blocks, each a head, whose `imm` counts what
 * follows, and instructions up to one that may go elsewhere.
 *
 * C1  Of a page with code the flag PAGE_CODE is set, and its code is dropped
 *     before it changes.
 * C2  An instruction of which a part is in the next page is not kept.
 */
#pragma once

#include <stdint.h>

#include "machine.h"

#define PAGE_HALVES 2048

enum operation {
#define INSTRUCTION(name, ...) OP_##name,
#include "integer.def"
#include "memory.def"
#include "system.def"
#undef INSTRUCTION
    OPERATIONS
};

struct instruction {
    uint16_t operation;
    uint16_t offset; /* in its page */
    uint8_t rd, rs1, rs2, length;
    int32_t imm;
    uint32_t more; /* rounding mode, third register, function */
};

#define CODE_ROOM 3072 /* instructions and heads of a page */
#define BLOCK_MOST 32

struct code {
    uint64_t page;               /* its physical address */
    uint32_t used;               /* of `row` */
    uint16_t block[PAGE_HALVES]; /* by offset / 2: a head, or 0 */
    struct instruction row[CODE_ROOM];
};

#define CODE_PAGES 256
struct cache {
    struct code *code; /* CODE_PAGES of them */
    unsigned used;
    struct instruction aside[BLOCK_MOST + 2]; /* a block that is not kept */
    bool is_dropped; /* some code has been, in this block */
};

bool cache_create(struct cache *cache);

/* The code of a page of storage, maybe without any blocks. */
struct code *code_of(struct machine *m, uint64_t physical);
/* Decodes what stands there up to the end of a block.  Returns its head. */
struct instruction *code_block(struct machine *m, struct code *code,
                               unsigned offset);
/* The page's bytes change. */
void code_drop(struct machine *m, uint64_t physical);
void code_drop_all(struct machine *m);

/* One instruction; with less than 32 bits, in the lower half.  Where it stands
 * is not set. */
void decode(uint32_t bits, struct instruction *ret);
/* Of 16 bits: those of the same instruction in 32; 0: there is none. */
uint32_t expand(uint32_t half);
/* Whether the next instruction may stand elsewhere, or must see the clock. */
bool ends_block(unsigned operation);
