#include <processes/pending.h>

#include <memory/pool.h>

void pending_end(struct pending *pending)
{
    while (pending->first != NULL) {
        struct pending_signal *next = pending->first->next;
        pool_return(pending->first, sizeof *pending->first);
        pending->first = next;
    }
    pending->set = 0;
}

void pending_note(struct pending *pending, const struct siginfo *info)
{
    sigset bit = SIGSET_OF(info->signal);
    struct pending_signal **at = &pending->first;
    if (pending->set & bit) { return; }
    pending->set |= bit;
    struct pending_signal *more = pool_take(sizeof *more);
    if (more == NULL) { return; }
    more->info = *info;
    while (*at != NULL) { at = &(*at)->next; }
    *at = more;
}

void pending_take(struct pending *pending, int signal, struct siginfo *ret_info)
{
    struct pending_signal **at = &pending->first;
    pending->set &= ~SIGSET_OF(signal);
    while (*at != NULL && (*at)->info.signal != signal) { at = &(*at)->next; }
    struct pending_signal *found = *at;
    if (found == NULL) {
        *ret_info = (struct siginfo){ .signal = signal };
        return;
    }
    *ret_info = found->info;
    *at = found->next;
    pool_return(found, sizeof *found);
}
