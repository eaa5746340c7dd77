#include "model.h"

#include <string.h>
#include <tap.h>

struct model_area *model_named(struct model *model, const char *name)
{
    for (int i = 0; i < MODEL_AREAS; i++) {
        if (strncmp(model->areas[i].name, name, STORE_NAME_BYTES) == 0) {
            return &model->areas[i];
        }
    }
    return NULL;
}

struct model_area *model_of(struct model *model, const struct store_work *work)
{
    for (int i = 0; i < MODEL_AREAS; i++) {
        struct model_area *area = &model->areas[i];
        if (area->name[0] != '\0' && area->entry == work->entry &&
            area->serial == work->serial) {
            return area;
        }
    }
    return NULL;
}

void model_bytes(uint32_t stamp, char ret_bytes[STORE_SEGMENT])
{
    for (uint32_t i = 0; i < STORE_SEGMENT / sizeof stamp; i++) {
        uint32_t word = stamp == 0 ? 0 : stamp * UINT32_C(2654435761) + i;
        memcpy(ret_bytes + i * sizeof word, &word, sizeof word);
    }
}

static uint32_t used(const struct model *model)
{
    uint32_t pages = 0;
    for (int i = 0; i < MODEL_AREAS; i++) { pages += model->areas[i].pages; }
    return pages;
}

static void resize(struct model_area *area, uint32_t pages)
{
    for (uint64_t i = (uint64_t)pages * STORE_PAGE_SEGMENTS; i < MODEL_SEGMENTS;
         i++) {
        area->stamps[i] = 0;
    }
    area->pages = pages;
}

static enum store_result create(struct model *model,
                                const struct store_work *work, uint32_t slots)
{
    struct model_area *area = model_named(model, "");
    if (model_named(model, work->name) != NULL) { return STORE_NAME_TAKEN; }
    if (used(model) + work->pages > slots) { return STORE_DISK_FULL; }
    memcpy(area->name, work->name, STORE_NAME_BYTES);
    area->entry = work->entry;
    area->serial = work->serial;
    area->flags = work->flags;
    resize(area, work->pages);
    return STORE_DONE;
}

static enum store_result change(struct model *model,
                                const struct store_work *work, uint32_t slots)
{
    struct model_area *area = model_of(model, work);
    if (work->kind == STORE_CREATE) { return create(model, work, slots); }
    if (area == NULL) { return STORE_IS_GONE; }
    if (work->kind == STORE_REMOVE) {
        memset(area, 0, sizeof *area);
    } else if (work->kind == STORE_RENAME) {
        if (model_named(model, work->name) != NULL) { return STORE_NAME_TAKEN; }
        memcpy(area->name, work->name, STORE_NAME_BYTES);
    } else {
        if (used(model) - area->pages + work->pages > slots) {
            return STORE_DISK_FULL;
        }
        resize(area, work->pages);
    }
    return STORE_DONE;
}

void model_follow(struct model *model, const struct store_work *work,
                  uint32_t slots)
{
    if (work->kind <= STORE_FLUSH || work->result == STORE_MALFUNCTION ||
        work->result == STORE_NAME_BAD || work->result == STORE_CATALOG_FULL) {
        return; /* tests ask for these one by one */
    }
    model->version += work->result == STORE_DONE;
    enum store_result result = change(model, work, slots);
    if (result != work->result) {
        tap_fail("work of kind %d on `%s`: result %d, expected %d",
                 (int)work->kind, work->name, (int)work->result, (int)result);
    }
}

void model_power_off(struct model *model)
{
    for (int i = 0; i < MODEL_AREAS; i++) {
        struct model_area *area = &model->areas[i];
        if (!(area->flags & STORE_PERMANENT)) { memset(area, 0, sizeof *area); }
    }
}
