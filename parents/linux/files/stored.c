/* Files whose bytes are in storage, or in the image. */
#include <files/file.h>
#include <files/volume.h>

static long stored_read(struct file *file, struct transfer *to,
                        uint64_t *position)
{
    const struct content *content = &file->node->content;
    uint64_t part = 0, done = 0;
    while (to->bytes > 0 && *position < content->size) {
        const char *from = content_at(content, *position, &part);
        if (from == NULL) { return done > 0 ? (long)done : -LINUX_EIO; }
        part = transfer_part(to, part);
        if (transfer_put(to, from, part) != 0) {
            return done > 0 ? (long)done : -LINUX_EFAULT;
        }
        *position += part;
        done += part;
    }
    return (long)done;
}

/* A page at a time, which a fault may leave half written. */
static long write_part(struct content *content, struct transfer *from,
                       uint64_t *position)
{
    uint64_t part = 0;
    if (*position >= CONTENT_MOST) { return -LINUX_EFBIG; }
    char *to = content_place(content, *position, &part);
    if (to == NULL) { return -LINUX_ENOSPC; }
    part = transfer_part(from, part);
    long result = transfer_get(from, to, part);
    if (result != 0) {
        content_resize(content, content->size); /* K1 */
        return result;
    }
    *position += part;
    if (*position > content->size) { content_resize(content, *position); }
    return (long)part;
}

static long stored_write(struct file *file, struct transfer *from,
                         uint64_t *position)
{
    struct content *content = &file->node->content;
    long done = 0, result = 0;
    if (file->flags & LINUX_O_APPEND) { *position = content->size; }
    while (from->bytes > 0 &&
           (result = write_part(content, from, position)) > 0) {
        done += result;
    }
    if (done > 0) { node_modified(file->node); }
    if (done > 0 && file->flags & LINUX_O_DSYNC && file->node->is_kept) {
        result = volume_commit();
        if (result != 0) { return result; }
    }
    return done > 0 ? done : result;
}

const struct file_kind stored_file = {
    .read = stored_read,
    .write = stored_write,
    .has_position = true,
};

static long folder_read(struct file *file, struct transfer *to,
                        uint64_t *position)
{
    (void)file;
    (void)to;
    (void)position;
    return -LINUX_EISDIR;
}

const struct file_kind folder_file = {
    .read = folder_read,
    .has_position = true,
};
