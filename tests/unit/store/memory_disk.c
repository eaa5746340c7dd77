#include "memory_disk.h"

#include <dice.h>
#include <stdlib.h>
#include <string.h>
#include <tap.h>

static char *allocate(size_t bytes)
{
    char *room = calloc(1, bytes);
    if (room == NULL) { abort(); }
    return room;
}

void disk_make(struct disk *disk, uint32_t pages)
{
    *disk = (struct disk){ .pages = pages };
    disk->current = allocate((size_t)pages * STORE_PAGE);
    disk->durable = allocate((size_t)pages * STORE_PAGE);
}

static void forget_pending(struct disk *disk, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) { free(disk->pending[i].data); }
    disk->pendings -= count;
    memmove(disk->pending, disk->pending + count,
            disk->pendings * sizeof *disk->pending);
}

void disk_free(struct disk *disk)
{
    forget_pending(disk, disk->pendings);
    for (int i = 0; i < STORE_TRANSFERS; i++) { free(disk->taken[i]); }
    free(disk->current);
    free(disk->durable);
}

/* ---- the log ------------------------------------------------------------- */

enum { LOG_FLUSH = 1 };

static void log_segment(struct disk *disk, const uint64_t *words, size_t count)
{
    char segment[STORE_SEGMENT] = { 0 };
    memcpy(segment, words, count * sizeof *words);
    fwrite(segment, 1, sizeof segment, disk->log);
}

static void log_entry(struct disk *disk, uint64_t segment, uint64_t segments,
                      uint64_t flags, const char *data)
{
    if (disk->log == NULL) { return; }
    uint64_t bytes = segments * STORE_SEGMENT;
    log_segment(disk, (uint64_t[]){ segment, segments, flags, 0 }, 4);
    if (bytes > 0) { fwrite(data, 1, bytes, disk->log); }
    disk->logged++;
}

static void log_head(struct disk *disk)
{
    log_segment(disk,
                (uint64_t[]){ UINT64_C(0x6a736677736872), 1, disk->logged,
                              STORE_SEGMENT },
                4);
}

void disk_log_begin(struct disk *disk, const char *path)
{
    disk->log = fopen(path, "wb");
    if (disk->log == NULL) { abort(); }
    log_head(disk);
}

void disk_log_end(struct disk *disk)
{
    rewind(disk->log);
    log_head(disk);
    fclose(disk->log);
    disk->log = NULL;
}

/* ---- transfers ----------------------------------------------------------- */

static char *place(char *image, const struct disk_write *write)
{
    return image + (size_t)write->page * STORE_PAGE;
}

static void make_durable(struct disk *disk, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct disk_write *write = &disk->pending[i];
        memcpy(place(disk->durable, write), write->data,
               write->segments * STORE_SEGMENT);
    }
    forget_pending(disk, count);
}

/* Whole pages, and D2 of disk.h. */
static void check_pages(const struct store *store,
                        const struct transfer *transfer)
{
    if (transfer->segments % STORE_PAGE_SEGMENTS != 0) {
        tap_fail("a part of page %u is moved", (unsigned)transfer->page);
    }
    for (int i = 0; i < STORE_TRANSFERS; i++) {
        const struct transfer *other = &store->transfers[i];
        uint32_t last = other->page + other->segments / STORE_PAGE_SEGMENTS;
        uint32_t own_last =
            transfer->page + transfer->segments / STORE_PAGE_SEGMENTS;
        if (other->is_busy && other != transfer &&
            (other->kind == TRANSFER_WRITE ||
             transfer->kind == TRANSFER_WRITE) &&
            other->page < own_last && transfer->page < last) {
            tap_fail("page %u is in two transfers", (unsigned)transfer->page);
        }
    }
}

/* What a device reads of the store's storage, it reads at any time between
 * begin and end. */
void disk_begins(struct disk *disk, const struct store *store,
                 const struct transfer *transfer)
{
    char **taken = &disk->taken[transfer - store->transfers];
    size_t bytes = transfer->segments * STORE_SEGMENT;
    check_pages(store, transfer);
    if (transfer->kind == TRANSFER_FLUSH) { disk->flushing = disk->pendings; }
    free(*taken);
    *taken = NULL;
    if (transfer->kind == TRANSFER_WRITE && dice_percent(50)) {
        *taken = allocate(bytes);
        memcpy(*taken, transfer->own, bytes);
    }
}

static struct disk_write write_of(const struct disk *disk,
                                  const struct store *store,
                                  const struct transfer *transfer)
{
    const char *taken = disk->taken[transfer - store->transfers];
    struct disk_write write = { .page = transfer->page,
                                .segments = transfer->segments };
    size_t bytes = write.segments * STORE_SEGMENT;
    write.data = allocate(bytes);
    memcpy(write.data, taken != NULL ? taken : transfer->own, bytes);
    return write;
}

bool disk_does(struct disk *disk, const struct store *store,
               const struct transfer *transfer)
{
    bool is_good = !dice_percent(disk->percent_bad) &&
                   !(transfer->kind == TRANSFER_READ && disk->bad_page != 0 &&
                     disk->bad_page - transfer->page <
                         transfer->segments / STORE_PAGE_SEGMENTS);
    size_t bytes = transfer->segments * STORE_SEGMENT;
    struct disk_write write;
    switch (transfer->kind) {
    case TRANSFER_READ:
        memcpy(transfer->own,
               disk->current + (size_t)transfer->page * STORE_PAGE, bytes);
        if (!is_good) { memset(transfer->own, 0xdd, bytes / 2); }
        break;
    case TRANSFER_WRITE:
        write = write_of(disk, store, transfer);
        if (!is_good) { write.segments = (uint32_t)dice(write.segments + 1); }
        memcpy(place(disk->current, &write), write.data,
               write.segments * STORE_SEGMENT);
        log_entry(disk, (uint64_t)write.page * STORE_PAGE_SEGMENTS,
                  write.segments, 0, write.data);
        disk->pending[disk->pendings++] = write;
        if (disk->pendings == DISK_PENDING) {
            make_durable(disk, DISK_PENDING / 2);
        }
        break;
    case TRANSFER_FLUSH:
        if (is_good && !disk->ignores_flush) {
            make_durable(disk, disk->flushing);
            log_entry(disk, 0, 0, LOG_FLUSH, NULL);
        }
        break;
    }
    return is_good;
}

/* ---- crashes ------------------------------------------------------------- */

static void tear(char *image, const struct disk_write *write)
{
    char *to = place(image, write);
    unsigned how = (unsigned)dice(3);
    for (uint32_t i = 0; i < write->segments; i++) {
        size_t bytes = how == 0 ? 0 : STORE_SEGMENT;
        if (how == 2) {
            bytes = dice(2) * STORE_SEGMENT;
            if (dice_percent(10)) { bytes = dice(STORE_SEGMENT); }
        }
        memcpy(to + i * STORE_SEGMENT, write->data + i * STORE_SEGMENT, bytes);
    }
}

void disk_crash(const struct disk *disk, const struct store *store,
                struct disk *other)
{
    struct disk_write all[DISK_PENDING + STORE_TRANSFERS];
    uint32_t count = disk->pendings;
    memcpy(all, disk->pending, count * sizeof *all);
    for (uint32_t i = 0; i < STORE_TRANSFERS; i++) {
        const struct transfer *transfer = &store->transfers[i];
        if (transfer->is_busy && transfer->kind == TRANSFER_WRITE) {
            all[count++] = write_of(disk, store, transfer);
        }
    }
    memcpy(other->current, disk->durable, (size_t)disk->pages * STORE_PAGE);
    for (uint32_t left = count; left > 0; left--) { /* in any order */
        uint32_t i = (uint32_t)dice(left);
        struct disk_write write = all[i];
        tear(other->current, &write);
        all[i] = all[left - 1];
        all[left - 1] = write;
    }
    memcpy(other->durable, other->current, (size_t)disk->pages * STORE_PAGE);
    for (uint32_t i = 0; i < count; i++) {
        bool is_own = true;
        for (uint32_t k = 0; k < disk->pendings; k++) {
            is_own = is_own && all[i].data != disk->pending[k].data;
        }
        if (is_own) { free(all[i].data); }
    }
    forget_pending(other, other->pendings);
}
