#include <processes/carriers.h>

#include <calls.h>
#include <loop.h>
#include <memory/kept.h>
#include <memory/pool.h>
#include <describe.h>
#include <processes/process.h>
#include <waiting/time.h>

/* Tables of the nucleus with which a space begins: a small program's. */
#define TABLES_FIRST 5
#define IDLE_MOST 16 /* without a space */
#define IDLE_OF_SPACE_MOST 8
#define KEPT_MOST 8 /* so many idle ones stay as they are for their programs */

struct thread *thread_of[KERNE_CHILDREN];

static bool is_in_use[KERNE_CHILDREN];
static struct carrier *idle;
static unsigned idle_count;
static struct carrier_counts counts;

/* ---- making and removing ------------------------------------------------- */

static bool free_number(uint32_t *ret_number)
{
    static uint32_t next;
    for (unsigned i = 0; i < KERNE_CHILDREN; i++) {
        uint32_t number = next;
        next = (next + 1) % KERNE_CHILDREN;
        if (!is_in_use[number]) {
            *ret_number = number;
            return true;
        }
    }
    return false;
}

bool carrier_number(uint32_t *ret_number)
{
    if (!free_number(ret_number)) { return false; }
    is_in_use[*ret_number] = true;
    return true;
}

static bool make(struct space *space, struct carrier *ret)
{
    static const char digit[] = "0123456789";
    if (!free_number(&ret->number)) { return false; }
    const char name[] = { 't', digit[ret->number / 100],
                          digit[ret->number / 10 % 10], digit[ret->number % 10],
                          '\0' };
    struct kerne_creation order = {
        .name = name,
        .number = ret->number,
        .tables = space->reference == 0 ? TABLES_FIRST : 1,
        .mask = KERNE_MASK_FOREIGN,
        .windows = space->reference,
    };
    if (kerne_create(&order, &ret->reference) != KERNE_r_normal) {
        return false;
    }
    is_in_use[ret->number] = true;
    counts.all++;
    ret->buffer = 0;
    ret->ticks = 0;
    ret->kept = NULL;
    return true;
}

static void remove_carrier(const struct carrier *c)
{
    kerne_remove(c->reference);
    is_in_use[c->number] = false;
    counts.all--;
}

/* ---- lists --------------------------------------------------------------- */

static bool put(struct carrier **list, const struct carrier *c)
{
    struct carrier *record = pool_take(sizeof *record);
    if (record == NULL) { return false; }
    *record = *c;
    record->next = *list;
    *list = record;
    counts.idle++;
    return true;
}

static bool take(struct carrier **list, struct carrier *ret)
{
    struct carrier *record = *list;
    if (record == NULL) { return false; }
    *ret = *record;
    *list = record->next;
    counts.idle--;
    pool_return(record, sizeof *record);
    return true;
}

/* Of the idle ones that with windows for the key; or one without any; or the
 * last. */
static struct carrier **best_idle(const void *key)
{
    struct carrier **best = &idle;
    for (struct carrier **at = &idle; *at != NULL; at = &(*at)->next) {
        if (kept_is_of((*at)->kept, key)) { return at; }
        if ((*at)->kept == NULL || (*best)->kept != NULL) { best = at; }
    }
    return best;
}

bool carrier_is_kept(const void *key)
{
    return idle != NULL && kept_is_of((*best_idle(key))->kept, key);
}

/* One that was idle has so many tables as every first one begins with.  One
 * with windows for others is taken only if there are many, or it `must` be. */
static bool take_idle(struct space *space, bool must, struct carrier *ret)
{
    if (space->reference != 0 || idle == NULL) { return false; }
    struct carrier **best = best_idle(space->key);
    bool fits = (*best)->kept == NULL || kept_is_of((*best)->kept, space->key);
    if (!fits && !must && idle_count < KEPT_MOST) { return false; }
    take(best, ret);
    idle_count--;
    if (fits) {
        space->kept = ret->kept;
    } else {
        kept_close(ret->kept, ret->reference);
    }
    ret->kept = NULL;
    return true;
}

bool carrier_take(struct thread *t, struct space *space)
{
    struct carrier c;
    bool is_there = space->idle != NULL && space->idle->buffer != 0 &&
                    take(&space->idle, &c);
    if (is_there) { space->idle_count--; }
    if (!is_there && !take_idle(space, false, &c) && !make(space, &c) &&
        !take_idle(space, true, &c)) {
        return false;
    }
    if (space->reference == 0) {
        space->reference = c.reference;
        space->tables = TABLES_FIRST;
    }
    t->reference = c.reference;
    t->number = c.number;
    t->buffer = c.buffer;
    t->ticks_before = c.ticks;
    thread_of[c.number] = t;
    return true;
}

/* ---- giving back --------------------------------------------------------- */

/* Others use the space.  A spent one goes behind all others. */
static void leave_others(struct space *space, struct carrier *c)
{
    bool is_first = c->reference == space->reference;
    struct carrier **at = &space->idle;
    if (c->buffer == 0 && is_first) { kerne_stop(c->reference); }
    while (c->buffer == 0 && *at != NULL) { at = &(*at)->next; }
    bool stays =
        is_first || (c->buffer != 0 && space->idle_count < IDLE_OF_SPACE_MOST);
    if (stays && put(at, c)) {
        space->idle_count++;
    } else {
        remove_carrier(c);
    }
}

/* It stays for another space, with windows for such a one. */
static bool become_idle(struct carrier *c, struct space *space)
{
    if (c->buffer == 0 || idle_count >= IDLE_MOST) { return false; }
    c->kept = kept_make(space);
    if (kerne_set_claims(c->reference, 0, 0, TABLES_FIRST) != KERNE_r_normal) {
        kept_close(c->kept, c->reference);
        c->kept = NULL;
        if (kerne_set_claims(c->reference, 0, 0, TABLES_FIRST) !=
            KERNE_r_normal) {
            return false;
        }
    }
    if (!put(&idle, c)) {
        kept_close(c->kept, c->reference);
        return false;
    }
    idle_count++;
    return true;
}

/* Nobody uses the space any more: its first one may become idle. */
static void leave_last(struct space *space, const struct carrier *last)
{
    struct carrier c = *last;
    if (space->kept != NULL) { /* it has not begun */
        kept_close(space->kept, space->reference);
        space->kept = NULL;
        space->key = NULL;
    }
    do {
        bool stays = c.reference == space->reference && become_idle(&c, space);
        if (!stays) {
            if (c.reference == space->reference) { space_close_all(space); }
            remove_carrier(&c);
        }
    } while (take(&space->idle, &c));
    space->reference = 0;
    space->idle_count = 0;
}

static uint64_t ticks_of(uint64_t reference)
{
    struct kerne_time_record record;
    (void)kerne_describe_time(reference, &record);
    return record.own;
}

uint64_t carrier_time(const struct thread *t)
{
    return t->own_time +
           time_of_ticks(ticks_of(t->reference) - t->ticks_before);
}

/* It waits to carry another one, which is not stopped. */
void carrier_give_back(struct thread *t)
{
    struct carrier c = { NULL,      t->reference,
                         t->buffer, ticks_of(t->reference),
                         t->number, NULL };
    t->own_time += time_of_ticks(c.ticks - t->ticks_before);
    thread_of[t->number] = NULL;
    if (t->process->is_stopped && t->buffer != 0) { kerne_start(t->reference); }
    if (t->space->users == 1) {
        leave_last(t->space, &c);
    } else {
        leave_others(t->space, &c);
    }
    t->buffer = 0;
}

void carrier_begin(struct thread *t)
{
    bool is_stopped = t->process->is_stopped;
    kept_adopt(t->space);
    if (is_stopped) { kerne_stop(t->reference); }
    if (t->buffer != 0) {
        loop_again(t);
    } else if (!is_stopped) {
        kerne_start(t->reference);
    }
}

struct carrier_counts carrier_counts(void)
{
    struct carrier_counts now = counts;
    for (const struct carrier *c = idle; c != NULL; c = c->next) {
        now.kept += c->kept != NULL;
    }
    return now;
}
