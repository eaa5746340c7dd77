/*
 * Programs of the boot image, or of a store.
 *
 * The image comes first: what is in it is run without waiting for a disk, and
 * nobody who may make areas can put one in its place.
 */
#include "catalog.h"

#include <text.h>

#define AREA "store/" /* before a name: not in the image */

static struct catalog *catalog;
static bool (*then)(void); /* when that is done */
static struct child *child;
static struct {
    char name[ARCHIVE_NAME_BYTES + 1]; /* of the file or area */
    char arguments[KERNE_LINE_BYTES + 1];
    bool is_area;         /* it is not looked for in the image */
    const uint8_t *bytes; /* of the file; null: it is to be read */
    uint64_t area_bytes;
    struct executable program;
    unsigned segments; /* of the program, read or being read */
} found;

#define refuse(...) parent_refuse(catalog->parent, REFUSED_PLAINLY, __VA_ARGS__)

/* Of a name that may be that of a file, too. */
static bool refuse_answer(uint64_t result, const struct kerne_words *answer)
{
    if (result == KERNE_r_rejected && !found.is_area &&
        answer->w[KERNE_WORD_STATUS] == KERNE_BACKING_NO_AREA) {
        return refuse("name unknown: neither the boot image has a file `%s` "
                      "nor the store an area; `files` lists what they have",
                      found.name);
    }
    return catalog_refuse(catalog, found.name, result, answer);
}

/* ---- finding ------------------------------------------------------------- */

static bool check(const uint8_t *first, uint64_t there, uint64_t bytes)
{
    if (!child_check_file(catalog->parent, found.name, first, there, bytes,
                          &found.program)) {
        return false;
    }
    return found.bytes != NULL || fetch_suits(&found.program)
               ? then()
               : refuse("not allowed: the file %s has a segment that does not "
                        "begin where one of the store does",
                        found.name);
}

static bool head_is_read(uint64_t result, const struct kerne_words *answer)
{
    struct fetch *fetch = &catalog->fetch;
    struct kerne_words message;
    if (!fetch_answer(fetch, result, answer)) {
        return catalog_refuse(catalog, found.name, result, answer);
    }
    return fetch_message(fetch, &message)
               ? catalog_ask(catalog, &message, head_is_read)
               : check(catalog->head, fetch->done * KERNE_SEGMENT,
                       found.area_bytes);
}

static bool area_is_found(uint64_t result, const struct kerne_words *answer)
{
    uint64_t segments = answer->w[KERNE_WORD_AREA_SIZE];
    struct kerne_words message;
    if (result != KERNE_r_normal) { return refuse_answer(result, answer); }
    found.area_bytes = segments * KERNE_SEGMENT;
    fetch_head(&catalog->fetch, found.name, catalog->head, segments);
    return fetch_message(&catalog->fetch, &message)
               ? catalog_ask(catalog, &message, head_is_read)
               : check(catalog->head, 0, 0);
}

static bool find_area(void)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_BACKING_LOOK_UP,
                                                     0) } };
    found.bytes = NULL;
    kerne_name(found.name, &message.w[KERNE_WORD_NAME]);
    return child_is_name(catalog->parent, found.name) &&
           catalog_ask(catalog, &message, area_is_found);
}

bool catalog_find_program(struct catalog *of, const char *command,
                          bool (*is_found)(void))
{
    const size_t prefix = strlen(AREA);
    const char *arguments;
    struct archive_member file;
    catalog = of;
    then = is_found;
    strcpy(found.arguments, child_words(command, found.name));
    found.is_area = strncmp(found.name, AREA, prefix) == 0;
    if (found.is_area) {
        memmove(found.name, found.name + prefix,
                strlen(found.name + prefix) + 1);
        return find_area();
    }
    if (child_find_file(of->parent, command, &file, &arguments)) {
        found.bytes = file.bytes;
        return check(file.bytes, file.size, file.size);
    }
    return text_is_name(found.name) && catalog_has_store(of) && find_area();
}

/* ---- loading ------------------------------------------------------------- */

static bool finish(void)
{
    return child_load_program(catalog->parent, child, found.bytes,
                              &found.program, found.arguments) &&
           then();
}

static bool read_on(void);

static bool is_read(uint64_t result, const struct kerne_words *answer)
{
    return fetch_answer(&catalog->fetch, result, answer)
               ? read_on()
               : catalog_refuse(catalog, found.name, result, answer);
}

static bool read_on(void)
{
    struct kerne_words message;
    while (!fetch_message(&catalog->fetch, &message)) {
        if (!fetch_program(&catalog->fetch, found.name, &found.program,
                           child->run.first, &found.segments)) {
            return finish();
        }
    }
    return catalog_ask(catalog, &message, is_read);
}

bool catalog_load(struct catalog *of, struct child *to, bool (*loaded)(void))
{
    catalog = of;
    child = to;
    then = loaded;
    found.segments = 0;
    if (!child_suits(of->parent, child, found.name, &found.program,
                     found.arguments)) {
        return false;
    }
    return found.bytes != NULL ? finish() : read_on();
}
