/*
 * What the compiler calls for large assignments, the nucleus's and the
 * programs', under other names, beside the host's.
 */
#include <stdio.h>
#include <string.h>

#include "dice.h"
#include "tap.h"

#define BYTES 400

typedef void *set(void *to, int byte, size_t length);
typedef void *copy(void *restrict to, const void *restrict from, size_t length);

set nucleus_memset, library_memset;
copy nucleus_memcpy, library_memcpy;

static bool sets(set *own, size_t offset, size_t length)
{
    _Alignas(64) uint8_t a[BYTES], b[BYTES];
    memset(a, 1, sizeof a);
    memset(b, 1, sizeof b);
    int byte = (int)dice(512);
    return own(a + offset, byte, length) == a + offset &&
           memset(b + offset, byte, length) == b + offset &&
           memcmp(a, b, sizeof a) == 0;
}

static bool copies(copy *own, size_t offset, size_t source, size_t length)
{
    _Alignas(64) uint8_t a[BYTES], b[BYTES], from[BYTES];
    memset(a, 1, sizeof a);
    memset(b, 1, sizeof b);
    for (unsigned i = 0; i < sizeof from; i++) {
        from[i] = (uint8_t)dice_word();
    }
    return own(a + offset, from + source, length) == a + offset &&
           memcpy(b + offset, from + source, length) == b + offset &&
           memcmp(a, b, sizeof a) == 0;
}

static void test(set *own_set, copy *own_copy, const char *set_name,
                 const char *copy_name)
{
    bool good_sets = true, good_copies = true;
    for (size_t offset = 0; offset < 20; offset++) {
        for (size_t length = 0; length < 200; length++) {
            good_sets = good_sets && sets(own_set, offset, length);
            good_copies = good_copies &&
                          copies(own_copy, offset, dice(20), length) &&
                          copies(own_copy, offset, offset, length);
        }
    }
    tap_point(good_sets, set_name);
    tap_point(good_copies, copy_name);
}

int main(void)
{
    tap_begin();
    test(nucleus_memset, nucleus_memcpy, "memory.memset", "memory.memcpy");
    test(library_memset, library_memcpy, "memory.library.memset",
         "memory.library.memcpy");
    return tap_end();
}
