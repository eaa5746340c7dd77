/* execve: another program in the process. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <loop.h>
#include <memory/kept.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/carriers.h>
#include <processes/exec.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <skeleton.h>
#include <string.h>
#include <waiting/posix_timer.h>

#define SCRIPTS_MOST 5
#define LINE_BYTES 256 /* of #!, at most */

/* What is to be run, as it is found. */
struct found {
    struct node *file, *interpreter; /* with uses */
    struct program program;
    char path[LINUX_PATH_BYTES]; /* as it was said, for the program */
    char script[LINE_BYTES];     /* the first line of the last script */
};
static struct found found;

static void found_end(struct found *f)
{
    if (f->file != NULL) { node_drop(f->file); }
    if (f->interpreter != NULL) { node_drop(f->interpreter); }
    f->file = f->interpreter = NULL;
}

static long open_program(struct thread *t, const char *path,
                         struct node **ret_node)
{
    struct place place;
    if (path[0] == '\0') { return -LINUX_ENOENT; }
    struct node *from = path[0] == '/' ? tree_root : t->process->scope->folder;
    long result = path_find_text(t, from, path, PATH_FOLLOW, &place);
    if (result != 0) { return result; }
    struct node *node = place.node;
    place.node = NULL;
    place_end(&place);
    if (node == NULL) { return -LINUX_ENOENT; }
    if (!node_is(node, LINUX_S_FILE) || !(node->mode & 0111)) {
        node_drop(node);
        return -LINUX_EACCES;
    }
    *ret_node = node;
    return 0;
}

/* ---- scripts ------------------------------------------------------------- */

static void take_word(char **from, char **ret_word)
{
    *from += strspn(*from, " \t");
    *ret_word = *from;
}

/* The interpreter of `#! INTERPRETER ARGUMENT`, and the argument, or null.
 * False: it is no script. */
static bool read_script(struct found *f, char **ret_path, char **ret_argument)
{
    uint64_t bytes =
        content_read(&f->file->content, f->script, 0, LINE_BYTES - 1);
    f->script[bytes] = '\0';
    if (bytes < 3 || memcmp(f->script, "#!", 2) != 0) { return false; }
    f->script[strcspn(f->script, "\n")] = '\0';
    char *at = f->script + 2;
    for (char *end = at + strlen(at); end > at && strchr(" \t", end[-1]);) {
        *--end = '\0';
    }
    take_word(&at, ret_path);
    at += strcspn(at, " \t");
    if (*at != '\0') { *at++ = '\0'; }
    take_word(&at, ret_argument);
    if (**ret_argument == '\0') { *ret_argument = NULL; }
    return **ret_path != '\0';
}

static long add(struct texts *texts, const char *text)
{
    texts->arguments++;
    return texts_add(texts, text, strlen(text) + 1);
}

/* A script's interpreter, its argument, and the script's path come before the
 * arguments but the first.  `before` gets them. */
static long run_script(struct thread *t, struct found *f, char *path,
                       char *argument, struct texts *before)
{
    struct texts later = *before;
    uint64_t count = before->arguments;
    *before = (struct texts){ .bytes = 0 };
    long result = add(before, path);
    if (result == 0 && argument != NULL) { result = add(before, argument); }
    if (result == 0) { result = add(before, f->path); }
    /* Of a script that a script is the interpreter of, all but its name. */
    uint64_t at = count == 0 ? 0 : strlen((char *)later.frame[0]) + 1;
    for (uint64_t i = 1; i < count && result == 0; i++) {
        const char *text = (const char *)later.frame[0] + at;
        result = add(before, text);
        at += strlen(text) + 1;
    }
    texts_end(&later);
    if (result == 0 && before->bytes > KERNE_PAGE) { result = -LINUX_E2BIG; }
    if (result != 0) { return result; }
    strncpy(f->path, path, sizeof f->path - 1);
    node_drop(f->file);
    f->file = NULL;
    return open_program(t, f->path, &f->file);
}

/* ---- finding ------------------------------------------------------------- */

static long find(struct thread *t, struct found *f, struct texts *before)
{
    char *path, *argument;
    long result = open_program(t, f->path, &f->file);
    for (unsigned i = 0; result == 0 && read_script(f, &path, &argument); i++) {
        if (i == SCRIPTS_MOST) { return -LINUX_ELOOP; }
        result = run_script(t, f, path, argument, before);
    }
    if (result == 0) { result = program_check(f->file, &f->program); }
    if (result == 0 && f->program.interpreter_path[0] != '\0') {
        struct program unused;
        result = open_program(t, f->program.interpreter_path, &f->interpreter);
        if (result == 0) { result = program_check(f->interpreter, &unused); }
    }
    return result;
}

/* ---- arguments ----------------------------------------------------------- */

/* The texts of an array of the program's, behind so many of them. */
static long read_texts(struct thread *t, uint64_t array, uint64_t skip,
                       struct texts *texts, uint64_t *count)
{
    static char text[KERNE_PAGE * 8];
    uint64_t at = 0;
    for (uint64_t i = 0; array != 0; i++) {
        if (user_read(t->space, &at, array + i * 8, 8) != 0) {
            return -LINUX_EFAULT;
        }
        if (at == 0) { break; }
        if (i < skip) { continue; }
        long length = user_text(t->space, text, at, sizeof text);
        if (length < 0) {
            return length == -LINUX_ENAMETOOLONG ? -LINUX_E2BIG : length;
        }
        long result = texts_add(texts, text, (uint64_t)length + 1);
        if (result != 0) { return result; }
        ++*count;
    }
    return 0;
}

static long read_all_texts(struct thread *t, const uint64_t *a,
                           struct texts *texts)
{
    uint64_t skip = texts->arguments > 0 ? 1 : 0;
    long result = read_texts(t, a[1], skip, texts, &texts->arguments);
    texts->argument_bytes = texts->bytes;
    if (result == 0 && texts->arguments == 0) {
        result = texts_add(texts, "", 1);
        texts->arguments = 1;
    }
    return result != 0 ? result
                       : read_texts(t, a[2], 0, texts, &texts->environment);
}

/* ---- the change ---------------------------------------------------------- */

/* An empty space, in which nobody else is; one that has had the program's
 * windows before, if there is such a one. */
static bool renew_space(struct thread *t, struct node *program)
{
    const void *key = kept_key(program);
    if (t->space->users == 1 && !carrier_is_kept(key)) {
        space_clear(t->space);
        t->space->key = key;
        return true;
    }
    struct space *space = space_make();
    if (space == NULL) { return false; }
    space->key = key;
    if (!thread_renew(t, space)) {
        space_drop(space);
        return false;
    }
    return true;
}

static void end_other_threads(struct thread *t)
{
    struct process *p = t->process;
    while (p->thread_count > 1) {
        thread_end(p->threads == t ? t->next : p->threads);
    }
    if (t->id != p->id) { thread_set_id(t, p->id); }
}

static void set_name(struct process *p, const char *path)
{
    const char *slash = strrchr(path, '/');
    memset(p->name, 0, sizeof p->name);
    strncpy(p->name, slash == NULL ? path : slash + 1, sizeof p->name - 1);
}

static void change_process(struct thread *t, struct found *f)
{
    struct process *p = t->process;
    if (p->program != NULL) { node_drop(p->program); }
    p->program = f->file;
    node_use(f->file);
    set_name(p, f->path);
    descriptors_execute(p);
    actions_execute(p);
    posix_timers_end(p);
    p->has_executed = true;
    p->exit_signal = LINUX_SIGCHLD;
    t->stack = (struct alternate_stack){ .address = 0 };
}

/* From here on there is no way back: what fails ends the process. */
static long change(struct thread *t, struct found *f, const struct texts *texts)
{
    struct kerne_register_file file = { .floats = 0 };
    end_other_threads(t);
    thread_leaves_space(t);
    bool is_laid =
        renew_space(t, f->file) &&
        program_lay(t->space, f->file, f->interpreter, &f->program) == 0;
    uint64_t stack =
        is_laid ? program_stack(t->space, &f->program, texts, f->path) : 0;
    change_process(t, f);
    if (stack == 0) {
        parent_say(&linux_parent,
                   "out of memory: process %u (%s) is ended: it cannot be laid "
                   "out",
                   t->process->id, t->process->name);
        process_exit(t->process, LINUX_SIGKILL);
        return CALL_NO_ANSWER;
    }
    file.x[0] = f->program.entry;
    file.x[2] = stack;
    kerne_modify(t->reference, &file);
    t->attention = signal_is_due(t); /* for which another thread was chosen */
    carrier_begin(t);
    return CALL_NO_ANSWER;
}

long exec_run(struct thread *t, const char *path, const uint64_t *a,
              struct texts *own)
{
    struct texts texts = { .bytes = 0 };
    found_end(&found);
    strncpy(found.path, path, sizeof found.path - 1);
    long result = find(t, &found, &texts);
    if (result == 0) {
        if (own != NULL) {
            texts_end(&texts);
            texts = *own;
        } else {
            result = read_all_texts(t, a, &texts);
        }
    }
    if (result == 0) { result = change(t, &found, &texts); }
    texts_end(&texts);
    found_end(&found);
    return result;
}

long call_execve(struct thread *t, const uint64_t *a)
{
    static char path[LINUX_PATH_BYTES];
    long length = user_text(t->space, path, a[0], sizeof path);
    return length < 0 ? length : exec_run(t, path, a, NULL);
}
