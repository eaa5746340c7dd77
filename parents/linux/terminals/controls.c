#include <terminals/controls.h>

#include <memory/user.h>
#include <processes/process.h>
#include <terminals/jobs.h>

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
    terminal_wake_readers(terminal);
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
                               const struct process *p)
{
    bool is_already = jobs_are_of(terminal, p) && p->session == p->id;
    return is_already || jobs_begin(terminal, p) ? 0 : -LINUX_EPERM;
}

static long give_up(struct terminal *terminal, const struct process *p)
{
    if (!jobs_are_of(terminal, p)) { return -LINUX_ENOTTY; }
    if (p->session == p->id) { jobs_leader_ended(p); }
    return 0;
}

static long set_foreground(struct terminal *terminal, struct thread *t,
                           uint64_t argument)
{
    const struct process *p = t->process;
    int32_t group;
    if (!jobs_are_of(terminal, p)) { return -LINUX_ENOTTY; }
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
    if (!jobs_are_of(terminal, t->process)) { return -LINUX_ENOTTY; }
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

long controls_of_both(struct terminal *terminal, struct thread *t,
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

long controls_of_slave(struct terminal *terminal, struct thread *t,
                       uint64_t request, uint64_t argument)
{
    request = (uint32_t)request;
    if (terminal->is_hung_up) { return -LINUX_EIO; }
    if (changes_something(request)) {
        long result = jobs_may(terminal, t, LINUX_SIGTTOU);
        if (result != 0) { return result; }
    }
    switch (request) {
    case TIOCSCTTY: return become_controlling(terminal, t->process);
    case TIOCNOTTY: return give_up(terminal, t->process);
    case TIOCSPGRP: return set_foreground(terminal, t, argument);
    case TIOCGPGRP: return get_id(terminal, t, argument, terminal->foreground);
    case TIOCGSID: return get_id(terminal, t, argument, terminal->session);
    default: return controls_of_both(terminal, t, request, argument);
    }
}
