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

void model_owner(int number, char ret_name[STORE_NAME_BYTES])
{
    memset(ret_name, 0, STORE_NAME_BYTES);
    if (number > 0) { ret_name[0] = (char)('a' + number); }
}

int model_owner_number(const char name[STORE_NAME_BYTES])
{
    return name[0] == '\0' ? 0 : name[0] - 'a';
}

struct need {
    int64_t entries, pages;
};

/* What areas have that draw on the same account as this owner's do: of the
 * parent's, that is all who have none. */
static struct need used(const struct model *model,
                        const struct model_accounts *accounts, int owner)
{
    struct need all = { 0, 0 };
    for (int i = 0; i < MODEL_AREAS; i++) {
        const struct model_area *area = &model->areas[i];
        int other = model_owner_number(area->owner);
        if (area->name[0] != '\0' &&
            (other == owner || (owner == 0 && !accounts->of[other].is_open))) {
            all.entries++;
            all.pages += area->pages;
        }
    }
    return all;
}

static struct need left(const struct model *model,
                        const struct model_accounts *accounts, int owner)
{
    struct need has = { accounts->of[owner].entries,
                        accounts->of[owner].pages };
    struct need gone = used(model, accounts, owner);
    if (owner == 0) {
        has = (struct need){ accounts->all_entries, accounts->all_pages };
        for (int i = 1; i < MODEL_OWNERS; i++) {
            has.entries -= accounts->of[i].entries;
            has.pages -= accounts->of[i].pages;
        }
    } else if (!accounts->of[owner].is_open) {
        return (struct need){ 0, 0 };
    }
    return (struct need){ has.entries - gone.entries, has.pages - gone.pages };
}

/* What is taken from an account, and is it there? */
static enum store_result take(const struct model *model,
                              const struct model_accounts *accounts, int owner,
                              struct need need)
{
    struct need has = left(model, accounts, owner);
    if (need.entries > has.entries) {
        return owner == 0 ? STORE_CATALOG_FULL : STORE_NO_ENTRY_LEFT;
    }
    if (need.pages > has.pages) {
        return owner == 0 ? STORE_DISK_FULL : STORE_NO_PAGE_LEFT;
    }
    return STORE_DONE;
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
                                const struct model_accounts *accounts,
                                const struct store_work *work)
{
    struct model_area *area = model_named(model, "");
    if (model_named(model, work->name) != NULL) { return STORE_NAME_TAKEN; }
    enum store_result result =
        take(model, accounts, model_owner_number(work->owner),
             (struct need){ 1, work->pages });
    if (result != STORE_DONE) { return result; }
    memcpy(area->name, work->name, STORE_NAME_BYTES);
    memcpy(area->owner, work->owner, STORE_NAME_BYTES);
    area->entry = work->entry;
    area->serial = work->serial;
    area->flags = work->flags;
    resize(area, work->pages);
    return STORE_DONE;
}

static enum store_result change(struct model *model,
                                const struct model_accounts *accounts,
                                const struct store_work *work)
{
    struct model_area *area = model_of(model, work);
    if (work->kind == STORE_CREATE) { return create(model, accounts, work); }
    if (area == NULL) { return STORE_IS_GONE; }
    if (work->kind == STORE_REMOVE) {
        memset(area, 0, sizeof *area);
    } else if (work->kind == STORE_MARK) {
        area->flags = work->flags;
    } else if (work->kind == STORE_RENAME) {
        if (model_named(model, work->name) != NULL) { return STORE_NAME_TAKEN; }
        memcpy(area->name, work->name, STORE_NAME_BYTES);
    } else {
        int64_t more = (int64_t)work->pages - area->pages;
        enum store_result result =
            more <= 0 ? STORE_DONE
                      : take(model, accounts, model_owner_number(area->owner),
                             (struct need){ 0, more });
        if (result != STORE_DONE) { return result; }
        resize(area, work->pages);
    }
    return STORE_DONE;
}

/* Temporary areas of an owner, or of all (-1). */
static void remove_temporary(struct model *model, int owner)
{
    for (int i = 0; i < MODEL_AREAS; i++) {
        struct model_area *area = &model->areas[i];
        bool is_his = owner < 0 || model_owner_number(area->owner) == owner;
        if (area->name[0] != '\0' && is_his &&
            !(area->flags & STORE_PERMANENT)) {
            memset(area, 0, sizeof *area);
            model->version++;
        }
    }
}

static enum store_result account(struct model *model,
                                 struct model_accounts *accounts,
                                 const struct store_work *work)
{
    int owner = model_owner_number(work->owner);
    struct need need = { work->entries, work->pages };
    struct need has = used(model, accounts, owner);
    if (work->kind == STORE_TAKE_BACK) {
        memset(&accounts->of[owner], 0, sizeof accounts->of[owner]);
        remove_temporary(model, owner);
        return STORE_DONE;
    }
    enum store_result result = take(model, accounts, 0, need);
    if (result != STORE_DONE) { return result; }
    if (!accounts->of[owner].is_open) {
        accounts->of[owner].is_open = true;
        accounts->of[owner].entries = (uint32_t)has.entries;
        accounts->of[owner].pages = (uint32_t)has.pages;
    }
    accounts->of[owner].entries += work->entries;
    accounts->of[owner].pages += work->pages;
    return STORE_DONE;
}

void model_follow(struct model *model, struct model_accounts *accounts,
                  const struct store_work *work)
{
    bool is_of_account = work->kind >= STORE_GIVE;
    if (work->kind <= STORE_FLUSH || work->result == STORE_MALFUNCTION ||
        work->result == STORE_NAME_BAD) {
        return; /* tests ask for these one by one */
    }
    model->version += work->result == STORE_DONE && !is_of_account;
    enum store_result result = is_of_account ? account(model, accounts, work)
                                             : change(model, accounts, work);
    if (result != work->result) {
        tap_fail("work of kind %d on `%s`: result %d, expected %d",
                 (int)work->kind, work->name, (int)work->result, (int)result);
    }
}

void model_power_off(struct model *model) { remove_temporary(model, -1); }
