#include "registers.h"

void registers_fill(struct register_file *ret_file, uint64_t owner)
{
    for (unsigned i = 0; i < 32; i++) {
        ret_file->x[i] = REGISTERS_MARK(owner, i);
        ret_file->f[i] = REGISTERS_MARK(owner, 32 + i);
    }
    ret_file->fcsr = owner & 0x1f;
}
