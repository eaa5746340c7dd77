/* An operator's commands about the areas of a store. */
#include "catalog.h"

#include <loader.h>
#include <stdio.h>
#include <text.h>

/* Areas in use have other numbers than most children: a number stands for one
 * area for all that is inside a child of the store's parent. */
#define NUMBER_FIRST 64

static struct catalog *catalog;
static char name[KERNE_NAME_BYTES]; /* of the area that the command is about */

#define refuse(...) parent_refuse(catalog->parent, REFUSED_PLAINLY, __VA_ARGS__)

/* ---- words --------------------------------------------------------------- */

static bool take_name(struct words *words, const char *what,
                      char ret_name[KERNE_NAME_BYTES])
{
    const char *word = words_wanted(words, what);
    if (word == NULL) { return refuse("syntax error: %s", words->wrong); }
    if (!child_is_name(catalog->parent, word)) { return false; }
    strcpy(ret_name, word);
    return true;
}

static bool take_segments(struct words *words, uint64_t *ret_segments)
{
    return words_number(words, "how many segments", ret_segments) ||
           refuse("syntax error: %s", words->wrong);
}

/* ---- messages ------------------------------------------------------------ */

static bool ask(uint64_t operation, uint64_t word_3, uint64_t word_4,
                catalog_then *then)
{
    struct kerne_words message = { { KERNE_OPERATION(operation, 0) } };
    kerne_name(name, &message.w[KERNE_WORD_NAME]);
    message.w[3] = word_3;
    message.w[4] = word_4;
    return catalog_ask(catalog, &message, then);
}

static bool list_on(uint64_t cursor, catalog_then *then)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_BACKING_LIST, 0) } };
    message.w[KERNE_WORD_CURSOR] = cursor;
    return catalog_ask(catalog, &message, then);
}

/* ---- what there is ------------------------------------------------------- */

static void name_of(const struct kerne_words *area, unsigned word,
                    char ret_name[KERNE_NAME_BYTES])
{
    memcpy(ret_name, &area->w[word], KERNE_NAME_BYTES);
    ret_name[KERNE_NAME_BYTES - 1] = '\0';
}

static void say_head(void)
{
    parent_say(catalog->parent, "%-15s %8s  %-9s  %s", "area", "segments",
               "stays", "owner");
}

static void say_area(const struct kerne_words *area)
{
    char of[KERNE_NAME_BYTES], owner[KERNE_NAME_BYTES];
    uint64_t flags = area->w[KERNE_WORD_AREA_FLAGS];
    name_of(area, KERNE_WORD_AREA_NAME, of);
    name_of(area, KERNE_WORD_AREA_OWNER, owner);
    parent_say(catalog->parent, "%-15s %8lu  %-9s  %-15s%s", of,
               (unsigned long)area->w[KERNE_WORD_AREA_SIZE],
               flags & KERNE_AREA_PERMANENT ? "permanent" : "temporary",
               owner[0] == '\0' ? "-" : owner,
               flags & KERNE_AREA_RESERVED ? "  in use" : "");
}

static bool is_first; /* of the answers to a search */

static bool listed(uint64_t result, const struct kerne_words *answer)
{
    uint64_t cursor = answer->w[KERNE_WORD_CURSOR];
    if (result != KERNE_r_normal) {
        return catalog_refuse(catalog, "all", result, answer);
    }
    if (is_first) { say_head(); }
    is_first = false;
    if (cursor != 0) {
        say_area(answer);
        return list_on(cursor, listed);
    }
    parent_say(catalog->parent, "free: %lu of %lu segments, %lu of %lu entries",
               (unsigned long)answer->w[KERNE_WORD_FREE_SEGMENTS],
               (unsigned long)answer->w[KERNE_WORD_ALL_SEGMENTS],
               (unsigned long)answer->w[KERNE_WORD_FREE_ENTRIES],
               (unsigned long)answer->w[KERNE_WORD_ALL_ENTRIES]);
    return true;
}

static bool search(struct words *words)
{
    (void)words;
    is_first = true;
    return list_on(0, listed);
}

static bool looked_up(uint64_t result, const struct kerne_words *answer)
{
    if (result != KERNE_r_normal) {
        return catalog_refuse(catalog, name, result, answer);
    }
    say_head();
    say_area(answer);
    return true;
}

static bool look_up(struct words *words)
{
    (void)words;
    return ask(KERNE_BACKING_LOOK_UP, 0, 0, looked_up);
}

/* ---- what is changed ----------------------------------------------------- */

static bool flushed(uint64_t result, const struct kerne_words *answer)
{
    return result == KERNE_r_normal ||
           catalog_refuse(catalog, name, result, answer);
}

/* It is to be there after the power was off. */
static bool changed(uint64_t result, const struct kerne_words *answer)
{
    return flushed(result, answer) && ask(KERNE_SEGMENTS_FLUSH, 0, 0, flushed);
}

static bool set(struct words *words)
{
    uint64_t segments;
    return take_segments(words, &segments) &&
           ask(KERNE_BACKING_CREATE, segments, KERNE_AREA_PERMANENT, changed);
}

static bool resize(struct words *words)
{
    uint64_t segments;
    return take_segments(words, &segments) &&
           ask(KERNE_BACKING_SIZE, segments, 0, changed);
}

static bool rename_area(struct words *words)
{
    char other[KERNE_NAME_BYTES];
    uint64_t packed[2];
    if (!take_name(words, "the new name", other)) { return false; }
    kerne_name(other, packed);
    return ask(KERNE_BACKING_RENAME, packed[0], packed[1], changed);
}

static bool clear(struct words *words)
{
    (void)words;
    return ask(KERNE_BACKING_REMOVE, 0, 0, changed);
}

/* ---- areas in use -------------------------------------------------------- */

static enum kerne_use_mode mode;

static bool try_use(uint64_t number);

/* The answer to a sense of the area: it is in use, or else the message of the
 * use came back before. */
static bool used(uint64_t result, const struct kerne_words *answer)
{
    struct child *child = catalog->using;
    uint64_t refused = catalog->use_result;
    if (result == KERNE_r_normal && refused == 0) { return true; }
    if (refused == KERNE_r_rejected &&
        catalog->use_answer.w[KERNE_WORD_STATUS] ==
            KERNE_BACKING_NUMBER_TAKEN) {
        uint64_t number = child->number;
        catalog->using = NULL;
        return child_remove(catalog->parent, child) && try_use(number + 1);
    }
    if (refused != 0) {
        return catalog_refuse(catalog, name, refused, &catalog->use_answer);
    }
    return result == KERNE_r_rejected
               ? refuse(
                     "not allowed: use %s: the store stands further out than "
                     "the system around %s; `use %s` there, and then here",
                     name, catalog->parent->name, name)
               : catalog_refuse(catalog, name, result, answer);
}

static bool try_use(uint64_t number)
{
    const struct kerne_words sense = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    struct kerne_words message = { { KERNE_OPERATION(KERNE_BACKING_USE, 0) } };
    struct child *child;
    if (!catalog_must_have_store(catalog) ||
        !child_create_numbered(catalog->parent, name, number, catalog->address,
                               &child)) {
        return false;
    }
    kerne_name(name, &message.w[KERNE_WORD_NAME]);
    message.w[KERNE_WORD_NUMBER] = child->number;
    message.w[KERNE_WORD_MODE] = mode;
    if (kerne_send_message(catalog->address, &message, &child->use) !=
        KERNE_r_normal) {
        child->use = 0;
        child_remove(catalog->parent, child);
        return refuse("no buffers: the use of an area takes one");
    }
    catalog->using = child;
    catalog->use_result = 0;
    return catalog_ask_at(catalog, KERNE_ADDRESS(0, child->number), &sense,
                          used);
}

/* A process that the parent sees is passed on; else it is an area. */
static bool use(struct words *words)
{
    uint64_t address;
    struct child *child;
    mode = words_skip(words, "read") ? KERNE_USE_READ : KERNE_USE_WRITE;
    if (kerne_look_up(name, &address) == KERNE_r_normal) {
        return child_create_pseudo(catalog->parent, name, address, &child);
    }
    return try_use(NUMBER_FIRST);
}

/* ---- what can be loaded -------------------------------------------------- */

static struct {
    uint64_t segments; /* of the area */
    uint64_t cursor;   /* to the one behind it */
} file;

static bool file_is_listed(uint64_t result, const struct kerne_words *answer);

static bool say_file(void)
{
    const struct fetch *fetch = &catalog->fetch;
    struct executable program;
    uint64_t bytes = file.segments * KERNE_SEGMENT;
    char of[KERNE_NAME_BYTES + sizeof "store/"];
    snprintf(of, sizeof of, "store/%s", fetch->name);
    if (executable_check_head(catalog->head, fetch->done * KERNE_SEGMENT, bytes,
                              &program) == NULL &&
        fetch_suits(&program)) {
        parent_say(catalog->parent, "%-15s program, wants size %luk or more",
                   of, (unsigned long)loader_needed(&program) / 1024);
    } else {
        parent_say(catalog->parent, "%-15s area, %s", of,
                   text_of_size(bytes).is);
    }
    return list_on(file.cursor, file_is_listed);
}

static bool head_is_read(uint64_t result, const struct kerne_words *answer)
{
    struct kerne_words message;
    bool goes_on = fetch_answer(&catalog->fetch, result, answer) &&
                   fetch_message(&catalog->fetch, &message);
    return goes_on ? catalog_ask(catalog, &message, head_is_read) : say_file();
}

static bool file_is_listed(uint64_t result, const struct kerne_words *answer)
{
    struct kerne_words message;
    if (result != KERNE_r_normal) {
        return catalog_refuse(catalog, "all", result, answer);
    }
    file.cursor = answer->w[KERNE_WORD_CURSOR];
    file.segments = answer->w[KERNE_WORD_AREA_SIZE];
    if (file.cursor == 0) { return true; }
    name_of(answer, KERNE_WORD_AREA_NAME, name);
    fetch_head(&catalog->fetch, name, catalog->head, file.segments);
    return fetch_message(&catalog->fetch, &message)
               ? catalog_ask(catalog, &message, head_is_read)
               : say_file();
}

bool catalog_files(struct catalog *of)
{
    catalog = of;
    return list_on(0, file_is_listed);
}

/* ---- commands ------------------------------------------------------------ */

bool catalog_command(struct catalog *of, const char *command,
                     struct words *words)
{
    static const struct {
        const char *name;
        bool (*perform)(struct words *words);
    } commands[] = {
        { "search", search }, { "lookup", look_up },     { "set", set },
        { "resize", resize }, { "rename", rename_area }, { "clear", clear },
        { "use", use },
    };
    unsigned i = 0;
    catalog = of;
    while (strcmp(commands[i].name, command) != 0) { i++; }
    return (commands[i].perform == search ||
            take_name(words, "the name of an area", name)) &&
           commands[i].perform(words);
}
