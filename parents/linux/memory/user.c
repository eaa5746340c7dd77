#include <memory/user.h>

#include <abi.h>
#include <memory/fault.h>
#include <memory/swap.h>
#include <string.h>

void *user_brought(struct space *space, uint64_t address, uint64_t access)
{
    frames_kept = FRAMES_RESERVED / 2;
    enum fault result = fault(space, address, access);
    frames_kept = FRAMES_RESERVED;
    if (result == FAULT_NO_MEMORY) { swap_wanted = &swap_never; }
    if (result != FAULT_DONE) { return NULL; }
    const struct region *region = region_find(&space->regions, address);
    return (
        void *)((region->leaf->entry[region_index(address)] & ENTRY_ADDRESS) |
                address % KERNE_PAGE);
}

/* How many of these bytes lie in the page of the first. */
static uint64_t in_page(uint64_t address, uint64_t bytes)
{
    uint64_t rest = KERNE_PAGE - address % KERNE_PAGE;
    return bytes < rest ? bytes : rest;
}

#define FEW 8 /* bytes, which take less than a call of memcpy */

static inline void copy(char *to, const char *from, uint64_t bytes)
{
    if (bytes > FEW) {
        memcpy(to, from, bytes);
        return;
    }
    for (const char *end = from + bytes; from < end;) {
        *to++ = *from++;
        __asm__ volatile("" ::: "memory"); /* or the compiler calls memcpy */
    }
}

/* Mostly they all lie in one page that is there. */
static inline void *whole_at(struct space *space, uint64_t address,
                             uint64_t bytes, uint64_t access)
{
    return bytes <= KERNE_PAGE - address % KERNE_PAGE && bytes > 0
               ? user_at(space, address, access)
               : NULL;
}

/* What is written to a page that is on its way need not wait for it. */
static bool lay_over(const struct space *space, uint64_t to, const void *from,
                     uint64_t bytes)
{
    if (swap_wanted == NULL || !swap_lay_over(space, to, from, bytes)) {
        return false;
    }
    swap_wanted = NULL;
    return true;
}

/* Page by page: to `own`, or from there, or, if that is null, zeros. */
static long move(struct space *space, uint64_t address, char *own,
                 uint64_t bytes, uint64_t access)
{
    while (bytes > 0) {
        uint64_t part = in_page(address, bytes);
        char *at = user_at(space, address, access);
        if (at == NULL && (own == NULL || access == KERNE_READ ||
                           !lay_over(space, address, own, part))) {
            return -LINUX_EFAULT;
        }
        if (at != NULL && own == NULL) { memset(at, 0, part); }
        if (at != NULL && own != NULL) {
            memcpy(access == KERNE_READ ? own : at,
                   access == KERNE_READ ? at : own, part);
        }
        if (own != NULL) { own += part; }
        address += part;
        bytes -= part;
    }
    return 0;
}

long user_read(struct space *space, void *to, uint64_t from, uint64_t bytes)
{
    const char *whole = whole_at(space, from, bytes, KERNE_READ);
    if (whole == NULL) { return move(space, from, to, bytes, KERNE_READ); }
    copy(to, whole, bytes);
    return 0;
}

long user_write(struct space *space, uint64_t to, const void *from,
                uint64_t bytes)
{
    char *whole = whole_at(space, to, bytes, KERNE_WRITE);
    if (whole == NULL) {
        return move(space, to, (char *)from, bytes, KERNE_WRITE);
    }
    copy(whole, from, bytes);
    return 0;
}

long user_open(struct space *space, uint64_t to, uint64_t bytes)
{
    for (uint64_t part; bytes > 0; to += part, bytes -= part) {
        part = in_page(to, bytes);
        if (user_at(space, to, KERNE_WRITE) == NULL) { return -LINUX_EFAULT; }
    }
    return 0;
}

long user_write_if(struct space *space, uint64_t to, const void *from,
                   uint64_t bytes)
{
    return to == 0 ? 0 : user_write(space, to, from, bytes);
}

long user_clear(struct space *space, uint64_t to, uint64_t bytes)
{
    return move(space, to, NULL, bytes, KERNE_WRITE);
}

long user_text(struct space *space, char *to, uint64_t from, uint64_t room)
{
    uint64_t length = 0;
    while (length < room) {
        uint64_t part = in_page(from + length, room - length);
        const char *at = user_at(space, from + length, KERNE_READ);
        if (at == NULL) { return -LINUX_EFAULT; }
        const char *end = memccpy(to + length, at, '\0', part);
        if (end != NULL) { return end - to - 1; }
        length += part;
    }
    return -LINUX_ENAMETOOLONG;
}
