#include "post.h"

#include "screen.h"

#include <stdio.h>

/* Whom a line is for.  The parent has a name only here. */
struct addressee {
    bool is_parent;
    char path[PATH_BYTES];
};

enum line_state {
    LINE_FREE = 0,
    LINE_KEPT, /* until its addressee's next input */
    LINE_SENT, /* as a message, not yet answered */
};

struct waiting_line {
    enum line_state state;
    struct addressee to;
    uint64_t buffer;   /* of LINE_SENT */
    uint64_t sequence; /* the lower, the older */
    size_t bytes;
    char text[KERNE_LINE_BYTES];
};

static struct waiting_line waiting[LINES];
static struct addressee addressee;
static uint64_t addressee_input; /* the last one seen; its buffer */
static struct addressee parent;
static bool passed; /* inwards, and the operator has not been told of it */

void post_open(const char *parent_name)
{
    parent.is_parent = true;
    (void)snprintf(parent.path, sizeof(parent.path), "%s", parent_name);
    addressee = parent;
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

static bool same(const struct addressee *a, const struct addressee *b)
{
    return a->is_parent == b->is_parent && strcmp(a->path, b->path) == 0;
}

/* A process inside another system has no address here; it can be reached only
 * while it waits for input. */
static bool is_inside(const struct addressee *to)
{
    return strchr(to->path, '/') != NULL;
}

static bool waits(const struct addressee *to)
{
    return request_waits(KERNE_INPUT, to->is_parent, to->path);
}

bool post_addressee_waits(void) { return waits(&addressee); }

/* A path on the screen: in a remark. */
struct shown {
    char is[PATH_SHOWN + 1];
};

static struct shown shown(const char *path)
{
    struct shown text;
    path_short(path, text.is);
    return text;
}

static struct addressee sender_of(const struct kerne_received *message)
{
    struct addressee from = { 0 };
    from.is_parent = is_of_parent(message);
    post_path(message, from.path, sizeof(from.path));
    return from;
}

static void set_addressee(const struct addressee *to)
{
    addressee = *to;
    addressee_input = 0;
    passed = false;
}

/* ---- whom a name means --------------------------------------------------- */

/* The only one that waits for a line and may be meant; a whole path means
 * nobody else.  The parent, which waits too, is meant by its name only. */
static bool find_waiting(const char *name, struct addressee *ret_to)
{
    struct kerne_received message;
    struct addressee to = { 0 }, found = { 0 }, other = { 0 };
    for (size_t i = 0; request_next_input(&i, &message, to.path);) {
        if (is_of_parent(&message)) { continue; }
        if (strcmp(to.path, name) == 0) {
            *ret_to = to;
            return true;
        }
        if (!path_is_meant(to.path, name) || same(&to, &found)) { continue; }
        if (found.path[0] == 0) {
            found = to;
        } else {
            other = to;
        }
    }
    if (other.path[0] != 0) {
        screen_remark("not clear: %s and %s wait for a line; write more of the "
                      "path",
                      shown(found.path).is, shown(other.path).is);
        return false;
    }
    if (found.path[0] == 0) {
        screen_remark("%s is unknown here, or does not wait for a line",
                      shown(name).is);
        return false;
    }
    *ret_to = found;
    return true;
}

bool post_address(const char *name)
{
    struct addressee to = { 0 };
    uint64_t address;
    (void)snprintf(to.path, sizeof(to.path), "%s", name);
    if (strcmp(name, parent.path) == 0) {
        to = parent;
    } else if (is_inside(&to) ||
               kerne_look_up(name, &address) != KERNE_r_normal) {
        if (!find_waiting(name, &to)) { return false; }
        if (strcmp(to.path, name) != 0) {
            screen_remark("lines go to %s", shown(to.path).is);
        }
    }
    set_addressee(&to);
    return true;
}

static bool is_there(const struct addressee *to)
{
    uint64_t address;
    return is_inside(to) ? waits(to)
                         : kerne_look_up(to->path, &address) == KERNE_r_normal;
}

/* The nearest system around `of` that is there; in the end the parent. */
static struct addressee around(const struct addressee *of)
{
    struct addressee to = *of;
    do {
        char path[PATH_BYTES];
        path_around(to.path, path);
        memcpy(to.path, path, sizeof(path));
    } while (to.path[0] != 0 && !is_there(&to));
    return to.path[0] != 0 ? to : parent;
}

void post_tell_passed(void)
{
    if (passed) {
        screen_remark("lines go to %s", shown(addressee.path).is);
        passed = false;
    }
}

bool post_pass(const struct kerne_received *message)
{
    const uint64_t *name = &message->words.w[1];
    struct addressee to = sender_of(message);
    bool inwards = name[0] != 0;
    if (!same(&to, &addressee) || (!inwards && to.is_parent) ||
        (inwards && !kerne_name_is_good(name))) {
        return false;
    }
    if (inwards) {
        size_t used = to.is_parent ? 0 : strlen(to.path);
        if (used + 1 + KERNE_NAME_BYTES > sizeof(to.path)) { return false; }
        (void)snprintf(to.path + used, sizeof(to.path) - used, "%s%.*s",
                       used == 0 ? "" : "/", KERNE_NAME_BYTES,
                       (const char *)name);
        to.is_parent = false;
    } else {
        to = around(&to);
    }
    set_addressee(&to);
    passed = true;
    if (!inwards) { post_tell_passed(); }
    return true;
}

void post_drop_gone(void)
{
    if (request_drop_gone(addressee_input) && addressee_input != 0) {
        struct addressee to = around(&addressee);
        screen_remark("%s is gone; lines go to %s", shown(addressee.path).is,
                      shown(to.path).is);
        set_addressee(&to);
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
        uint64_t part = bytes < input.bytes ? bytes : input.bytes;
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

/* ---- as a message -------------------------------------------------------- */

static void lose_addressee(void)
{
    screen_remark("%s is gone; lines go to %s", shown(addressee.path).is,
                  parent.path);
    set_addressee(&parent);
}

static bool find_address(const struct addressee *to, uint64_t *ret_address)
{
    *ret_address = KERNE_PARENT;
    if (to->is_parent) { return true; }
    if (is_inside(to)) {
        screen_remark("%s does not wait for a line; it is dropped",
                      shown(to->path).is);
        return false;
    }
    if (kerne_look_up(to->path, ret_address) != KERNE_r_normal) {
        lose_addressee();
        return false;
    }
    return true;
}

static bool send(struct waiting_line *line)
{
    uint64_t address;
    if (!find_address(&line->to, &address)) { return false; }
    struct kerne_words message = kerne_area(
        KERNE_CONSOLE_LINE, KERNE_GRANT_READ, line->text, line->bytes);
    uint64_t result = kerne_send_message(address, &message, &line->buffer);
    if (result != KERNE_r_normal) {
        screen_remark("the line for %s is dropped: %s", shown(line->to.path).is,
                      kerne_result_text(result));
        return false;
    }
    line->state = LINE_SENT;
    return true;
}

static struct waiting_line *oldest(enum line_state state,
                                   const struct addressee *to)
{
    struct waiting_line *found = NULL;
    for (struct waiting_line *l = waiting; l < waiting + LINES; l++) {
        if (l->state == state && (to == NULL || same(&l->to, to)) &&
            (found == NULL || l->sequence < found->sequence)) {
            found = l;
        }
    }
    return found;
}

/* A place for a line: a free one, else that of a kept line, whose addressee
 * has had its time to ask again. */
static struct waiting_line *place_for(const char *text, size_t bytes)
{
    static uint64_t sequence;
    struct waiting_line *line = oldest(LINE_FREE, NULL);
    if (line == NULL) { line = oldest(LINE_KEPT, NULL); }
    if (line != NULL) {
        line->state = LINE_KEPT;
        line->to = addressee;
        line->sequence = ++sequence;
        line->bytes = bytes;
        memcpy(line->text, text, bytes);
    }
    return line;
}

enum post_outcome post_line(const char *text, size_t bytes)
{
    enum given outcome = give(&addressee, text, bytes);
    if (outcome == GIVEN) { return POST_GIVEN; }
    struct waiting_line *line = place_for(text, bytes);
    if (line == NULL) {
        screen_remark("the line for %s is dropped: %d lines wait already, "
                      "the oldest for %s",
                      shown(addressee.path).is, LINES,
                      shown(oldest(LINE_SENT, NULL)->to.path).is);
        return POST_DROPPED;
    }
    if (outcome == NOBODY_WAITS && !send(line)) {
        line->state = LINE_FREE;
        return POST_DROPPED;
    }
    return POST_GIVEN;
}

/* ---- what becomes of waiting lines --------------------------------------- */

static struct waiting_line *oldest_of_both(const struct addressee *to)
{
    struct waiting_line *sent = oldest(LINE_SENT, to);
    struct waiting_line *kept = oldest(LINE_KEPT, to);
    if (sent == NULL || kept == NULL) { return sent != NULL ? sent : kept; }
    return sent->sequence < kept->sequence ? sent : kept;
}

void post_input_came(const struct kerne_received *message)
{
    struct addressee from = sender_of(message);
    if (same(&from, &addressee)) { addressee_input = message->buffer; }
    struct waiting_line *line = oldest_of_both(&from);
    if (line == NULL) { return; }
    if (line->state == LINE_SENT) {
        (void)kerne_regret_message(line->buffer);
        line->state = LINE_KEPT;
    }
    if (give(&from, line->text, line->bytes) == GIVEN) {
        line->state = LINE_FREE;
    }
}

bool post_line_answered(const struct kerne_received *event, bool *ret_addressee)
{
    struct waiting_line *line = waiting;
    while (line < waiting + LINES &&
           !(line->state == LINE_SENT && line->buffer == event->buffer)) {
        line++;
    }
    if (line == waiting + LINES) { return false; }
    *ret_addressee = same(&line->to, &addressee);
    line->state = LINE_FREE;
    uint64_t result = KERNE_EVENT_RESULT(event->event);
    if (result == KERNE_r_does_not_exist && *ret_addressee) {
        lose_addressee();
    } else if (result != KERNE_r_normal) {
        screen_remark("%s did not take the line: %s", shown(line->to.path).is,
                      kerne_result_text(result));
    }
    return true;
}
