/* What /proc tells of a process. */
#include <proc/made.h>

#include <files/mounts.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <files/pipe.h>
#include <processes/actions.h>
#include <processes/program.h>
#include <processes/threads.h>
#include <loop.h>
#include <proc/memory.h>
#include <stdio.h>
#include <string.h>
#include <terminals/terminal.h>

#define TICK UINT64_C(10000000) /* nanoseconds, of 100 in a second */

/* ---- what it does -------------------------------------------------------- */

static bool is_busy(const struct thread *t)
{
    return !t->is_waiting || t->is_ready;
}

static char state_of(const struct process *p)
{
    if (p->threads == NULL) { return 'Z'; }
    if (p->is_stopped) { return 'T'; }
    for (const struct thread *t = p->threads; t != NULL; t = t->next) {
        if (is_busy(t)) { return 'R'; }
    }
    return 'S';
}

static const char *state_name(char state)
{
    switch (state) {
    case 'Z': return "Z (zombie)";
    case 'T': return "T (stopped)";
    case 'R': return "R (running)";
    default: return "S (sleeping)";
    }
}

static void handled(const struct process *p, sigset *ret_ignored,
                    sigset *ret_caught)
{
    *ret_ignored = *ret_caught = 0;
    for (unsigned i = 0; p->actions != NULL && i < LINUX_SIGNALS; i++) {
        uint64_t handler = p->actions->action[i].handler;
        if (handler == SIGNAL_IGNORE) {
            *ret_ignored |= SIGSET_OF(i + 1);
        } else if (handler != SIGNAL_DEFAULT) {
            *ret_caught |= SIGSET_OF(i + 1);
        }
    }
}

static uint32_t parent_of(const struct process *p)
{
    return p->parent == NULL ? 0 : p->parent->id;
}

static void say_stat(struct text *text, const struct subject *of)
{
    const struct process *p = of->process;
    const struct thread *t = p->threads;
    const struct terminal *terminal = terminal_of_session(p->session);
    const struct space *space = memory_of(p);
    struct memory_sizes sizes = memory_sizes(p);
    sigset ignored, caught;
    handled(p, &ignored, &caught);
    text_say(text, "%u (%s) %c %u %u %u %u %d 0 0 0 0 0 ", of->number, p->name,
             state_of(p), parent_of(p), p->group, p->session,
             terminal == NULL ? 0 : terminal_special(terminal),
             terminal == NULL ? -1 : (int)terminal->foreground);
    text_say(text, "%lu 0 %lu 0 20 0 %u 0 %lu %lu %lu %lu ",
             process_time(p) / TICK, p->child_time / TICK, p->thread_count,
             p->started / TICK, sizes.all, sizes.resident / KERNE_PAGE,
             UINT64_MAX);
    text_say(text, "0 0 0 0 0 %lu %lu %lu %lu 0 0 0 %d 0 0 0 0 0 0 ",
             p->pending.set | (t == NULL ? 0 : t->pending.set),
             t == NULL ? 0 : t->blocked, ignored, caught, p->exit_signal);
    if (space != NULL) {
        text_say(text, "0 0 %lu %lu %lu %lu %lu ", space->heap_first,
                 space->arguments[0], space->arguments[1],
                 space->environment[0], space->environment[1]);
    } else {
        text_say(text, "0 0 0 0 0 0 0 ");
    }
    text_say(text, "%d\n", t == NULL ? p->status : 0);
}

static void say_mounts(struct text *text, const struct subject *of)
{
    const struct mount *mount;
    (void)of;
    for (unsigned i = 0; (mount = mount_at(i)) != NULL; i++) {
        text_say(text, "%s %s %s %s 0 0\n", mount->source, mount->path,
                 mount->type, mount->options);
    }
}

/* Of a name, what would end its line stands as \n. */
static void say_name(struct text *text, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name == '\n' || *name == '\\') {
            text_say(text, "\\%c", *name == '\n' ? 'n' : '\\');
        } else {
            text_add(text, name, 1);
        }
    }
}

static void say_sizes(struct text *text, const struct process *p)
{
    struct memory_sizes s = memory_sizes(p);
    if (p->threads == NULL) { return; }
    text_say(text,
             "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmLck:\t       0 kB\n"
             "VmHWM:\t%8lu kB\nVmRSS:\t%8lu kB\n",
             s.all >> 10, s.all >> 10, s.resident >> 10, s.resident >> 10);
    text_say(text,
             "RssAnon:\t%8lu kB\nRssFile:\t%8lu kB\nRssShmem:\t       0 kB\n"
             "VmData:\t%8lu kB\nVmStk:\t%8lu kB\nVmExe:\t%8lu kB\n"
             "VmLib:\t       0 kB\nVmPTE:\t       0 kB\nVmSwap:\t%8lu kB\n",
             (s.resident - s.of_files) >> 10, s.of_files >> 10, s.data >> 10,
             s.stack >> 10, s.code >> 10, s.out >> 10);
}

static void say_signals(struct text *text, const struct process *p)
{
    const struct thread *t = p->threads;
    sigset ignored, caught;
    handled(p, &ignored, &caught);
    text_say(text,
             "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n"
             "SigIgn:\t%016lx\nSigCgt:\t%016lx\n",
             t == NULL ? 0 : t->pending.set, p->pending.set,
             t == NULL ? 0 : t->blocked, ignored, caught);
}

static void say_status(struct text *text, const struct subject *of)
{
    const struct process *p = of->process;
    text_say(text, "Name:\t");
    say_name(text, p->name);
    if (p->scope != NULL) { text_say(text, "\nUmask:\t%04o", p->scope->umask); }
    text_say(text,
             "\nState:\t%s\nTgid:\t%u\nNgid:\t0\nPid:\t%u\nPPid:\t%u\n"
             "TracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
             "FDSize:\t%u\nGroups:\t \n",
             state_name(state_of(p)), p->id, of->number, parent_of(p),
             p->descriptors == NULL ? 0 : DESCRIPTORS_BLOCK);
    say_sizes(text, p);
    text_say(text, "Threads:\t%u\n",
             p->thread_count == 0 ? 1 : p->thread_count);
    say_signals(text, p);
    text_say(text, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n");
}

static void say_comm(struct text *text, const struct subject *of)
{
    text_say(text, "%s\n", of->process->name);
}

/* Only its own threads may name a process. */
static long set_comm(struct process *p, const char *bytes, uint64_t count)
{
    if (p != loop_process()) { return -LINUX_EINVAL; }
    if (count > sizeof p->name - 1) { count = sizeof p->name - 1; }
    memset(p->name, 0, sizeof p->name);
    memcpy(p->name, bytes, count);
    return 0;
}

/* ---- links --------------------------------------------------------------- */

/* Where a node is, or was. */
static long path_or_gone(const struct node *node, char *ret_text, size_t room)
{
    long length = path_of_node(node, ret_text, room);
    return length == -LINUX_ENOENT ? snprintf(ret_text, room, "/ (deleted)")
                                   : length;
}

static struct node *used(struct node *node)
{
    if (node != NULL) { node_use(node); }
    return node;
}

static long program_target(struct thread *t, const struct subject *of,
                           char *ret_text, size_t room)
{
    const struct node *program = of->process->program;
    (void)t;
    return program == NULL ? -LINUX_ENOENT
                           : path_or_gone(program, ret_text, room);
}

static struct node *follow_program(struct thread *t, const struct subject *of)
{
    (void)t;
    return used(of->process->program);
}

static struct node *folder_of(const struct subject *of)
{
    const struct scope *scope = of->process->scope;
    return scope == NULL ? NULL : scope->folder;
}

static long folder_target(struct thread *t, const struct subject *of,
                          char *ret_text, size_t room)
{
    const struct node *folder = folder_of(of);
    (void)t;
    return folder == NULL ? -LINUX_ENOENT
                          : path_or_gone(folder, ret_text, room);
}

static struct node *follow_folder(struct thread *t, const struct subject *of)
{
    (void)t;
    return used(folder_of(of));
}

/* ---- descriptors --------------------------------------------------------- */

static struct file *file_of(const struct subject *of)
{
    const struct descriptors *d = of->process->descriptors;
    return d == NULL ? NULL : descriptor_file(d, of->number);
}

static bool next_descriptor(const struct process *p, uint32_t *number)
{
    const struct descriptors *d = p->descriptors;
    while (d != NULL && *number < DESCRIPTORS) {
        if (descriptor_file(d, *number) != NULL) { return true; }
        ++*number;
    }
    return false;
}

static long file_target(struct thread *t, const struct subject *of,
                        char *ret_text, size_t room)
{
    const struct file *file = file_of(of);
    (void)t;
    if (file == NULL) { return -LINUX_ENOENT; }
    if (file->kind->name != NULL &&
        (file->node == NULL ||
         path_of_node(file->node, ret_text, room) == -LINUX_ENOENT)) {
        return snprintf(ret_text, room, "%s:[%lu]", file->kind->name,
                        (uint64_t)file->own / 64);
    }
    return file->node == NULL ? snprintf(ret_text, room, "anon_inode:[file]")
                              : path_or_gone(file->node, ret_text, room);
}

static struct node *follow_file(struct thread *t, const struct subject *of)
{
    struct file *file = file_of(of);
    (void)t;
    if (file == NULL) { return NULL; }
    return file->node == NULL ? pipe_node(file) : used(file->node);
}

static void say_file(struct text *text, const struct subject *of)
{
    const struct file *file = file_of(of);
    if (file == NULL) { return; }
    text_say(text, "pos:\t%lu\nflags:\t0%o\nmnt_id:\t1\nino:\t%lu\n",
             file->position, file->flags,
             file->node == NULL ? (uint64_t)file->own / 64
                                : file->node->number);
}

/* ---- threads ------------------------------------------------------------- */

static bool next_thread(const struct process *p, uint32_t *number)
{
    const struct thread *least = NULL;
    for (const struct thread *t = p->threads; t != NULL; t = t->next) {
        if (t->id >= *number && (least == NULL || t->id < least->id)) {
            least = t;
        }
    }
    if (least != NULL) { *number = least->id; }
    return least != NULL;
}

/* ---- rows ---------------------------------------------------------------- */

static const struct row descriptor_row = { .mode = LINUX_S_LINK | 0700,
                                           .target = file_target,
                                           .follow = follow_file };
static const struct numbered descriptors = { .next = next_descriptor,
                                             .row = &descriptor_row };
static const struct row position_row = { .mode = ROW_FILE, .text = say_file };
static const struct numbered positions = { .next = next_descriptor,
                                           .row = &position_row };

static const struct row thread_rows[] = {
    { .name = "comm",
      .mode = ROW_FILE | 0200,
      .text = say_comm,
      .set = set_comm },
    { .name = "stat", .mode = ROW_FILE, .text = say_stat },
    { .name = "statm", .mode = ROW_FILE, .text = memory_say_statm },
    { .name = "status", .mode = ROW_FILE, .text = say_status },
    { .name = NULL },
};
static const struct row thread_row = { .mode = ROW_FOLDER,
                                       .rows = thread_rows };
static const struct numbered threads = { .next = next_thread,
                                         .row = &thread_row };

static const struct row process_rows[] = {
    { .name = "cmdline", .mode = ROW_FILE, .text = memory_say_arguments },
    { .name = "comm",
      .mode = ROW_FILE | 0200,
      .text = say_comm,
      .set = set_comm },
    { .name = "cwd",
      .mode = ROW_LINK,
      .target = folder_target,
      .follow = follow_folder },
    { .name = "environ",
      .mode = LINUX_S_FILE | 0400,
      .text = memory_say_environment },
    { .name = "exe",
      .mode = ROW_LINK,
      .target = program_target,
      .follow = follow_program },
    { .name = "fd", .mode = LINUX_S_FOLDER | 0500, .numbered = &descriptors },
    { .name = "fdinfo", .mode = ROW_FOLDER, .numbered = &positions },
    { .name = "maps", .mode = ROW_FILE, .text = memory_say_maps },
    { .name = "mounts", .mode = ROW_FILE, .text = say_mounts },
    { .name = "root", .mode = ROW_LINK, .words = "/" },
    { .name = "stat", .mode = ROW_FILE, .text = say_stat },
    { .name = "statm", .mode = ROW_FILE, .text = memory_say_statm },
    { .name = "status", .mode = ROW_FILE, .text = say_status },
    { .name = "task", .mode = ROW_FOLDER, .numbered = &threads },
    { .name = NULL },
};
const struct row proc_of_process = { .mode = ROW_FOLDER, .rows = process_rows };
