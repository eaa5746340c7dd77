#include "marks.h"

#include <expect.h>

void marks_expect(const char *label, uint64_t owner,
                  const struct register_file *before,
                  const struct register_file *after, bool call)
{
    for (unsigned i = 1; i < 32; i++) {
        uint64_t word = after->x[i];
        if (i == REGISTER_SP) { continue; }
        if (REGISTERS_IS_MARK(word)) {
            expect_equal_of(label, REGISTERS_OWNER(word), owner);
        }
        expect_equal_of(label, registers_upper(word), 0);
        if (!call && i != REGISTER_T0) {
            expect_equal_of(label, word, before->x[i]);
        } else if (registers_kept(i)) {
            expect_equal_of(label, word, before->x[i]);
        } else if (registers_cleared(i)) {
            expect_equal_of(label, word, 0);
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        expect_equal_of(label, after->f[i], before->f[i]);
    }
    expect_equal_of(label, after->fcsr, before->fcsr);
}

void marks_set_words(struct register_file *file, uint64_t first)
{
    for (unsigned i = 0; i < 6; i++) {
        file->x[REGISTER_A1 + i] = i == 0 ? 0 : first + i;
    }
    file->x[REGISTER_T0] = first + 6;
    file->x[REGISTER_T1] = first + 7;
}

void marks_expect_words(const struct register_file *file, uint64_t first)
{
    for (unsigned i = 1; i < 6; i++) {
        expect_equal(file->x[REGISTER_A1 + i], first + i);
    }
    expect_equal(file->x[REGISTER_T0], first + 6);
    expect_equal(file->x[REGISTER_T1], first + 7);
}
