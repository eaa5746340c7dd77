/* The tree that an archive brings, and what of an archive no tree can have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <loop.h>
#include <memory/slots.h>
#include <memory/swap.h>
#include <files/image.h>
#include <files/node.h>
#include <files/volume.h>
#include <memory/frames.h>
#include <memory/mapped.h>
#include <sys/mman.h>
#include <tap.h>
#include <waiting/time.h>

#define PAGES 512
#define MEMBERS 8

static struct archive_header archive[2 * MEMBERS];
static size_t blocks;

struct linux_time time_of_day(void) { return (struct linux_time){ 0 }; }

/* There is no /store, nothing is mapped, and nothing goes out. */
unsigned loop_due;
bool swap_makes_room(void) { return false; }
void slot_drop(uint64_t slot) { (void)slot; }
bool volume_is_there(void) { return false; }
void volume_changed(void) {}
bool volume_reserve(void) { return false; }
bool volume_reserve_name(void) { return false; }
void volume_release(void) {}
void volume_free(uint64_t page) { (void)page; }
bool volume_read(uint64_t page, uint64_t frame)
{
    (void)page, (void)frame;
    return false;
}
bool mapped_cut(const struct node *file, uint64_t size)
{
    (void)file, (void)size;
    return true;
}

static void begin(void)
{
    static struct storage storage;
    if (tree_root == NULL) {
        void *got = mmap(NULL, PAGES * KERNE_PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        storage_return(&storage, (struct storage_run){ (uint64_t)got, PAGES });
        frames_begin(&storage);
        tree_root = node_make(LINUX_S_FOLDER | 0755);
    }
    memset(archive, 0, sizeof archive);
    blocks = 0;
}

static void sign(struct archive_header *h)
{
    unsigned sum = 0;
    memset(h->checksum, ' ', sizeof h->checksum);
    for (size_t i = 0; i < sizeof *h; i++) { sum += ((uint8_t *)h)[i]; }
    snprintf(h->checksum, sizeof h->checksum, "%06o", sum);
}

/* Adds a member; `link` is what it leads to, or a file's bytes. */
static struct archive_header *add(char type, const char *name, const char *link)
{
    struct archive_header *h = &archive[blocks++];
    size_t bytes = type == '0' ? strlen(link) : 0;
    memcpy(h->name, name, strnlen(name, sizeof h->name));
    memcpy(h->magic, "ustar", 6);
    h->type = type;
    strcpy(h->mode, "0644");
    snprintf(h->size, sizeof h->size, "%011o", (unsigned)bytes);
    if (bytes > 0) {
        memcpy(&archive[blocks++], link, bytes);
    } else {
        strcpy(h->link, link);
    }
    sign(h);
    return h;
}

static long mount(void)
{
    uint64_t first = (uint64_t)archive;
    return image_mount(
        &(struct kerne_range){ first, first + blocks * sizeof *archive });
}

static struct node *find(struct node *folder, const char *text)
{
    struct name *name = name_find(folder, text, strlen(text));
    return name == NULL ? NULL : name->node;
}

TEST("image.tree")
{
    begin();
    add('5', "./", "");
    add('0', "./etc/passwd", "root");
    add('2', "./bin", "usr//bin");
    add('1', "./etc/group", "./etc/passwd");
    strcpy(add('3', "dev//null", "")->device_minor, "3");
    sign(&archive[blocks - 1]);
    EQUAL((uint64_t)mount(), 5);
    struct node *etc = find(tree_root, "etc");
    if (etc == NULL || find(etc, "passwd") == NULL) {
        tap_fail("there is no /etc/passwd");
        return;
    }
    EQUAL(find(etc, "passwd")->content.size, 4);
    EXPECT(memcmp(find(etc, "passwd")->content.base, "root", 4) == 0);
    EXPECT(find(etc, "group") == find(etc, "passwd"));
    EQUAL(find(tree_root, "bin")->target.length, 8);
    EQUAL(find(find(tree_root, "dev"), "null")->special, 3);
}

/* A prefix of 155 signs and a name of 100 are more than a name may have. */
TEST("image.longest.path")
{
    char name[101] = "";
    struct archive_header *h;
    begin();
    memset(name, 'n', 100);
    h = add('0', name, "x");
    memset(h->prefix, 'p', sizeof h->prefix);
    sign(h);
    EQUAL((uint64_t)mount(), 1);
    memset(archive[0].prefix, 'p', sizeof h->prefix);
    char prefix[156] = "";
    memset(prefix, 'p', 155);
    struct node *folder = find(tree_root, prefix);
    EXPECT(folder != NULL && find(folder, name) != NULL);
}

TEST("image.no.tree")
{
    static const struct {
        const char *why;
        char type;
        const char *name, *link;
    } member[] = {
        { "a way through `..`", '0', "a/../b", "x" },
        { "a way through `.`", '0', "a/./b", "x" },
        { "a file called `..`", '0', "a/..", "x" },
        { "a way through a file", '0', "file/b", "x" },
        { "a file for a folder that has files", '0', "folder", "x" },
        { "a link for a folder that has files", '2', "folder", "x" },
        { "the root as a file", '0', "./", "x" },
        { "a folder's second name", '1', "second", "folder" },
        { "a second name for none", '1', "second", "nobody" },
        { "a second name for itself", '1', "file", "file" },
    };
    for (size_t i = 0; i < sizeof member / sizeof *member; i++) {
        begin();
        add('0', "file", "x");
        add('0', "folder/file", "x");
        add(member[i].type, member[i].name, member[i].link);
        if (mount() >= 0) { tap_fail("%s is taken", member[i].why); }
    }
}

/* What was a file becomes a folder as a whole. */
TEST("image.folder.for.file")
{
    begin();
    add('0', "changed", "x");
    add('5', "changed/", "");
    add('0', "changed/file", "x");
    EQUAL((uint64_t)mount(), 3);
    struct node *folder = find(tree_root, "changed");
    EXPECT(folder != NULL && node_is(folder, LINUX_S_FOLDER) &&
           find(folder, "file") != NULL);
}

TEST("image.numbers")
{
    begin();
    strcpy(add('0', "number", "x")->user, "0x10");
    sign(&archive[0]);
    EXPECT(mount() < 0);
    begin();
    strcpy(add('3', "number", "")->device_major, "9");
    sign(&archive[0]);
    EXPECT(mount() < 0);
    begin();
    strcpy(add('0', "number", "x")->device_major, "9"); /* nobody reads it */
    sign(&archive[0]);
    EQUAL((uint64_t)mount(), 1);
}

TEST("image.damaged")
{
    begin();
    add('0', "whole", "x");
    archive[0].name[0]++; /* against the checksum */
    EXPECT(mount() < 0);
    begin();
    add('0', "short", "x");
    blocks--;
    EXPECT(mount() < 0);
}
