/* Calls that set what is told of files: modes, owners, times. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <memory/user.h>
#include <processes/process.h>
#include <waiting/time.h>

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

static long set_mode(struct node *node, uint64_t mode)
{
    node->mode = (node->mode & LINUX_S_KIND) | (mode & LINUX_S_BITS);
    node_changed(node);
    return 0;
}

long call_fchmodat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    long result = path_node(t, a[0], a[1], PATH_FOLLOW, &node);
    if (result != 0) { return result; }
    result = set_mode(node, a[2]);
    node_drop(node);
    return result;
}

/* Null: it has none, and what is set of it nobody sees. */
static long node_of(struct thread *t, uint64_t number, struct node **ret_node)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)number);
    if (file == NULL) { return -LINUX_EBADF; }
    *ret_node = file->node;
    return 0;
}

long call_fchmod(struct thread *t, const uint64_t *a)
{
    struct node *node;
    long result = node_of(t, a[0], &node);
    return result != 0 || node == NULL ? result : set_mode(node, a[1]);
}

/* What runs as its owner does not run as another one's. */
static long set_owner(struct node *node, uint64_t user, uint64_t group)
{
    if (!node_is(node, LINUX_S_FOLDER)) {
        node->mode &= ~(uint32_t)LINUX_S_SET_USER;
        if (node->mode & LINUX_S_GROUP_RUNS) {
            node->mode &= ~(uint32_t)LINUX_S_SET_GROUP;
        }
    }
    if ((int32_t)user != -1) { node->user = (uint32_t)user; }
    if ((int32_t)group != -1) { node->group = (uint32_t)group; }
    node_changed(node);
    return 0;
}

long call_fchownat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    unsigned how;
    long result = path_flags(a[4], 0, &how);
    if (result == 0) { result = path_node(t, a[0], a[1], how, &node); }
    if (result != 0) { return result; }
    result = set_owner(node, a[2], a[3]);
    node_drop(node);
    return result;
}

long call_fchown(struct thread *t, const uint64_t *a)
{
    struct node *node;
    long result = node_of(t, a[0], &node);
    return result != 0 || node == NULL ? result : set_owner(node, a[1], a[2]);
}

static void set_time(struct linux_time *time, const struct linux_time *to)
{
    if (to->nanoseconds == UTIME_OMIT) { return; }
    *time = to->nanoseconds == UTIME_NOW ? time_of_day() : *to;
}

static bool is_time(const struct linux_time *time)
{
    return (uint64_t)time->nanoseconds < 1000000000 ||
           time->nanoseconds == UTIME_NOW || time->nanoseconds == UTIME_OMIT;
}

long call_utimensat(struct thread *t, const uint64_t *a)
{
    struct linux_time times[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
    struct node *node;
    unsigned how;
    bool is_own = a[1] == 0 && (int32_t)a[0] != LINUX_AT_FDCWD;
    if (a[2] != 0 && user_read(t->space, times, a[2], sizeof times) != 0) {
        return -LINUX_EFAULT;
    }
    if (!is_time(&times[0]) || !is_time(&times[1])) { return -LINUX_EINVAL; }
    long result = path_flags(a[3], 0, &how);
    if (result != 0 || (is_own && (uint32_t)a[3] != 0)) {
        return -LINUX_EINVAL;
    }
    if (is_own) {
        result = node_of(t, a[0], &node);
        if (result == 0 && node == NULL) { return 0; }
        if (result == 0) { node_use(node); }
    } else {
        result = path_node(t, a[0], a[1], how, &node);
    }
    if (result != 0) { return result; }
    set_time(&node->accessed, &times[0]);
    set_time(&node->modified, &times[1]);
    node_changed(node);
    node_drop(node);
    return 0;
}
