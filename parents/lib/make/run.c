#include "run.h"

#include <skeleton.h>
#include <stdio.h>

/* ---- in equal parts ----------------------------------------------------- */

/* As many as it gives away it keeps; but a program wants two, as far as there
 * are any. */
#define LEAST_BUFFERS 2

static uint64_t part_of_buffers(const struct parent *parent, uint64_t free,
                                uint64_t parts)
{
    uint64_t kept = parent->buffers_kept;
    uint64_t part = free > kept ? (free - kept) / parts : 0;
    if (part == 0) {
        kerne_give_up("%lu message buffers are too few for its children; give "
                      "it more",
                      (unsigned long)free);
    }
    uint64_t least = part < LEAST_BUFFERS ? part : LEAST_BUFFERS;
    return part / 2 > least ? part / 2 : least;
}

/* From 2 MiB on, a run begins where a large window can: what is left out
 * before the first is kept back from all. */
static uint64_t part_of_storage(const struct storage *storage, uint64_t parts)
{
    uint64_t large = KERNE_LARGE_PAGE / KERNE_PAGE;
    uint64_t longest = storage_longest(storage);
    uint64_t pages = longest / parts;
    if (pages >= large) {
        uint64_t whole = (longest - (large - 1)) / parts / large * large;
        pages = whole > 0 ? whole : large - 1;
    }
    return pages * KERNE_PAGE;
}

struct child_order parent_order(const struct parent *parent, uint64_t parts)
{
    struct accounts own;
    (void)accounts_read(0, &own);
    uint64_t processes = own.claim[KERNE_CLAIM_PROCESSES].free / parts;
    return (struct child_order){
        .bytes = parent->bytes_each != 0
                     ? parent->bytes_each
                     : part_of_storage(&parent->storage, parts),
        .buffers =
            part_of_buffers(parent, own.claim[KERNE_CLAIM_BUFFERS].free, parts),
        .processes = processes > 0 ? processes - 1 : 0,
        .tables = own.claim[KERNE_CLAIM_TABLES].free / parts,
        .mask = parent->mask & ~parent->withheld &
                ~KERNE_MASK_BIT(KERNE_physical_address),
        .image = parent->start->image,
    };
}

/* ---- one child ---------------------------------------------------------- */

/* NAME, or NAME2, NAME3, ..., cut so that it is no longer than a name. */
static void free_name(struct parent *parent, const char *file,
                      char ret_name[KERNE_NAME_BYTES])
{
    char number[8] = "";
    for (unsigned i = 2;; i++) {
        snprintf(ret_name, KERNE_NAME_BYTES, "%.*s%s",
                 (int)(KERNE_NAME_BYTES - 1 - strlen(number)), file, number);
        if (child_named(&parent->children, ret_name) == NULL) { return; }
        snprintf(number, sizeof number, "%u", i);
    }
}

struct child *parent_make(struct parent *parent, const char *command,
                          const struct child_order *order)
{
    char name[KERNE_NAME_BYTES];
    const char *arguments;
    struct archive_member file;
    struct child_order named = *order;
    struct child *child = NULL;
    bool is_made = child_find_file(parent, command, &file, &arguments);
    if (is_made && order->name == NULL) {
        free_name(parent, file.name, name);
        named.name = name;
    }
    is_made = is_made && child_create(parent, &named, &child) &&
              child_load(parent, child, command);
    if (is_made) { return child; }
    parent_say(parent, "%.*s is not run: %s", (int)strcspn(command, " "),
               command, parent->refusal);
    if (child != NULL) { child_remove(parent, child); }
    return NULL;
}

/* ---- all of them -------------------------------------------------------- */

static bool ends_command(const char *word)
{
    return word[strlen(word) - 1] == ',';
}

/* Joins the words of one command; returns the word after it. */
static int next_command(int i, int argc, char **argv,
                        char ret_command[KERNE_ARGUMENT_BYTES])
{
    bool ends = false;
    ret_command[0] = '\0';
    for (; i < argc && !ends; i++) {
        if (ret_command[0] != '\0') { strcat(ret_command, " "); }
        strcat(ret_command, argv[i]);
        ends = ends_command(argv[i]);
    }
    if (ends) { ret_command[strlen(ret_command) - 1] = '\0'; }
    return i;
}

uint64_t parent_commands(int argc, char **argv)
{
    uint64_t count = 0;
    for (int i = 1; i < argc; i++) {
        count += i + 1 == argc || ends_command(argv[i]);
    }
    return count;
}

void parent_run_all(struct parent *parent, int argc, char **argv)
{
    char command[KERNE_ARGUMENT_BYTES];
    uint64_t count = parent_commands(argc, argv);
    struct child *child = NULL;
    parent_needs_image(parent);
    if (count == 0) { kerne_give_up("its arguments name no program to run"); }
    struct child_order order = parent_order(parent, count);
    for (int i = 1; i < argc;) {
        i = next_command(i, argc, argv, command);
        if (parent_make(parent, command, &order) == NULL) {
            parent->status = 1;
        }
    }
    while ((child = child_next(&parent->children, child)) != NULL) {
        if (child->state == CHILD_LOADED) { child_start(parent, child); }
    }
}
