/* The tree of a volume, as it is written: first the pages that were changed,
 * and with each file its entry. */
#include <files/volume_pages.h>

#include <files/node.h>
#include <memory/mapped.h>
#include <string.h>

uint32_t volume_sum(const void *bytes, uint64_t count)
{
    static uint32_t table[256];
    const uint8_t *at = bytes;
    uint32_t sum = UINT32_MAX;
    for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
        uint32_t value = i;
        for (unsigned bit = 0; bit < 8; bit++) {
            value = value & 1 ? value >> 1 ^ UINT32_C(0xedb88320) : value >> 1;
        }
        table[i] = value;
    }
    while (count-- > 0) { sum = table[(sum ^ *at++) & 0xff] ^ sum >> 8; }
    return ~sum;
}

/* The index that is being written: a page of it, and where that goes. */
static struct {
    struct index_page page __attribute__((aligned(KERNE_PAGE)));
    uint64_t number, fill, pages;
    uint32_t ids;
    long error; /* 0: none so far */
} writer;

static uint64_t take(void)
{
    uint64_t page = volume_take();
    if (page == 0) { writer.error = -LINUX_ENOSPC; }
    if (page != 0) { bit_set(volume.next, page); }
    writer.pages++;
    return page;
}

static void end_page(uint64_t next)
{
    struct index_page *page = &writer.page;
    page->next = (uint32_t)next;
    page->sum = 0;
    page->sum = volume_sum(page, sizeof *page);
    if (writer.error == 0 && !volume_write(writer.number, page, sizeof *page)) {
        writer.error = -LINUX_EIO;
    }
    memset(page, 0, sizeof *page);
    writer.number = next;
    writer.fill = 0;
}

static void put(const void *bytes, uint64_t count)
{
    const uint8_t *from = bytes;
    while (count > 0 && writer.error == 0) {
        uint64_t part = sizeof writer.page.bytes - writer.fill;
        if (part == 0) {
            end_page(take());
            continue;
        }
        if (part > count) { part = count; }
        memcpy(writer.page.bytes + writer.fill, from, part);
        writer.fill += part;
        from += part;
        count -= part;
    }
}

/* ---- files --------------------------------------------------------------- */

static void put_page(uint64_t *slot)
{
    uint64_t frame = slot_frame(*slot);
    if (*slot & SLOT_DIRTY) {
        uint64_t page = volume_take();
        if (page == 0) { writer.error = -LINUX_ENOSPC; }
        if (page == 0) { return; }
        if (!volume_write(page, (const void *)frame, KERNE_PAGE)) {
            writer.error = -LINUX_EIO;
            return;
        }
        if (slot_disk(*slot) != 0) { volume_free(slot_disk(*slot)); }
        volume_release();
        *slot = frame / KERNE_PAGE | page << SLOT_DISK;
        bit_set(volume.live, page);
        volume.used++;
    }
    if (slot_disk(*slot) != 0) { bit_set(volume.next, slot_disk(*slot)); }
}

static void put_content(struct node *node)
{
    struct content *content = &node->content;
    if (node->users > 0) { mapped_close(node); }
    for (uint64_t i = 0; i * KERNE_PAGE < content->size && writer.error == 0;
         i++) {
        uint64_t *slot = content_slot(content, i);
        if (slot != NULL) { put_page(slot); }
        uint32_t page = slot == NULL ? 0 : (uint32_t)slot_disk(*slot);
        put(&page, sizeof page);
    }
    if (node->users == 0) { content_forget(content); }
}

/* ---- the tree ------------------------------------------------------------ */

static void put_node(const struct name *name, struct node *node)
{
    bool is_again = node->links > 1 && node->kind_own[0] == volume.generation;
    bool is_link = node_is(node, LINUX_S_LINK);
    bool is_file = node_is(node, LINUX_S_FILE);
    if (node->links > 1 && !is_again) {
        node->kind_own[0] = volume.generation;
        node->kind_own[1] = ++writer.ids;
    }
    struct entry entry = {
        .kind = is_again                        ? ENTRY_LINK
                : node_is(node, LINUX_S_FOLDER) ? ENTRY_FOLDER
                                                : ENTRY_NODE,
        .name_bytes = name->length,
        .id = node->links > 1 ? (uint32_t)node->kind_own[1] : 0,
        .mode = node->mode,
        .user = node->user,
        .group = node->group,
        .size = is_link   ? node->target.length
                : is_file ? node->content.size
                          : 0,
        .special = node->special,
        .accessed = node->accessed,
        .modified = node->modified,
        .changed = node->changed,
    };
    put(&entry, sizeof entry);
    put(name->text, name->length);
    if (is_again) { return; }
    if (is_link) { put(node->target.text, node->target.length); }
    if (is_file) { put_content(node); }
}

/* Down to what is in a folder, then on, and up at its end. */
static void put_tree(void)
{
    const struct entry end = { .kind = ENTRY_END };
    struct node *folder = volume.folder;
    struct name *name = folder->folder.first;
    while (writer.error == 0) {
        while (name == NULL) {
            put(&end, sizeof end);
            if (folder == volume.folder) { return; }
            name = folder->folder.own->next;
            folder = folder->folder.parent;
        }
        put_node(name, name->node);
        if (node_is(name->node, LINUX_S_FOLDER)) {
            folder = name->node;
            name = folder->folder.first;
        } else {
            name = name->next;
        }
    }
}

long index_write(uint64_t *ret_first)
{
    memset(&writer, 0, sizeof writer);
    *ret_first = writer.number = take();
    if (writer.error == 0) { put_tree(); }
    if (writer.error == 0) { end_page(0); }
    if (writer.error == 0) { volume.index_pages = writer.pages; }
    return writer.error;
}
