/*
 * The messages that the driver has received and will answer later: outputs
 * that wait for their turn, inputs that wait for a line; and what there is of
 * both for raw streams (raw.h), and these themselves.
 *
 * R1  They stand in order of arrival.
 * R2  The table never grows: what finds no room is rejected (result 2).  It is
 *     divided so that the parent, and at every depth the parent of those who
 *     fill their part, still finds room (places.h).
 * R3  After each message and each typed line, none is left whose sender is
 *     removed or has regretted it: an unanswered one would cost the heir of
 *     the sender a buffer.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "path.h"

#include <places.h>
#include <program.h>

/* Of one: each system of a tower, of 38 at most, waits for a line, and has
 * places kept for it. */
#define REQUESTS 256
#define REQUESTS_OF_ONE 128

struct request {
    uint64_t operation;
    uint64_t bytes; /* of the area */
    struct kerne_received message;
    struct place place;
};

/* Answers and drops those of which nobody awaits the answer any more (R3); if
 * not `all`, of many some, others the next time.  True if `buffer` was one of
 * them.  Costs a call for each message that is looked at. */
bool request_drop_gone(uint64_t buffer, bool all);

/* False if there is no room.  The operation and the area are checked by the
 * caller. */
bool request_add(const struct kerne_received *message, uint64_t bytes);

/* Takes the oldest of this operation out of the table; false if none.
 * `from_parent` and `path`: only of this sender (path null: of any). */
bool request_take(uint64_t operation, bool from_parent, const char *path,
                  struct request *ret_request);

/* The same, only one that is meant. */
bool request_take_if(uint64_t operation,
                     bool (*is_meant)(const struct request *request),
                     struct request *ret_request);

/* The one that request_take would find; null: none.  It is where it is until
 * another one is added or taken. */
const struct request *request_first(uint64_t operation, bool from_parent,
                                    const char *path);
bool request_waits(uint64_t operation, bool from_parent, const char *path);

/* The same, and it is not gone: if it is, it is dropped. */
bool request_is_held(uint64_t operation, bool from_parent, const char *path);

/* The next input or raw stream from *cursor on (0: the oldest), and who waits
 * for it; moves *cursor behind it.  False: there is none. */
bool request_next_input(size_t *cursor, struct kerne_received *ret_message,
                        char ret_path[PATH_BYTES]);

/* Puts a taken request's answer: the status is 0 or the nucleus's result that
 * ended the copy.  A sender that is gone meanwhile does not matter. */
void request_answer(const struct request *request, uint64_t result,
                    uint64_t status, uint64_t bytes);

#endif
