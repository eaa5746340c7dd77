#include "ward.h"

#include <program.h>

/* A ward that has children gives each of them so many tables. */
#define TABLES_FOR_EACH_PROCESS 3

/* ---- which -------------------------------------------------------------- */

struct ward *ward_named(struct keeper *keeper, const char *name)
{
    for (unsigned i = 0; i < WARDS; i++) {
        struct ward *ward = &keeper->ward[i];
        if (ward->state != WARD_NONE && strcmp(ward->name, name) == 0) {
            return ward;
        }
    }
    return NULL;
}

struct ward *ward_free(struct keeper *keeper)
{
    for (unsigned i = 0; i < WARDS; i++) {
        if (keeper->ward[i].state == WARD_NONE) { return &keeper->ward[i]; }
    }
    return NULL;
}

struct ward *ward_of(struct keeper *keeper, const struct child *child)
{
    return &keeper->ward[child->number - WARD_NUMBER];
}

uint64_t ward_address(const struct keeper *keeper, const struct ward *ward)
{
    return KERNE_ADDRESS(0, WARD_NUMBER + (uint64_t)(ward - keeper->ward));
}

bool ward_any_lives(const struct keeper *keeper)
{
    for (unsigned i = 0; i < WARDS; i++) {
        if (keeper->ward[i].state == WARD_RUNS ||
            keeper->ward[i].state == WARD_PAUSES) {
            return true;
        }
    }
    return false;
}

const char *ward_state_text(const struct ward *ward)
{
    switch (ward->state) {
    case WARD_NONE: return "unknown";
    case WARD_RUNS: return "runs";
    case WARD_PAUSES: return "pauses";
    case WARD_DEAD: return "dead";
    case WARD_DONE: return "finished";
    }
    return "?";
}

/* ---- its beginning ------------------------------------------------------ */

static bool buffers_suffice(struct keeper *keeper, const struct ward *ward)
{
    struct accounts own;
    uint64_t free =
        accounts_read(0, &own) ? own.claim[ACCOUNT_BUFFERS].free : 0;
    if (ward->buffers + KEEPER_BUFFERS <= free) { return true; }
    small_say(&keeper->small,
              "no buffers: %s wants %lu; %lu are free, and the keeper keeps "
              "%d of them",
              ward->name, (unsigned long)ward->buffers, (unsigned long)free,
              KEEPER_BUFFERS);
    return false;
}

bool ward_begin(struct keeper *keeper, struct ward *ward)
{
    uint64_t number = WARD_NUMBER + (uint64_t)(ward - keeper->ward);
    ward->state = WARD_DEAD;
    if (!buffers_suffice(keeper, ward)) { return false; }
    struct child_order order = small_order(&keeper->small, 1);
    order.name = ward->name;
    order.number = &number;
    order.bytes = ward->bytes;
    order.buffers = ward->buffers;
    order.processes = ward->processes;
    order.image = (struct kerne_range){ 0, 0 };
    order.tables = loader_tables(LOADER_USUAL_BASE, ward->bytes) +
                   TABLES_FOR_EACH_PROCESS * ward->processes;
    ward->child = small_make(&keeper->small, ward->program, &order);
    if (ward->child == NULL) { return false; }
    child_start(ward->child);
    ward->state = WARD_RUNS;
    ward->since = kerne_get_clock();
    return true;
}
