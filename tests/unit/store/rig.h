/* A store on a disk in memory, clients, and the model that they are held to. */
#pragma once

#include "memory_disk.h"
#include "model.h"

#define RIG_PAGES 1500u /* of the disk, at most */
#define RIG_WORKS 24
#define RIG_FRAMES_MOST 48

struct rig_work {
    struct store_work work; /* first */
    bool is_busy;
    uint32_t stamp;   /* of the first segment that an output brings */
    uint64_t version; /* of the model, when a flush was asked for */
};

struct rig {
    struct store store; /* first */
    struct disk disk;
    struct model model;
    struct model_accounts accounts;
    struct model committed; /* as the last durable root has it */
    struct model coming;    /* as the commit under way has it */
    bool has_coming;
    bool is_root_begun; /* of it */
    uint64_t generation;
    uint64_t failures;
    uint32_t stamp;
    unsigned percent_short; /* of copies, which do not reach the end */
    uint32_t largest;       /* pages that an area is given at random */
    struct rig_work works[RIG_WORKS];
    struct rig *spare;           /* for crashes */
    enum store_result last;      /* result of the work that ended last */
    struct store_work last_work; /* and itself */
};

/* With an empty store on it.  `log`: where to all writes are logged; null:
 * nowhere. */
struct rig *rig_make(uint32_t pages, uint32_t entries, uint32_t frames,
                     const char *log);
void rig_free(struct rig *rig);

/* Mounts what the disk has, to the end; is it open? */
bool rig_mount(struct rig *rig);

/* The store is off, by an error of its device.  Mounts again; is what is found
 * as it has to be?  Then it goes on from there. */
bool rig_mount_again(struct rig *rig);

/* Gives the store this work; the works that can be under way together are
 * bounded.  False: there are as many. */
bool rig_begin(struct rig *rig, const struct store_work *work);

/* The same, until it has ended. */
enum store_result rig_do(struct rig *rig, const struct store_work *work);

/* Ends a transfer that is under way.  False: there is none. */
bool rig_end_transfer(struct rig *rig);
void rig_end_all(struct rig *rig);

/* One at random. */
void rig_random_work(struct rig *rig);

/* Does the disk hold what the model says?  What a mounted store finds is
 * looked at by its tables, and not by its own reading. */
bool rig_holds(struct rig *rig, const struct model *model);

/* Is each page live if, and only if, the tables lead to it, is each area's
 * place its own, and do accounts have all that there is?  Remarks what is
 * wrong. */
bool rig_is_sound(struct rig *rig);

/* Crashes now; is what is found as it has to be? */
bool rig_survives(struct rig *rig);
