#include <files/image.h>

#include <archive.h>
#include <files/node.h>
#include <stdio.h>
#include <string.h>
#include <tar.h>

#define OCTAL(header, field) \
    archive_octal((header)->field, sizeof(header)->field)
#define PATH_BYTES 257 /* of a prefix, `/`, a name, and the end */

/* The path, without what leads to the tree's own root. */
static void path_of(const struct archive_header *h, char ret_path[PATH_BYTES])
{
    size_t prefix = strnlen(h->prefix, sizeof h->prefix);
    size_t name = strnlen(h->name, sizeof h->name);
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%.*s%s%.*s", (int)prefix, h->prefix,
             prefix > 0 ? "/" : "", (int)name, h->name);
    const char *from = path;
    while (*from == '/' || (from[0] == '.' && (from[1] == '/' || !from[1]))) {
        from++;
    }
    size_t length = strlen(from);
    while (length > 0 && from[length - 1] == '/') { length--; }
    memcpy(ret_path, from, length);
    ret_path[length] = '\0';
}

/* These are no names (N2). */
static bool is_dots(const char *text, size_t length)
{
    return length <= 2 && memcmp(text, "..", length) == 0;
}

static struct node *folder_of(struct node *folder, const char *text,
                              size_t length)
{
    if (length == 0) { return folder; }
    if (is_dots(text, length)) { return NULL; }
    struct name *name = name_find(folder, text, length);
    if (name != NULL) { return name->node; }
    struct node *node = node_make(LINUX_S_FOLDER | 0755);
    bool is_made = node != NULL && name_make(folder, text, length, node);
    if (node != NULL) { node_drop(node); }
    return is_made ? node : NULL;
}

/* The folder that a path leads to, which is made where there is none; *path is
 * then the last name.  Null: the way leads through a file, `.` or `..`, or no
 * frame is left. */
static struct node *walk(const char **path)
{
    struct node *folder = tree_root;
    const char *slash;
    while (folder != NULL && (slash = strchr(*path, '/')) != NULL) {
        folder = folder_of(folder, *path, (size_t)(slash - *path));
        *path = slash + 1;
        if (folder != NULL && !node_is(folder, LINUX_S_FOLDER)) { return NULL; }
    }
    return folder;
}

/* The file that a link is another name of; null: there is none. */
static struct node *linked_node(const struct archive_header *h)
{
    char path[PATH_BYTES];
    struct archive_header of = { .prefix = "" };
    memcpy(of.name, h->link, sizeof of.name);
    path_of(&of, path);
    const char *last = path;
    struct node *folder = walk(&last);
    struct name *name =
        folder == NULL ? NULL : name_find(folder, last, strlen(last));
    return name == NULL || node_is(name->node, LINUX_S_FOLDER) ? NULL
                                                               : name->node;
}

static uint32_t kind_of(const struct archive_header *h)
{
    switch (h->type) {
    case SYMTYPE: return LINUX_S_LINK;
    case CHRTYPE: return LINUX_S_CHARACTER;
    case DIRTYPE: return LINUX_S_FOLDER;
    default: return LINUX_S_FILE;
    }
}

static void fill(struct node *node, const struct archive_member *member)
{
    const struct archive_header *h = member->header;
    node->user = (uint32_t)OCTAL(h, user);
    node->group = (uint32_t)OCTAL(h, group);
    node->modified.seconds = (int64_t)OCTAL(h, modified);
    node->modified.nanoseconds = 0;
    node->accessed = node->changed = node->modified;
    if (node_is(node, LINUX_S_FILE)) {
        node->content.base = (const char *)member->bytes;
        node->content.size = node->content.base_bytes = member->size;
    } else if (node_is(node, LINUX_S_CHARACTER)) {
        node->special = OCTAL(h, device_major) << 8 | OCTAL(h, device_minor);
    }
}

/* The node of a member that is no second name, with a use; null: no frame is
 * left. */
static struct node *node_of(const struct archive_member *member)
{
    const struct archive_header *h = member->header;
    struct node *node =
        node_make(kind_of(h) | (uint32_t)(OCTAL(h, mode) & 07777));
    if (node == NULL) { return NULL; }
    fill(node, member);
    if (node_is(node, LINUX_S_LINK) &&
        !node_set_target(node, h->link, strnlen(h->link, sizeof h->link))) {
        node_drop(node);
        return NULL;
    }
    return node;
}

static bool has_numbers(const struct archive_header *h)
{
    uint64_t all =
        OCTAL(h, mode) | OCTAL(h, user) | OCTAL(h, group) | OCTAL(h, modified);
    if (h->type == CHRTYPE) {
        all |= OCTAL(h, device_major) | OCTAL(h, device_minor);
    }
    return all != UINT64_MAX;
}

/* Adds a member; what had its name goes, but a folder stays, and takes the mode
 * of a member that is one.  False: it cannot be. */
static bool add(const struct archive_member *member)
{
    const struct archive_header *h = member->header;
    char path[PATH_BYTES];
    path_of(h, path);
    const char *last = path;
    struct node *folder = has_numbers(h) ? walk(&last) : NULL;
    size_t length = strlen(last);
    if (folder == NULL) { return false; }
    struct name *name = length == 0 ? NULL : name_find(folder, last, length);
    struct node *known = path[0] == '\0' ? tree_root
                         : name == NULL  ? NULL
                                         : name->node;
    if (known != NULL && node_is(known, LINUX_S_FOLDER)) {
        known->mode = LINUX_S_FOLDER | (uint32_t)(OCTAL(h, mode) & 07777);
        return h->type == DIRTYPE;
    }
    if (is_dots(last, length)) { return false; }
    if (name != NULL) { name_remove(name); }
    if (h->type == LNKTYPE) {
        known = linked_node(h);
        return known != NULL && name_make(folder, last, length, known);
    }
    known = node_of(member);
    bool is_made = known != NULL && name_make(folder, last, length, known);
    if (known != NULL) { node_drop(known); }
    return is_made;
}

long image_mount(const struct kerne_range *archive)
{
    struct archive_member member;
    enum archive_result result;
    uint64_t cursor = 0;
    long count = 0;
    while ((result = archive_step(archive, &cursor, &member)) ==
           ARCHIVE_MEMBER) {
        char type = member.header->type;
        if (type == 'g' || type == 'x') { continue; } /* remarks of pax */
        if (!add(&member)) { return -1; }
        count++;
    }
    return result == ARCHIVE_END ? count : -1;
}
