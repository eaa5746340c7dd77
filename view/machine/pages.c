#include "pages.h"

#include "whole.h"

#define AT_ONCE 256 /* pages that are fetched together */

bool pages_begin(struct machine *m)
{
    struct pages *p = &m->pages;
    uint64_t disk = (m->config.disk_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    p->storage_pages = (uint32_t)(m->storage.bytes / PAGE_BYTES);
    p->count = p->storage_pages + (uint32_t)disk;
    p->latest = machine_room(p->count * sizeof(struct version *));
    p->disk_flags = machine_room(disk + 1);
    p->dirty = machine_room(p->count * sizeof(uint32_t));
    if (p->latest == NULL || p->disk_flags == NULL || p->dirty == NULL) {
        p->latest = NULL;
        return false;
    }
    storage_flag(&m->storage, MACHINE_STORAGE,
                 MACHINE_STORAGE + m->storage.bytes, PAGE_CLEAN);
    __builtin_memset(p->disk_flags, PAGE_CLEAN, disk);
    return true;
}

/* ---- room ---------------------------------------------------------------- */

static void give_page(struct pages *p, uint8_t *page)
{
    __builtin_memcpy(page, &p->free_pages, sizeof(p->free_pages));
    p->free_pages = page;
}

/* Null: there is no more. */
static uint8_t *take_page(struct pages *p)
{
    uint8_t *page = p->free_pages;
    if (page == NULL) {
        uint8_t *more = machine_room(AT_ONCE * PAGE_BYTES);
        for (unsigned i = 0; more != NULL && i < AT_ONCE; i++) {
            give_page(p, more + i * PAGE_BYTES);
        }
        page = p->free_pages;
    }
    if (page != NULL) {
        __builtin_memcpy(&p->free_pages, page, sizeof(p->free_pages));
    }
    return page;
}

static struct version *take_version(struct pages *p)
{
    if (p->free_versions == NULL) {
        struct version *more = (void *)take_page(p);
        unsigned count = more == NULL ? 0 : PAGE_BYTES / sizeof(*more);
        for (unsigned i = 0; i < count; i++) {
            more[i].before = p->free_versions;
            p->free_versions = &more[i];
        }
    }
    struct version *version = p->free_versions;
    uint8_t *page = version == NULL ? NULL : take_page(p);
    if (page == NULL) { return NULL; }
    p->free_versions = version->before;
    version->byte = page;
    p->bytes += PAGE_BYTES;
    return version;
}

static void give_version(struct pages *p, struct version *version)
{
    give_page(p, version->byte);
    version->before = p->free_versions;
    p->free_versions = version;
    p->bytes -= PAGE_BYTES;
}

/* ---- pages --------------------------------------------------------------- */

static uint8_t *place_of(const struct machine *m, uint32_t page)
{
    uint32_t storage_pages = m->pages.storage_pages;
    if (page < storage_pages) {
        return m->storage.byte + (uint64_t)page * PAGE_BYTES;
    }
    return m->config.disk + (uint64_t)(page - storage_pages) * PAGE_BYTES;
}

/* The disk's last page may not be whole. */
static uint64_t bytes_of(const struct machine *m, uint32_t page)
{
    uint32_t storage_pages = m->pages.storage_pages;
    if (page < storage_pages) { return PAGE_BYTES; }
    uint64_t left =
        m->config.disk_bytes - (uint64_t)(page - storage_pages) * PAGE_BYTES;
    return left < PAGE_BYTES ? left : PAGE_BYTES;
}

static uint8_t *flags_of(struct machine *m, uint32_t page)
{
    uint32_t storage_pages = m->pages.storage_pages;
    return page < storage_pages ? &m->storage.flags[page]
                                : &m->pages.disk_flags[page - storage_pages];
}

/* Without room the machine cannot be what it promises; it stops. */
static void put_version(struct machine *m, uint32_t page, unsigned moment)
{
    struct version *version = take_version(&m->pages);
    if (version == NULL) {
        history_fail(m);
        return;
    }
    version->moment = moment;
    version->before = m->pages.latest[page];
    m->pages.latest[page] = version;
    __builtin_memcpy(version->byte, place_of(m, page), bytes_of(m, page));
}

static void touch(struct machine *m, uint32_t page)
{
    uint8_t *flags = flags_of(m, page);
    if (m->pages.latest == NULL || (*flags & PAGE_CLEAN) == 0) { return; }
    *flags &= (uint8_t)~PAGE_CLEAN;
    m->pages.dirty[m->pages.dirty_count++] = page;
    if (m->pages.latest[page] == NULL) { put_version(m, page, 0); }
}

void pages_touch(struct machine *m, uint64_t address)
{
    touch(m, (uint32_t)((address - MACHINE_STORAGE) / PAGE_BYTES));
}

void pages_touch_disk(struct machine *m, uint64_t at, uint64_t bytes)
{
    if (m->pages.latest == NULL || bytes == 0) { return; }
    uint64_t last = (at + bytes - 1) / PAGE_BYTES;
    for (uint64_t page = at / PAGE_BYTES; page <= last; page++) {
        touch(m, m->pages.storage_pages + (uint32_t)page);
    }
}

/* ---- moments ------------------------------------------------------------- */

void pages_arrive(struct machine *m)
{
    struct pages *p = &m->pages;
    for (uint32_t i = 0; i < p->dirty_count; i++) {
        *flags_of(m, p->dirty[i]) |= PAGE_CLEAN;
    }
    p->dirty_count = 0;
    storage_forget_stores(&m->storage);
}

void pages_keep(struct machine *m, unsigned moment)
{
    for (uint32_t i = 0; i < m->pages.dirty_count; i++) {
        put_version(m, m->pages.dirty[i], moment);
    }
    pages_arrive(m);
}

/* What a page was at a moment. */
static void restore(struct machine *m, uint32_t page, unsigned moment)
{
    const struct version *version = m->pages.latest[page];
    while (version->moment > moment) { version = version->before; }
    if (page < m->pages.storage_pages && (m->storage.flags[page] & PAGE_CODE)) {
        code_drop(m, MACHINE_STORAGE + (uint64_t)page * PAGE_BYTES);
    }
    __builtin_memcpy(place_of(m, page), version->byte, bytes_of(m, page));
}

/* Whether it changed between two moments, of which `first` is the earlier. */
static bool has_changed(const struct version *version, unsigned first,
                        unsigned last)
{
    while (version != NULL && version->moment > last) {
        version = version->before;
    }
    return version != NULL && version->moment > first;
}

void pages_go(struct machine *m, unsigned base, unsigned moment)
{
    struct pages *p = &m->pages;
    unsigned first = base < moment ? base : moment;
    unsigned last = base < moment ? moment : base;
    for (uint32_t page = 0; page < p->count; page++) {
        if (p->latest[page] != NULL &&
            ((*flags_of(m, page) & PAGE_CLEAN) == 0 ||
             has_changed(p->latest[page], first, last))) {
            restore(m, page, moment);
        }
    }
    pages_arrive(m);
    storage_forget(&m->storage);
}

void pages_drop(struct machine *m, unsigned moment)
{
    struct pages *p = &m->pages;
    for (uint32_t page = 0; page < p->count; page++) {
        struct version **at = &p->latest[page];
        bool is_needed = true; /* by the moment behind it */
        for (; *at != NULL && (*at)->moment > moment; at = &(*at)->before) {
            if ((*at)->moment == moment + 1) { is_needed = false; }
            (*at)->moment--;
        }
        if (*at != NULL && (*at)->moment == moment && !is_needed) {
            struct version *version = *at;
            *at = version->before;
            give_version(p, version);
        }
    }
}

void pages_cut(struct machine *m, unsigned moment)
{
    struct pages *p = &m->pages;
    for (uint32_t page = 0; page < p->count; page++) {
        while (p->latest[page] != NULL && p->latest[page]->moment > moment) {
            struct version *version = p->latest[page];
            p->latest[page] = version->before;
            give_version(p, version);
        }
    }
}
