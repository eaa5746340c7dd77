/*
 * What the areas of a store must hold: of each segment a stamp, from which its
 * bytes follow.
 */
#pragma once

#include <store.h>

#define MODEL_AREAS 12
#define MODEL_PAGES 48 /* of an area; of those behind nothing is known */
#define MODEL_SEGMENTS (MODEL_PAGES * STORE_PAGE_SEGMENTS)
#define MODEL_ANY UINT32_MAX /* a stamp of which nothing is known */

struct model_area {
    char name[STORE_NAME_BYTES]; /* empty: there is no such area */
    uint32_t entry;
    uint64_t serial;
    uint32_t pages;
    uint32_t flags;
    uint32_t stamps[MODEL_SEGMENTS]; /* 0: zeros; so is all behind the end */
};

struct model {
    uint64_t version; /* grows with each change */
    struct model_area areas[MODEL_AREAS];
};

/* The area of a name, or of a work; null: none. */
struct model_area *model_named(struct model *model, const char *name);
struct model_area *model_of(struct model *model, const struct store_work *work);

/* The bytes of a segment with this stamp. */
void model_bytes(uint32_t stamp, char ret_bytes[STORE_SEGMENT]);

/* A work that is no transfer has ended so: the model follows, and remarks if
 * the result is wrong. */
void model_follow(struct model *model, const struct store_work *work,
                  uint32_t slots);

/* After a crash, or without power: temporary areas are gone. */
void model_power_off(struct model *model);
