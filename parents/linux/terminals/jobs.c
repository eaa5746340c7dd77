#include <terminals/jobs.h>

#include <processes/actions.h>
#include <processes/signals.h>

bool jobs_are_of(const struct terminal *terminal, const struct process *p)
{
    return terminal->session != 0 && terminal->session == p->session;
}

bool jobs_begin(struct terminal *terminal, const struct process *p)
{
    if (p->session != p->id || terminal_of_session(p->session) != NULL ||
        terminal->session != 0) {
        return false;
    }
    terminal->session = p->session;
    terminal->foreground = p->group;
    return true;
}

static bool is_deaf_to(const struct thread *t, int signal)
{
    uint64_t handler = t->process->actions->action[signal - 1].handler;
    return t->blocked & SIGSET_OF(signal) || handler == SIGNAL_IGNORE;
}

long jobs_may(const struct terminal *terminal, struct thread *t, int signal)
{
    const struct process *p = t->process;
    if (!jobs_are_of(terminal, p) || p->group == terminal->foreground) {
        return 0;
    }
    if (is_deaf_to(t, signal)) {
        return signal == LINUX_SIGTTIN ? -LINUX_EIO : 0;
    }
    if (process_group_is_orphaned(p->group)) { return -LINUX_EIO; }
    signal_group(p->group, signal);
    return CALL_RESTART;
}

void jobs_signal(const struct terminal *terminal, int signal)
{
    if (terminal->foreground != 0) {
        signal_group(terminal->foreground, signal);
    }
}

/* Those in the foreground are told; some may be stopped. */
static void end(struct terminal *terminal)
{
    uint32_t group = terminal->foreground;
    terminal->session = terminal->foreground = 0;
    if (group != 0) {
        signal_group(group, LINUX_SIGHUP);
        signal_group(group, LINUX_SIGCONT);
    }
}

void jobs_leader_ended(const struct process *leader)
{
    struct terminal *terminal = terminal_of_session(leader->id);
    if (terminal != NULL) { end(terminal); }
}

void jobs_hang_up(struct terminal *terminal)
{
    struct process *leader =
        terminal->session == 0 ? NULL : process_find(terminal->session);
    struct siginfo info = { .signal = LINUX_SIGHUP };
    if (leader != NULL) { signal_process(leader, &info); }
    end(terminal);
}
