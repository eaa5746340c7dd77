/*
 * The messages that the driver has received and will answer later: outputs
 * that wait for their turn, inputs that wait for a line.
 *
 * R1  They stand in order of arrival.
 * R2  The table never grows: what finds no room is rejected (result 2), and
 *     no single child or sibling, with all inside it, fills it alone.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <program.h>

#define REQUESTS 128
#define REQUESTS_OF_ONE 32

#define PATH_BYTES 80 /* of a process as people write it, 0 included */

struct request {
    uint64_t operation; /* KERNE_INPUT or KERNE_OUTPUT */
    uint64_t bytes;     /* of the area */
    struct kerne_received message;
};

/* False if there is no room.  The operation and the area are checked by the
 * caller. */
bool request_add(const struct kerne_received *message, uint64_t bytes);

/* Takes the oldest of this operation out of the table; false if none.
 * `from_parent` and `path`: only of this sender (path null: of any). */
bool request_take(uint64_t operation, bool from_parent, const char *path,
                  struct request *ret_request);

/* True if there is one that request_take would find. */
bool request_waits(uint64_t operation, bool from_parent, const char *path);

/* Puts a taken request's answer: the status is 0 or the nucleus's result that
 * ended the copy.  A sender that is gone meanwhile does not matter. */
void request_answer(const struct request *request, uint64_t result,
                    uint64_t status, uint64_t bytes);

#endif
