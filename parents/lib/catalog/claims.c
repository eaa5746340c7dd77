/*
 * Claims on a store's entries and segments, which its parent gives to its
 * children; they come back when those are removed.  The store has them in its
 * storage only: one that is started anew is told them anew.
 */
#include "catalog.h"

static struct catalog *catalog;
static const struct child *shown; /* null: the parent itself */
static struct {
    struct child *child;
    bool (*then)(void);
} giving;

static struct kerne_words about(uint64_t operation, const char *name,
                                uint64_t entries, uint64_t segments)
{
    struct kerne_words message = { { KERNE_OPERATION(operation, 0) } };
    strncpy((char *)&message.w[KERNE_WORD_NAME], name, KERNE_NAME_BYTES);
    message.w[KERNE_WORD_ENTRIES] = entries;
    message.w[KERNE_WORD_SIZE] = segments;
    return message;
}

/* ---- given by a line ----------------------------------------------------- */

static bool given(uint64_t result, const struct kerne_words *answer)
{
    struct child *child = giving.child;
    giving.child = NULL;
    if (result != KERNE_r_normal) {
        return catalog_refuse(catalog, child->name, result, answer);
    }
    child->entries = answer->w[KERNE_WORD_ALL_ENTRIES];
    child->segments = answer->w[KERNE_WORD_ALL_SEGMENTS];
    child->is_given = true;
    return giving.then();
}

bool catalog_give(struct catalog *of, struct child *child, uint64_t entries,
                  uint64_t segments, bool (*then)(void))
{
    struct kerne_words message =
        about(KERNE_BACKING_GIVE, child->name, entries, segments);
    if (entries == 0 && segments == 0) { return then(); }
    catalog = of;
    giving.child = child;
    giving.then = then;
    return catalog_ask(of, &message, given);
}

/* ---- beside all lines ---------------------------------------------------- */

/* Another one was told nothing. */
static void meet_store(struct catalog *of, uint64_t store)
{
    struct child *child = NULL;
    if (of->store == store) { return; }
    of->store = store;
    of->gone = 0;
    of->opened = NULL;
    while ((child = child_next(&of->parent->children, child)) != NULL) {
        child->is_given = false;
    }
}

/* Of a child that is to be given something anew; null: of none. */
static struct child *find_unmet(struct catalog *of)
{
    struct child *child = child_next(&of->parent->children, NULL);
    while (child != NULL &&
           (child->is_given || (child->entries | child->segments) == 0)) {
        child = child_next(&of->parent->children, child);
    }
    return child;
}

bool catalog_chores(struct catalog *of)
{
    const struct child *store = child_named(&of->parent->children, "store");
    struct kerne_words message;
    if (of->chore != 0 || of->buffer != 0) { return false; }
    if (store != NULL && store->state == CHILD_PSEUDO) { store = NULL; }
    meet_store(of, store == NULL ? 0 : store->reference);
    of->unmet = find_unmet(of);
    if (store == NULL || (of->gone == 0 && of->unmet == NULL)) { return true; }
    if (of->gone > 0) {
        of->unmet = NULL;
        message =
            about(KERNE_BACKING_TAKE_BACK, of->gone_name[of->gone - 1], 0, 0);
    } else {
        /* What its areas hold already, it has then; the rest comes next. */
        bool is_open = of->unmet == of->opened;
        message = about(KERNE_BACKING_GIVE, of->unmet->name,
                        is_open ? of->more_entries : 0,
                        is_open ? of->more_segments : 0);
    }
    if (kerne_send_message(KERNE_ADDRESS(0, store->number), &message,
                           &of->chore) != KERNE_r_normal) {
        of->chore = 0;
    } else if (of->unmet == NULL) {
        of->gone--;
    }
    return of->chore == 0;
}

static uint64_t less(uint64_t number, uint64_t other)
{
    return number > other ? number - other : 0;
}

void catalog_chore_done(struct catalog *of,
                        const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    struct child *child = of->unmet;
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    of->chore = 0;
    of->unmet = NULL;
    if (child == NULL || result == KERNE_r_does_not_exist) { return; }
    of->more_entries = less(child->entries, w[KERNE_WORD_ALL_ENTRIES]);
    of->more_segments = less(child->segments, w[KERNE_WORD_ALL_SEGMENTS]);
    child->is_given =
        (of->more_entries | of->more_segments) == 0 || of->opened == child;
    of->opened = child;
    if (result != KERNE_r_normal) {
        const char *command = of->command;
        of->command = "give";
        catalog_refuse(of, child->name, result, &received->words);
        parent_say(of->parent, "%s has no claims on the store any more: %s",
                   child->name, of->parent->refusal);
        of->command = command;
        child->entries = child->segments = 0;
        child->is_given = true; /* but for what its areas hold */
    }
}

/* What is being given to it comes back, too. */
void catalog_removed(struct catalog *of, const struct child *child)
{
    bool is_given =
        child->is_given || child == of->unmet || child == giving.child;
    if (child == of->unmet) { of->unmet = NULL; }
    if (child == of->opened) { of->opened = NULL; }
    if (child == giving.child) { giving.child = NULL; }
    if (is_given && of->gone < CHILDREN_MAX) {
        strcpy(of->gone_name[of->gone++], child->name);
    }
}

/* ---- shown --------------------------------------------------------------- */

static void say_claim(const char *what, uint64_t received, uint64_t left,
                      uint64_t gave)
{
    parent_say(catalog->parent, "%-10s %10lu %10lu %10lu %10lu", what,
               (unsigned long)(received + gave),
               (unsigned long)(received - left), (unsigned long)gave,
               (unsigned long)left);
}

static bool accounted(uint64_t result, const struct kerne_words *answer)
{
    struct child *child = NULL;
    uint64_t entries = 0, segments = 0;
    if (result != KERNE_r_normal) {
        return catalog_refuse(catalog, "of the store", result, answer);
    }
    while (shown == NULL &&
           (child = child_next(&catalog->parent->children, child)) != NULL) {
        entries += child->is_given ? child->entries : 0;
        segments += child->is_given ? child->segments : 0;
    }
    say_claim("entries", answer->w[KERNE_WORD_ALL_ENTRIES],
              answer->w[KERNE_WORD_FREE_ENTRIES], entries);
    say_claim("segments", answer->w[KERNE_WORD_ALL_SEGMENTS],
              answer->w[KERNE_WORD_FREE_SEGMENTS], segments);
    return true;
}

void catalog_list_claims(const struct catalog *of)
{
    const struct child *child = NULL;
    while ((child = child_next(&of->parent->children, child)) != NULL) {
        if (child->is_given && (child->entries | child->segments) != 0) {
            parent_say(of->parent,
                       "%s has of the store: entries %lu, segments %lu",
                       child->name, (unsigned long)child->entries,
                       (unsigned long)child->segments);
        }
    }
}

bool catalog_show_claims(struct catalog *of, const struct child *child)
{
    struct kerne_words message =
        about(KERNE_BACKING_ACCOUNT, child == NULL ? "" : child->name, 0, 0);
    if (!catalog_has_store(of) ||
        (child != NULL && (child->entries | child->segments) == 0)) {
        return true;
    }
    catalog = of;
    shown = child;
    return catalog_ask(of, &message, accounted);
}
