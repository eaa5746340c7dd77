#include <files/file.h>

#include <files/epoll.h>
#include <files/locks.h>
#include <files/pipe.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <string.h>
#include <terminals/terminal.h>

long transfer_put(struct transfer *to, const void *from, uint64_t bytes)
{
    if (to->space == NULL) {
        memcpy((void *)to->address, from, bytes);
    } else if (user_write(to->space, to->address, from, bytes) != 0) {
        return -LINUX_EFAULT;
    }
    to->address += bytes;
    to->bytes -= bytes;
    return 0;
}

long transfer_clear(struct transfer *to, uint64_t bytes)
{
    if (to->space == NULL) {
        memset((void *)to->address, 0, bytes);
    } else if (user_clear(to->space, to->address, bytes) != 0) {
        return -LINUX_EFAULT;
    }
    to->address += bytes;
    to->bytes -= bytes;
    return 0;
}

long transfer_get(struct transfer *from, void *to, uint64_t bytes)
{
    if (from->space == NULL) {
        memcpy(to, (const void *)from->address, bytes);
    } else if (user_read(from->space, to, from->address, bytes) != 0) {
        return -LINUX_EFAULT;
    }
    from->address += bytes;
    from->bytes -= bytes;
    return 0;
}

static uint64_t open_count;

uint64_t files_open(void) { return open_count; }

struct file *file_make(const struct file_kind *kind, uint32_t flags,
                       struct node *node)
{
    struct file *file = pool_take(sizeof *file);
    if (file == NULL) { return NULL; }
    open_count++;
    file->users = 1;
    file->flags = flags;
    file->kind = kind;
    file->node = node;
    if (node != NULL) { node_use(node); }
    return file;
}

struct file *file_make_with(const struct file_kind *kind, uint32_t flags,
                            uint64_t bytes)
{
    void *own = pool_take(bytes);
    struct file *file = own == NULL ? NULL : file_make(kind, flags, NULL);
    if (file != NULL) {
        file->own = own;
    } else {
        pool_return(own, bytes);
    }
    return file;
}

void file_drop(struct file *file)
{
    if (--file->users > 0) {
        if (file->kind->fewer != NULL) { file->kind->fewer(file); }
        return;
    }
    if (file->watches != NULL) { epoll_forget(file); }
    locks_end(&file->locks);
    if (file->kind->end != NULL) { file->kind->end(file); }
    if (file->node != NULL) { node_drop(file->node); }
    open_count--;
    pool_return(file, sizeof *file);
}

long file_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file)
{
    const struct file_kind *kind = NULL;
    bool writes = (flags & LINUX_O_ACCESS) != LINUX_O_RDONLY;
    switch (node->mode & LINUX_S_KIND) {
    case LINUX_S_FILE:
        kind = node->kind == NULL ? &stored_file : node->kind->file;
        break;
    case LINUX_S_FOLDER:
        if (writes) { return -LINUX_EISDIR; }
        kind = &folder_file;
        break;
    case LINUX_S_CHARACTER:
        kind = device_kind(node->special);
        if (kind != NULL) { break; }
        return terminal_open_device(t, node, flags, ret_file);
    case LINUX_S_FIFO: return fifo_open(t, node, flags, ret_file);
    case LINUX_S_LINK: return -LINUX_ELOOP;
    default: break;
    }
    if (kind == NULL) { return -LINUX_ENXIO; }
    if (kind == &stored_file && flags & LINUX_O_TRUNC) {
        long result = node_resize(node, 0);
        if (result != 0) { return result; }
    }
    *ret_file = file_make(kind, flags, node);
    return *ret_file == NULL ? -LINUX_ENOMEM : 0;
}
