#include "held.h"

#include <string.h>

/* Each item: this, its sender's path without a 0, its text. */
struct head {
    bool is_parent;
    size_t path_bytes, bytes;
};

static char room[HELD_BYTES];
static size_t used;

static size_t size_of(const struct head *head)
{
    return sizeof(*head) + head->path_bytes + head->bytes;
}

static struct head head_at(size_t at)
{
    struct head head;
    memcpy(&head, room + at, sizeof(head));
    return head;
}

static bool is_from(const struct head *head, size_t at,
                    const struct addressee *from)
{
    return head->is_parent == from->is_parent &&
           head->path_bytes == strlen(from->path) &&
           memcmp(room + at + sizeof(*head), from->path, head->path_bytes) == 0;
}

static struct head head_for(const struct addressee *from, size_t bytes)
{
    return (struct head){ from->is_parent, strlen(from->path), bytes };
}

bool held_has_room(const struct addressee *from, size_t bytes)
{
    struct head added = head_for(from, bytes);
    size_t of_one = size_of(&added);
    if (of_one > HELD_BYTES - used) { return false; }
    for (size_t at = 0; at < used;) {
        struct head head = head_at(at);
        if (is_from(&head, at, from)) { of_one += size_of(&head); }
        at += size_of(&head);
    }
    return of_one <= HELD_OF_ONE;
}

void held_add(const struct addressee *from, const char *text, size_t bytes)
{
    struct head head = head_for(from, bytes);
    memcpy(room + used, &head, sizeof(head));
    memcpy(room + used + sizeof(head), from->path, head.path_bytes);
    memcpy(room + used + sizeof(head) + head.path_bytes, text, bytes);
    used += size_of(&head);
}

bool held_take(struct addressee *ret_from, char *ret_text, size_t *ret_bytes)
{
    if (used == 0) { return false; }
    struct head head = head_at(0);
    size_t size = size_of(&head);
    const char *path = room + sizeof(head);
    ret_from->is_parent = head.is_parent;
    memcpy(ret_from->path, path, head.path_bytes);
    ret_from->path[head.path_bytes] = '\0';
    memcpy(ret_text, path + head.path_bytes, head.bytes);
    *ret_bytes = head.bytes;
    used -= size;
    memmove(room, room + size, used);
    return true;
}
