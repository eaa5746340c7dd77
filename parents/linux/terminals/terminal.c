#include <terminals/terminal.h>

#include <loop.h>
#include <memory/frames.h>
#include <memory/pool.h>
#include <processes/process.h>
#include <string.h>
#include <terminals/controls.h>
#include <terminals/jobs.h>
#include <terminals/pair.h>
#include <waiting/time.h>
#include <waiting/timer.h>

#define PART 512         /* bytes that are moved at once */
#define TENTH 100000000u /* nanoseconds */

struct terminal *terminal_console;
static struct terminal *terminals;

/* Whatever is done with it, the screen may have to follow. */
static struct terminal *terminal_of(const struct file *file)
{
    loop_due |= LOOP_SCREEN;
    return file->own;
}

/* ---- making -------------------------------------------------------------- */

struct terminal *terminal_make(void (*changed)(struct terminal *terminal))
{
    struct terminal *terminal = pool_take(sizeof *terminal);
    uint64_t typed = frame_take(), out = frame_take();
    if (terminal == NULL || typed == 0 || out == 0) {
        pool_return(terminal, sizeof *terminal);
        if (typed != 0) { frame_drop(typed); }
        if (out != 0) { frame_drop(out); }
        return NULL;
    }
    terminal->users = 1;
    terminal->changed = changed;
    discipline_begin(&terminal->discipline, (char *)typed, (char *)out);
    terminal->next = terminals;
    terminals = terminal;
    return terminal;
}

void terminal_drop(struct terminal *terminal)
{
    struct terminal **at = &terminals;
    if (--terminal->users > 0) { return; }
    queue_end(&terminal->to_read);
    queue_end(&terminal->to_write);
    while (*at != terminal) { at = &(*at)->next; }
    *at = terminal->next;
    frame_drop((uint64_t)terminal->discipline.typed);
    frame_drop((uint64_t)terminal->discipline.out);
    pool_return(terminal, sizeof *terminal);
}

struct terminal *terminal_of_session(uint32_t session)
{
    struct terminal *terminal = terminals;
    while (terminal != NULL && (terminal->session != session || session == 0)) {
        terminal = terminal->next;
    }
    return terminal;
}

uint32_t terminal_special(const struct terminal *terminal)
{
    return terminal == terminal_console ? TERMINAL_CONSOLE
                                        : TERMINAL_SLAVES + terminal->number;
}

/* ---- the other side ------------------------------------------------------ */

void terminal_wake_readers(struct terminal *terminal)
{
    if (discipline_can_read(&terminal->discipline)) {
        queue_wake(&terminal->to_read);
    }
}

size_t terminal_type(struct terminal *terminal, const char *bytes, size_t count)
{
    uint64_t signals;
    size_t done =
        discipline_type(&terminal->discipline, bytes, count, &signals);
    for (int signal = 1; signal < LINUX_SIGNALS && signals >> signal != 0;
         signal++) {
        if (signals >> signal & 1) { jobs_signal(terminal, signal); }
    }
    terminal_wake_readers(terminal);
    queue_wake(&terminal->to_write);
    terminal->changed(terminal);
    return done;
}

void terminal_has_room(struct terminal *terminal)
{
    if (discipline_room(&terminal->discipline) > 0) {
        queue_wake(&terminal->to_write);
    }
}

void terminal_redraw(const struct terminal *terminal)
{
    jobs_signal(terminal, LINUX_SIGWINCH);
}

void terminal_resize(struct terminal *terminal,
                     const struct terminal_size *size)
{
    bool is_same = memcmp(&terminal->size, size, sizeof *size) == 0;
    terminal->size = *size;
    if (!is_same) { terminal_redraw(terminal); }
}

void terminal_hang_up(struct terminal *terminal)
{
    terminal->is_hung_up = true;
    jobs_hang_up(terminal);
    queue_wake(&terminal->to_read);
    queue_wake(&terminal->to_write);
}

/* ---- reading and writing ------------------------------------------------- */

static long give(struct terminal *terminal, struct transfer *to)
{
    static char part[PART];
    struct discipline *d = &terminal->discipline;
    bool ends = false;
    long done = 0;
    while (!ends && to->bytes > 0) {
        size_t room = to->bytes < PART ? to->bytes : PART;
        size_t bytes = discipline_read(d, part, room, &ends);
        if (transfer_put(to, part, bytes) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)bytes;
    }
    terminal->changed(terminal);
    return done;
}

/* VMIN and VTIME: is it enough to be read now, or is it at an end?  Otherwise a
 * time may have begun to run. */
static bool is_enough(const struct discipline *d, struct thread *t,
                      uint64_t wanted, bool waits)
{
    uint64_t least = d->settings.character[TERMIOS_MIN];
    uint64_t time = d->settings.character[TERMIOS_TIME];
    uint64_t bytes = discipline_bytes(d);
    if (least > wanted) { least = wanted; }
    if (bytes > 0 && bytes >= least) { return true; }
    if (least == 0 && time == 0) { return true; }
    if (t->is_timed_out) { return true; }
    if (waits && time > 0 && (bytes > 0 || (least == 0 && t->deadline == 0))) {
        timer_set(t, time_now() + time * TENTH);
    }
    return false;
}

static long terminal_read(struct file *file, struct transfer *to,
                          uint64_t *position)
{
    struct terminal *terminal = terminal_of(file);
    struct discipline *d = &terminal->discipline;
    struct thread *t = loop_thread();
    bool waits = !(file->flags & LINUX_O_NONBLOCK);
    (void)position;
    if (to->bytes == 0) { return 0; }
    long result = jobs_may(terminal, t, LINUX_SIGTTIN);
    if (result != 0) { return result; }
    if (discipline_wants(d, TERMIOS_ICANON)) {
        if (discipline_can_read(d)) { return give(terminal, to); }
    } else if (is_enough(d, t, to->bytes, waits)) {
        return discipline_can_read(d) ? give(terminal, to) : 0;
    }
    return terminal->is_hung_up ? 0 : -LINUX_EAGAIN;
}

static long terminal_write(struct file *file, struct transfer *from,
                           uint64_t *position)
{
    static char part[PART];
    struct terminal *terminal = terminal_of(file);
    struct discipline *d = &terminal->discipline;
    long done = 0;
    size_t room;
    (void)position;
    if (discipline_wants(d, TERMIOS_TOSTOP)) {
        long result = jobs_may(terminal, loop_thread(), LINUX_SIGTTOU);
        if (result != 0) { return result; }
    }
    if (terminal->is_hung_up) { return -LINUX_EIO; }
    while (from->bytes > 0 && (room = discipline_room(d)) > 0) {
        if (room > PART) { room = PART; }
        if (room > from->bytes) { room = from->bytes; }
        if (transfer_get(from, part, room) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)discipline_write(d, part, room);
    }
    terminal->changed(terminal);
    return done > 0 || from->bytes == 0 ? done : -LINUX_EAGAIN;
}

static unsigned terminal_ready(struct file *file)
{
    const struct terminal *terminal = terminal_of(file);
    const struct discipline *d = &terminal->discipline;
    const uint8_t *c = d->settings.character;
    size_t least = discipline_wants(d, TERMIOS_ICANON) || c[TERMIOS_TIME] > 0 ||
                           c[TERMIOS_MIN] == 0
                       ? 1
                       : c[TERMIOS_MIN];
    bool can_read = discipline_wants(d, TERMIOS_ICANON)
                        ? discipline_can_read(d)
                        : discipline_bytes(d) >= least;
    if (terminal->is_hung_up) {
        return LINUX_POLLIN | LINUX_POLLOUT | LINUX_POLLHUP | LINUX_POLLERR;
    }
    return (can_read ? LINUX_POLLIN : 0) |
           (discipline_room(d) > 0 ? LINUX_POLLOUT : 0);
}

static struct queue *terminal_queue(struct file *file, unsigned bits)
{
    struct terminal *terminal = terminal_of(file);
    return bits & LINUX_POLLIN ? &terminal->to_read : &terminal->to_write;
}

static void terminal_end(struct file *file)
{
    struct terminal *terminal = terminal_of(file);
    terminal->files--;
    terminal->changed(terminal);
    terminal_drop(terminal);
}

static long terminal_file_control(struct file *file, struct thread *t,
                                  uint64_t request, uint64_t argument)
{
    return controls_of_slave(terminal_of(file), t, request, argument);
}

/* ---- opening ------------------------------------------------------------- */

static const struct file_kind terminal_file = {
    .read = terminal_read,
    .write = terminal_write,
    .control = terminal_file_control,
    .ready = terminal_ready,
    .queue = terminal_queue,
    .end = terminal_end,
};

long terminal_open(struct thread *t, struct terminal *terminal, uint32_t flags,
                   struct node *node, struct file **ret_file)
{
    if (terminal->is_hung_up) { return -LINUX_EIO; }
    struct file *file = file_make(&terminal_file, flags, node);
    if (file == NULL) { return -LINUX_ENOMEM; }
    file->own = terminal;
    terminal->users++;
    terminal->files++;
    if (!(flags & LINUX_O_NOCTTY)) { (void)jobs_begin(terminal, t->process); }
    *ret_file = file;
    return 0;
}

long terminal_open_device(struct thread *t, struct node *node, uint32_t flags,
                          struct file **ret_file)
{
    struct terminal *terminal = NULL;
    if (node->special == TERMINAL_MASTER) {
        return pair_open(t, node, flags, ret_file);
    }
    if (node->special == TERMINAL_OWN) {
        terminal = terminal_of_session(t->process->session);
    } else if (node->special == TERMINAL_CONSOLE) {
        terminal = terminal_console;
    } else if ((node->special & ~UINT64_C(0xff)) == TERMINAL_SLAVES) {
        terminal = pair_slave((uint32_t)node->special & 0xff);
        if (terminal == NULL) { return -LINUX_EIO; }
    }
    return terminal == NULL ? -LINUX_ENXIO
                            : terminal_open(t, terminal, flags, node, ret_file);
}
