/* How a small parent makes its children: see small.h. */
#include "small.h"

#include <stdio.h>

/* ---- in equal parts ----------------------------------------------------- */

/* As many as it gives away it keeps; but a program wants two, as far as there
 * are any. */
#define LEAST_BUFFERS 2

static uint64_t part_of_buffers(uint64_t free, uint64_t parts)
{
    uint64_t left = free > SMALL_BUFFERS ? free - SMALL_BUFFERS : 0;
    uint64_t part = left / 2 / parts;
    uint64_t least =
        left / parts < LEAST_BUFFERS ? left / parts : LEAST_BUFFERS;
    if (least == 0) {
        kerne_give_up("%lu message buffers are too few for %lu children; give "
                      "it more",
                      (unsigned long)free, (unsigned long)parts);
    }
    return part > least ? part : least;
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

struct child_order small_order(const struct small *small, uint64_t parts)
{
    struct accounts own;
    struct kerne_words process;
    uint64_t next;
    if (!accounts_read(0, &own) ||
        kerne_describe(0, KERNE_DESCRIBE_PROCESS, 0, &next, &process) !=
            KERNE_r_normal) {
        kerne_give_up("it may not read its own accounts");
    }
    uint64_t processes = own.claim[ACCOUNT_PROCESSES].free / parts;
    return (struct child_order){
        .bytes = part_of_storage(&small->storage, parts),
        .buffers = part_of_buffers(own.claim[ACCOUNT_BUFFERS].free, parts),
        .processes = processes > 0 ? processes - 1 : 0,
        .tables = own.claim[ACCOUNT_TABLES].free / parts,
        .mask = process.w[5] & ~small->withheld &
                ~KERNE_MASK_BIT(KERNE_physical_address),
        .image = kerne_start_record->image,
    };
}

/* ---- one child ---------------------------------------------------------- */

/* NAME, or NAME2, NAME3, ..., cut so that it is no longer than a name. */
static void free_name(struct small *small, const char *file,
                      char ret_name[KERNE_NAME_BYTES])
{
    char number[8] = "";
    for (unsigned i = 2;; i++) {
        snprintf(ret_name, KERNE_NAME_BYTES, "%.*s%s",
                 (int)(KERNE_NAME_BYTES - 1 - strlen(number)), file, number);
        if (child_named(&small->children, ret_name) == NULL) { return; }
        snprintf(number, sizeof number, "%u", i);
    }
}

static struct child *create(struct small *small, const char *file,
                            const struct child_order *order)
{
    char name[KERNE_NAME_BYTES];
    struct child_order named = *order;
    struct child *child;
    if (order->name == NULL) {
        free_name(small, file, name);
        named.name = name;
    }
    uint64_t result =
        child_create(&small->children, &small->storage, &named, &child);
    if (result == KERNE_r_normal) { return child; }
    const char *why =
        result == CHILD_r_no_storage   ? "too little storage is free"
        : result == CHILD_r_table_full ? "there are too many children"
                                       : kerne_result_text(result);
    small_say(small, "%s is not created: %s", named.name, why);
    return NULL;
}

static bool load(struct small *small, struct child *child,
                 const struct archive_member *file, const char *arguments)
{
    struct loader_report report =
        child_load(child, file->bytes, file->size, arguments,
                   kerne_start_record->ticks_per_second);
    switch (report.result) {
    case LOADER_DONE: return true;
    case LOADER_FILE:
        small_say(small, "%s is not loaded: the file %s", file->name,
                  executable_words(report.file));
        break;
    case LOADER_TOO_BIG:
        small_say(small,
                  "%s is not loaded: it needs %lu bytes of storage, and "
                  "gets %lu",
                  file->name, (unsigned long)report.needed,
                  (unsigned long)(child->run.pages * KERNE_PAGE));
        break;
    case LOADER_ARGUMENTS:
        small_say(small, "%s is not loaded: its arguments are too long",
                  file->name);
        break;
    case LOADER_REFUSED:
        small_say(small, "%s is not loaded: %s", file->name,
                  kerne_result_text(report.refusal));
        break;
    }
    return false;
}

struct child *small_make(struct small *small, const char *command,
                         const struct child_order *order)
{
    struct archive_member file;
    char name[ARCHIVE_WORD_BYTES];
    const char *arguments = archive_command(command, name);
    if (!archive_find(&small->image, name, &file)) {
        bool is_damaged = archive_is_damaged(&small->image);
        small_say(small, "the image has no file `%s`%s", name,
                  is_damaged ? ", and is damaged" : "");
        return NULL;
    }
    struct child *child = create(small, name, order);
    if (child != NULL && !load(small, child, &file, arguments)) {
        small_remove(small, child);
        child = NULL;
    }
    return child;
}

/* ---- all of them -------------------------------------------------------- */

/* Joins the words of one command; returns the word after it. */
static int next_command(int i, int argc, char **argv,
                        char ret_command[KERNE_ARGUMENT_BYTES])
{
    bool ends = false;
    ret_command[0] = '\0';
    for (; i < argc && !ends; i++) {
        size_t length = strlen(argv[i]);
        ends = argv[i][length - 1] == ',';
        if (ret_command[0] != '\0') { strcat(ret_command, " "); }
        strncat(ret_command, argv[i], ends ? length - 1 : length);
    }
    return i;
}

static uint64_t count_commands(int argc, char **argv)
{
    char command[KERNE_ARGUMENT_BYTES];
    uint64_t count = 0;
    for (int i = 1; i < argc; count++) {
        i = next_command(i, argc, argv, command);
    }
    return count;
}

void small_run_all(struct small *small, int argc, char **argv)
{
    char command[KERNE_ARGUMENT_BYTES];
    uint64_t count = count_commands(argc, argv);
    if (count == 0) { kerne_give_up("its arguments name no program to run"); }
    struct child_order order = small_order(small, count);
    for (int i = 1; i < argc;) {
        i = next_command(i, argc, argv, command);
        if (small_make(small, command, &order) == NULL) { small->status = 1; }
    }
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &small->children.table[i];
        if (child->state == CHILD_LOADED) { child_start(child); }
    }
}
