/* Calls that wait for children. */
#include <calls/table.h>
#include <files/pidfd.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <processes/usage.h>
#include <string.h>

enum { WNOHANG = 1, WUNTRACED = 2, WEXITED = 4, WCONTINUED = 8 };
#define WNOWAIT 0x1000000u
#define WNOTHREAD 0x20000000u
#define WALL 0x40000000u   /* children of both kinds */
#define WCLONE 0x80000000u /* those that do not end with SIGCHLD */
#define WKINDS (WNOTHREAD | WALL | WCLONE)
enum { P_ALL, P_PID, P_PGID, P_PIDFD };
enum { CLD_EXITED = 1, CLD_KILLED, CLD_DUMPED };
#define SA_NOCLDWAIT 2
#define INFO_BYTES 28 /* of a child's siginfo: those with a meaning */

/* Which children are meant. */
struct wanted {
    int kind;
    uint32_t id;
};

static bool is_meant(const struct process *p, const struct wanted *w)
{
    return w->kind == P_ALL || (w->kind == P_PID && p->id == w->id) ||
           (w->kind == P_PGID && p->group == w->id);
}

static bool is_of_kind(const struct process *p, uint64_t options)
{
    return options & WALL ||
           (p->exit_signal != LINUX_SIGCHLD) == ((options & WCLONE) != 0);
}

/* Has it something to tell that is asked for? */
static bool has_news(const struct process *p, uint64_t options)
{
    return p->threads == NULL ? options & WEXITED
           : p->is_stopped    ? options & WUNTRACED && !p->is_stop_told
                              : options & WCONTINUED && !p->is_continue_told &&
                                 p->status == LINUX_IS_CONTINUED;
}

/* Who has; null: nobody, and *ret_any says whether one may come. */
static struct process *find(struct process *parent, const struct wanted *w,
                            uint64_t options, bool *ret_any)
{
    struct process *p = parent->first_child;
    *ret_any = false;
    for (; p != NULL; p = p->next_sibling) {
        if (!is_meant(p, w) || !is_of_kind(p, options)) { continue; }
        *ret_any = true;
        if (has_news(p, options)) { return p; }
    }
    return NULL;
}

/* A zombie goes. */
static void told(struct process *p)
{
    if (p->threads == NULL) {
        p->parent->child_time += p->ended_time + p->child_time;
        process_forget(p);
    } else {
        *(p->is_stopped ? &p->is_stop_told : &p->is_continue_told) = true;
    }
}

static long wait_for(struct thread *t, const struct wanted *w, uint64_t options,
                     struct process **ret_process)
{
    bool may_come;
    *ret_process = find(t->process, w, options, &may_come);
    if (*ret_process != NULL) { return 0; }
    if (!may_come) { return -LINUX_ECHILD; }
    return options & WNOHANG ? 0 : wait_on(t, &t->process->children);
}

long call_wait4(struct thread *t, const uint64_t *a)
{
    int32_t id = (int32_t)a[0];
    struct wanted wanted = { P_ALL, 0 };
    struct process *p;
    uint32_t options = (uint32_t)a[2];
    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WKINDS)) {
        return -LINUX_EINVAL;
    }
    if (id == INT32_MIN) { return -LINUX_ESRCH; }
    if (id > 0) { wanted = (struct wanted){ P_PID, (uint32_t)id }; }
    if (id == 0) { wanted = (struct wanted){ P_PGID, t->process->group }; }
    if (id < -1) { wanted = (struct wanted){ P_PGID, 0 - (uint32_t)id }; }
    long result = wait_for(t, &wanted, options | WEXITED, &p);
    if (result != 0 || p == NULL) { return result; }
    result = user_write_if(t->space, a[1], &p->status, sizeof p->status);
    if (result == 0) {
        result = usage_write_if(t, a[3], p->ended_time + p->child_time, 0);
    }
    if (result != 0) { return result; }
    result = p->id;
    told(p);
    return result;
}

static void fill_info(const struct process *p, struct siginfo *info)
{
    int signal = p->status & 0x7f;
    *info = (struct siginfo){ .signal = LINUX_SIGCHLD };
    info->sender.process = (int32_t)p->id;
    if (p->threads != NULL) {
        info->code = p->is_stopped ? LINUX_CLD_STOPPED : LINUX_CLD_CONTINUED;
        info->sender.status = p->is_stopped ? p->status >> 8 : LINUX_SIGCONT;
        return;
    }
    info->code = signal == 0        ? CLD_EXITED
                 : p->status & 0x80 ? CLD_DUMPED
                                    : CLD_KILLED;
    info->sender.status = signal == 0 ? p->status >> 8 & 0xff : signal;
}

static long find_pidfd(struct thread *t, uint64_t number,
                       struct wanted *ret_wanted, bool *ret_at_once)
{
    struct process *p;
    long result = pidfd_find(t, number, &p, ret_at_once);
    if (result != 0) { return result; }
    if (p == NULL) { return -LINUX_ECHILD; }
    *ret_wanted = (struct wanted){ P_PID, p->id };
    return 0;
}

long call_waitid(struct thread *t, const uint64_t *a)
{
    struct wanted wanted = { (int)a[0], (uint32_t)a[1] };
    struct process *p;
    struct siginfo info;
    bool at_once = false;
    uint32_t options = (uint32_t)a[3];
    if (options &
            ~(WNOHANG | WNOWAIT | WEXITED | WUNTRACED | WCONTINUED | WKINDS) ||
        !(options & (WEXITED | WUNTRACED | WCONTINUED)) ||
        (uint32_t)a[0] > P_PIDFD ||
        (wanted.kind == P_PID && (int32_t)wanted.id <= 0) ||
        (wanted.kind != P_ALL && (int32_t)wanted.id < 0)) {
        return -LINUX_EINVAL;
    }
    if (wanted.kind == P_PGID && wanted.id == 0) {
        wanted.id = t->process->group;
    }
    long result =
        wanted.kind == P_PIDFD ? find_pidfd(t, a[1], &wanted, &at_once) : 0;
    if (result != 0) { return result; }
    result = wait_for(t, &wanted, options | (at_once ? WNOHANG : 0u), &p);
    if (result != 0) { return result; }
    if (p == NULL && at_once && !(options & WNOHANG)) { return -LINUX_EAGAIN; }
    memset(&info, 0, sizeof info);
    if (p != NULL) { fill_info(p, &info); }
    result = user_write_if(t->space, a[2], &info, INFO_BYTES);
    if (result == 0 && p != NULL) {
        result = usage_write_if(t, a[4], p->ended_time + p->child_time, 0);
    }
    if (result == 0 && p != NULL && !(options & WNOWAIT)) { told(p); }
    return result;
}

void process_tell_parent(struct process *p)
{
    struct process *parent = p->parent;
    struct siginfo info;
    if (parent == NULL) { return; }
    const struct action *action =
        parent->actions == NULL ? NULL
                                : &parent->actions->action[LINUX_SIGCHLD - 1];
    bool is_unwanted =
        action != NULL && p->exit_signal == LINUX_SIGCHLD &&
        (action->handler == SIGNAL_IGNORE || action->flags & SA_NOCLDWAIT);
    fill_info(p, &info);
    info.signal = p->exit_signal;
    if (p->exit_signal != 0) { signal_process(parent, &info); }
    queue_wake(&parent->children);
    if (is_unwanted) { process_forget(p); }
}
