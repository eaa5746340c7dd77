#include <processes/actions.h>

#include <memory/pool.h>
#include <processes/process.h>
#include <string.h>

struct actions *actions_make(void)
{
    struct actions *actions = pool_take(sizeof *actions);
    if (actions != NULL) { actions->users = 1; }
    return actions;
}

static struct actions *copy_of(const struct actions *from)
{
    struct actions *actions = actions_make();
    if (actions != NULL) {
        memcpy(actions->action, from->action, sizeof actions->action);
    }
    return actions;
}

struct actions *actions_own(struct process *p)
{
    struct actions *actions = p->actions;
    if (actions->users == 1 || actions->is_shared) { return actions; }
    struct actions *copy = copy_of(actions);
    if (copy == NULL) { return NULL; }
    actions->users--;
    p->actions = copy;
    return copy;
}

struct actions *actions_use(struct process *p, bool is_shared)
{
    if (is_shared) {
        struct actions *actions = actions_own(p);
        if (actions == NULL) { return NULL; }
        actions->is_shared = true;
    } else if (p->actions->is_shared) {
        return copy_of(p->actions);
    }
    p->actions->users++;
    return p->actions;
}

void actions_drop(struct actions *actions)
{
    if (actions != NULL && --actions->users == 0) {
        pool_return(actions, sizeof *actions);
    }
}

/* Those that others share stay theirs. */
void actions_execute(struct process *p)
{
    struct actions *own = p->actions;
    bool any = false;
    for (unsigned i = 0; i < LINUX_SIGNALS && !any; i++) {
        any = action_is_handled(&own->action[i]);
    }
    if (own->users > 1 && (any || own->is_shared)) {
        own = copy_of(p->actions);
        if (own == NULL) { return; }
        p->actions->users--;
        p->actions = own;
    }
    for (unsigned i = 0; i < LINUX_SIGNALS && any; i++) {
        bool is_ignored = own->action[i].handler == SIGNAL_IGNORE;
        own->action[i] =
            (struct action){ .handler =
                                 is_ignored ? SIGNAL_IGNORE : SIGNAL_DEFAULT };
    }
}
