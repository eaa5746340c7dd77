#include "room.h"

#include "kinds.h"

#include <string.h>

static const struct {
    const char *name;
    void (*begin)(struct room *room, struct storage_run run);
} kinds[] = {
    { "packed", room_packed },
    { "plain", room_plain },
};

struct room *room_begin(const char *kind, struct storage_run run)
{
    static struct room room;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i].name) == 0) {
            kinds[i].begin(&room, run);
            return &room;
        }
    }
    return NULL;
}
