/*
 * A program's storage, as its calls name it: each address is checked, and what
 * is not there as yet is brought.  Nothing else reads or writes it.
 *
 *   U1  what fails has the value -LINUX_EFAULT, and touches nothing behind the
 *       first byte that may not be touched so
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>

/* The own address of a byte, out of line; null: it may not be accessed so. */
void *user_brought(struct space *space, uint64_t address, uint64_t access);

/* The own address of a byte, of whose page all that follows is there, too. */
static inline void *user_at(struct space *space, uint64_t address,
                            uint64_t access)
{
    if (address >= SPACE_END) { return NULL; }
    const struct region *region = region_find(&space->regions, address);
    unsigned index = region_index(address);
    if (region == NULL ||
        !((access == KERNE_WRITE ? region->writable : region->readable) >>
              index &
          1)) {
        return user_brought(space, address, access);
    }
    return (void *)((region->leaf->entry[index] & ENTRY_ADDRESS) |
                    address % KERNE_PAGE);
}

/* Copies; 0 or -LINUX_EFAULT. */
long user_read(struct space *space, void *to, uint64_t from, uint64_t bytes);
long user_write(struct space *space, uint64_t to, const void *from,
                uint64_t bytes);
long user_clear(struct space *space, uint64_t to, uint64_t bytes);

/* Sees to it that all of it may be written, without any more waiting: 0, or
 * -LINUX_EFAULT.  Before what is written is taken from where it was. */
long user_open(struct space *space, uint64_t to, uint64_t bytes);

/* One that may be null in the program: then nothing is written, and 0. */
long user_write_if(struct space *space, uint64_t to, const void *from,
                   uint64_t bytes);

/* A text that ends in 0, in at most `room` bytes, its end included: its length,
 * -LINUX_EFAULT, or -LINUX_ENAMETOOLONG. */
long user_text(struct space *space, char *to, uint64_t from, uint64_t room);

/* May these addresses be a program's at all?  They may be untouched. */
static inline bool user_is_range(uint64_t address, uint64_t bytes)
{
    return address <= SPACE_END && bytes <= SPACE_END - address;
}
