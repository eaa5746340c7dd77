/* The tree of a volume, as it is read when it is mounted.  Nothing in it is
 * believed. */
#include <files/volume_pages.h>

#include <files/node.h>
#include <memory/pool.h>
#include <string.h>

#define CHAINS 256 /* by the number of a node with several names */

static struct {
    struct index_page page __attribute__((aligned(KERNE_PAGE)));
    uint64_t at;
    const char *wrong;            /* null: nothing so far */
    struct node *several[CHAINS]; /* with several names: by kind_own[2] */
} reader;

static void fail(const char *why)
{
    if (reader.wrong == NULL) { reader.wrong = why; }
}

/* A page that nothing else leads to, as far as was seen. */
static bool is_new(uint64_t page)
{
    if (page == 0 || page >= volume.pages || bit_is_set(volume.durable, page)) {
        fail("it is damaged: a page is led to twice, or lies behind its end; "
             "`tools/store.py export` may save it");
        return false;
    }
    bit_set(volume.durable, page);
    return true;
}

static void read_page(uint64_t number)
{
    reader.at = 0;
    if (!is_new(number)) { return; }
    if (!volume_read(number, (uint64_t)&reader.page)) {
        fail("the disk cannot be read");
        return;
    }
    uint32_t sum = reader.page.sum;
    reader.page.sum = 0;
    if (volume_sum(&reader.page, sizeof reader.page) != sum) {
        fail("it is damaged: the sum of a page is wrong");
    }
    volume.index_pages++;
}

static void get(void *to, uint64_t count)
{
    uint8_t *next = to;
    while (count > 0 && reader.wrong == NULL) {
        uint64_t part = sizeof reader.page.bytes - reader.at;
        if (part == 0) {
            read_page(reader.page.next);
            continue;
        }
        if (part > count) { part = count; }
        memcpy(next, reader.page.bytes + reader.at, part);
        reader.at += part;
        next += part;
        count -= part;
    }
}

/* ---- nodes --------------------------------------------------------------- */

static bool is_good(const struct entry *e, const char *name)
{
    uint32_t kind = e->mode & LINUX_S_KIND;
    bool is_folder = kind == LINUX_S_FOLDER;
    bool is_known = kind == LINUX_S_FILE || kind == LINUX_S_LINK || is_folder ||
                    kind == LINUX_S_FIFO || kind == LINUX_S_SOCKET ||
                    kind == LINUX_S_CHARACTER;
    return is_known && (e->kind == ENTRY_FOLDER) == is_folder &&
           strlen(name) == e->name_bytes && e->name_bytes > 0 &&
           strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 &&
           e->size <=
               (kind == LINUX_S_LINK ? LINUX_PATH_BYTES - 1 : CONTENT_MOST);
}

static void get_content(struct content *content, uint64_t size)
{
    for (uint64_t i = 0; i * KERNE_PAGE < size && reader.wrong == NULL; i++) {
        uint32_t page = 0;
        get(&page, sizeof page);
        if (page == 0 || !is_new(page)) { continue; }
        uint64_t *slot = content_slot_make(content, i);
        if (slot == NULL) {
            fail("its tree needs more storage; give linux more with `size`");
            return;
        }
        *slot = (uint64_t)page << SLOT_DISK;
        content->pages++;
        bit_set(volume.live, page);
        volume.used++;
    }
    content->size = size;
}

static struct node *find_several(uint32_t id)
{
    struct node *node = reader.several[id % CHAINS];
    while (node != NULL && node->kind_own[1] != id) {
        node = (struct node *)node->kind_own[2];
    }
    return node;
}

static struct node *get_node(const struct entry *e)
{
    static char target[LINUX_PATH_BYTES];
    struct node *node = node_make(e->mode);
    if (node == NULL) { return NULL; }
    node_keep(node);
    node->user = e->user;
    node->group = e->group;
    node->special = e->special;
    if (node_is(node, LINUX_S_FILE)) { get_content(&node->content, e->size); }
    if (node_is(node, LINUX_S_LINK)) {
        get(target, e->size);
        if (!node_set_target(node, target, e->size)) {
            fail("its tree needs more storage; give linux more with `size`");
        }
    }
    if (e->id != 0 && e->kind != ENTRY_FOLDER) {
        node->kind_own[1] = e->id;
        node->kind_own[2] = (uint64_t)reader.several[e->id % CHAINS];
        reader.several[e->id % CHAINS] = node;
    }
    return node;
}

static void forget_ids(void)
{
    for (unsigned i = 0; i < CHAINS; i++) {
        while (reader.several[i] != NULL) {
            struct node *node = reader.several[i];
            reader.several[i] = (struct node *)node->kind_own[2];
            memset(node->kind_own, 0, sizeof node->kind_own);
        }
    }
}

/* An entry that is no end: the node, and what it is called in the folder. */
static struct node *get_named(struct node *folder, const struct entry *e)
{
    char name[LINUX_NAME_BYTES] = { 0 };
    if (e->name_bytes < LINUX_NAME_BYTES) { get(name, e->name_bytes); }
    if (reader.wrong == NULL &&
        (!is_good(e, name) || name_find(folder, name, e->name_bytes) != NULL)) {
        fail("it is damaged: an entry has no good name, kind or size");
    }
    if (reader.wrong != NULL) { return NULL; }
    struct node *node =
        e->kind == ENTRY_LINK ? find_several(e->id) : get_node(e);
    if (e->kind == ENTRY_LINK && node == NULL) {
        fail("it is damaged: an entry has a name of nothing");
        return NULL;
    }
    bool is_named =
        node != NULL && name_make(folder, name, e->name_bytes, node);
    if (!is_named) {
        fail("its tree needs more storage; give linux more with `size`");
        forget_ids();
    }
    if (node != NULL && e->kind != ENTRY_LINK) { node_drop(node); }
    return is_named ? node : NULL;
}

/* A name changes the times of its folder: they are set behind all. */
static void set_times(struct node *node, const struct entry *e)
{
    node->accessed = e->accessed;
    node->modified = e->modified;
    node->changed = e->changed;
}

static void read_tree(void)
{
    struct node *folder = volume.folder;
    struct entry e = { .kind = 0 };
    while (reader.wrong == NULL) {
        get(&e, sizeof e);
        if (e.kind == ENTRY_END) {
            if (folder == volume.folder) { return; }
            folder = folder->folder.parent;
            continue;
        }
        if (e.kind < ENTRY_NODE || e.kind > ENTRY_LINK) {
            fail("it is damaged: an entry is of no kind");
            return;
        }
        struct linux_time modified = folder->modified;
        struct node *node = get_named(folder, &e);
        folder->modified = folder->changed = modified;
        if (node == NULL) { return; }
        if (e.kind != ENTRY_LINK) { set_times(node, &e); }
        if (e.kind == ENTRY_FOLDER) { folder = node; }
    }
}

/* ---- the root ------------------------------------------------------------ */

/* What was never written is a new one. */
static void read_root(void)
{
    const struct root *root = (const struct root *)&reader.page;
    const uint8_t *byte = (const uint8_t *)&reader.page;
    bool is_new_area = true;
    if (!volume_read(0, (uint64_t)&reader.page)) {
        fail("the disk cannot be read");
        return;
    }
    for (unsigned i = 0; i < KERNE_SEGMENT; i++) {
        is_new_area &= byte[i] == 0;
    }
    if (is_new_area) { return; }
    if (memcmp(root->magic, VOLUME_MAGIC, sizeof root->magic) != 0 ||
        root->version != VOLUME_VERSION || root->generation >> 63 != 0 ||
        root->sum != volume_sum(root, offsetof(struct root, sum))) {
        fail("the area holds no tree of files; `clear linux` to s removes it");
        return;
    }
    volume.generation = root->generation;
    read_page(root->first);
    read_tree();
    forget_ids();
}

/* Down to what has nothing in it, and up: so nothing is without its folder. */
static void forget_tree(void)
{
    struct node *folder = volume.folder;
    while (folder != NULL) {
        struct name *name = folder->folder.first;
        if (name != NULL && node_is(name->node, LINUX_S_FOLDER) &&
            name->node->folder.first != NULL) {
            folder = name->node;
        } else if (name != NULL) {
            name_remove(name);
        } else {
            folder = folder == volume.folder ? NULL : folder->folder.parent;
        }
    }
    if (volume.folder != NULL) { node_drop(volume.folder); }
    volume.folder = NULL;
}

/* The image's folder gives way, if it is empty. */
static void give_name(void)
{
    size_t length = strlen(VOLUME_NAME);
    struct name *name = name_find(tree_root, VOLUME_NAME, length);
    if (name != NULL && (!node_is(name->node, LINUX_S_FOLDER) ||
                         name->node->folder.first != NULL)) {
        fail("the image has a /store of its own");
        return;
    }
    if (name != NULL) { name_remove(name); }
    if (!name_make(tree_root, VOLUME_NAME, length, volume.folder)) {
        fail("no page is left for it");
    }
}

bool index_read(const char **ret_why)
{
    memset(&reader, 0, sizeof reader);
    bit_set(volume.live, 0);
    volume.folder = node_make(LINUX_S_FOLDER | 01777);
    if (volume.folder == NULL || volume.pages < 2 ||
        volume.pages > VOLUME_PAGES_MOST) {
        fail("no page is left for it, or the area is too large or too small");
    }
    if (reader.wrong == NULL) { node_keep(volume.folder); }
    if (reader.wrong == NULL) { read_root(); }
    if (reader.wrong == NULL) { give_name(); }
    *ret_why = reader.wrong;
    if (reader.wrong != NULL) { forget_tree(); }
    return reader.wrong == NULL;
}
