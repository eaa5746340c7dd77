#include <files/path.h>

#include <files/descriptors.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

#define LINKS_MOST 40

/* A walk along a path: `rest` is what is left of it. */
struct walk {
    struct thread *t;
    struct node *at; /* with a use */
    char rest[2 * LINUX_PATH_BYTES];
    unsigned links;
    unsigned flags;
};

static void move(struct walk *w, struct node *to)
{
    node_use(to);
    node_drop(w->at);
    w->at = to;
}

/* ---- links --------------------------------------------------------------- */

/* What is left is the link's target, and then what was left. */
static long follow(struct walk *w, struct node *link)
{
    static char target[LINUX_PATH_BYTES];
    size_t rest = strlen(w->rest);
    long length = (long)link->target.length;
    if (++w->links > LINKS_MOST) { return -LINUX_ELOOP; }
    if (link->kind != NULL) {
        length = link->kind->target(w->t, link, target, sizeof target);
        if (length < 0) { return length; }
    } else {
        memcpy(target, link->target.text, link->target.length);
    }
    if ((size_t)length + 1 + rest >= sizeof w->rest) {
        return -LINUX_ENAMETOOLONG;
    }
    memmove(w->rest + length + 1, w->rest, rest + 1);
    memcpy(w->rest, target, (size_t)length);
    w->rest[length] = '/';
    if (rest == 0) { w->rest[length] = '\0'; }
    if (w->rest[0] == '/') { move(w, tree_root); }
    return 0;
}

/* ---- names --------------------------------------------------------------- */

/* Takes the next name off the path; false: none is left. */
static bool next_name(struct walk *w, char ret_name[LINUX_NAME_BYTES],
                      long *ret_error)
{
    const char *from = w->rest + strspn(w->rest, "/");
    size_t length = strcspn(from, "/");
    *ret_error = length >= LINUX_NAME_BYTES ? -LINUX_ENAMETOOLONG : 0;
    if (length == 0 || *ret_error != 0) { return false; }
    memcpy(ret_name, from, length);
    ret_name[length] = '\0';
    memmove(w->rest, from + length, strlen(from + length) + 1);
    return true;
}

/* The node of a name, with a use; null: none has it. */
static long look_up(struct walk *w, const char *name, struct node **ret_node,
                    struct name **ret_name)
{
    *ret_node = NULL;
    *ret_name = NULL;
    if (!node_is(w->at, LINUX_S_FOLDER)) { return -LINUX_ENOTDIR; }
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        *ret_node = name[1] == '.' ? w->at->folder.parent : w->at;
        node_use(*ret_node);
        return 0;
    }
    if (w->at->kind != NULL && w->at->kind->find != NULL) {
        long result = w->at->kind->find(w->t, w->at, name, ret_node);
        if (result != -LINUX_ENOENT) { return result; }
    }
    *ret_name = name_find(w->at, name, strlen(name));
    if (*ret_name != NULL) {
        *ret_node = (*ret_name)->node;
        node_use(*ret_node);
    }
    return 0;
}

/* One name further.  1: there is more to walk. */
static long walk_name(struct walk *w, struct place *place)
{
    bool is_last = w->rest[strspn(w->rest, "/")] == '\0';
    bool has_slash = w->rest[0] == '/';
    long result = look_up(w, place->last, &place->node, &place->name);
    if (result != 0) { return result; }
    struct node *node = place->node;
    if (node == NULL) {
        bool is_removed =
            w->at->kind == NULL && w->at->links == 0 && w->at != tree_root;
        place->wants_folder = has_slash;
        return is_last && !is_removed ? 0 : -LINUX_ENOENT;
    }
    if (node_is(node, LINUX_S_LINK) &&
        (!is_last || (has_slash && !(w->flags & PATH_NEW)) ||
         w->flags & PATH_FOLLOW)) {
        struct node *direct = node->kind == NULL || node->kind->follow == NULL
                                  ? NULL
                                  : node->kind->follow(w->t, node);
        place->node = NULL;
        if (direct == NULL) {
            result = follow(w, node);
            node_drop(node);
            return result == 0 ? 1 : result;
        }
        node_drop(node);
        place->node = node = direct;
        place->name = NULL;
    }
    if (is_last) {
        place->wants_folder = has_slash;
        return has_slash && !(w->flags & PATH_NEW) &&
                       !node_is(node, LINUX_S_FOLDER)
                   ? -LINUX_ENOTDIR
                   : 0;
    }
    move(w, node);
    node_drop(node);
    place->node = NULL;
    return 1;
}

static long walk(struct walk *w, struct place *place)
{
    long result = 1;
    if (w->rest[0] == '/') { move(w, tree_root); }
    while (result > 0) {
        long error = 0;
        if (!next_name(w, place->last, &error)) {
            if (error != 0) { return error; }
            place->node = w->at; /* the walk's use is the place's */
            node_use(w->at);
            place->last[0] = '\0';
            return 0;
        }
        result = walk_name(w, place);
    }
    if (result == 0) {
        place->folder = w->at;
        node_use(w->at);
    }
    return result;
}

static long find(struct walk *w, struct place *ret_place)
{
    *ret_place = (struct place){ .folder = NULL };
    node_use(w->at);
    w->links = 0;
    long result = walk(w, ret_place);
    node_drop(w->at);
    if (result < 0 && ret_place->node != NULL) { node_drop(ret_place->node); }
    return result;
}

static struct walk the_walk; /* large, and nothing waits in one */

long path_find_text(struct thread *t, struct node *from, const char *path,
                    unsigned flags, struct place *ret_place)
{
    struct walk *w = &the_walk;
    w->t = t;
    w->at = from;
    w->flags = flags;
    strcpy(w->rest, path);
    return find(w, ret_place);
}

long path_find(struct thread *t, uint64_t folder, uint64_t path, unsigned flags,
               struct place *ret_place)
{
    struct walk *w = &the_walk;
    long length = user_text(t->space, w->rest, path, LINUX_PATH_BYTES);
    if (length < 0) { return length; }
    w->t = t;
    w->at = t->process->scope->folder;
    w->flags = flags;
    if ((int)folder != LINUX_AT_FDCWD && w->rest[0] != '/') {
        struct file *file =
            descriptor_file(t->process->descriptors, (uint32_t)folder);
        if (file == NULL) { return -LINUX_EBADF; }
        if (file->node == NULL) { return -LINUX_ENOTDIR; }
        w->at = file->node;
    }
    if (length == 0 && !(flags & PATH_EMPTY)) { return -LINUX_ENOENT; }
    if (length > 0 && !node_is(w->at, LINUX_S_FOLDER)) {
        return -LINUX_ENOTDIR;
    }
    return find(w, ret_place);
}

long path_flags(uint64_t flags, uint32_t more, unsigned *ret_how)
{
    if ((uint32_t)flags &
        ~(uint32_t)(LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH | more)) {
        return -LINUX_EINVAL;
    }
    *ret_how = flags & LINUX_AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    if (flags & LINUX_AT_EMPTY_PATH) { *ret_how |= PATH_EMPTY; }
    return 0;
}

void place_end(struct place *place)
{
    if (place->folder != NULL) { node_drop(place->folder); }
    if (place->node != NULL) { node_drop(place->node); }
}

long path_node(struct thread *t, uint64_t folder, uint64_t path, unsigned flags,
               struct node **ret_node)
{
    struct place place;
    long result = path_find(t, folder, path, flags, &place);
    if (result != 0) { return result; }
    *ret_node = place.node;
    place.node = NULL;
    place_end(&place);
    return *ret_node == NULL ? -LINUX_ENOENT : 0;
}

/* ---- back to a text ------------------------------------------------------ */

/* The folder in which a name leads to the node; of several links, one.  Null:
 * none does. */
static const struct node *folder_of(const struct node *node,
                                    const char **ret_name)
{
    static char made[LINUX_NAME_BYTES];
    const struct node *folder =
        node->kind == NULL ? NULL : node->kind->name(node, made);
    const struct name *name =
        node_is(node, LINUX_S_FOLDER) ? node->folder.own : node->own_name;
    *ret_name = folder != NULL ? made : name == NULL ? NULL : name->text;
    return folder != NULL ? folder : name == NULL ? NULL : name->folder;
}

long path_of_node(const struct node *node, char *ret_path, size_t room)
{
    size_t at = room;
    if (node == tree_root) {
        if (room < 2) { return -LINUX_ERANGE; }
        memcpy(ret_path, "/", 2);
        return 1;
    }
    while (node != tree_root) {
        const char *name;
        node = folder_of(node, &name);
        if (node == NULL) { return -LINUX_ENOENT; }
        size_t length = strlen(name);
        if (at < length + 2) { return -LINUX_ERANGE; }
        at -= length;
        memcpy(ret_path + at, name, length);
        ret_path[--at] = '/';
    }
    memmove(ret_path, ret_path + at, room - at);
    ret_path[room - at] = '\0';
    return (long)(room - at);
}
