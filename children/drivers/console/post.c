#include "post.h"

#include "keep.h"
#include "screen.h"

#include <stdio.h>

#define HEARD 16

static struct addressee addressee;
static uint64_t addressee_input; /* the last one seen; its buffer */
static struct addressee parent;
static unsigned moves;

/* The operator was passed inwards to the addressee: by the system of as many
 * letters of the addressee's path (the parent: 0), and by each one between
 * the two.  So these take lines, even if they do not wait for one just now. */
static size_t passed_from;
static bool passed; /* inwards, and the operator has not been told of it */

static void set_addressee(const struct addressee *to)
{
    addressee = *to;
    addressee_input = 0;
    passed_from = strlen(to->path);
    passed = false;
}

void post_open(const char *parent_name)
{
    parent.is_parent = true;
    (void)snprintf(parent.path, sizeof(parent.path), "%s", parent_name);
    set_addressee(&parent);
}

void post_prompt(char ret_text[POST_PROMPT_BYTES])
{
    bool outside = addressee.is_parent;
    (void)snprintf(ret_text, POST_PROMPT_BYTES, "%.*s%s%s> ",
                   KERNE_NAME_BYTES - 1, outside ? "" : parent.path,
                   outside ? "" : "/",
                   outside ? "" : path_shown(addressee.path).is);
}

static bool is_of_parent(const struct kerne_received *message)
{
    return KERNE_SENDER_ADDRESS(message->sender) == KERNE_PARENT;
}

void post_path(const struct kerne_received *message, char *ret_text,
               size_t bytes)
{
    if (is_of_parent(message)) {
        (void)snprintf(ret_text, bytes, "%s", parent.path);
    } else {
        kerne_sender_text(message, ret_text, bytes);
    }
}

/* A process inside another system has no address here; it can be reached only
 * by what comes from it. */
static bool is_inside(const struct addressee *to)
{
    return strchr(to->path, '/') != NULL;
}

static bool waits(const struct addressee *to)
{
    return request_waits(KERNE_INPUT, to->is_parent, to->path);
}

static bool has_keys(const struct addressee *to)
{
    return request_waits(KERNE_CONSOLE_RAW, to->is_parent, to->path);
}

bool post_addressee_waits(void) { return waits(&addressee); }

bool post_has_room(void)
{
    return keep_has_room(&addressee) || waits(&addressee);
}

size_t post_take_back(void) { return keep_take_back(&addressee); }

const struct addressee *post_whom(void) { return &addressee; }

struct addressee post_sender(const struct kerne_received *message)
{
    struct addressee from = { 0 };
    from.is_parent = is_of_parent(message);
    post_path(message, from.path, sizeof(from.path));
    return from;
}

/* ---- whom a name means --------------------------------------------------- */

/* Those inside other systems that wrote last, each once; or an empty path. */
static struct addressee heard[HEARD];

void post_heard(const char *path)
{
    static size_t next;
    bool is_known = strchr(path, '/') == NULL;
    for (size_t i = 0; i < HEARD; i++) {
        is_known = is_known || strcmp(heard[i].path, path) == 0;
    }
    if (!is_known) {
        (void)snprintf(heard[next++ % HEARD].path, PATH_BYTES, "%s", path);
    }
}

/* The next from *i on that waits for a line, or was heard; but the parent,
 * which is meant by its name only. */
static bool next_of(bool waiting, size_t *i, char ret_path[PATH_BYTES])
{
    struct kerne_received message;
    while (waiting && request_next_input(i, &message, ret_path)) {
        if (!is_of_parent(&message)) { return true; }
    }
    while (!waiting && *i < HEARD) {
        memcpy(ret_path, heard[(*i)++].path, PATH_BYTES);
        if (ret_path[0] != 0) { return true; }
    }
    return false;
}

enum found { NOBODY, ONE, MANY };

/* The only one that may be meant; a whole path means nobody else.  Of many the
 * operator is told. */
static enum found find(const char *name, bool waiting, struct addressee *ret_to)
{
    struct addressee to = { 0 }, found = { 0 }, other = { 0 };
    for (size_t i = 0; next_of(waiting, &i, to.path);) {
        if (strcmp(to.path, name) == 0) {
            *ret_to = to;
            return ONE;
        }
        if (!path_is_meant(to.path, name) || addressee_same(&to, &found)) {
            continue;
        }
        if (found.path[0] == 0) {
            found = to;
        } else {
            other = to;
        }
    }
    if (other.path[0] != 0) {
        screen_remark("not clear: %s and %s %s; write more of the path; lines "
                      "still go to %s",
                      path_shown(found.path).is, path_shown(other.path).is,
                      waiting ? "wait for a line" : "may be meant",
                      path_shown(addressee.path).is);
        return MANY;
    }
    *ret_to = found;
    return found.path[0] != 0 ? ONE : NOBODY;
}

/* Who waits for a line, or else who was heard, and will be kept lines for. */
static bool find_inside(const char *name, struct addressee *ret_to)
{
    enum found waits = find(name, true, ret_to);
    enum found was_heard = waits == NOBODY ? find(name, false, ret_to) : NOBODY;
    if (waits == ONE && strcmp(ret_to->path, name) != 0) {
        screen_remark("lines go to %s", path_shown(ret_to->path).is);
    }
    if (was_heard == ONE) {
        screen_remark("lines go to %s, and are kept until it asks for one",
                      path_shown(ret_to->path).is);
    }
    if (waits == NOBODY && was_heard == NOBODY) {
        screen_remark("%s is unknown here: type what stands behind `from`; "
                      "lines still go to %s",
                      path_shown(name).is, path_shown(addressee.path).is);
    }
    return waits == ONE || was_heard == ONE;
}

/* Without the parent's name before it, which the prompt has. */
static const char *without_parent(const char *name)
{
    size_t length = strlen(parent.path);
    bool begins = strncmp(name, parent.path, length) == 0;
    bool goes_on = begins && name[length] == '/' && name[length + 1] != '\0';
    return goes_on ? name + length + 1 : name;
}

bool post_address(const char *name)
{
    struct addressee to = { 0 };
    uint64_t address;
    name = without_parent(name);
    (void)snprintf(to.path, sizeof(to.path), "%s", name);
    if (strcmp(name, parent.path) == 0) {
        to = parent;
    } else if (is_inside(&to) ||
               kerne_look_up(name, &address) != KERNE_r_normal) {
        if (!find_inside(name, &to)) { return false; }
    }
    moves += !addressee_same(&to, &addressee);
    set_addressee(&to);
    return true;
}

unsigned post_moves(void) { return moves; }

static bool is_there(const struct addressee *to)
{
    uint64_t address;
    return is_inside(to) ? waits(to) || has_keys(to)
                         : kerne_look_up(to->path, &address) == KERNE_r_normal;
}

/* The nearest system around the addressee that is there; in the end the
 * parent. */
static struct addressee around(void)
{
    struct addressee to = addressee;
    do {
        char path[PATH_BYTES];
        path_around(to.path, path);
        memcpy(to.path, path, sizeof(path));
    } while (to.path[0] != 0 && strlen(to.path) < passed_from &&
             !is_there(&to));
    return to.path[0] != 0 ? to : parent;
}

/* Further out, what is known of those still further out stays known. */
static void set_outwards(const struct addressee *to)
{
    size_t from = passed_from;
    set_addressee(to);
    if (from < passed_from) { passed_from = from; }
}

void post_tell_passed(void)
{
    if (passed) {
        screen_remark("lines go to %s", path_shown(addressee.path).is);
        passed = false;
    }
}

/* The child of this name (two words of a message) of whoever sent it; false:
 * that is no name, or the path would be too long. */
static bool child_of(const struct kerne_received *message,
                     struct addressee *ret_child)
{
    const uint64_t *name = &message->words.w[KERNE_WORD_FIRST];
    struct addressee to = post_sender(message);
    size_t used = to.is_parent ? 0 : strlen(to.path);
    if (!kerne_name_is_good(name) ||
        used + 1 + KERNE_NAME_BYTES > sizeof(to.path)) {
        return false;
    }
    (void)snprintf(to.path + used, sizeof(to.path) - used, "%s%.*s",
                   used == 0 ? "" : "/", KERNE_NAME_BYTES, (const char *)name);
    to.is_parent = false;
    *ret_child = to;
    return true;
}

static bool pass_inwards(const struct kerne_received *message)
{
    struct addressee to;
    size_t from = addressee.is_parent ? 0 : passed_from;
    if (!child_of(message, &to)) { return false; }
    set_addressee(&to);
    passed_from = from;
    passed = true;
    return true;
}

bool post_pass(const struct kerne_received *message)
{
    struct addressee from = post_sender(message);
    if (!addressee_same(&from, &addressee)) { return false; }
    if (message->words.w[KERNE_WORD_FIRST] != 0) {
        return pass_inwards(message);
    }
    if (from.is_parent) { return false; }
    struct addressee to = around();
    set_outwards(&to);
    passed = true;
    post_tell_passed();
    return true;
}

/* ---- who is gone --------------------------------------------------------- */

static void lose_addressee(const struct addressee *to)
{
    screen_remark("%s is gone; lines go to %s", path_shown(addressee.path).is,
                  path_shown(to->path).is);
    keep_gone(&addressee);
    set_outwards(to);
}

void post_gone(const struct kerne_received *message)
{
    struct addressee gone, from = post_sender(message);
    if (!child_of(message, &gone)) { return; }
    if (addressee_within(&addressee, &gone)) { lose_addressee(&from); }
    keep_gone(&gone);
    for (size_t i = 0; i < HEARD; i++) {
        if (addressee_within(&heard[i], &gone)) { heard[i].path[0] = 0; }
    }
}

void post_drop_gone(bool all)
{
    bool gone = request_drop_gone(addressee_input, all) && addressee_input != 0;
    bool beside = !addressee.is_parent && !is_inside(&addressee);
    if (gone || (beside && !is_there(&addressee))) {
        struct addressee to = around();
        lose_addressee(&to);
    }
}

/* ---- to an input that waits ---------------------------------------------- */

enum given {
    GIVEN,
    NOBODY_WAITS,
    MISSING, /* a page of the input's area; its sender will ask again */
};

static enum given give(const struct addressee *to, const char *text,
                       size_t bytes)
{
    struct request input;
    while (request_take(KERNE_INPUT, to->is_parent, to->path, &input)) {
        uint64_t copied;
        uint64_t part = text[0] == POST_END_OF_INPUT[0] ? 0
                        : bytes < input.bytes           ? bytes
                                                        : input.bytes;
        uint64_t result = kerne_general_copy(input.message.buffer, KERNE_STORE,
                                             0, text, part, &copied);
        if (result == KERNE_r_normal) {
            request_answer(&input, KERNE_r_normal, 0, part);
            return GIVEN;
        }
        if (result == KERNE_r_missing) {
            request_answer(&input, KERNE_r_malfunction, result, 0);
            return MISSING;
        }
        request_answer(&input, KERNE_r_unintelligible, result, 0);
    }
    return NOBODY_WAITS;
}

bool post_line(const char *text, size_t bytes)
{
    size_t first;
    if (keep_first(&addressee, &first) == NULL &&
        give(&addressee, text, bytes) == GIVEN) {
        return true;
    }
    if (!keep_line(&addressee, text, bytes)) {
        screen_remark("the line for %s is not sent: too many wait already",
                      path_shown(addressee.path).is);
        return false;
    }
    return true;
}

void post_input_came(const struct kerne_received *message)
{
    struct addressee from = post_sender(message);
    size_t bytes;
    const char *line = keep_first(&from, &bytes);
    if (addressee_same(&from, &addressee)) {
        addressee_input = message->buffer;
    }
    if (line != NULL && give(&from, line, bytes) == GIVEN) {
        keep_drop_first(&from);
    }
}

/* ---- words for completion ------------------------------------------------ */

const char *post_addressee(void) { return addressee.path; }

size_t post_words(char ret_words[POST_WORDS_BYTES])
{
    struct kerne_received message;
    char path[PATH_BYTES];
    for (size_t i = 0; request_next_input(&i, &message, path);) {
        const uint64_t *w = message.words.w;
        struct addressee from = post_sender(&message);
        uint64_t bytes = w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST];
        if (!addressee_same(&from, &addressee) ||
            (w[KERNE_WORD_OPERATION] & KERNE_GRANT_READ) == 0 ||
            bytes <= KERNE_LINE_BYTES) {
            continue;
        }
        uint64_t part = bytes - KERNE_LINE_BYTES;
        if (part > POST_WORDS_BYTES) { part = POST_WORDS_BYTES; }
        uint64_t result =
            kerne_general_copy(message.buffer, KERNE_FETCH, KERNE_LINE_BYTES,
                               ret_words, part, &bytes);
        return result == KERNE_r_normal ? bytes : 0;
    }
    return 0;
}

static size_t add_name(const char *name, char *ret_names, size_t used)
{
    size_t room = POST_WORDS_BYTES - used;
    int length = snprintf(ret_names + used, room, "%s ", name);
    return used + (length > 0 && (size_t)length < room ? (size_t)length : 0);
}

size_t post_names(char ret_names[POST_WORDS_BYTES])
{
    struct kerne_received message;
    char path[PATH_BYTES];
    size_t used = add_name(parent.path, ret_names, 0);
    for (size_t i = 0; request_next_input(&i, &message, path);) {
        if (!is_of_parent(&message)) { used = add_name(path, ret_names, used); }
    }
    return used;
}
