/* Calls about a program's storage. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/volume.h>
#include <memory/swap.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3 };
enum { MAP_KIND = 15, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };
enum { MAP_GROWSDOWN = 0x100, MAP_HUGETLB = 0x40000 };
enum { MAP_FIXED_NOREPLACE = 0x100000 };
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };
enum { MADV_DONTNEED = 4 };

enum { MS_ASYNC = 1, MS_INVALIDATE, MS_SYNC = 4, PROT_SEM = 8 };

#define RIGHTS (KERNE_READ | KERNE_WRITE | KERNE_EXECUTE)

static uint64_t up(uint64_t bytes)
{
    return (bytes + KERNE_PAGE - 1) & ENTRY_ADDRESS;
}

/* A range of whole pages within a program's addresses. */
static bool is_good(uint64_t first, uint64_t bytes)
{
    return first % KERNE_PAGE == 0 && bytes % KERNE_PAGE == 0 &&
           user_is_range(first, bytes);
}

/* Cuts areas at both ends, so that the range is areas of its own. */
static bool cut_out(struct space *space, uint64_t first, uint64_t last)
{
    return area_cut(&space->areas, first) && area_cut(&space->areas, last);
}

static long unmap(struct space *space, uint64_t first, uint64_t last)
{
    if (!cut_out(space, first, last) || !space_empty(space, first, last)) {
        return -LINUX_ENOMEM;
    }
    area_remove(&space->areas, first, last);
    return 0;
}

static bool is_empty(const struct space *space, uint64_t first, uint64_t last)
{
    const struct area *area = area_after(&space->areas, first);
    return area == NULL || area->first >= last;
}

static uint64_t find_room(struct space *space, uint64_t bytes, uint64_t hint)
{
    hint &= ENTRY_ADDRESS;
    if (hint >= SPACE_FIRST && user_is_range(hint, bytes) &&
        hint + bytes <= SPACE_STACK_LAST &&
        is_empty(space, hint, hint + bytes)) {
        return hint;
    }
    return area_room(&space->areas, bytes, SPACE_FIRST, SPACE_MAP_LAST);
}

/* ---- mmap ---------------------------------------------------------------- */

/* What a file is to be mapped as; for what is shared without one, a new one. */
static long file_of(struct thread *t, const uint64_t *a, struct area *area)
{
    if (a[3] & MAP_ANONYMOUS) {
        if (a[3] & MAP_HUGETLB) { return -LINUX_ENOMEM; }
        if (!area->is_shared) { return 0; }
        area->file = node_make(LINUX_S_FILE | 0600);
        if (area->file == NULL ||
            !content_resize(&area->file->content, area->last - area->first)) {
            return -LINUX_ENOMEM;
        }
        return 0;
    }
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[4]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (a[3] & MAP_HUGETLB || (area->is_shared && a[3] & MAP_GROWSDOWN)) {
        return -LINUX_EINVAL;
    }
    if (a[5] > INT64_MAX - (area->last - area->first)) {
        return -LINUX_EOVERFLOW;
    }
    area->is_read_only = area->is_shared && !file_is_writable(file);
    if (!file_is_readable(file) ||
        (area->is_read_only && area->rights & KERNE_WRITE)) {
        return -LINUX_EACCES;
    }
    if (file->kind != &stored_file) { return -LINUX_ENODEV; }
    area->file = file->node;
    area->offset = a[5];
    node_use(area->file);
    return 0;
}

static long place(struct space *space, const uint64_t *a, struct area *area)
{
    uint64_t bytes = up(a[1]), first = a[0];
    if (a[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (!is_good(first, bytes)) {
            return first % KERNE_PAGE != 0 ? -LINUX_EINVAL : -LINUX_ENOMEM;
        }
        if (first < SPACE_FIRST) { return -LINUX_EPERM; }
        if (a[3] & MAP_FIXED_NOREPLACE &&
            !is_empty(space, first, first + bytes)) {
            return -LINUX_EEXIST;
        }
    } else {
        first = find_room(space, bytes, first);
        if (first == 0) { return -LINUX_ENOMEM; }
    }
    area->first = first;
    area->last = first + bytes;
    return 0;
}

long call_mmap(struct thread *t, const uint64_t *a)
{
    uint64_t kind = a[3] & MAP_KIND;
    struct area area = { .rights = (uint32_t)a[2] & RIGHTS,
                         .is_shared = kind != MAP_PRIVATE };
    if (a[1] == 0 || kind < MAP_SHARED || kind > MAP_SHARED_VALIDATE ||
        a[5] % KERNE_PAGE != 0 ||
        (a[3] & MAP_ANONYMOUS && kind == MAP_SHARED_VALIDATE)) {
        return -LINUX_EINVAL;
    }
    if (a[1] > SPACE_END) { return -LINUX_ENOMEM; }
    long result = place(t->space, a, &area);
    if (result == 0) { result = file_of(t, a, &area); }
    if (result == 0) { result = unmap(t->space, area.first, area.last); }
    if (result == 0 && !area_insert(&t->space->areas, &area)) {
        result = -LINUX_ENOMEM;
    }
    if (area.file != NULL) { node_drop(area.file); }
    return result == 0 ? (long)area.first : result;
}

long call_munmap(struct thread *t, const uint64_t *a)
{
    uint64_t bytes = up(a[1]);
    if (a[1] == 0 || a[1] > SPACE_END || !is_good(a[0], bytes)) {
        return -LINUX_EINVAL;
    }
    return unmap(t->space, a[0], a[0] + bytes);
}

/* ---- rights -------------------------------------------------------------- */

/* Is everything in the range mapped? */
static bool is_full(const struct space *space, uint64_t first, uint64_t last)
{
    const struct area *area = area_after(&space->areas, first);
    while (first < last && area != NULL && area->first <= first) {
        first = area->last;
        area = area->next[0];
    }
    return first >= last;
}

long call_mprotect(struct thread *t, const uint64_t *a)
{
    uint64_t first = a[0], last = first + up(a[1]);
    if (first % KERNE_PAGE != 0 || a[2] & ~(uint64_t)(RIGHTS | PROT_SEM)) {
        return -LINUX_EINVAL;
    }
    if (a[1] > SPACE_END || !is_good(first, last - first)) {
        return -LINUX_ENOMEM;
    }
    if (!is_full(t->space, first, last) || !cut_out(t->space, first, last)) {
        return -LINUX_ENOMEM;
    }
    uint32_t rights = (uint32_t)a[2] & RIGHTS;
    struct area *area = area_after(&t->space->areas, first);
    long result = 0;
    for (; area != NULL && area->first < last; area = area->next[0]) {
        if (rights & KERNE_WRITE && area->is_read_only) {
            result = -LINUX_EACCES; /* those before it have the rights */
            break;
        }
        if (area->rights == rights) { continue; }
        area->rights = rights;
        space_close(t->space, area->first, area->last);
    }
    area_join(&t->space->areas, first, last);
    return result;
}

/* ---- brk ----------------------------------------------------------------- */

static bool grow_heap(struct space *space, uint64_t first, uint64_t last)
{
    struct area area = { .first = first,
                         .last = last,
                         .rights = KERNE_READ | KERNE_WRITE,
                         .is_heap = true };
    return last <= SPACE_STACK_LAST && is_empty(space, first, last) &&
           area_insert(&space->areas, &area);
}

long call_brk(struct thread *t, const uint64_t *a)
{
    struct space *space = t->space;
    uint64_t before = up(space->heap_last), last = up(a[0]);
    if (a[0] < space->heap_first || a[0] > SPACE_END) {
        return (long)space->heap_last;
    }
    bool is_done =
        last == before || (last > before ? grow_heap(space, before, last)
                                         : unmap(space, last, before) == 0);
    if (is_done) { space->heap_last = a[0]; }
    return (long)space->heap_last;
}

/* ---- madvise, msync ------------------------------------------------------ */

/* What may be said: what may be left undone, but for MADV_DONTNEED: 0 to 3,
 * FREE, MERGEABLE to DODUMP, COLD to POPULATE_WRITE. */
#define ADVICE UINT64_C(0xf3f11f)

long call_madvise(struct thread *t, const uint64_t *a)
{
    uint64_t bytes = up(a[1]);
    uint32_t advice = (uint32_t)a[2];
    if (advice >= 64 || !(ADVICE >> advice & 1) || a[0] % KERNE_PAGE != 0 ||
        (bytes == 0 && a[1] != 0) || (int64_t)bytes < 0 ||
        a[0] + bytes < a[0]) {
        return -LINUX_EINVAL;
    }
    if (!user_is_range(a[0], bytes) || !is_full(t->space, a[0], a[0] + bytes)) {
        return -LINUX_ENOMEM;
    }
    if (advice != MADV_DONTNEED) { return 0; }
    return space_empty(t->space, a[0], a[0] + bytes) ? 0 : -LINUX_ENOMEM;
}

long call_msync(struct thread *t, const uint64_t *a)
{
    uint64_t bytes = up(a[1]);
    uint32_t flags = (uint32_t)a[2];
    if (flags & ~(uint32_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (flags & MS_ASYNC && flags & MS_SYNC) || a[0] % KERNE_PAGE != 0) {
        return -LINUX_EINVAL;
    }
    if (bytes == 0) { return 0; }
    if (!user_is_range(a[0], bytes) || !is_full(t->space, a[0], a[0] + bytes)) {
        return -LINUX_ENOMEM;
    }
    return flags & MS_SYNC ? volume_commit() : 0;
}

/* Whoever has written instructions on this processor finds them there. */
long call_riscv_flush_icache(struct thread *t, const uint64_t *a)
{
    (void)t;
    if (a[2] & ~UINT64_C(1)) { return -LINUX_EINVAL; }
    __asm__ volatile("fence.i" ::: "memory");
    return 0;
}

/* ---- mremap -------------------------------------------------------------- */

/* Grows where it is, if there is room behind it. */
static bool grow_in_place(struct space *space, struct area *area, uint64_t last,
                          uint64_t to)
{
    struct area more = *area;
    if (area->last != last || !is_empty(space, last, to) ||
        to > SPACE_STACK_LAST) {
        return false;
    }
    more.first = last;
    more.last = to;
    more.offset += last - area->first;
    return area_insert(&space->areas, &more);
}

/* Moves pages one by one: what was touched goes along. */
static bool move_pages(struct space *space, uint64_t from, uint64_t to,
                       uint64_t bytes)
{
    for (uint64_t at = 0; at < bytes; at += KERNE_PAGE) {
        struct region *old = region_find(&space->regions, from + at);
        if (old == NULL || old->leaf == NULL) { continue; }
        struct leaf *leaf = region_own_leaf(old);
        struct region *new = region_make(&space->regions, to + at);
        struct leaf *other = new == NULL ? NULL : region_own_leaf(new);
        if (leaf == NULL || other == NULL) { return false; }
        other->entry[region_index(to + at)] =
            leaf->entry[region_index(from + at)];
        leaf->entry[region_index(from + at)] = 0;
    }
    return true;
}

static long move(struct space *space, const struct area *from, uint64_t first,
                 uint64_t old_bytes, uint64_t bytes)
{
    struct area area = *from;
    uint64_t to = area_room(&space->areas, bytes, SPACE_FIRST, SPACE_MAP_LAST);
    if (to == 0) { return -LINUX_ENOMEM; }
    if (swap_is_laying(space)) { return -LINUX_EAGAIN; } /* and once more */
    area.offset += first - area.first;
    area.first = to;
    area.last = to + bytes;
    if (!cut_out(space, first, first + old_bytes) ||
        !area_insert(&space->areas, &area)) {
        return -LINUX_ENOMEM;
    }
    space_close(space, first, first + old_bytes);
    if (!move_pages(space, first, to, old_bytes)) {
        (void)move_pages(space, to, first, old_bytes); /* takes no frame */
        area_remove(&space->areas, to, to + bytes);
        return -LINUX_ENOMEM;
    }
    area_remove(&space->areas, first, first + old_bytes);
    return (long)to;
}

long call_mremap(struct thread *t, const uint64_t *a)
{
    struct space *space = t->space;
    uint64_t first = a[0], old_bytes = up(a[1]), bytes = up(a[2]);
    if (a[1] > SPACE_END || bytes == 0 || old_bytes == 0 ||
        first % KERNE_PAGE != 0 || a[3] & ~(uint64_t)MREMAP_MAYMOVE) {
        return -LINUX_EINVAL;
    }
    if (a[2] > SPACE_END) { return -LINUX_ENOMEM; }
    struct area *area =
        first < SPACE_END ? area_at(&space->areas, first) : NULL;
    if (area == NULL || !user_is_range(first, old_bytes) ||
        (bytes >= old_bytes && area->last < first + old_bytes)) {
        return -LINUX_EFAULT;
    }
    if (bytes <= old_bytes) {
        long result = bytes == old_bytes
                          ? 0
                          : unmap(space, first + bytes, first + old_bytes);
        return result == 0 ? (long)first : result;
    }
    if (user_is_range(first, bytes) &&
        grow_in_place(space, area, first + old_bytes, first + bytes)) {
        return (long)first;
    }
    return a[3] & MREMAP_MAYMOVE ? move(space, area, first, old_bytes, bytes)
                                 : -LINUX_ENOMEM;
}
