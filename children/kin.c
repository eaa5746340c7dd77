#include "kin.h"

/* Each page at the same address in the child, with rights of its own. */
static uint64_t lend(uint64_t child, const char *first, const char *last,
                     uint64_t rights)
{
    uint64_t left;
    uint64_t pages = (uint64_t)(last - first) / KERNE_PAGE;
    if (pages == 0) { return KERNE_r_normal; }
    return kerne_map(child, (uint64_t)first, (uint64_t)first, pages, rights,
                     &left);
}

static uint64_t lend_program(uint64_t child)
{
    uint64_t result = lend(child, kerne_text_first, kerne_text_last,
                           KERNE_READ | KERNE_EXECUTE);
    if (result == KERNE_r_normal) {
        result =
            lend(child, kerne_constant_first, kerne_constant_last, KERNE_READ);
    }
    if (result == KERNE_r_normal) {
        result = lend(child, kerne_data_first, kerne_program_last,
                      KERNE_READ | KERNE_WRITE);
    }
    return result;
}

/* pc, and the registers x2 sp, x3 gp, x4 tp: the last two as here. */
static uint64_t set_registers(const struct kin *kin)
{
    struct kerne_register_file r = { .x = { (uint64_t)kin->begin } };
    r.x[2] = (uint64_t)kin->stack + KIN_STACK_BYTES;
    __asm__("mv %0, gp" : "=r"(r.x[3]));
    __asm__("mv %0, tp" : "=r"(r.x[4]));
    return kerne_modify(kin->reference, &r);
}

/* What a child may call can only be what its parent may. */
static uint64_t own_mask(void)
{
    struct kerne_process_record own;
    (void)kerne_describe_process(0, &own);
    return own.mask;
}

uint64_t kin_make(struct kin *kin)
{
    kin->creation.mask &= own_mask();
    uint64_t result = kerne_create(&kin->creation, &kin->reference);
    if (result != KERNE_r_normal) { return result; }
    result = lend_program(kin->reference);
    if (result == KERNE_r_normal) { result = set_registers(kin); }
    if (result == KERNE_r_normal) { result = kerne_start(kin->reference); }
    if (result != KERNE_r_normal) { (void)kerne_remove(kin->reference); }
    return result;
}
