#include <processes/pending.h>

#include <memory/pool.h>
#include <waiting/ticker.h>

static uint64_t records;

/* Mostly one waits, and not for long: it needs nothing of the pool. */
static struct pending_signal spare;
static bool is_spare_taken;

static struct pending_signal *take_record(void)
{
    if (is_spare_taken) { return pool_take(sizeof spare); }
    is_spare_taken = true;
    return &spare;
}

static void return_record(struct pending_signal *record)
{
    if (record == &spare) {
        is_spare_taken = false;
    } else {
        pool_return(record, sizeof *record);
    }
}

bool pending_count(uint64_t most)
{
    if (records >= most) { return false; }
    records++;
    return true;
}

void pending_uncount(void) { records--; }

/* Takes out what follows a place; its timer goes on. */
static void take_out(struct pending_signal **at)
{
    struct pending_signal *found = *at;
    *at = found->next;
    if (found->ticker != NULL) {
        ticker_taken(found->ticker, &found->info);
    } else {
        pending_uncount();
    }
}

/* The first of a signal, from a place on. */
static struct pending_signal **place_of(struct pending_signal **at, int signal)
{
    while (*at != NULL && (*at)->info.signal != signal) { at = &(*at)->next; }
    return at;
}

void pending_end(struct pending *pending)
{
    while (pending->first != NULL) {
        struct pending_signal *first = pending->first;
        take_out(&pending->first);
        return_record(first);
    }
    pending->set = 0;
}

void pending_forget(struct pending *pending, int signal)
{
    struct siginfo info;
    while (pending->set & SIGSET_OF(signal)) {
        pending_take(pending, signal, &info);
    }
}

/* Of one that is not a timer's, what a program must be able to rely on is of a
 * signal that waits as often as it is sent, and says more than kill does. */
static bool may_be_lost(const struct siginfo *info)
{
    return info->signal < LINUX_SIGRTMIN || info->code == LINUX_SI_USER ||
           info->code == LINUX_SI_KERNEL;
}

long pending_note(struct pending *pending, const struct siginfo *info,
                  struct ticker *ticker, uint64_t most)
{
    sigset bit = SIGSET_OF(info->signal);
    struct pending_signal **at = &pending->first;
    if (pending->set & bit && info->signal < LINUX_SIGRTMIN && ticker == NULL) {
        return 0;
    }
    bool is_counted = ticker != NULL;
    if (!is_counted) {
        bool is_urgent = info->signal < LINUX_SIGRTMIN && info->code >= 0;
        is_counted = pending_count(is_urgent ? UINT64_MAX : most);
    }
    struct pending_signal *more = is_counted ? take_record() : NULL;
    if (more == NULL) {
        if (is_counted && ticker == NULL) { pending_uncount(); }
        if (ticker != NULL) { return 0; }
        if (!may_be_lost(info)) { return -LINUX_EAGAIN; }
        pending->set |= bit;
        return 0;
    }
    pending->set |= bit;
    more->next = NULL;
    more->info = *info;
    more->ticker = ticker;
    if (ticker != NULL) { ticker->noted = more; }
    while (*at != NULL) { at = &(*at)->next; }
    *at = more;
    return 0;
}

void pending_take(struct pending *pending, int signal, struct siginfo *ret_info)
{
    struct pending_signal **at = place_of(&pending->first, signal);
    struct pending_signal *found = *at;
    if (found == NULL) {
        *ret_info = (struct siginfo){ .signal = signal };
        pending->set &= ~SIGSET_OF(signal);
        return;
    }
    take_out(at);
    if (*place_of(at, signal) == NULL) { pending->set &= ~SIGSET_OF(signal); }
    *ret_info = found->info;
    return_record(found);
}
