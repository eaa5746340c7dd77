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

#define MODEL_OWNERS 4 /* the first is the store's parent */

struct model_area {
    char name[STORE_NAME_BYTES]; /* empty: there is no such area */
    char owner[STORE_NAME_BYTES];
    uint32_t entry;
    uint64_t serial;
    uint32_t pages;
    uint32_t flags;
    uint32_t stamps[MODEL_SEGMENTS]; /* 0: zeros; so is all behind the end */
};

/* What owners have; a mount leaves it as it is. */
struct model_accounts {
    uint32_t all_entries, all_pages; /* of the store */
    struct {
        bool is_open;
        uint32_t entries, pages;
    } of[MODEL_OWNERS];
};

struct model {
    uint64_t version; /* grows with each change */
    struct model_area areas[MODEL_AREAS];
};

/* The area of a name, or of a work; null: none. */
struct model_area *model_named(struct model *model, const char *name);
struct model_area *model_of(struct model *model, const struct store_work *work);

/* The name of an owner by number, and the other way. */
void model_owner(int number, char ret_name[STORE_NAME_BYTES]);
int model_owner_number(const char name[STORE_NAME_BYTES]);

/* The bytes of a segment with this stamp. */
void model_bytes(uint32_t stamp, char ret_bytes[STORE_SEGMENT]);

/* A work that is no transfer has ended so: the model follows, and remarks if
 * the result is wrong. */
void model_follow(struct model *model, struct model_accounts *accounts,
                  const struct store_work *work);

/* After a crash, or without power: temporary areas are gone. */
void model_power_off(struct model *model);
