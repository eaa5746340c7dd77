#include <files/image.h>

#include <files/node.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 512u

/* The header of a member, by the POSIX standard of ustar. */
struct header {
    char name[100];
    char mode[8], user[8], group[8];
    char size[12];
    char modified[12];
    char checksum[8];
    char type;
    char link[100];
    char magic[6], version[2];
    char user_name[32], group_name[32];
    char device_major[8], device_minor[8];
    char prefix[155];
    char rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "size of a ustar header");

static uint64_t octal(const char *field, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes && field[i] >= '0' && field[i] <= '7'; i++) {
        value = value << 3 | (uint64_t)(field[i] - '0');
    }
    return value;
}

#define OCTAL(header, field) octal((header)->field, sizeof(header)->field)

/* The path, without what leads to the tree's own root. */
static void path_of(const struct header *h, char ret_path[LINUX_NAME_BYTES])
{
    size_t prefix = strnlen(h->prefix, sizeof h->prefix);
    size_t name = strnlen(h->name, sizeof h->name);
    char path[LINUX_NAME_BYTES + 2];
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

static struct node *folder_of(struct node *folder, const char *text,
                              size_t length)
{
    struct name *name = name_find(folder, text, length);
    if (name != NULL) { return name->node; }
    struct node *node = node_make(LINUX_S_FOLDER | 0755);
    bool is_made = node != NULL && name_make(folder, text, length, node);
    if (node != NULL) { node_drop(node); }
    return is_made ? node : NULL;
}

/* The folder that a path leads to, as far as it is known made now; *path is
 * then the last name. */
static struct node *walk(const char **path)
{
    struct node *folder = tree_root;
    const char *slash;
    while (folder != NULL && (slash = strchr(*path, '/')) != NULL) {
        folder = slash == *path
                     ? folder
                     : folder_of(folder, *path, (size_t)(slash - *path));
        *path = slash + 1;
        if (folder != NULL && !node_is(folder, LINUX_S_FOLDER)) { return NULL; }
    }
    return folder;
}

static struct node *linked_node(const struct header *h)
{
    char path[LINUX_NAME_BYTES];
    struct header of = { .prefix = "" };
    memcpy(of.name, h->link, sizeof of.name);
    path_of(&of, path);
    const char *last = path;
    struct node *folder = walk(&last);
    struct name *name =
        folder == NULL ? NULL : name_find(folder, last, strlen(last));
    return name == NULL ? NULL : name->node;
}

static uint32_t kind_of(const struct header *h)
{
    switch (h->type) {
    case '2': return LINUX_S_LINK;
    case '3': return LINUX_S_CHARACTER;
    case '5': return LINUX_S_FOLDER;
    default: return LINUX_S_FILE;
    }
}

static void fill(struct node *node, const struct header *h, const char *bytes)
{
    node->user = (uint32_t)OCTAL(h, user);
    node->group = (uint32_t)OCTAL(h, group);
    node->modified.seconds = (int64_t)OCTAL(h, modified);
    node->modified.nanoseconds = 0;
    node->accessed = node->changed = node->modified;
    if (node_is(node, LINUX_S_FILE)) {
        node->content.base = bytes;
        node->content.size = node->content.base_bytes = OCTAL(h, size);
    } else if (node_is(node, LINUX_S_CHARACTER)) {
        node->special = OCTAL(h, device_major) << 8 | OCTAL(h, device_minor);
    }
}

/* Adds a member; false: it cannot be. */
static bool add(const struct header *h, const char *bytes)
{
    char path[LINUX_NAME_BYTES];
    path_of(h, path);
    const char *last = path;
    struct node *folder = walk(&last);
    size_t length = strlen(last);
    if (folder == NULL) { return false; }
    struct name *name = length == 0 ? NULL : name_find(folder, last, length);
    if (length == 0 || (name != NULL && h->type == '5')) {
        struct node *known = name == NULL ? tree_root : name->node;
        known->mode = LINUX_S_FOLDER | (uint32_t)(OCTAL(h, mode) & 07777);
        return true;
    }
    if (name != NULL) { name_remove(name); }
    struct node *node = NULL;
    if (h->type == '1') {
        node = linked_node(h);
        return node != NULL && name_make(folder, last, length, node);
    }
    node = node_make(kind_of(h) | (uint32_t)(OCTAL(h, mode) & 07777));
    if (node == NULL) { return false; }
    bool is_made = name_make(folder, last, length, node);
    if (is_made && node_is(node, LINUX_S_LINK)) {
        is_made =
            node_set_target(node, h->link, strnlen(h->link, sizeof h->link));
    }
    fill(node, h, bytes);
    node_drop(node);
    return is_made;
}

static bool is_sound(const struct header *h)
{
    const uint8_t *byte = (const uint8_t *)h;
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        bool is_own = i >= offsetof(struct header, checksum) &&
                      i < offsetof(struct header, type);
        sum += is_own ? ' ' : byte[i];
    }
    return memcmp(h->magic, "ustar", 5) == 0 && OCTAL(h, checksum) == sum;
}

long image_mount(const char *archive, uint64_t bytes)
{
    long count = 0;
    uint64_t at = 0;
    while (at + BLOCK <= bytes && archive[at] != '\0') {
        const struct header *h = (const struct header *)(archive + at);
        uint64_t size = OCTAL(h, size), left = bytes - at - BLOCK;
        if (!is_sound(h) || size > left) { return -1; }
        if (h->type != 'g' && h->type != 'x') {
            if (!add(h, archive + at + BLOCK)) { return -1; }
            count++;
        }
        at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return count;
}
