#include <processes/usage.h>

#include <calls/table.h>
#include <memory/user.h>
#include <processes/carriers.h>
#include <processes/process.h>

enum { RUSAGE_CHILDREN = -1, RUSAGE_SELF, RUSAGE_THREAD };

/* All of it is the program's: what is done for it here is nobody's. */
long usage_write_if(struct thread *t, uint64_t address, uint64_t time,
                    uint64_t pages)
{
    uint64_t usage[18] = { time / 1000000000, time % 1000000000 / 1000 };
    usage[4] = pages * (KERNE_PAGE / 1024);
    return user_write_if(t->space, address, usage, sizeof usage);
}

/* The most pages it had are not known: told are those that it has. */
long call_getrusage(struct thread *t, const uint64_t *a)
{
    struct process *p = t->process;
    if (a[1] == 0) { return -LINUX_EFAULT; }
    switch ((int32_t)a[0]) {
    case RUSAGE_SELF:
        return usage_write_if(t, a[1], process_time(p), space_pages(t->space));
    case RUSAGE_THREAD:
        return usage_write_if(t, a[1], carrier_time(t), space_pages(t->space));
    case RUSAGE_CHILDREN: return usage_write_if(t, a[1], p->child_time, 0);
    default: return -LINUX_EINVAL;
    }
}
