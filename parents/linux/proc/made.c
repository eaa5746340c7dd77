#include <proc/made.h>

#include <files/file.h>
#include <loop.h>
#include <memory/user.h>
#include <processes/process.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OWN_ROW, OWN_FOLDER, OWN_SUBJECT }; /* words of node.kind_own */

static const struct node_kind made_node;

static const struct row *row_of(const struct node *node)
{
    return (const struct row *)node->kind_own[OWN_ROW];
}

static uint32_t process_of(const struct node *node)
{
    return (uint32_t)(node->kind_own[OWN_SUBJECT] >> 32);
}

static struct subject subject_of(const struct node *node)
{
    uint32_t id = process_of(node);
    return (struct subject){ .process = id == 0 ? NULL : process_find(id),
                             .number = (uint32_t)node->kind_own[OWN_SUBJECT] };
}

static bool is_gone(const struct node *node)
{
    return process_of(node) != 0 && process_find(process_of(node)) == NULL;
}

/* ---- texts --------------------------------------------------------------- */

void text_add(struct text *text, const char *bytes, uint64_t count)
{
    struct content *content = text->content;
    uint64_t part = 0;
    while (count > 0 && !text->has_failed) {
        char *to = content_place(content, content->size, &part);
        if (part > count) { part = count; }
        if (to == NULL || !content_resize(content, content->size + part)) {
            text->has_failed = true;
            return;
        }
        memcpy(to, bytes, part);
        bytes += part;
        count -= part;
    }
}

void text_say(struct text *text, const char *format, ...)
{
    static char line[LINUX_PATH_BYTES + 256];
    va_list rest;
    va_start(rest, format);
    int length = vsnprintf(line, sizeof line, format, rest);
    va_end(rest);
    if (length >= (int)sizeof line) { length = (int)sizeof line - 1; }
    if (length > 0) { text_add(text, line, (uint64_t)length); }
}

/* ---- open files ---------------------------------------------------------- */

static long say(struct node *node)
{
    const struct row *row = row_of(node);
    struct subject subject = subject_of(node);
    struct text text = { .content = &node->content };
    content_resize(&node->content, 0);
    node->content.is_made = true;
    if (row->words != NULL) {
        text_add(&text, row->words, strlen(row->words));
    } else {
        row->text(&text, &subject);
    }
    return text.has_failed ? -LINUX_ENOMEM : 0;
}

/* Who reads from the beginning again has it as it is then. */
static long made_read(struct file *file, struct transfer *to,
                      uint64_t *position)
{
    struct node *node = file->node;
    if (is_gone(node)) { return -LINUX_ESRCH; }
    long result = *position == 0 || node->content.size == 0 ? say(node) : 0;
    return result != 0 ? result : stored_file.read(file, to, position);
}

static long made_write(struct file *file, struct transfer *from,
                       uint64_t *position)
{
    const struct row *row = row_of(file->node);
    struct subject subject = subject_of(file->node);
    char bytes[64];
    uint64_t all = from->bytes;
    uint64_t count = all < sizeof bytes ? all : sizeof bytes;
    (void)position;
    if (is_gone(file->node)) { return -LINUX_ESRCH; }
    if (row->set == NULL) {
        return subject.process != NULL ? -LINUX_EINVAL : -LINUX_EIO;
    }
    if (transfer_get(from, bytes, count) != 0) { return -LINUX_EFAULT; }
    long result = row->set(subject.process, bytes, count);
    return result != 0 ? result : (long)all;
}

static const struct file_kind made_file = {
    .read = made_read,
    .write = made_write,
    .has_position = true,
};

/* ---- nodes --------------------------------------------------------------- */

static long make(struct node *folder, const struct row *row, uint64_t subject,
                 struct node **ret_node)
{
    struct node *node = node_make(row->mode);
    if (node == NULL) { return -LINUX_ENOMEM; }
    node->number = (subject + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)row;
    node->kind = &made_node;
    node->kind_own[OWN_ROW] = (uint64_t)row;
    node->kind_own[OWN_FOLDER] = (uint64_t)folder;
    node->kind_own[OWN_SUBJECT] = subject;
    if (node_is(node, LINUX_S_FOLDER)) { node->folder.parent = folder; }
    node_use(folder);
    *ret_node = node;
    return 0;
}

static void made_end(struct node *node)
{
    struct node *folder = (struct node *)node->kind_own[OWN_FOLDER];
    if (folder != NULL) { node_drop(folder); }
}

static const struct node *made_name(const struct node *node,
                                    char ret_name[LINUX_NAME_BYTES])
{
    const struct row *row = row_of(node);
    if (row->name != NULL) {
        strcpy(ret_name, row->name);
    } else {
        sprintf(ret_name, "%u", (unsigned)node->kind_own[OWN_SUBJECT]);
    }
    return (const struct node *)node->kind_own[OWN_FOLDER];
}

/* ---- folders ------------------------------------------------------------- */

/* A number as it would be listed; false: it is none. */
static bool read_number(const char *name, uint32_t *ret_number)
{
    uint64_t number = 0;
    if (name[0] == '\0' || (name[0] == '0' && name[1] != '\0')) {
        return false;
    }
    for (; *name != '\0'; name++) {
        if (*name < '0' || *name > '9' || number > INT32_MAX / 10) {
            return false;
        }
        number = number * 10 + (uint64_t)(*name - '0');
    }
    *ret_number = (uint32_t)number;
    return true;
}

static uint64_t numbered_subject(const struct node *folder, uint32_t number)
{
    uint64_t id =
        row_of(folder)->numbered->is_process ? number : process_of(folder);
    return id << 32 | number;
}

static long made_find(struct thread *t, struct node *folder, const char *name,
                      struct node **ret_node)
{
    const struct numbered *numbered = row_of(folder)->numbered;
    struct subject subject = subject_of(folder);
    uint32_t number, found;
    (void)t;
    if (is_gone(folder)) { return -LINUX_ENOENT; }
    for (const struct row *row = row_of(folder)->rows;
         row != NULL && row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return make(folder, row, folder->kind_own[OWN_SUBJECT], ret_node);
        }
    }
    if (numbered == NULL || !read_number(name, &number)) {
        return -LINUX_ENOENT;
    }
    found = number;
    if (!numbered->next(subject.process, &found) || found != number) {
        return -LINUX_ENOENT;
    }
    return make(folder, numbered->row, numbered_subject(folder, number),
                ret_node);
}

/* Cookies count the rows, and then are numbers behind their count. */
static long made_list(struct thread *t, struct node *folder, uint64_t *cookie,
                      char ret_name[LINUX_NAME_BYTES], uint32_t *ret_mode)
{
    const struct numbered *numbered = row_of(folder)->numbered;
    struct subject subject = subject_of(folder);
    uint64_t count = 0;
    (void)t;
    if (is_gone(folder)) { return -LINUX_ENOENT; }
    for (const struct row *row = row_of(folder)->rows;
         row != NULL && row->name != NULL; row++) {
        if (count++ == *cookie) {
            strcpy(ret_name, row->name);
            *ret_mode = row->mode;
            ++*cookie;
            return 0;
        }
    }
    if (numbered == NULL || *cookie - count > INT32_MAX) {
        return -LINUX_ENOENT;
    }
    uint32_t number = (uint32_t)(*cookie - count);
    if (!numbered->next(subject.process, &number)) { return -LINUX_ENOENT; }
    sprintf(ret_name, "%u", (unsigned)number);
    *ret_mode = numbered->row->mode;
    *cookie = count + number + 1;
    return 0;
}

/* ---- links --------------------------------------------------------------- */

static long made_target(struct thread *t, struct node *node, char *ret_text,
                        size_t room)
{
    const struct row *row = row_of(node);
    struct subject subject = subject_of(node);
    if (is_gone(node)) { return -LINUX_ENOENT; }
    return row->words != NULL ? snprintf(ret_text, room, "%s", row->words)
                              : row->target(t, &subject, ret_text, room);
}

static struct node *made_follow(struct thread *t, struct node *node)
{
    const struct row *row = row_of(node);
    struct subject subject = subject_of(node);
    return is_gone(node) || row->follow == NULL ? NULL
                                                : row->follow(t, &subject);
}

static const struct node_kind made_node = {
    .find = made_find,
    .list = made_list,
    .target = made_target,
    .follow = made_follow,
    .name = made_name,
    .end = made_end,
    .file = &made_file,
};

/* ---- the roots ----------------------------------------------------------- */

bool made_mount(const char *name, const struct row *row)
{
    struct name *known = name_find(tree_root, name, strlen(name));
    struct node *node = known == NULL ? node_make(row->mode) : known->node;
    if (node == NULL) { return false; }
    bool is_made =
        known != NULL || name_make(tree_root, name, strlen(name), node);
    if (is_made && node_is(node, LINUX_S_FOLDER)) {
        node->kind = &made_node;
        node->kind_own[OWN_ROW] = (uint64_t)row;
    }
    if (known == NULL) { node_drop(node); }
    return is_made;
}
