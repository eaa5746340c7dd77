#include <memory/pool.h>

#include <kerne.h>
#include <memory/frames.h>
#include <stdint.h>
#include <string.h>

#define STEP 64
#define CLASSES 17 /* below it, sizes go by steps, 64 to 1,024 bytes */

struct record {
    struct record *next;
};

static struct record *free_records[CLASSES + 2];
static struct pool_counts counts;

/* Of more than 1,024 bytes there are two sizes. */
static unsigned class_of(size_t bytes)
{
    return bytes <= 1024   ? (unsigned)((bytes + STEP - 1) / STEP)
           : bytes <= 2048 ? CLASSES
                           : CLASSES + 1;
}

static size_t bytes_of(unsigned class)
{
    return class < CLASSES    ? (size_t) class * STEP
           : class == CLASSES ? 2048
                              : POOL_BYTES;
}

static void divide(unsigned class)
{
    uint64_t frame = frame_take_reserved();
    size_t bytes = bytes_of(class);
    counts.frames += frame != 0;
    for (uint64_t at = 0; frame != 0 && at + bytes <= KERNE_PAGE; at += bytes) {
        struct record *record = (struct record *)(frame + at);
        record->next = free_records[class];
        free_records[class] = record;
    }
}

void *pool_take(size_t bytes)
{
    unsigned class = class_of(bytes);
    if (bytes > 2048) {
        void *record = (void *)frame_take_reserved();
        counts.records += record != NULL;
        counts.frames += record != NULL;
        return record == NULL ? NULL : memset(record, 0, POOL_BYTES);
    }
    if (free_records[class] == NULL) { divide(class); }
    struct record *record = free_records[class];
    if (record != NULL) {
        free_records[class] = record->next;
        counts.records++;
        memset(record, 0, bytes_of(class));
    }
    return record;
}

void pool_return(void *record, size_t bytes)
{
    unsigned class = class_of(bytes);
    if (record == NULL) { return; }
    counts.records--;
    if (bytes > 2048) {
        counts.frames--;
        frame_drop((uint64_t)record);
        return;
    }
    ((struct record *)record)->next = free_records[class];
    free_records[class] = record;
}

struct pool_counts pool_counts(void) { return counts; }
