/*
 * linux [trace[=WHAT]] [swap=SIZE] [date=SECONDS] [PROGRAM [ARGUMENT...]]: a
 * system whose children are programs of Linux's.  See
 * docs/man/programs/linux.md.
 */
#include <files/descriptors.h>
#include <files/image.h>
#include <files/mounts.h>
#include <files/volume.h>
#include <loop.h>
#include <memory/swap.h>
#include <proc/made.h>
#include <processes/exec.h>
#include <skeleton.h>
#include <stdlib.h>
#include <string.h>
#include <terminals/screen.h>
#include <terminals/terminal.h>
#include <calls/trace.h>
#include <waiting/load.h>
#include <waiting/time.h>

#define TREE "linux.tree" /* the member of the image with the files */
#define WORDS 64
#define SHELL "/bin/sh"
#define SWAP "swap="
#define DATE "date="
#define SWAP_MOST (UINT64_C(64) << 30)

/* ---- arguments ----------------------------------------------------------- */

/* Takes a word off, as a shell would: blanks may stand in '...' and "...". */
static char *next_word(char **from)
{
    char *at = *from, quote = '\0';
    while (*at == ' ') { at++; }
    char *word = at, *to = at;
    if (*at == '\0') { return NULL; }
    for (; *at != '\0' && (quote != '\0' || *at != ' '); at++) {
        if (*at == quote) {
            quote = '\0';
        } else if (quote == '\0' && (*at == '\'' || *at == '"')) {
            quote = *at;
        } else {
            *to++ = *at;
        }
    }
    *from = *at == '\0' ? at : at + 1;
    *to = '\0';
    return word;
}

static void set_trace(const char *word)
{
    const char *what = word[5] == '\0' ? "=all" : word + 5;
    if (*what != '=' || !trace_set(what + 1)) {
        kerne_give_up("`%s`: behind `trace=` stands `all`, `missing`, a "
                      "process's number, or the name of a program, up to "
                      "%u characters",
                      word, TRACE_WHAT_BYTES - 1);
    }
}

/* Bytes, or with a letter so many of them. */
static void set_swap(const char *word)
{
    char *end;
    unsigned long long bytes = strtoull(word + strlen(SWAP), &end, 10);
    switch (*end) {
    case 'k':
    case 'K': bytes <<= 10; break;
    case 'm':
    case 'M': bytes <<= 20; break;
    case 'g':
    case 'G': bytes <<= 30; break;
    case '\0': break;
    default: bytes = 0; break;
    }
    if ((*end != '\0' && end[1] != '\0') || bytes < KERNE_PAGE ||
        bytes > SWAP_MOST) {
        kerne_give_up("`%s`: after `swap=` it expected a size, as 32M, of at "
                      "most 64G; see docs/man/programs/linux.md",
                      word);
    }
    swap_begin(&linux_parent.storage, bytes / KERNE_PAGE);
}

static void set_date(const char *word)
{
    const char *number = word + strlen(DATE);
    char *end;
    unsigned long long seconds = strtoull(number, &end, 10);
    if (*number < '0' || *number > '9' || *end != '\0' ||
        seconds > TIME_DAY_MOST) {
        kerne_give_up("`%s`: after `date=` it expected the seconds since 1970 "
                      "when the machine was switched on; see "
                      "docs/man/programs/linux.md",
                      word);
    }
    time_set_day((int64_t)seconds);
}

/* Its own words come first; what they ask for is taken before the frames. */
static char *take_own_words(char **rest)
{
    char *word = next_word(rest);
    for (; word != NULL; word = next_word(rest)) {
        if (strncmp(word, "trace", 5) == 0) {
            set_trace(word);
        } else if (strncmp(word, SWAP, strlen(SWAP)) == 0) {
            set_swap(word);
        } else if (strncmp(word, DATE, strlen(DATE)) == 0) {
            set_date(word);
        } else {
            return word;
        }
    }
    return SHELL;
}

static void add(struct texts *texts, const char *text)
{
    if (texts_add(texts, text, strlen(text) + 1) != 0) {
        kerne_give_up("no page is left for the arguments; give it more storage "
                      "with `size`");
    }
}

/* ---- the tree ------------------------------------------------------------ */

static void make_folder(struct node *dev, const char *name, uint32_t mode)
{
    struct node *folder = node_make(LINUX_S_FOLDER | mode);
    if (folder == NULL) { return; }
    if (name_find(dev, name, strlen(name)) == NULL) {
        (void)name_make(dev, name, strlen(name), folder);
    }
    node_drop(folder);
}

static void make_links(struct node *dev)
{
    static const char *const link[][2] = { { "fd", "/proc/self/fd" },
                                           { "stdin", "/proc/self/fd/0" },
                                           { "stdout", "/proc/self/fd/1" },
                                           { "stderr", "/proc/self/fd/2" } };
    for (unsigned i = 0; i < sizeof link / sizeof link[0]; i++) {
        const char *name = link[i][0], *target = link[i][1];
        struct node *node = node_make(LINUX_S_LINK | 0777);
        if (node == NULL) { return; }
        if (node_set_target(node, target, strlen(target)) &&
            name_find(dev, name, strlen(name)) == NULL) {
            (void)name_make(dev, name, strlen(name), node);
        }
        node_drop(node);
    }
}

static void make_devices(void)
{
    static const struct {
        const char *name;
        uint64_t special;
    } device[] = {
        { "null", 1 << 8 | 3 },          { "zero", 1 << 8 | 5 },
        { "full", 1 << 8 | 7 },          { "random", 1 << 8 | 8 },
        { "urandom", 1 << 8 | 9 },       { "tty", TERMINAL_OWN },
        { "console", TERMINAL_CONSOLE }, { "ptmx", TERMINAL_MASTER }
    };
    struct name *name = name_find(tree_root, "dev", 3);
    struct node *dev =
        name == NULL ? node_make(LINUX_S_FOLDER | 0755) : name->node;
    if (dev == NULL) { return; }
    if (name == NULL) {
        (void)name_make(tree_root, "dev", 3, dev);
        node_drop(dev);
    }
    for (unsigned i = 0; i < sizeof device / sizeof device[0]; i++) {
        const char *text = device[i].name;
        struct node *node = node_make(LINUX_S_CHARACTER | 0666);
        if (node == NULL) { return; }
        node->special = device[i].special;
        if (name_find(dev, text, strlen(text)) == NULL) {
            (void)name_make(dev, text, strlen(text), node);
        }
        node_drop(node);
    }
    make_folder(dev, "pts", 0755);
    make_folder(dev, "shm", 01777);
    make_links(dev);
}

static void note_mounts(void)
{
    static const struct mount mount[] = {
        { "kerne", "/", "tmpfs", "rw" },
        { "proc", "/proc", "proc", "rw" },
        { "sysfs", "/sys", "sysfs", "ro" },
        { "devpts", "/dev/pts", "devpts", "rw" },
    };
    for (unsigned i = 0; i < sizeof mount / sizeof mount[0]; i++) {
        mount_note(&mount[i]);
    }
}

static void make_tree(void)
{
    struct archive_member tree;
    tree_root = node_make(LINUX_S_FOLDER | 0755);
    if (tree_root == NULL) {
        kerne_give_up("there is no storage; give it some with `size`");
    }
    if (archive_find(&linux_parent.start->image, TREE, &tree) !=
        ARCHIVE_MEMBER) {
        kerne_give_up("the image has no %s, the files for Linux's programs: "
                      "start Kerne by ./run --linux",
                      TREE);
    }
    uint64_t first = (uint64_t)tree.bytes;
    if (image_mount(&(struct kerne_range){ first, first + tree.size }) < 0) {
        kerne_give_up("%s is damaged, or storage of %lu pages is too small for "
                      "its names",
                      TREE, (unsigned long)frames_all());
    }
    make_devices();
    note_mounts();
    if (!made_mount("proc", &proc_root) || !made_mount("sys", &sys_root)) {
        kerne_give_up("storage of %lu pages is too small for /proc",
                      (unsigned long)frames_all());
    }
}

/* ---- the first process --------------------------------------------------- */

static struct node *find_console(void)
{
    const struct name *dev = name_find(tree_root, "dev", 3);
    const struct name *console =
        dev == NULL ? NULL : name_find(dev->node, "console", 7);
    return console == NULL ? NULL : console->node;
}

/* It controls the first process, and all that is under it. */
static void open_terminal(struct thread *t)
{
    struct file *file;
    if (terminal_open(t, terminal_console, LINUX_O_RDWR, find_console(),
                      &file) != 0) {
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        file_use(file);
        (void)descriptor_put_at(t->process, file, i, false);
    }
    file_drop(file);
}

static void start(char *word, char *rest)
{
    const char *const environment[] = {
        "HOME=/root", screen_is_raw() ? "TERM=xterm" : "TERM=dumb",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    };
    const char *path = word;
    struct texts texts = { .bytes = 0 };
    for (; word != NULL; word = next_word(&rest)) {
        add(&texts, word);
        texts.arguments++;
    }
    texts.argument_bytes = texts.bytes;
    for (unsigned i = 0; i < 3; i++) {
        add(&texts, environment[i]);
        texts.environment++;
    }
    struct thread *t = process_first();
    if (t == NULL) {
        kerne_give_up("it may make no process: give it some with `internal`, "
                      "and `tables`");
    }
    open_terminal(t);
    long result = exec_run(t, path, NULL, &texts);
    if (result < 0 && result != CALL_NO_ANSWER) {
        kerne_give_up("%s cannot be run: error %ld of Linux's", path, -result);
    }
}

void loop_finish(int status)
{
    loop_flush();
    process_end_all();
    screen_end();
    volume_end();
    exit(status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
}

int main(void)
{
    static char arguments[KERNE_ARGUMENT_BYTES];
    parent_begin(&linux_parent);
    parent_needs_image(&linux_parent);
    time_begin();
    memcpy(arguments, linux_parent.start->arguments, sizeof arguments - 1);
    char *rest = arguments, *word = take_own_words(&rest);
    frames_begin(&linux_parent.storage);
    make_tree();
    volume_begin();
    screen_begin();
    load_begin();
    start(word, rest);
    loop_finish(loop_run());
}
