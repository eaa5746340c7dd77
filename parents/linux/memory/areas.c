#include <memory/areas.h>

#include <files/node.h>
#include <memory/pool.h>
#include <string.h>

#define ROOM_FIRST 64

unsigned area_number(const struct areas *areas, uint64_t address)
{
    unsigned low = 0, high = areas->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (areas->area[middle]->last > address) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

struct area *area_at(struct areas *areas, uint64_t address)
{
    struct area *found = areas->found;
    if (found != NULL && address >= found->first && address < found->last) {
        return found;
    }
    unsigned number = area_number(areas, address);
    if (number == areas->count || areas->area[number]->first > address) {
        return NULL;
    }
    areas->found = areas->area[number];
    return areas->found;
}

static bool grow(struct areas *areas)
{
    unsigned room = areas->room == 0 ? ROOM_FIRST : 2 * areas->room;
    if (areas->count < areas->room) { return true; }
    if (room > AREAS_MOST) { return false; }
    struct area **larger = pool_take(room * sizeof(void *));
    if (larger == NULL) { return false; }
    if (areas->area != NULL) {
        memcpy(larger, areas->area, areas->count * sizeof(void *));
        pool_return(areas->area, areas->room * sizeof(void *));
    }
    areas->area = larger;
    areas->room = room;
    return true;
}

static bool insert_at(struct areas *areas, unsigned number,
                      const struct area *area)
{
    struct area *copy = grow(areas) ? pool_take(sizeof *copy) : NULL;
    if (copy == NULL) { return false; }
    *copy = *area;
    if (copy->file != NULL) { node_use(copy->file); }
    memmove(&areas->area[number + 1], &areas->area[number],
            (areas->count - number) * sizeof(void *));
    areas->area[number] = copy;
    areas->count++;
    return true;
}

static bool is_continued(const struct area *a, const struct area *b)
{
    return a->last == b->first && a->rights == b->rights &&
           a->is_shared == b->is_shared && a->is_heap == b->is_heap &&
           a->is_stack == b->is_stack && a->file == b->file &&
           (a->file == NULL || a->offset + (a->last - a->first) == b->offset);
}

bool area_insert(struct areas *areas, const struct area *area)
{
    unsigned number = area_number(areas, area->first);
    if (number > 0 && is_continued(areas->area[number - 1], area)) {
        areas->area[number - 1]->last = area->last;
        return true;
    }
    return insert_at(areas, number, area);
}

bool area_cut(struct areas *areas, uint64_t at)
{
    struct area *area = area_at(areas, at);
    if (area == NULL || area->first == at) { return true; }
    struct area second = *area;
    second.first = at;
    second.offset += at - area->first;
    if (!insert_at(areas, area_number(areas, at) + 1, &second)) {
        return false;
    }
    area->last = at;
    return true;
}

static void area_end(struct area *area)
{
    if (area->file != NULL) { node_drop(area->file); }
    pool_return(area, sizeof *area);
}

void area_remove(struct areas *areas, uint64_t first, uint64_t last)
{
    unsigned from = area_number(areas, first), to = from;
    while (to < areas->count && areas->area[to]->first < last) {
        area_end(areas->area[to++]);
    }
    memmove(&areas->area[from], &areas->area[to],
            (areas->count - to) * sizeof(void *));
    areas->count -= to - from;
    areas->found = NULL;
}

uint64_t area_room(const struct areas *areas, uint64_t bytes, uint64_t low,
                   uint64_t high)
{
    unsigned number = area_number(areas, high - 1);
    if (number < areas->count && areas->area[number]->first < high) {
        high = areas->area[number]->first;
    }
    while (number > 0 &&
           (high < bytes || areas->area[number - 1]->last > high - bytes)) {
        number--;
        high = areas->area[number]->first;
    }
    return high >= bytes && high - bytes >= low ? high - bytes : 0;
}

bool areas_copy(struct areas *to, const struct areas *from)
{
    bool is_done = true;
    for (unsigned i = 0; i < from->count && is_done; i++) {
        is_done = insert_at(to, i, from->area[i]);
    }
    return is_done;
}

void areas_end(struct areas *areas)
{
    area_remove(areas, 0, SPACE_END);
    if (areas->area != NULL) {
        pool_return(areas->area, areas->room * sizeof(void *));
    }
    *areas = (struct areas){ .area = NULL };
}
