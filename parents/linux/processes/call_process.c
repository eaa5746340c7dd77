/* Calls by which processes and threads begin, end, and know themselves. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <loop.h>
#include <memory/frames.h>
#include <memory/slots.h>
#include <memory/user.h>
#include <processes/threads.h>
#include <string.h>
#include <waiting/load.h>
#include <waiting/time.h>

/* ---- beginning and ending ------------------------------------------------ */

/* Of vfork the caller waits until its child needs its storage no more; the
 * child's id is what it then has.  Of fork the child goes first: mostly it soon
 * runs another program, and until then each page that the caller changes is
 * copied. */
static long finish_clone(struct thread *t, long id, uint64_t flags)
{
    bool goes_first = !t->is_again && !(flags & LINUX_CLONE_VM);
    if (t->vforked == NULL && !goes_first) { return id; }
    t->progress = (uint64_t)id;
    t->is_waiting = true;
    if (t->vforked == NULL) { loop_begin_before(t); }
    return CALL_WAITS;
}

/* NEWNS, and NEWCGROUP to NEWNET. */
#define NAMESPACES UINT64_C(0x7e020000)

static bool is_possible(uint64_t flags)
{
    bool is_thread = flags & LINUX_CLONE_THREAD;
    return !(flags & NAMESPACES) &&
           !(is_thread && !(flags & LINUX_CLONE_SIGHAND)) &&
           !(is_thread && flags & LINUX_CLONE_PIDFD) &&
           !(flags & LINUX_CLONE_SIGHAND &&
             (!(flags & LINUX_CLONE_VM) || flags & LINUX_CLONE_CLEAR_SIGHAND));
}

static long clone(struct thread *t, const struct clone_order *order)
{
    if (t->is_again) { return finish_clone(t, (long)t->progress, 0); }
    if (!is_possible(order->flags)) { return -LINUX_EINVAL; }
    long id = process_clone(t, order);
    return id < 0 ? id : finish_clone(t, id, order->flags);
}

long call_clone(struct thread *t, const uint64_t *a)
{
    struct clone_order order = { .flags = a[0] & ~UINT64_C(0xff),
                                 .exit_signal = (int)(a[0] & 0x7f),
                                 .stack = a[1],
                                 .parent_id = a[2],
                                 .pidfd = a[2], /* the same place */
                                 .tls = a[3],
                                 .child_id = a[4] };
    if (a[0] & LINUX_CLONE_PIDFD && a[0] & LINUX_CLONE_PARENT_SETTID) {
        return -LINUX_EINVAL;
    }
    if (order.exit_signal > LINUX_SIGNALS) { order.exit_signal = 0; }
    return clone(t, &order);
}

struct clone_arguments {
    uint64_t flags, pidfd, child_id, parent_id, exit_signal;
    uint64_t stack, stack_bytes, tls;
};

/* Ids of its own choice, and cgroups, a program may not say, but as 0. */
long call_clone3(struct thread *t, const uint64_t *a)
{
    struct clone_arguments said;
    uint8_t more = 0;
    if (a[1] > KERNE_PAGE) { return -LINUX_E2BIG; }
    if (a[1] < sizeof said) { return -LINUX_EINVAL; }
    if (user_read(t->space, &said, a[0], sizeof said) != 0) {
        return -LINUX_EFAULT;
    }
    for (uint64_t at = sizeof said; at < a[1] && more == 0; at++) {
        if (user_read(t->space, &more, a[0] + at, 1) != 0) {
            return -LINUX_EFAULT;
        }
    }
    if (more != 0) { return -LINUX_E2BIG; }
    if (said.flags & ~(LINUX_CLONE_CLEAR_SIGHAND | UINT64_C(0xffffffff)) ||
        (said.exit_signal != 0 &&
         said.flags & (LINUX_CLONE_THREAD | LINUX_CLONE_PARENT))) {
        return -LINUX_EINVAL;
    }
    struct clone_order order = { .flags = said.flags,
                                 .exit_signal = (int)(said.exit_signal & 0x7f),
                                 .parent_id = said.parent_id,
                                 .pidfd = said.pidfd,
                                 .tls = said.tls,
                                 .child_id = said.child_id };
    if (said.flags & 0xff || said.exit_signal > LINUX_SIGNALS ||
        (said.stack == 0) != (said.stack_bytes == 0)) {
        return -LINUX_EINVAL;
    }
    if (said.stack != 0) { order.stack = said.stack + said.stack_bytes; }
    return clone(t, &order);
}

long call_exit(struct thread *t, const uint64_t *a)
{
    thread_exit(t, status_of_exit(a[0]));
    return CALL_NO_ANSWER;
}

long call_exit_group(struct thread *t, const uint64_t *a)
{
    process_exit(t->process, status_of_exit(a[0]));
    return CALL_NO_ANSWER;
}

/* ---- ids ----------------------------------------------------------------- */

long call_getpid(struct thread *t, const uint64_t *a)
{
    (void)a;
    return t->process->id;
}

long call_getppid(struct thread *t, const uint64_t *a)
{
    (void)a;
    return t->process->parent == NULL ? 0 : t->process->parent->id;
}

long call_gettid(struct thread *t, const uint64_t *a)
{
    (void)a;
    return t->id;
}

/* There is one user, 0, and one group. */
long call_getuid(struct thread *t, const uint64_t *a)
{
    (void)t;
    (void)a;
    return 0;
}

/* Each is the one that there is, or (-1) left as it is. */
static long set_ids(const uint64_t *a, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if ((uint32_t)a[i] != 0 && (int32_t)a[i] != -1) {
            return -LINUX_EINVAL;
        }
    }
    return 0;
}

long call_setuid(struct thread *t, const uint64_t *a)
{
    (void)t;
    return (uint32_t)a[0] == 0 ? 0 : -LINUX_EINVAL;
}

/* What it was. */
long call_setfsuid(struct thread *t, const uint64_t *a)
{
    (void)t;
    (void)a;
    return 0;
}

long call_setreuid(struct thread *t, const uint64_t *a)
{
    (void)t;
    return set_ids(a, 2);
}

long call_setresuid(struct thread *t, const uint64_t *a)
{
    (void)t;
    return set_ids(a, 3);
}

long call_getresuid(struct thread *t, const uint64_t *a)
{
    static const uint32_t id;
    for (unsigned i = 0; i < 3; i++) {
        if (user_write(t->space, a[i], &id, sizeof id) != 0) {
            return -LINUX_EFAULT;
        }
    }
    return 0;
}

static struct process *meant(struct thread *t, uint64_t id)
{
    return (uint32_t)id == 0 ? t->process : process_find((uint32_t)id);
}

long call_getpgid(struct thread *t, const uint64_t *a)
{
    struct process *p = meant(t, a[0]);
    return p == NULL ? -LINUX_ESRCH : (long)p->group;
}

long call_getsid(struct thread *t, const uint64_t *a)
{
    struct process *p = meant(t, a[0]);
    return p == NULL ? -LINUX_ESRCH : (long)p->session;
}

long call_setpgid(struct thread *t, const uint64_t *a)
{
    struct process *p = meant(t, a[0]);
    if ((int32_t)((uint32_t)a[1] == 0 ? a[0] : a[1]) < 0) {
        return -LINUX_EINVAL;
    }
    if (p == NULL || (p != t->process && p->parent != t->process)) {
        return -LINUX_ESRCH;
    }
    uint32_t group = (uint32_t)a[1] == 0 ? p->id : (uint32_t)a[1];
    if (p != t->process && p->has_executed) { return -LINUX_EACCES; }
    if (p->session != t->process->session || p->session == p->id) {
        return -LINUX_EPERM;
    }
    bool is_there = group == p->id;
    for (struct process *q = NULL;
         !is_there && (q = process_next(q)) != NULL;) {
        is_there = q->group == group && q->session == p->session;
    }
    if (!is_there) { return -LINUX_EPERM; }
    p->group = group;
    return 0;
}

long call_setsid(struct thread *t, const uint64_t *a)
{
    struct process *p = t->process;
    (void)a;
    for (struct process *q = NULL; (q = process_next(q)) != NULL;) {
        if (q->group == p->id) { return -LINUX_EPERM; }
    }
    p->group = p->session = p->id;
    return p->id;
}

long call_set_tid_address(struct thread *t, const uint64_t *a)
{
    t->clear_id = a[0];
    return t->id;
}

long call_set_robust_list(struct thread *t, const uint64_t *a)
{
    if (a[1] != 24) { return -LINUX_EINVAL; }
    t->robust_list = a[0];
    return 0;
}

/* ---- about the system ---------------------------------------------------- */

long call_uname(struct thread *t, const uint64_t *a)
{
    static const struct {
        char field[6][65];
    } name = { { "Linux", LINUX_HOST, LINUX_RELEASE, LINUX_VERSION, "riscv64",
                 "(none)" } };
    return user_write(t->space, a[0], &name, sizeof name);
}

long call_sysinfo(struct thread *t, const uint64_t *a)
{
    struct {
        int64_t uptime;
        uint64_t loads[3], all, free, shared, buffer, swap, swap_free;
        uint16_t processes, pad;
        uint64_t high, high_free;
        uint32_t unit;
    } info = { .uptime = (int64_t)(time_now() / 1000000000),
               .all = frames_all() * KERNE_PAGE,
               .free = frames_free() * KERNE_PAGE,
               .swap = slots_all() * KERNE_PAGE,
               .swap_free = (slots_all() - slots_used()) * KERNE_PAGE,
               .unit = 1 };
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        info.processes++;
    }
    load_get(info.loads);
    for (unsigned i = 0; i < 3; i++) { info.loads[i] *= 65536 / LOAD_ONE; }
    return user_write(t->space, a[0], &info, sizeof info);
}

#define GROUPS_MOST 65536

/* Nobody comes before another: what is said is forgotten. */
enum { PRIORITY_0 = 20 };

long call_getpriority(struct thread *t, const uint64_t *a)
{
    uint32_t which = (uint32_t)a[0];
    if (which > 2) { return -LINUX_EINVAL; }
    return which == 0 && meant(t, a[1]) == NULL ? -LINUX_ESRCH : PRIORITY_0;
}

long call_setpriority(struct thread *t, const uint64_t *a)
{
    long result = call_getpriority(t, a);
    return result < 0 ? result : 0;
}

enum { PR_SET_NAME = 15, PR_GET_NAME = 16 };

long call_prctl(struct thread *t, const uint64_t *a)
{
    char *name = t->process->name;
    uint32_t order = (uint32_t)a[0];
    if (order == PR_GET_NAME) {
        return user_write(t->space, a[1], name, PROCESS_NAME_BYTES);
    }
    if (order != PR_SET_NAME) { return -LINUX_EINVAL; }
    char text[PROCESS_NAME_BYTES] = { 0 };
    long length = user_text(t->space, text, a[1], sizeof text - 1);
    if (length == -LINUX_EFAULT) { return length; }
    memcpy(name, text, sizeof text);
    return 0;
}

enum { RLIMIT_STACK = 3, RLIMIT_CORE, RLIMIT_NOFILE = 7 };
enum { RLIMIT_SIGPENDING = 11, RLIMITS = 16 };

static void tell_limit(const struct process *p, uint64_t kind,
                       uint64_t limit[2])
{
    limit[0] = limit[1] = UINT64_MAX;
    if (kind == RLIMIT_STACK) { limit[0] = SPACE_STACK_BYTES; }
    if (kind == RLIMIT_CORE) { limit[0] = 0; }
    if (kind == RLIMIT_NOFILE) {
        limit[0] = p->descriptors->most;
        limit[1] = p->descriptors->hard;
    }
    if (kind == RLIMIT_SIGPENDING) {
        limit[0] = p->signals;
        limit[1] = p->signals_hard;
    }
}

static long set_signals(struct process *p, const uint64_t limit[2])
{
    if (limit[1] > PENDING_MOST) { return -LINUX_EPERM; }
    p->signals = limit[0];
    p->signals_hard = limit[1];
    return 0;
}

/* Other limits than those of descriptors and signals are as there is room. */
static long set_limit(struct process *p, uint64_t kind, const uint64_t limit[2])
{
    if (limit[0] > limit[1]) { return -LINUX_EINVAL; }
    if (kind == RLIMIT_SIGPENDING) { return set_signals(p, limit); }
    if (kind != RLIMIT_NOFILE) { return 0; }
    return limit[1] > DESCRIPTORS ? -LINUX_EPERM
                                  : descriptors_limit(p, limit[0], limit[1]);
}

long call_prlimit64(struct thread *t, const uint64_t *a)
{
    uint64_t before[2], limit[2];
    struct process *p = meant(t, a[0]);
    uint32_t kind = (uint32_t)a[1];
    if (kind >= RLIMITS) { return -LINUX_EINVAL; }
    if (a[2] != 0 && user_read(t->space, limit, a[2], sizeof limit) != 0) {
        return -LINUX_EFAULT;
    }
    if (p == NULL || p->descriptors == NULL) { return -LINUX_ESRCH; }
    tell_limit(p, kind, before);
    long result = a[2] == 0 ? 0 : set_limit(p, kind, limit);
    return result != 0 ? result
                       : user_write_if(t->space, a[3], before, sizeof before);
}

long call_sched_yield(struct thread *t, const uint64_t *a)
{
    (void)t;
    (void)a;
    loop_due |= LOOP_NOW;
    return 0;
}

long call_sched_getaffinity(struct thread *t, const uint64_t *a)
{
    uint64_t one = 1;
    uint32_t bits = (uint32_t)a[1] * 8;
    if (bits == 0 || a[1] % sizeof one != 0) { return -LINUX_EINVAL; }
    if (meant(t, a[0]) == NULL && thread_find((uint32_t)a[0]) == NULL) {
        return -LINUX_ESRCH;
    }
    long result = user_write(t->space, a[2], &one, sizeof one);
    return result != 0 ? result : (long)sizeof one;
}

long call_sched_setaffinity(struct thread *t, const uint64_t *a)
{
    uint64_t set = 0;
    uint32_t bytes = (uint32_t)a[1] < sizeof set ? (uint32_t)a[1] : sizeof set;
    if (user_read(t->space, &set, a[2], bytes) != 0) { return -LINUX_EFAULT; }
    if (meant(t, a[0]) == NULL && thread_find((uint32_t)a[0]) == NULL) {
        return -LINUX_ESRCH;
    }
    return set & 1 ? 0 : -LINUX_EINVAL;
}

/* Other groups than the one are forgotten. */
long call_setgroups(struct thread *t, const uint64_t *a)
{
    uint32_t group, count = (uint32_t)a[0];
    if (count > GROUPS_MOST) { return -LINUX_EINVAL; }
    for (uint64_t i = 0; i < count; i++) {
        if (user_read(t->space, &group, a[1] + 4 * i, sizeof group) != 0) {
            return -LINUX_EFAULT;
        }
    }
    return 0;
}

/* One group, which is none. */
long call_getgroups(struct thread *t, const uint64_t *a)
{
    (void)t;
    return (int32_t)a[0] < 0 ? -LINUX_EINVAL : 0;
}
