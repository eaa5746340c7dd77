#include "catalog.h"

#include <text.h>

#define PATIENCE 1000000 /* microseconds, before it is late */
#define STORE "store"

/* A name that only leads to a store further out is passed over: who uses an
 * area is told by which child he is. */
bool catalog_has_store(struct catalog *catalog)
{
    struct parent *parent = catalog->parent;
    uint64_t address;
    const struct child *store = child_named(&parent->children, STORE);
    if (store == NULL && kerne_look_up(STORE, &address) == KERNE_r_normal &&
        child_create_pseudo(parent, STORE, address, &catalog->outer)) {
        store = catalog->outer;
    }
    if (store == NULL) { return false; }
    catalog->address = store->state == CHILD_PSEUDO
                           ? store->server
                           : KERNE_ADDRESS(0, store->number);
    return true;
}

bool catalog_must_have_store(struct catalog *catalog)
{
    const struct child *store = child_named(&catalog->parent->children, STORE);
    if (store != NULL && store->state > CHILD_STOPPED &&
        store->state < CHILD_PSEUDO) {
        return parent_refuse(catalog->parent, REFUSED_PLAINLY,
                             "not allowed: %s: the process store has ended; "
                             "remove it, or make it anew",
                             catalog->command);
    }
    return catalog_has_store(catalog) ||
           parent_refuse(catalog->parent, REFUSED_PLAINLY,
                         "process unknown: there is no store in sight; one "
                         "wants a disk");
}

bool catalog_ask(struct catalog *catalog, const struct kerne_words *message,
                 catalog_then *then)
{
    return catalog_must_have_store(catalog) &&
           catalog_ask_at(catalog, catalog->address, message, then);
}

bool catalog_ask_at(struct catalog *catalog, uint64_t address,
                    const struct kerne_words *message, catalog_then *then)
{
    catalog->address = address;
    catalog->message = *message;
    catalog->then = then;
    return true;
}

/* ---- its way ------------------------------------------------------------- */

/* Nothing is asked any more, and what was begun for it is undone. */
static void end(struct catalog *catalog)
{
    struct child *name = catalog->using;
    catalog->then = NULL;
    catalog->using = NULL;
    catalog->is_late = false;
    if (catalog->alarm != 0) { kerne_regret_message(catalog->alarm); }
    catalog->alarm = 0;
    if (name != NULL) { child_remove(catalog->parent, name); }
}

void catalog_set_alarm(struct catalog *catalog, uint64_t microseconds)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     kerne_ticks(microseconds) } };
    if (catalog->alarm == 0 &&
        kerne_send_message(catalog->parent->clock, &message, &catalog->alarm) !=
            KERNE_r_normal) {
        catalog->alarm = 0;
        catalog->is_late = true;
    }
}

static void be_patient(struct catalog *catalog)
{
    if (!catalog->is_late) { catalog_set_alarm(catalog, PATIENCE); }
}

/* Has the store what was given up?  A cursor is refused that is none. */
static bool has_given_up(struct catalog *catalog)
{
    struct kerne_sent_record sent;
    uint64_t cursor = catalog->given_up;
    if (cursor != 0 && kerne_describe_sent(0, &cursor, &sent) == KERNE_r_gone) {
        catalog->given_up = 0;
    }
    return catalog->given_up != 0;
}

bool catalog_send(struct catalog *catalog)
{
    struct parent *parent = catalog->parent;
    if (catalog->buffer != 0) { return true; }
    if (!catalog_chores(catalog)) {
        be_patient(catalog);
        return true;
    }
    if (has_given_up(catalog)) {
        parent_refuse(parent, REFUSED_PLAINLY,
                      "not allowed: %s: the store still has what was given up "
                      "before",
                      catalog->command);
    } else if (kerne_send_message(catalog->address, &catalog->message,
                                  &catalog->buffer) != KERNE_r_normal) {
        catalog->buffer = 0;
        parent_refuse(parent, REFUSED_PLAINLY,
                      "no buffers: %s needs one to ask the store",
                      catalog->command);
    } else {
        be_patient(catalog);
        return true;
    }
    end(catalog);
    return false;
}

void catalog_give_up(struct catalog *catalog)
{
    if (catalog->buffer != 0) {
        kerne_regret_message(catalog->buffer);
        catalog->given_up = catalog->buffer;
        catalog->buffer = 0;
    }
    end(catalog);
}

/* ---- answers ------------------------------------------------------------ */

static struct child *using_by(struct catalog *catalog, uint64_t buffer)
{
    struct children *children = &catalog->parent->children;
    struct child *child = child_next(children, NULL);
    while (child != NULL && child->use != buffer) {
        child = child_next(children, child);
    }
    return child;
}

static enum catalog_event go_on(struct catalog *catalog,
                                const struct kerne_received *received)
{
    catalog_then *then = catalog->then;
    catalog->buffer = 0;
    catalog->then = NULL;
    bool is_good = then(KERNE_EVENT_RESULT(received->event), &received->words);
    if (is_good && !catalog_is_open(catalog)) { catalog->using = NULL; }
    if (!is_good || !catalog_is_open(catalog)) { end(catalog); }
    return is_good ? CATALOG_DONE : CATALOG_REFUSED;
}

enum catalog_event catalog_event(struct catalog *catalog,
                                 const struct kerne_received *received,
                                 struct child **ret_ended)
{
    struct child *name = using_by(catalog, received->buffer);
    if (received->buffer == catalog->buffer) {
        return go_on(catalog, received);
    }
    if (received->buffer == catalog->chore) {
        catalog_chore_done(catalog, received);
        return CATALOG_DONE;
    }
    if (received->buffer == catalog->alarm) {
        catalog->alarm = 0;
        catalog->is_late = true;
        return CATALOG_LATE;
    }
    if (name == NULL) { return CATALOG_OTHER; }
    name->use = 0;
    if (name == catalog->using) { /* the line waits for the area's own answer */
        catalog->use_result = KERNE_EVENT_RESULT(received->event);
        catalog->use_answer = received->words;
        return CATALOG_DONE;
    }
    parent_refuse(catalog->parent, REFUSED_PLAINLY, "%s",
                  kerne_backing_text(KERNE_EVENT_RESULT(received->event),
                                     received->words.w[KERNE_WORD_STATUS]));
    *ret_ended = name;
    return CATALOG_ENDED;
}

/* What is too little, if that is why; null: it is something else. */
static const char *shortage(uint64_t status)
{
    switch (status) {
    case KERNE_BACKING_CATALOG_FULL:
    case KERNE_BACKING_NO_ENTRY_LEFT: return "entries";
    case KERNE_BACKING_DISK_FULL:
    case KERNE_BACKING_NO_SEGMENT_LEFT: return "segments";
    default: return NULL;
    }
}

bool catalog_refuse(struct catalog *catalog, const char *name, uint64_t result,
                    const struct kerne_words *answer)
{
    uint64_t status =
        result == KERNE_r_rejected ? answer->w[KERNE_WORD_STATUS] : 0;
    const char *what = shortage(status);
    if (what != NULL) {
        return parent_refuse(
            catalog->parent, REFUSED_PLAINLY, "no %s: %lu wanted, %lu are free",
            what, (unsigned long)answer->w[1], (unsigned long)answer->w[2]);
    }
    if (status == KERNE_BACKING_NO_AREA) {
        return parent_refuse(catalog->parent, REFUSED_PLAINLY,
                             "name unknown: the store has no area `%s`; "
                             "`search` lists those that it has",
                             name);
    }
    return parent_refuse(
        catalog->parent, REFUSED_PLAINLY, "not allowed: %s %s: %s",
        catalog->command, name,
        kerne_backing_text(result, answer->w[KERNE_WORD_STATUS]));
}
