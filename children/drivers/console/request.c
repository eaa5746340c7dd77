#include "request.h"

#include "screen.h"

static struct request table[REQUESTS];
static size_t used;

/* Of a crowd, no more than that are looked at for each message, or those who
 * always ask would cost the driver all its time. */
#define LOOKED_AT 48

static void drop(size_t i)
{
    used--;
    memmove(&table[i], &table[i + 1], (used - i) * sizeof(table[0]));
}

/* The nucleus alone knows; it is asked by a copy of nothing. */
static bool is_gone(const struct request *request)
{
    char nothing;
    uint64_t bytes;
    return kerne_general_copy(request->message.buffer, KERNE_FETCH, 0, &nothing,
                              0, &bytes) == KERNE_r_gone;
}

static void drop_answered(size_t i)
{
    request_answer(&table[i], KERNE_r_rejected, 0, 0);
    drop(i);
}

bool request_drop_gone(uint64_t buffer, bool all)
{
    static size_t next;
    bool was_one = false;
    size_t count = all || used < LOOKED_AT ? used : LOOKED_AT;
    while (count-- > 0 && used > 0) {
        size_t i = next = (next == 0 || next > used ? used : next) - 1;
        if (is_gone(&table[i])) {
            was_one = was_one || table[i].message.buffer == buffer;
            drop_answered(i);
        }
    }
    return was_one;
}

static const struct place *held(size_t number)
{
    return number < used ? &table[number].place : NULL;
}

static const struct places places = { REQUESTS, REQUESTS_OF_ONE, held, NULL };

bool request_add(const struct kerne_received *message, uint64_t bytes)
{
    struct place place;
    if (!kerne_has_place(&places, message, &place)) { return false; }
    table[used++] = (struct request){
        .operation = kerne_operation_of(&message->words),
        .bytes = bytes,
        .message = *message,
        .place = place,
    };
    return true;
}

static bool is_from(const struct request *request, bool from_parent,
                    const char *path)
{
    uint64_t sender = KERNE_SENDER_ADDRESS(request->message.sender);
    if (path == NULL || from_parent) {
        return path == NULL || sender == KERNE_PARENT;
    }
    char text[PATH_BYTES];
    kerne_sender_text(&request->message, text, sizeof(text));
    return sender != KERNE_PARENT && strcmp(text, path) == 0;
}

/* Its place in the table; `used` if there is none. */
static size_t find(uint64_t operation, bool from_parent, const char *path)
{
    size_t i = 0;
    while (i < used && !(table[i].operation == operation &&
                         is_from(&table[i], from_parent, path))) {
        i++;
    }
    return i;
}

bool request_take(uint64_t operation, bool from_parent, const char *path,
                  struct request *ret_request)
{
    size_t i = find(operation, from_parent, path);
    if (i == used) { return false; }
    *ret_request = table[i];
    drop(i);
    return true;
}

bool request_take_if(uint64_t operation,
                     bool (*is_meant)(const struct request *request),
                     struct request *ret_request)
{
    size_t i = 0;
    while (i < used &&
           !(table[i].operation == operation && is_meant(&table[i]))) {
        i++;
    }
    if (i == used) { return false; }
    *ret_request = table[i];
    drop(i);
    return true;
}

const struct request *request_first(uint64_t operation, bool from_parent,
                                    const char *path)
{
    size_t i = find(operation, from_parent, path);
    return i < used ? &table[i] : NULL;
}

bool request_waits(uint64_t operation, bool from_parent, const char *path)
{
    return find(operation, from_parent, path) < used;
}

bool request_is_held(uint64_t operation, bool from_parent, const char *path)
{
    size_t i = find(operation, from_parent, path);
    bool is_held = i < used && !is_gone(&table[i]);
    if (i < used && !is_held) { drop_answered(i); }
    return is_held;
}

bool request_next_input(size_t *cursor, struct kerne_received *ret_message,
                        char ret_path[PATH_BYTES])
{
    while (*cursor < used) {
        const struct request *request = &table[(*cursor)++];
        if (request->operation == KERNE_INPUT ||
            request->operation == KERNE_CONSOLE_RAW) {
            *ret_message = request->message;
            kerne_sender_text(&request->message, ret_path, PATH_BYTES);
            return true;
        }
    }
    return false;
}

void request_answer(const struct request *request, uint64_t result,
                    uint64_t status, uint64_t bytes)
{
    struct kerne_words answer = { { status, bytes, bytes, screen_columns() } };
    (void)kerne_send_answer(request->message.buffer, result, &answer);
}
