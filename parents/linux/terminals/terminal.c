#include <terminals/terminal.h>

#include <loop.h>
#include <memory/frames.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <string.h>
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

/* ---- sessions ------------------------------------------------------------ */

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

static bool controls(const struct terminal *terminal, const struct process *p)
{
    return terminal->session != 0 && terminal->session == p->session;
}

static void control(struct terminal *terminal, const struct process *leader)
{
    terminal->session = leader->session;
    terminal->foreground = leader->group;
}

static bool is_deaf_to(const struct thread *t, int signal)
{
    uint64_t handler = t->process->actions->action[signal - 1].handler;
    return t->blocked & SIGSET_OF(signal) || handler == SIGNAL_IGNORE;
}

/* Who is not in the foreground does not read, nor change anything: 0, it may;
 * else what the call returns. */
static long may(const struct terminal *terminal, struct thread *t, int signal)
{
    const struct process *p = t->process;
    if (!controls(terminal, p) || p->group == terminal->foreground) {
        return 0;
    }
    if (is_deaf_to(t, signal)) {
        return signal == LINUX_SIGTTIN ? -LINUX_EIO : 0;
    }
    if (process_group_is_orphaned(p->group)) { return -LINUX_EIO; }
    signal_group(p->group, signal);
    return CALL_RESTART;
}

void terminal_leader_ended(const struct process *leader)
{
    struct terminal *terminal = terminal_of_session(leader->id);
    if (terminal == NULL) { return; }
    uint32_t group = terminal->foreground;
    terminal->session = terminal->foreground = 0;
    if (group != 0) {
        signal_group(group, LINUX_SIGHUP);
        signal_group(group, LINUX_SIGCONT);
    }
}

void terminal_hang_up(struct terminal *terminal)
{
    struct process *leader =
        terminal->session == 0 ? NULL : process_find(terminal->session);
    struct siginfo info = { .signal = LINUX_SIGHUP };
    terminal->is_hung_up = true;
    if (leader != NULL) { signal_process(leader, &info); }
    if (terminal->foreground != 0) {
        signal_group(terminal->foreground, LINUX_SIGHUP);
        signal_group(terminal->foreground, LINUX_SIGCONT);
    }
    terminal->session = terminal->foreground = 0;
    queue_wake(&terminal->to_read);
    queue_wake(&terminal->to_write);
}

/* ---- the other side ------------------------------------------------------ */

static void wake_readers(struct terminal *terminal)
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
        if (signals >> signal & 1 && terminal->foreground != 0) {
            signal_group(terminal->foreground, signal);
        }
    }
    wake_readers(terminal);
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
    if (terminal->foreground != 0) {
        signal_group(terminal->foreground, LINUX_SIGWINCH);
    }
}

void terminal_resize(struct terminal *terminal,
                     const struct terminal_size *size)
{
    bool is_same = memcmp(&terminal->size, size, sizeof *size) == 0;
    terminal->size = *size;
    if (!is_same) { terminal_redraw(terminal); }
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
    long result = may(terminal, t, LINUX_SIGTTIN);
    if (result != 0) { return result; }
    if (d->settings.local & TERMIOS_ICANON) {
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
    if (d->settings.local & TERMIOS_TOSTOP) {
        long result = may(terminal, loop_thread(), LINUX_SIGTTOU);
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
    size_t least = d->settings.local & TERMIOS_ICANON || c[TERMIOS_TIME] > 0 ||
                           c[TERMIOS_MIN] == 0
                       ? 1
                       : c[TERMIOS_MIN];
    bool can_read = d->settings.local & TERMIOS_ICANON
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

/* ---- controls ------------------------------------------------------------ */

enum request {
    TCGETS = 0x5401,
    TCSETS,
    TCSETSW,
    TCSETSF,
    TCSBRK = 0x5409,
    TCXONC,
    TCFLSH,
    TIOCEXCL,
    TIOCNXCL,
    TIOCSCTTY,
    TIOCGPGRP,
    TIOCSPGRP,
    TIOCOUTQ,
    TIOCGWINSZ = 0x5413,
    TIOCSWINSZ,
    FIONREAD = 0x541b,
    TIOCNOTTY = 0x5422,
    TIOCGETD = 0x5424,
    TCSBRKP = 0x5425,
    TIOCGSID = 0x5429,
    TCGETS2 = 0x802c542a,
    TCSETS2 = 0x402c542b,
    TCSETSW2,
    TCSETSF2,
};

/* With speeds behind it. */
struct termios2 {
    struct termios settings;
    uint32_t speed_in, speed_out;
};
#define SPEED 38400

/* After what was written has gone, says TCSETSW; it has its order anyhow. */
static long set(struct terminal *terminal, struct thread *t, uint64_t argument,
                bool flushes)
{
    struct termios settings;
    if (user_read(t->space, &settings, argument, sizeof settings) != 0) {
        return -LINUX_EFAULT;
    }
    if (flushes) { discipline_flush_typed(&terminal->discipline); }
    discipline_set(&terminal->discipline, &settings);
    wake_readers(terminal);
    terminal->changed(terminal);
    return 0;
}

static long get(const struct terminal *terminal, struct thread *t,
                uint64_t argument, bool has_speeds)
{
    struct termios2 settings = { terminal->discipline.settings, SPEED, SPEED };
    return user_write(t->space, argument, &settings,
                      has_speeds ? sizeof settings : sizeof settings.settings);
}

static long flush(struct terminal *terminal, uint64_t what)
{
    if (what > 2) { return -LINUX_EINVAL; }
    if (what != 1) { discipline_flush_typed(&terminal->discipline); }
    if (what != 0) {
        discipline_flush_out(&terminal->discipline);
        terminal_has_room(terminal);
    }
    terminal->changed(terminal);
    return 0;
}

static long flow(struct terminal *terminal, uint64_t what)
{
    if (what > 3) { return -LINUX_EINVAL; }
    if (what < 2) { discipline_stop(&terminal->discipline, what == 0); }
    terminal->changed(terminal);
    return 0;
}

static long become_controlling(struct terminal *terminal,
                               const struct thread *t)
{
    const struct process *p = t->process;
    if (controls(terminal, p) && p->session == p->id) { return 0; }
    if (p->session != p->id || terminal_of_session(p->session) != NULL ||
        terminal->session != 0) {
        return -LINUX_EPERM;
    }
    control(terminal, p);
    return 0;
}

static long give_up(struct terminal *terminal, const struct process *p)
{
    if (!controls(terminal, p)) { return -LINUX_ENOTTY; }
    if (p->session == p->id) { terminal_leader_ended(p); }
    return 0;
}

static long set_foreground(struct terminal *terminal, struct thread *t,
                           uint64_t argument)
{
    const struct process *p = t->process;
    int32_t group;
    if (!controls(terminal, p)) { return -LINUX_ENOTTY; }
    if (user_read(t->space, &group, argument, sizeof group) != 0) {
        return -LINUX_EFAULT;
    }
    if (group < 0) { return -LINUX_EINVAL; }
    bool is_there = false;
    for (struct process *q = NULL; (q = process_next(q)) != NULL;) {
        if (q->group != (uint32_t)group) { continue; }
        if (q->session != p->session) { return -LINUX_EPERM; }
        is_there = true;
    }
    if (!is_there) { return -LINUX_ESRCH; }
    terminal->foreground = (uint32_t)group;
    return 0;
}

static long get_id(const struct terminal *terminal, struct thread *t,
                   uint64_t argument, uint32_t id)
{
    if (!controls(terminal, t->process)) { return -LINUX_ENOTTY; }
    return user_write(t->space, argument, &id, sizeof id);
}

static long set_size(struct terminal *terminal, struct thread *t,
                     uint64_t argument)
{
    struct terminal_size size;
    if (user_read(t->space, &size, argument, sizeof size) != 0) {
        return -LINUX_EFAULT;
    }
    terminal_resize(terminal, &size);
    return 0;
}

static long get_count(struct thread *t, uint64_t argument, size_t count)
{
    int32_t number = (int32_t)count;
    return user_write(t->space, argument, &number, sizeof number);
}

static bool changes_something(uint64_t request)
{
    switch (request) {
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
    case TCSETS2:
    case TCSETSW2:
    case TCSETSF2:
    case TCSBRK:
    case TCXONC:
    case TCFLSH:
    case TIOCSPGRP:
    case TIOCSWINSZ: return true;
    default: return false;
    }
}

long terminal_control(struct terminal *terminal, struct thread *t,
                      uint64_t request, uint64_t argument)
{
    const struct discipline *d = &terminal->discipline;
    switch (request) {
    case TCGETS: return get(terminal, t, argument, false);
    case TCGETS2: return get(terminal, t, argument, true);
    case TCSETS:
    case TCSETSW:
    case TCSETS2:
    case TCSETSW2: return set(terminal, t, argument, false);
    case TCSETSF:
    case TCSETSF2: return set(terminal, t, argument, true);
    case TCXONC: return flow(terminal, argument);
    case TCFLSH: return flush(terminal, argument);
    case TCSBRK:
    case TCSBRKP:
    case TIOCEXCL:
    case TIOCNXCL: return 0;
    case TIOCGWINSZ:
        return user_write(t->space, argument, &terminal->size,
                          sizeof terminal->size);
    case TIOCSWINSZ: return set_size(terminal, t, argument);
    case FIONREAD:
        return get_count(t, argument,
                         discipline_can_read(d) ? discipline_bytes(d) : 0);
    case TIOCOUTQ: return get_count(t, argument, d->put - d->sent);
    case TIOCGETD: return get_count(t, argument, 0);
    default: return -LINUX_ENOTTY;
    }
}

static long file_control(struct file *file, struct thread *t, uint64_t request,
                         uint64_t argument)
{
    struct terminal *terminal = terminal_of(file);
    request = (uint32_t)request;
    if (terminal->is_hung_up) { return -LINUX_EIO; }
    if (changes_something(request)) {
        long result = may(terminal, t, LINUX_SIGTTOU);
        if (result != 0) { return result; }
    }
    switch (request) {
    case TIOCSCTTY: return become_controlling(terminal, t);
    case TIOCNOTTY: return give_up(terminal, t->process);
    case TIOCSPGRP: return set_foreground(terminal, t, argument);
    case TIOCGPGRP: return get_id(terminal, t, argument, terminal->foreground);
    case TIOCGSID: return get_id(terminal, t, argument, terminal->session);
    default: return terminal_control(terminal, t, request, argument);
    }
}

/* ---- opening ------------------------------------------------------------- */

static const struct file_kind terminal_file = {
    .read = terminal_read,
    .write = terminal_write,
    .control = file_control,
    .ready = terminal_ready,
    .queue = terminal_queue,
    .end = terminal_end,
};

long terminal_open(struct thread *t, struct terminal *terminal, uint32_t flags,
                   struct node *node, struct file **ret_file)
{
    const struct process *p = t->process;
    if (terminal->is_hung_up) { return -LINUX_EIO; }
    struct file *file = file_make(&terminal_file, flags, node);
    if (file == NULL) { return -LINUX_ENOMEM; }
    file->own = terminal;
    terminal->users++;
    terminal->files++;
    if (!(flags & LINUX_O_NOCTTY) && p->session == p->id &&
        terminal_of_session(p->session) == NULL && terminal->session == 0) {
        control(terminal, p);
    }
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
