/* What /proc and /sys tell of the system. */
#include <proc/made.h>

#include <calls/trace.h>
#include <memory/pool.h>
#include <memory/swap.h>
#include <processes/process.h>
#include <processes/threads.h>
#include <files/random.h>
#include <stdio.h>
#include <string.h>
#include <waiting/load.h>
#include <waiting/time.h>

#define TICKS 100 /* in a second */

/* ---- the machine --------------------------------------------------------- */

static void say_storage(struct text *text, const struct subject *of)
{
    uint64_t page = KERNE_PAGE >> 10, all = frames_all() * page;
    uint64_t free = frames_free() * page;
    uint64_t records = pool_counts().frames * page;
    (void)of;
    text_say(text,
             "MemTotal:       %8lu kB\nMemFree:        %8lu kB\n"
             "MemAvailable:   %8lu kB\n",
             all, free, free);
    text_say(text, "Buffers:               0 kB\nCached:                0 kB\n"
                   "SwapCached:            0 kB\n");
    text_say(text,
             "SwapTotal:      %8lu kB\nSwapFree:       %8lu kB\n"
             "Dirty:                 0 kB\nWriteback:             0 kB\n"
             "AnonPages:      %8lu kB\n",
             slots_all() * page, (slots_all() - slots_used()) * page,
             all - free - records);
    text_say(text,
             "Mapped:                0 kB\nShmem:                 0 kB\n"
             "Slab:           %8lu kB\nSReclaimable:          0 kB\n"
             "SUnreclaim:     %8lu kB\n",
             records, records);
}

static void say_swaps(struct text *text, const struct subject *of)
{
    uint64_t page = KERNE_PAGE >> 10;
    (void)of;
    text_say(text, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
    if (swap_name() == NULL) { return; }
    text_say(text, "%-39s partition\t%lu\t\t%lu\t\t-2\n", swap_name(),
             slots_all() * page, slots_used() * page);
}

/* What programs have computed so far, in hundredths of a second: it never
 * becomes less, though who ends may take some along. */
static uint64_t computed(void)
{
    static uint64_t most;
    uint64_t sum = 0;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        sum += process_time(p) + p->child_time;
    }
    if (sum > most) { most = sum; }
    return most / (TIME_SECOND / TICKS);
}

static uint64_t idle(void)
{
    uint64_t all = time_now() / (TIME_SECOND / TICKS), used = computed();
    return all > used ? all - used : 0;
}

static void say_uptime(struct text *text, const struct subject *of)
{
    uint64_t now = time_now() / (TIME_SECOND / TICKS), unused = idle();
    (void)of;
    text_say(text, "%lu.%02lu %lu.%02lu\n", now / TICKS, now % TICKS,
             unused / TICKS, unused % TICKS);
}

struct counts {
    unsigned threads, busy, processes;
    uint32_t last; /* id */
};

static struct counts count(void)
{
    struct counts counts = { .threads = 0 };
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        counts.processes++;
        for (const struct thread *t = p->threads; t != NULL; t = t->next) {
            if (t->id > counts.last) { counts.last = t->id; }
        }
    }
    load_count(&counts.threads, &counts.busy);
    return counts;
}

static void say_load(struct text *text, const struct subject *of)
{
    struct counts counts = count();
    uint64_t average[3];
    (void)of;
    load_get(average);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t hundredths = (average[i] * 100 + LOAD_ONE / 2) / LOAD_ONE;
        text_say(text, "%lu.%02lu ", hundredths / 100, hundredths % 100);
    }
    text_say(text, "%u/%u %u\n", counts.busy, counts.threads, counts.last);
}

static void say_stat(struct text *text, const struct subject *of)
{
    struct counts counts = count();
    uint64_t used = computed(), unused = idle();
    int64_t begun = time_of_day().seconds - (int64_t)(time_now() / TIME_SECOND);
    (void)of;
    text_say(text,
             "cpu  %lu 0 0 %lu 0 0 0 0 0 0\ncpu0 %lu 0 0 %lu 0 0 0 0 0 0\n",
             used, unused, used, unused);
    text_say(text,
             "intr 0\nctxt 0\nbtime %ld\nprocesses %u\nprocs_running %u\n"
             "procs_blocked 0\n",
             (long)begun, counts.processes, counts.busy);
}

static void say_uuid(struct text *text, const struct subject *of)
{
    random_stir();
    uint64_t high = random_number(), low = random_number();
    (void)of;
    text_say(text, "%08lx-%04lx-4%03lx-%04lx-%012lx\n", high >> 32,
             high >> 16 & 0xffff, high & 0xfff, 0x8000 | low >> 50,
             low & UINT64_C(0xffffffffffff));
}

static void say_trace(struct text *text, const struct subject *of)
{
    char what[TRACE_WHAT_BYTES];
    (void)of;
    trace_get(what);
    text_say(text, "%s\n", what);
}

static long set_trace(struct process *p, const char *bytes, uint64_t count)
{
    char what[TRACE_WHAT_BYTES + 1];
    (void)p;
    if (count > 0 && bytes[count - 1] == '\n') { count--; }
    if (count >= sizeof what) { return -LINUX_EINVAL; }
    memcpy(what, bytes, count);
    what[count] = '\0';
    return trace_set(what) ? 0 : -LINUX_EINVAL;
}

/* ---- processes ----------------------------------------------------------- */

static bool next_process(const struct process *unused, uint32_t *number)
{
    const struct process *least = NULL;
    (void)unused;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        if (p->id >= *number && (least == NULL || p->id < least->id)) {
            least = p;
        }
    }
    if (least != NULL) { *number = least->id; }
    return least != NULL;
}

static long own_target(struct thread *t, const struct subject *of,
                       char *ret_text, size_t room)
{
    (void)of;
    return snprintf(ret_text, room, "%u", t->process->id);
}

static long thread_target(struct thread *t, const struct subject *of,
                          char *ret_text, size_t room)
{
    (void)of;
    return snprintf(ret_text, room, "%u/task/%u", t->process->id, t->id);
}

/* ---- rows ---------------------------------------------------------------- */

static const struct row random_rows[] = {
    { .name = "entropy_avail", .mode = ROW_FILE, .words = "256\n" },
    { .name = "poolsize", .mode = ROW_FILE, .words = "256\n" },
    { .name = "uuid", .mode = ROW_FILE, .text = say_uuid },
    { .name = NULL },
};
static const struct row kernel_rows[] = {
    { .name = "cap_last_cap", .mode = ROW_FILE, .words = "40\n" },
    { .name = "domainname", .mode = ROW_FILE, .words = "(none)\n" },
    { .name = "hostname", .mode = ROW_FILE, .words = LINUX_HOST "\n" },
    { .name = "ngroups_max", .mode = ROW_FILE, .words = "65536\n" },
    { .name = "osrelease", .mode = ROW_FILE, .words = LINUX_RELEASE "\n" },
    { .name = "ostype", .mode = ROW_FILE, .words = "Linux\n" },
    { .name = "overflowgid", .mode = ROW_FILE, .words = "65534\n" },
    { .name = "overflowuid", .mode = ROW_FILE, .words = "65534\n" },
    { .name = "pid_max", .mode = ROW_FILE, .words = "4194304\n" },
    { .name = "random", .mode = ROW_FOLDER, .rows = random_rows },
    { .name = "version", .mode = ROW_FILE, .words = LINUX_VERSION "\n" },
    { .name = NULL },
};
static const struct row vm_rows[] = {
    { .name = "overcommit_memory", .mode = ROW_FILE, .words = "1\n" },
    { .name = NULL },
};
static const struct row fs_rows[] = {
    { .name = "pipe-max-size", .mode = ROW_FILE, .words = "65536\n" },
    { .name = NULL },
};
static const struct row sysctl_rows[] = {
    { .name = "fs", .mode = ROW_FOLDER, .rows = fs_rows },
    { .name = "kernel", .mode = ROW_FOLDER, .rows = kernel_rows },
    { .name = "vm", .mode = ROW_FOLDER, .rows = vm_rows },
    { .name = NULL },
};

static const struct row proc_rows[] = {
    { .name = "cmdline", .mode = ROW_FILE, .words = "\n" },
    { .name = "cpuinfo",
      .mode = ROW_FILE,
      .words = "processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc_zicsr_"
               "zifencei\nmmu\t\t: sv39\n\n" },
    { .name = "devices",
      .mode = ROW_FILE,
      .words = "Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n"
               "  5 /dev/ptmx\n136 pts\n\nBlock devices:\n" },
    { .name = "filesystems",
      .mode = ROW_FILE,
      .words = "nodev\ttmpfs\nnodev\tproc\nnodev\tsysfs\nnodev\tdevpts\n" },
    { .name = "kerne", .mode = ROW_FILE, .text = say_accounts },
    { .name = "loadavg", .mode = ROW_FILE, .text = say_load },
    { .name = "meminfo", .mode = ROW_FILE, .text = say_storage },
    { .name = "mounts", .mode = ROW_LINK, .words = "self/mounts" },
    { .name = "self", .mode = ROW_LINK, .target = own_target },
    { .name = "stat", .mode = ROW_FILE, .text = say_stat },
    { .name = "swaps", .mode = ROW_FILE, .text = say_swaps },
    { .name = "sys", .mode = ROW_FOLDER, .rows = sysctl_rows },
    { .name = "thread-self", .mode = ROW_LINK, .target = thread_target },
    { .name = "trace",
      .mode = ROW_FILE | 0200,
      .text = say_trace,
      .set = set_trace },
    { .name = "uptime", .mode = ROW_FILE, .text = say_uptime },
    { .name = "version",
      .mode = ROW_FILE,
      .words = "Linux version " LINUX_RELEASE " (" LINUX_HOST ") " LINUX_VERSION
               "\n" },
    { .name = NULL },
};
static const struct numbered processes = { .next = next_process,
                                           .row = &proc_of_process,
                                           .is_process = true };
const struct row proc_root = { .name = "proc",
                               .mode = ROW_FOLDER,
                               .rows = proc_rows,
                               .numbered = &processes };

static const struct row huge_rows[] = {
    { .name = "enabled",
      .mode = ROW_FILE,
      .words = "always madvise [never]\n" },
    { .name = "hpage_pmd_size", .mode = ROW_FILE, .words = "2097152\n" },
    { .name = NULL },
};
static const struct row mm_rows[] = {
    { .name = "transparent_hugepage", .mode = ROW_FOLDER, .rows = huge_rows },
    { .name = NULL },
};
static const struct row sys_kernel_rows[] = {
    { .name = "mm", .mode = ROW_FOLDER, .rows = mm_rows },
    { .name = NULL },
};
static const struct row cpu_0_rows[] = {
    { .name = NULL },
};
static const struct row cpu_rows[] = {
    { .name = "cpu0", .mode = ROW_FOLDER, .rows = cpu_0_rows },
    { .name = "online", .mode = ROW_FILE, .words = "0\n" },
    { .name = "possible", .mode = ROW_FILE, .words = "0\n" },
    { .name = "present", .mode = ROW_FILE, .words = "0\n" },
    { .name = NULL },
};
static const struct row sys_system_rows[] = {
    { .name = "cpu", .mode = ROW_FOLDER, .rows = cpu_rows },
    { .name = NULL },
};
static const struct row sys_device_rows[] = {
    { .name = "system", .mode = ROW_FOLDER, .rows = sys_system_rows },
    { .name = NULL },
};
static const struct row sys_rows[] = {
    { .name = "devices", .mode = ROW_FOLDER, .rows = sys_device_rows },
    { .name = "kernel", .mode = ROW_FOLDER, .rows = sys_kernel_rows },
    { .name = NULL },
};
const struct row sys_root = { .name = "sys",
                              .mode = ROW_FOLDER,
                              .rows = sys_rows };
