#include <files/control.h>

#include <files/descriptors.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

enum { SOL_SOCKET = 1, RIGHTS = 1, CREDENTIALS = 2, IS_CUT = 8 };
#define BYTES_MOST 16384 /* of all that is sent with one message */

struct head { /* struct cmsghdr */
    uint64_t bytes;
    int32_t level, type;
};

struct credentials {
    int32_t process;
    uint32_t user, group;
};

static uint64_t aligned(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

/* ---- sending ------------------------------------------------------------- */

/* Of the call that is run: what it says, and the files in that. */
static char said[BYTES_MOST] __attribute__((aligned(8)));
static struct file *files[PARCEL_MOST];
static uint64_t file_count;

static long find_files(const struct thread *t, const int32_t *number,
                       uint64_t count)
{
    if (count > PARCEL_MOST - file_count) { return -LINUX_EINVAL; }
    for (uint64_t i = 0; i < count; i++) {
        struct file *file =
            descriptor_file(t->process->descriptors, (uint32_t)number[i]);
        if (file == NULL) { return -LINUX_EBADF; }
        files[file_count++] = file;
    }
    return 0;
}

/* As root one may say of oneself what one likes; but nobody is another user. */
static long note_sender(const struct credentials *c, struct socket_note *note)
{
    if (process_find((uint32_t)c->process) == NULL) { return -LINUX_ESRCH; }
    if (c->user != 0 || c->group != 0) { return -LINUX_EINVAL; }
    note->process = (uint32_t)c->process;
    return 0;
}

static long read_one(const struct thread *t, const struct head *h,
                     struct socket_note *note)
{
    uint64_t bytes = h->bytes - sizeof *h;
    if (h->level != SOL_SOCKET) { return 0; }
    if (h->type == RIGHTS) {
        return find_files(t, (const int32_t *)(h + 1), bytes / 4);
    }
    return h->type == CREDENTIALS && bytes == sizeof(struct credentials)
               ? note_sender((const struct credentials *)(h + 1), note)
               : -LINUX_EINVAL;
}

long control_read(struct thread *t, const struct control *from,
                  struct socket_note *note)
{
    file_count = 0;
    if (from->bytes > sizeof said) { return -LINUX_ENOBUFS; }
    if (user_read(t->space, said, from->address, from->bytes) != 0) {
        return -LINUX_EFAULT;
    }
    for (uint64_t at = 0; at + sizeof(struct head) <= from->bytes;) {
        const struct head *h = (const struct head *)(said + at);
        bool is_there =
            h->bytes >= sizeof *h && h->bytes <= from->bytes - at;
        long result = is_there ? read_one(t, h, note) : -LINUX_EINVAL;
        if (result != 0) { return result; }
        at += aligned(h->bytes);
    }
    if (file_count == 0) { return 0; }
    note->parcel = parcel_make(files, file_count);
    return note->parcel == NULL ? -LINUX_ENOMEM : 0;
}

/* ---- receiving ----------------------------------------------------------- */

/* A record at the end of what has been written, which has that place then. */
static void put(struct thread *t, struct control *to, uint64_t *room, int type,
                const void *data, uint64_t bytes)
{
    struct head h = { sizeof h + bytes, SOL_SOCKET, type };
    if (h.bytes > *room) {
        to->flags |= IS_CUT;
        h.bytes = *room;
    }
    if (*room < sizeof h) { return; }
    (void)user_write(t->space, to->address + to->bytes, &h, sizeof h);
    (void)user_write(t->space, to->address + to->bytes + sizeof h, data,
                     h.bytes - sizeof h);
    bytes = aligned(h.bytes) < *room ? aligned(h.bytes) : *room;
    to->bytes += bytes;
    *room -= bytes;
}

/* As many of them as there is room and are numbers for. */
static void put_files(struct thread *t, struct control *to, uint64_t *room,
                      const struct parcel *p, bool is_closed_by_exec)
{
    static int32_t number[PARCEL_MOST];
    uint64_t most = *room < sizeof(struct head)
                        ? 0
                        : (*room - sizeof(struct head)) / sizeof number[0];
    uint64_t count = 0;
    while (count < p->count && count < most) {
        file_use(p->file[count]);
        long given =
            descriptor_put(t->process, p->file[count], 0, is_closed_by_exec);
        if (given < 0) { break; }
        number[count++] = (int32_t)given;
    }
    if (count < p->count) { to->flags |= IS_CUT; }
    if (count > 0) { put(t, to, room, RIGHTS, number, count * 4); }
}

void control_write(struct thread *t, const struct socket *s,
                   const struct socket_note *note, uint64_t how,
                   struct control *to)
{
    struct credentials c = { .process = (int32_t)note->process };
    uint64_t room = to->address == 0 ? 0 : to->bytes;
    to->bytes = 0;
    to->flags = how & CONTROL_CLOSE_BY_EXEC;
    if (s->wants_sender) { put(t, to, &room, CREDENTIALS, &c, sizeof c); }
    if (note->parcel != NULL) {
        put_files(t, to, &room, note->parcel, how & CONTROL_CLOSE_BY_EXEC);
    }
}
