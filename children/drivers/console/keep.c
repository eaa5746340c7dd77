#include "keep.h"

#include "screen.h"
#include "uart.h"

/* Room for what a line that is shown again brings to the screen. */
#define ROOM_TO_SHOW 4096

struct box {
    struct addressee to;
    bool is_unread; /* its addressee is gone */
    size_t used;    /* 0: the box is free */
    char text[BOX_BYTES];
};

static struct box boxes[BOXES];

static struct box *box_of(const struct addressee *to)
{
    for (struct box *box = boxes; box < boxes + BOXES; box++) {
        if (box->used > 0 && !box->is_unread && addressee_same(&box->to, to)) {
            return box;
        }
    }
    return NULL;
}

/* The first one is the parent's alone. */
static struct box *free_box(const struct addressee *to)
{
    struct box *first = to->is_parent ? boxes : boxes + 1;
    for (struct box *box = first; box < boxes + BOXES; box++) {
        if (box->used == 0) { return box; }
    }
    return NULL;
}

bool keep_has_room(const struct addressee *to)
{
    const struct box *box = box_of(to);
    if (box == NULL) { return free_box(to) != NULL; }
    return box->used + KERNE_LINE_BYTES <= BOX_BYTES;
}

bool keep_line(const struct addressee *to, const char *text, size_t bytes)
{
    struct box *box = box_of(to);
    if (!keep_has_room(to)) { return false; }
    if (box == NULL) {
        box = free_box(to);
        box->to = *to;
        box->is_unread = false;
    }
    memcpy(box->text + box->used, text, bytes);
    box->used += bytes;
    return true;
}

static size_t first_line(const struct box *box)
{
    const char *end = memchr(box->text, '\n', box->used);
    return (size_t)(end - box->text) + 1;
}

static void drop_first(struct box *box)
{
    size_t bytes = first_line(box);
    box->used -= bytes;
    memmove(box->text, box->text + bytes, box->used);
}

const char *keep_first(const struct addressee *to, size_t *ret_bytes)
{
    const struct box *box = box_of(to);
    if (box == NULL) { return NULL; }
    *ret_bytes = first_line(box);
    return box->text;
}

void keep_drop_first(const struct addressee *to)
{
    struct box *box = box_of(to);
    if (box != NULL) { drop_first(box); }
}

size_t keep_take_back(const struct addressee *to)
{
    struct box *box = box_of(to);
    size_t bytes = box == NULL ? 0 : box->used;
    if (box != NULL) { box->used = 0; }
    return bytes;
}

void keep_gone(const struct addressee *of)
{
    for (struct box *box = boxes; box < boxes + BOXES; box++) {
        if (box->used > 0 && addressee_within(&box->to, of)) {
            box->is_unread = true;
        }
    }
}

void keep_show_unread(void)
{
    for (struct box *box = boxes; box < boxes + BOXES; box++) {
        while (box->is_unread && box->used > 0 && uart_room() >= ROOM_TO_SHOW) {
            screen_remark("unread by %s: %.*s", path_shown(box->to.path).is,
                          (int)first_line(box) - 1, box->text);
            drop_first(box);
        }
    }
}
