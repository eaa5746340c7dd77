/* Storage: pages and their flags, entries, translation (S1, S2). */
#include "onlooker.h"
#include "whole.h"

#define FIRMWARE_LAST UINT64_C(0x80080000) /* what is below is nobody's */

#define ENTRY_VALID 1u
#define ENTRY_READ 2u
#define ENTRY_WRITE 4u
#define ENTRY_EXECUTE 8u
#define ENTRY_USER 16u
#define ENTRY_ACCESSED 64u
#define ENTRY_DIRTY 128u

bool storage_create(struct storage *s, uint64_t bytes)
{
    uint64_t pages = bytes / PAGE_BYTES;
    s->bytes = bytes;
    s->byte = machine_room(bytes);
    s->flags = machine_room(pages);
    s->code = machine_room(pages * sizeof(*s->code));
    storage_forget(s);
    return s->byte != NULL && s->flags != NULL && s->code != NULL;
}

/* ---- entries ------------------------------------------------------------- */

void storage_forget_stores(struct storage *s)
{
    for (unsigned i = 0; i < ENTRIES; i++) { s->stores[i].tag = NO_TAG; }
}

void storage_forget(struct storage *s)
{
    for (unsigned i = 0; i < ENTRIES; i++) { s->loads[i].tag = NO_TAG; }
    for (unsigned i = 0; i < FETCH_ENTRIES; i++) { s->fetches[i].tag = NO_TAG; }
    storage_forget_stores(s);
}

/* A value's place in `known`; the rows of it that are used stay few. */
static unsigned number_of(struct storage *s, uint64_t satp)
{
    if (s->known_count == KNOWN / 2) {
        storage_forget(s);
        __builtin_memset(s->known, 0, sizeof(s->known));
        s->known_count = 0;
    }
    unsigned at = (unsigned)(satp * UINT64_C(0x9e3779b97f4a7c15) >> 54);
    while (s->known[at] != 0 && s->known[at] != satp + 1) {
        at = (at + 1) % KNOWN;
    }
    s->known_count += s->known[at] == 0;
    s->known[at] = satp + 1;
    return at;
}

void storage_context(struct machine *m)
{
    struct storage *s = &m->storage;
    const struct hart *hart = &m->hart;
    unsigned number = (unsigned)(s->context >> 2);
    if (s->known[number] != hart->satp + 1) {
        number = number_of(s, hart->satp);
    }
    unsigned mode = hart->mode == USER ? 0 : hart->status & STATUS_SUM ? 2 : 1;
    s->context = (uint64_t)number << 2 | mode;
    s->spread = (uint64_t)number * 37;
}

static struct entry entry_for(const struct storage *s, uint64_t address,
                              uint64_t physical)
{
    return (struct entry){
        .tag = (address & ~UINT64_C(4095)) | s->context,
        .offset = (uintptr_t)storage_at(s, physical & ~UINT64_C(4095)) -
                  (uintptr_t)(address & ~UINT64_C(4095)),
    };
}

void storage_flag(struct storage *s, uint64_t first, uint64_t last,
                  enum page_flag flag)
{
    for (uint64_t at = first; at < last; at += PAGE_BYTES) {
        *storage_flags(s, at) |= (uint8_t)flag;
    }
    storage_forget_stores(s);
}

void storage_touch(struct machine *m, uint64_t address, uint64_t bytes)
{
    struct storage *s = &m->storage;
    uint64_t last = address + bytes;
    for (address &= ~UINT64_C(4095); address < last; address += PAGE_BYTES) {
        uint8_t *flags = storage_flags(s, address);
        if (*flags & PAGE_CODE) { code_drop(m, address); }
        if (*flags & PAGE_CLEAN) { pages_touch(m, address); }
        *flags |= PAGE_TOUCHED;
    }
}

void storage_write(struct machine *m, uint64_t address, const void *bytes,
                   uint64_t count)
{
    storage_touch(m, address, count);
    __builtin_memcpy(storage_at(&m->storage, address), bytes, count);
}

/* ---- translation --------------------------------------------------------- */

static bool is_allowed(const struct hart *hart, uint64_t entry,
                       enum access access)
{
    bool is_users = (entry & ENTRY_USER) != 0;
    if (hart->mode == USER && !is_users) { return false; }
    if (hart->mode == SUPERVISOR && is_users &&
        (access == FETCH || (hart->status & STATUS_SUM) == 0)) {
        return false;
    }
    switch (access) {
    case LOAD:
    case LOOK:
        return (entry & ENTRY_READ) != 0 ||
               ((hart->status & STATUS_MXR) && (entry & ENTRY_EXECUTE));
    case STORE: return (entry & ENTRY_WRITE) != 0;
    case FETCH: return (entry & ENTRY_EXECUTE) != 0;
    }
    return false;
}

/* An entry that leads to a page notes that it was used, as QEMU does it. */
static void note_use(struct machine *m, uint64_t at, uint64_t entry,
                     enum access access)
{
    uint64_t used =
        entry | ENTRY_ACCESSED | (access == STORE ? ENTRY_DIRTY : 0);
    if (used != entry && access != LOOK) {
        storage_write(m, at, &used, sizeof(used));
    }
}

enum { FOUND, NO_PAGE, NO_ACCESS };

/* Down the tables: FOUND and *ret_physical, or what it fails of. */
static int walk(struct machine *m, uint64_t address, enum access access,
                uint64_t *ret_physical)
{
    uint64_t table = m->hart.satp << 12 & UINT64_C(0xfffffffffff000), entry;
    if ((uint64_t)((int64_t)(address << 25) >> 25) != address) {
        return NO_PAGE;
    }
    for (unsigned shift = 30; shift >= 12; shift -= 9) {
        uint64_t at = table + (address >> shift & 511) * 8;
        if (!storage_has(&m->storage, at, 1)) { return NO_PAGE; }
        if (at < FIRMWARE_LAST) { return NO_ACCESS; }
        __builtin_memcpy(&entry, storage_at(&m->storage, at), sizeof(entry));
        if ((entry & ENTRY_VALID) == 0 || entry >> 54 != 0) { return NO_PAGE; }
        table = entry << 2 & UINT64_C(0xfffffffffff000);
        if ((entry & (ENTRY_READ | ENTRY_WRITE | ENTRY_EXECUTE)) == 0) {
            if (entry & (ENTRY_DIRTY | ENTRY_ACCESSED | ENTRY_USER)) {
                return NO_PAGE;
            }
            continue;
        }
        uint64_t within = (UINT64_C(1) << shift) - 1;
        bool is_reserved = (entry & (ENTRY_READ | ENTRY_WRITE)) == ENTRY_WRITE;
        if (is_reserved || (table & within) != 0 ||
            !is_allowed(&m->hart, entry, access)) {
            return NO_PAGE;
        }
        note_use(m, at, entry, access);
        *ret_physical = table | (address & within);
        return FOUND;
    }
    return NO_PAGE;
}

bool storage_translate(struct machine *m, uint64_t address, enum access access,
                       uint64_t *ret_physical, unsigned *ret_cause)
{
    static const uint8_t page[] = { CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE,
                                    CAUSE_FETCH_PAGE, CAUSE_LOAD_PAGE };
    static const uint8_t none[] = { CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS,
                                    CAUSE_FETCH_ACCESS, CAUSE_LOAD_ACCESS };
    int found = FOUND;
    *ret_physical = address;
    if (m->hart.satp >> 60 != 0) {
        found = walk(m, address, access, ret_physical);
    }
    if (found == FOUND && storage_has(&m->storage, *ret_physical, 1) &&
        *ret_physical < FIRMWARE_LAST) {
        found = NO_ACCESS;
    }
    *ret_cause = found == NO_PAGE ? page[access] : none[access];
    return found == FOUND;
}

static bool refuse(struct machine *m, unsigned cause, uint64_t address)
{
    m->trap = (struct trap){ cause, address };
    return false;
}

struct code *storage_fetch(struct machine *m, uint64_t address)
{
    struct storage *s = &m->storage;
    uint64_t physical;
    unsigned cause;
    bool is_there = storage_translate(m, address, FETCH, &physical, &cause);
    if (!is_there || !storage_has(s, physical, 1)) {
        refuse(m, is_there ? CAUSE_FETCH_ACCESS : cause, address);
        return NULL;
    }
    struct code *code = code_of(m, physical);
    unsigned place = storage_place(address, s->spread) & (FETCH_ENTRIES - 1);
    s->fetches[place].tag = (address & ~UINT64_C(4095)) | s->context;
    s->fetches[place].code = code;
    return code;
}

/* ---- loads and stores the slow way --------------------------------------- */

static bool fits_page(uint64_t address, unsigned bytes)
{
    return (address & (PAGE_BYTES - 1)) + bytes <= PAGE_BYTES;
}

/* Over the border of a page, or not aligned in a device: by the two aligned
 * words in which it lies, as QEMU does it. */
static bool load_split(struct machine *m, uint64_t address, unsigned bytes,
                       uint64_t *ret)
{
    uint64_t first = address & ~(uint64_t)(bytes - 1), low, high, physical;
    unsigned cause, shift = 8 * (unsigned)(address - first);
    if (!storage_translate(m, address, LOAD, &physical, &cause)) {
        return refuse(m, cause, address);
    }
    if (!storage_load(m, first, bytes, &low) ||
        !storage_load(m, first + bytes, bytes, &high)) {
        return false;
    }
    *ret = low >> shift | high << (8 * bytes - shift);
    return true;
}

bool storage_load(struct machine *m, uint64_t address, unsigned bytes,
                  uint64_t *ret)
{
    struct storage *s = &m->storage;
    uint64_t physical, value = 0;
    unsigned cause;
    if (!fits_page(address, bytes)) {
        return load_split(m, address, bytes, ret);
    }
    if (!storage_translate(m, address, LOAD, &physical, &cause)) {
        return refuse(m, cause, address);
    }
    if (storage_has(s, physical, bytes)) {
        s->loads[storage_place(address, s->spread)] =
            entry_for(s, address, physical);
        __builtin_memcpy(&value, storage_at(s, physical), bytes);
    } else if (address % bytes != 0) {
        return load_split(m, address, bytes, ret);
    } else if (!device_load(m, physical, bytes, &value)) {
        return refuse(m, CAUSE_LOAD_ACCESS, address);
    }
    *ret = value;
    return true;
}

/* Before a page is written: what its flags want, and an entry if there is none.
 * Returns whether somebody watches. */
static bool prepare(struct machine *m, uint64_t address, uint64_t physical)
{
    struct storage *s = &m->storage;
    storage_touch(m, physical, 1);
    if ((*storage_flags(s, physical) & PAGE_SLOW) == 0) {
        s->stores[storage_place(address, s->spread)] =
            entry_for(s, address, physical);
    }
    return (*storage_flags(s, physical) & PAGE_WATCHED) != 0;
}

/* As load_split(), but byte by byte, when both pages can be written. */
static bool store_split(struct machine *m, uint64_t address, unsigned bytes,
                        uint64_t value)
{
    uint64_t physical;
    unsigned cause;
    uint64_t second = (address + bytes - 1) & ~UINT64_C(4095);
    if (!storage_translate(m, address, STORE, &physical, &cause)) {
        return refuse(m, cause, address);
    }
    if (second > address &&
        !storage_translate(m, second, STORE, &physical, &cause)) {
        return refuse(m, cause, second);
    }
    for (unsigned i = 0; i < bytes; i++) {
        if (!storage_store(m, address + i, 1, value >> 8 * i & 255)) {
            return false;
        }
    }
    return true;
}

bool storage_store(struct machine *m, uint64_t address, unsigned bytes,
                   uint64_t value)
{
    struct storage *s = &m->storage;
    uint64_t physical;
    unsigned cause;
    if (!fits_page(address, bytes)) {
        return store_split(m, address, bytes, value);
    }
    if (!storage_translate(m, address, STORE, &physical, &cause)) {
        return refuse(m, cause, address);
    }
    if (storage_has(s, physical, bytes)) {
        bool is_watched = prepare(m, address, physical);
        __builtin_memcpy(storage_at(s, physical), &value, bytes);
        if (is_watched) { onlooker_stored(m, physical); }
        return true;
    }
    if (address % bytes != 0) { return store_split(m, address, bytes, value); }
    return device_store(m, physical, bytes, value) ||
           refuse(m, CAUSE_STORE_ACCESS, address);
}

uint8_t *storage_both(struct machine *m, uint64_t address, unsigned bytes)
{
    struct storage *s = &m->storage;
    uint64_t physical;
    unsigned cause;
    bool is_there = storage_translate(m, address, LOAD, &physical, &cause);
    if (is_there && !storage_has(s, physical, bytes)) {
        is_there = false;
        cause = CAUSE_LOAD_ACCESS;
    }
    if (!is_there || !storage_translate(m, address, STORE, &physical, &cause)) {
        refuse(m, cause, address);
        return NULL;
    }
    if (prepare(m, address, physical)) { onlooker_stored(m, physical); }
    return storage_at(s, physical);
}
