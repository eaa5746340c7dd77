#include <processes/process.h>

#include <calls.h>
#include <calls/trace.h>
#include <files/descriptors.h>
#include <files/locks.h>
#include <files/node.h>
#include <files/pidfd.h>
#include <loop.h>
#include <memory/pool.h>
#include <memory/swap.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/carriers.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <string.h>
#include <terminals/jobs.h>
#include <waiting/posix_timer.h>
#include <waiting/time.h>

#define HASHES 256

static struct process *processes[HASHES];
static struct process *first;
static struct process *killed, **last_killed = &killed;
static uint32_t last_id;

/* ---- ids ----------------------------------------------------------------- */

struct process *process_find(uint32_t id)
{
    struct process *p = processes[id % HASHES];
    while (p != NULL && p->id != id) { p = p->next_of_hash; }
    return p;
}

struct process *process_next(const struct process *before)
{
    struct process *p = before == NULL ? NULL : before->next_of_hash;
    unsigned hash = before == NULL ? 0 : before->id % HASHES + 1;
    for (; p == NULL && hash < HASHES; hash++) { p = processes[hash]; }
    return p;
}

/* Ids are not used again before all others have been: IDS of them. */
#define IDS 4194304u
uint32_t process_new_id(void)
{
    do {
        last_id = last_id % (IDS - 1) + 1;
    } while (process_find(last_id) != NULL || thread_find(last_id) != NULL);
    return last_id;
}

struct process *process_largest(uint64_t *ret_pages)
{
    struct process *largest = first;
    *ret_pages = 0;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        uint64_t pages = p->threads == NULL || p == first
                             ? 0
                             : space_pages(p->threads->space);
        if (pages > *ret_pages) {
            *ret_pages = pages;
            largest = p;
        }
    }
    if (largest == first) { *ret_pages = space_pages(first->threads->space); }
    return largest;
}

uint64_t process_time(const struct process *p)
{
    uint64_t time = p->ended_time;
    for (const struct thread *t = p->threads; t != NULL; t = t->next) {
        time += carrier_time(t);
    }
    return time;
}

/* ---- what is shared ------------------------------------------------------ */

static struct scope *scope_make(struct scope *from)
{
    struct scope *scope = pool_take(sizeof *scope);
    if (scope == NULL) { return NULL; }
    scope->users = 1;
    scope->umask = from == NULL ? 022 : from->umask;
    scope->folder = from == NULL ? tree_root : from->folder;
    node_use(scope->folder);
    return scope;
}

static void scope_drop(struct scope *scope)
{
    if (scope == NULL || --scope->users > 0) { return; }
    node_drop(scope->folder);
    pool_return(scope, sizeof *scope);
}

static void share(struct process *p, struct process *from, uint64_t flags)
{
    if (flags & LINUX_CLONE_FS) {
        p->scope = from->scope;
        p->scope->users++;
    } else {
        p->scope = scope_make(from == NULL ? NULL : from->scope);
    }
    p->descriptors = from == NULL
                         ? descriptors_make()
                         : descriptors_use(from, flags & LINUX_CLONE_FILES);
    p->actions = from == NULL ? actions_make()
                              : actions_use(from, flags & LINUX_CLONE_SIGHAND);
    if (flags & LINUX_CLONE_CLEAR_SIGHAND && p->actions != NULL) {
        actions_execute(p);
    }
}

/* ---- families ------------------------------------------------------------ */

static void adopt(struct process *parent, struct process *p)
{
    p->parent = parent;
    p->previous_sibling = NULL;
    p->next_sibling = parent->first_child;
    if (p->next_sibling != NULL) { p->next_sibling->previous_sibling = p; }
    parent->first_child = p;
}

static void leave(struct process *p)
{
    if (p->parent == NULL) { return; }
    *(p->previous_sibling == NULL ? &p->parent->first_child
                                  : &p->previous_sibling->next_sibling) =
        p->next_sibling;
    if (p->next_sibling != NULL) {
        p->next_sibling->previous_sibling = p->previous_sibling;
    }
    p->parent = NULL;
}

static void drop_shared(struct process *p)
{
    scope_drop(p->scope);
    locks_end(&p->locks);
    if (p->descriptors != NULL) { descriptors_drop(p->descriptors); }
    actions_drop(p->actions);
    if (p->program != NULL) { node_drop(p->program); }
    pending_end(&p->pending);
    posix_timers_end(p);
    for (unsigned i = 0; i < PROCESS_INTERVALS; i++) {
        ticker_end(&p->interval[i]);
    }
    queue_end(&p->signalled);
    p->scope = NULL;
    p->descriptors = NULL;
    p->actions = NULL;
    p->program = NULL;
}

void process_forget(struct process *p)
{
    struct process **at = &processes[p->id % HASHES];
    while (*at != p) { at = &(*at)->next_of_hash; }
    *at = p->next_of_hash;
    leave(p);
    drop_shared(p);
    pidfds_forget(p);
    pool_return(p, sizeof *p);
}

/* A process without threads; null: no frame is left. */
static struct process *process_make(struct process *from, uint64_t flags)
{
    struct process *p = pool_take(sizeof *p);
    if (p == NULL) { return NULL; }
    p->id = process_new_id();
    p->next_of_hash = processes[p->id % HASHES];
    processes[p->id % HASHES] = p;
    p->started = time_now();
    share(p, from, flags);
    p->group = from == NULL ? p->id : from->group;
    p->session = from == NULL ? p->id : from->session;
    p->signals = from == NULL ? PENDING_MOST : from->signals;
    p->signals_hard = from == NULL ? PENDING_MOST : from->signals_hard;
    if (from != NULL) {
        bool is_sibling = flags & LINUX_CLONE_PARENT && from->parent != NULL;
        adopt(is_sibling ? from->parent : from, p);
        memcpy(p->name, from->name, sizeof p->name);
        p->program = from->program;
        if (p->program != NULL) { node_use(p->program); }
    }
    if (p->scope == NULL || p->descriptors == NULL || p->actions == NULL) {
        process_forget(p);
        return NULL;
    }
    return p;
}

/* ---- beginning ----------------------------------------------------------- */

struct thread *process_first(void)
{
    struct process *p = process_make(NULL, 0);
    struct space *space = p == NULL ? NULL : space_make();
    first = p;
    return space == NULL ? NULL : thread_make(p, p->id, space);
}

static struct space *space_for(struct thread *t, uint64_t flags)
{
    if (!(flags & LINUX_CLONE_VM)) { return space_fork(t->space); }
    space_use(t->space);
    return t->space;
}

/* What the order says of ids, tp and stack, and the registers of the caller,
 * which are changed. */
static long begin_like(struct thread *t, struct thread *new,
                       const struct clone_order *order,
                       struct kerne_register_file *file)
{
    uint64_t flags = order->flags;
    file->x[0] += 4;
    file->x[10] = 0;
    if (order->stack != 0) { file->x[2] = order->stack; }
    if (flags & LINUX_CLONE_SETTLS) { file->x[4] = order->tls; }
    kerne_modify(new->reference, file);
    if (flags & LINUX_CLONE_CHILD_CLEARTID) { new->clear_id = order->child_id; }
    if (flags & LINUX_CLONE_PARENT_SETTID) {
        (void)user_write(t->space, order->parent_id, &new->id, sizeof new->id);
    }
    if (flags & LINUX_CLONE_CHILD_SETTID) {
        (void)user_write(new->space, order->child_id, &new->id, sizeof new->id);
    }
    new->blocked = t->blocked;
    if (!(flags & LINUX_CLONE_VM) || flags & LINUX_CLONE_VFORK) {
        new->stack = t->stack;
    }
    return new->id;
}

/* Gives the caller a pidfd of its new child.  0 or an error. */
static long tell_pidfd(struct thread *t, struct process *p, uint64_t address)
{
    long number = pidfd_give(t, p, 0);
    int32_t told = (int32_t)number;
    if (number < 0) { return number; }
    if (user_write(t->space, address, &told, sizeof told) == 0) { return 0; }
    (void)descriptor_close(t->process, (uint64_t)number);
    return -LINUX_EFAULT;
}

long process_clone(struct thread *t, const struct clone_order *order)
{
    struct kerne_register_file file;
    uint64_t flags = order->flags;
    bool is_thread = flags & LINUX_CLONE_THREAD;
    if (!(flags & LINUX_CLONE_VM) && swap_is_laying(t->space)) {
        return -LINUX_EAGAIN;
    }
    if (kerne_read_registers(t->reference, &file) != KERNE_r_normal) {
        return -LINUX_EAGAIN;
    }
    struct process *p =
        is_thread ? t->process : process_make(t->process, flags);
    if (p == NULL) { return -LINUX_EAGAIN; }
    struct space *space = space_for(t, flags);
    struct thread *new =
        space == NULL
            ? NULL
            : thread_make(p, is_thread ? process_new_id() : p->id, space);
    if (new == NULL) {
        if (space != NULL) { space_drop(space); }
        if (!is_thread) { process_forget(p); }
        return -LINUX_EAGAIN;
    }
    if (!is_thread) {
        p->exit_signal = flags & LINUX_CLONE_PARENT ? t->process->exit_signal
                                                    : order->exit_signal;
    }
    if (flags & LINUX_CLONE_PIDFD) {
        long result = tell_pidfd(t, p, order->pidfd);
        if (result != 0) {
            thread_end(new);
            process_forget(p);
            return result;
        }
    }
    long id = begin_like(t, new, order, &file);
    if (flags & LINUX_CLONE_VFORK) {
        t->vforked = new;
        new->borrower = t;
    }
    carrier_begin(new);
    return id;
}

/* ---- ending -------------------------------------------------------------- */

bool process_group_is_orphaned(uint32_t group)
{
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        const struct process *parent = p->parent;
        if (p->group == group && p->threads != NULL && parent != NULL &&
            parent->threads != NULL && parent->group != group &&
            parent->session == p->session) {
            return false;
        }
    }
    return true;
}

static bool has_stopped(uint32_t group)
{
    const struct process *p = process_next(NULL);
    while (p != NULL &&
           !(p->group == group && p->threads != NULL && p->is_stopped)) {
        p = process_next(p);
    }
    return p != NULL;
}

/* Parent and child were parted: if that was the last way into the child's
 * group, and some of it are stopped, nobody could let them go on. */
static void release_orphans(const struct process *parent,
                            const struct process *child)
{
    uint32_t group = child->group;
    if (parent->group != group && parent->session == child->session &&
        has_stopped(group) && process_group_is_orphaned(group)) {
        signal_group(group, LINUX_SIGHUP);
        signal_group(group, LINUX_SIGCONT);
    }
}

/* Zombies among its children are told to whom they now belong to. */
static void give_children_away(struct process *p)
{
    const struct process *others = first->first_child;
    while (p->first_child != NULL) {
        struct process *child = p->first_child;
        leave(child);
        adopt(first, child);
        child->exit_signal = LINUX_SIGCHLD;
        if (child->threads == NULL) { process_tell_parent(child); }
    }
    for (const struct process *child = first->first_child; child != others;
         child = child->next_sibling) {
        release_orphans(p, child);
    }
}

void process_end_all(void)
{
    struct process *p;
    while ((p = process_next(NULL)) != NULL) {
        p->is_ending = true;
        while (p->threads != NULL) { thread_end(p->threads); }
        while (p->first_child != NULL) { leave(p->first_child); }
        process_forget(p);
    }
}

/* Without threads, and without what they shared. */
static void become_zombie(struct process *p, int32_t status)
{
    p->status = status;
    trace_end(p, status);
    drop_shared(p);
    queue_wake(&p->ended);
    if (p->session == p->id) { jobs_leader_ended(p); }
    if (p == first) {
        loop_end(status);
        return;
    }
    give_children_away(p);
    release_orphans(p->parent, p);
    process_tell_parent(p);
}

void thread_exit(struct thread *t, int32_t status)
{
    struct process *p = t->process;
    thread_end(t);
    if (p->threads == NULL) {
        become_zombie(p, p->is_ending ? p->status : status);
    }
}

void process_exit(struct process *p, int32_t status)
{
    p->is_ending = true;
    p->status = status;
    while (p->threads->next != NULL) { thread_end(p->threads->next); }
    thread_exit(p->threads, status);
}

void process_kill(struct process *p, int32_t status)
{
    if (p->is_ending) { return; }
    p->is_ending = true;
    p->status = status;
    *last_killed = p;
    last_killed = &p->next_killed;
    loop_due |= LOOP_SIGNALS;
}

void process_end_killed(void)
{
    while (killed != NULL) {
        struct process *p = killed;
        killed = p->next_killed;
        if (killed == NULL) { last_killed = &killed; }
        process_exit(p, p->status);
    }
}
