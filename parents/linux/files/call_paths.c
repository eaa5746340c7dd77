/* Calls that open, make, name and remove what a path leads to. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <files/pipe.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

#define RENAME_NOREPLACE 1u

/* ---- making -------------------------------------------------------------- */

long place_make(struct thread *t, const struct place *place, uint32_t mode,
                struct node **ret_node)
{
    if (place->folder->kind != NULL) { return -LINUX_ENOENT; }
    struct node *node = node_make(mode & ~t->process->scope->umask);
    if (node == NULL) { return -LINUX_ENOSPC; }
    if (place->folder->is_kept) { node_keep(node); }
    if (place->folder->mode & LINUX_S_SET_GROUP) { /* goes on below it */
        node->group = place->folder->group;
        if (node_is(node, LINUX_S_FOLDER)) { node->mode |= LINUX_S_SET_GROUP; }
    }
    if (!name_make(place->folder, place->last, strlen(place->last), node)) {
        node_drop(node);
        return -LINUX_ENOSPC;
    }
    *ret_node = node;
    return 0;
}

/* Makes a node where nothing is; gives the place back. */
static long make(struct thread *t, uint64_t folder, uint64_t path,
                 uint32_t mode, struct node **ret_node)
{
    struct place place;
    long result = path_find(t, folder, path, PATH_NEW, &place);
    if (result != 0) { return result; }
    if (place.node != NULL) {
        result = -LINUX_EEXIST;
    } else if (place.wants_folder && (mode & LINUX_S_KIND) != LINUX_S_FOLDER) {
        result = -LINUX_ENOENT;
    } else {
        result = place_make(t, &place, mode, ret_node);
    }
    place_end(&place);
    return result;
}

long call_mkdirat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    uint32_t mode = LINUX_S_FOLDER | ((uint32_t)a[2] & 01777);
    long result = make(t, a[0], a[1], mode, &node);
    if (result == 0) { node_drop(node); }
    return result;
}

long call_mknodat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    uint32_t mode = (uint32_t)a[2];
    if ((mode & LINUX_S_KIND) == 0) { mode |= LINUX_S_FILE; }
    switch (mode & LINUX_S_KIND) {
    case LINUX_S_FILE:
    case LINUX_S_FIFO:
    case LINUX_S_CHARACTER:
    case LINUX_S_SOCKET: break;
    case LINUX_S_FOLDER:
    case LINUX_S_BLOCK: return -LINUX_EPERM;
    default: return -LINUX_EINVAL;
    }
    long result = make(t, a[0], a[1], mode, &node);
    if (result != 0) { return result; }
    node->special = a[3];
    node_drop(node);
    return 0;
}

long call_symlinkat(struct thread *t, const uint64_t *a)
{
    static char target[LINUX_PATH_BYTES];
    struct node *node;
    long length = user_text(t->space, target, a[0], sizeof target);
    if (length <= 0) { return length == 0 ? -LINUX_ENOENT : length; }
    long result = make(t, a[1], a[2], LINUX_S_LINK | 0777, &node);
    if (result != 0) { return result; }
    node->mode = LINUX_S_LINK | 0777;
    bool is_set = node_set_target(node, target, (size_t)length);
    if (!is_set) { name_remove(node->own_name); }
    node_drop(node);
    return is_set ? 0 : -LINUX_ENOSPC;
}

long call_linkat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    struct place place;
    unsigned flags = a[4] & LINUX_AT_SYMLINK_FOLLOW ? PATH_FOLLOW : 0;
    if ((uint32_t)a[4] &
        ~(uint32_t)(LINUX_AT_SYMLINK_FOLLOW | LINUX_AT_EMPTY_PATH)) {
        return -LINUX_EINVAL;
    }
    if (a[4] & LINUX_AT_EMPTY_PATH) { flags |= PATH_EMPTY; }
    long result = path_node(t, a[0], a[1], flags, &node);
    if (result != 0) { return result; }
    result = path_find(t, a[2], a[3], PATH_NEW, &place);
    if (result == 0) {
        if (node->links == 0 && node != tree_root) {
            result = -LINUX_ENOENT; /* it has been removed */
        } else if (node_is(node, LINUX_S_FOLDER)) {
            result = -LINUX_EPERM;
        } else if (place.node != NULL) {
            result = -LINUX_EEXIST;
        } else if (place.wants_folder) {
            result = -LINUX_ENOENT;
        } else if (place.folder->kind != NULL || node->kind != NULL ||
                   place.folder->is_kept != node->is_kept) {
            result = -LINUX_EXDEV;
        } else if (!name_make(place.folder, place.last, strlen(place.last),
                              node)) {
            result = -LINUX_ENOSPC;
        }
        place_end(&place);
    }
    node_drop(node);
    return result;
}

/* ---- opening ------------------------------------------------------------- */

static long node_to_open(struct thread *t, const uint64_t *a, uint32_t flags,
                         struct node **ret_node)
{
    struct place place;
    bool makes_new = (flags & (LINUX_O_CREAT | LINUX_O_EXCL)) ==
                     (LINUX_O_CREAT | LINUX_O_EXCL);
    unsigned how = flags & LINUX_O_NOFOLLOW || makes_new ? 0 : PATH_FOLLOW;
    if (flags & LINUX_O_CREAT) { how |= PATH_NEW; }
    long result = path_find(t, a[0], a[1], how, &place);
    if (result != 0) { return result; }
    if (flags & LINUX_O_CREAT && place.wants_folder) {
        result = -LINUX_EISDIR;
    } else if (place.node != NULL) {
        *ret_node = place.node;
        place.node = NULL;
        result = makes_new ? -LINUX_EEXIST : 0;
        if (makes_new) { node_drop(*ret_node); }
    } else if (!(flags & LINUX_O_CREAT)) {
        result = -LINUX_ENOENT;
    } else {
        result = place_make(t, &place,
                            LINUX_S_FILE | ((uint32_t)a[3] & LINUX_S_BITS),
                            ret_node);
    }
    place_end(&place);
    return result;
}

static long open_node(struct thread *t, struct node *node, uint32_t flags,
                      struct file **ret_file)
{
    if (flags & LINUX_O_DIRECTORY && !node_is(node, LINUX_S_FOLDER)) {
        return -LINUX_ENOTDIR;
    }
    if (flags & LINUX_O_PATH) {
        *ret_file = file_make(&folder_file, flags, node);
        return *ret_file == NULL ? -LINUX_ENOMEM : 0;
    }
    if (node_is(node, LINUX_S_FOLDER)) {
        if (flags & (LINUX_O_CREAT | LINUX_O_TRUNC)) { return -LINUX_EISDIR; }
        if (flags & LINUX_O_DIRECT) { return -LINUX_EINVAL; }
    }
    return file_open(t, node, flags, ret_file);
}

/* Flags that have a meaning together, or an error. */
static long check_flags(uint32_t *flags)
{
    uint32_t f = *flags;
    if (f & LINUX_O_PATH) {
        *flags = f & (LINUX_O_PATH | LINUX_O_DIRECTORY | LINUX_O_NOFOLLOW |
                      LINUX_O_CLOEXEC);
        return 0;
    }
    *flags = f | LINUX_O_LARGEFILE;
    if (f & LINUX_O_TMPFILE) {
        return f & LINUX_O_DIRECTORY && f & LINUX_O_ACCESS ? -LINUX_EOPNOTSUPP
                                                           : -LINUX_EINVAL;
    }
    return f & LINUX_O_DIRECTORY && f & LINUX_O_CREAT ? -LINUX_EINVAL : 0;
}

long call_openat(struct thread *t, const uint64_t *a)
{
    struct node *node;
    struct file *file;
    uint32_t flags = (uint32_t)a[2];
    long result = 0;
    if (t->opening != NULL) {
        result = fifo_open_again(t, &file);
    } else {
        result = check_flags(&flags);
        if (result == 0 && !descriptors_are_left(t->process)) {
            result = -LINUX_EMFILE;
        }
        if (result == 0) { result = node_to_open(t, a, flags, &node); }
        if (result != 0) { return result; }
        result = open_node(t, node, flags, &file);
        node_drop(node);
    }
    if (result != 0) { return result; }
    file->flags &= ~(uint32_t)(LINUX_O_CREAT | LINUX_O_EXCL | LINUX_O_NOCTTY |
                               LINUX_O_TRUNC | LINUX_O_CLOEXEC);
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}

/* ---- removing and renaming ----------------------------------------------- */

static long may_remove(const struct place *place, bool is_folder)
{
    const struct node *node = place->node;
    if (node == NULL) { return -LINUX_ENOENT; }
    if (place->name == NULL) {
        return node->kind != NULL ? -LINUX_EPERM
               : is_folder        ? -LINUX_EBUSY
                                  : -LINUX_EISDIR;
    }
    if (node->is_kept != place->folder->is_kept) { return -LINUX_EBUSY; }
    if (is_folder != node_is(node, LINUX_S_FOLDER)) {
        return is_folder ? -LINUX_ENOTDIR : -LINUX_EISDIR;
    }
    if (is_folder && (node->kind != NULL || node->folder.first != NULL)) {
        return node->kind != NULL ? -LINUX_EBUSY : -LINUX_ENOTEMPTY;
    }
    return 0;
}

long call_unlinkat(struct thread *t, const uint64_t *a)
{
    struct place place;
    if ((uint32_t)a[2] & ~(uint32_t)LINUX_AT_REMOVEDIR) {
        return -LINUX_EINVAL;
    }
    long result = path_find(t, a[0], a[1], 0, &place);
    if (result != 0) { return result; }
    result = may_remove(&place, a[2] & LINUX_AT_REMOVEDIR);
    if (result == -LINUX_EBUSY && place.last[0] == '.') {
        result = place.last[1] == '.' ? -LINUX_ENOTEMPTY : -LINUX_EINVAL;
    }
    if (result == 0) { name_remove(place.name); }
    place_end(&place);
    return result;
}

static bool is_inside(const struct node *folder, const struct node *outer)
{
    while (folder != outer && folder != tree_root) {
        folder = folder->folder.parent;
    }
    return folder == outer;
}

/* May what stands at the new name go? */
static long may_replace(const struct place *from, const struct place *to,
                        uint64_t flags)
{
    if (to->node == NULL) { return 0; }
    return flags & RENAME_NOREPLACE
               ? -LINUX_EEXIST
               : may_remove(to, node_is(from->node, LINUX_S_FOLDER));
}

static long rename_place(struct place *from, struct place *to, uint64_t flags)
{
    if (from->node == NULL) { return -LINUX_ENOENT; }
    bool is_dots = to->node != NULL && to->name == NULL && to->folder != NULL &&
                   to->folder->kind == NULL;
    if (from->name == NULL || to->folder == NULL || is_dots) {
        return -LINUX_EBUSY;
    }
    if (from->node->is_kept != from->folder->is_kept) { return -LINUX_EBUSY; }
    if (to->folder->kind != NULL || from->folder->kind != NULL ||
        to->folder->is_kept != from->node->is_kept) {
        return -LINUX_EXDEV;
    }
    if (node_is(from->node, LINUX_S_FOLDER)) {
        if (from->node->kind != NULL) { return -LINUX_EBUSY; }
        if (is_inside(to->folder, from->node)) { return -LINUX_EINVAL; }
    } else if (to->wants_folder) {
        return -LINUX_ENOTDIR;
    }
    bool is_same = from->node == to->node;
    if (is_same && !(flags & RENAME_NOREPLACE)) { return 0; }
    long result = may_replace(from, to, flags);
    if (result != 0) { return result; }
    if (!name_make(to->folder, to->last, strlen(to->last), from->node)) {
        return -LINUX_ENOSPC;
    }
    if (to->name != NULL) { name_remove(to->name); }
    struct name *own = from->node->own_name;
    name_remove(from->name);
    from->node->own_name = own;
    if (node_is(from->node, LINUX_S_FOLDER)) { from->node->folder.own = own; }
    return 0;
}

long call_renameat2(struct thread *t, const uint64_t *a)
{
    struct place from, to;
    if ((uint32_t)a[4] & ~RENAME_NOREPLACE) { return -LINUX_EINVAL; }
    long result = path_find(t, a[0], a[1], 0, &from);
    if (result != 0) { return result; }
    result = path_find(t, a[2], a[3], 0, &to);
    if (result == 0) {
        result = rename_place(&from, &to, a[4]);
        place_end(&to);
    }
    place_end(&from);
    return result;
}

/* ---- the current folder -------------------------------------------------- */

static long change_folder(struct thread *t, struct node *node)
{
    struct scope *scope = t->process->scope;
    if (!node_is(node, LINUX_S_FOLDER)) {
        node_drop(node);
        return -LINUX_ENOTDIR;
    }
    node_drop(scope->folder);
    scope->folder = node;
    return 0;
}

long call_chdir(struct thread *t, const uint64_t *a)
{
    struct node *node;
    long result =
        path_node(t, (uint64_t)LINUX_AT_FDCWD, a[0], PATH_FOLLOW, &node);
    return result != 0 ? result : change_folder(t, node);
}

long call_fchdir(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->node == NULL) { return -LINUX_ENOTDIR; }
    node_use(file->node);
    return change_folder(t, file->node);
}

long call_getcwd(struct thread *t, const uint64_t *a)
{
    static char path[LINUX_PATH_BYTES];
    long length = path_of_node(t->process->scope->folder, path, sizeof path);
    if (length < 0) { return length; }
    if ((uint64_t)length + 1 > a[1]) { return -LINUX_ERANGE; }
    long result = user_write(t->space, a[0], path, (uint64_t)length + 1);
    return result != 0 ? result : length + 1;
}

long call_umask(struct thread *t, const uint64_t *a)
{
    struct scope *scope = t->process->scope;
    long before = scope->umask;
    scope->umask = (uint32_t)a[0] & 0777;
    return before;
}

static bool is_empty(struct thread *t, uint64_t path)
{
    char first = 0;
    return user_read(t->space, &first, path, 1) == 0 && first == '\0';
}

long call_readlinkat(struct thread *t, const uint64_t *a)
{
    static char target[LINUX_PATH_BYTES];
    struct node *node;
    long result = path_node(t, a[0], a[1], PATH_EMPTY, &node);
    if (result != 0) { return result; }
    long length = -LINUX_EINVAL;
    if (node_is(node, LINUX_S_LINK) && node->kind != NULL) {
        length = node->kind->target(t, node, target, sizeof target);
    } else if (node_is(node, LINUX_S_LINK)) {
        length = (long)node->target.length;
        memcpy(target, node->target.text, node->target.length);
    }
    node_drop(node);
    int32_t room = (int32_t)a[3];
    if (room <= 0) { return -LINUX_EINVAL; }
    if (length < 0) { return is_empty(t, a[1]) ? -LINUX_ENOENT : length; }
    if (length > room) { length = room; }
    result = user_write(t->space, a[2], target, (uint64_t)length);
    return result != 0 ? result : length;
}
