#include <files/node.h>

#include <files/volume.h>
#include <memory/frames.h>
#include <memory/mapped.h>
#include <memory/pool.h>
#include <string.h>
#include <waiting/time.h>

#define HASHES 4096

struct node *tree_root;

static struct name *names[HASHES];
static uint64_t last_number;
static uint64_t nodes; /* at most half as many as there are frames */

/* ---- nodes --------------------------------------------------------------- */

struct node *node_make(uint32_t mode)
{
    struct node *node =
        2 * nodes < frames_all() ? pool_take(sizeof *node) : NULL;
    if (node == NULL) { return NULL; }
    nodes++;
    node->users = 1;
    node->mode = mode;
    node->number = ++last_number;
    node->accessed = node->modified = node->changed = time_of_day();
    if (node_is(node, LINUX_S_FOLDER)) { node->folder.parent = node; }
    return node;
}

static void node_end(struct node *node)
{
    if (node->kind != NULL) { node->kind->end(node); }
    if (node_is(node, LINUX_S_FILE)) { content_resize(&node->content, 0); }
    if (node->kind == NULL && node_is(node, LINUX_S_LINK)) {
        pool_return(node->target.text, node->target.length + 1);
    }
    nodes--;
    pool_return(node, sizeof *node);
}

/* Of a folder that is stored here, and has or had a name: N3; else null. */
static struct node *used_parent(const struct node *node)
{
    bool is_stored = node->kind == NULL && node_is(node, LINUX_S_FOLDER);
    return is_stored && node->folder.parent != node ? node->folder.parent
                                                    : NULL;
}

/* Where removed folders lie in each other, all may go with the innermost. */
void node_drop(struct node *node)
{
    while (node != NULL && --node->users == 0) {
        if (node->links > 0) {
            if (node->is_kept && node_is(node, LINUX_S_FILE)) {
                content_forget(&node->content);
            }
            return;
        }
        struct node *parent = used_parent(node);
        node_end(node);
        node = parent;
    }
}

void node_keep(struct node *node)
{
    node->is_kept = true;
    if (node_is(node, LINUX_S_FILE)) { node->content.is_kept = true; }
}

struct content *node_content(struct node *node)
{
    return node_is(node, LINUX_S_FILE) ? &node->content : NULL;
}

bool node_set_target(struct node *node, const char *text, size_t length)
{
    char *copy = length < LINUX_PATH_BYTES ? pool_take(length + 1) : NULL;
    if (copy == NULL) { return false; }
    memcpy(copy, text, length);
    node->target.text = copy;
    node->target.length = length;
    return true;
}

long node_resize(struct node *node, uint64_t size)
{
    if (size < node->content.size && !mapped_cut(node, size)) {
        return -LINUX_ENOMEM;
    }
    if (!content_resize(&node->content, size)) { return -LINUX_EFBIG; }
    node_modified(node);
    return 0;
}

void node_modified(struct node *node)
{
    node->modified = time_of_day();
    node_changed(node);
}

void node_changed(struct node *node)
{
    node->changed = time_of_day();
    if (node->is_kept) { volume_changed(); }
}

/* ---- names --------------------------------------------------------------- */

static struct name **hash_of(const struct node *folder, const char *text,
                             size_t length)
{
    uint64_t hash = folder->number * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    }
    return &names[(hash ^ hash >> 32) % HASHES];
}

struct name *name_find(const struct node *folder, const char *text,
                       size_t length)
{
    struct name *name = *hash_of(folder, text, length);
    while (name != NULL && (name->folder != folder || name->length != length ||
                            memcmp(name->text, text, length) != 0)) {
        name = name->next_of_hash;
    }
    return name;
}

bool name_make(struct node *folder, const char *text, size_t length,
               struct node *node)
{
    if (folder->is_kept && volume_is_there() && !volume_reserve_name()) {
        return false;
    }
    struct name *name = pool_take(sizeof *name + length + 1);
    if (name == NULL) { return false; }
    struct name **hash = hash_of(folder, text, length);
    struct folder *in = &folder->folder;
    *name = (struct name){
        .next_of_hash = *hash,
        .previous = in->last,
        .folder = folder,
        .node = node,
        .cookie = ++in->next_cookie,
        .length = (uint8_t)length,
    };
    memcpy(name->text, text, length);
    *hash = name;
    *(in->last == NULL ? &in->first : &in->last->next) = name;
    in->last = name;
    in->names++;
    node->links++;
    node->own_name = name;
    if (node_is(node, LINUX_S_FOLDER)) {
        struct node *before = used_parent(node);
        node_use(folder);
        node->folder.own = name;
        node->folder.parent = folder;
        if (before != NULL) { node_drop(before); }
        in->folders++;
    }
    node_modified(folder);
    return true;
}

void name_remove(struct name *name)
{
    struct node *node = name->node;
    struct folder *in = &name->folder->folder;
    struct name **hash = hash_of(name->folder, name->text, name->length);
    while (*hash != name) { hash = &(*hash)->next_of_hash; }
    *hash = name->next_of_hash;
    *(name->previous == NULL ? &in->first : &name->previous->next) = name->next;
    *(name->next == NULL ? &in->last : &name->next->previous) = name->previous;
    node_modified(name->folder);
    in->names--;
    if (node_is(node, LINUX_S_FOLDER)) {
        in->folders--;
        node->folder.own = NULL;
    }
    if (node->own_name == name) { node->own_name = NULL; }
    pool_return(name, sizeof *name + name->length + 1);
    node->links--;
    node_changed(node);
    node_use(node);
    node_drop(node);
}
